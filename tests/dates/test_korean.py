"""Dates in Korean: the same as in English, and no word of it left."""

import re
from datetime import date

import pytest
from hypothesis import given

from tests.dates.test_properties import EDTF
from timeline.dates import (
    DateError,
    column,
    day,
    full_words,
    known,
    month,
    month_day,
    month_name,
    parse,
    read,
    short,
    words,
    year,
)


@given(EDTF)
def test_nothing_is_said_in_latin_letters(text):
    when = parse(text)
    said = (
        words(when, "ko"),
        short(when, "ko"),
        full_words(when, "ko"),
        known(when, "ko"),
        *column(when, "ko"),
    )
    assert not re.search("[A-Za-z]", " ".join(said))
    assert re.search("[가-힣]", said[0])


@pytest.mark.parametrize(
    ("edtf", "phrase", "how"),
    [
        ("2018-06-12", "2018년 6월 12일", "정확한 날짜"),
        ("2018-06-12~", "2018년 6월 12일경", "하루, 대략"),
        ("2018-06-12?", "2018년 6월 12일(?)", "하루, 불확실"),
        ("2024-10", "2024년 10월", "월 단위, 2024년 10월 1일–31일"),
        ("2024-23", "2024년 가을", "계절 단위, 2024년 9월 1일–11월 30일"),
        ("2024-24", "2024–25년 겨울", "계절 단위, 2024년 12월 1일–2025년 2월 28일"),
        ("2024-33", "2024년 1분기", "분기 단위, 2024년 1월 1일–3월 31일"),
        ("2024-37", "2024년 초", "연초·중반·연말 단위, 2024년 1월 1일–4월 30일"),
        ("2024-41", "2024년 하반기", "반기 단위, 2024년 7월 1일–12월 31일"),
        ("202X", "2020년대", "10년 단위, 2020년 1월 1일–2029년 12월 31일"),
        ("20XX", "21세기", "세기 단위, 2000년 1월 1일–2099년 12월 31일"),
        (
            "2024-10/2024-12",
            "2024년 10월–12월",
            "여러 날 또는 그 이상, 2024년 10월 1일–12월 31일",
        ),
        (
            "[2024-10-11..2024-10-20]",
            "2024년 10월 중순 (정확한 날짜 미상)",
            "그중 하루, 어느 날인지 미상, 2024년 10월 11일–20일",
        ),
        ("../2019", "2019년까지", "여러 날 또는 그 이상, 2019년 12월 31일까지"),
        ("2019-02/..", "2019년 2월부터", "여러 날 또는 그 이상, 2019년 2월 1일부터"),
    ],
)
def test_a_date_and_how_exactly_it_is_known(edtf, phrase, how):
    assert (words(parse(edtf), "ko"), known(parse(edtf), "ko")) == (phrase, how)


@given(EDTF)
def test_what_is_said_is_read_again(text):
    when = parse(text)
    assert read(words(when, "ko")) == when


@pytest.mark.parametrize(
    ("written", "edtf"),
    [
        ("2024년 가을", "2024-23"),
        ("2024년 가을쯤", "2024-23~"),
        ("약 2024년 10월", "2024-10~"),
        ("2024년10월5일", "2024-10-05"),
        ("2024년 10월 8일~13일", "2024-10-08/2024-10-13"),
        ("2024년 10월 28일부터 11월 2일까지", "2024-10-28/2024-11-02"),
        ("2024년 10월 말", "[2024-10-21..2024-10-31]"),
        ("2024년 10월 이후", "[2024-10..]"),
    ],
)
def test_forms_that_a_newsroom_writes(written, edtf):
    assert read(written).edtf == edtf


@pytest.mark.parametrize(
    "written", ["작년 가을", "2024년 10월 5일쯤이다", "가을", "2024년 13월", "2023년 2월 30일"]
)
def test_what_is_no_date_is_refused(written):
    with pytest.raises(DateError):
        read(written)


def test_parts_of_the_calendar():
    on = date(2018, 6, 12)
    assert (day(on), day(on, "ko")) == ("12 June 2018", "2018년 6월 12일")
    assert (day(on, short=True), month_day(on, "ko")) == ("12 Jun 2018", "6월 12일")
    assert (month(on), month(on, "ko")) == ("June 2018", "2018년 6월")
    assert (month_name(6, short=True), month_name(6, "ko")) == ("Jun", "6월")
    assert (year(2018), year(2018, "ko")) == ("2018", "2018년")


def test_a_refusal_is_said_in_the_language_that_is_asked_for(monkeypatch):
    with pytest.raises(DateError) as refused:
        read("31 June 2018")
    assert str(refused.value) == "“2018-06-31” is not a day: that month has 30 days."
    monkeypatch.setattr(DateError, "say", (lambda _message: "%(days)s일까지 있습니다."))
    assert str(refused.value) == "30일까지 있습니다."
