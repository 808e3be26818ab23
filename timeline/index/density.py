"""Density: how many documents of a set touch each month or year, by overlap.

Documents of the core that touch one unit only are counted by where the unit begins in the order
of time: one search a unit. Those that touch several, and the tail, are counted by their first
and last unit: one more where they begin, one less behind their end, and the sums of that. Costs
are linear in the set, with a few nanoseconds a document.
"""

from datetime import date, timedelta

import numpy as np
from pyroaring import BitMap

from timeline.dates import FIRST_DAY, LAST_DAY
from timeline.index.arrays import Array, numbers
from timeline.index.documents import EMPTY, FAMILIES
from timeline.index.layout import months
from timeline.index.page import YEARS_LISTED, Bar, Density, YearCount
from timeline.index.selection import Selection, chosen_range, is_on
from timeline.index.sets import Resolver

MONTHS_BELOW = 15
"""A record of fewer years than this is drawn by months, a longer one by years."""

_FIRST, _LAST = FIRST_DAY.toordinal(), LAST_DAY.toordinal()
_YEAR = 12
_RANKED = 20_000
"""Larger sets are asked for ranks, smaller ones listed."""
_LISTED = 10_000
"""Up to so many documents, all are counted by their units; of more, those of several units."""
_OPEN_START = FIRST_DAY.year * 12
_OPEN_END = LAST_DAY.year * 12 + 11


