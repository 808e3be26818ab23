"""TimelineJS out: strict in form, never more exact than the record, and readable back in."""

import csv
import dataclasses
import datetime as dt
import html
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dates.test_properties import EDTF
from tests.intake.samples import rows, sample
from tests.loaded import demo_record
from timeline import dates
from timeline import text as texts
from timeline.formats.about import About
from timeline.formats.timelinejs import COLUMNS, write_csv, write_json
from timeline.intake.readers import timelinejs_json, timelinejs_sheet
from timeline.models import Event
from timeline.record import (
    CategoryRecord,
    CitationRecord,
    EventRecord,
    PublisherRecord,
    SourceRecord,
    records,
)

ABOUT = About(
    words="Events with “North Korea” & <others>",
    address="https://example.org/?actor=north-korea&year=2024",
    own_address="https://example.org/events.timelinejs.json?actor=north-korea",
    site="Chronicle",
    site_address="https://example.org/",
    licence="CC BY 4.0",
    language="en",
    total=1,
    updated=None,
)
SOURCE = SourceRecord(
    public_id="SSSSSSSS",
    url="https://example.org/a?x=1&y='2'",
    reference="",
    title="An article",
    title_is_description=False,
    publisher=PublisherRecord("paper", "The Paper", "national", "en"),
    agency=None,
    authors="",
    published="2024-10-20",
    accessed_on=None,
    language="en",
    kind="news",
    archive_url="",
    archived_at=None,
    link_state="ok",
)


def event(date="2024-10-08", **changes):
    when = dates.parse(date)
    base = EventRecord(
        public_id="AAAAAAAA",
        slug="a-test",
        title="A test is made",
        label="",
        summary="It was seen.",
        date=date,
        earliest=when.earliest,
        latest=when.latest,
        sort_date=when.sort_date,
        precision=str(when.precision),
        date_basis="occurred",
        time=None,
        time_zone="",
        date_note="",
        category=CategoryRecord("tests", "Tests", "disc", "military"),
        topics=(),
        place=None,
        place_precision="unknown",
        importance="normal",
        status="published",
        verification="reported",
        verification_reasons=(),
        verification_override="",
        verification_note="",
        participations=(),
        citations=(CitationRecord(SOURCE, "reports", None, "", "", (), ""),),
        figures=(),
        relations=(),
        published_at=None,
        revised_at=None,
        version=1,
    )
    return dataclasses.replace(base, **changes)


def as_json(*events):
    return json.loads("".join(write_json(ABOUT, events)))


def as_rows(*events):
    return list(csv.DictReader(io.StringIO("".join(write_csv(ABOUT, events)), newline="")))


# --- What TimelineJS accepts, checked strictly ----------------------------------------------------

PARTS = ("year", "month", "day", "hour", "minute")
MARKUP = re.compile(r'</?p>|<br>|<a (rel="bookmark" )?href="[^"<>]*">|</a>')


def check_markup(written):
    """Our own tags, closed, and nothing else that is markup."""
    bare = MARKUP.sub("", written)
    assert "<" not in bare
    assert ">" not in bare
    assert '"' not in bare
    assert html.escape(html.unescape(bare)) == bare
    for tag in ("p", "a"):
        assert len(re.findall(f"<{tag}[ >]", written)) == written.count(f"</{tag}>")


def check_date(date):
    assert set(date) <= set(PARTS)
    filled = [part in date for part in PARTS]
    assert filled == sorted(filled, reverse=True), "a part without the one before it"
    assert all(type(each) is int for each in date.values())
    dt.datetime(*[date.get(part, low) for part, low in zip(PARTS, (1, 1, 1, 0, 0), strict=True)],
                tzinfo=dt.UTC)  # fmt: skip


