"""Small functions that make records for tests: valid by default, changed by keyword.

Each leaves its entry in the change log, as every path of the product does; the read path knows
of nothing else.
"""

from itertools import count
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model

from timeline.editing import changes, events, stories
from timeline.models import (
    Actor,
    Category,
    Citation,
    Event,
    Figure,
    Metric,
    Participation,
    Period,
    Place,
    Publisher,
    Source,
    Step,
    Story,
    Term,
    Topic,
)
from timeline.models.choices import ChangeKind, Status

_number = count(1)
Thing = TypeVar("Thing", bound=Model)


def noted(thing: Thing, kind: ChangeKind = ChangeKind.CHANGED) -> Thing:
    """Write that the thing changed."""
    with transaction.atomic():
        changes.note(kind, thing)
    return thing


def make_actor(name: str = "", **changes: Any) -> Actor:
    number = next(_number)
    given = {"name": name or f"Actor {number}", "kind": "state", **changes}
    actor = Actor(**given)
    actor.slug = actor.slug or actor.free_slug()
    actor.save()
    return noted(actor)


def make_category(name: str = "", **changes: Any) -> Category:
    category = Category(name=name or f"Category {next(_number)}", **changes)
    category.slug = category.slug or category.free_slug()
    category.save()
    return noted(category)


def make_topic(name: str = "") -> Topic:
    topic = Topic(name=name or f"Topic {next(_number)}")
    topic.slug = topic.free_slug()
    topic.save()
    return noted(topic)


def make_term(
    original: str = "", words: str = "", kind: str = "category", language: str = "ko"
) -> Term:
    return noted(
        Term.objects.create(
            kind=kind,
            original=original or f"Original {next(_number)}",
            language=language,
            words=words or f"말 {next(_number)}",
        )
    )


def make_place(name: str = "", **changes: Any) -> Place:
    place = Place(name=name or f"Place {next(_number)}", **changes)
    place.slug = place.slug or place.free_slug()
    place.save()
    return noted(place)


def make_publisher(name: str = "", **changes: Any) -> Publisher:
    publisher = Publisher(name=name or f"Publisher {next(_number)}", **changes)
    publisher.slug = publisher.slug or publisher.free_slug()
    publisher.save()
    return noted(publisher)


def make_source(**changes: Any) -> Source:
    number = next(_number)
    given = {
        "url": f"https://example.org/{number}",
        "title": f"Article {number}",
        "published": "2024-10-20",
        **changes,
    }
    given.setdefault("publisher", None)
    given["publisher"] = given["publisher"] or make_publisher()
    return noted(Source.objects.create(**given))


def make_metric(**changes: Any) -> Metric:
    number = next(_number)
    return noted(
        Metric.objects.create(
            **{"code": f"metric-{number}", "label": f"Metric {number}", **changes}
        )
    )


def cite(event: Event, source: Source | None = None, **changes: Any) -> Citation:
    citation = _cite(event, source, **changes)
    noted(event)
    return citation


def _cite(event: Event, source: Source | None = None, **changes: Any) -> Citation:
    return Citation.objects.create(
        event=event, source=source or make_source(), order=event.citations.count(), **changes
    )


def take_part(
    event: Event, actor: Actor, role: str = "participant", **changes: Any
) -> Participation:
    part = Participation.objects.create(event=event, actor=actor, role=role, **changes)
    noted(event)
    return part


def count_figure(event: Event, **changes: Any) -> Figure:
    given = {"best": 100, "subject": "Soldiers", **changes}
    given["metric"] = given.get("metric") or make_metric()
    given["citation"] = given.get("citation") or event.citations.first()
    figure = Figure.objects.create(event=event, **given)
    noted(event)
    return figure


def make_draft(**changes: Any) -> Event:
    """A draft with a category, without sources and actors."""
    return noted(_draft(**changes))


def _draft(**changes: Any) -> Event:
    number = next(_number)
    topics = changes.pop("topics", ())
    given = {"title": f"Something happens for the {number}th time", "date": "2024-10-20", **changes}
    if "category" not in given:
        given["category"] = Category.objects.first() or make_category()
    event = Event.objects.create(**given)
    event.topics.set(topics)
    return event


def make_event(
    *, actors: Any = (), sources: Any = None, status: str = Status.PUBLISHED, **changes: Any
) -> Event:
    """A public event: ``actors`` are actors or (actor, role) pairs; one source by default."""
    event = _draft(**changes)
    for each in actors:
        actor, role = each if isinstance(each, tuple) else (each, "participant")
        Participation.objects.create(event=event, actor=actor, role=role)
    for source in [make_source()] if sources is None else sources:
        _cite(event, source)
    event.status = status
    return events.settle(event, by=None, before=None)


def make_story(*given: Any, status: str = Status.PUBLISHED, **changes: Any) -> Story:
    """A public story over events, or over (event, values of the step) pairs."""
    number = next(_number)
    story = Story(**{"title": f"The {number}th story", **changes, "status": status})
    story.slug = story.slug or story.free_slug()
    with transaction.atomic():
        wanted, story.status = story.status, Status.DRAFT
        story.save()
        for order, each in enumerate(given, start=1):
            event, values = each if isinstance(each, tuple) else (each, {})
            Step.objects.create(
                story=story, order=order, event=event, **{"note": f"Note {order}", **values}
            )
        story.status = wanted
        return stories.settle(story, by=None, before=None)


def make_period(**changes: Any) -> Period:
    return noted(
        Period.objects.create(**{"title": f"Period {next(_number)}", "date": "2024", **changes})
    )
