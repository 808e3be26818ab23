"""The labels of the density strip: which find room, and on which side of their leaders."""

from datetime import date

import pytest

from timeline.index import Bar, Density, YearCount
from timeline.web.strip import Label, strip


def drawn(named, first=2017, last=2026, busy=()):
    bars = tuple(
        Bar(day, day, (("military", total),), total, total)
        for day, total in [*((day, 1) for day, _ in named), *busy]
    )
    years = tuple(YearCount(year, 1, 1, True) for year in range(first, last + 1))
    return strip(Density("month", bars, years, (), None), lambda _: "#", lambda *_: "#", named)


def ends(label: Label, letter=0.58):
    size = len(label.text) * letter
    return (label.x - size, label.x) if label.end else (label.x, label.x + size)


@pytest.mark.parametrize("swap", [False, True])
def test_neighbours_both_find_room(swap):
    """One stands on the left of its leader, or on a row below."""
    named = [(date(2018, 9, 1), "Pyongyang Declaration"), (date(2019, 6, 1), "DMZ meeting")]
    labels = drawn(named[::-1] if swap else named).labels
    assert [label.text for label in labels] == ["Pyongyang Declaration", "DMZ meeting"]


def test_no_label_lies_on_another_or_in_the_way_of_a_leader():
    named = [(date(2017 + number // 3, 1 + number % 3 * 4, 1), "A label") for number in range(29)]
    labels = drawn(named).labels
    assert len(labels) > 15
    for one in labels:
        left, right = ends(one)
        assert left >= 0
        assert right <= 100
        for other in labels:
            if other is one:
                continue
            a, b = ends(other)
            if other.row == one.row:
                assert right <= a or b <= left
            elif other.row < one.row:
                assert not left < other.x < right


def test_the_weightiest_stays_on_a_phone():
    named = [(date(2024, 10, 1), "Troops reach Kursk"), (date(2019, 6, 1), "DMZ meeting")]
    labels = drawn(named, busy=[(date(2024, 10, 1), 15)]).labels
    assert {label.text for label in labels if label.keep} >= {"Troops reach Kursk"}
