"""The own CSV: a line an event, whatever stands in it, that no spreadsheet takes for a formula."""

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.records import ABOUT, DATES, HOSTILE, dated, hostile_records, plain_record
from timeline import dates
from timeline.formats.table import EVENTS, FIGURES, PARTICIPATIONS, SOURCES, SOURCES_TABLE, TABLES
from timeline.record import FigureRecord, MetricRecord

EACH = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


def cited(times):
    """A record with so many citations."""
    event = plain_record()
    return replace(event, citations=event.citations[:1] * times)


def rows(table, events):
    text = "".join(table.write(ABOUT, events))
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def bare(cell):
    """A text cell as it was before it was made safe."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'")[:1] in tuple("=+-@\t\r") else cell


@EACH
@given(st.lists(hostile_records, max_size=3))
def test_any_characters_come_back(table, events):
    read = rows(table, events)
    wanted = [row for event in events for row in table.rows(event)]
    assert len(read) == len(wanted)
    for row, values in zip(read, wanted, strict=True):
        assert list(row) == [column.name for column in table.columns]
        for (name, cell), value in zip(row.items(), values, strict=True):
            if isinstance(value, str):
                assert bare(cell) == value, name
                assert cell[:1] not in tuple("=+-@\t\r") or not cell, name
            elif value is None:
                assert cell == "", name


def test_every_hostile_character_in_every_field():
    event = plain_record(text=HOSTILE)
    (row,) = rows(EVENTS, [event])
    assert bare(row["headline"]) == event.title
    assert bare(row["summary"]) == event.summary


def test_the_first_columns_are_those_that_other_programs_know():
    assert [column.name for column in EVENTS.columns[:20]] == [
        *("public_id", "url", "version", "date_edtf", "date_start", "date_end", "date_precision"),
        *("date_qualifier", "headline", "summary", "category", "topics", "actors", "countries"),
        *("place", "lat", "lon", "place_precision", "verification", "source_count"),
    ]
    names = [column.name for column in EVENTS.columns[20:]]
    assert names[:6] == [
        *("source_1_title", "source_1_publisher", "source_1_date", "source_1_url"),
        *("source_1_archive_url", "source_1_stance"),
    ]
    assert names[-1] == f"source_{SOURCES}_stance"


@pytest.mark.parametrize("date", DATES)
def test_dates_keep_what_is_known_and_no_more(date):
    (row,) = rows(EVENTS, [dated(plain_record(), date)])
    when = dates.parse(date)
    assert row["date_edtf"] == when.edtf
    assert row["date_precision"] == when.precision
    assert row["date_start"] == ("" if when.open_start else when.earliest.isoformat())
    assert row["date_end"] == ("" if when.open_end else when.latest.isoformat())
    wanted = {(False, False): "exact", (True, False): "approximate", (False, True): "uncertain"}
    assert row["date_qualifier"] == wanted.get((when.approximate, when.uncertain), "both")


def test_more_sources_than_columns_are_counted():
    event = cited(SOURCES + 2)
    (row,) = rows(EVENTS, [event])
    assert row["source_count"] == str(SOURCES + 2)
    assert row[f"source_{SOURCES}_title"]
    assert len(rows(SOURCES_TABLE, [event])) == SOURCES + 2


def test_the_tables_are_joined_on_the_public_id():
    events = [cited(2), cited(1)]
    ids = {event.public_id for event in events}
    metric = MetricRecord("killed", "Killed", "people", True)
    figure = FigureRecord(
        **dict.fromkeys(("subject", "text_value", "period_start", "as_of", "note"), ""),
        **dict.fromkeys(("low", "high", "attributed_to", "source"), None),
        metric=metric,
        best=Decimal("1000.50"),
        qualifier="exact",
        basis="this_event",
        state="superseded",
        superseded_by=1,
    )
    events[0] = replace(events[0], figures=(figure, replace(figure, superseded_by=None)))
    first, second = rows(FIGURES, events)
    assert (first["figure"], first["best"], first["superseded_by"]) == ("1", "1000.5", "2")
    assert (second["figure"], second["superseded_by"]) == ("2", "")
    for table in (FIGURES, SOURCES_TABLE, PARTICIPATIONS):
        found = rows(table, events)
        assert found
        assert {row["public_id"] for row in found} <= ids
