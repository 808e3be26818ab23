"""Complete records in bulk are the records of one event, field by field."""

import datetime as dt
import random
from dataclasses import fields

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.figures import divided
from tests.index.made import DAYS, make_record
from tests.loaded import demo_record
from tests.make import cite, count_figure, make_actor, make_event, make_source
from timeline.models import Event, Relation
from timeline.models.choices import RelationKind
from timeline.record import record
from timeline.record.complete import Parties, complete

pytestmark = pytest.mark.django_db


def assert_same(day=dt.date.max):
    events = list(Event.objects.public().in_order())
    found = complete([each.pk for each in events], Parties(), day)
    assert list(found) == [each.pk for each in events]
    for event in events:
        alone = record(event, day=day)
        for field in fields(alone):
            assert getattr(found[event.pk], field.name) == getattr(alone, field.name), (
                event.public_id,
                field.name,
            )
    return list(found.values())


def test_the_demos_records_are_the_same_in_bulk():
    demo_record()
    found = assert_same()
    assert sum(len(each.relations) for each in found) > 20
    assert all(each.verification_reasons for each in found)


@pytest.mark.parametrize("seed", divided(range(3)))
def test_random_records_are_the_same_in_bulk_on_any_day(seed):
    make_record(seed)
    chance = random.Random(seed)
    keys = list(Event.objects.values_list("pk", flat=True))
    kinds = RelationKind.values
    for _number in range(60):
        first, second = chance.sample(keys, 2)
        kind = chance.choice(kinds)
        ends = [(first, second), (second, first)]
        if not any(
            Relation.objects.filter(from_event=a, to_event=b, kind=kind).exists() for a, b in ends
        ):
            Relation.objects.create(from_event_id=first, to_event_id=second, kind=kind)
    assert any(each.relations for each in assert_same())
    for day in DAYS[:3]:
        assert_same(day)


def test_relations_stand_in_one_order_whatever_their_keys():
    middle, early, late = (make_event(date=date) for date in ("2024-05", "2023", "2024-09-01"))
    Relation.objects.create(from_event=middle, to_event=late, kind="follows")
    Relation.objects.create(from_event=late, to_event=middle, kind="part_of")
    Relation.objects.create(from_event=middle, to_event=early, kind="response_to")
    (told,) = complete([middle.pk]).values()
    assert [(each.kind, each.outgoing, each.event.public_id) for each in told.relations] == [
        ("response_to", True, early.public_id),
        ("follows", True, late.public_id),
        ("part_of", False, late.public_id),
    ]


def test_a_superseded_figure_says_by_which_of_the_same_event():
    event = make_event()
    first, second = (count_figure(event, best=best, order=best) for best in (1, 2))
    elsewhere = count_figure(make_event())
    first.superseded_by, first.state = second, "superseded"
    first.save()
    second.superseded_by = elsewhere
    second.save()
    (told,) = complete([event.pk]).values()
    assert [each.superseded_by for each in told.figures] == [1, None]
    assert record(event).figures == told.figures


def test_the_party_is_the_topmost_one_and_is_learnt_once():
    land = make_actor("Land")
    army = make_actor("Army", parent=land)
    brigade = make_actor("Brigade", parent=army)
    event = make_event(actors=[(land, "initiator")])
    cite(event, make_source(), stance="confirms", speaker=brigade)
    parties = Parties()
    (told,) = complete([event.pk], parties).values()
    assert told.verification_reasons == record(event).verification_reasons
    assert told.verification_reasons[0].names == ("Land",)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        parties.learn(["brigade", "land"])
    assert len(asked) == 0


def test_the_number_of_statements_is_the_same_for_any_number_of_events():
    make_record(1)
    keys = list(Event.objects.public().values_list("pk", flat=True))
    numbers = []
    for some in (keys[:1], keys):
        parties = Parties()
        complete(keys, parties)
        with CaptureQueriesContext(connection) as asked:
            complete(some, parties)
        numbers.append(len(asked))
    assert numbers == [9, 9]


def test_what_is_not_public_is_left_out():
    event = make_event()
    hidden = make_event(status="draft")
    Relation.objects.create(from_event=event, to_event=hidden, kind="follows")
    found = complete([event.pk, hidden.pk])
    assert list(found) == [event.pk]
    assert found[event.pk].relations == ()
