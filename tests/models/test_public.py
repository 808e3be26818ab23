"""``public()`` is the only door: what only drafts use stays unknown."""

import pytest

from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_category,
    make_draft,
    make_event,
    make_metric,
    make_place,
    make_publisher,
    make_source,
    make_topic,
    take_part,
)
from timeline.editing import events
from timeline.models import (
    Actor,
    Category,
    Event,
    Metric,
    Place,
    Publisher,
    Relation,
    Source,
    Topic,
)

pytestmark = pytest.mark.django_db
MODELS = [Actor, Category, Event, Metric, Place, Publisher, Source, Topic]


def everything(status):
    """An event of a status with one thing of every kind, all used by it alone."""
    top = make_actor()
    bodies = [make_actor(parent=top) for _ in range(3)]
    land = make_place(kind="country")
    agency = make_publisher()
    event = make_event(
        status="draft" if status in ("draft", "in_review") else "published",
        category=make_category(),
        topics=[make_topic()],
        place=make_place(parent=land),
        actors=[bodies[0]],
        sources=[make_source(agency=agency)],
    )
    cite(event, speaker=bodies[1], stance="confirms")
    count_figure(event, attributed_to=bodies[2], metric=make_metric())
    if status == "in_review":
        events.send_to_review([event], by=None)
    if status == "withdrawn":
        events.withdraw([event], by=None, reason="It was not so.")
    return event


def test_everything_of_a_published_event_is_public():
    everything("published")
    counts = {model.__name__: model.objects.public().count() for model in MODELS}
    assert counts == {
        "Actor": 4,
        "Category": 1,
        "Event": 1,
        "Metric": 1,
        "Place": 2,
        "Publisher": 3,
        "Source": 2,
        "Topic": 1,
    }


@pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
def test_nothing_of_any_other_event_is_public(status):
    everything(status)
    assert {model.__name__: model.objects.public().count() for model in MODELS} == {
        model.__name__: 0 for model in MODELS
    }


def test_a_relation_is_public_with_both_its_ends():
    public, other, draft = make_event(), make_event(), make_draft()
    Relation.objects.create(from_event=public, to_event=draft, kind="follows")
    shown = Relation.objects.create(from_event=public, to_event=other, kind="follows")
    assert list(Relation.objects.public()) == [shown]


def test_unused_things_are_not_public():
    make_actor()
    make_topic()
    make_source()
    take_part(make_draft(), make_actor())
    assert not any(model.objects.public().exists() for model in MODELS)
