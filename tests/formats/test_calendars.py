"""Calendars, read back by the icalendar library and by the rules of RFC 5545's lines."""

import datetime as dt
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from icalendar import Calendar

from tests.formats.records import (
    ABOUT,
    DATES,
    HOSTILE,
    PRECISIONS,
    hostile_records,
    plain_record,
)
from timeline import dates
from timeline.formats import calendars


def read(*records, about=ABOUT):
    written = "".join(calendars.write(about, records))
    raw = written.encode()
    assert raw.endswith(b"END:VCALENDAR\r\n")
    for line in raw.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # folds don't cut a character
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line)
    made = Calendar.from_ical(raw)
    assert not made.errors
    for each in made.walk("VEVENT"):
        assert not each.errors
    return made


def entries(*records):
    return list(read(*records).walk("VEVENT"))


def one(date, **changes):
    (entry,) = entries(plain_record(date, **changes))
    return entry


def days(entry):
    return (
        entry["DTSTART"].dt.isoformat(),
        entry["DTEND"].dt.isoformat() if "DTEND" in entry else None,
    )


def test_an_event_of_one_day_in_full():
    entry = one("2018-06-12")
    assert entry["UID"] == "A1B2C3D4@timeline.example.org"
    assert str(entry["SUMMARY"]) == "Kim and Trump meet in Singapore"
    assert entry["DTSTART"].params["VALUE"] == "DATE"
    assert days(entry) == ("2018-06-12", None)
    assert (
        entry["DTSTAMP"].dt
        == entry["LAST-MODIFIED"].dt
        == dt.datetime(2024, 11, 2, 10, tzinfo=dt.UTC)
    )
    assert entry["SEQUENCE"] == 2
    assert str(entry["URL"]).endswith("/events/A1B2C3D4-summit-in-singapore/")
    assert [str(each) for each in entry["CATEGORIES"].cats] == ["Meetings", "Talks"]
    assert str(entry["LOCATION"]) == "Singapore, Asia"
    assert entry["GEO"].to_ical() in ("1.3521;103.8198", b"1.3521;103.8198")
    assert entry["STATUS"] == "CONFIRMED"
    said = str(entry["DESCRIPTION"])
    assert "Tuesday 12 June 2018" in said
    assert "09:04 (Asia/Singapore)" in said
    assert "They shook hands." in said
    assert "Yonhap June 2018 https://example.org/1?a=b&c=d" in said


@pytest.mark.parametrize(
    ("date", "start", "end", "words"),
    [
        ("2018-06-12~", "2018-06-12", None, "about 12 June 2018: "),
        ("2019-02-27/2019-02-28", "2019-02-27", "2019-03-01", ""),
        ("2024-10", "2024-10-01", "2024-11-01", "October 2024 (month only): "),
        ("2024", "2024-01-01", "2025-01-01", "2024 (year only): "),
        ("2024-24", "2024-12-01", "2025-03-01", "winter 2024–25 (season only): "),
        ("2024-33", "2024-01-01", "2024-04-01", "first quarter of 2024 (day not known): "),
        ("202X", "2020-01-01", "2030-01-01", "the 2020s (decade only): "),
        ("2024-10/2025-01", "2024-10-01", "2025-02-01", "October 2024 to January 2025: "),
        ("2024-10/..", "2024-10-01", "2024-11-01", "since October 2024: "),
        ("../2019-03", "2019-03-01", "2019-04-01", "until March 2019: "),
        (
            "[2024-10-08..2024-10-13]",
            "2024-10-08",
            "2024-10-14",
            "8–13 October 2024 (exact day not known): ",
        ),
        ("[..2018]", "2018-01-01", "2019-01-01", "before 2019: "),
        ("0001-01-01", "0001-01-01", None, ""),
        ("9999-12-31", "9999-12-31", None, ""),
        ("9999", "9999-01-01", "9999-12-31", "9999 (year only): "),
    ],
)
def test_a_date_stands_over_the_days_that_it_allows_with_its_words(date, start, end, words):
    entry = one(date)
    assert days(entry) == (start, end)
    assert str(entry["SUMMARY"]) == f"{words}Kim and Trump meet in Singapore"


def test_every_date_has_an_end_after_its_start():
    assert set(dates.Precision) == PRECISIONS
    for entry, date in zip(entries(*map(plain_record, DATES)), DATES, strict=True):
        start, end = days(entry)
        assert end is None or start < end, date


def test_what_is_not_established_is_tentative_and_what_is_disproved_says_so():
    assert one("2024", verification="disputed")["STATUS"] == "TENTATIVE"
    disproved = one("2018-06-12", verification="disproved")
    assert disproved["STATUS"] == "TENTATIVE"
    assert str(disproved["SUMMARY"]).endswith(" (disproved)")


def test_the_calendar_says_what_it_is():
    made = read(about=replace(ABOUT, words="Events of 2024"))
    assert str(made["X-WR-CALNAME"]) == "The <Site> & Co.: Events of 2024"
    assert made["VERSION"] == "2.0"
    assert made["REFRESH-INTERVAL"].dt == dt.timedelta(hours=12)
    assert str(made["SOURCE"]) == ABOUT.own_address
    assert "METHOD" not in made


def test_a_calendar_of_the_same_events_has_the_same_bytes():
    records = [plain_record("2024"), plain_record("2024-10/..")]
    assert list(calendars.write(ABOUT, records)) == list(calendars.write(ABOUT, records))


def test_a_link_that_no_reader_may_follow_is_left_out():
    record = plain_record()
    citation = record.citations[0]
    bad = replace(citation, source=replace(citation.source, url="javascript:alert(1)"))
    (entry,) = entries(replace(record, citations=(bad,)))
    assert "javascript" not in str(entry["DESCRIPTION"])


def test_every_character_in_every_field():
    (entry,) = entries(plain_record(text=f"한글{HOSTILE}한글"))
    assert "<>&\"'`]]>--;:,\\=" in str(entry["SUMMARY"])


@settings(max_examples=150)
@given(hostile_records)
def test_any_record_is_one_event(record):
    (entry,) = entries(record)
    assert entry["UID"] == f"{record.public_id}@timeline.example.org"
