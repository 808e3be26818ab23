"""The picture that other sites show where a page is linked: what it says, and how it is drawn.

A picture follows from its content alone: what was drawn for one page serves until a word or a bar
of it changes, and its address carries that content's hash. Knows no request and no database; which
page has which picture is in :mod:`timeline.web.pictured`.
"""

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from timeline.index import Bar, Density
from timeline.web import letters, raster, svg
from timeline.web.letters import FACES, SANS, SERIF, STRONG
from timeline.web.svg import colour, element
from timeline.web.wording import FAMILY_CLASSES

WIDTH, HEIGHT = 1200, 630
_EDGE = 64
_ROOM = WIDTH - 2 * _EDGE
_SPINE = 84
_BESIDE = 128
_LEADING = 1.14
# The plot: its base line, the room that it has at least, and how high one event is at most.
_BASE = 520
_LEAST = 148
_TALLEST = 30.0
_FEW_LABELS = 13
_MONTHS_OF = 15
"""Years up to which single events are drawn by months."""
_STACK = tuple(FAMILY_CLASSES.values())


class Column(NamedTuple):
    """A month or year of the plot: events by colour class, and those that aren't selected."""

    at: int
    counts: tuple[tuple[str, int], ...]
    rest: int


@dataclass(frozen=True)
class Bars:
    """The events of a selection over time, as columns or as an answer has them: most pictures are
    named by a page and never drawn. ``window`` are the columns of its own range."""

    first: int
    last: int
    per_year: int
    window: tuple[int, int] | None
    given: tuple[Bar, ...] = ()
    made: tuple[Column, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """What is drawn of each month or year that has any event."""
        return self.made or tuple(self._column(bar) for bar in self.given)

    def at(self, day: date) -> int:
        """The number of the column in which a day lies."""
        month = day.month - 1 if self.per_year == 12 else 0
        return (day.year - self.first) * self.per_year + month

    def _column(self, bar: Bar) -> Column:
        counts = [(FAMILY_CLASSES[family], count) for family, count in bar.by_family if count]
        other = bar.total - sum([count for _tint, count in counts])
        if other > 0:
            counts.append(("stm", other))
        return Column(self.at(bar.start), tuple(counts), max(bar.rest - bar.total, 0))

    @property
    def numbers(self) -> bytes:
        """All that ``given`` says, in a quarter of the time that it takes to write it."""
        listed = [
            (bar.start.toordinal(), bar.total, bar.rest, *[count for _, count in bar.by_family])
            for bar in self.given
        ]
        return array("q", chain.from_iterable(listed)).tobytes()


@dataclass(frozen=True)
class Sign:
    """A mark with its word; ``tint`` is a colour of the style sheet."""

    shape: str
    tint: str
    word: str


@dataclass(frozen=True)
class Picture:
    """All that a picture says. An event has a ``ring``, which is as on its card ("" for one day);
    a list has ``bars``."""

    site: str
    host: str
    title: str
    above: str = ""
    words: str = ""
    signs: tuple[Sign, ...] = ()
    counts: tuple[str, ...] = ()
    ring: str | None = None
    key: bool = False
    bars: Bars | None = None

    @property
    def hash(self) -> str:
        """What its address carries: the same for the same picture, another for any other."""
        bars = replace(self.bars, given=()) if self.bars else None
        numbers = self.bars.numbers if self.bars else b""
        parts = (_maker(), replace(self, bars=bars), numbers)
        said = repr(parts).encode("utf-8", "backslashreplace")
        return hashlib.blake2b(said, digest_size=8).hexdigest()


@cache
def _maker() -> str:
    """Everything that a picture is drawn with, in a few letters."""
    digest = hashlib.blake2b(version("resvg-py").encode(), digest_size=8)
    here = Path(__file__)
    code = (here, *map(here.with_name, ("letters.py", "raster.py", "svg.py")))
    for file in (*code, *(face.path for face in FACES)):
        digest.update(file.read_bytes())
    digest.update(repr([colour(name) for name in _TINTS]).encode())
    return digest.hexdigest()


_TINTS = ("paper", "wash", "ink", "ink-2", "ink-3", "rule", "rule-2", "link", "alarm", "rest")


def bars(density: Density) -> Bars | None:
    """A density as a picture shows it; None where there is nothing."""
    if not density.years:
        return None
    first, last = density.years[0].year, density.years[-1].year
    per_year = 1 if density.unit == "year" else 12
    counted = tuple(
        [bar for bar in density.bars if first <= bar.start.year <= last and (bar.total or bar.rest)]
    )
    whole = Bars(first, last, per_year, None, counted)
    if density.selected is None:
        return whole
    start, end = density.selected
    every = (last - first + 1) * per_year
    left, right = max(0, whole.at(start)), min(every, whole.at(end) + 1)
    narrowed = left < right and (left, right) != (0, every)
    return replace(whole, window=(left, right)) if narrowed else whole


def bars_of(events: Iterable[tuple[date, str]]) -> Bars | None:
    """Single events, each a day and a family, as a picture shows them: by months, or by
    years where these would be too many; None where there is none."""
    listed = sorted(events)
    if not listed:
        return None
    first, last = listed[0][0].year, listed[-1][0].year
    per_year = 12 if last - first < _MONTHS_OF else 1
    counted: dict[int, Counter[str]] = {}
    for day, family in listed:
        at = (day.year - first) * per_year + (day.month - 1 if per_year == 12 else 0)
        counted.setdefault(at, Counter())[FAMILY_CLASSES.get(family, "stm")] += 1
    columns = (
        Column(at, tuple((tint, counts[tint]) for tint in _STACK if counts[tint]), 0)
        for at, counts in counted.items()
    )
    return Bars(first, last, per_year, None, made=tuple(columns))


def png(drawn: str, zoom: int = 1) -> bytes:
    """A drawing as PNG, with the fonts of this project and no others.

    Raises Busy where as many are being drawn as may be.
    """
    return raster.png(drawn, [face.path for face in FACES], zoom)


def draw(picture: Picture) -> str:
    """The picture as SVG."""
    return svg.drawing(
        WIDTH,
        HEIGHT,
        svg.symbols(sign.shape for sign in picture.signs),
        element("rect", width=WIDTH, height=HEIGHT, fill=colour("paper")),
        element("rect", width=WIDTH, height=12, fill=colour("ink")),
        *_masthead(picture),
        *(_event(picture) if picture.ring is not None else _list(picture)),
        *_foot(picture),
    )


def _masthead(picture: Picture) -> Iterable[Markup]:
    name = letters.fit(picture.site, SERIF, (44, 36, 30), _ROOM - 60, 60, 1.2)
    said = name.lines[0]
    wide = letters.width(said, SERIF, name.size)
    yield svg.text(said, SERIF, name.size, _EDGE, 80, fill=colour("ink"))
    yield element("rect", x=_EDGE + wide + 12, y=68, width=38, height=5, fill=colour("mil"))
    yield element("rect", x=_EDGE, y=104, width=_ROOM, height=2, fill=colour("ink"))


def _foot(picture: Picture) -> Iterable[Markup]:
    host = letters.written(picture.host)
    wide = letters.width(host, SANS, 26)
    yield svg.text(host, SANS, 26, WIDTH - _EDGE, 594, text_anchor="end", fill=colour("ink-3"))
    said = letters.fit(" · ".join(picture.counts), STRONG, (26,), _ROOM - wide - 40, 30, 1)
    yield svg.text(said.lines[0], STRONG, 26, _EDGE, 594, fill=colour("ink"))


def _event(picture: Picture) -> Iterable[Markup]:
    x, room = _BESIDE, WIDTH - _EDGE - _BESIDE
    yield element("rect", x=_SPINE - 1, y=134, width=2, height=406, fill=colour("rule-2"))
    yield _ring(picture.ring or "", key=picture.key)
    yield svg.text(picture.above, STRONG, 34, x, 176, fill=colour("ink"))
    left: float = x
    for sign in picture.signs:
        yield svg.mark(sign.shape, left, 201, 26, colour(sign.tint))
        said = colour("alarm" if sign.tint == "alarm" else "ink-2")
        yield svg.text(sign.word, STRONG, 26, left + 36, 223, fill=said)
        left += 36 + letters.width(sign.word, STRONG, 26) + 36
    title = letters.fit(picture.title, SERIF, tuple(range(80, 39, -4)), room, 282, _LEADING)
    yield from _lines(title, x, 262, colour("ink"))


def _ring(ring: str, *, key: bool) -> Markup:
    """How exactly the date is known, as the list draws it on its spine."""
    dashed = "7 6" if ring in ("fuzzy", "wide") else None
    tall = 52 if ring in ("range", "wide") else 28
    return element(
        "rect",
        x=_SPINE - 14,
        y=150,
        width=28,
        height=tall,
        rx=14,
        fill=colour("ink" if key and not dashed else "paper"),
        stroke=colour("ink"),
        stroke_width=4,
        stroke_dasharray=dashed,
    )


def _list(picture: Picture) -> Iterable[Markup]:
    top = 122.0
    if picture.above:
        yield svg.text(picture.above, STRONG, 28, _EDGE, 156, fill=colour("ink-3"))
        top = 168.0
    words = letters.fit(picture.words, SANS, (30, 27), _ROOM, 76, 1.28) if picture.words else None
    below = len(words.lines) * words.size * 1.28 + 14 if words else 0.0
    room = _BASE - _LEAST - 28 - top - below
    title = letters.fit(picture.title, SERIF, tuple(range(84, 35, -4)), _ROOM, room, _LEADING)
    yield from _lines(title, _EDGE, top, colour("ink"))
    end = top + len(title.lines) * title.size * _LEADING
    if words is not None:
        for at, line in enumerate(words.lines):
            baseline = end + 10 + words.size * (1 + 1.28 * at)
            yield svg.text(line, SANS, words.size, _EDGE, baseline, fill=colour("ink-2"))
    if picture.bars is not None:
        yield from _plot(picture.bars, end + below + 28)


def _lines(of: letters.Set, x: float, top: float, fill: str) -> Iterable[Markup]:
    for at, line in enumerate(of.lines):
        baseline = top + of.size * (0.92 + _LEADING * at)
        yield svg.text(line, SERIF, of.size, x, baseline, fill=fill)


def _plot(of: Bars, top: float) -> Iterable[Markup]:
    """The bars over their years, as the strip of the page has them."""
    years = of.last - of.first + 1
    step = _ROOM / (years * of.per_year)
    if of.window is not None:
        left, right = (_EDGE + at * step for at in of.window)
        yield element(
            "rect", x=left, y=top, width=right - left, height=_BASE - top,
            fill=colour("pick"),
        )  # fmt: skip
    every = 1 if years <= _FEW_LABELS else -(-years // _FEW_LABELS)
    for year in range(of.first, of.last + 1):
        x = _EDGE + (year - of.first) * of.per_year * step
        if (year - of.first) % every:
            continue
        if year > of.first:
            yield element("rect", x=x, y=top, width=1, height=_BASE + 36 - top,
                          fill=colour("rule"))  # fmt: skip
        yield svg.text(str(year), STRONG, 22, x + (8 if year > of.first else 0), _BASE + 30,
                       fill=colour("ink-2"))  # fmt: skip
    yield from _columns(of.columns, step, _BASE - top - 10)
    yield element("rect", x=_EDGE, y=_BASE, width=_ROOM, height=2, fill=colour("ink"))


def _columns(columns: Sequence[Column], step: float, room: float) -> Iterable[Markup]:
    most = max((sum(n for _t, n in each.counts) + each.rest for each in columns), default=1)
    unit = min(_TALLEST, room / most)
    gap = 2.0 if unit >= 5 else 0.0
    thick = max(step * 0.82, 1.5)
    paths: dict[str, list[str]] = {}
    for each in columns:
        x, y = _EDGE + each.at * step + (step - thick) / 2, float(_BASE)
        for tint, count in (*each.counts, ("rest", each.rest)):
            if count:
                y -= count * unit
                tall = max(count * unit - gap, 1)
                paths.setdefault(tint, []).append(
                    f"M{x:.1f} {y + gap:.1f}h{thick:.1f}v{tall:.1f}h-{thick:.1f}z"
                )
    for tint, drawn in paths.items():
        yield element("path", d="".join(drawn), fill=colour(tint))
