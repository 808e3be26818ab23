"""The words in the database: found as LIKE over the tokens finds them, on every path of writing."""

import pytest
from django.core.management import call_command
from django.db import connection, models
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.figures import figure
from tests.make import make_event, make_source
from timeline import text
from timeline.index import words
from timeline.models import Event, Source

LETTERS = "abé İıß'’|*\"-핵실험 김 정은 мир Київ 東京 ﬁ ٣ x² \u0301 _ 𝔘 🙂 அ ა Ა"
texts = st.lists(st.sampled_from(list(LETTERS)), max_size=25).map("".join)
queries = st.lists(st.sampled_from([*LETTERS, "*", '"', "-", " "]), min_size=1, max_size=12)


def plain(model, term):
    rows = model.objects.filter(search_tokens__contains=term.pattern)
    return sorted(rows.values_list("pk", flat=True))


def found(keys, term):
    return sorted(keys(term).tolist())


class TestAgainstLike(TestCase):
    @settings(max_examples=figure(60, 600), deadline=None)
    @given(st.lists(st.tuples(texts, texts), min_size=1, max_size=4), st.lists(queries, max_size=6))
    def test_any_text_and_any_query(self, written, asked):
        for title, summary in written:
            event = Event.objects.create(title=title or "x", summary=summary, date="2024")
            make_source(title=title)
        whole = [title for title, _summary in written]
        for query in (*map("".join, asked), *whole, *(f'"{each[:9]}"' for each in whole)):
            for term in text.query_tokens(query):
                assert found(words.event_keys, term) == plain(Event, term), (query, written)
                assert found(words.source_keys, term) == plain(Source, term), (query, written)
        assert event.pk
        assert words.trouble() == ""


def term(query):
    (only,) = text.query_tokens(query)
    return only


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("summit", True),
        ("SUMMIT", True),
        ("summ", False),
        ("summ*", True),
        ('"summit in singapore"', True),
        ('"singapore in"', False),
        ('"in sing"', False),
        ("북한", True),
        ("북", True),
        ("한미", False),
        # The summary begins where the title ends, but they are two texts.
        ('"singapore two"', False),
        ("정상회담", True),
        ("kyiv", True),
        ("Kyïv", True),
    ],
)
def test_by_example(query, hits):
    event = make_event(title="Summit in Singapore", summary="Two leaders; 북한 정상회담. Kyïv")
    assert found(words.event_keys, term(query)) == ([event.pk] if hits else [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ['a" OR b', "NEAR(a b)", "a AND b", "search_tokens:a", "a'::x", "{a}", "a & b", "a\\"]
)
def test_no_query_language_is_reached(query):
    make_event(title="a b near or and")
    for each in text.query_tokens(query):
        assert found(words.event_keys, each) == plain(Event, each)


@pytest.mark.django_db
def test_every_way_of_writing_is_followed():
    event, source = make_event(title="First words"), make_source(title="A headline")
    event.title = "Second words"
    event.save()
    assert found(words.event_keys, term("first")) == []
    assert found(words.event_keys, term("second")) == [event.pk]
    Event.objects.update(search_tokens=" third ")
    assert found(words.event_keys, term("third")) == [event.pk]
    Source.objects.bulk_update([Source(pk=source.pk, search_tokens=" fourth ")], ["search_tokens"])
    assert found(words.source_keys, term("fourth")) == [source.pk]
    source.delete()
    assert found(words.source_keys, term("fourth")) == []
    assert words.trouble() == ""


@pytest.mark.django_db
def test_a_word_longer_than_any_search_can_be_saved():
    event = make_event(summary="𝔘" * 600)
    assert event.pk
    assert found(words.event_keys, term("𝔘" * 150 + "*")) == [event.pk]


@pytest.mark.django_db(transaction=True)
def test_words_survive_a_rebuilt_table():
    """Django alters a table of SQLite by making it anew, which drops its triggers."""
    event = make_event(title="Before")
    field = models.CharField(max_length=10, default="")
    field.set_attributes_from_name("extra")
    with connection.schema_editor() as editor:
        editor.add_field(Event, field)
    wider = models.CharField(max_length=20, default="")
    wider.set_attributes_from_name("extra")
    wider.model = field.model = Event
    try:
        with connection.schema_editor() as editor:
            editor.alter_field(Event, field, wider, strict=False)
        Event.objects.update(search_tokens=" between ")
        call_command("migrate", verbosity=0)
        assert found(words.event_keys, term("between")) == [event.pk]
        Event.objects.update(search_tokens=" after ")
        assert found(words.event_keys, term("after")) == [event.pk]
        assert words.trouble() == ""
    finally:
        with connection.schema_editor() as editor:
            editor.remove_field(Event, wider)
        call_command("migrate", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_words_survive_a_flush():
    make_event(title="Before")
    call_command("flush", interactive=False, verbosity=0)
    assert found(words.event_keys, term("before")) == []
    event = make_event(title="After")
    assert found(words.event_keys, term("after")) == [event.pk]


@pytest.mark.sqlite
@pytest.mark.django_db
def test_words_that_are_not_those_of_their_rows_are_named():
    make_event(title="Something")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER timeline_event_words_update")
    Event.objects.update(search_tokens=" otherwise ")
    assert "timeline_event" in words.trouble()
