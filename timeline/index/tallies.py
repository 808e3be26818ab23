"""Counts over the documents of a preset that follow edits, by what came and what left.

Counting a million documents by year takes milliseconds, and nearly all of them are as they were.
So a tally keeps the set that it counted, holds it against what the set is now, and counts only
the difference. Documents that left keep their dates: the arrays of an index lose nothing.

Invariant: after ``follow`` every count is what counting anew would give, or is gone.
Costs a copy of the set (an eighth of a megabyte a million documents) and two differences an edit.
"""

from collections.abc import Callable

import numpy as np
from pyroaring import BitMap

from timeline.dates import FIRST_DAY, LAST_DAY
from timeline.index.arrays import Array, numbers
from timeline.index.documents import Documents
from timeline.index.layout import months

_FEW = 500
"""More documents than this are counted anew with all others."""
_FIRST, _LAST = FIRST_DAY.toordinal(), LAST_DAY.toordinal()


class Tally:
    """The first and last year of a preset's documents, and how many touch each unit between."""

    def __init__(self, docs: BitMap) -> None:
        self._docs = docs.copy()
        self.stale = False
        """Whether the set was edited since."""
        self._ends: Array | None = None
        self._rests: dict[int, Array] = {}
        """Counts from January of the first year on, by units of so many months."""

    def ends(self, count: Callable[[], Array]) -> Array:
        """The years, which are counted where they aren't known."""
        if self._ends is None:
            self._ends = count()
        return self._ends

    def rest(self, unit: int, count: Callable[[], Array]) -> Array:
        """The counts by a unit, which are counted where they aren't known."""
        if unit not in self._rests:
            self._rests[unit] = count()
        return self._rests[unit]

    def follow(self, now: BitMap, documents: Documents) -> None:
        """Bring the counts to what the set is now."""
        self.stale = False
        before, self._docs = self._docs, now.copy()
        left, came = numbers(before - now), numbers(now - before)
        ends = self._ends
        if ends is None or len(left) + len(came) > _FEW or not self._stays(ends, left, documents):
            self._ends = None
            self._rests.clear()
            return
        low, high = ends.tolist()
        years = self._years(came, documents)
        if len(years) and (years.min() < low or years.max() > high):
            self._ends = np.array([min(low, years.min()), max(high, years.max())])
            self._rests.clear()
        for unit, counts in self._rests.items():
            self._rests[unit] = counts = counts.copy()
            for docs, times in ((came, 1), (left, -1)):
                _add(counts, low * 12, unit, docs, documents, times)

    def _stays(self, ends: Array, left: Array, documents: Documents) -> bool:
        """Whether the years are surely what they were without some documents."""
        low, high = ends.tolist()
        years = self._years(left, documents)
        return low <= high and bool(np.all((years > low) & (years < high)))

    @staticmethod
    def _years(docs: Array, documents: Documents) -> Array:
        """The years in which documents begin or end, open ends left out."""
        days = np.concatenate([documents.take(name, docs) for name in ("earliest", "latest")])
        return months(days[(days != _FIRST) & (days != _LAST)]) // 12


def _add(
    counts: Array, start: int, unit: int, docs: Array, documents: Documents, times: int
) -> None:
    """Count each document in every unit from the month ``start`` on that it touches."""
    columns = [documents.take(name, docs).tolist() for name in ("first_month", "last_month")]
    for first, last in zip(*columns, strict=True):
        counts[max((first - start) // unit, 0) : max((last - start) // unit + 1, 0)] += times
