"""Every form of the registry: written as it is asked for, in memory that doesn't grow."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.formats.records import ABOUT, DATES, plain_record
from timeline.formats.registry import FORMS

# The records are none of the database's.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
STREAMED = [form for form in FORMS if not form.newest]


def many(number: int, taken: list[int]) -> Iterator:
    for place in range(number):
        taken[0] = place + 1
        record = plain_record(DATES[place % len(DATES)])
        yield replace(record, public_id=f"{place:08d}", title=f"Event {place}")


def peak(form, number: int) -> int:
    """The most bytes that were held at a time while this many events were written."""
    tracemalloc.start()
    try:
        for _chunk in form.write(ABOUT, many(number, [0])):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("form", STREAMED, ids=lambda form: form.suffix)
def test_ten_times_as_many_events_take_no_more_memory(form):
    peak(form, 100)  # what is kept once: translations, addresses, patterns
    # One event that is kept weighs some 3 kB.
    assert peak(form, 2_000) < peak(form, 200) + 100_000


@pytest.mark.parametrize("form", STREAMED, ids=lambda form: form.suffix)
def test_the_beginning_is_written_before_the_end_is_read(form):
    taken = [0]
    chunks = form.write(ABOUT, many(5_000, taken))
    for _number in range(3):
        next(chunks)
    assert taken[0] < 1_000


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.suffix)
def test_every_form_says_what_it_loses(form):
    assert str(form.label)
    assert str(form.note)
    assert str(form.losses).endswith(".")
