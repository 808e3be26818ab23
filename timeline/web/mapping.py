"""The drawing of a map: a view of the earth, and marks set on it so that none lies on another.

Geometry only. Places are percent of width and height, so that marks keep their size at every
width; a sheet is laid out for its narrowest. Spots that would touch are one mark, which stands at
the one with the most events; a whole country's number is written inside it, beside the marks.
The same spots always make the same marks.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import atan2, cos, hypot, sin, sqrt, tau

import numpy as np
from numpy.typing import NDArray

from timeline.index.places import Exactness, Spot
from timeline.web import earth
from timeline.web.earth import TALL, WIDE, Numbers

MARKS = 50
"""Marks of a sheet at most; where there would be more, they take in more."""
_PITCH = 25.0
"""Marks nearer than this touch."""
_LEAST, _SMALLEST, _NUMBER = 6.0, 10.0, 3.4
_MARGIN = 0.09
_NEAREST = 170.0
"""Units of a view at least: nearer, the outlines are too coarse."""
_NEAR = 110.0
"""Units around a place that are looked at with it."""
_FLAT = WIDE / TALL


@dataclass(frozen=True)
class Box:
    """A piece of the drawing of the earth, in its units."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def wide(self) -> float:
        return self.right - self.left

    @property
    def tall(self) -> float:
        return self.bottom - self.top

    def within(self, margin: float) -> "Box":
        """The box without a margin."""
        return Box(self.left + margin, self.top + margin, self.right - margin, self.bottom - margin)

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def holding(self, x: Numbers, y: Numbers) -> NDArray[np.bool_]:
        """Which of many points lie in it."""
        found: NDArray[np.bool_] = (
            (self.left <= x) & (x <= self.right) & (self.top <= y) & (y <= self.bottom)
        )
        return found


Place = tuple[float, float]
"""Pixels from the left and the top edge of a sheet."""
WORLD = Box(0, 0, WIDE, TALL)


@dataclass(frozen=True)
class Sheet:
    """A size to draw for: how many pixels it is wide at least, its shape where the view is no
    longer than that, how large its largest mark is, and how many numbers of whole countries are
    written at most."""

    name: str
    wide: int
    shape: float
    largest: float
    countries: int


SHEETS = (Sheet("wide", 860, _FLAT, 24.0, 24), Sheet("small", 288, 1.25, 18.0, 8))
"""For a window, and for a phone."""


@dataclass(frozen=True)
class Point:
    """A spot in the drawing of the earth."""

    spot: Spot
    x: float
    y: float


@dataclass(frozen=True)
class Group:
    """Spots that are drawn as one mark: where, how large, and as exact as most of its events."""

    points: tuple[Point, ...]
    x: float
    y: float
    radius: float
    exactness: Exactness
    count: int


@dataclass(frozen=True)
class Written:
    """A number written into a whole country."""

    spot: Spot
    x: float
    y: float


@dataclass(frozen=True)
class Bow:
    """A line from one country to another: a bow, its arrow head, and where its number stands."""

    line: str
    head: str
    x: float
    y: float


def located(spots: Iterable[Spot]) -> list[Point]:
    """Those of the spots that the earth has a place for: those with a point, and countries, each
    in the order given."""
    found = list(spots)
    placed = [spot for spot in found if spot.point is not None]
    degrees = np.array([spot.point for spot in placed], np.float64).reshape(-1, 2)
    across, down = earth.placed(degrees[:, 0], degrees[:, 1])
    made = [
        Point(spot, x, y)
        for spot, x, y in zip(placed, across.tolist(), down.tolist(), strict=True)
        if WORLD.holds(x, y)
    ]
    labels = earth.labels()
    made += [
        Point(spot, *labels[spot.country])
        for spot in found
        if spot.name[1] == Exactness.COUNTRY and spot.country in labels
    ]
    return made


def counted(boxes: Iterable[Box], points: Sequence[Point]) -> list[int]:
    """How many events lie in each box."""
    x, y = np.array([(point.x, point.y) for point in points]).reshape(-1, 2).T
    counts = np.array([point.spot.count for point in points], np.int64)
    return [int(counts[box.holding(x, y)].sum()) for box in boxes]


def around(points: Sequence[Point]) -> Box:
    """The box of some points; of the world where there are none."""
    if not points:
        return WORLD
    across, down = [point.x for point in points], [point.y for point in points]
    return Box(min(across), min(down), max(across), max(down))


def near(slug: str, points: Sequence[Point]) -> Box | None:
    """The box of the points around a place; None where the place has none."""
    middle = next((point for point in points if point.spot.name[0] == slug), None)
    if middle is None:
        return None
    return around(
        [
            point
            for point in points
            if point.spot.name[1] < Exactness.COUNTRY
            and hypot(point.x - middle.x, point.y - middle.y) <= _NEAR
        ]
    )


