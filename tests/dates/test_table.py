"""The whole table of accepted and refused dates, one row a test."""

from datetime import date

import pytest

from timeline.dates import DateError, parse, read, single, words

# text, bounds, precision, words
EDTF = [
    ("2018-06-12", "2018-06-12", "2018-06-12", "day", "12 June 2018"),
    ("2024-10", "2024-10-01", "2024-10-31", "month", "October 2024"),
    ("2024", "2024-01-01", "2024-12-31", "year", "2024"),
    ("2024-21", "2024-03-01", "2024-05-31", "season", "spring 2024"),
    ("2024-22", "2024-06-01", "2024-08-31", "season", "summer 2024"),
    ("2024-23", "2024-09-01", "2024-11-30", "season", "autumn 2024"),
    ("2024-24", "2024-12-01", "2025-02-28", "season", "winter 2024–25"),
    ("2023-24", "2023-12-01", "2024-02-29", "season", "winter 2023–24"),
    ("1999-24", "1999-12-01", "2000-02-29", "season", "winter 1999–00"),
    ("2024-33", "2024-01-01", "2024-03-31", "quarter", "first quarter of 2024"),
    ("2024-36", "2024-10-01", "2024-12-31", "quarter", "fourth quarter of 2024"),
    ("2024-40", "2024-01-01", "2024-06-30", "half", "first half of 2024"),
    ("2024-41", "2024-07-01", "2024-12-31", "half", "second half of 2024"),
    ("202X", "2020-01-01", "2029-12-31", "decade", "the 2020s"),
    ("19XX", "1900-01-01", "1999-12-31", "century", "the 20th century"),
    ("00XX", "0001-01-01", "0099-12-31", "century", "the 1st century"),
    ("2019-02-27/2019-02-28", "2019-02-27", "2019-02-28", "span", "27–28 February 2019"),
    ("2024-10/2025-01", "2024-10-01", "2025-01-31", "span", "October 2024 to January 2025"),
    ("2024-10/..", "2024-10-01", "9999-12-31", "span", "since October 2024"),
    ("../2019-03", "0001-01-01", "2019-03-31", "span", "until March 2019"),
    ("2024?", "2024-01-01", "2024-12-31", "year", "2024?"),
    ("2024-10~", "2024-10-01", "2024-10-31", "month", "about October 2024"),
    ("2018-06-12%", "2018-06-12", "2018-06-12", "day", "about 12 June 2018?"),
    ("2024-37", "2024-01-01", "2024-04-30", "third", "early 2024"),
    ("2024-38", "2024-05-01", "2024-08-31", "third", "mid 2024"),
    ("2024-39", "2024-09-01", "2024-12-31", "third", "late 2024"),
    (
        "[2024-10-08..2024-10-13]",
        "2024-10-08",
        "2024-10-13",
        "one_of",
        "8–13 October 2024 (exact day not known)",
    ),
    ("[..2018]", "0001-01-01", "2018-12-31", "one_of", "before 2019"),
    ("[2019-04..]", "2019-04-01", "9999-12-31", "one_of", "after March 2019"),
]


@pytest.mark.parametrize(("text", "earliest", "latest", "precision", "said"), EDTF)
def test_edtf(text, earliest, latest, precision, said):
    when = parse(text)
    assert when.edtf == text
    assert (when.earliest, when.latest) == (
        date.fromisoformat(earliest),
        date.fromisoformat(latest),
    )
    assert when.precision == precision
    assert words(when) == said


@pytest.mark.parametrize(
    ("text", "coarser"), [("2024-10-XX", "2024-10"), ("2024-XX", "2024"), ("2024-XX-XX", "2024")]
)
def test_unspecified_digits_are_the_coarser_form(text, coarser):
    assert parse(text) == parse(coarser)


