"""The JSON of TimelineJS, new, old and wrapped in a call."""

import datetime as dt
import json

import pytest

from timeline.intake.readers import timelinejs_json


def document(*events, **more):
    return json.dumps({"events": list(events), **more}).encode()


def slide(**changes):
    return {"start_date": {"year": 2018}, "text": {"headline": "A test is made"}, **changes}


def test_a_slide():
    found = timelinejs_json.read(
        document(
            slide(
                start_date={"year": "2018", "month": 6, "day": "12", "hour": 9, "minute": "5"},
                end_date={"year": 2018, "month": 7},
                text={"headline": "<b>A</b> test", "text": "x <a href='https://a.example/'>a</a>"},
                group="Tests",
                unique_id="t-1",
                location={"name": "Punggye-ri", "lat": 1, "lon": 2},
                media={"url": "https://a.example/b.jpg", "caption": "c"},
            )
        )
    )
    assert not found.problems
    (draft,) = found.drafts
    assert (draft.row, draft.title, draft.summary) == (1, "A test", "x a")
    assert (draft.date, draft.time) == ("2018-06-12/2018-07", dt.time(9, 5))
    assert draft.external[0].value == "t-1"
    assert draft.category.name == "Tests"
    assert draft.place.name == "Punggye-ri"
    assert [each.source.kind for each in draft.citations] == ["", "imagery"]


@pytest.mark.parametrize("form", ["callback({});", "/**/ my.fn({})", "fn( {} ) ; \n", "{}"])
def test_a_call_around_it_is_taken_off(form):
    content = form.replace("{}", document(slide()).decode()).encode()
    assert [draft.date for draft in timelinejs_json.read(content).drafts] == ["2018"]


def test_title_and_eras_are_skipped_and_counted():
    found = timelinejs_json.read(
        document(slide(), title={"text": {}, "x": 1}, eras=[{"start_date": {}}, {}])
    )
    assert (found.rows, len(found.drafts), found.skipped) == (4, 1, 3)
    assert [each.column for each in found.problems] == ["title", "eras"]


def test_version_two():
    content = {
        "timeline": {
            "headline": "T",
            "date": [
                {
                    "startDate": "2012,1,26,10,15",
                    "endDate": "2012,1,27",
                    "headline": "H",
                    "text": "x",
                    "tag": "Tag",
                    "asset": {"media": "https://a.example/v.mp4"},
                }
            ],
            "era": [{"startDate": "2011"}],
        }
    }
    found = timelinejs_json.read(json.dumps(content).encode())
    (draft,) = found.drafts
    assert (draft.date, draft.time) == ("2012-01-26/2012-01-27", dt.time(10, 15))
    assert draft.category.name == "Tag"
    assert draft.citations[0].source.kind == "video"


@pytest.mark.parametrize(
    ("date", "column", "sentence"),
    [
        ({"year": "unknown"}, "start_date.year", "can't be read as a number"),
        ({"month": 3}, "start_date.year", "is empty"),
        ({"year": 2018, "month": 13}, "start_date.month", "no month 13"),
        ({"year": 2018, "month": 2, "day": 30}, "start_date.day", "has 28 days"),
        ({"year": -3000}, "start_date.year", "before the year 1"),
        ({"year": [2018]}, "start_date.year", "is empty"),
        ({"year": True}, "start_date.year", "is empty"),
    ],
)
def test_dates_that_are_none(date, column, sentence):
    found = timelinejs_json.read(document(slide(), slide(start_date=date)))
    assert len(found.drafts) == 1
    (problem,) = found.problems
    assert (problem.row, problem.column) == (2, column)
    assert sentence in problem.sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[]", "no list “events”"),
        (b'{"events": 3}', "no list “events”"),
        (b'{"events": [NaN]}', "not JSON"),
        (b"[" * 200_000, "not JSON"),
        (b"\xff\xfe\x00", "can't be read as UTF-16"),
        (b"x" * 25_000_001, "larger than 25 MB"),
        (b'{"events": [' + b"{}," * 50_000 + b"{}]}", "more than 50,000 events"),
    ],
)
def test_what_is_no_document(content, sentence):
    found = timelinejs_json.read(content)
    assert not found.drafts
    assert sentence in next(found.fatal()).sentence


def test_what_is_no_event_is_named():
    found = timelinejs_json.read(document("x", None, slide(text="x"), slide()))
    assert [each.row for each in found.fatal()] == [1, 2, 3]
    assert len(found.drafts) == 1


def test_what_no_text_holds_is_taken_out():
    content = (
        b'{"events": [{"start_date": {"year": "\\u0000"}, "text": {"headline": "a"}},'
        b'{"start_date": {"year": "\\ud800"}, "text": {"headline": "a"}},'
        b'{"start_date": {"year": 2018}, "text": {"headline": "a\\ud800\\u0000b"}}]}'
    )
    found = timelinejs_json.read(content)
    for problem in found.problems:
        assert "\x00" not in problem.sentence + problem.value
        assert (problem.sentence + problem.value).encode()
    (draft,) = found.drafts
    assert draft.title.encode() == "a?␀b".encode()
