"""Where the events of a selection happened, place by place: what a map draws.

A spot is a place together with how exactly the place of its events is known; a whole country is
a spot of its own, and so are the events without any place. Each event is of exactly one spot. A
route is from the country of a supplier to that of a recipient, as an event names them; an event
with several of either is of several routes. Linear in the events of the selection, with a few
nanoseconds each; only spots and routes are named.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from itertools import product

import numpy as np
from pyroaring import BitMap

from timeline.index import oracle
from timeline.index.answering import live
from timeline.index.arrays import Array, bitmap, distinct, numbers
from timeline.index.edits import Index
from timeline.index.matching import Families, matching
from timeline.index.paging import ordered
from timeline.index.reading import PRECISIONS, ROLES, Tags
from timeline.index.selection import PAGE_SIZE, Selection
from timeline.index.sets import Resolver
from timeline.index.things import Kind, point
from timeline.models import Actor, Participation
from timeline.models.choices import PlaceKind, PlacePrecision, Role


class Exactness(IntEnum):
    """How exactly the place of an event is known, the best first."""

    SPOT = 0
    TOWN = 1
    AREA = 2
    WATERS = 3
    COUNTRY = 4
    NOWHERE = 5


_OF_PRECISION: Mapping[str, Exactness] = {
    PlacePrecision.EXACT: Exactness.SPOT,
    PlacePrecision.NEAR: Exactness.TOWN,
    PlacePrecision.SETTLEMENT: Exactness.TOWN,
    PlacePrecision.DISTRICT: Exactness.AREA,
    PlacePrecision.PROVINCE: Exactness.AREA,
    PlacePrecision.REGION: Exactness.AREA,
    PlacePrecision.COUNTRY: Exactness.COUNTRY,
    PlacePrecision.WATERS_OR_AIR: Exactness.WATERS,
}
_OF_KIND: Mapping[str, Exactness] = {
    PlaceKind.COUNTRY: Exactness.COUNTRY,
    PlaceKind.REGION: Exactness.AREA,
    PlaceKind.PROVINCE: Exactness.AREA,
    PlaceKind.DISTRICT: Exactness.AREA,
    PlaceKind.AREA: Exactness.AREA,
    PlaceKind.WATER: Exactness.WATERS,
}
Name = tuple[str, Exactness]
"""What a spot is called: the slug of its place, or its country's two letters; empty for events
that are nowhere."""
NOWHERE: Name = ("", Exactness.NOWHERE)


@dataclass(frozen=True, slots=True)
class Spot:
    """So many events at a place, known this exactly. ``point`` is longitude and latitude."""

    name: Name
    label: str
    country: str
    point: tuple[float, float] | None
    count: int


Route = tuple[str, str]
"""The countries from and to which something was supplied, by their two letters."""


@dataclass(frozen=True, slots=True)
class Places:
    """All events of a selection by where they happened, and what was supplied from where to
    where."""

    spots: tuple[Spot, ...]
    routes: Mapping[Route, int]


@dataclass(frozen=True, slots=True)
class _Place:
    """What is known of a place beside its events."""

    slug: str
    label: str
    kind: str
    country: str
    point: tuple[float, float] | None

    def spot(self, precision: str) -> Name:
        """The spot of an event here. No event is known more exactly than its place is small."""
        own = _OF_KIND.get(self.kind, Exactness.TOWN)
        exactness = _OF_PRECISION.get(precision, own)
        if own >= Exactness.AREA:
            exactness = max(own, exactness)
        if exactness == Exactness.COUNTRY:
            return (self.country, exactness) if self.country else NOWHERE
        return (self.slug, exactness) if self.point is not None else NOWHERE


def _spot(place: _Place | None, precision: str) -> Name:
    return place.spot(precision) if place is not None else NOWHERE


Cells = dict[tuple[_Place | None, str], int]
"""How many events each place has with each precision; None for events without a place."""


def places(selection: Selection) -> Places:
    """Where the events of a selection happened."""
    plain = selection.changed(sort="date", page_size=PAGE_SIZE)
    return live.ask(lambda index: _known(index, plain), lambda: _plainly(plain))


def standing(selection: Selection, spots: Collection[Name]) -> list[int]:
    """Keys of the events of some spots, in the order of the selection."""
    return live.ask(
        lambda index: _known_at(index, selection, frozenset(spots)),
        lambda: _plainly_at(selection, frozenset(spots)),
    )


def routed(selection: Selection, route: Route) -> list[int]:
    """Keys of the events of a route, in the order of the selection."""
    return live.ask(
        lambda index: _known_on(index, selection, route),
        lambda: _plainly_on(selection, route),
    )


def _spots(cells: Cells) -> tuple[Spot, ...]:
    """Cells by spot: the most events first, then by name."""
    counts: Counter[Name] = Counter()
    of: dict[Name, _Place] = {}
    for (place, precision), count in cells.items():
        name = _spot(place, precision)
        counts[name] += count
        if place is not None and name[1] < Exactness.COUNTRY:
            of[name] = place
    found = (
        Spot(name, of[name].label, of[name].country, of[name].point, count)
        if name in of
        else Spot(name, name[0], name[0], None, count)
        for name, count in counts.items()
    )
    return tuple(sorted(found, key=lambda spot: (-spot.count, spot.name)))


# --- From the index --------------------------------------------------------------------------


def _coded(resolver: Resolver, docs: Array) -> Array:
    """Place and precision of documents as one number; below zero for those without a place."""
    codes = resolver.documents.take("place", docs).astype(np.int32)
    codes *= len(PRECISIONS)
    codes += resolver.documents.take("precision", docs)
    # Without a place the precision says nothing.
    return np.maximum(codes, -1, out=codes)


def _place(kind: Kind, code: int) -> _Place:
    return _Place(
        kind.slugs[code],
        kind.labels[code],
        kind.kinds[code],
        kind.countries[code],
        kind.points[code],
    )


def _named(resolver: Resolver, codes: Iterable[int]) -> dict[int, tuple[_Place | None, str]]:
    kind = resolver.documents.things["place"]
    return {
        code: (_place(kind, code // len(PRECISIONS)), PRECISIONS[code % len(PRECISIONS)])
        if code >= 0
        else (None, "")
        for code in codes
    }


def _known(index: Index, selection: Selection) -> Places:
    resolver = index.as_known(selection.known_by)
    docs = resolver.matching(selection)
    counts = np.bincount(_coded(resolver, numbers(docs)) + 1)
    cells = _named(resolver, (np.flatnonzero(counts) - 1).tolist())
    routes = _Routes(resolver, docs)
    return Places(
        _spots({cell: int(counts[code + 1]) for code, cell in cells.items()}), routes.counts()
    )


def _known_at(index: Index, selection: Selection, spots: frozenset[Name]) -> list[int]:
    resolver = index.as_known(selection.known_by)
    docs = numbers(_matching(resolver, selection))
    codes = _coded(resolver, docs) + 1
    held = np.bincount(codes, minlength=1)
    cells = _named(resolver, (np.flatnonzero(held) - 1).tolist())
    wanted = np.zeros(len(held), bool)
    for code, (place, precision) in cells.items():
        wanted[code + 1] = _spot(place, precision) in spots
    return _keys(resolver, docs[wanted[codes]], selection.sort)


def _known_on(index: Index, selection: Selection, route: Route) -> list[int]:
    resolver = index.as_known(selection.known_by)
    routes = _Routes(resolver, _matching(resolver, selection))
    return _keys(resolver, routes.of[routes.codes == routes.code(route)], selection.sort)


def _matching(resolver: Resolver, selection: Selection) -> BitMap:
    return resolver.matching(selection.changed(sort="date", page_size=PAGE_SIZE))


def _keys(resolver: Resolver, docs: Array, sort: str) -> list[int]:
    """Keys of ascending documents, in an order."""
    keys = dict(zip(docs.tolist(), resolver.documents.take("key", docs).tolist(), strict=True))
    return [keys[doc] for doc in ordered(resolver, bitmap(docs), sort).tolist()]


class _Routes:
    """The routes of documents: ``of`` and ``codes`` say which document is of which route."""

    def __init__(self, resolver: Resolver, docs: BitMap) -> None:
        documents = resolver.documents
        self._tags = Tags()
        ends = [ROLES.index(role) for role in (Role.SUPPLIER, Role.RECIPIENT)]
        both = docs & documents.having("role", ends[0]) & documents.having("role", ends[1])
        of, parts = documents.gather("part", numbers(both), ("actor", "role"))
        actors, at = np.unique(parts["actor"], return_inverse=True)
        kind = documents.things["actor"]
        lands = np.array([self._land(kind, code) for code in actors.tolist()], np.int64)
        origins, destinations = (
            distinct(of[parts["role"] == role], lands[at[parts["role"] == role]]) for role in ends
        )
        starts = np.searchsorted(destinations[0], origins[0], "left")
        lengths = np.searchsorted(destinations[0], origins[0], "right") - starts
        # Each origin with each destination of its document.
        behind = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        ending = destinations[1][np.repeat(starts, lengths) + behind].astype(np.int64)
        starting = np.repeat(origins[1], lengths).astype(np.int64)
        abroad = starting != ending
        self.of = np.repeat(origins[0], lengths)[abroad]
        self.codes = (starting * len(self._tags) + ending)[abroad]

    def _land(self, kind: Kind, actor: int) -> int:
        """The country of an actor, or else that of what it is part of."""
        country = next(
            (kind.countries[code] for code in kind.upwards(actor) if kind.countries[code]), ""
        )
        return self._tags[country] if country else -1

    def code(self, route: Route) -> int:
        """The code of a route; -1 where no event is of it."""
        if any(end not in self._tags for end in route):
            return -1
        return self._tags[route[0]] * len(self._tags) + self._tags[route[1]]

    def counts(self) -> dict[Route, int]:
        """How many documents each route has."""
        named = list(self._tags)
        totals = np.bincount(self.codes, minlength=1)
        return {
            (named[code // len(named)], named[code % len(named)]): int(totals[code])
            for code in np.flatnonzero(totals).tolist()
        }


# --- From the database -----------------------------------------------------------------------

_PLACE = tuple(f"place__{name}" for name in ("slug", "name", "kind", "country"))
_POINT = ("place__longitude", "place__latitude")


def _rows(selection: Selection) -> Iterable[tuple[int, _Place | None, str]]:
    rows = matching(selection.changed(cursor=None), Families())
    for pk, precision, slug, label, kind, country, longitude, latitude in rows.values_list(
        "pk", "place_precision", *_PLACE, *_POINT
    ):
        if slug is None:
            yield pk, None, ""
        else:
            yield pk, _Place(slug, label, kind, country, point(longitude, latitude)), precision


def _plainly(selection: Selection) -> Places:
    cells: Cells = Counter((place, precision) for _pk, place, precision in _rows(selection))
    routes = Counter(route for found in _plain_routes(selection).values() for route in found)
    return Places(_spots(cells), dict(routes))


def _plainly_at(selection: Selection, spots: frozenset[Name]) -> list[int]:
    held = {pk for pk, place, precision in _rows(selection) if _spot(place, precision) in spots}
    return [pk for pk in oracle.keys(selection) if pk in held]


def _plainly_on(selection: Selection, route: Route) -> list[int]:
    routes = _plain_routes(selection)
    return [pk for pk in oracle.keys(selection) if route in routes.get(pk, ())]


def _plain_routes(selection: Selection) -> dict[int, set[Route]]:
    events = matching(selection.changed(cursor=None), Families())
    parts = Participation.objects.filter(
        event__in=events.order_by().values("pk"),
        role__in=(Role.SUPPLIER, Role.RECIPIENT),
    ).select_related("actor")
    ends: dict[int, dict[str, set[str]]] = {}
    for part in parts:
        above: list[Actor] = [part.actor, *part.actor.ancestors()]
        country = next((each.country for each in above if each.country), "")
        if country:
            ends.setdefault(part.event_id, {}).setdefault(part.role, set()).add(country)
    return {
        pk: {
            (origin, destination)
            for origin, destination in product(
                found.get(Role.SUPPLIER, ()), found.get(Role.RECIPIENT, ())
            )
            if origin != destination
        }
        for pk, found in ends.items()
    }
