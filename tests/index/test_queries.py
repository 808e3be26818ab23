"""An answer asks the database as often for fifty events as for one."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_category,
    make_event,
    make_metric,
    make_place,
    make_publisher,
    make_source,
    make_topic,
)
from timeline.browse import chips, read, words
from timeline.index import answer

pytestmark = pytest.mark.django_db

QUERIES = [
    "",
    "actor=north-korea&year=2024",
    "actor=north-korea&role=host&actor=!russia",
    "q=event north&place=hall",
    "stance=reports&language=en&publisher=paper",
    "metric=killed&topic=arms&has=place",
    "from=2024&to=2024-12&certainly=1&sort=-updated",
]


def asked(query):
    answer(read(QueryDict(query)).selection)  # catches up, and finds words for the first time
    with CaptureQueriesContext(connection) as captured:
        reading = read(QueryDict(query))
        page = answer(reading.selection)
        words(reading, page.total)
        chips(reading)
    return len(captured), page.total


def test_the_number_of_queries_doesnt_grow_with_the_events():
    korea, russia = make_actor("North Korea"), make_actor("Russia")
    hall = make_place("Hall", parent=make_place("Land", country="KP"), country="KP")
    paper, topic = make_publisher("Paper"), make_topic("Arms")
    killed, category = make_metric(code="killed"), make_category()

    def make(number):
        event = make_event(
            title=f"Event {number}",
            date="2024-06-12",
            category=category,
            topics=[topic],
            place=hall,
            actors=[(korea, "host"), make_actor(parent=korea)],
            sources=[make_source(publisher=paper, agency=make_publisher())],
        )
        cite(event, speaker=russia, stance="denies")
        count_figure(event, metric=killed)

    make(0)
    make_event(title="Other", date="2024-01-01", category=category, actors=[russia])
    few = {query: asked(query) for query in QUERIES}
    for number in range(1, 50):
        make(number)
    many = {query: asked(query) for query in QUERIES}
    assert all(total >= 50 for _count, total in many.values())
    assert {query: count for query, (count, _t) in many.items()} == {
        query: count for query, (count, _t) in few.items()
    }
