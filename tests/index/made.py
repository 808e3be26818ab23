"""A small record full of coincidences, made from a seed, and selections drawn over it.

Few values and many events, so that facets, couplings and exclusions meet each other; dates of
every precision, open ends among them; some events that the public doesn't see.
"""

import random
from contextlib import suppress
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from tests.loaded import kept
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
    noted,
    take_part,
)
from timeline import dates
from timeline.editing import events as editing
from timeline.index import FACETS, Choice, Selection
from timeline.models import Actor, ActorName, Event, Participation, Place
from timeline.models.choices import Importance, PlacePrecision, Role, Stance

DATES = (
    *("2024-10-20", "2024-10", "2024", "2024-23", "2024-24", "2023-12-31", "2024-01-01", "2023-34"),
    *("2022-10/2024-02", "2023-11/..", "../2022-06", "[2022-03-01..2023-02-02]", "[..2021]"),
    *("[2024-12..]", "202X", "2022-40", "2024-37", "2021-02~", "2022?", "2023-05-05", "2024-06-12"),
)
_ENDS = ("2022", "2023-05", "2024-10-20", "2024-23", "2021")
_QUERIES = ("summit", "미사일", "talk*", "-missile", '"and talks"', "북한")
_ROLES = (Role.PARTICIPANT, Role.HOST, Role.TARGET)
_STANCES = (Stance.REPORTS, Stance.CONFIRMS, Stance.DENIES)
PUBLISHED = ("2024-10-20", "2024-10", "2024", "2023-05-05", "2022", "2021-06/2023-02", "2020", "")
DAYS = [
    *(date(2024, 10, 20), date(2024, 10, 19), date(2024, 10, 31), date(2023, 5, 5)),
    *(date(2022, 12, 31), date(2023, 3, 1), date(2021, 1, 1), date(2019, 1, 1), date(2025, 1, 1)),
]
"""Days on which something of the record became known, and others."""
_WORDS = ("summit", "missile", "soldiers", "북한 미사일", "talks", "Kursk")


@kept
def make_record(seed: int, events: int = 40) -> None:
    """Fill the database."""
    chance = random.Random(seed)
    land = make_actor("Northland")
    army = make_actor("Northland army", parent=land, kind="armed_force")
    actors = [land, army, make_actor("First brigade", parent=army, kind="armed_force")]
    actors += [
        make_actor("Southland"),
        make_actor("Eastland"),
        make_actor("Jane Doe", kind="person"),
    ]
    ActorName.objects.create(actor=land, name="북한", language="ko")
    country = make_place("Northland", kind="country", country="KP")
    city = make_place("North City", parent=country, country="KP")
    places = [None, country, city, make_place("Old harbour", parent=city, country="KP")]
    places.append(make_place("South City", country="KR"))
    outlets = [
        make_publisher(controlled_by=army),
        make_publisher(country="KR"),
        make_publisher("Wire"),
    ]
    sources = [
        make_source(
            publisher=chance.choice(outlets[:2]),
            agency=chance.choice([None, outlets[2]]),
            language=chance.choice(["en", "ko", "ru"]),
            archive_url=chance.choice(["", "https://archive.example.org/1"]),
            published=chance.choice(PUBLISHED),
            accessed_on=chance.choice([None, date(2023, 3, 1)]),
        )
        for _ in range(8)
    ]
    categories = [make_category(family="military"), make_category(family="diplomacy")]
    topics = [make_topic(), make_topic()]
    metrics = [make_metric(), make_metric()]
    for number in range(events):
        make: Any = make_draft if number % 10 == 9 else make_event
        given: dict[str, Any] = {"sources": []} if make is make_event else {}
        if make is make_event:
            given["sources"] = chance.sample(sources, chance.randint(1, 3))
        event = make(
            title=f"{chance.choice(_WORDS)} and {chance.choice(_WORDS)} {number}",
            summary=chance.choice(["", "A second text with talks."]),
            date=chance.choice(DATES),
            category=chance.choice(categories),
            topics=chance.sample(topics, chance.randint(0, 2)),
            place=chance.choice(places),
            importance=chance.choice(Importance.values),
            **given,
        )
        for actor in chance.sample(actors, chance.randint(0, 3)):
            for role in chance.sample(_ROLES, chance.randint(1, 2)):
                take_part(event, actor, role)
        for source in chance.sample(sources, chance.randint(0, 2)):
            speaker = chance.choice([None, *actors])
            stance = chance.choice(_STANCES)
            if not event.citations.filter(source=source, stance=stance, speaker=speaker).exists():
                cite(event, source, stance=stance, speaker=speaker)
        if event.citations.exists() and chance.random() < 0.4:
            count_figure(event, metric=chance.choice(metrics))
        if chance.random() < 0.2:
            as_of = chance.choice(PUBLISHED)
            figure = count_figure(event, metric=metrics[0], attributed_to=actors[0], as_of=as_of)
            figure.citation = None
            figure.save()
            noted(event)
    with transaction.atomic():
        editing.reassess(Event.objects.all())


