"""What a date says: never more than is known."""

import pytest

from timeline.dates import column, full_words, iso, known, parse, reading, ring, words

COLUMNS = [
    ("2018-06-12", ("12 June", "Tue 2018"), ""),
    ("2019-02-27/2019-02-28", ("27–28 Feb", "2019"), "range"),
    ("2023-12-30/2024-01-02", ("30 Dec – 2 Jan", "2023–24"), "range"),
    ("2024-10-25~", ("c. 25 October", "2024, about"), "fuzzy"),
    ("2025-01-16?", ("16 January?", "2025, inferred"), "fuzzy"),
    ("2021-01", ("January", "2021, day unknown"), "wide"),
    ("2024-23", ("Autumn", "2024, day unknown"), "wide"),
    ("2024", ("2024", "day unknown"), "wide"),
    ("[2024-10-08..2024-10-13]", ("8–13 Oct", "2024, day unknown"), "fuzzy"),
]


@pytest.mark.parametrize(("edtf", "lines", "mark"), COLUMNS)
def test_the_date_column(edtf, lines, mark):
    assert column(parse(edtf)) == lines
    assert ring(parse(edtf)) == mark


def test_autumn_reads_back_as_a_season_and_never_as_a_first_of_the_month():
    autumn = parse("2024-23")
    assert reading(autumn) == ("autumn 2024", "season precision, 1 September – 30 November 2024")
    assert iso(autumn) == ""
    for said in (words(autumn), full_words(autumn), *column(autumn), words(autumn, "ko")):
        assert "1 September" not in said
        assert "9월 1일" not in said


@pytest.mark.parametrize(
    ("edtf", "value"),
    [
        ("2018-06-12", "2018-06-12"),
        ("2024-10", "2024-10"),
        ("2024~", "2024"),
        ("2024-23", ""),
        ("202X", ""),
        ("[2024-10-08..2024-10-13]", ""),
        ("../2019", ""),
    ],
)
def test_the_datetime_attribute_is_never_padded(edtf, value):
    assert iso(parse(edtf)) == value


def test_the_full_form_says_how_exactly_it_is_known():
    assert full_words(parse("2025-01-13")) == "Monday 13 January 2025, exact day known"
    assert full_words(parse("2024-10")) == "October 2024, exact day not known"
    assert full_words(parse("2024-10-25~")) == "about 25 October 2024, exact day not certain"


@pytest.mark.parametrize(
    ("edtf", "said"),
    [
        ("2024-10", "month precision, 1–31 October 2024"),
        ("2018-06-12", "exact day"),
        ("2024-10/..", "several days or longer, from 1 October 2024"),
        ("[..2018]", "one day, not known which, up to 31 December 2018"),
        ("2019~", "year precision, 1 January – 31 December 2019, approximate"),
    ],
)
def test_known(edtf, said):
    assert known(parse(edtf)) == said


@pytest.mark.parametrize(
    ("edtf", "said"),
    [
        ("2018-06-12", "2018년 6월 12일"),
        ("2024-10", "2024년 10월"),
        ("2024-23", "2024년 가을"),
        ("2024-24", "2024–25년 겨울"),
        ("2019-02-27/2019-02-28", "2019년 2월 27일–28일"),
        ("2024-10/..", "2024년 10월부터"),
        ("202X", "2020년대"),
    ],
)
def test_korean(edtf, said):
    assert words(parse(edtf), "ko") == said
