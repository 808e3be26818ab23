"""Where the events of a window stand in time, lane by lane: what a chart draws.

An event stands on the middle day of its dates, as far as they lie in the window; so a chart of a
million events has as many places as one of a hundred. Events that stand close together are one
group. A group is the events of its lane that stand from its first to its last day, each of a lane
in exactly one group. Linear in the events of the window, with a few nanoseconds each; the events
of small groups only are named.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from django.db.models import Count
from pyroaring import BitMap

from timeline.index import sides
from timeline.index.answering import live
from timeline.index.arrays import Array, numbers
from timeline.index.documents import FAMILIES
from timeline.index.edits import Index
from timeline.index.matching import Families, matching
from timeline.index.selection import PAGE_SIZE, Choice, Selection

By = Literal["category", "actor", "country", "side"]
"""What the lanes are: the five families of categories, actors, countries of places, or sides of
publishers."""

_FINEST = 60_000
"""Places of a window at most; a longer one has several days in a place."""
_NONE = 2**32 - 1
"""The number of no document."""


@dataclass(frozen=True, slots=True)
class Group:
    """Events of a lane that stand together: from day to day, how many, and, where they are few,
    each one's key and day, in order of time. ``chosen`` where the one that was asked about is
    among them."""

    first: dt.date
    last: dt.date
    count: int
    events: tuple[tuple[int, dt.date], ...]
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane: its value (a family, or a slug or code), how many events, and where they stand."""

    value: str
    total: int
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """The days that a chart shows, both included."""

    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