class Span:
    """The years of a preset's events: where open ends run to for counting."""

    def __init__(self, resolver: Resolver, selection: Selection) -> None:
        self._resolver = resolver
        self._documents = resolver.documents
        self.preset = Selection(
            within=selection.within, exact=selection.exact, known_by=selection.known_by
        )
        self.docs = resolver.matching(self.preset)
        self._found: dict[tuple[int, int], tuple[BitMap, Array]] = {}
        ends: list[int] = resolver.tally(self.preset).ends(self._ends).tolist()
        self.first, self.last = ends

    def _ends(self) -> Array:
        """The first and last year in which an event begins or ends, open ends left out.

        Core documents of one day lie in the order of time, so the first and the last of them say
        it; documents of several days, and the tail, are read.
        """
        several = self._resolver.several
        tail = self._documents.tail.first
        one_day = self.docs - several
        core = one_day.rank(tail - 1) if tail else 0
        read = numbers(self.docs & several)
        late = np.fromiter(one_day.iter_equal_or_larger(tail), np.uint32)
        read = np.concatenate((read, late))
        read.sort()
        edges = np.array([one_day[0], one_day[core - 1]] if core else [], np.uint32)
        days = np.concatenate(
            [
                self._documents.take(column, docs)
                for docs in (edges, read)
                for column in ("earliest", "latest")
            ]
        )
        days = days[(days != _FIRST) & (days != _LAST)]
        if not len(days):
            return np.array([0, -1])
        return months(np.array([days.min(), days.max()])) // 12

    @property
    def length(self) -> int:
        """How many years."""
        return self.last - self.first + 1

    def count(self, docs: BitMap, unit: int) -> Array:
        """Documents of a set inside the span that touch each unit of so many months."""
        found = self._found.get((id(docs), unit))
        if found is None:
            counts = self._count(docs, self.first * 12, self.length * 12 // unit, unit)
            # The set is kept with its counts, so that its identity is not another's later.
            found = self._found[id(docs), unit] = (docs, counts)
        return found[1]

    def stacked(self, docs: BitMap, unit: int) -> Array:
        """The same by family, one row each."""
        start, units = self.first * 12, self.length * 12 // unit
        if units <= 0:
            return np.zeros((len(FAMILIES), 0), np.int64)
        if len(docs) <= _LISTED:
            one, others = EMPTY, numbers(docs)
        else:
            one, others = self._parted(docs, unit)
        families = self._documents.families_of(others)
        kept = families >= 0
        counts = self._touching(others[kept], families[kept], start, units, unit)
        if one:
            bounds = self._bounds(start, units, unit)
            for code in range(len(FAMILIES)):
                counts[code] += np.diff(
                    _ranks(one & self._documents.having("family", code), bounds)
                )
        return counts

    def _count(self, docs: BitMap, start: int, units: int, unit: int) -> Array:
        """Documents that touch each of ``units`` units from the month ``start`` on."""
        if units <= 0:
            return np.zeros(0, np.int64)
        one, others = self._parted(docs, unit)
        counts: Array = np.diff(_ranks(one, self._bounds(start, units, unit)))
        rows = np.zeros(len(others), np.int64)
        counts += self._touching(others, rows, start, units, unit)[0]
        return counts

    def _parted(self, docs: BitMap, unit: int) -> tuple[BitMap, Array]:
        """Documents without the core's of several units, and those with the tail's."""
        several = self._resolver.several_units(unit)
        tail = BitMap()
        tail.update(docs.iter_equal_or_larger(self._documents.tail.first))
        return docs - several, numbers((docs & several) | tail)

    def _touching(self, docs: Array, rows: Array, start: int, units: int, unit: int) -> Array:
        """How many of ascending documents, each of one of the ``rows``, touch each unit: for each
        row, one more where they begin, one less behind their end, and the sums of that."""
        first = (self._documents.take("first_month", docs) - start) // unit
        last = (self._documents.take("last_month", docs) - start) // unit
        touching = (first < units) & (last >= 0)
        wide = units + 1
        size = wide * len(FAMILIES)
        at = rows[touching] * wide
        begin = at + np.clip(first[touching], 0, units - 1)
        behind = at + np.clip(last[touching], 0, units - 1) + 1
        steps = np.bincount(begin, minlength=size) - np.bincount(behind, minlength=size)
        counts: Array = np.cumsum(steps.reshape(len(FAMILIES), wide), axis=1)[:, :units]
        return counts

    def _bounds(self, start: int, units: int, unit: int) -> Array:
        """The first document of the core in each unit, and behind the last; counted once."""
        return self._resolver.lasting(
            ("bounds", start, units, unit), lambda: self._bounded(start, units, unit)
        )

    def _bounded(self, start: int, units: int, unit: int) -> Array:
        # The first decade begins before the first year there is.
        edges = [max(start + unit * at, _OPEN_START) for at in range(units + 1)]
        days = [
            date(edge // 12, edge % 12 + 1, 1).toordinal() if edge <= _OPEN_END else _LAST + 1
            for edge in edges
        ]
        sort = self._documents.core.array("sort")
        return np.searchsorted(sort, np.array(days, sort.dtype)).astype(np.uint32)

    def days(self, unit: int) -> list[tuple[date, date]]:
        """The first and last day of each unit."""

        def listed() -> list[tuple[date, date]]:
            starts = [_start(self.first * 12 + at) for at in range(0, self.length * 12, unit)]
            return [(start, _end(start, unit)) for start in starts]

        return self._resolver.lasting(("days", self.first, self.length, unit), listed)

    def years(self, docs: BitMap) -> list[tuple[int, int]]:
        """Each year of the span and how many documents touch it."""
        counts = self.count(docs, _YEAR)
        return [(self.first + at, count) for at, count in enumerate(counts.tolist())]

    def decades(self, docs: BitMap) -> list[int]:
        """How many documents touch each decade, from that of the first year on."""
        first, last = self.first // 10, self.last // 10
        counts: list[int] = self._count(docs, first * 120, last - first + 1, 120).tolist()
        return counts

    def within_years(self, docs: BitMap) -> list[tuple[int, int]]:
        """Each year in which documents surely lie, and how many."""
        listed = numbers(docs)
        first = self._documents.take("first_month", listed) // 12
        last = self._documents.take("last_month", listed) // 12
        counts = np.bincount(first[first == last])
        years = np.flatnonzero(counts)
        return list(zip(years.tolist(), counts[years].tolist(), strict=True))


def _ranks(docs: BitMap, bounds: Array) -> Array:
    """How many documents lie before each bound."""
    if len(docs) > _RANKED:
        return np.array([docs.rank(bound - 1) if bound else 0 for bound in bounds.tolist()])
    return np.searchsorted(numbers(docs), bounds)


def density(resolver: Resolver, span: Span, selection: Selection) -> Density:
    """Events per month or year under the selection without its dates, by family."""
    unit = 1 if span.length < MONTHS_BELOW else _YEAR
    docs = resolver.matching(selection.without_dates())
    whole = len(docs) == len(span.docs)
    rest = resolver.tally(span.preset).rest(unit, lambda: span.count(span.docs, unit))
    total = rest if whole else span.count(docs, unit)
    stacks = span.stacked(docs, unit).T.tolist()
    bars = [
        Bar(start, end, tuple(zip(FAMILIES, stack, strict=True)), count, every)
        for (start, end), count, every, stack in zip(
            span.days(unit), total.tolist(), rest.tolist(), stacks, strict=True
        )
        if every
    ]
    years, every_year = _years(resolver, span, docs, unit, total, rest)
    selected = chosen_range(selection)
    inclusive = range(span.first, span.last + 1)
    dated = selected is not None or bool(selection.year.include)
    on = {year for year in inclusive if dated and is_on(year, selection, selected)}
    listed = tuple(
        [
            YearCount(year, count, every, year in on)
            for year, count, every in zip(inclusive, years, every_year, strict=True)
        ]
    )
    return Density(
        unit="month" if unit == 1 else "year",
        bars=tuple(bars),
        years=listed,
        decades=_decades(span, docs, listed) if len(listed) > YEARS_LISTED else (),
        selected=selected,
    )


def _decades(span: Span, docs: BitMap, years: tuple[YearCount, ...]) -> tuple[YearCount, ...]:
    on = {year.year // 10 for year in years if year.on}
    every = span.decades(span.docs)
    counts = every if len(docs) == len(span.docs) else span.decades(docs)
    return tuple(
        YearCount(decade * 10, count, rest, decade in on)
        for decade, (count, rest) in enumerate(
            zip(counts, every, strict=True), start=span.first // 10
        )
    )


def _years(
    resolver: Resolver, span: Span, docs: BitMap, unit: int, total: Array, rest: Array
) -> tuple[list[int], list[int]]:
    if unit == _YEAR:
        return total.tolist(), rest.tolist()
    every = resolver.tally(span.preset).rest(_YEAR, lambda: span.count(span.docs, _YEAR))
    return span.count(docs, _YEAR).tolist(), every.tolist()


def _start(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _end(start: date, unit: int) -> date:
    if unit == _YEAR:
        return date(start.year, 12, 31)
    following = start.replace(day=28) + timedelta(days=4)
    return following - timedelta(days=following.day)


__all__ = ["Span", "density"]
