"""The density strip: events per month or year as a drawing whose x is percent and y pixels.

Geometry only: it turns the index's Density into rectangles and labels, so that the macro
``density_strip`` has nothing to compute. Without a viewBox, text and strokes keep their size at
every width and no script is needed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import product

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from timeline.index import Bar, Density
from timeline.web.wording import FAMILY_CLASSES

HEIGHT = 138
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


@dataclass(frozen=True)
class Segment:
    """One rectangle of a bar: its class (a family or ``rest``), top and height in pixels."""

    family: str
    y: float
    height: float


@dataclass(frozen=True)
class Column:
    """One month or year: x and width in percent, what it links to, what it says."""

    href: str
    words: str
    x: float
    width: float
    hit_x: float
    hit_width: float
    segments: tuple[Segment, ...]


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
    """A year of the row under the strip: the text equivalent of the bars."""

    year: int
    href: str
    count: int
    on: bool
    off: bool


@dataclass(frozen=True)
class Strip:
    """The whole drawing."""

    unit: str
    first: int
    last: int
    columns: tuple[Column, ...]
    grid: tuple[float, ...]
    labels: tuple[Label, ...]
    years: tuple[YearLink, ...]
    selected: tuple[float, float] | None
    has_rest: bool
    families: tuple[str, ...]
    height: int = HEIGHT


def _position(day: date, first: int, years: int, unit: str) -> float:
    """Where a day's unit begins, in percent of the strip."""
    if unit == "year":
        return (day.year - first) * 100 / years
    return ((day.year - first) * 12 + day.month - 1) * 100 / (years * 12)


def _column_words(unit: str, rest: bool) -> Callable[[Bar], str]:
    """What a bar says; each phrase is looked up once for all bars."""
    selected = gettext(", %(count)s selected") if rest else ""

    @cache
    def phrase(count: int) -> str:
        return ngettext("%(when)s: %(count)s event", "%(when)s: %(count)s events", count)

    def words(bar: Bar) -> str:
        when = str(bar.start.year) if unit == "year" else date_format(bar.start, "F Y")
        every = max(bar.rest, bar.total)
        said = phrase(every) % {"when": when, "count": every}
        return said + selected % {"count": bar.total} if rest else said

    return words


def _segments(bar: Bar, unit_height: float, base: float) -> tuple[Segment, ...]:
    """Families from the base upwards in their fixed order, then what isn't selected."""
    counts = dict(bar.by_family)
    stack = [(FAMILY_CLASSES[family], counts.get(family, 0)) for family in _STACK]
    known = sum(count for _, count in stack)
    stack.append(("stm", max(0, bar.total - known)))
    stack.append(("rest", max(0, bar.rest - bar.total)))
    gap = 0.8 if unit_height >= 2 else 0.0
    segments = []
    y = base
    for family, count in stack:
        if count:
            height = count * unit_height
            y -= height
            segments.append(Segment(family, round(y, 1), round(max(height - gap, 0.6), 1)))
    return tuple(segments)


@dataclass(frozen=True)
class _Text:
    """The room that a label takes: its ends and its leader in percent, its row in pixels."""

    left: float
    right: float
    row: int
    leader: float

    def crosses(self, other: "_Text") -> bool:
        """Whether one lies on the other, or in the way of a leader that passes its row."""
        if self.row == other.row:
            return self.left < other.right and self.right > other.left
        high, low = (self, other) if self.row < other.row else (other, self)
        return low.left < high.leader < low.right


def _text(label: Label, letter: float) -> _Text:
    size = len(label.text) * letter + 1
    left, right = (label.x - size, label.x) if label.end else (label.x, label.x + size)
    return _Text(left, right, label.row, label.x)


