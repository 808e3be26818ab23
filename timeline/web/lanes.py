"""A chart's drawing: marks, rings, bars and labels set so that none lies on another.

Geometry only: places are percent of the width and pixels of the height, so that text and marks
keep their size at every width. It is laid out for ``WIDE`` pixels; a wider page only spreads it.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from timeline.index.lanes import Window
from timeline.text import breadth

WIDE = 1056
"""The width that the drawing is laid out for; narrower pages scroll it."""
PITCH = 24
"""Marks nearer than this touch."""
HEAD = 144
"""Where the lanes begin, below the labels of key events."""
LINE = 130
_MARGIN = 1.2
"""Percent at both ends, so that a mark on the first or last day isn't cut."""
_ROW = 25
_LANE = 32
_FOOT = 18
_MOST_ROWS = 6
_LABEL_ROWS = (18, 52, 86)
_LETTER, _SMALL_LETTER = 7.2, 6.2
_TURN = 0.6


@dataclass(frozen=True)
class Placed:
    """A mark: its middle in percent, its row from the base upwards, its bar in percent."""

    x: float
    row: int
    bar: tuple[float, float] | None


@dataclass(frozen=True)
class Written:
    """A label beside its leader: where it stands, and whether it ends there."""

    x: float
    y: int
    end: bool


def percent(day: dt.date, window: Window) -> float:
    """Where the middle of a day lies in the window."""
    return share((day - window.first).days + 0.5, window)


def share(days: float, window: Window) -> float:
    """Where the end of so many days of the window lies, in percent."""
    return round(_MARGIN + (100 - 2 * _MARGIN) * days / window.days, 2)


def bar(first: dt.date, last: dt.date, window: Window) -> tuple[float, float] | None:
    """From where and how wide the days from first to last lie in the window; None for one day."""
    if first == last:
        return None
    start = max((first - window.first).days, 0)
    end = min((last - window.first).days + 1, window.days)
    left, right = share(start, window), share(end, window)
    return left, round(right - left, 2)


def stacked(marks: Sequence[tuple[float, tuple[float, float] | None]]) -> list[Placed]:
    """Set the marks of a lane, given from left to right, on rows.

    No two marks of a row touch. A bar keeps others from its row while there are rows; where
    there are none left, marks stand on bars.
    """
    ends: list[float] = []
    barred: list[float] = []
    made = []
    for x, across in marks:
        middle = x * WIDE / 100
        left, right = middle - PITCH / 2, middle + PITCH / 2
        wide = (
            (min(left, across[0] * WIDE / 100), max(right, sum(across) * WIDE / 100))
            if across
            else (left, right)
        )
        free = [row for row, end in enumerate(barred) if end <= wide[0]]
        if not free and len(ends) >= _MOST_ROWS:
            free = [row for row, end in enumerate(ends) if end <= left]
        row = free[0] if free else len(ends)
        if row == len(ends):
            ends.append(0.0)
            barred.append(0.0)
        ends[row] = right
        barred[row] = max(barred[row], wide[1])
        made.append(Placed(x, row, across))
    return made


def height(rows: int) -> int:
    """The height of a lane of so many rows."""
    return _LANE + _ROW * max(1, rows)


def middle(bottom: int, row: int) -> int:
    """The middle of a row of a lane that ends at ``bottom``."""
    return bottom - _FOOT - _ROW * row


def labels(wanted: Iterable[tuple[float, str, str]]) -> dict[int, Written]:
    """Set labels, each a place in percent with two lines of text, on steps above the line, by
    their places in the order given, which is that of their weight.

    A label lies on no other and in the way of no leader; what finds no room is left out.
    """
    made: dict[int, Written] = {}
    texts: list[tuple[float, float, int, float]] = []
    for at, (x, words, date) in enumerate(wanted):
        place = x * WIDE / 100
        size = max(breadth(words) * _LETTER, breadth(date) * _SMALL_LETTER) + 6
        sides = (True, False) if place > WIDE * _TURN else (False, True)
        found = next(
            (
                (left, row, end)
                for row in range(len(_LABEL_ROWS))
                for end in sides
                for left in [place - size if end else place]
                if left >= 0
                and left + size <= WIDE
                and not any(_cross((left, left + size, row, place), other) for other in texts)
            ),
            None,
        )
        if found is not None:
            left, row, end = found
            texts.append((left, left + size, row, place))
            made[at] = Written(x, _LABEL_ROWS[row], end)
    return made


def _cross(one: tuple[float, float, int, float], other: tuple[float, float, int, float]) -> bool:
    if one[2] == other[2]:
        return one[0] < other[1] and one[1] > other[0]
    high, low = (one, other) if one[2] < other[2] else (other, one)
    return low[0] - 2 < high[3] < low[1] + 2
