"""Places: every event of a selection is of exactly one spot, routes are those of its parts, and
the index and the database say the same."""

import random

import pytest

from tests.figures import divided
from tests.index.brute import Record
from tests.index.edits import Editor
from tests.index.made import draw, scatter
from tests.make import make_actor, make_event, make_place, noted
from timeline.index import Selection, answer, places
from timeline.index.places import NOWHERE, Exactness
from timeline.models import Event

pytestmark = pytest.mark.django_db


def as_the_database_says(ask):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places.live, "ask", lambda _question, plainly: plainly())
        return ask()


def spots(selection=Selection()):  # noqa: B008  (never changed)
    return {spot.name: spot.count for spot in places.places(selection).spots}


def hold(selection, expected):
    """Every event of the selection is of one spot, and both ways agree on all of it."""
    found = places.places(selection)
    plain = as_the_database_says(lambda: places.places(selection))
    assert found.spots == plain.spots
    assert found.routes == plain.routes
    stood = []
    for spot in found.spots:
        keys = places.standing(selection, [spot.name])
        assert len(keys) == spot.count
        assert keys == as_the_database_says(lambda: places.standing(selection, [spot.name]))  # noqa: B023
        stood += keys
    assert sorted(stood) == sorted(expected)
    every = places.standing(selection, [spot.name for spot in found.spots])
    assert every[: selection.page_size] == list(answer(selection).ids)
    for route, count in found.routes.items():
        keys = places.routed(selection, route)
        assert len(keys) == count
        assert keys == as_the_database_says(lambda: places.routed(selection, route))  # noqa: B023


@pytest.mark.parametrize("seed", divided(range(2)))
def test_each_event_is_of_one_spot(seed):
    scatter(seed)
    chance = random.Random(seed)
    record = Record()
    offered = {
        name: [each.value for each in facet.values]
        for name, facet in answer(Selection()).facets.items()
    }
    hold(Selection(), [each.pk for each in record.matching(Selection())])
    assert places.places(Selection()).routes
    for _turn in range(5):
        selection = draw(chance, offered)
        hold(selection, [each.pk for each in record.matching(selection)])


def test_spots_follow_the_record():
    scatter(7)
    answer(Selection())
    editor = Editor(random.Random(7))
    for _turn in range(12):
        editor.edit()
    hold(Selection(), Event.objects.public().values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("kind", "precision", "exactness"),
    [
        ("building", "exact", Exactness.SPOT),
        ("city", "near", Exactness.TOWN),
        ("city", "settlement", Exactness.TOWN),
        ("city", "province", Exactness.AREA),
        ("city", "unknown", Exactness.TOWN),
        ("city", "country", Exactness.COUNTRY),
        ("province", "exact", Exactness.AREA),
        ("region", "unknown", Exactness.AREA),
        ("water", "unknown", Exactness.WATERS),
        ("city", "waters_or_air", Exactness.WATERS),
        ("country", "settlement", Exactness.COUNTRY),
        ("country", "unknown", Exactness.COUNTRY),
    ],
)
def test_no_event_is_known_more_exactly_than_its_place_is_small(kind, precision, exactness):
    place = make_place("There", kind=kind, country="KR", latitude="37.5", longitude="127")
    make_event(place=place, place_precision=precision)
    value = "KR" if exactness == Exactness.COUNTRY else "there"
    assert spots() == {(value, exactness): 1}


def test_what_has_no_point_is_nowhere():
    make_event()
    make_event(place=make_place("No point", country="KR"))
    make_event(place=make_place("High sea", kind="country", latitude="1", longitude="1"))
    assert spots() == {NOWHERE: 3}


def test_a_place_that_moves_is_where_it_is_now():
    place = make_place("There", country="KR")
    make_event(place=place)
    assert spots() == {NOWHERE: 1}
    place.latitude, place.longitude = "37.5", "127"
    place.save()
    noted(place)
    (spot,) = places.places(Selection()).spots
    assert spot.point == (127.0, 37.5)


def test_a_route_joins_the_countries_of_supplier_and_recipient():
    north, south = make_actor("Northland", country="KP"), make_actor("Southland", country="KR")
    army = make_actor("Army", parent=north, kind="armed_force")
    unknown = make_actor("Somebody", kind="group")
    there = make_event(actors=[(army, "supplier"), (north, "supplier"), (south, "recipient")])
    make_event(actors=[(north, "supplier"), (unknown, "recipient")])
    make_event(actors=[(north, "supplier"), (army, "recipient")])
    make_event(actors=[(north, "supplier"), (south, "target")])
    found = places.places(Selection())
    assert found.routes == {("KP", "KR"): 1}
    assert places.routed(Selection(), ("KP", "KR")) == [there.pk]
    assert places.routed(Selection(), ("KR", "KP")) == []
    assert places.routed(Selection(), ("ZZ", "KP")) == []
    hold(Selection(), Event.objects.values_list("pk", flat=True))


def test_an_empty_record():
    assert places.places(Selection()).spots == ()
    assert places.standing(Selection(), [NOWHERE]) == []
    assert places.routed(Selection(), ("KP", "KR")) == []