def _place(
    named: Sequence[tuple[date, str]],
    tops: dict[float, float],
    first: int,
    years: int,
    unit: str,
) -> tuple[Label, ...]:
    """Set labels on rows so that none crosses another, dropping what finds no room.

    ``named`` is in order of weight: the first ones always win the room and stay on a phone.
    """
    placed: list[Label] = []
    width = 100 / (years * (1 if unit == "year" else 12))
    for day, words in named:
        x = _position(day, first, years, unit)
        top = tops.get(round(x, 4), float(HEIGHT))
        middle = round(x + width / 2, 2)
        # Towards the middle of the strip, where there is more room, else the other way.
        sides = (True, False) if middle > _TURN else (False, True)
        for end, row in product(sides, _ROWS):
            leader = int(max(row + 4, top - 4))
            label = Label(words, middle, row, leader, end, keep=False)
            text = _text(label, _LETTER)
            if text.left < 0 or text.right > 100 or row + 6 > top:
                continue
            clear = all(
                height > row + 6
                for at, height in tops.items()
                if text.left <= at + width / 2 <= text.right
            )
            if clear and not any(text.crosses(_text(other, _LETTER)) for other in placed):
                placed.append(label)
                break
    return tuple(sorted(_for_phones(placed), key=lambda label: label.x))


def _for_phones(labels: Sequence[Label]) -> list[Label]:
    """Mark the labels that find room on a phone too, the weightiest first; two at most."""
    made = []
    taken: list[_Text] = []
    for label in labels:
        text = _text(label, _PHONE_LETTER)
        inside = text.left >= 0 and text.right <= 100
        keep = inside and len(taken) < 2 and not any(text.crosses(other) for other in taken)
        if keep:
            taken.append(text)
        made.append(replace(label, keep=keep))
    return made


def strip(
    density: Density,
    bar_href: Callable[[Bar], str],
    year_href: Callable[[int], str],
    named: Sequence[tuple[date, str]] = (),
) -> Strip | None:
    """Draw a density; None where there is nothing to draw.

    ``bar_href`` gives the address of the list behind a bar,
    ``year_href`` that of a year; ``named`` are days with short labels, the weightiest first.
    """
    if not density.years:
        return None
    first, last = density.years[0].year, density.years[-1].year
    count = last - first + 1
    unit = density.unit
    tallest = max((max(bar.rest, bar.total) for bar in density.bars), default=0)
    unit_height = min(TALLEST_UNIT, (HEIGHT - HEADROOM - 16) / tallest) if tallest else 1.0
    if tallest and unit_height > 5.4:
        unit_height = min(unit_height, 5.4 if tallest > 8 else TALLEST_UNIT)
    narrowed = any(bar.total < bar.rest for bar in density.bars)
    width = 100 / (count * (1 if unit == "year" else 12))
    words = _column_words(unit, narrowed)
    columns = []
    tops: dict[float, float] = {}
    for bar in density.bars:
        if not max(bar.total, bar.rest) or not first <= bar.start.year <= last:
            continue
        x = _position(bar.start, first, count, unit)
        segments = _segments(bar, unit_height, HEIGHT - 0.8)
        tops[round(x, 4)] = min(segment.y for segment in segments)
        columns.append(
            Column(
                href=bar_href(bar),
                words=words(bar),
                x=round(x + width * 0.09, 2),
                width=round(width * 0.82, 2),
                hit_x=round(x, 2),
                hit_width=round(width, 2),
                segments=segments,
            )
        )
    window = None
    if density.selected is not None:
        start, end = density.selected
        left = max(0.0, _position(start, first, count, unit))
        right = min(100.0, _position(end, first, count, unit) + width)
        if left < right and (left > 0 or right < 100):
            window = (round(left, 2), round(right, 2))
    some_on = any(year.on for year in density.years) and not all(y.on for y in density.years)
    return Strip(
        unit=unit,
        first=first,
        last=last,
        columns=tuple(columns),
        grid=tuple(round(number * 100 / count, 2) for number in range(1, count)),
        labels=_place(named, tops, first, count, unit),
        years=tuple(
            YearLink(
                year=year.year,
                href=year_href(year.year),
                count=year.count,
                on=year.on and some_on,
                off=(not year.on and some_on) or not year.count,
            )
            for year in density.years
        ),
        selected=window,
        has_rest=narrowed,
        families=_STACK,
    )
