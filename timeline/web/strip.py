"""The density strip: events per month or year as a drawing as wide as the page.

Geometry only: it turns the index's Density into one path a colour, links and labels, so that the
macro ``density_strip`` has nothing to compute. The bars stretch with the page; text and strokes,
outside of them, keep their size, and no script is needed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from math import ceil, floor
from typing import NamedTuple

from django.utils.translation import get_language, gettext, ngettext

from timeline import dates
from timeline.index import Bar, Density
from timeline.models.tongue import tongue
from timeline.text import breadth
from timeline.web.wording import FAMILY_CLASSES, decade_word

HEIGHT = 138
COLUMN = 100
# A bar in its column: where it begins and how wide it is.
_BAR = (9, 82)
_DOWN = 10
_LEAST = 6
# Room above the bars for the labels of key events.
HEADROOM = 26
TALLEST_UNIT = 11.0
_STACK = tuple(FAMILY_CLASSES)
# About how wide a letter of a 12 px label is, and the strip at 1,080 px, in percent.
_LETTER = 0.58
# The same on a strip of 330 px.
_PHONE_LETTER = 1.95
_ROWS = (16, 36, 56, 76)
# Labels right of this, in percent, stand to the left of their leaders.
_TURN = 60


class Column(NamedTuple):
    """One month or year: what it links to, what it says, and how much of the strip, in percent,
    lies empty before it."""

    href: str
    words: str
    gap: float


@dataclass(frozen=True)
class Layer:
    """All bars of one colour as one path; ``family`` is its class, or ``rest``."""

    family: str
    path: str


@dataclass(frozen=True)
class Label:
    """A key event written above its bar: anchored left or right of its leader."""

    text: str
    x: float
    row: int
    leader: int
    end: bool
    keep: bool


@dataclass(frozen=True)
class YearLink:
    """A year, or decade, of the row under the strip: the text equivalent of the bars. ``short`` is
    how many years of a decade the strip has, where it hasn't all ten."""

    label: str
    href: str
    count: int
    on: bool
    off: bool
    short: int


@dataclass(frozen=True)
class Strip:
    """The whole drawing. Layers count ``COLUMN`` across a month or year and ten up and down a
    pixel, so that their numbers are whole; ``across`` is how wide that is in all. ``tail``, in
    percent, lies empty behind the last column."""

    unit: str
    first: int
    last: int
    columns: tuple[Column, ...]
    tail: float
    layers: tuple[Layer, ...]
    across: int
    grid: tuple[float, ...]
    labels: tuple[Label, ...]
    years: tuple[YearLink, ...]
    selected: tuple[float, float] | None
    decades: bool
    has_rest: bool
    families: tuple[str, ...]
    height: int = HEIGHT

    def without_columns(self) -> "Strip":
        """The drawing alone; the row below it leads to the same."""
        return replace(self, columns=())


def _column_of(day: date, first: int, unit: str) -> int:
    """The number of the column in which a day lies."""
    if unit == "year":
        return day.year - first
    return (day.year - first) * 12 + day.month - 1


def _percent(part: int, units: int) -> float:
    """So many columns of all, as a share of the strip's width."""
    return round(part * 100 / units, 3)


@lru_cache(maxsize=8192)
def _said(_language: str, said_in: str, start: date, by_year: bool, count: int) -> str:
    """ "October 2024: 12 events", in the language that is active."""
    when = dates.year(start.year, said_in) if by_year else dates.month(start, said_in)
    said = ngettext("%(when)s: %(count)s event", "%(when)s: %(count)s events", count)
    return said % {"when": when, "count": count}


def _words(bars: Sequence[Bar], unit: str, *, narrowed: bool) -> list[str]:
    """What each bar says."""
    language, said_in, by_year = get_language() or "", tongue(), unit == "year"
    said = [_said(language, said_in, bar.start, by_year, max(bar.rest, bar.total)) for bar in bars]
    if not narrowed:
        return said
    before, _count, behind = gettext(", %(count)s selected").partition("%(count)s")
    return [f"{each}{before}{bar.total}{behind}" for each, bar in zip(said, bars, strict=True)]


class _Stack:
    """Bars piled up family by family, from the base upwards in their fixed order."""

    def __init__(self, unit_height: float) -> None:
        self._height = unit_height * _DOWN
        self._gap = 8 if unit_height >= 2 else 0
        self._paths: dict[str, list[str]] = {
            name: [] for name in (*FAMILY_CLASSES.values(), "rest")
        }

    def add(self, bar: Bar, x: int) -> float:
        """Draw one bar and return its top in pixels."""
        left = x + _BAR[0]
        y = HEIGHT * _DOWN - 8.0
        known = 0
        for family, count in bar.by_family:
            if count:
                known += count
                y = self._pile(FAMILY_CLASSES[family], left, y, count)
        if bar.total > known:
            y = self._pile("stm", left, y, bar.total - known)
        if bar.rest > bar.total:
            y = self._pile("rest", left, y, bar.rest - bar.total)
        return y / _DOWN

    def _pile(self, family: str, left: int, y: float, count: int) -> float:
        height = count * self._height
        y -= height
        tall = int(height) - self._gap
        tall = max(_LEAST, tall)
        self._paths[family].append(f"M{left} {int(y)}h{_BAR[1]}v{tall}h-{_BAR[1]}")
        return y

    def layers(self) -> tuple[Layer, ...]:
        """The paths of what was drawn."""
        return tuple(Layer(name, "".join(paths)) for name, paths in self._paths.items() if paths)