def check_document(document):
    assert set(document) == {"title", "events"}
    assert set(document["title"]) == {"text"}
    check_markup(document["title"]["text"]["headline"])
    for slide in document["events"]:
        assert set(slide) <= {
            "unique_id", "start_date", "end_date", "text", "group", "display_date",
        }  # fmt: skip
        assert re.fullmatch(r"[0-9A-Z]{8}", slide["unique_id"])
        check_date(slide["start_date"])
        if "end_date" in slide:
            check_date(slide["end_date"])
            first, last = (
                [slide[name].get(part, 0) for part in PARTS[:3]]
                for name in ("start_date", "end_date")
            )
            assert first < last or first[0] < last[0] or slide.get("display_date")
        assert set(slide["text"]) == {"headline", "text"}
        assert slide["text"]["headline"]
        for written in (*slide["text"].values(), slide.get("group", "")):
            check_markup(written)
    ids = [slide["unique_id"] for slide in document["events"]]
    assert len(ids) == len(set(ids))


# --- Dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edtf", "start", "end", "display"),
    [
        ("2018-06-12", {"year": 2018, "month": 6, "day": 12}, None, None),
        ("2024-10", {"year": 2024, "month": 10}, None, None),
        ("2024", {"year": 2024}, None, None),
        ("2024-10?", {"year": 2024, "month": 10}, None, "October 2024?"),
        ("2024-23", {"year": 2024}, None, "autumn 2024"),
        ("2021-35", {"year": 2021}, None, "third quarter of 2021"),
        ("202X", {"year": 2020}, {"year": 2029}, "the 2020s"),
        (
            "2019-02-27/2019-02-28",
            {"year": 2019, "month": 2, "day": 27},
            {"year": 2019, "month": 2, "day": 28},
            None,
        ),
        ("2024-10/..", {"year": 2024, "month": 10}, None, "since October 2024"),
        ("../2019-03", {"year": 2019, "month": 3}, None, "until March 2019"),
        (
            "[2024-10-08..2024-10-13]",
            {"year": 2024, "month": 10},
            None,
            "8–13 October 2024 (exact day not known)",
        ),
        ("[..2018]", {"year": 2018}, None, "before 2019"),
        ("[2019-04..]", {"year": 2019, "month": 4}, None, "after March 2019"),
    ],
)
def test_only_what_is_known_is_filled_in(edtf, start, end, display):
    (slide,) = as_json(event(edtf))["events"]
    assert slide["start_date"] == start
    assert slide.get("end_date") == end
    assert slide.get("display_date") == display
    (_title, row) = as_rows(event(edtf))
    cells = [row["Year"], row["Month"], row["Day"]]
    assert cells == [str(start.get(part, "")) for part in PARTS[:3]]
    cells = [row["End Year"], row["End Month"], row["End Day"]]
    assert cells == [str((end or {}).get(part, "")) for part in PARTS[:3]]
    assert row["Display Date"] == (display or "")


def test_a_time_stands_beside_a_day():
    day = event(time=dt.time(14, 5))
    assert as_json(day)["events"][0]["start_date"]["minute"] == 5
    assert as_rows(day)[1]["Time"] == "14:05"
    month = event("2024-10", time=dt.time(14, 5))
    assert "hour" not in as_json(month)["events"][0]["start_date"]
    assert as_rows(month)[1]["Time"] == ""


@given(EDTF)
def test_a_date_goes_out_and_comes_back_as_exact_as_it_was(edtf):
    events = [event(edtf)]
    for found in (
        timelinejs_sheet.read("".join(write_csv(ABOUT, events)).encode()),
        timelinejs_json.read("".join(write_json(ABOUT, events)).encode()),
    ):
        (draft,) = found.drafts
        said = dates.words(dates.parse(edtf))
        assert dates.words(dates.parse(draft.date)) == said
        assert draft.date_note == ""


# --- Texts ----------------------------------------------------------------------------------------

HOSTILE = "".join(map(chr, range(1, 128))) + "‮⁦</script><img src=x onerror=alert(1)>]]>핵"


def test_hostile_text_stays_text():
    said = texts.clean_line(HOSTILE)
    source = dataclasses.replace(SOURCE, title=said)
    hostile = event(
        title=said,
        summary=said,
        date_note=said,
        category=CategoryRecord("x", said, "disc", "military"),
        citations=(CitationRecord(source, "reports", None, "", "", (), ""),),
    )
    check_document(as_json(hostile))
    slide = as_json(hostile)["events"][0]
    assert html.unescape(slide["text"]["headline"]) == said
    row = as_rows(hostile)[1]
    check_markup(row["Text"])
    assert html.unescape(row["Headline"]) == said
    draft = timelinejs_json.read(json.dumps(as_json(hostile)).encode()).drafts[0]
    assert draft.category.name == said


