"""ACLED: its columns as the record's fields, its precisions as dates."""

from decimal import Decimal

import pytest

from tests.intake.samples import rows, sample, written
from timeline.intake.readers import acled
from timeline.intake.tables import read_table

CLASH, ATTACK, PROTEST = rows("acled.csv")


def one(**changes):
    found = acled.read(written({**CLASH, **changes}))
    assert len(found.drafts) == 1, found.problems
    return found.drafts[0], found.problems


def refused(**changes):
    found = acled.read(written({**CLASH, **changes}))
    assert not found.drafts
    return next(found.fatal())


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2024-11-05", "2024-11-04~/2024-11-10~"),
        ("9999-12-31", "9999-12-27~/9999-12-31~"),  # there is no Sunday after it
        ("0001-01-01", "0001-01-01~/0001-01-07~"),
    ],
)
def test_a_week_stays_within_the_calendar(day, week):
    changes = {"event_date": day, "year": day[:4], "time_precision": "2"}
    (draft,) = acled.read(written({**CLASH, **changes})).drafts
    assert draft.date == week


def test_the_sample():
    found = acled.read(sample("acled.csv"))
    assert [draft.date for draft in found.drafts] == [
        "2024-11-05",
        "2024-11-04~/2024-11-10~",
        "2024-10",
    ]
    clash, attack, protest = found.drafts
    assert clash.title == (
        "Armed clash: Military Forces of Ukraine – Military Forces of Russia, Sudzha"
    )
    assert clash.external[0].value == "RUS1001"
    assert clash.category.name == "Battles"
    assert [each.name for each in clash.topics] == ["Armed clash", "Political violence"]
    assert [(each.actor.name, each.actor.kind, each.role) for each in clash.participations] == [
        ("Military Forces of Ukraine", "armed_force", "participant"),
        ("Military Forces of Russia", "armed_force", "participant"),
        ("Military Forces of North Korea", "", "participant"),
        ("Volunteers of the North", "", "participant"),
    ]
    assert "Associated with Military Forces of Russia: Volunteers" in clash.internal_note
    place = clash.place
    assert (place.name, place.latitude, clash.place_precision) == (
        "Sudzha",
        Decimal("51.1909"),
        "settlement",
    )
    assert [place.parent.name, place.parent.parent.name, place.parent.parent.parent.name] == [
        "Sudzhansky",
        "Kursk",
        "Russia",
    ]
    assert [
        (each.source.publisher.name, each.source.publisher.kind) for each in clash.citations
    ] == [
        ("Morning Post", "national"),
        ("River Telegram", "new_media"),
    ]
    (killed,) = clash.figures
    assert (killed.metric.code, killed.low, killed.best, killed.high) == ("killed", 10, 15, 20)
    assert attack.participations[0].role == "initiator"
    assert attack.place_precision == "near"
    assert not attack.figures
    assert [each.name for each in protest.topics] == [
        "Peaceful protest",
        "Demonstrations",
        "local administrators",
    ]
    assert [(each.metric.code, each.text_value) for each in protest.figures] == [
        ("crowd_size", "around 500")
    ]
    assert (protest.place.name, protest.place.parent.name) == ("Seoul", "South Korea")


def test_scales_that_do_not_match_the_sources_are_kept_packed():
    found = acled.read(sample("acled.csv"))
    (problem,) = found.problems
    assert (problem.row, problem.column, problem.fatal) == (3, "source_scale", False)
    assert "2 scales for 3 sources" in problem.sentence
    assert "source_scale: National-New media" in found.drafts[1].internal_note


def test_the_old_export():
    content = sample("acled_old.csv")
    found = acled.read(content)
    (draft,) = found.drafts
    assert draft.date == "2024-11-05"
    assert draft.participations[0].actor.kind == "armed_force"
    assert all(not each.fatal for each in found.problems)


def test_categories_can_be_named_by_ours():
    found = acled.read(sample("acled.csv"), categories={"Battles": "Combat"})
    assert [each.category.name for each in found.drafts] == [
        "Combat",
        "Violence against civilians",
        "Protests",
    ]


@pytest.mark.parametrize(
    ("changes", "column", "sentence"),
    [
        ({"event_date": "05/11/2024"}, "event_date", "can be read in two ways"),
        ({"event_date": ""}, "event_date", "Write a date"),
        ({"time_precision": "7"}, "time_precision", "1 (day), 2 (week) or 3 (month)"),
        ({"fatalities": "many"}, "fatalities", "is not a number"),
        ({"event_id_cnty": ""}, "event_id_cnty", "no id"),
    ],
)
def test_what_is_refused(changes, column, sentence):
    problem = refused(**changes)
    assert (problem.row, problem.column) == (2, column)
    assert sentence in problem.sentence


def test_what_is_left_out_is_named():
    draft, problems = one(latitude="510")
    assert draft.place.latitude is None
    assert [each.column for each in problems] == ["latitude"]


def test_an_id_that_repeats_is_named():
    found = acled.read(written(CLASH, CLASH))
    assert [each.external[0].value for each in found.drafts] == ["RUS1001", "RUS1001-2"]
    assert "stands in another row" in found.problems[0].sentence


def test_long_notes_are_kept_whole():
    draft, problems = one(notes="A sentence of the notes. " * 40)
    assert len(draft.summary) <= 600
    assert "of which 600 fit" in problems[0].sentence
    assert draft.internal_note.count("A sentence of the notes.") == 40


def test_it_is_recognised_by_its_header():
    assert acled.recognises(read_table(sample("acled.csv")).header)
    assert acled.recognises(tuple(name.upper() for name in CLASH))
    assert not acled.recognises(read_table(sample("ucdp_ged.csv")).header)
    found = acled.read(sample("ucdp_ged.csv"))
    assert "not the columns of this format" in found.problems[0].sentence