class _Text(NamedTuple):
    """The room that a label takes: its ends and its leader in percent, its row in pixels."""

    left: float
    right: float
    row: int
    leader: float

    def free(self, others: Iterable["_Text"]) -> bool:
        """Whether it lies on no other, and none is in the way of a leader that passes its row."""
        left, right, row, leader = self
        for its_left, its_right, its_row, its_leader in others:
            if its_row == row:
                if left < its_right and right > its_left:
                    return False
            elif row < its_row:
                if its_left < leader < its_right:
                    return False
            elif left < its_leader < right:
                return False
        return True


_breadth = lru_cache(maxsize=1000)(breadth)


def _on_a_phone(label: Label) -> _Text:
    size = _breadth(label.text) * _PHONE_LETTER + 1
    left, right = (label.x - size, label.x) if label.end else (label.x, label.x + size)
    return _Text(left, right, label.row, label.x)


def _place(
    named: Sequence[tuple[date, str]],
    tops: Sequence[float],
    first: int,
    unit: str,
) -> tuple[Label, ...]:
    """Set labels on rows so that none crosses another, dropping what finds no room.

    ``named`` is in order of weight: the first ones always win the room and stay on a phone.
    ``tops`` are the tops of all columns in pixels, ``HEIGHT`` where nothing is drawn.
    """
    placed: list[Label] = []
    texts: list[_Text] = []
    width = 100 / len(tops)
    for day, words in named:
        at = _column_of(day, first, unit)
        if not 0 <= at < len(tops):
            continue
        middle = round((at + 0.5) * width, 2)
        size = _breadth(words) * _LETTER + 1
        # Towards the middle of the strip, where there is more room, else the other way.
        for end in (True, False) if middle > _TURN else (False, True):
            left, right = (middle - size, middle) if end else (middle, middle + size)
            if left < 0 or right > 100:
                continue
            # The highest bar that the text passes over.
            over = tops[ceil(left / width - 0.5) : floor(right / width - 0.5) + 1]
            room = min(*over, tops[at] + 1e-9, HEIGHT + 1.0)
            rows = (_Text(left, right, row, middle) for row in _ROWS if row + 6 < room)
            text = next((each for each in rows if each.free(texts)), None)
            if text is not None:
                leader = int(max(text.row + 4, tops[at] - 4))
                placed.append(Label(words, middle, text.row, leader, end, keep=False))
                texts.append(text)
                break
    return tuple(sorted(_for_phones(placed), key=lambda label: label.x))


def _for_phones(labels: Sequence[Label]) -> list[Label]:
    """Mark the labels that find room on a phone too, the weightiest first; two at most."""
    made = []
    taken: list[_Text] = []
    for label in labels:
        text = _on_a_phone(label)
        inside = text.left >= 0 and text.right <= 100
        if inside and len(taken) < 2 and text.free(taken):
            taken.append(text)
            label = replace(label, keep=True)
        made.append(label)
    return made


def strip(
    density: Density,
    bar_href: Callable[[Bar], str],
    years_href: Callable[[int, int], str],
    named: Sequence[tuple[date, str]] = (),
) -> Strip | None:
    """Draw a density; None where there is nothing to draw.

    ``bar_href`` gives the address of the list behind a bar, ``years_href`` that from one year to
    another; ``named`` are days with short labels, the weightiest first.
    """
    if not density.years:
        return None
    first, last = density.years[0].year, density.years[-1].year
    count = last - first + 1
    unit = density.unit
    units = count * (1 if unit == "year" else 12)
    tallest = max((max(bar.rest, bar.total) for bar in density.bars), default=0)
    unit_height = min(TALLEST_UNIT, (HEIGHT - HEADROOM - 16) / tallest) if tallest else 1.0
    if tallest and unit_height > 5.4:
        unit_height = min(unit_height, 5.4 if tallest > 8 else TALLEST_UNIT)
    narrowed = any(bar.total < bar.rest for bar in density.bars)
    bars = [
        bar for bar in density.bars if max(bar.total, bar.rest) and first <= bar.start.year <= last
    ]
    stack = _Stack(unit_height)
    columns = []
    tops = [float(HEIGHT)] * units
    reached = 0
    for bar, words in zip(bars, _words(bars, unit, narrowed=narrowed), strict=True):
        at = _column_of(bar.start, first, unit)
        tops[at] = stack.add(bar, at * COLUMN)
        columns.append(Column(bar_href(bar), words, _percent(at - reached, units)))
        reached = at + 1
    window = None
    if density.selected is not None:
        start, end = density.selected
        left = max(0.0, _column_of(start, first, unit) * 100 / units)
        right = min(100.0, (_column_of(end, first, unit) + 1) * 100 / units)
        if left < right and (left > 0 or right < 100):
            window = (round(left, 2), round(right, 2))
    language = get_language()
    listed, length = (density.decades, 10) if density.decades else (density.years, 1)
    some_on = any(year.on for year in listed) and not all(year.on for year in listed)
    return Strip(
        unit=unit,
        first=first,
        last=last,
        columns=tuple(columns),
        tail=_percent(units - reached, units),
        layers=stack.layers(),
        across=units * COLUMN,
        grid=tuple(
            round((each.year - first) * 100 / count, 2) for each in listed if each.year > first
        ),
        labels=_place(named, tops, first, unit),
        years=tuple(
            YearLink(
                label=decade_word.said(language, year.year) if density.decades else str(year.year),
                href=years_href(max(year.year, 1), year.year + length - 1),
                count=year.count,
                on=year.on and some_on,
                off=(not year.on and some_on) or not year.count,
                short=(min(year.year + length - 1, last) - max(year.year, first) + 1) % length,
            )
            for year in listed
        ),
        selected=window,
        decades=bool(density.decades),
        has_rest=narrowed,
        families=_STACK,
    )
