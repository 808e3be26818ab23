"""Texts that are too long are cut where they may be, and kept whole elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.intake import fitting
from timeline.intake.fitting import Fitted, cut
from timeline.intake.readers.rows import ID
from timeline.models import Actor, Citation, Event, Figure, Source


@pytest.mark.parametrize(
    ("limit", "model", "name"),
    [
        (fitting.TITLE, Event, "title"),
        (fitting.SUMMARY, Event, "summary"),
        (fitting.DATE_NOTE, Event, "date_note"),
        (fitting.INTERNAL, Event, "internal_note"),
        (fitting.NAME, Actor, "name"),
        (fitting.SOURCE_TITLE, Source, "title"),
        (fitting.AUTHORS, Source, "authors"),
        (fitting.REFERENCE, Source, "reference"),
        (fitting.NOTE, Citation, "note"),
        (fitting.SUBJECT, Figure, "subject"),
        (fitting.WORDS, Figure, "text_value"),
    ],
)
def test_the_lengths_are_those_of_the_record(limit, model, name):
    assert model._meta.get_field(name).max_length == limit


def test_the_length_of_ids_is_that_of_the_record():
    from timeline.models import ExternalId

    assert ExternalId._meta.get_field("value").max_length == ID


@given(st.text(alphabet="ab .!?,\n—한", max_size=80), st.integers(3, 40), st.booleans())
def test_what_is_cut_fits_and_is_the_beginning(text, limit, sentence):
    short = cut(text, limit, sentence=sentence)
    assert len(short) <= limit
    if len(text) <= limit:
        assert short == text
    else:
        assert text.startswith(short.removesuffix("…"))


def test_a_sentence_ends_where_it_ends():
    assert cut("One is here. Two is too long.", 20, sentence=True) == "One is here."
    assert cut("He said “one.” Then two more words.", 20, sentence=True) == "He said “one.”"
    assert cut("One. " + "x" * 40, 30, sentence=True) == "One. " + "x" * 24 + "…"
    assert cut("one two three four", 12) == "one two…"


def test_what_was_moved_is_in_the_note_once():
    fitted = Fitted(3)
    assert fitted.title("word " * 40, "Title").endswith("word…")
    fitted.keep("More", "")
    fitted.keep("More", "kept")
    assert fitted.internal_note == f"Title: {('word ' * 40).strip()}\n\nMore: kept"
    assert [(each.row, each.column, each.fatal) for each in fitted.problems] == [
        (3, "Title", False)
    ]


def test_a_note_that_is_too_long_is_cut_and_named():
    fitted = Fitted(3)
    fitted.keep("More", "word " * 600)
    assert len(fitted.internal_note) <= fitting.INTERNAL
    assert "was cut" in fitted.problems[-1].sentence
