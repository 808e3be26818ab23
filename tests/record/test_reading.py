"""What was written as canonical JSON is read back as the same record."""

import json

import pytest

from tests.loaded import demo_record
from tests.make import make_event
from timeline.models import Event
from timeline.record import EventRecord, SourceRecord, canonical_json, record, records
from timeline.record.reading import read

pytestmark = pytest.mark.django_db


def again(value):
    return read(type(value), json.loads(canonical_json(value)))


def to_the_second(value):
    """Canonical JSON keeps no parts of a second."""
    return canonical_json(value)


def test_every_record_of_the_demo_comes_back():
    demo_record()
    rows = records(Event.objects.public())
    assert len(rows) > 100
    for row in rows:
        back = again(row)
        assert to_the_second(back) == to_the_second(row)
        assert (back.citations, back.figures, back.place) == (row.citations, row.figures, row.place)


def test_reasons_and_relations_come_back():
    demo_record()
    event = Event.objects.public().filter(relations__isnull=False).first()
    row = record(event)
    assert row.relations
    assert row.verification_reasons
    back = again(row)
    assert back.relations == row.relations
    assert back.verification_reasons == row.verification_reasons


def test_a_field_that_is_missing_is_named():
    value = json.loads(canonical_json(record(make_event())))
    del value["title"]
    with pytest.raises(KeyError, match="title"):
        read(EventRecord, value)


def test_a_field_with_a_default_may_be_missing_and_an_unknown_one_is_left():
    value = json.loads(canonical_json(record(make_event())))
    actor = {"slug": "kim", "name": "Kim", "kind": "person", "later": 1}
    value["participations"] = [{"actor": actor, "role": "host", "alleged": False}]
    assert read(EventRecord, value).participations[0].actor.native == ""
    with pytest.raises(KeyError):
        read(SourceRecord, {"public_id": "7K3Q9FZX"})
