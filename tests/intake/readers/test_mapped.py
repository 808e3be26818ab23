"""Any table through a mapping: each field, and what becomes of cells that don't fit."""

import csv
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest

from timeline.intake.mapping import Mapping, Take
from timeline.intake.readers import mapped

BASE = {"title": Take(("Title",)), "date": Take(("Date",))}


def table(*rows):
    columns = list(dict.fromkeys(name for row in rows for name in row))
    written = io.StringIO()
    writer = csv.DictWriter(written, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def read(*rows, system="", **fields):
    rows = [{"Title": "A test", "Date": "2024-10-05", **row} for row in rows]
    fields = {name.replace("__", "."): take for name, take in fields.items()}
    return mapped.read(table(*rows), mapping=Mapping({**BASE, **fields}, system=system))


def one(row, **fields):
    found = read(row, **fields)
    assert len(found.drafts) == 1, found.problems
    return found.drafts[0], found.problems


def test_the_smallest_mapping():
    draft, problems = one({})
    assert (draft.row, draft.title, draft.date) == (2, "A test", "2024-10-05")
    assert not problems


def test_several_columns_make_one_field():
    draft, _ = one(
        {"What": "It rained", "Where": "at sea", "Then": ""},
        summary=Take(("What", "Where", "Then"), joiner=", "),
    )
    assert draft.summary == "It rained, at sea"


@pytest.mark.parametrize(
    ("year", "month", "day", "edtf"),
    [
        ("2018", "6", "12", "2018-06-12"),
        ("2018", "6", "", "2018-06"),
        ("2018", "", "", "2018"),
        ("2018", "", "12", "Month is empty"),
        ("2018", "24", "", "no month 24"),
        ("2018", "2", "30", "has 28 days"),
        ("", "6", "1", "Year is empty"),
        ("", "", "", "no date"),
    ],
)
def test_a_date_in_three_columns(year, month, day, edtf):
    row = {"Title": "x", "Year": year, "Month": month, "Day": day}
    mapping = Mapping({**BASE, "date": Take(("Year", "Month", "Day"), joiner="-")})
    found = mapped.read(table(row), mapping=mapping)
    if found.drafts:
        assert found.drafts[0].date == edtf
    else:
        assert edtf in next(found.fatal()).sentence


def test_a_slashed_date_needs_its_order():
    refused = read({"Date": "05/10/2024"})
    assert not refused.drafts
    assert (refused.problems[0].row, refused.problems[0].column) == (2, "Date")
    assert "Say in the mapping" in refused.problems[0].sentence
    draft, _ = one({"Date": "05/10/2024"}, date=Take(("Date",), order="dmy"))
    assert draft.date == "2024-10-05"


def test_the_end_makes_a_span():
    assert one({"End": "2024-10-08"}, end=Take(("End",)))[0].date == "2024-10-05/2024-10-08"
    assert one({"End": "2024-10-05"}, end=Take(("End",)))[0].date == "2024-10-05"
    found = read({"End": "2023"}, end=Take(("End",)))
    assert "ends before it starts" in next(found.fatal()).sentence


def test_constants_and_words_of_enumerations():
    draft, _ = one(
        {"How": "Official document", "Url": "https://a.example/"},
        importance=Take(constant="key"),
        stance=Take(constant="Denies"),
        source_kind=Take(("How",)),
        source_url=Take(("Url",)),
        time_zone=Take(constant="Asia/Seoul"),
        category=Take(constant="Tests"),
    )
    assert (draft.importance, draft.time_zone, draft.category.name) == (
        "key",
        "Asia/Seoul",
        "Tests",
    )
    (citation,) = draft.citations
    assert (citation.stance, citation.source.kind) == ("denies", "official_document")
    found = read({"How": "loudly"}, importance=Take(("How",)))
    assert "not one of key, normal, minor" in next(found.fatal()).sentence


def test_actors_in_their_roles():
    draft, _ = one(
        {"Who": "North Korea; Russia;;North Korea", "Whom": "Ukraine"},
        actors=Take(("Who",), separator=";"),
        actors__target=Take(("Whom",)),
    )
    assert [(each.actor.name, each.role) for each in draft.participations] == [
        ("North Korea", ""),
        ("Russia", ""),
        ("Ukraine", "target"),
    ]


def test_places_with_what_is_around_them():
    fields = {name: Take((name,)) for name in ("place", "region", "country", "latitude")}
    fields["longitude"] = Take(("longitude",))
    row = {"place": "Kursk", "region": "Kursk Oblast", "country": "Russia"}
    draft, problems = one({**row, "latitude": "51.73", "longitude": "36,19"}, **fields)
    place = draft.place
    assert (place.name, place.latitude, place.longitude) == (
        "Kursk",
        Decimal("51.73"),
        Decimal("36.19"),
    )
    assert (place.parent.name, place.parent.parent.name) == ("Kursk Oblast", "Russia")
    assert not problems
    draft, problems = one({**row, "latitude": "510", "longitude": "36"}, **fields)
    assert draft.place.latitude is None
    assert "not a coordinate" in problems[0].sentence
    draft, _ = one({**dict.fromkeys(fields, ""), "country": "Russia"}, **fields)
    assert (draft.place.name, draft.place_precision) == ("Russia", "country")
    draft, _ = one({**dict.fromkeys(fields, ""), "place": "Kursk", "country": "ru"}, **fields)
    assert (draft.place.country, draft.place.parent) == ("RU", None)


SOURCES = {
    "source_url": Take(("Links",), separator=";"),
    "source_title": Take(("Titles",), separator=";"),
    "source_publisher": Take(("Outlets",), separator=";"),
    "source_published": Take(("Days",), separator=";"),
}


def test_packed_sources_are_told_apart():
    draft, problems = one(
        {
            "Links": "https://a.example/1; https://b.example/2",
            "Titles": "One; Two",
            "Outlets": "The Paper",
            "Days": "2024-10-06; 7 October 2024",
        },
        **SOURCES,
    )
    assert not problems
    assert [
        (each.source.url, each.source.title, each.source.publisher.name, each.source.published)
        for each in draft.citations
    ] == [
        ("https://a.example/1", "One", "The Paper", "2024-10-06"),
        ("https://b.example/2", "Two", "The Paper", "2024-10-07"),
    ]


def test_packed_lists_that_do_not_match_are_kept_packed():
    draft, problems = one(
        {"Links": "https://a.example/1; https://b.example/2", "Titles": "One; Two; or Three"},
        source_url=SOURCES["source_url"],
        source_title=SOURCES["source_title"],
    )
    assert [each.source.title for each in draft.citations] == ["", ""]
    assert "Sources: titles: One; Two; or Three" in draft.internal_note
    assert (problems[0].column, problems[0].fatal) == ("Titles", False)
    assert "lists 3 values for 2 sources" in problems[0].sentence


def test_sources_in_columns_of_their_own():
    row = {
        "u1": "https://a.example/1",
        "u2": "",
        "u3": "https://c.example/3",
        "t1": "One",
        "t3": "Three",
    }
    draft, problems = one(
        {**row, "t2": ""},
        source_url=Take(("u1", "u2", "u3")),
        source_title=Take(("t1", "t2", "t3")),
    )
    assert [(each.source.url[-1], each.source.title) for each in draft.citations] == [
        ("1", "One"),
        ("3", "Three"),
    ]
    assert not problems


def test_what_is_no_link_is_a_reference_of_its_publisher():
    links = Take(("Links",))
    draft, problems = one(
        {"Links": "Page 3", "Paper": "Rodong Sinmun"},
        source_url=links,
        source_publisher=Take(("Paper",)),
    )
    assert draft.citations[0].source.reference == "Page 3"
    assert "kept as the source's reference" in problems[0].sentence
    draft, problems = one({"Links": "Page 3"}, source_url=links)
    assert not draft.citations
    assert "Page 3" in draft.internal_note
    assert "needs its publisher" in problems[0].sentence


def test_figures():
    draft, _ = one(
        {"dead": "1,200", "low": "1000", "hurt": "dozens", "none": ""},
        figures__killed=Take(("dead",)),
        figures__killed__low=Take(("low",)),
        figures__wounded=Take(("hurt",)),
        figures__captured=Take(("none",)),
        figure_subject=Take(constant="Soldiers"),
    )
    killed, wounded = draft.figures
    assert (killed.metric.code, killed.low, killed.best, killed.subject) == (
        "killed",
        1000,
        1200,
        "Soldiers",
    )
    assert (wounded.text_value, wounded.best) == ("dozens", None)


def test_ids_are_the_files_own_or_stable():
    fields = {"id": Take(("No",))}
    found = read({"No": "7"}, {"No": "7"}, system="csis", **fields)
    assert [(each.external[0].system, each.external[0].value) for each in found.drafts] == [
        ("csis", "7"),
        ("csis", "7-2"),
    ]
    assert "same id" in found.problems[0].sentence
    first, second = read({}).drafts, read({"Title": "Other"}, {}).drafts
    assert first[0].external[0] == second[1].external[0]


def test_a_time_in_the_date_or_beside_it():
    assert one({"Date": "2024-10-05T14:30"})[0].time == dt.time(14, 30)
    draft, _ = one({"At": "2:30 pm"}, time=Take(("At",)))
    assert draft.time == dt.time(14, 30)
    draft, problems = one({"Date": "2024-10", "At": "14:30"}, time=Take(("At",)))
    assert draft.time is None
    assert "A time without a day" in problems[0].sentence


def test_a_column_that_is_missing_stops_the_file():
    found = read({}, summary=Take(("Text",)), topics=Take(("Tags",)))
    assert not found.drafts
    assert found.problems[0].row == 0
    assert "no column “Text”, “Tags”" in found.problems[0].sentence


def test_without_a_mapping_the_header_is_guessed():
    found = mapped.read(table({"date": "2024-10-05", "headline": "x", "link": "https://a.example"}))
    assert [each.title for each in found.drafts] == ["x"]
    assert found.drafts[0].citations[0].source.url == "https://a.example"
    found = mapped.read(table({"a": "1"}))
    assert "Say which column holds the field “Title”" in found.problems[0].sentence


def test_a_preview_ends_with_its_last_row():
    rows = [{"Title": f"{n}", "Date": "2024" if n % 2 else "x"} for n in range(100)]
    found = mapped.preview(table(*rows), Mapping(BASE))
    assert (len(found.drafts), len(found.problems), found.rows) == (10, 10, 100)
    assert max(each.row for each in found.problems) == 20


def test_a_workbook_with_real_dates():
    book = openpyxl.Workbook()
    for row in (["Date", "Title", "Killed"], [dt.date(2024, 10, 5), "x", 12.0]):
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    found = mapped.read(written.getvalue())
    assert (found.drafts[0].date, found.drafts[0].figures[0].best) == ("2024-10-05", 12)
