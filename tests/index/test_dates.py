"""Time: an event counts wherever it may lie, and nowhere else."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict

from tests.index.made import DATES
from tests.make import make_event
from timeline import dates
from timeline.browse import read
from timeline.index import Choice, Selection, answer
from timeline.models import Event

pytestmark = pytest.mark.django_db


def found(query, within=None):
    reading = read(QueryDict(query), within)
    assert reading.errors == ()
    written = dict(Event.objects.values_list("pk", "date"))
    return {written[pk] for pk in answer(reading.selection).ids}


def days(when):
    """Every day of a date, cut to the years of the tests."""
    day, last = max(when.earliest, date(2019, 1, 1)), min(when.latest, date(2026, 12, 31))
    while day <= last:
        yield day
        day += timedelta(days=1)


@pytest.mark.parametrize("certainly", ["", "&certainly=1"])
@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2024", "2024"),
        ("2024-11-15", "2024-11-15"),
        ("2023-12-31", "2024-01-01"),
        ("2024-23", "2024-23"),
        ("2024-24", "2024-12"),
        ("2021", "2022-06"),
        ("2025", "2025"),
        ("202X", "202X"),
    ],
)
def test_a_range_finds_what_a_brute_force_over_days_finds(first, last, certainly):
    for written in DATES:
        make_event(date=written)
    wanted = set()
    start, end = dates.single(first).earliest, dates.single(last).latest
    for written in DATES:
        when = dates.parse(written)
        inside = [start <= day <= end for day in days(when)]
        closed = not (when.open_start or when.open_end)
        if (all(inside) and closed) if certainly else any(inside):
            wanted.add(written)
    assert found(f"from={first}&to={last}{certainly}") == wanted


def test_autumn_is_found_where_it_may_lie():
    make_event(date="2024-23")
    for query in (
        "year=2024",
        "from=2024-11-15&to=2024-11-15",
        "from=autumn 2024",
        "to=2024-09-01",
    ):
        assert found(query) == {"2024-23"}, query
    for query in ("year=2025", "year=2023", "from=2024-12", "to=2024-08", "year=!2024"):
        assert found(query) == set(), query
    assert found("year=2024&certainly=1") == {"2024-23"}
    assert found("from=2024-10&certainly=1") == set()


def test_several_years_are_or_and_a_year_is_its_range():
    for written in ("2022", "2023-05", "2024-10-20"):
        make_event(date=written)
    assert found("year=2022&year=2024") == {"2022", "2024-10-20"}
    assert found("year=2024") == found("from=2024&to=2024")
    assert found("year=!2023") == {"2022", "2024-10-20"}
    assert found("year=2022&from=2023") == set()


def test_open_ends_count_to_the_ends_of_the_record():
    make_event(date="2022-06-01")
    make_event(date="2024-10/..")
    make_event(date="../2023-03")
    make_event(date="2025-02-01")
    page = answer(Selection())
    assert {each.value: each.count for each in page.facets["year"].values} == {
        "2022": 2,
        "2023": 1,
        "2024": 1,
        "2025": 2,
    }
    assert [(each.year, each.count) for each in page.density.years] == [
        (2022, 2),
        (2023, 1),
        (2024, 1),
        (2025, 2),
    ]


@pytest.mark.parametrize(("year", "count"), [("2010", 1), ("2040", 1), ("2024", 1)])
def test_a_chosen_year_beyond_the_record_is_counted_too(year, count):
    make_event(date="2024-10/..")
    make_event(date="../2023-03")
    page = answer(read(QueryDict(f"year={year}")).selection)
    values = {each.value: each.count for each in page.facets["year"].values}
    assert page.total == values[year] == count


def test_what_began_before_the_range_is_marked():
    for written in ("2022", "2023-11/2024-02", "2024-01-05"):
        make_event(date=written)
    reading = read(QueryDict("from=2024&to=2024"))
    page = answer(reading.selection)
    earlier = Event.objects.get(date="2023-11/2024-02")
    assert page.began_earlier == {earlier.pk}
    assert page.density.selected == (date(2024, 1, 1), date(2024, 12, 31))
    assert answer(Selection()).began_earlier == frozenset()


def test_certainly_speaks_of_the_year_of_the_page_too():
    make_event(date="2024-12/2025-01")
    make_event(date="2024-06-12")
    year = Selection(year=Choice(("2024",)))
    assert found("", year) == {"2024-12/2025-01", "2024-06-12"}
    assert found("certainly=1", year) == {"2024-06-12"}


def test_a_long_record_is_drawn_by_years():
    make_event(date="2001-05-05")
    make_event(date="2024-06-12")
    density = answer(Selection()).density
    assert (density.unit, len(density.bars), len(density.years)) == ("year", 2, 24)
    assert density.decades == ()


def test_a_record_of_many_years_is_listed_by_decades():
    make_event(date="1957/1961")
    make_event(date="1969-12-31")
    make_event(date="2024-06-12")
    page = answer(read(QueryDict("from=1960&to=1961")).selection)
    assert [(each.year, each.count, each.on) for each in page.density.decades] == [
        *((1950, 1, False), (1960, 2, True), (1970, 0, False), (1980, 0, False)),
        *((1990, 0, False), (2000, 0, False), (2010, 0, False), (2020, 1, False)),
    ]


def test_an_empty_record_has_no_time():
    page = answer(Selection())
    assert (page.total, page.ids, page.density.bars, page.density.years) == (0, (), (), ())
    assert all(facet.values == () for facet in page.facets.values())


def test_the_first_and_last_year_of_all():
    make_event(date="0001")
    make_event(date="9999-12-31")
    assert found("year=0001") == {"0001"}
    assert found("year=9999") == {"9999-12-31"}
