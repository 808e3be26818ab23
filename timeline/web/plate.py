"""The chart as a picture that stands by itself: what it shows, of what, by whom, from where.

Draws what :mod:`timeline.web.charting` placed, with the title of the selection above it and, below,
the publishers that it rests on, its permanent address, the day and the licence. Knows no request
and no database; links lead to the site, and nothing is loaded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from markupsafe import Markup

from timeline.models.choices import Family
from timeline.web import letters, svg, wording
from timeline.web.charting import Chart, DrawnLane, KeyLabel, Mark
from timeline.web.lanes import HEAD
from timeline.web.letters import SANS, SERIF, STRONG, Face
from timeline.web.overview import NO_FAMILY
from timeline.web.svg import colour, element

WIDTH = 1200
_EDGE = 40
_ROOM = WIDTH - 2 * _EDGE
_LINE = 20
_KEY = 26


@dataclass(frozen=True)
class Plate:
    """All that stands on it. ``chart`` is None where nothing matches; ``home`` is the address that
    links begin with."""

    site: str
    home: str
    title: str
    words: tuple[str, ...]
    chart: Chart | None
    sources: str
    lines: tuple[str, ...]


def draw(plate: Plate) -> str:
    """The plate as SVG, as high as it needs."""
    title = letters.fit(plate.title, SERIF, (34, 30, 26), _ROOM, 130, 1.16)
    top = 52 + len(title.lines) * title.size * 1.16
    said = [line for each in plate.words for line in _wrapped(each, SANS, 15, 2)]
    below = top + 8 + _LINE * len(said)
    parts = [
        element("title", plate.title),
        element("rect", width=WIDTH, height="100%", fill=colour("paper")),
        element("rect", width=WIDTH, height=6, fill=colour("ink")),
        *_brand(plate.site),
        *(
            svg.held(line, SERIF, title.size, _EDGE, 52 + title.size * (0.9 + 1.16 * at),
                     fill=colour("ink"))
            for at, line in enumerate(title.lines)
        ),
        *_paragraph(said, top + 20, SANS, 15, "ink-2"),
    ]  # fmt: skip
    shapes = {*wording.FAMILY_MARKS.values(), "disc"}
    if plate.chart is None:
        empty = gettext("Nothing in the record matches all of this at once.")
        parts.append(svg.held(empty, SANS, 17, _EDGE, below + 40, fill=colour("ink")))
        below += 70
    else:
        parts += _families(below + 18)
        below += 34
        shapes |= {mark.shape for lane in plate.chart.lanes for mark in lane.marks if mark.shape}
        parts.append(element("g", *_bands(plate.chart), transform=f"translate({_EDGE} {below})"))
        below += plate.chart.room
        parts.append(
            element("g", *_chart(plate.chart, plate.home), transform=f"translate({_EDGE} {below})")
        )
        below += plate.chart.bottom + 34
        parts += _key(below + 14)
        below += _KEY + 10
    parts.append(element("rect", x=_EDGE, y=below, width=_ROOM, height=1, fill=colour("ink")))
    foot = [*_wrapped(plate.sources, SANS, 13, 4)] if plate.sources else []
    parts += _paragraph(foot, below + 24, SANS, 13, "ink-2")
    below += 6 + _LINE * len(foot)
    lines = [line for each in plate.lines for line in _wrapped(each, SANS, 13, 3)]
    parts += _paragraph(lines, below + 24, SANS, 13, "ink")
    below += _LINE * len(lines) + 24
    return svg.drawing(WIDTH, round(below + 12), svg.symbols(shapes), *parts)


def _wrapped(text: str, face: Face, size: int, most: int) -> list[str]:
    written = letters.written(text)
    if not written:
        return []
    return letters.cut(letters.lines(written, face, size, _ROOM), most, face, size, _ROOM)


def _paragraph(
    lines: Sequence[str], y: float, face: Face, size: int, tint: str
) -> Iterable[Markup]:
    for at, line in enumerate(lines):
        yield svg.held(line, face, size, _EDGE, y + _LINE * at, fill=colour(tint))


def _brand(site: str) -> Iterable[Markup]:
    said = letters.fit(site, SERIF, (18, 14), _ROOM - 40, 24, 1.2)
    wide = letters.width(said.lines[0], SERIF, said.size)
    yield svg.held(said.lines[0], SERIF, said.size, _EDGE, 36, fill=colour("ink"))
    yield element("rect", x=_EDGE + wide + 6, y=30, width=16, height=2, fill=colour("mil"))


def _families(y: float) -> Iterable[Markup]:
    """What the colours and kinds of shapes stand for."""
    x = float(_EDGE)
    for family in Family.values:
        tint = colour(wording.FAMILY_CLASSES[family])
        yield svg.mark(wording.FAMILY_MARKS[family], x, y - 11, 12, tint)
        word = wording.family_word(family)
        yield svg.held(word, SANS, 13, x + 18, y, fill=colour("ink-2"))
        x += 18 + letters.width(word, SANS, 13) + 22


def _key(y: float) -> Iterable[Markup]:
    """What marks, rings and bars say."""
    ink, second = colour("ink"), colour("ink-2")
    x = float(_EDGE)
    for wide, sample, words in (
        (14, svg.mark("disc", 0, -12, 14, ink), gettext("one event; the shape is its category")),
        (
            22,
            element("circle", cx=11, cy=-5, r=10, fill=colour("paper"), stroke=ink, stroke_width=2),
            gettext("several close together, with their number"),
        ),
        (
            34,
            element("rect", y=-10, width=34, height=10, fill=ink, opacity=0.32),
            gettext("lasts from day to day"),
        ),
        (
            34,
            element("rect", y=-10, width=34, height=10, fill=ink, opacity=0.14),
            gettext("date not exact: somewhere in the soft bar"),
        ),
    ):
        yield element("g", sample, transform=f"translate({x:.1f} {y:.1f})")
        yield svg.held(words, SANS, 13, x + wide + 8, y, fill=second)
        x += wide + 8 + letters.width(words, SANS, 13) + 24


def _x(percent: float) -> float:
    return percent * _ROOM / 100


def _bands(chart: Chart) -> Iterable[Markup]:
    """The periods behind the events, on the ground that they tint."""
    for lane in chart.lanes:
        if lane.zebra:
            top = lane.top + chart.room
            yield element("rect", y=top, width=_ROOM, height=lane.height, fill=colour("wash"))
    for band in chart.bands:
        tint = colour("rule-2" if band.family == NO_FAMILY else band.family)
        x, wide = _x(band.x), _x(band.width)
        high = chart.bottom + chart.room - band.y
        yield element("rect", x=x, width=wide, y=band.y, height=high, fill=tint, opacity=0.06)
        yield element("rect", x=x, width=wide, y=band.y, height=4, fill=tint, opacity=0.6)
        if band.written:
            title = letters.written(band.title)
            yield svg.held(title, SANS, 11, x + 6, band.y + 17, fill=colour("ink-3"))


def _chart(chart: Chart, home: str) -> Iterable[Markup]:
    for name, family, fade in chart.fills:
        yield element(
            "linearGradient",
            *(
                element("stop", offset=at, stop_color=colour(family), stop_opacity=dense)
                for at, dense in ((0, 0.5 * (fade == "a")), (0.5, 0.5), (1, 0.5 * (fade == "b")))
            ),
            id=name,
        )
    for tick in chart.ticks:
        yield _upright(tick.x, HEAD, chart.bottom, "rule")
        yield svg.held(
            tick.words, SANS, 12, _x(tick.x) + 5, chart.bottom + 18, fill=colour("ink-2")
        )
    for y in (chart.line, chart.bottom):
        yield element("rect", y=y - 0.5, width=_ROOM, height=1, fill=colour("ink"))
    for label in chart.labels:
        yield _upright(label.x, label.y + 18, chart.line, "rule-2")
        yield element("circle", cx=_x(label.x), cy=chart.line, r=5, fill=colour("ink"))
    for label in chart.labels:
        yield _label(label, home)
    for x, top, bottom in chart.ties:
        yield _upright(x, top, bottom, "rule-2", stroke_dasharray="2 3")
    for lane in chart.lanes:
        yield from _lane(lane, home)


def _upright(percent: float, top: float, bottom: float, tint: str, **attributes: object) -> Markup:
    x = _x(percent)
    return element(
        "line", x1=x, x2=x, y1=top, y2=bottom, stroke=colour(tint), stroke_width=1, **attributes
    )


def _label(label: KeyLabel, home: str) -> Markup:
    x, anchor = (_x(label.x) - 4, "end") if label.end else (_x(label.x), None)
    return element(
        "a",
        svg.held(label.text, STRONG, 13, x, label.y, fill=colour("ink"), text_anchor=anchor),
        svg.held(label.dated, SANS, 11, x, label.y + 14, fill=colour("ink-3"), text_anchor=anchor),
        href=home + label.href,
    )


def _lane(lane: DrawnLane, home: str) -> Iterable[Markup]:
    name = letters.written(lane.name)
    yield svg.held(name, STRONG, 13, 8, lane.top + 17, fill=colour("ink"))
    beside = 8 + letters.width(name, STRONG, 13) + 6
    yield svg.held(str(lane.total), SANS, 13, beside, lane.top + 17, fill=colour("ink-3"))
    for mark in lane.marks:
        yield element("a", *_mark(mark), href=home + mark.href)


def _mark(mark: Mark) -> Iterable[Markup]:
    x = _x(mark.x)
    tint = colour(mark.family or "ink")
    yield element("title", mark.words)
    if mark.count:
        yield element(
            "circle", cx=x, cy=mark.y, r=12, fill=colour("paper"), stroke=tint, stroke_width=2
        )
        number = str(mark.count) if mark.count < 1000 else "…"
        yield svg.held(number, STRONG, 12, x, mark.y + 4, fill=colour("ink"), text_anchor="middle")
        return
    if mark.bar is not None:
        left, wide = (_x(each) for each in mark.bar)
        yield element(
            "rect",
            x=left,
            y=mark.y - 5,
            width=wide,
            height=10,
            fill=f"url(#{mark.fill}-{mark.family})" if mark.fill else tint,
            opacity=None if mark.fill else 0.32,
        )
    made = svg.mark(mark.shape, x - 7, mark.y - 7, 14, tint)
    yield element("g", made, opacity=0.75) if mark.soft else made
