"""Every number of a page is the total of the link beside it, whatever is selected.

Random selections over a made record and over the demo, each answer held against the brute force
of :mod:`tests.index.brute`.
"""

import random
from datetime import date

import pytest
from django.http import QueryDict

from tests.figures import figure
from tests.index.brute import Record
from tests.index.made import draw, make_record
from tests.loaded import demo_record
from timeline import dates
from timeline.browse import facet_link, read, span_link
from timeline.index import FACETS, Selection, answer

LINKS = 2
"""How many links of each kind are read back per answer; reading asks the database."""

pytestmark = pytest.mark.django_db


def known_values():
    """For each facet, the values that the whole record offers."""
    page = answer(Selection())
    return {name: [each.value for each in page.facets[name].values] for name in FACETS}


def behind(query, selection):
    """The selection to which a link of a page leads."""
    reading = read(QueryDict(query), selection.within)
    assert reading.errors == ()
    assert not reading.needs_redirect
    return reading.selection


def check(selection: Selection, record: Record, chance: random.Random) -> int:
    """Hold one answer against the brute force; how many counts were compared."""
    page = answer(selection)
    preset = Selection(within=selection.within, exact=selection.exact, known_by=selection.known_by)
    expected = record.matching(selection)
    assert page.total == len(expected)
    assert list(page.ids) == [event.pk for event in expected[: selection.page_size]]
    compared = 0
    for name, facet in page.facets.items():
        choice = selection.chosen(name)
        assert {*choice.include, *choice.exclude} <= {each.value for each in facet.values}
        for each in facet.values:
            wanted = selection.narrowed(name, each.value)
            assert each.count == record.total(wanted), (name, each, selection)
            compared += 1
    offered = [(name, each.value) for name, facet in page.facets.items() for each in facet.values]
    for name, value in chance.sample(offered, min(LINKS, len(offered))):
        query = facet_link(selection, name, value)
        assert behind(query, selection) == selection.narrowed(name, value)
    bare = selection.without_dates()
    for bar in page.density.bars:
        first, last = dates.parse(bar.start.isoformat()), dates.parse(bar.end.isoformat())
        wanted = bare.changed(from_=first, to=last)
        assert bar.total == sum(number for _family, number in bar.by_family)
        assert bar.total == record.total(wanted), (bar, selection)
        assert bar.rest == record.total(preset.changed(from_=first, to=last)), (bar, selection)
    for bar in chance.sample(page.density.bars, min(LINKS, len(page.density.bars))):
        query = span_link(selection, bar.start, bar.end)
        assert record.total(behind(query, selection)) == bar.total, (bar, query)
    for decade in page.density.decades:
        first, last = date(decade.year, 1, 1), date(decade.year + 9, 12, 31)
        query = span_link(selection, first, last)
        assert record.total(behind(query, selection)) == decade.count, (decade, query)
    for year in page.density.years:
        wanted = bare.narrowed("year", f"{year.year:04}")
        assert year.count == record.total(wanted), (year, selection)
        assert year.rest == record.total(preset.narrowed("year", f"{year.year:04}"))
    return compared


def test_every_count_of_a_made_record_is_what_its_link_returns():
    make_record(seed=1)
    record, chance, values = Record(), random.Random(7), known_values()
    compared = sum(check(draw(chance, values), record, chance) for _ in range(figure(15, 300)))
    assert compared > figure(100, 1000)


def test_every_count_of_the_demo_is_what_its_link_returns():
    demo_record()
    record, chance, values = Record(), random.Random(11), known_values()
    compared = sum(check(draw(chance, values), record, chance) for _ in range(figure(5, 100)))
    assert compared > figure(50, 1000)
