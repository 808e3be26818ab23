"""Dates in boxes of year, month and day: never more than is known."""

import pytest

from timeline import dates


@pytest.mark.parametrize(
    ("edtf", "start", "end", "all_said"),
    [
        ("2018-06-12", (2018, 6, 12), None, True),
        ("2024-10", (2024, 10, None), None, True),
        ("2024", (2024, None, None), None, True),
        ("2024~", (2024, None, None), None, False),
        ("2018-06-12?", (2018, 6, 12), None, False),
        ("2024-23", (2024, None, None), None, False),
        ("2024-24", (2024, None, None), None, False),
        ("2021-35", (2021, None, None), None, False),
        ("2024-41", (2024, None, None), None, False),
        ("2024-37", (2024, None, None), None, False),
        ("202X", (2020, None, None), (2029, None, None), False),
        ("19XX", (1900, None, None), (1999, None, None), False),
        ("2019-02-27/2019-02-28", (2019, 2, 27), (2019, 2, 28), True),
        ("2024-10/2025", (2024, 10, None), (2025, None, None), True),
        ("2024-23/2025-01-02", (2024, None, None), (2025, 1, 2), False),
        ("2023/2024-24", (2023, None, None), (2024, None, None), False),
        ("2024-10/..", (2024, 10, None), None, False),
        ("../2019-03", (2019, 3, None), None, False),
        ("[2024-10-08..2024-10-13]", (2024, 10, None), None, False),
        ("[2024-09-08..2024-10-13]", (2024, None, None), None, False),
        ("[2023-12-30..2024-01-02]", (2023, 12, 30), (2024, 1, 2), False),
        ("[..2018]", (2018, None, None), None, False),
        ("[2019-04..]", (2019, 4, None), None, False),
    ],
)
def test_boxes(edtf, start, end, all_said):
    when = dates.parse(edtf)
    first, last = dates.boxes(when)
    assert (first.year, first.month, first.day) == start
    assert (last and (last.year, last.month, last.day)) == end
    assert dates.says_all(when) is all_said
    if all_said:
        parts = [first.edtf] + ([last.edtf] if last else [])
        assert dates.parse("/".join(parts)) == when
