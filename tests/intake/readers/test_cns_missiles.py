"""The missile tests of CNS: UTC becomes Pyongyang's day, a salvo becomes one event."""

import csv
import datetime as dt
import io

import pytest

from tests.intake.samples import sample, written
from timeline.intake.readers import cns_missiles
from timeline.intake.tables import read_table

ROWS = list(csv.DictReader(io.StringIO(sample("cns_missiles.csv").decode("cp1252"), newline="")))
LAUNCH = ROWS[0]


def one(**changes):
    found = cns_missiles.read(written({**LAUNCH, **changes}))
    assert len(found.drafts) == 1, found.problems
    return found.drafts[0], found.problems


def test_the_sample():
    found = cns_missiles.read(sample("cns_missiles.csv"))
    assert (found.rows, len(found.drafts), found.skipped) == (3, 2, 1)
    salvo, failed = found.drafts
    assert (salvo.date, salvo.time, salvo.time_zone) == (
        "2022-01-30",
        dt.time(7, 52),
        "Asia/Pyongyang",
    )
    assert salvo.date_note == "22:52 UTC on 29 January 2022."
    assert salvo.title == "North Korea launches 2 × Longbow-12 from Hill Base"
    assert [each.value for each in salvo.external] == ["101", "102"]
    assert [(each.metric.code, each.best, each.qualifier) for each in salvo.figures] == [
        ("missiles_launched", 2, "exact"),
        ("missile_apogee", 2000, "exact"),
        ("missile_distance", 800, "about"),
    ]
    assert [each.source.url or each.source.reference for each in salvo.citations] == [
        "https://example.org/launch",
        "Daily Paper, 30 January 2022",
    ]
    assert [each.name for each in salvo.topics] == ["Longbow-12", "IRBM", "Test succeeded"]
    assert salvo.verification_override == "confirmed"
    assert salvo.verification_note == "The missile test database of CNS says: Confirmed."
    assert "Landing Location: East Sea" in salvo.internal_note
    assert (salvo.place.name, salvo.place.kind, salvo.place.parent.name) == (
        "Hill Base",
        "site",
        "North Province",
    )
    assert salvo.summary == "The missile flew on a high arc.\nA second one followed."
    assert (failed.date, failed.time, failed.date_note) == ("2022-03-04", None, "")
    assert failed.title == "North Korea launches an unidentified missile from Hill Base"
    assert failed.verification_override == "unverified"
    apogee, distance = failed.figures
    assert (apogee.best, apogee.qualifier) == (500, "more_than")
    assert (distance.low, distance.best, distance.high) == (270, None, 300)
    assert [(each.row, each.fatal) for each in found.problems] == [(3, False)]
    assert "Part of the salvo in row 2" in found.problems[0].sentence


def test_the_other_spelling_of_the_headers():
    found = cns_missiles.read(sample("cns_variant.csv"))
    assert [(each.date, each.external[0].value) for each in found.drafts] == [("2022-01-30", "101")]
    assert found.drafts[0].citations


@pytest.mark.parametrize(
    ("date", "time", "local", "at"),
    [
        ("2022-01-29", "14:59", "2022-01-29", dt.time(23, 59)),
        ("2022-01-29", "15:00", "2022-01-30", dt.time(0, 0)),
        ("2017-07-04", "00:40", "2017-07-04", dt.time(9, 10)),  # half an hour less until 2018
        ("2021-12-31", "20:00 UTC", "2022-01-01", dt.time(5, 0)),
        ("2022-01-29", "1899-12-31T22:52", "2022-01-30", dt.time(7, 52)),
    ],
)
def test_utc_becomes_the_day_in_pyongyang(date, time, local, at):
    draft, _ = one(Date=date, **{"Launch Time (UTC)": time})
    assert (draft.date, draft.time) == (local, at)


def test_a_time_that_is_none_is_kept_aside():
    draft, problems = one(**{"Launch Time (UTC)": "morning"})
    assert (draft.date, draft.time) == ("2022-01-29", None)
    assert "Launch Time (UTC): morning" in draft.internal_note
    assert [each.column for each in problems] == ["Launch Time (UTC)"]


def test_an_hour_apart_is_not_one_salvo():
    later = {**LAUNCH, "F1": "102", "Launch Time (UTC)": "23:55"}
    assert len(cns_missiles.read(written(LAUNCH, later)).drafts) == 2
    elsewhere = {**LAUNCH, "F1": "102", "Facility Name": "Other Base"}
    assert len(cns_missiles.read(written(LAUNCH, elsewhere)).drafts) == 2
    failed = {**LAUNCH, "F1": "102", "Test Outcome": "Failure"}
    assert len(cns_missiles.read(written(LAUNCH, failed)).drafts) == 2
    unknown = {"Facility Name": "Unknown"}
    pair = ({**LAUNCH, **unknown}, {**LAUNCH, **unknown, "F1": "102"})
    assert len(cns_missiles.read(written(*pair)).drafts) == 2


@pytest.mark.parametrize(
    ("written_as", "low", "best", "high", "words"),
    [
        ("500 km", None, 500, None, ""),
        ("1,500", None, 1500, None, ""),
        ("300 – 400 km", 300, None, 400, ""),
        ("a few hundred kilometres", None, None, None, "a few hundred kilometres"),
    ],
)
def test_amounts(written_as, low, best, high, words):
    draft, _ = one(Apogee=written_as)
    apogee = draft.figures[0]
    assert (apogee.low, apogee.best, apogee.high, apogee.text_value) == (low, best, high, words)


@pytest.mark.parametrize(
    ("changes", "column"),
    [({"Date": "04/05/1984"}, "Date"), ({"Date": ""}, "Date"), ({"F1": ""}, "F1")],
)
def test_what_is_refused(changes, column):
    found = cns_missiles.read(written({**LAUNCH, **changes}))
    assert not found.drafts
    assert [(each.row, each.column) for each in found.fatal()] == [(2, column)]


def test_the_order_of_slashed_dates_may_be_named():
    content = written({**LAUNCH, "Date": "04/05/1984", "Launch Time (UTC)": ""})
    assert cns_missiles.read(content, order="mdy").drafts[0].date == "1984-04-05"


def test_it_is_recognised_by_its_header():
    for name in ("cns_missiles.csv", "cns_variant.csv"):
        assert cns_missiles.recognises(read_table(sample(name)).header)
    assert not cns_missiles.recognises(read_table(sample("acled.csv")).header)
    found = cns_missiles.read(sample("acled.csv"))
    assert "not the columns of the missile test database" in found.problems[0].sentence
