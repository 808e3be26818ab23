"""UCDP GED: its precisions as dates, its packed sources told apart or kept packed."""

import pytest

from tests.intake.samples import rows, sample, written
from timeline.intake.readers import ucdp_ged

(BRIDGE, *_OTHERS) = rows("ucdp_ged.csv")


def one(**changes):
    found = ucdp_ged.read(written({**BRIDGE, **changes}))
    assert len(found.drafts) == 1, found.problems
    return found.drafts[0], found.problems


def test_the_sample():
    found = ucdp_ged.read(sample("ucdp_ged.csv"))
    assert [draft.date for draft in found.drafts] == [
        "2024-11-05",
        "2024-11-04/2024-11-10",
        "2024-11",
        "2024",
    ]
    bridge, civilians, sides, _year = found.drafts
    assert bridge.title == "Government of Northland – River Front, the bridge of Bridge town"
    assert bridge.external[0].system == "ucdp-ged"
    assert bridge.category.name == "State-based conflict"
    assert [(each.actor.name, each.actor.kind, each.role) for each in bridge.participations] == [
        ("Government of Northland", "state", "participant"),
        ("River Front", "rebel_group", "participant"),
    ]
    assert [
        (each.source.publisher.name, each.source.published, each.source.title, each.speaker.name)
        for each in bridge.citations
    ] == [
        ("Agency A", "2024-11-05", "Clash at the bridge", "Army spokesman"),
        ("Agency B", "2024-11-06", "Bridge taken", "Army spokesman"),
    ]
    assert [(each.subject, each.low, each.best, each.high) for each in bridge.figures] == [
        ("All sides", 7, 8, 12),
        ("Government of Northland", None, 3, None),
        ("River Front", None, 4, None),
        ("People of an unknown side", None, 1, None),
    ]
    assert (bridge.place.name, bridge.place.parent.name, bridge.place_precision) == (
        "Bridge town",
        "Bridge district",
        "exact",
    )
    assert [each.role for each in civilians.participations] == ["perpetrator", "victim"]
    assert [each.name for each in civilians.topics] == ["Summary event"]
    assert civilians.place_precision == "country"
    assert (sides.place.kind, sides.place_precision) == ("water", "waters_or_air")
    assert not sides.figures


def test_packed_sources_that_do_not_match_are_kept_as_one():
    found = ucdp_ged.read(sample("ucdp_ged.csv"))
    (citation,) = found.drafts[1].citations
    assert citation.source.reference.startswith('UCDP 500002: "Agency A,2024-11-05')
    assert citation.source.publisher.name == "Uppsala Conflict Data Program"
    assert "Agency B,2024-11-06" in found.drafts[1].internal_note
    named = [(each.row, each.column, each.fatal) for each in found.problems]
    assert named == [(3, "code_status", False), (3, "source_headline", False)]


@pytest.mark.parametrize(
    ("precision", "start", "end", "edtf"),
    [
        ("1", "2024-11-05", "2024-11-05", "2024-11-05"),
        ("2", "2024-11-05", "2024-11-08", "2024-11-05/2024-11-08"),
        ("3", "2024-11-04", "2024-11-10", "2024-11-04/2024-11-10"),
        ("4", "2024-11-01", "2024-11-30", "2024-11"),
        ("4", "2024-11-05", "2024-11-20", "2024-11-05/2024-11-20"),
        ("5", "2024-01-01", "2024-12-31", "2024"),
        ("5", "2024-01-01", "2024-06-30", "2024-01-01/2024-06-30"),
        ("3", "2024-01-01", "2024-12-31", "2024-01-01/2024-12-31"),
    ],
)
def test_precisions(precision, start, end, edtf):
    draft, _ = one(date_prec=precision, date_start=start, date_end=end)
    assert draft.date == edtf


def test_an_exact_day_that_is_several_is_named():
    draft, problems = one(date_end="2024-11-06")
    assert draft.date == "2024-11-05/2024-11-06"
    assert [each.column for each in problems] == ["date_prec"]


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"date_end": "2023-01-01"}, "date_end"),
        ({"date_start": "x"}, "date_start"),
        ({"date_prec": "9"}, "date_prec"),
        ({"type_of_violence": "4"}, "type_of_violence"),
        ({"best": "many"}, "best"),
        ({"id": ""}, "id"),
        ({"side_a": "", "side_b": "", "where_description": "", "where_coordinates": "",
          "country": ""}, "side_a"),
    ],
)  # fmt: skip
def test_what_is_refused(changes, column):
    found = ucdp_ged.read(written({**BRIDGE, **changes}))
    assert not found.drafts
    assert [(each.row, each.column) for each in found.fatal()] == [(2, column)]


def test_numbers_out_of_order_are_taken_as_they_are():
    """Genuine rows have a best value outside of low and high; the record keeps it and warns."""
    draft, _ = one(low="9", best="8", high="7")
    assert (draft.figures[0].low, draft.figures[0].best, draft.figures[0].high) == (9, 8, 7)


def test_an_older_table_without_the_newer_columns():
    older = {name: BRIDGE[name] for name in BRIDGE if not name.startswith(("gwno", "source_"))}
    found = ucdp_ged.read(written(older))
    assert len(found.drafts) == 1
    assert not found.drafts[0].citations
