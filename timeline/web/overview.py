"""A story's time at a glance: its steps as numbered dots over the bands of periods.

Geometry only: places are percent of the width and pixels of the height. It is laid out for
``WIDE`` pixels; on a phone the stylesheet makes the dots small and leaves their numbers away.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from timeline.dates import FIRST_DAY, LAST_DAY
from timeline.index.lanes import Window
from timeline.models.tongue import tongue
from timeline.record import EventRecord, spoken
from timeline.record.stories import PeriodRecord
from timeline.text import breadth
from timeline.web import axis, wording
from timeline.web.lanes import bar, percent
from timeline.web.when import When, when

WIDE = 1080
NO_FAMILY = "non"
"""The class of what has no colour of its own."""
_DOT = 24
"""Pixels from one dot to the next, in a row and between rows."""
_MOST_ROWS = 7
_APART = 19.0
"""Percent from one date to the next on a phone, so that their words don't touch."""
_BAND_ROW = 21
_LETTER = 6.9
_FOOT = 24
_BEFORE_ONE_ROW = 6


@dataclass(frozen=True)
class Band:
    """A period behind the steps: ``x`` and ``width`` in percent, ``y`` its top. ``written`` is
    whether its title has room inside it."""

    title: str
    when: When
    note: str
    family: str
    x: float
    width: float
    y: int
    written: bool


@dataclass(frozen=True)
class Dot:
    """A step: its middle in percent, its height in pixels from the top."""

    number: int
    title: str
    x: float
    y: int


@dataclass(frozen=True)
class Tick:
    """A line of the axis. The words of one that is ``near`` the one before would touch those on a
    phone."""

    x: float
    words: str
    near: bool


@dataclass(frozen=True)
class Overview:
    """The drawing; ``base`` is where its axis lies."""

    words: str
    bands: tuple[Band, ...]
    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    base: int
    height: int


def days_of(event: EventRecord) -> tuple[dt.date, dt.date]:
    """The first and last day of an event; an open side is where the event is sorted."""
    first = event.sort_date if event.earliest == FIRST_DAY else event.earliest
    last = event.sort_date if event.latest == LAST_DAY else event.latest
    return min(first, event.sort_date), max(last, event.sort_date)


def window_of(events: Sequence[EventRecord]) -> Window:
    """The whole months in which the events lie."""
    days = [days_of(event) for event in events]
    return axis.whole_months(min(day for day, _ in days), max(day for _, day in days))


def months_in_words(window: Window) -> str:
    """The months of a window, no more exact than they are: "March to May 2018"."""
    first, last = (f"{day.year:04}-{day.month:02}" for day in (window.first, window.last))
    return when(first if first == last else f"{first}/{last}").words


def overview_of_days(days: Sequence[dt.date], window: Window) -> tuple[float, ...]:
    """Where events lie in a window, for a story in a list of stories."""
    return tuple(percent(day, window) for day in days)


def overview(
    events: Sequence[EventRecord], periods: Sequence[PeriodRecord], window: Window
) -> Overview:
    """Draw the steps of a story, in their order, over its periods."""
    bands = bands_of(periods, window)
    placed = _rows([_middle(event, window) for event in events])
    head = room_of(bands) + _BEFORE_ONE_ROW
    base = head + _DOT * (1 + max(row for _, row in placed)) + 2
    return Overview(
        words=months_in_words(window),
        bands=bands,
        dots=tuple(
            Dot(number, event.here(tongue()).title, x, base - 14 - row * _DOT)
            for number, (event, (x, row)) in enumerate(zip(events, placed, strict=True), start=1)
        ),
        ticks=_ticks(window),
        base=base,
        height=base + _FOOT,
    )


def _ticks(window: Window) -> tuple[Tick, ...]:
    made: list[Tick] = []
    last = -_APART
    for tick in axis.ticks(window):
        near = tick.x - last < _APART
        if tick.words and not near:
            last = tick.x
        made.append(Tick(tick.x, tick.words, near))
    return tuple(made)


def _middle(event: EventRecord, window: Window) -> float:
    first, last = days_of(event)
    return percent(first + (last - first) // 2, window)


def _rows(places: Sequence[float]) -> list[tuple[float, int]]:
    """Each dot in the lowest row where it touches none before it; the highest may overlap."""
    pitch = _DOT / WIDE * 100
    taken: list[list[float]] = []
    found = []
    for x in places:
        row = next(
            (at for at, others in enumerate(taken) if all(abs(x - y) >= pitch for y in others)),
            min(len(taken), _MOST_ROWS - 1),
        )
        if row == len(taken):
            taken.append([])
        taken[row].append(x)
        found.append((x, row))
    return found


def bands_of(periods: Sequence[PeriodRecord], window: Window, wide: int = WIDE) -> tuple[Band, ...]:
    """The periods that touch the window, as wide as ``wide`` pixels; those that overlap begin one
    below the other."""
    made: list[Band] = []
    ends: list[float] = []
    for period in sorted(spoken.periods(periods), key=lambda each: (each.earliest, each.latest)):
        if period.latest < window.first or period.earliest > window.last:
            continue
        first, last = max(period.earliest, window.first), min(period.latest, window.last)
        place = bar(first, last, window)
        x, width = place if place is not None else (percent(first, window), 0.3)
        row = next((at for at, end in enumerate(ends) if end <= x + 0.01), len(ends))
        if row == len(ends):
            ends.append(0)
        ends[row] = x + width
        made.append(
            Band(
                title=period.title,
                when=when(period.date),
                note=period.note,
                family=wording.FAMILY_CLASSES.get(period.family, NO_FAMILY),
                x=x,
                width=width,
                y=row * _BAND_ROW,
                written=breadth(period.title) * _LETTER + 12 <= width / 100 * wide,
            )
        )
    return tuple(made)


def room_of(bands: Sequence[Band]) -> int:
    """How many pixels the titles of bands take above what they lie behind."""
    return max((band.y + _BAND_ROW for band in bands), default=0)


def family_at(periods: Sequence[PeriodRecord], day: dt.date) -> str:
    """The colour of the first period in which a day lies; that of none where none has one."""
    for period in periods:
        if period.family and period.earliest <= day <= period.latest:
            return wording.FAMILY_CLASSES.get(period.family, NO_FAMILY)
    return NO_FAMILY