@kept
def scatter(seed: int) -> None:
    """A made record whose places have points and are known more or less exactly, with suppliers
    and recipients."""
    make_record(seed)
    chance = random.Random(seed)
    for at, place in enumerate(Place.objects.exclude(slug="old-harbour").order_by("pk")):
        place.latitude, place.longitude = 37 + at, 127 - at
        place.save()
        noted(place)
    for slug, country in (("northland", "KP"), ("southland", "KR")):
        actor = Actor.objects.get(slug=slug)
        actor.country = country
        actor.save()
        noted(actor)
    for event in Event.objects.order_by("pk"):
        event.place_precision = chance.choice(PlacePrecision.values)
        event.save()
        noted(event)
    for part in Participation.objects.exclude(role="participant").order_by("pk"):
        part.role = chance.choice(["supplier", "recipient"])
        with suppress(IntegrityError), transaction.atomic():
            part.save()
            noted(part.event)


def draw(chance: random.Random, values: dict[str, list[str]]) -> Selection:
    """A random selection over known values of each facet; often of few filters."""
    changes: dict[str, Any] = {}
    for facet in chance.sample(FACETS, chance.choice([0, 1, 1, 2, 2, 3, 4])):
        known = sorted(values[facet])
        if not known:
            continue
        chosen = chance.sample(known, min(len(known), chance.choice([1, 1, 2, 3])))
        cut = chance.choice([len(chosen), len(chosen), len(chosen), 0, 1])
        changes[facet] = Choice(tuple(sorted(chosen[:cut])), tuple(sorted(chosen[cut:])))
    several = len(changes.get("actor", Choice()).include) > 1
    if chance.random() < 0.3:
        ends = [dates.single(chance.choice(_ENDS)) for _ in range(2)]
        changes["from_"] = chance.choice([None, ends[0]])
        changes["to"] = chance.choice([None, ends[1]])
    if chance.random() < 0.15:
        changes["q"] = chance.choice(
            ["summit", "미사일", "talk*", "-missile", '"and talks"', "북한"]
        )
    return Selection(
        actors_all=several and chance.random() < 0.5,
        exact=chance.random() < 0.2,
        certainly=chance.random() < 0.2,
        sort=chance.choice(["date", "-date", "-updated"]),
        within=_preset(chance, values),
        known_by=chance.choice(DAYS) if chance.random() < 0.4 else None,
        **changes,
    )


def _preset(chance: random.Random, values: dict[str, list[str]]) -> Selection | None:
    facet = chance.choice([*[None] * 5, "actor", "year", "category", "publisher", "place", "topic"])
    if facet is None or not values[facet]:
        return None
    return Selection(**{facet: Choice((chance.choice(sorted(values[facet])),))})
