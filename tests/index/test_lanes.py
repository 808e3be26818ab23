"""Lanes: every event of a window stands in each of its lanes exactly once, groups hold exactly
what they promise, and the index and the database say the same."""

import random
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from tests.figures import divided
from tests.index.brute import Record
from tests.index.made import draw, make_record
from tests.make import make_actor, make_category, make_event, make_publisher, make_source
from timeline import dates
from timeline.editing import things
from timeline.index import Choice, Selection, answer, lanes, sides
from timeline.index.lanes import Window
from timeline.models import Actor, Event
from timeline.models.choices import Family

pytestmark = pytest.mark.django_db

LANES = {
    "category": tuple(Family.values),
    "actor": ("northland", "northland-army", "southland"),
    "country": ("KP", "KR"),
    "side": ("-", "KR", "northland"),
}


def draw_window(chance):
    """Any few days, months or centuries around the made record, cut at the ends of time."""
    first = date(2024, 10, 20) - timedelta(days=chance.choice([0, 3, 200, 1000, 700_000]))
    return Window(first, first + timedelta(days=chance.choice([0, 1, 30, 365, 4000, 800_000])))


def inside(selection, window):
    """The selection cut to the window, as a chart asks for it."""
    edges = (each.isoformat() for each in (window.first, window.last))
    first, last = (dates.parse(each) for each in edges)
    return selection.changed(year=Choice(), from_=first, to=last, certainly=False)


def members(by, value, events):
    """The events of a lane, read from the models."""
    if by == "category":
        return {each.pk for each in events if each.category and each.category.family == value}
    if by == "country":
        return {each.pk for each in events if each.place and each.place.country == value}
    if by == "side":
        return {
            each.pk
            for each in events
            for citation in each.citations.all()
            for publisher in (citation.source.publisher, citation.source.agency)
            if publisher and side(publisher) == value
        }
    family = {each.pk for each in Actor.objects.all() if value in slugs(each)}
    return {
        each.pk
        for each in events
        if family & set(each.participations.values_list("actor", flat=True))
    }


def side(publisher):
    if publisher.controlled_by:
        return list(slugs(publisher.controlled_by))[-1]
    return publisher.country or "-"


def slugs(actor):
    while actor is not None:
        yield actor.slug
        actor = actor.parent


@pytest.mark.parametrize("seed", divided(range(5)))
def test_each_event_stands_in_one_group_of_each_of_its_lanes(seed):
    make_record(seed)
    chance = random.Random(seed)
    record = Record()
    offered = {
        name: [each.value for each in facet.values]
        for name, facet in answer(Selection()).facets.items()
    }
    for by, values in LANES.items():
        window = draw_window(chance)
        selection = inside(draw(chance, offered).changed(exact=False), window)
        pitch, alone = chance.choice([0.3, 1, 20, 400]), chance.choice([0, 1, 3])
        held = list(Event.objects.filter(pk__in=[each.pk for each in record.matching(selection)]))
        if by == "side":
            with plainly():
                ranked = sides.top(selection, 6)
            assert sides.top(selection, 6) == ranked
        found = lanes.lanes(selection, window, by, values, tries=[(pitch, alone)], at_most=0)
        assert found == as_the_database_says(selection, window, by, values, pitch, alone)
        for lane in found:
            expected = members(by, lane.value, held)
            assert lane.total == len(expected) == sum(group.count for group in lane.groups)
            stood = []
            before = None
            for group in lane.groups:
                assert group.first <= group.last
                assert before is None or before < group.first
                before = group.last
                assert len(group.events) == (group.count if group.count <= alone else 0)
                days = [day for _key, day in group.events]
                assert days == sorted(days)
                assert all(group.first <= day <= group.last for day in days)
                keys = lanes.standing(selection, window, by, lane.value, group.first, group.last)
                assert len(keys) == group.count
                assert {key for key, _day in group.events} <= set(keys)
                stood += keys
            assert sorted(stood) == sorted(expected)


@contextmanager
def plainly():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lanes.live, "ask", lambda _question, plainly: plainly())
        yield


def as_the_database_says(selection, window, by, values, pitch, alone):
    with plainly():
        return lanes.lanes(selection, window, by, values, tries=[(pitch, alone)], at_most=0)


def test_the_sides_of_publishers():
    land = make_actor("Northland")
    office = make_actor("Office", parent=land)
    unheard = make_actor("Unheard of", parent=land)
    given = ({"country": "KR"}, {"country": "KP", "controlled_by": office}, {}, {"country": "KR"})
    outlets = [make_publisher(**each) for each in given]
    make_event(actors=[office], sources=[make_source(publisher=each) for each in outlets])
    make_event(sources=[make_source(publisher=make_publisher(controlled_by=unheard))])
    expected = [
        sides.Side("KR"),
        sides.Side("-"),
        sides.Side("northland", "Northland"),
        # Readers know of no event that it is part of, so they learn its name alone.
        sides.Side("unheard-of", "Unheard of"),
    ]
    assert sides.top(Selection(), 6) == expected
    with plainly():
        assert sides.top(Selection(), 6) == expected
    outlets[0].country = "JP"
    things.store(outlets[0])
    assert [side.value for side in sides.top(Selection(), 3)] == ["-", "JP", "KR"]


@pytest.mark.parametrize(
    ("when", "day"),
    [
        ("2024-10-20", "2024-10-20"),
        ("2024-10", "2024-10-16"),
        ("2024-10-08/2024-10-13", "2024-10-10"),
        ("2023", None),
        ("2024", "2024-11-15"),
        ("2020/..", "2024-11-15"),
        ("../2024-10-03", "2024-10-02"),
    ],
)
def test_an_event_stands_on_the_middle_of_its_dates_in_the_window(when, day):
    event = make_event(date=when)
    window = Window(date(2024, 10, 1), date(2024, 12, 31))
    selection = inside(Selection(), window)
    values = (event.category.family,)
    (lane,) = lanes.lanes(selection, window, "category", values, tries=[(1, 1)], at_most=0)
    stands = [day.isoformat() for group in lane.groups for _key, day in group.events]
    assert stands == ([day] if day else [])


def test_a_window_of_all_of_time():
    category = make_category()
    for when in ("0001-01-01", "2024-10-20", "9999-12-31"):
        make_event(date=when, category=category)
    family = category.family
    window = Window(date.min, date.max)
    (lane,) = lanes.lanes(
        Selection(), window, "category", (family,), tries=[(window.days / 44, 1)], at_most=0
    )
    assert [group.count for group in lane.groups] == [1, 1, 1]
    assert lane.groups[-1].last == date.max