@cache
def region(west: float, south: float, east: float, north: float) -> Box:
    """The box around a region that is given in degrees."""
    steps = np.linspace(0, 1, 9)
    longitudes = np.concatenate([west + (east - west) * steps] * 3)
    latitudes = np.repeat([south, (south + north) / 2, north], 9).astype(np.float64)
    across, down = earth.projected(longitudes, latitudes)
    return Box(float(across.min()), float(down.min()), float(across.max()), float(down.max()))


def view(box: Box, sheet: Sheet) -> Box:
    """A box in the shape of a sheet, with a margin; of the world where it is as wide."""
    shape = sheet.shape
    wide = max(box.wide * (1 + 2 * _MARGIN), _NEAREST)
    tall = max(box.tall * (1 + 2 * _MARGIN), _NEAREST / shape)
    wide, tall = max(wide, tall * shape), max(tall, wide / shape)
    if wide >= WIDE or tall > TALL:
        return WORLD if wide > TALL * shape else Box(*_centred(box, TALL * shape, TALL))
    return Box(*_centred(box, wide, tall))


def _centred(box: Box, wide: float, tall: float) -> tuple[float, float, float, float]:
    left = min(max((box.left + box.right - wide) / 2, 0), WIDE - wide)
    top = min(max((box.top + box.bottom - tall) / 2, 0), TALL - tall)
    return left, top, left + wide, top + tall


class Drawing:
    """A view on a sheet, and what stands on it."""

    def __init__(self, box: Box, sheet: Sheet, points: Sequence[Point]) -> None:
        """``points`` are in the order of their rank; those outside the box stay outside."""
        self.box, self.sheet = box, sheet
        self.scale = sheet.wide / box.wide
        # What would be cut by the edge lies beyond it; the world's own edge cuts nothing.
        seen = box if box == WORLD else box.within(_PITCH / 2 / self.scale)
        inside = [point for point in points if seen.holds(point.x, point.y)]
        self.outside = [point for point in points if not seen.holds(point.x, point.y)]
        whole = [point for point in inside if point.spot.name[1] == Exactness.COUNTRY]
        self.groups = self._grouped(
            [point for point in inside if point.spot.name[1] < Exactness.COUNTRY]
        )
        self._taken = [(self._at(each.x, each.y), each.radius) for each in self.groups]
        written = [(point, self._write(point)) for point in whole[: sheet.countries]]
        self.written = [found for _point, found in written if found is not None]
        self.crowded = [point for point, found in written if found is None]
        """Whole countries whose number finds no room."""
        self.crowded += whole[sheet.countries :]

    def percent(self, x: float, y: float) -> tuple[float, float]:
        """Where units lie on the sheet, in percent."""
        return (
            round((x - self.box.left) * 100 / self.box.wide, 2),
            round((y - self.box.top) * 100 / self.box.tall, 2),
        )

    def _at(self, x: float, y: float) -> tuple[float, float]:
        """Units in pixels of the sheet."""
        return (x - self.box.left) * self.scale, (y - self.box.top) * self.scale

    # --- Marks ------------------------------------------------------------------------------

    def _grouped(self, ranked: Sequence[Point]) -> list[Group]:
        pixels = np.array([self._at(point.x, point.y) for point in ranked]).reshape(-1, 2)
        reach = _PITCH
        while True:
            clusters = _gathered(pixels, reach, at_most=2 * MARKS)
            if clusters is not None:
                clusters = self._apart(ranked, clusters, pixels)
                if len(clusters) <= MARKS:
                    break
            reach *= 1.3
        most = max((_count(ranked, each) for each in clusters), default=1)
        return [self._group([ranked[at] for at in each], most) for each in clusters]

    def _apart(
        self, ranked: Sequence[Point], clusters: list[list[int]], pixels: Numbers
    ) -> list[list[int]]:
        """Join clusters whose marks would touch, each to the one with more events."""
        while True:
            clusters.sort(key=lambda each: (-_count(ranked, each), each[0]))
            most = _count(ranked, clusters[0]) if clusters else 1
            radii = np.array([self._radius(_count(ranked, each), most) for each in clusters])
            places = pixels[[each[0] for each in clusters]].reshape(-1, 2)
            joined = False
            kept: list[int] = []
            for at in range(len(clusters)):
                if kept:
                    away = np.hypot(*(places[kept] - places[at]).T)
                    room = np.maximum(radii[kept] + radii[at] + 2, _PITCH)
                    touching = np.flatnonzero(away < room)
                    if len(touching):
                        nearest = kept[int(touching[np.argmin(away[touching])])]
                        clusters[nearest] += clusters[at]
                        clusters[at] = []
                        joined = True
                        continue
                kept.append(at)
            clusters = [each for each in clusters if each]
            if not joined:
                return clusters

    def _radius(self, count: int, most: int) -> float:
        """So that areas go with numbers, but for the smallest, which must hold theirs."""
        if count == 1:
            return _LEAST
        least = max(_SMALLEST, _NUMBER * len(short(count)) + 3)
        return round(max(least, self.sheet.largest * sqrt(count / most)), 1)

    def _group(self, points: list[Point], most: int) -> Group:
        kinds: Counter[Exactness] = Counter()
        for point in points:
            kinds[point.spot.name[1]] += point.spot.count
        exactness = max(kinds, key=lambda kind: (kinds[kind], kind))
        count = kinds.total()
        first = points[0]
        return Group(tuple(points), first.x, first.y, self._radius(count, most), exactness, count)

    # --- What is written beside them --------------------------------------------------------

    def _write(self, point: Point) -> Written | None:
        text = 4.0 * len(short(point.spot.count)) + 9
        place = self._free(_spiral(self._at(point.x, point.y)), text)
        return None if place is None else Written(point.spot, *self._units(*place))

    def _units(self, x: float, y: float) -> tuple[float, float]:
        return x / self.scale + self.box.left, y / self.scale + self.box.top

    def _free(self, tried: Sequence[tuple[float, float]], size: float) -> Place | None:
        """The first of some places where something of this size lies on nothing, and keep it."""
        size = max(size, _PITCH / 2)
        places = np.array(tried)
        low, high = size, np.array([self.sheet.wide, self.box.tall * self.scale]) - size
        free = np.all((places >= low) & (places <= high), axis=1)
        if self._taken:
            others = np.array([(*place, radius) for place, radius in self._taken])
            away = np.hypot(*(places[:, None, :] - others[:, :2]).transpose(2, 0, 1))
            free &= np.all(away >= others[:, 2] + size, axis=1)
        first = next((place for place, is_free in zip(tried, free, strict=True) if is_free), None)
        if first is not None:
            self._taken.append((first, size))
        return first

    def bow(self, start: tuple[int, int], end: tuple[int, int], count: int) -> Bow | None:
        """The line between two points, where any of it lies in the view."""
        (ax, ay), (bx, by) = self._at(*start), self._at(*end)
        length = hypot(bx - ax, by - ay)
        if length < 2 * _PITCH or not (self.box.holds(*start) or self.box.holds(*end)):
            return None
        # It bends to its left, so that the way back lies on the other side.
        mx = (ax + bx) / 2 + (by - ay) * 0.22
        my = (ay + by) / 2 - (bx - ax) * 0.22
        on = [_along(share, (ax, ay), (mx, my), (bx, by)) for share in _SHARES]
        place = self._free(on, 4.0 * len(short(count)) + 8)
        if place is None:
            return None
        turn = atan2(by - my, bx - mx)
        tip = [(bx - 3 * cos(turn), by - 3 * sin(turn))]
        tip += [(bx - 12 * cos(turn + side), by - 12 * sin(turn + side)) for side in (0.4, -0.4)]
        corners = [self._units(*corner) for corner in tip]
        control = self._units(mx, my)
        return Bow(
            f"M{start[0]} {start[1]}Q{control[0]:.1f} {control[1]:.1f} {end[0]} {end[1]}",
            "M" + "L".join(f"{cx:.1f} {cy:.1f}" for cx, cy in corners) + "z",
            *self._units(*place),
        )


