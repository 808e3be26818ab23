"""Whatever is written leaves a Change for each thing that it concerns, or isn't written at all."""

from datetime import date

import pytest
from django.db.models import ProtectedError

from tests.changes import noted, undone_without_its_change
from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_category,
    make_draft,
    make_event,
    make_publisher,
    make_source,
    make_topic,
)
from timeline.editing import events, links, merging, things
from timeline.models import Actor, ActorName, Event, Place, Relation, SiteText

pytestmark = pytest.mark.django_db


def publish():
    draft = make_event(status="draft")
    return lambda: events.publish([draft], by=None)


def send_to_review():
    draft = make_draft()
    return lambda: events.send_to_review([draft], by=None)


def withdraw():
    event = make_event()
    return lambda: events.withdraw([event], by=None, reason="It was not so.")


def set_category():
    first, second, category = make_event(), make_event(), make_category()
    return lambda: events.set_category([first, second], category, by=None)


def add_topic():
    event, topic = make_event(), make_topic()
    return lambda: events.add_topic([event], topic, by=None)


def merge_events():
    keep, gone = make_event(), make_event()
    return lambda: events.merge(keep, gone, by=None)


def delete_a_draft_with_everything():
    draft, other = make_event(status="draft", actors=[make_actor()]), make_event()
    count_figure(draft)
    Relation.objects.create(from_event=other, to_event=draft, kind="follows")
    Relation.objects.create(from_event=draft, to_event=make_event(), kind="contradicts")
    return lambda: events.delete(draft)


def rename_an_actor():
    actor = make_actor("Ukraine")
    actor.slug = "ukraine-state"
    return lambda: things.store(actor)


def take_a_slug_that_led_to_another():
    first, second = make_actor("Ukraine"), make_actor("Another")
    first.slug = "ukraine-state"
    things.store(first)
    second.slug = "ukraine"
    return lambda: things.store(second)


def move_a_body():
    south, nis = make_actor("South"), make_actor("Service")
    event = make_event(actors=[(nis, "claimant"), (south, "target")])
    cite(event, stance="confirms", speaker=south)
    events.reassess([event])
    nis.parent = south
    return lambda: things.store(nis)


def change_the_origin_of_a_source():
    agency = make_publisher()
    first, second = make_source(), make_source(agency=agency)
    make_event(sources=[first, second])
    first.agency = agency
    return lambda: things.store(first)


def remove_an_actor_that_had_other_addresses():
    actor = make_actor("Ukraine")
    ActorName.objects.create(actor=actor, name="Україна", language="uk")
    actor.slug = "ukraine-state"
    things.store(actor)
    return lambda: things.remove(Actor.objects.get(pk=actor.pk))


def remove_a_topic():
    topic = make_topic()
    return lambda: things.remove(topic)


def write_a_text():
    return lambda: things.store(SiteText(key="about", language="en", markdown="Words."))


def merge_actors_with_everything():
    keep, gone = make_actor("North Korea"), make_actor("DPRK")
    gone.slug = "the-dprk"
    things.store(gone)
    ActorName.objects.create(actor=gone, name="북한", language="ko")
    make_actor(parent=gone)
    make_publisher(controlled_by=gone)
    event = make_event(actors=[(gone, "participant"), (keep, "participant")])
    cite(event, stance="denies", speaker=gone)
    count_figure(make_event(), attributed_to=gone)
    return lambda: merging.merge_actors(keep, gone)


def merge_sources():
    keep, gone = make_source(), make_source()
    event = make_event(sources=[keep, gone])
    count_figure(event, citation=event.citations.last())
    make_event(sources=[gone])
    return lambda: merging.merge_sources(keep, gone)


def paste_a_new_link():
    return lambda: links.source_for_link("https://www.example.org/a", today=date(2024, 1, 1))


def cite_a_print():
    publisher = make_publisher()
    return lambda: links.source_in_print("Page 3", publisher)


def add_many():
    return lambda: things.store_new([Place(name=each, slug=each) for each in ("here", "there")])


PATHS = [
    publish,
    send_to_review,
    withdraw,
    set_category,
    add_topic,
    merge_events,
    delete_a_draft_with_everything,
    rename_an_actor,
    take_a_slug_that_led_to_another,
    move_a_body,
    change_the_origin_of_a_source,
    remove_an_actor_that_had_other_addresses,
    remove_a_topic,
    write_a_text,
    merge_actors_with_everything,
    merge_sources,
    add_many,
]
INSIDE = [paste_a_new_link, cite_a_print]
"""Parts of a save, whose transaction is the caller's."""


@pytest.mark.parametrize("path", [*PATHS, *INSIDE])
def test_everything_written_is_in_the_log(path):
    act = path()
    with noted():
        act()


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_written_without_its_change(path):
    undone_without_its_change(path())


def test_a_topic_in_use_is_not_removed():
    topic = make_topic()
    event = make_event(topics=[topic])
    with pytest.raises(ProtectedError):
        things.remove(topic)
    assert list(Event.objects.get(pk=event.pk).topics.all()) == [topic]
