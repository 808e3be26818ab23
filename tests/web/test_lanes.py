"""Marks and labels of a chart never lie on each other, wherever events fall."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from timeline.index.lanes import Window
from timeline.record.stories import PeriodRecord
from timeline.web.lanes import PITCH, WIDE, bar, labels, percent, stacked
from timeline.web.overview import bands_of

percents = st.floats(0, 100).map(lambda x: round(x, 2))


@given(st.lists(percents, max_size=60), st.data())
def test_no_two_marks_of_a_row_touch(places, data):
    marks = []
    for x in sorted(places):
        wide = data.draw(st.none() | st.floats(0, 60))
        marks.append((x, None if wide is None else (max(0, x - wide / 2), wide)))
    made = stacked(marks)
    assert [each.x for each in made] == [x for x, _bar in marks]
    for one, other in combinations(made, 2):
        if one.row == other.row:
            assert abs(one.x - other.x) * WIDE / 100 >= PITCH - 0.01


@given(st.lists(st.tuples(percents, st.text(min_size=1, max_size=24)), max_size=25))
def test_no_label_lies_on_another_or_on_a_leader(wanted):
    made = labels((x, words, "8 Oct 2024") for x, words in wanted)
    boxes = []
    for at, each in made.items():
        size = max(len(wanted[at][1]) * 7, 60)
        place = each.x * WIDE / 100
        left = place - size if each.end else place
        assert left >= -1
        assert left + size <= WIDE + 1
        boxes.append((left, left + size, each.y, place))
    for one, other in combinations(boxes, 2):
        if one[2] == other[2]:
            assert one[1] <= other[0] or other[1] <= one[0]
        else:
            high, low = (one, other) if one[2] < other[2] else (other, one)
            assert not low[0] < high[3] < low[1]


days = st.dates(date(2000, 1, 1), date(2030, 12, 31))


@given(days, st.integers(0, 4000), st.integers(-500, 500), st.integers(0, 900))
def test_days_lie_in_their_bar_and_in_order(first, length, away, lasting):
    window = Window(first, first + timedelta(days=length))
    start = first + timedelta(days=away)
    end = start + timedelta(days=lasting)
    inside = [day for day in (start, end) if window.first <= day <= window.last]
    assert sorted(percent(day, window) for day in inside) == [
        percent(day, window) for day in inside
    ]
    across = bar(start, end, window)
    assert (across is None) == (lasting == 0)
    if across and len(inside) == 2:
        assert across[0] <= percent(start, window) <= percent(end, window) <= sum(across) + 0.01


@given(
    st.lists(
        st.tuples(days, st.integers(0, 2500), st.text("abc ", min_size=1, max_size=30)), max_size=8
    )
)
def test_no_two_bands_begin_on_each_other_and_titles_stay_in_theirs(wanted):
    window = Window(date(2010, 1, 1), date(2019, 12, 31))
    periods = [
        PeriodRecord(title, f"{first}/{first + timedelta(days=lasting)}", first, last)
        for first, lasting, title in wanted
        for last in [first + timedelta(days=lasting)]
    ]
    made = bands_of(periods, window, WIDE)
    touching = [
        each for each in periods if each.earliest <= window.last and each.latest >= window.first
    ]
    assert sorted(band.title for band in made) == sorted(each.title for each in touching)
    for one, other in combinations(made, 2):
        if one.y == other.y:
            assert one.x + one.width <= other.x + 0.02 or other.x + other.width <= one.x + 0.02
    for band in made:
        assert band.x >= 0
        assert band.x + band.width <= 100
        if band.written:
            assert len(band.title) * 6 <= band.width * WIDE / 100
