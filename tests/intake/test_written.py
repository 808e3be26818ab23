"""Values as tables write them: read in the one way that they can be read, or refused."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline import dates
from timeline.intake.written import (
    ORDERS,
    Unclear,
    chosen,
    pieces,
    read_date,
    read_degrees,
    read_number,
    read_time,
)
from timeline.models.choices import Stance


@pytest.mark.parametrize(
    ("written", "order", "edtf"),
    [
        ("2024-10-05", "", "2024-10-05"),
        ("2024-10-5", "", "2024-10-05"),
        ("2024-1", "", "2024-01"),
        ("2024-23", "", "2024-23"),
        ("2024", "", "2024"),
        ("20241005", "", "2024-10-05"),
        ("'2024-10-05", "", "2024-10-05"),
        ("autumn 2024", "", "2024-23"),
        ("5 October 2024", "", "2024-10-05"),
        ("5-Oct-2024", "", "2024-10-05"),
        ("10/2024", "", "2024-10"),
        ("2024/10/05", "", "2024-10-05"),
        ("2024.10.5.", "", "2024-10-05"),
        ("13/05/2024", "", "2024-05-13"),
        ("05/13/2024", "", "2024-05-13"),
        ("05/05/2024", "", "2024-05-05"),
        ("05/10/2024", "dmy", "2024-10-05"),
        ("05/10/2024", "mdy", "2024-05-10"),
        ("05.10.2024", "dmy", "2024-10-05"),
        ("2024-10-08/2024-10-13", "", "2024-10-08/2024-10-13"),
        ("2024-10-05 00:00:00", "", "2024-10-05"),
    ],
)
def test_dates(written, order, edtf):
    assert read_date(written, order).edtf == edtf


@pytest.mark.parametrize(
    ("written", "order", "sentence"),
    [
        ("05/10/2024", "", "can be read in two ways. Say in the mapping"),
        ("05.10.2024", "", "can be read in two ways"),
        ("05/10/24", "dmy", "no year of four digits"),
        ("31/02/2024", "", "that month has 29 days"),
        ("13/13/2024", "", "no such month"),
        ("13/05/2024", "mdy", "no such month"),
        ("2024-13-01", "", "no such month"),
        ("45293", "", "a spreadsheet's number for a day"),
        ("last week", "", "depends on today"),
        ("", "", "Write a date"),
        ("2024-10-05T99:00", "", "no time of day"),
    ],
)
def test_dates_that_are_refused(written, order, sentence):
    with pytest.raises(Unclear, match=sentence):
        read_date(written, order)


def test_a_time_in_the_date_is_kept():
    moment = read_date("2024-10-05T14:30:00Z")
    assert (moment.edtf, moment.time, moment.zone) == ("2024-10-05", dt.time(14, 30), "UTC")


@given(st.text(max_size=40) | st.from_regex(r"[\d./-]{1,12}"), st.sampled_from(["", *ORDERS]))
def test_any_text_is_a_date_or_a_sentence(written, order):
    try:
        moment = read_date(written, order)
    except Unclear:
        return
    assert dates.parse(moment.edtf).edtf == moment.edtf


@given(st.dates(dt.date(1000, 1, 1)), st.sampled_from(["dmy", "mdy", "ymd"]))
def test_a_named_order_reads_what_it_wrote(day, order):
    form = {"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y", "ymd": "%Y/%m/%d"}[order]
    assert read_date(day.strftime(form), order).edtf == day.isoformat()


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1200", "1200"),
        ("1,200", "1200"),
        ("1 200", "1200"),
        ("1,234,567.5", "1234567.5"),
        ("3.5", "3.5"),
        ("-3.50", "-3.5"),
        ("100", "100"),
        ("0", "0"),
    ],
)
def test_numbers(written, number):
    assert str(read_number(written)) == number


@pytest.mark.parametrize("written", ["", "dozens", "1,2", "1.2.3", "NaN", "1e5", "٣", "5 km"])
def test_what_is_no_number(written):
    with pytest.raises(Unclear, match="is not a number"):
        read_number(written)


def test_degrees():
    assert read_degrees("41,29999999", 90) == Decimal("41.3")
    for written in ("91", "-90.1", "NaN", "x", "", "Infinity", "41 17"):
        with pytest.raises(Unclear, match="is not a coordinate"):
            read_degrees(written, 90)


@pytest.mark.parametrize("written", ["24:00", "12:60", "13:00 pm", "0 am", "noon", "", "123"])
def test_what_is_no_time(written):
    with pytest.raises(Unclear, match="is not a time"):
        read_time(written)


def test_lists_keep_the_place_of_what_is_empty():
    assert pieces("a; ;b;;", ";") == ["a", "", "b"]
    assert pieces("a; b", "") == ["a; b"]
    assert pieces("", ";") == []


def test_words_of_an_enumeration():
    assert chosen("Denies", Stance) == "denies"
    with pytest.raises(Unclear, match="not one of reports, confirms"):
        chosen("shouts", Stance)
