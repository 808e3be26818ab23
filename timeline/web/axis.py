"""The time that a chart shows: its window, the scales to choose from, the ticks of its axis.

A window is the range of the selection itself, so that chart and list always hold the same events;
to zoom is to ask for other dates.
"""

import calendar
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext

from timeline import dates
from timeline.dates import FIRST_DAY, LAST_DAY
from timeline.index import Density
from timeline.index.lanes import Window
from timeline.models.tongue import tongue
from timeline.web.lanes import WIDE, share
from timeline.web.when import when

_TICK = 72
"""Pixels between ticks at least, so that their words don't touch."""
_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000)
_MONTH = 30.4
_LAST_WORDS = 96
"""Beyond, in percent, words would be cut off."""
Months = tuple[int, int]
"""The first month and how many, months counted from January of year 0."""


@dataclass(frozen=True)
class Tick:
    """A line of the axis and what stands beside it."""

    x: float
    words: str


@dataclass(frozen=True)
class Switch:
    """One of several ways to look, and where it leads; empty where there is nothing."""

    words: str
    href: str
    on: bool = False


@dataclass(frozen=True)
class Steering:
    """What a script needs to move a window: its first month, how many it has, and the first and
    last month of the record; the address without dates, and the names of the parameters that give
    the first and last month."""

    months: tuple[int, int, int, int]
    plain_href: str
    names: tuple[str, ...] = ("from", "to")


def steering(
    window: Window, density: Density, plain_href: str, names: tuple[str, ...] = ("from", "to")
) -> Steering:
    """How a window can be moved within the record."""
    first, has = months_of(window)
    bars = density.bars
    least = min(_month(bars[0].start), first) if bars else first
    most = max(_month(bars[-1].end), first + has - 1) if bars else first + has - 1
    return Steering((first, has, least, most), plain_href, names)


def window_of(density: Density) -> Window | None:
    """The window of a selection: what its dates say, an open end up to where the record goes;
    without dates from its first event to its last. None where nothing could be shown."""
    bars = [bar for bar in density.bars if bar.total] or list(density.bars)
    if density.selected is not None:
        first, last = density.selected
        if bars and first == FIRST_DAY:
            first = min(bars[0].start, last)
        if bars and last == LAST_DAY:
            last = max(bars[-1].end, first)
        return Window(first, last)
    return Window(bars[0].start, bars[-1].end) if bars else None


def whole_months(first: dt.date, last: dt.date) -> Window:
    """The window of the whole months in which the days lie."""
    return Window(first.replace(day=1), _month_end(last))


def months_of(window: Window) -> Months:
    """The whole months that a window touches."""
    first, last = (_month(day) for day in (window.first, window.last))
    return first, last - first + 1