@given(st.text(max_size=40), st.text(max_size=80))
def test_any_text_comes_back_as_it_was(title, summary):
    title, summary = texts.clean_line(title), texts.clean_text(summary)
    made = event(title=title or "x", summary=summary, citations=())
    check_document(as_json(made))
    (draft,) = timelinejs_json.read("".join(write_json(ABOUT, [made])).encode()).drafts
    assert draft.title == (title or "x")
    assert draft.summary == summary


def test_sources_and_the_page_of_the_event_are_links_in_the_text(settings):
    settings.SITE_URL = "https://chronicle.example"
    text = as_json(event())["events"][0]["text"]["text"]
    assert text == (
        "<p>It was seen.</p><p>Sources: "
        '<a href="https://example.org/a?x=1&amp;y=&#x27;2&#x27;">An article</a> (The Paper) · '
        '<a rel="bookmark" href="https://chronicle.example/events/AAAAAAAA-a-test/">Chronicle</a>'
        "</p>"
    )
    print_only = dataclasses.replace(SOURCE, url="", reference="Page 3", title="")
    made = event(citations=(CitationRecord(print_only, "reports", None, "", "", (), ""),))
    assert "Sources: Page 3 (The Paper) · " in as_json(made)["events"][0]["text"]["text"]


def test_the_sheet_is_strict():
    written = "".join(write_csv(ABOUT, [event(title="=1+1")]))
    assert written.split("\r\n", 1)[0] == ",".join(COLUMNS)
    assert len(COLUMNS) == 19
    title, row = as_rows(event(title="=1+1"))
    assert title["Type"] == "title"
    assert title["Year"] == ""
    assert row["Headline"] == "'=1+1"
    assert row["Type"] == ""


def test_it_is_written_as_it_is_asked_for():
    def endless():
        while True:
            yield event()

    pieces = write_json(ABOUT, endless())
    assert len([next(pieces) for _ in range(1000)]) == 1000
    lines = write_csv(ABOUT, endless())
    assert len([next(lines) for _ in range(5)]) == 5


def test_a_selection_without_events_is_still_a_document():
    assert as_json()["events"] == []
    assert [row["Type"] for row in as_rows()] == ["title"]


def test_a_sheet_goes_in_and_comes_out_as_exact_as_it_was():
    given = rows("timelinejs.csv")
    found = timelinejs_sheet.read(sample("timelinejs.csv"))
    drafts = {draft.row: draft for draft in found.drafts}
    assert len(drafts) == 4
    for number, cells in enumerate(given, start=2):
        if draft := drafts.get(number):
            (_title, row) = as_rows(event(draft.date, title=draft.title, time=draft.time))
            names = [*COLUMNS[:10]]
            assert [row[name] for name in names] == [cells[name] for name in names]


# --- The demo -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_demo_goes_out_and_comes_back():
    demo_record()
    events = records(Event.objects.public().order_by(*Event._meta.ordering))
    assert len(events) == 153
    document = as_json(*events)
    check_document(document)
    found = timelinejs_json.read("".join(write_json(ABOUT, events)).encode())
    assert [(each.external[0].value, each.title, each.date) for each in found.drafts] == [
        (each.public_id, each.title, each.date) for each in events
    ]
    sheet = timelinejs_sheet.read("".join(write_csv(ABOUT, events)).encode())
    assert [(each.title, each.date) for each in sheet.drafts] == [
        (each.title, each.date) for each in events
    ]
    links = [
        [texts.canonical_url(each.source.url) for each in event.citations if each.source.url]
        for event in events
    ]
    for drafts in (found.drafts, sheet.drafts):
        assert [
            [texts.canonical_url(each.source.url) for each in draft.citations] for draft in drafts
        ] == [list(dict.fromkeys(each)) for each in links]
