"""Every kind of foreign file, from its bytes into the record, and a second time without effect."""

import datetime as dt

import pytest

from tests.formats.test_timelinejs import as_rows
from tests.intake.samples import rows, sample
from timeline.formats.timelinejs import COLUMNS
from timeline.intake import pipeline
from timeline.intake.mapping import Mapping, Take
from timeline.intake.pipeline import Decision, Verdict
from timeline.intake.readers import named, recognise
from timeline.models import Event, Figure, Source
from timeline.record import records

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 26)


def arrive(found):
    """Import all of it, possible duplicates too; return the verdicts."""
    plan = pipeline.plan(found, by=None, today=TODAY)
    assert not plan.refused, [each.problems for each in plan.rows]
    twins = [each.row for each in plan.rows if each.verdict is Verdict.DUPLICATE]
    pipeline.apply(plan, dict.fromkeys(twins, Decision.IMPORT), by=None)
    return [each.verdict for each in plan.rows]


@pytest.mark.parametrize(
    ("name", "events", "sources", "figures"),
    [
        ("timelinejs.csv", 4, 2, 0),
        ("timelinejs.json", 2, 1, 0),
        ("acled.csv", 3, 6, 2),
        ("acled_old.csv", 1, 2, 1),
        ("ucdp_ged.csv", 4, 3, 10),
        ("cns_missiles.csv", 2, 2, 5),
        ("cns_variant.csv", 1, 2, 2),
    ],
)
def test_a_sample_arrives_once(name, events, sources, figures):
    content = sample(name)
    arrive(recognise(content, name).read(content))
    assert Event.objects.count() == events
    assert (Source.objects.count(), Figure.objects.count()) == (sources, figures)
    assert set(arrive(recognise(content, name).read(content))) == {Verdict.SAME}
    assert Event.objects.count() == events


def test_a_sheet_comes_out_of_the_record_as_exact_as_it_went_in():
    given = {row["Headline"]: row for row in rows("timelinejs.csv")}
    arrive(named("timelinejs-sheet").read(sample("timelinejs.csv")))
    _title, *written = as_rows(*records(Event.objects.order_by("sort_date")))
    assert len(written) == 4
    for row in written:
        assert [row[name] for name in COLUMNS[:10]] == [
            given[row["Headline"]][name] for name in COLUMNS[:10]
        ]


def test_a_mapped_table_arrives_once():
    fields = {
        "title": Take(("Event",)),
        "date": Take(("Date",), order="mdy"),
        "category": Take(("Category",)),
        "source_url": Take(("URL",)),
        "source_publisher": Take(("Source",)),
    }
    mapping = Mapping(fields, system="notebook").to_json()
    reader = named("table")
    assert arrive(reader.read(sample("mapped.csv"), mapping=mapping)) == [Verdict.CREATED] * 2
    assert sorted(Event.objects.values_list("date", flat=True)) == ["2024-10-05", "2024-10-08"]
    assert arrive(reader.read(sample("mapped.csv"), mapping=mapping)) == [Verdict.SAME] * 2