_SHARES = [0.5 + side * step / 20 for step in range(9) for side in ((1, -1) if step else (1,))]


def _along(
    share: float, start: tuple[float, float], middle: tuple[float, float], end: tuple[float, float]
) -> tuple[float, float]:
    rest = 1 - share
    x, y = (
        rest * rest * a + 2 * rest * share * m + share * share * b
        for a, m, b in zip(start, middle, end, strict=True)
    )
    return x, y


def _spiral(around: Place) -> list[Place]:
    """Places around one, the nearest first."""
    x, y = around
    angles = [tau * step / 12 for step in range(12)]
    rings = [9 * ring for ring in range(1, 6)]
    return [around, *((x + far * cos(at), y + far * sin(at)) for far in rings for at in angles)]


def _gathered(pixels: Numbers, reach: float, at_most: int) -> list[list[int]] | None:
    """Ranked points in clusters: each with those nearer than ``reach`` that no better one has;
    None where the clusters would be too many."""
    rest = np.arange(len(pixels))
    made: list[list[int]] = []
    while len(rest):
        if len(made) == at_most:
            return None
        away = pixels[rest] - pixels[rest[0]]
        near = np.hypot(away[:, 0], away[:, 1]) < reach
        made.append(rest[near].tolist())
        rest = rest[~near]
    return made


def _count(ranked: Sequence[Point], cluster: Iterable[int]) -> int:
    return sum(ranked[at].spot.count for at in cluster)


def short(count: int) -> str:
    """A number as a mark has room for it."""
    if count < 10_000:
        return str(count)
    return f"{count // 1000}k" if count < 1_000_000 else f"{count // 1_000_000}M"
