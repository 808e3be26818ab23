"""Marks of a map never touch, wherever events happen; the earth is drawn as large as it is."""

import gzip
import re
from itertools import combinations
from math import hypot
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline.index.places import Exactness, Spot
from timeline.web import earth, mapping
from timeline.web.mapping import MARKS, SHEETS, WORLD, Drawing

OUTLINES = Path(__file__).parents[2] / "static" / "img" / "world.svg"

degrees = st.tuples(st.floats(-180, 180), st.floats(-56.9, 83.9))
known = st.sampled_from([Exactness.SPOT, Exactness.TOWN, Exactness.AREA, Exactness.WATERS])
codes = st.sampled_from(sorted(earth.labels()))


def spots(places, countries):
    made = [
        Spot((f"place-{at}", exactness), f"Place {at}", "KR", point, count)
        for at, (point, exactness, count) in enumerate(places)
    ]
    made += [
        Spot((code, Exactness.COUNTRY), code, code, None, count)
        for code, count in countries.items()
    ]
    return sorted(made, key=lambda spot: (-spot.count, spot.name))


@settings(max_examples=40)
@given(
    st.lists(st.tuples(degrees, known, st.integers(1, 90_000)), max_size=100),
    st.dictionaries(codes, st.integers(1, 500), max_size=40),
    st.sampled_from(SHEETS),
    st.sampled_from([WORLD, mapping.region(102, 22, 146, 52), None]),
)
def test_every_spot_stands_once_and_no_marks_touch(places, countries, sheet, box):
    points = mapping.located(spots(places, countries))
    assert len(points) == len(places) + len(countries)
    box = mapping.view(mapping.around(points) if box is None else box, sheet)
    drawing = Drawing(box, sheet, points)
    stood = [point.spot for group in drawing.groups for point in group.points]
    stood += [point.spot for point in (*drawing.outside, *drawing.crowded)]
    stood += [each.spot for each in drawing.written]
    assert sorted(stood, key=lambda spot: spot.name) == sorted(
        (point.spot for point in points), key=lambda spot: spot.name
    )
    assert len(drawing.groups) <= MARKS
    for group in drawing.groups:
        assert group.count == sum(point.spot.count for point in group.points)
    tall = sheet.wide * box.tall / box.wide
    circles = []
    for each in (*drawing.groups, *drawing.written):
        x, y = drawing.percent(each.x, each.y)
        assert 0 <= x <= 100
        assert 0 <= y <= 100
        radius = getattr(each, "radius", 12)
        circles.append((x * sheet.wide / 100, y * tall / 100, radius))
    for (ax, ay, a), (bx, by, b) in combinations(circles, 2):
        # A target is 24 px wide, however small its mark.
        assert hypot(ax - bx, ay - by) >= max(a + b, 24) - 0.1


def test_the_same_spots_make_the_same_marks():
    rng = np.random.default_rng(5)
    places = [
        ((float(x), float(y)), Exactness.TOWN, int(n))
        for x, y, n in zip(
            rng.uniform(-180, 180, 3000),
            rng.uniform(-50, 80, 3000),
            rng.integers(1, 50, 3000),
            strict=True,
        )
    ]
    points = mapping.located(spots(places, {}))
    made = [Drawing(WORLD, SHEETS[0], points).groups for _time in range(2)]
    assert made[0] == made[1]
    assert 20 <= len(made[0]) <= MARKS


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_view_holds_its_box_and_stays_on_the_earth(sheet):
    for box in (WORLD, mapping.region(102, 22, 146, 52), mapping.region(-19, -36, 52, 37)):
        view = mapping.view(box, sheet)
        assert view.left <= box.left + 0.01 <= view.right
        assert view.right >= box.right - 0.01
        assert view.top <= box.top + 0.01
        assert view.bottom >= box.bottom - 0.01
        assert view.wide <= WORLD.wide
        assert view.tall <= WORLD.tall
        assert view == WORLD or view.wide / view.tall == pytest.approx(sheet.shape, rel=0.01)


@given(st.floats(-170, 160), st.floats(-80, 75))
def test_areas_are_equal(west, south):
    """A square degree has as many square units wherever it lies, as it has square kilometres."""
    steps = np.linspace(0, 1, 21)
    edge = [
        *((west + each, south) for each in steps),
        *((west + 1, south + each) for each in steps),
        *((west + 1 - each, south + 1) for each in steps),
        *((west, south + 1 - each) for each in steps),
    ]
    x, y = earth.projected(*np.array(edge).T)
    area = abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2
    on_earth = np.radians(1) * (np.sin(np.radians(south + 1)) - np.sin(np.radians(south)))
    whole = 4 * np.pi / on_earth * area
    # The unit sphere has 4 π; the projection's own whole is that times its scale.
    assert whole == pytest.approx(4 * np.pi * earth._UNIT**2, rel=2e-3)


def test_the_outlines_are_small_and_hold_every_labelled_country():
    written = OUTLINES.read_bytes()
    assert len(written) <= 60_000
    assert len(gzip.compress(written)) < 30_000
    text = written.decode()
    assert set(re.findall(r'id="([A-Z]{2})"', text)) == set(earth.labels())
    for x, y in earth.labels().values():
        assert WORLD.holds(x, y)
    assert f'viewBox="0 0 {earth.WIDE} {earth.TALL}"' in text
    assert "style" not in text
    assert "script" not in text
    x, y = earth.placed(np.array([126.98]), np.array([37.57]))
    seoul, label = (x[0], y[0]), earth.labels()["KR"]
    assert hypot(seoul[0] - label[0], seoul[1] - label[1]) < 60


def test_longitudes_beyond_the_edge_are_wrapped():
    x, _y = earth.placed(np.array([-170.0, 190.0, -168.0]), np.array([65.0, 65.0, 65.0]))
    assert x[0] == pytest.approx(x[1])
    assert x[0] > earth.WIDE / 2 > x[2]


@pytest.mark.parametrize(
    ("count", "text"), [(7, "7"), (9_999, "9999"), (12_345, "12k"), (3_456_789, "3M")]
)
def test_a_number_as_a_mark_has_room(count, text):
    assert mapping.short(count) == text