def _month(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def _written(month: int) -> str:
    return f"{month // 12:04}-{month % 12 + 1:02}"


def between(months: Months) -> tuple[dates.FuzzyDate, dates.FuzzyDate]:
    """The first and last month as dates of a selection."""
    first, length = months
    return dates.parse(_written(first)), dates.parse(_written(first + length - 1))


def narrowed(window: Window, length: int, density: Density) -> Months:
    """So many months inside or around a window: those with the most events, where the record is
    drawn by months, else the middle ones."""
    first, has = months_of(window)
    if length < has and density.unit == "month":
        counts = {_month(bar.start): bar.total for bar in density.bars}
        starts = range(first, first + has - length + 1)
        busiest = max(
            starts,
            key=lambda at: (sum(counts.get(month, 0) for month in range(at, at + length)), at),
        )
        return _inside(busiest, length)
    if length < has:
        years = {bar.start.year: bar.total for bar in density.bars}
        inside = [year for year in years if first <= year * 12 < first + has] or [first // 12]
        busiest = max(inside, key=lambda year: (years.get(year, 0), year)) * 12
        return _inside(min(max(busiest + 6 - length // 2, first), first + has - length), length)
    return _inside(first + has // 2 - length // 2, length)


def _inside(first: int, length: int) -> Months:
    """The months moved so far that they lie in the years that dates have."""
    earliest, latest = _month(FIRST_DAY), _month(LAST_DAY)
    length = min(length, latest - earliest + 1)
    return min(max(first, earliest), latest - length + 1), length


def scales(
    window: Window, density: Density, href: Callable[[Months | None], str]
) -> tuple[Switch, ...]:
    """The scales to choose from; ``href`` gives the address of so many months, None for all."""
    named = (
        (120, gettext("10 years")),
        (36, gettext("3 years")),
        (12, gettext("1 year")),
        (3, gettext("3 months")),
        (1, gettext("1 month")),
    )
    _first, has = months_of(window)
    every = Switch(gettext("All years"), href(None), on=density.selected is None)
    return (
        every,
        *(
            Switch(
                words,
                href(narrowed(window, length, density)),
                on=has == length and density.selected is not None,
            )
            for length, words in named
        ),
    )


def moves(window: Window, density: Density, href: Callable[[Months | None], str]) -> list[Switch]:
    """Earlier and later by the length of the window, as far as the record goes."""
    if density.selected is None or not density.bars:
        return []
    first, has = months_of(window)
    earlier = _month(density.bars[0].start) < first
    later = _month(density.bars[-1].end) >= first + has
    return [
        Switch(gettext("Earlier"), href(_inside(first - has, has)) if earlier else ""),
        Switch(gettext("Later"), href(_inside(first + has, has)) if later else ""),
    ]


def ticks(window: Window) -> tuple[Tick, ...]:
    """Lines at days, months, years or centuries, as close as their words allow."""
    wide = WIDE / window.days
    if wide * 7 >= _TICK / 2:
        step = next((days for days in (1, 2, 5, 7, 14) if days * wide >= _TICK / 2), 14)
        starts: Iterator[dt.date] = (
            window.first + dt.timedelta(days=at) for at in range(0, window.days, step)
        )
        return tuple(_tick(day, window, _day_words) for day in starts)
    least = _TICK / (wide * _MONTH)
    step = next((each for each in _STEPS if each >= least), _STEPS[-1])
    first, has = months_of(window)
    listed = [month for month in range(first, first + has) if month % step == 0 and month >= 12]
    days = (dt.date(month // 12, month % 12 + 1, 1) for month in listed)
    say = _year_words if step >= 12 else _month_words
    made = [_tick(day, window, say) for day in days if window.first <= day <= window.last]
    if step < 12 and made and listed[0] % 12:
        # The first month says its year; the others do where a year begins.
        made[0] = Tick(made[0].x, month_words(dt.date(listed[0] // 12, listed[0] % 12 + 1, 1)))
    return tuple(made)


def _tick(day: dt.date, window: Window, say: Callable[[dt.date], str]) -> Tick:
    x = share((day - window.first).days, window)
    return Tick(x, say(day) if x < _LAST_WORDS else "")


def _day_words(day: dt.date) -> str:
    if day.day <= 1:
        return month_words(day)
    return dates.month_day(day, tongue(), short=True)


def _month_words(day: dt.date) -> str:
    return month_words(day) if day.month == 1 else _short(day)


def month_words(day: dt.date) -> str:
    """A month as a row names it: "Jul 2024"."""
    return dates.month(day, tongue(), short=True)


def _year_words(day: dt.date) -> str:
    return dates.year(day.year, tongue())


def _short(day: dt.date) -> str:
    return dates.month_name(day.month, tongue(), short=True)


def spoken(window: Window) -> str:
    """The window in words: "July 2024 to June 2025", "2024", "3–9 January 2025"."""
    first, last = window.first, window.last
    ends = last == LAST_DAY or (last + dt.timedelta(days=1)).day == 1
    whole_months = first.day == 1 and ends
    if whole_months and first.month == 1 and last.month == 12:
        if first.year == last.year:
            return _year_words(first)
        return gettext("%(first)s to %(last)s") % {
            "first": _year_words(first),
            "last": _year_words(last),
        }
    if whole_months:
        if _month(first) == _month(last):
            return dates.month(first, tongue())
        return gettext("%(first)s to %(last)s") % {
            "first": dates.month(first, tongue()),
            "last": dates.month(last, tongue()),
        }
    return days_in_words(first, last)


def days_in_words(first: dt.date, last: dt.date) -> str:
    """One day or several as a phrase."""
    edtf = first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"
    return when(edtf).words


def rungs(window: Window, unit: str) -> list[tuple[dt.date, dt.date]]:
    """The first and last day of each month, or year, that the window touches."""
    if unit == "year":
        years = range(window.first.year, window.last.year + 1)
        return [(dt.date(year, 1, 1), dt.date(year, 12, 31)) for year in years]
    first, has = months_of(window)
    edges = [dt.date(month // 12, month % 12 + 1, 1) for month in range(first, first + has)]
    return [(start, _month_end(start)) for start in edges]


def _month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