NEWSROOM = [
    ("12 June 2018", "2018-06-12"),
    ("June 12, 2018", "2018-06-12"),
    ("12 Jun 2018", "2018-06-12"),
    ("12 JUNE 2018", "2018-06-12"),
    ("October 2024", "2024-10"),
    ("autumn 2024", "2024-23"),
    ("Fall 2024", "2024-23"),
    ("winter 2024", "2024-24"),
    ("winter 2024–25", "2024-24"),
    ("Q3 2021", "2021-35"),
    ("first half of 2020", "2020-40"),
    ("early October 2024", "[2024-10-01..2024-10-10]"),
    ("mid October 2024", "[2024-10-11..2024-10-20]"),
    ("late October 2024", "[2024-10-21..2024-10-31]"),
    ("late February 2023", "[2023-02-21..2023-02-28]"),
    ("early 2024", "2024-37"),
    ("mid-2024", "2024-38"),
    ("late 2024", "2024-39"),
    ("c. 2019", "2019~"),
    ("about 2019", "2019~"),
    ("about 12 June 2018", "2018-06-12~"),
    ("2024?", "2024?"),
    ("12 June 2018?", "2018-06-12?"),
    ("1990s", "199X"),
    ("the 20th century", "19XX"),
    ("before 2019", "[..2018]"),
    ("after 2019-03", "[2019-04..]"),
    ("by June 2019", "[..2019-06]"),
    ("until March 2019", "../2019-03"),
    ("since October 2024", "2024-10/.."),
    ("between 8 October 2024 and 13 October 2024", "[2024-10-08..2024-10-13]"),
    ("between 8 and 13 October 2024", "[2024-10-08..2024-10-13]"),
    ("8–13 October 2024 (exact day not known)", "[2024-10-08..2024-10-13]"),
    ("late October 2024 (exact day not known)", "[2024-10-21..2024-10-31]"),
    ("about June 2019 or later", "[2019-06~..]"),
    ("27-28 February 2019", "2019-02-27/2019-02-28"),
    ("27–28 February 2019", "2019-02-27/2019-02-28"),
    ("8 to 13 October 2024", "2024-10-08/2024-10-13"),
    ("February 27-28, 2019", "2019-02-27/2019-02-28"),
    ("27 February to 1 March 2019", "2019-02-27/2019-03-01"),
    ("30 December 2023 – 2 January 2024", "2023-12-30/2024-01-02"),
    ("October 2024 to January 2025", "2024-10/2025-01"),
    ("2018년 6월 12일", "2018-06-12"),
    ("2024년 10월", "2024-10"),
    ("2024년", "2024"),
    ("  12   June 2018 ", "2018-06-12"),
]


@pytest.mark.parametrize(("text", "edtf"), NEWSROOM)
def test_newsroom_forms(text, edtf):
    assert read(text).edtf == edtf


REFUSED = [
    ("10/11/12", "two ways"),
    ("05.10.2024", "two ways"),
    ("5-10-2024", "two ways"),
    ("2024/10", "two ways"),
    ("yesterday", "depends on today"),
    ("last autumn", "depends on today"),
    ("30 February 2023", "that month has 28 days"),
    ("2024-02-30", "that month has 29 days"),
    ("2024-13", "Months go from 01 to 12"),
    ("2024-00", "Months go from 01 to 12"),
    ("2024-30", "Months go from 01 to 12"),
    ("2025/2024", "Write the earlier date first"),
    ("2024-10/", "Write .. for an end that is open"),
    ("../..", "neither start nor end"),
    ("[2024-10-13..2024-10-08]", "Write the earlier date first"),
    ("0000", "year 0"),
    ("10000", "is not a date"),
    ("-500", "is not a date"),
    ("٢٠٢٤", "is not a date"),
    ("", "Write a date"),
    ("after 9999", "Years go from 1 to 9999"),
    ("before 0001", "Years go from 1 to 9999"),
    ("summer 2024-25", "not one season"),
    ("soon", "is not a date"),
    ("2024-10-08T12:00", "is not a date"),
]


@pytest.mark.parametrize(("text", "sentence"), REFUSED)
def test_refused_with_a_sentence(text, sentence):
    with pytest.raises(DateError, match="(?i)" + sentence):
        read(text)


@pytest.mark.parametrize("text", ["2024-10/2025-01", "[2024..2025]", "27-28 February 2019"])
def test_a_filter_takes_single_dates_only(text):
    with pytest.raises(DateError, match="single one"):
        single(text)


@pytest.mark.parametrize("text", ["12 June 2018", "October 2024"])
def test_strict_edtf_refuses_newsroom_forms(text):
    with pytest.raises(DateError):
        parse(text)
