"""The drawing of a comparison: two selections above and below one axis of time.

Each has its lanes and, between them at the axis, its density; both densities have one scale, so
that a bar above is as high as one below that stands for as many events. An event that is a mark
on both sides is joined. Costs what two charts cost, however many events there are.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext

from timeline import dates
from timeline.index import Bar, Density, Page, Selection
from timeline.index.lanes import Window
from timeline.index.page import YearCount
from timeline.models.choices import Family
from timeline.models.tongue import tongue
from timeline.web import axis, charting, lanes, wording
from timeline.web.axis import Tick
from timeline.web.charting import DrawnLane, Lanes, Leading

MARKS = 70
"""Marks of a side at most."""
ROWS = 24
"""Rows of the table of counts at most."""
TALL = 48
_HEAD = 22
_BAND = 26
_GAP = 0.06
_WIDE = 80
"""Percents of a half that the longest bar of the ladder takes; behind it stands its number."""
_OF_A_ROW = 12


@dataclass(frozen=True)
class Side:
    """A side that is drawn: its letter, what it holds, and where its marks lead."""

    letter: str
    words: str
    selection: Selection
    found: Page
    leading: Leading


@dataclass(frozen=True)
class Caption:
    """What stands beside the density of a side."""

    letter: str
    words: str
    y: int


@dataclass(frozen=True)
class Layer:
    """The bars of one family on one side, as a path."""

    family: str
    path: str


@dataclass(frozen=True)
class Row:
    """A month, year or decade with its events on both sides: the text equivalent of the densities,
    and a rung of the ladder that stands for the drawing on a phone. ``wide`` are percents of half
    its width."""

    words: str
    href: str
    counts: tuple[int, int]
    wide: tuple[float, float]


@dataclass(frozen=True)
class Comparison:
    """The whole drawing."""

    lanes: tuple[DrawnLane, ...]
    captions: tuple[Caption, Caption]
    layers: tuple[Layer, ...]
    ticks: tuple[Tick, ...]
    tick_y: int
    lines: tuple[tuple[str, str], ...]
    fills: tuple[tuple[str, str, str], ...]
    shapes: tuple[str, ...]
    bottom: int
    name: str
    rows: tuple[Row, ...]
    rows_words: str
    elements: int


def joined(one: Density, other: Density) -> Density:
    """Two densities as one, to find the window and the scales of both."""
    unit = "year" if "year" in (one.unit, other.unit) else "month"
    bars: dict[date, Bar] = {}
    for bar in (*_bars(one, unit).values(), *_bars(other, unit).values()):
        before = bars.get(bar.start)
        total = bar.total + (before.total if before is not None else 0)
        bars[bar.start] = Bar(bar.start, bar.end, bar.by_family, total, bar.rest)
    chosen = [each.selected for each in (one, other) if each.selected is not None]
    # Where one side has no dates, what is shown is as long as the record.
    selected = (
        (min(first for first, _last in chosen), max(last for _first, last in chosen))
        if len(chosen) == 2
        else None
    )
    return Density(unit, tuple(bars[start] for start in sorted(bars)), (), (), selected)


def _bars(density: Density, unit: str) -> dict[date, Bar]:
    """The bars of a density by their starts, as years where those are asked for."""
    if unit == density.unit:
        return {bar.start: bar for bar in density.bars}
    made: dict[date, Bar] = {}
    for bar in density.bars:
        start = date(bar.start.year, 1, 1)
        before = made.get(start) or Bar(start, start, (), 0, 0)
        families = Counter(dict(before.by_family)) + Counter(dict(bar.by_family))
        made[start] = Bar(
            start,
            date(start.year, 12, 31),
            tuple((family, families[family]) for family in Family.values if families[family]),
            before.total + bar.total,
            before.rest + bar.rest,
        )
    return made


def draw(sides: tuple[Side, Side], window: Window, href: Callable[[date, date], str]) -> Comparison:
    """Draw two sides in a window that holds the events of both; ``href`` gives the address of the
    comparison between two days."""
    unit = joined(*(side.found.density for side in sides)).unit
    density = [_bars(side.found.density, unit) for side in sides]
    spans = [
        (start, end)
        for start, end in axis.rungs(window, unit)
        if any(start in bars for bars in density)
    ]
    most = max(
        (bars[start].total for bars in density for start, _end in spans if start in bars),
        default=0,
    )
    above = _lanes(sides[0], window, 0)
    line = above.bottom + _HEAD + TALL
    below = _lanes(sides[1], window, line + _BAND + TALL + _HEAD)
    layers = (
        *layers_of(density[0], spans, window, most, line, up=True),
        *layers_of(density[1], spans, window, most, line + _BAND, up=False),
    )
    ticks = axis.ticks(window)
    joins = _joins(above, below)
    drawn = [above, replace(below, ties=(*below.ties, *joins))]
    rows_words, rows = _rows(window, sides, href)
    return Comparison(
        lanes=(*above.drawn, *below.drawn),
        captions=(
            Caption(sides[0].letter, sides[0].words, above.bottom + 15),
            Caption(sides[1].letter, sides[1].words, line + _BAND + TALL + 15),
        ),
        layers=layers,
        ticks=ticks,
        tick_y=line + 17,
        lines=charting.lines(drawn, ticks, 0, below.bottom, across=(line, line + _BAND)),
        fills=tuple(sorted({*above.fills, *below.fills})),
        shapes=tuple(sorted({*above.shapes, *below.shapes})),
        bottom=below.bottom,
        name=gettext("Two selections, %(window)s, in lanes") % {"window": axis.spoken(window)},
        rows=rows,
        rows_words=rows_words,
        elements=above.elements
        + below.elements
        + 4 * (len(above.drawn) + len(below.drawn))
        + _OF_A_ROW * len(rows)
        + len(ticks)
        + len(layers),
    )


def _lanes(side: Side, window: Window, top: int) -> Lanes:
    """The lanes of a side: the families that it has events of."""
    values = {family: wording.family_word(family) for family in Family.values}
    standing = charting.stand(
        side.selection, window, "category", list(values), MARKS, side.leading.chosen
    )
    held = [lane for lane in standing if lane.total]
    told = charting.tell(charting.keys_of(held))
    named = {
        family: gettext("%(side)s: %(lane)s") % {"side": side.letter, "lane": words}
        for family, words in values.items()
    }
    return charting.laid_out(held, named, told, window, side.leading, top)


def _joins(above: Lanes, below: Lanes) -> list[tuple[float, int, int]]:
    return [
        (places[-1][0], places[-1][1] + 8, below.stood[key][0][1] - 8)
        for key, places in above.stood.items()
        if key in below.stood
    ]


def layers_of(
    bars: Mapping[date, Bar],
    spans: Sequence[tuple[date, date]],
    window: Window,
    most: int,
    line: int,
    *,
    up: bool,
) -> list[Layer]:
    """The density of a side, piled up from the axis away."""
    paths: dict[str, list[str]] = {}
    for start, end in spans:
        if start not in bars:
            continue
        left = lanes.share(max((start - window.first).days, 0), window)
        right = lanes.share(min((end - window.first).days + 1, window.days), window)
        gap = (right - left) * _GAP
        x, wide = round((left + gap) * 100), max(round((right - left - 2 * gap) * 100), 20)
        reach = 0.0
        for family, count in bars[start].by_family:
            if count:
                tall = TALL * count / most
                top = line - reach - tall if up else line + reach
                paths.setdefault(family, []).append(f"M{x} {top:.1f}h{wide}v{tall:.1f}h-{wide}")
                reach += tall
    return [Layer(wording.FAMILY_CLASSES[family], "".join(path)) for family, path in paths.items()]


def _rows(
    window: Window, sides: tuple[Side, Side], href: Callable[[date, date], str]
) -> tuple[str, tuple[Row, ...]]:
    """The counts of both sides by months, by years where those would be too many, or by decades,
    and in words which of them; none where even decades are too many."""
    density = [side.found.density for side in sides]
    counts: list[dict[date, int]]
    if axis.months_of(window)[1] <= ROWS and all(each.unit == "month" for each in density):
        title, length = gettext("Counts by month"), 0
        counts = [{bar.start: bar.total for bar in each.bars} for each in density]
    elif len(axis.rungs(window, "year")) <= ROWS:
        title, length = gettext("Counts by year"), 1
        counts = [_by_first_day(each.years) for each in density]
    else:
        title, length = gettext("Counts by decade"), 10
        counts = [_by_first_day(each.decades) for each in density]
    spans = _spans(window, length)
    if len(spans) > ROWS:
        return "", ()
    one, other = ([held.get(start, 0) for _, start, _ in spans] for held in counts)
    most = max((*one, *other), default=0) or 1
    return title, tuple(
        Row(
            words,
            href(start, end),
            (above, below),
            (round(_WIDE * above / most, 2), round(_WIDE * below / most, 2)),
        )
        for (words, start, end), above, below in zip(spans, one, other, strict=True)
    )


def _by_first_day(counted: Sequence[YearCount]) -> dict[date, int]:
    return {date(max(each.year, 1), 1, 1): each.count for each in counted}


def _spans(window: Window, length: int) -> list[tuple[str, date, date]]:
    """The months of a window, or its spans of so many years: words, first and last day."""
    if not length:
        return [(axis.month_words(start), start, end) for start, end in axis.rungs(window, "month")]
    first = window.first.year // length * length
    return [
        (
            wording.decade_word(year) if length > 1 else dates.year(year, tongue()),
            date(max(year, 1), 1, 1),
            date(min(year + length - 1, 9999), 12, 31),
        )
        for year in range(first, window.last.year + 1, length)
    ]