class _Places:
    """The places of a window, and the one in which each document stands."""

    def __init__(self, window: Window, earliest: Array, latest: Array) -> None:
        self._first = window.first.toordinal()
        self._unit = -(-window.days // _FINEST)
        self.count = -(-window.days // self._unit)
        last = window.last.toordinal()
        start = np.clip(earliest, self._first, last).astype(np.int64)
        end = np.clip(latest, self._first, last)
        self.of = ((start + end) // 2 - self._first) // self._unit

    def at(self, day: dt.date) -> int:
        """The place of a day, which may lie outside the window."""
        return (day.toordinal() - self._first) // self._unit

    def day(self, place: int) -> dt.date:
        """The first day of a place."""
        return dt.date.fromordinal(self._first + place * self._unit)

    def last_day(self, place: int) -> dt.date:
        """The last day of a place, which may lie behind the window."""
        return dt.date.fromordinal(
            min(self._first + (place + 1) * self._unit - 1, dt.date.max.toordinal())
        )

    def grouped(self, members: Array, pitch: float, alone: int) -> list[tuple[int, int, int, bool]]:
        """Groups of the members of a lane: first and last place, count, and whether it is small.

        A group takes all that stand less than ``pitch`` days behind its first one.
        """
        counts = np.bincount(self.of[members], minlength=self.count)
        held = np.flatnonzero(counts)
        sums = np.concatenate(([0], np.cumsum(counts[held])))
        reach = max(1, int(pitch / self._unit))
        made = []
        at = 0
        while at < len(held):
            behind = int(np.searchsorted(held, held[at] + reach))
            count = int(sums[behind] - sums[at])
            made.append((int(held[at]), int(held[behind - 1]), count, count <= alone))
            at = behind
        return made


def _lane(
    places: _Places,
    keys: Array,
    value: str,
    members: Array,
    pitch: float,
    alone: int,
    chosen: int | None,
) -> Lane:
    groups = places.grouped(members, pitch, alone)
    small = np.zeros(places.count, bool)
    for first, last, _count, is_small in groups:
        if is_small:
            small[first : last + 1] = True
    named = members[small[places.of[members]]]
    order = np.lexsort((keys[named], places.of[named]))
    among = members[keys[members] == (-1 if chosen is None else chosen)]
    stands = int(places.of[among[0]]) if len(among) else -1
    listed = list(zip(keys[named][order].tolist(), places.of[named][order].tolist(), strict=True))
    made = []
    taken = 0
    for first, last, count, is_small in groups:
        events = listed[taken : taken + count] if is_small else []
        taken += len(events)
        made.append(
            Group(
                places.day(first),
                places.last_day(last),
                count,
                tuple((key, places.day(place)) for key, place in events),
                first <= stands <= last,
            )
        )
    return Lane(value, len(members), tuple(made))


@dataclass(frozen=True)
class _Held:
    """The events of a selection, and which of them each lane holds."""

    keys: Array
    earliest: Array
    latest: Array
    of: Callable[[str], Array]
    """The places among ``keys`` of a lane's events."""


def lanes(
    selection: Selection,
    window: Window,
    by: By,
    values: Sequence[str],
    *,
    tries: Sequence[tuple[float, int]],
    at_most: int,
    chosen: int | None = None,
) -> tuple[Lane, ...]:
    """Where the events of a selection stand in a window that holds them all, for each lane.

    ``values`` are the lanes; an event stands in each that it belongs to. A try is how many days a
    group reaches and up to how many events it names; the first is taken that makes ``at_most``
    marks, one for each event that is named and for each other group, else the last. ``chosen``
    is the key of an event whose groups are told apart.
    """
    found = _held(selection, by)
    places = _Places(window, found.earliest, found.latest)
    members = {value: found.of(value) for value in values}
    made: tuple[Lane, ...] = ()
    for pitch, alone in tries:
        made = tuple(
            _lane(places, found.keys, value, held, pitch, alone, chosen)
            for value, held in members.items()
        )
        if sum(len(group.events) or 1 for lane in made for group in lane.groups) <= at_most:
            break
    return made


def standing(
    selection: Selection, window: Window, by: By, value: str, first: dt.date, last: dt.date
) -> list[int]:
    """Keys of the events of a lane that stand from day to day, such as those of a group, in the
    order in which they stand."""
    found = _held(selection, by)
    places = _Places(window, found.earliest, found.latest)
    members = found.of(value)
    of = places.of[members]
    chosen = (of >= places.at(first)) & (of <= places.at(last))
    keys = found.keys[members[chosen]]
    listed: list[int] = keys[np.lexsort((keys, of[chosen]))].tolist()
    return listed


def held(selection: Selection, keys: Iterable[int]) -> frozenset[int]:
    """Those of some events that are among the ones of a selection."""
    plain, asked = _plain(selection), list(keys)

    def known(index: Index) -> frozenset[int]:
        docs = _docs(index, plain)
        return frozenset(key for key in asked if _doc(index, plain, key) in docs)

    def plainly() -> frozenset[int]:
        found = matching(plain, Families()).filter(pk__in=asked)
        return frozenset(found.order_by().values_list("pk", flat=True))

    return live.ask(known, plainly)


def shared(one: Selection, other: Selection) -> int:
    """How many events are in both of two selections."""
    one, other = _plain(one), _plain(other)

    def plainly() -> int:
        listed = (matching(each, Families()).values_list("pk", flat=True) for each in (one, other))
        return len(set.intersection(*map(set, listed)))

    def known(index: Index) -> int:
        return int(_docs(index, one).intersection_cardinality(_docs(index, other)))

    return live.ask(known, plainly)


def _plain(selection: Selection) -> Selection:
    """The selection as one question, whatever the order and page."""
    return selection.changed(sort="date", page_size=PAGE_SIZE)


def _docs(index: Index, selection: Selection) -> BitMap:
    return index.as_known(selection.known_by).matching(selection)


def _doc(index: Index, selection: Selection, key: int) -> int:
    """The document of an event; one that none has, where it has none."""
    doc = index.as_known(selection.known_by).documents.keys[key]
    return doc if doc >= 0 else _NONE


def _held(selection: Selection, by: By) -> _Held:
    plain = _plain(selection)
    return live.ask(lambda index: _known(index, plain, by), lambda: _plainly(plain, by))


def _known(index: Index, selection: Selection, by: By) -> _Held:
    resolver = index.as_known(selection.known_by)
    documents = resolver.documents
    docs = resolver.matching(selection)
    listed = numbers(docs)

    def holding(value: str) -> BitMap:
        if by == "actor":
            return resolver.of_things("actor", (value,), exact=selection.exact)
        if by == "country":
            return documents.having_any("country", resolver.codes("country", (value,)))
        if by == "side":
            codes = np.flatnonzero(sides.of_codes(index) == value)
            return documents.having_any("publisher", codes.tolist())
        return documents.having("family", FAMILIES.index(value))

    return _Held(
        documents.take("key", listed),
        documents.take("earliest", listed),
        documents.take("latest", listed),
        lambda value: np.searchsorted(listed, numbers(holding(value) & docs)),
    )


def _plainly(selection: Selection, by: By) -> _Held:
    rows = list(
        matching(selection, Families()).values_list(
            "pk", "earliest", "latest", "category__family", "place__country"
        )
    )
    keys = np.array([row[0] for row in rows], np.int64)

    def of(value: str) -> Array:
        if by in ("actor", "side"):
            chosen = {"actor": Choice((value,))}
            if by == "side":
                chosen = {"publisher": Choice(sides.publishers_of(value))}
                if not chosen["publisher"]:
                    return np.empty(0, np.int64)
            one = selection.changed(within=selection, q="", **chosen)
            inside = set(matching(one, Families()).values_list("pk", flat=True))
            return np.flatnonzero([key in inside for key in keys.tolist()])
        column = 3 if by == "category" else 4
        return np.flatnonzero([row[column] == value for row in rows])

    return _Held(
        keys,
        np.array([row[1].toordinal() for row in rows], np.int64),
        np.array([row[2].toordinal() for row in rows], np.int64),
        of,
    )


def key_events(selection: Selection, at_most: int) -> list[int]:
    """Keys of the key events of a selection that have a short label, those that rest on the most
    citations first."""
    plain = _plain(selection)

    def known(index: Index) -> list[int]:
        resolver = index.as_known(plain.known_by)
        documents = resolver.documents
        listed = numbers(resolver.matching(plain) & documents.labelled)
        of, _columns = documents.gather("cite", listed, ("stance",))
        weights = np.bincount(np.searchsorted(listed, of), minlength=len(listed))
        keys = documents.take("key", listed)
        first: list[int] = keys[np.lexsort((keys, -weights))][:at_most].tolist()
        return first

    def plainly() -> list[int]:
        rows = matching(plain, Families()).filter(importance="key").exclude(label="")
        weighed = rows.annotate(weight=Count("citations")).order_by("-weight", "pk")
        return list(weighed.values_list("pk", flat=True)[:at_most])

    return live.ask(known, plainly)
