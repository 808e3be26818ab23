"""Public edits of actors, places, publishers and sources: one entry each, of public fields."""

import json

import pytest
from django.contrib.auth.models import User

from tests.changes import noted as noting
from tests.make import make_actor, make_draft, make_event, make_place, make_publisher, make_source
from timeline.editing import events, merging, things
from timeline.models import Amendment

pytestmark = pytest.mark.django_db


@pytest.fixture
def public():
    """An actor, a place, a publisher and a source of one public event."""
    actor, place = make_actor("North Korea"), make_place("Kursk")
    publisher = make_publisher("The Post")
    source = make_source(publisher=publisher, title="Troops arrive")
    event = make_event(actors=[actor], sources=[source], place=place)
    return {
        "actor": actor,
        "place": place,
        "publisher": publisher,
        "source": source,
        "event": event,
    }


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("actor", "name", "DPRK"),
        ("place", "dateline", "KURSK"),
        ("publisher", "note", "A paper."),
        ("source", "published", "2024-10"),
    ],
)
def test_an_edit_of_what_is_public_is_one_entry(public, kind, field, value):
    thing = public[kind]
    before = getattr(thing, field)
    setattr(thing, field, value)
    with noting():
        things.store(thing, by=User.objects.create_user("ed"))
    entry = Amendment.objects.get()
    assert (entry.kind, entry.model, entry.object_id) == ("changed", kind, thing.pk)
    assert entry.fields() == [(field, before, value)]
    assert entry.author.username == "ed"
    assert Amendment.objects.public().get() == entry


def test_nothing_to_tell_is_no_entry(public):
    things.store(public["actor"])
    hidden = make_actor("Nobody knows")
    hidden.name = "Still unknown"
    things.store(hidden)
    public["source"].link_state = "dead"
    things.store(public["source"])
    assert not Amendment.objects.exists()


def test_an_owner_whom_no_public_event_names_is_not_told(public):
    owner = make_actor("A secret owner")
    public["publisher"].controlled_by = owner
    things.store(public["publisher"])
    assert not Amendment.objects.exists()


def test_an_entry_goes_with_its_thing(public):
    public["actor"].name = "DPRK"
    things.store(public["actor"])
    events.withdraw([public["event"]], by=None, reason="Wrong.")
    assert not Amendment.objects.public().exists()


def test_a_merge_is_one_entry_of_the_kept_one(public):
    keep, gone = make_actor("Korea, North"), public["actor"]
    gone.name = "DPRK"
    things.store(gone)
    with noting():
        merging.merge_actors(keep, gone)
    earlier, entry = Amendment.objects.public().order_by("pk")
    assert earlier.object_id == entry.object_id == keep.pk
    assert entry.kind == "merged"
    assert json.loads(entry.before) == {"key": "north-korea", "name": "DPRK"}
    assert json.loads(entry.after) == {"key": "korea-north", "name": "Korea, North"}


def test_a_merge_of_what_nobody_saw_is_not_told(public):
    gone = make_source(title="Only in a draft")
    make_draft().citations.create(source=gone)
    merging.merge_sources(public["source"], gone)
    assert not Amendment.objects.exists()
