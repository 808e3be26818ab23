"""The list of formats: each sample is recognised as what it is, and nothing makes one raise."""

import io
import time

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.figures import figure
from tests.intake.samples import HERE, rows, sample, written
from timeline import dates
from timeline.intake.drafts import Read
from timeline.intake.readers import READERS, recognise

BY_NAME = {each.name: each for each in READERS}
SAMPLES = {
    "timelinejs.csv": "timelinejs-sheet",
    "timelinejs.json": "timelinejs-json",
    "acled.csv": "acled",
    "acled_old.csv": "acled",
    "ucdp_ged.csv": "ucdp-ged",
    "cns_missiles.csv": "cns-missiles",
    "cns_variant.csv": "cns-missiles",
    "mapped.csv": "table",
}


def first(content, name):
    found = recognise(content, name)
    return found and found.name


def test_every_sample_is_tried():
    assert {each.name for each in HERE.iterdir() if each.suffix in (".csv", ".json")} == set(
        SAMPLES
    )
    assert set(SAMPLES.values()) <= set(BY_NAME)


@pytest.mark.parametrize(("name", "kind"), SAMPLES.items())
def test_a_file_is_recognised_and_read(name, kind):
    content = sample(name)
    assert first(content, name) == kind
    found = BY_NAME[kind].read(content)
    assert found.format == kind
    assert found.drafts
    check(found)


def test_a_workbook_is_recognised_too():
    book = openpyxl.Workbook()
    for row in rows("acled.csv"):
        if book.active.max_row == 1:
            book.active.append(list(row))
        book.active.append(list(row.values()))
    content = io.BytesIO()
    book.save(content)
    assert first(content.getvalue(), "x.xlsx") == "acled"
    assert len(BY_NAME["acled"].read(content.getvalue()).drafts) == 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_a_table_is_recognised_in_any_encoding(encoding):
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    text = sample("timelinejs.csv").decode() * 20
    assert first(mark + text.encode(encoding), "x.csv") == "timelinejs-sheet"


def test_choices_are_used():
    found = BY_NAME["ucdp-ged"].read(
        sample("ucdp_ged.csv"), categories={"3": "Attacks on civilians"}
    )
    assert found.drafts[1].category.name == "Attacks on civilians"
    content = sample("cns_missiles.csv").replace(b"2022-03-04", b"04/03/2022")
    assert len(BY_NAME["cns-missiles"].read(content).drafts) == 1
    assert len(BY_NAME["cns-missiles"].read(content, order="dmy").drafts) == 2


# --- Nothing raises, everything adds up -----------------------------------------------------------


def check(found):
    """What the pipeline relies on, whatever the file holds."""
    assert isinstance(found, Read)
    refused = {each.row for each in found.fatal()}
    assert 0 in refused or len(found.drafts) + len(refused) + found.skipped == found.rows
    assert len(found.drafts) + found.skipped <= found.rows
    for draft in found.drafts:
        assert draft.row not in refused
        assert draft.title
        assert dates.parse(draft.date).edtf == draft.date
        assert draft.external
        for citation in draft.citations:
            assert citation.source.url or (citation.source.reference and citation.source.publisher)
        for each in draft.figures:
            assert (
                each.best is not None
                or each.text_value
                or each.low is not None
                or each.high is not None
            )
            assert each.citation is None or each.citation < len(draft.citations)
    for each in found.problems:
        assert each.sentence
        assert len(each.value) <= 60
        assert len(each.column) <= 100
    ids = [(each.system, each.value) for draft in found.drafts for each in draft.external]
    assert len(ids) == len(set(ids))


def read_all(content):
    for name in ("x.csv", "x.json", "x.xlsx"):
        recognise(content, name)
    for kind in set(SAMPLES.values()):
        check(BY_NAME[kind].read(content))


@settings(max_examples=figure(60, 2000))
@given(
    st.binary(max_size=400)
    | st.binary(max_size=200).map(lambda content: b"PK\x03\x04" + content)
    | st.text(alphabet="\"',;\t|\n\r{}[]:0159-/.ayY한\x00﻿", max_size=200).map(str.encode)
)
def test_any_bytes_are_read_or_refused(content):
    read_all(content)


@settings(max_examples=figure(60, 2000))
@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_a_file_that_was_damaged_is_read_or_refused(name, data):
    content = bytearray(sample(name))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        length = data.draw(st.sampled_from([0, 1, 1, 3, 40]))
        content[at : at + length] = data.draw(
            st.sampled_from([b"", b'"', b"\n", b"\x00", b"\xff", b",", b";", b"{", b"<a ", b"9999"])
        )
    check(BY_NAME[SAMPLES[name]].read(bytes(content)))


CELLS = st.sampled_from(
    [
        "", " ", "0", "-1", "13", "2019", "2,019", "c. 2020", "Autumn", "30 February 2020",
        "2020-02-30", "05/06/2020", "9999-12-31", "0001-01-01", "10000", "1e400", "NaN", "∞",
        "<a href='https://a.example/'>x</a>", "<iframe src=//a.example/x>", "=1+1", "x;y;;z", ";",
        "‮", "\x1b[0m", "a" * 5000, "https://", "https://a.example/" + "b" * 3000, "٢٠٢٠", "title",
    ]
)  # fmt: skip


@settings(max_examples=figure(80, 2000))
@given(
    st.sampled_from(
        sorted(name for name in SAMPLES if name.endswith(".csv") and "old" not in name)
    ),
    st.data(),
)
def test_any_cell_may_hold_anything(name, data):
    table = rows(name)
    for row in table:
        for column in data.draw(st.lists(st.sampled_from(list(row)), max_size=6)):
            row[column] = data.draw(CELLS)
    check(BY_NAME[SAMPLES[name]].read(written(*table)))


@settings(max_examples=figure(40, 500))
@given(st.data())
def test_a_workbook_that_was_damaged_is_read_or_refused(data):
    content = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    check(BY_NAME["table"].read(bytes(content)))


def _workbook():
    book = openpyxl.Workbook()
    for row in (["Date", "Title"], ["2024-10-05", "x"], [2024, "y"]):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


WORKBOOK = _workbook()


@pytest.mark.parametrize("name", ["ucdp_ged.csv", "acled.csv", "mapped.csv", "timelinejs.csv"])
def test_a_large_file_is_read_in_seconds(name):
    """Fifty thousand rows with PROVE=1, or as many as 25 MB hold; a share of them otherwise."""
    table = rows(name)
    count = figure(1_000, min(50_000, 24_000_000 // (len(written(*table)) // len(table))))
    content = written(*(table[number % len(table)] for number in range(count)))
    began = time.process_time()
    found = BY_NAME[SAMPLES[name]].read(content)
    seconds = time.process_time() - began
    assert found.rows == count
    assert found.drafts
    assert seconds < count / 1_000, f"{count} rows took {seconds:.1f} s"
    if figure(0, 1):
        print(f"{name}: {count:,} rows, {len(content):,} bytes, {seconds:.1f} s")  # noqa: T201
