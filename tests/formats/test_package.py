"""The data package, read back by Frictionless Data's own library and by unzipping it."""

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace

import frictionless
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.records import ABOUT, DATES, HOSTILE, hostile_records, plain_record
from timeline.formats import package
from timeline.formats.citing import Style

# The records are none of the database's.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LABELLED = package.Labelled(
    name="the-site-release-2",
    version="Release 2",
    released="2026-11-26",
    citations=(Style("APA", "The Site. (2026)."), Style("BibTeX", "@misc{x,}", verbatim=True)),
)


def built(records, labelled=LABELLED, **more):
    target = io.BytesIO()
    package.build(target, ABOUT, records, labelled, **more)
    return target.getvalue()


def many(number):
    for place in range(number):
        record = plain_record(DATES[place % len(DATES)])
        yield replace(record, public_id=f"{place:08d}", title=f"Event {place}")


def valid(raw, folder):
    """The package's files, when Frictionless finds nothing wrong in it."""
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        assert opened.testzip() is None
        opened.extractall(folder)
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])[:5]
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_what_is_in_it(tmp_path):
    files = valid(built(list(many(60))), tmp_path)
    assert set(files) == {
        *("README.md", "LICENCE.txt", "CITATION.cff", "citation.txt", "citation.bib"),
        *("codebook.md", "codebook.csv", "datapackage.json", "events.json"),
        *("events.csv", "figures.csv", "sources.csv", "participations.csv"),
    }
    described = json.loads(files["datapackage.json"])
    assert described["licenses"] == [{"path": ABOUT.licence}]
    for resource in described["resources"]:
        content = files[resource["path"]]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    rows = list(csv.DictReader(io.StringIO(files["events.csv"].decode(), newline="")))
    assert [row["headline"] for row in rows] == [f"Event {place}" for place in range(60)]
    whole = json.loads(files["events.json"])
    assert [each["title"] for each in whole["events"]] == [row["headline"] for row in rows]
    citation = yaml.safe_load(files["CITATION.cff"])
    assert citation["version"] == "Release 2"
    assert str(citation["date-released"]) == "2026-11-26"
    readme = files["README.md"].decode()
    assert "Events: 60" in readme
    assert "- iCalendar (`.ics`): All-day events." in readme
    assert "The Site. (2026)." in readme
    assert ABOUT.licence in files["LICENCE.txt"].decode()


def test_types_and_keys_are_checked_and_not_only_said(tmp_path):
    """Frictionless finds a broken row, so its silence means something."""
    valid(built(list(many(3))), tmp_path)
    file = tmp_path / "participations.csv"
    rows = file.read_text().splitlines()
    file.write_text("\n".join([*rows, rows[1].replace("00000000", "99999999")]) + "\n")
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    found = {each[0] for each in report.flatten(["type"])}
    assert "foreign-key" in found


def test_equal_content_gives_equal_bytes():
    assert built(list(many(5))) == built(list(many(5)))


def test_an_empty_selection_is_a_package_too(tmp_path):
    assert b'"events": [\n]' in valid(built([]), tmp_path)["events.json"]


def test_further_files_are_made_when_all_records_were_read():
    seen = []

    def records():
        for record in many(3):
            seen.append(record.public_id)
            yield record

    raw = built(records(), more=lambda: {"changes.csv": [f"{len(seen)}\n"]})
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        assert opened.read("changes.csv") == b"3\n"
        assert {each.date_time for each in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_without_licence_and_citation(tmp_path):
    target = io.BytesIO()
    about = replace(ABOUT, licence="")
    package.build(target, about, many(1), package.Labelled("some-events"))
    files = valid(target.getvalue(), tmp_path)
    assert "licenses" not in json.loads(files["datapackage.json"])
    assert "Ask before you publish it" in files["LICENCE.txt"].decode()
    assert "citation.bib" not in files


def test_every_character_in_every_field(tmp_path):
    files = valid(built([plain_record(text=f"한글{HOSTILE}")]), tmp_path)
    (row,) = csv.DictReader(io.StringIO(files["events.csv"].decode(), newline=""))
    assert row["headline"] == f"한글{HOSTILE}"


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(hostile_records, max_size=3, unique_by=lambda each: each.public_id))
def test_any_records_make_a_valid_package(tmp_path_factory, records):
    # An actor has a role in an event once; the record's own constraint.
    records = [
        replace(
            each,
            participations=tuple(
                {(part.actor.slug, part.role): part for part in each.participations}.values()
            ),
        )
        for each in records
    ]
    valid(built(records), tmp_path_factory.mktemp("package"))
