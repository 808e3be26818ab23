"""The own JSON: whole, in one order, with equal bytes for equal content."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.records import ABOUT, HOSTILE, hostile_records, plain_record
from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_category,
    make_event,
    make_metric,
    make_place,
    make_publisher,
    make_source,
    make_term,
    make_topic,
)
from timeline.browse.selected import Selected
from timeline.formats import document
from timeline.index import Selection
from timeline.models import ActorName, Event, PublisherDomain
from timeline.record import EventRecord, canonical_json, record
from timeline.record.outside import as_object
from timeline.record.reading import read
from timeline.record.things import Used, in_full

pytestmark = pytest.mark.django_db
LISTS = ["categories", "topics", "metrics", "places", "actors", "publishers"]


def written(events, things=None):
    text = "".join(document.write(ABOUT, events, *([things] if things else [])))
    return text, json.loads(text)


def nothing(_used):
    return ((name, ()) for name in LISTS)


@given(st.lists(hostile_records, max_size=3))
def test_any_characters_come_back(events):
    text, told = written(events, nothing)
    assert list(told) == [
        *("format", "format_version", "site", "licence", "language", "selection", "address"),
        *("total", "events", *LISTS),
    ]
    assert told["selection"] == ABOUT.words
    for event, held in zip(events, told["events"], strict=True):
        assert held == as_object(event)
        held.pop("url")
        assert read(EventRecord, held) == event
    # A line each, so that two documents can be compared by lines.
    lines = text.split("\n")
    at = lines.index('"events": [')
    assert lines[at + 1 + len(events)] == "],"


def test_every_hostile_character_in_every_field():
    event = plain_record(text=HOSTILE)
    _text, told = written([event], nothing)
    assert told["events"][0]["title"] == event.title
    assert set(HOSTILE) <= set(told["events"][0]["title"])


@pytest.fixture
def world():
    land = make_actor("Land", country="KP", description="A land.", wikidata_id="Q423")
    army = make_actor("Army", parent=land, kind="armed_force")
    ActorName.objects.create(actor=land, name="나라", language="ko", kind="official")
    agency = make_publisher("Agency", controlled_by=make_actor("Ministry", description="Unseen"))
    PublisherDomain.objects.create(publisher=agency, domain="agency.example")
    country = make_place("Singapore", country="SG", kind="country")
    event = make_event(
        title="Kim meets Trump",
        date="2018-06-12",
        actors=[(army, "host")],
        topics=[make_topic("Summits")],
        category=make_category("Meetings", order=3),
        place=make_place("Sentosa", parent=country, latitude="1.24937", longitude="103.83"),
        sources=[make_source(publisher=make_publisher("Paper"), agency=agency)],
        day_order=2,
    )
    metric = make_metric(code="killed", adds_up_to=make_metric(code="unseen-total"))
    count_figure(event, metric=metric, best="1000.50")
    cite(event, event.citations.get().source, stance="confirms", speaker=make_actor("Speaker"))
    make_actor("Somebody else")
    make_topic("Another")
    return event


def test_what_events_name_stands_in_full(world):
    _text, told = written(Selected(Selection()))
    assert [each["title"] for each in told["events"]] == ["Kim meets Trump"]
    slugs = {name: [each.get("slug") or each["code"] for each in told[name]] for name in LISTS}
    assert slugs == {
        "categories": ["meetings"],
        "topics": ["summits"],
        "metrics": ["killed"],
        "places": ["singapore", "sentosa"],
        "actors": ["land", "speaker", "army"],
        "publishers": ["agency", "paper"],
    }
    land, _speaker, army = told["actors"]
    assert land == {
        "slug": "land",
        "name": "Land",
        "kind": "state",
        "country": "KP",
        "parent": "",
        "description": "A land.",
        "wikidata_id": "Q423",
        "names": [{"name": "나라", "language": "ko", "kind": "official"}],
    }
    assert army["parent"] == "land"
    assert told["places"][1]["latitude"] == "1.24937"
    assert told["places"][1]["longitude"] == "103.83"
    agency = told["publishers"][0]
    assert agency["domains"] == ["agency.example"]
    # Of one that no event names, no more than its publisher's page says.
    assert agency["controlled_by"] == {
        "slug": "ministry",
        "name": "Ministry",
        "kind": "state",
        "native": "",
        "native_language": "",
    }
    assert told["metrics"][0]["adds_up_to"] == ""
    (event,) = told["events"]
    assert event["day_order"] == 2
    assert event["figures"][0]["best"] == "1000.5"
    assert canonical_json(read(EventRecord, event)) == canonical_json(record(world))


def test_equal_content_has_equal_bytes_whatever_its_keys(world):
    before, _told = written(Selected(Selection()))
    # A second row of everything, made later and gone again, moves no line.
    other = make_event(title="Later", date="2019-01-01")
    with_other, told = written(Selected(Selection()))
    assert [each["title"] for each in told["events"]] == ["Later", "Kim meets Trump"]
    Event.objects.filter(pk=other.pk).update(status="withdrawn")
    again, _told = written([record(world)])
    assert again == before
    assert before.splitlines()[9].rstrip(",") in with_other


def test_the_glossary_has_what_the_events_are_said_in(world):
    for kind, original, words in (
        ("topic", world.topics.get().name, "정상회담"),
        ("category", world.category.name, "회담"),
        ("figure", world.figures.first().subject, "대상"),
        ("topic", "Another", "다른 것"),
        ("note", world.category.name, "종류가 다름"),
    ):
        make_term(original, words, kind)
    _text, told = written(Selected(Selection()))
    assert [each["words"] for each in told["glossary"]] == ["회담", "대상", "정상회담"]
    assert told["glossary"][0] == {
        "kind": "category",
        "original": world.category.name,
        "language": "ko",
        "words": "회담",
    }


@pytest.mark.usefixtures("world")
def test_things_are_read_in_few_statements(django_assert_num_queries):
    used = Used()
    for event in Selected(Selection()):
        used.add(event)
    with django_assert_num_queries(13):
        for _name, rows in in_full(used):
            list(rows)
