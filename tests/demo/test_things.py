"""The demo's actors, places, categories, metrics and figures: complete, and consistent."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest

from timeline.dates import parse
from timeline.demo.load import rows
from timeline.models.choices import (
    ActorKind,
    Basis,
    Family,
    NameKind,
    PlaceKind,
    PlacePrecision,
    Qualifier,
    Role,
    Shape,
)


def above(row, given, key):
    """The chain of parents; raises when it comes round."""
    by_key = {each[key]: each for each in given}
    chain = []
    while row["parent"]:
        row = by_key[row["parent"]]
        assert row[key] not in chain
        chain.append(row[key])
    return chain


def test_how_many_there_are():
    sizes = {name: len(rows(name)) for name in ("actors", "categories", "topics", "figures")}
    assert sizes == {"actors": 113, "categories": 13, "topics": 40, "figures": 118 + 3}
    assert set(rows("place_of_event")) == {event["key"] for event in rows("events")}


@pytest.mark.parametrize("name", ["actors", "categories", "topics", "places"])
def test_slugs_are_unique(name):
    slugs = [row["slug"] for row in rows(name)]
    assert len(slugs) == len(set(slugs))


def test_actors():
    for row in rows("actors"):
        assert row["kind"] in ActorKind.values
        assert all(name["kind"] in NameKind.values for name in row["names"])
        assert all(name["language"] for name in row["names"])
        assert row["name"] not in {name["name"] for name in row["names"]}
        assert len(above(row, rows("actors"), "key")) <= 4
        names = [(name["name"], name["language"]) for name in row["names"]]
        assert len(names) == len(set(names)), row["key"]


SCRIPTS = {"ko": "HANGUL", "ru": "CYRILLIC", "uk": "CYRILLIC", "zh": "CJK"}
ELSEWHERE = {"ru": "іїєґ", "uk": "ыэъё"}
"""Letters of the other of the two languages that share a script."""


def test_a_name_is_written_in_the_script_of_its_language():
    for row in rows("actors"):
        for name in row["names"]:
            letter = next(each for each in name["name"] if each.isalpha())
            script = SCRIPTS.get(name["language"], "LATIN")
            assert unicodedata.name(letter).startswith(script), name
            assert not set(name["name"].lower()) & set(ELSEWHERE.get(name["language"], "")), name


def test_prisoners_are_not_named():
    (row,) = [row for row in rows("actors") if row["key"] == "dprk-pows-2025"]
    assert row["kind"] == "group"
    assert "surname" not in row["description"]


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("isw", "research_institute"),
        ("nis", "intelligence_service"),
        ("hur", "intelligence_service"),
        ("sbu", "intelligence_service"),
        ("rgb", "intelligence_service"),
        ("us-intel", "intelligence_service"),
        ("rok-dia", "intelligence_service"),
        ("uk-di", "intelligence_service"),
        ("wpk", "party"),
        ("western-officials", "group"),
        ("dprk-pows-2025", "group"),
        ("wagner", "militia"),
    ],
)
def test_kinds_that_the_facts_could_not_say(key, kind):
    assert {row["key"]: row["kind"] for row in rows("actors")}[key] == kind


def test_places():
    by_slug = {row["slug"]: row for row in rows("places")}
    slugs = set(by_slug)
    for row in rows("places"):
        assert row["kind"] in PlaceKind.values
        assert -90 <= Decimal(row["latitude"]) <= 90
        assert -180 <= Decimal(row["longitude"]) <= 180
        assert row["kind"] == "country" or above(row, rows("places"), "slug")
        assert {by_slug[slug]["country"] for slug in above(row, rows("places"), "slug")} <= {
            row["country"]
        }
    for where in rows("place_of_event").values():
        assert where["precision"] in PlacePrecision.values
        assert (where["place"] in slugs) or (where == {"place": None, "precision": "unknown"})


def test_categories_have_a_mark_each():
    shapes = [row["shape"] for row in rows("categories")]
    assert sorted(shapes) == sorted(Shape.values)
    assert {row["family"] for row in rows("categories")} == set(Family.values)
    assert all(row["default_role"] in Role.values for row in rows("categories"))


def test_figures_have_an_owner_a_subject_and_a_value():
    units = {row["code"]: row["unit"] for row in rows("metrics")}
    cited = {row["key"]: {each["source"] for each in row["citations"]} for row in rows("events")}
    for row in rows("figures"):
        assert row["source"] in cited[row["event"]]
        assert row["subject"] or units[row["metric"]] != "people"
        assert any(row[bound] for bound in ("low", "best", "high"))
        assert row["qualifier"] in Qualifier.values
        assert row["basis"] in Basis.values
        if row["basis"] == "in_period":
            assert row["period_start"] or row["as_of"].isdigit()  # a year is a period itself


BOUND = {
    "exact": "best",
    "about": "best",
    "at_least": "low",
    "more_than": "low",
    "up_to": "high",
    "less_than": "high",
}


def test_a_stated_number_stands_in_the_bound_that_it_states():
    for row in rows("figures"):
        given = [bound for bound in ("low", "best", "high") if row[bound] is not None]
        where = (row["event"], row["metric"], row["subject"])
        if len(given) == 1:
            assert given == [BOUND[row["qualifier"]]], where
            continue
        assert Decimal(row["low"]) < Decimal(row["high"]), where
        if row["best"] is None:
            assert row["qualifier"] == "exact", where  # no range of the facts has a qualifier
        else:
            assert row["qualifier"] == "about", where
            assert Decimal(row["low"]) <= Decimal(row["best"]) <= Decimal(row["high"]), where


def party(key):
    """The topmost ancestor of an actor."""
    (row,) = [row for row in rows("actors") if row["key"] == key]
    return ([key, *above(row, rows("actors"), "key")])[-1]


def test_a_party_s_later_number_of_one_count_supersedes_its_earlier_one():
    counts: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in rows("figures"):
        if row["attributed_to"]:
            count = (row["event"], row["metric"], row["subject"], party(row["attributed_to"]))
            counts.setdefault(count, []).append(row)
    expected = {}
    for members in counts.values():
        newest = max(members, key=lambda row: parse(row["as_of"]).latest)
        for row in members:
            if parse(row["as_of"]).latest < parse(newest["as_of"]).latest:
                expected[row["event"], row["source"]] = newest["source"]
    superseded = {
        (row["event"], row["source"]): row["superseded_by"]
        for row in rows("figures")
        if row["state"] == "superseded"
    }
    assert (
        superseded
        == expected
        == {("containers-6700", "asiae-ko-2024-02-27"): "politicoeu-2024-02-27"}
    )
    assert {row["state"] for row in rows("figures")} == {"current", "superseded"}


def test_the_events_that_involve_north_korea_in_2024():
    """Any day of the event within the year counts; with subordinates 51, exactly 16."""
    actors = rows("actors")
    within = {row["key"] for row in actors if "dprk" in above(row, actors, "key")} | {"dprk"}
    parts = [
        {each["actor"] for each in row["participations"]}
        for row in rows("events")
        if parse(row["date"]).earliest <= date(2024, 12, 31)
        and parse(row["date"]).latest >= date(2024, 1, 1)
    ]
    assert sum(bool(each & within) for each in parts) == 51
    assert sum("dprk" in each for each in parts) == 16


def test_metrics_that_people_read_first_and_what_adds_up():
    metrics = {row["code"]: row for row in rows("metrics")}
    headline = {code for code, row in metrics.items() if row["headline"]}
    assert headline == {"troops_deployed", "casualties", "killed", "containers_shipped"}
    parts = {code: row["adds_up_to"] for code, row in metrics.items() if row["adds_up_to"]}
    assert parts == {"killed": "casualties", "wounded": "casualties"}
    assert {row["metric"] for row in rows("figures")} == set(metrics)


def test_one_party_that_gives_two_numbers_for_one_thing_says_why():
    """Where outlets differ on what one party said, a note tells the reader so."""
    given: dict[tuple[str, ...], list[str]] = {}
    for row in rows("figures"):
        if row["attributed_to"]:
            fields = ("event", "metric", "subject", "as_of", "attributed_to")
            given.setdefault(tuple(row[field] for field in fields), []).append(row["note"])
    twice = {key: notes for key, notes in given.items() if len(notes) > 1}
    assert [key[0] for key in twice] == ["nis-confirms-dispatch"]
    assert all(note for notes in twice.values() for note in notes)


def test_the_number_that_no_other_source_gives_says_so():
    killed = [
        row
        for row in rows("figures")
        if row["event"] == "nis-300-2700" and row["metric"] == "killed"
    ]
    assert {row["best"] for row in killed} == {"300", "270"}
    (alone,) = [row for row in killed if row["best"] == "270"]
    assert alone["attributed_to"] is None
    assert "no other source" in alone["note"]
