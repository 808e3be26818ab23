"""Lanes: every event of a window stands in each of its lanes exactly once, groups hold exactly
what they promise, and the index and the database say the same."""

import random
from datetime import date, timedelta

import pytest

from tests.index.brute import Record
from tests.index.made import draw, make_record
from tests.make import make_category, make_event
from timeline import dates
from timeline.index import Choice, Selection, answer, lanes
from timeline.index.lanes import Window
from timeline.models import Actor, Event
from timeline.models.choices import Family

pytestmark = pytest.mark.django_db

LANES = {
    "category": tuple(Family.values),
    "actor": ("northland", "northland-army", "southland"),
    "country": ("KP", "KR"),
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
    family = {each.pk for each in Actor.objects.all() if value in slugs(each)}
    return {
        each.pk
        for each in events
        if family & set(each.participations.values_list("actor", flat=True))
    }


def slugs(actor):
    while actor is not None:
        yield actor.slug
        actor = actor.parent


@pytest.mark.parametrize("seed", range(5))
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


def as_the_database_says(selection, window, by, values, pitch, alone):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lanes.live, "ask", lambda _question, plainly: plainly())
        return lanes.lanes(selection, window, by, values, tries=[(pitch, alone)], at_most=0)


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
