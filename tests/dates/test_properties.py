"""Properties of dates, against brute force over days."""

import time
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from timeline.dates import DateError, Precision, overlaps, parse, read, within, words

DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
NEAR = st.dates(date(2017, 1, 1), date(2026, 12, 31))
MARKS = st.sampled_from(["", "?", "~", "%"])


def _day(day):
    return day.isoformat()


PLAIN = st.one_of(
    NEAR.map(_day),
    NEAR.map(lambda day: f"{day.year:04}-{day.month:02}"),
    NEAR.map(lambda day: f"{day.year:04}"),
    st.builds(
        "{:04}-{}".format,
        st.integers(2017, 2026),
        st.sampled_from([*range(21, 25), *range(33, 42)]),
    ),
    st.integers(190, 205).map("{}X".format),
    st.integers(18, 21).map("{}XX".format),
)
SINGLE = st.builds("{}{}".format, PLAIN, MARKS)


@st.composite
def ranges(draw):
    first, second = draw(SINGLE), draw(SINGLE)
    form = draw(st.sampled_from(["{}/{}", "[{}..{}]"]))
    ends = sorted([first, second], key=lambda text: (parse(text).earliest, parse(text).latest))
    if parse(ends[0]).latest > parse(ends[1]).latest:
        ends = [ends[0], ends[0]]
    opened = draw(st.sampled_from(["", "start", "end"]))
    blank = ".." if form.startswith("{") else ""
    if opened == "start":
        ends[0] = blank
    if opened == "end":
        ends[1] = blank
    return form.format(*ends)


EDTF = st.one_of(SINGLE, ranges())


@given(EDTF)
def test_parse_print_parse_is_the_identity(text):
    when = parse(text)
    assert parse(when.edtf) == when
    assert when.earliest <= when.sort_date <= when.latest


@given(SINGLE.filter(lambda text: parse(text).precision not in ("century", "decade")))
def test_words_read_back_as_the_same_date(text):
    when = parse(text)
    assert read(words(when)) == when


@given(PLAIN)
def test_bounds_hold_every_day_that_the_words_allow_and_no_other(text):
    when = parse(text)
    allowed = {
        Precision.DAY: lambda day: day.isoformat() == text,
        Precision.MONTH: lambda day: day.isoformat()[:7] == text,
        Precision.YEAR: lambda day: day.isoformat()[:4] == text,
        Precision.DECADE: lambda day: day.isoformat()[:3] == text[:3],
        Precision.CENTURY: lambda day: day.isoformat()[:2] == text[:2],
    }.get(when.precision)
    if allowed is None:
        year, code = map(int, text.split("-"))
        months = {
            **{20 + n: [(3 * n + i - 1) % 12 + 1 for i in range(3)] for n in (1, 2, 3, 4)},
            **{32 + n: [3 * n - 2 + i for i in range(3)] for n in (1, 2, 3, 4)},
            **{36 + n: [4 * n - 3 + i for i in range(4)] for n in (1, 2, 3)},
            **{39 + n: [6 * n - 5 + i for i in range(6)] for n in (1, 2)},
        }[code]

        def allowed(day):
            named = year + 1 if code == 24 and day.month < 3 else year
            return day.year == named and day.month in months

    for offset in (-1, 0, 1):
        first, last = when.earliest + timedelta(offset), when.latest + timedelta(offset)
        assert allowed(first) == (when.earliest <= first <= when.latest)
        assert allowed(last) == (when.earliest <= last <= when.latest)
    middle = when.earliest + (when.latest - when.earliest) / 2
    assert allowed(middle)


@given(EDTF, NEAR, st.integers(0, 800))
def test_overlap_equals_a_check_of_every_day(text, first, length):
    when, last = parse(text), first + timedelta(length)
    days = (first + timedelta(step) for step in range(length + 1))
    assert overlaps(when, first, last) == any(when.earliest <= day <= when.latest for day in days)
    assert within(when, first, last) == (first <= when.earliest and when.latest <= last)


@given(st.lists(EDTF, min_size=3, max_size=3))
def test_the_order_is_total(texts):
    def key(text):
        when = parse(text)
        return when.sort_date, when.latest, when.edtf

    first, second, third = sorted(texts, key=key)
    assert key(first) <= key(second) <= key(third)
    texts.reverse()
    texts.sort(key=key)
    assert [key(text) for text in texts] == [key(first), key(second), key(third)]


@given(st.text(max_size=300))
def test_any_text_is_a_date_or_a_sentence(text):
    when = None
    try:
        when = read(text)
    except DateError as error:
        sentence = str(error)
    assert parse(when.edtf) == when if when else sentence.endswith(".")


def test_hostile_text_is_refused_at_once():
    hostile = ["1" * 100_000, "between " * 14_000, "[" * 100_000, "a to " * 20_000, " " * 100_000]
    started = time.process_time()
    for text in hostile:
        try:
            read(text)
        except DateError:
            continue
        raise AssertionError(text[:20])
    # Five texts, so 50 ms each would be 250; the bound is wide because machines are shared.
    assert time.process_time() - started < 0.25
