"""Loads the demo's content, and takes it out again.

What is missing is made, what is there is left as it is: a second run changes nothing, and an
edit made in between stays. Files refer to each other by keys; ``public_id`` and ``slug`` are
what the site knows the things by. README.md beside this file says where the facts come from.
"""

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from timeline.editing import addresses, changes, events, stories, things, versions
from timeline.models import (
    Actor,
    ActorName,
    Category,
    Citation,
    Event,
    EventTranslation,
    Figure,
    Metric,
    Participation,
    Period,
    Place,
    Publisher,
    PublisherDomain,
    PublisherName,
    Relation,
    SiteText,
    SlugRedirect,
    Source,
    Step,
    Story,
    Term,
    Topic,
    Version,
)
from timeline.models.choices import ChangeKind, Status
from timeline.models.translations import seal
from timeline.record.lacking import said

HERE = Path(__file__).parent
Row = dict[str, Any]


@cache
def rows(name: str) -> Any:
    """The content of one of the files beside this one, such as ``actors``."""
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


@transaction.atomic
def load() -> str:
    """Make what is missing of the demo. Returns a sentence that says what was made."""
    before = Event.objects.count()
    categories = _named(Category, rows("categories"), _category)
    topics = _named(Topic, rows("topics"), lambda row: Topic(name=row["name"]))
    actors = _actors()
    places = _places()
    publishers = _publishers(actors)
    metrics = _metrics()
    sources = _sources(publishers)
    _texts()
    made = _events(categories, topics, actors, places, sources)
    _relations(made)
    _translations(made)
    _glossary()
    _figures(made, metrics, actors, sources)
    for event in made.values():
        event.status = Status.PUBLISHED
        events.settle(event, by=None, before=None)
    _stories(metrics)
    _periods()
    if made:
        # Without statistics of what just came in, PostgreSQL plans for empty tables.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return (
        f"The demo holds {len(rows('events'))} events: {Event.objects.count() - before} made, "
        f"{len(rows('events')) - len(made)} already there."
    )


def _known(model: type[Any], given: Iterable[Row]) -> dict[str, Any]:
    """The things that are there already, by key, also those that were renamed or merged since."""
    slugs = {_key(row): row.get("slug") or row["key"] for row in given}
    found = {each.slug: each for each in model.objects.filter(slug__in=slugs.values())}
    missing = [slug for slug in slugs.values() if slug not in found]
    moved = dict(
        SlugRedirect.objects.filter(kind=model._meta.model_name, old_slug__in=missing).values_list(
            "old_slug", "object_id"
        )
    )
    meant = model.objects.in_bulk(moved.values())
    found |= {slug: meant[pk] for slug, pk in moved.items() if pk in meant}
    return {key: found[slug] for key, slug in slugs.items() if slug in found}


def _named(model: type[Any], given: Iterable[Row], make: Callable[[Row], Any]) -> dict[str, Any]:
    """Make the rows that aren't there yet; return all by key."""
    given = list(given)
    known = _known(model, given)
    fresh = []
    for row in given:
        if _key(row) not in known:
            thing = make(row)
            thing.slug = row.get("slug") or row["key"]
            fresh.append(_checked(thing))
    things.store_new(fresh)
    return _known(model, given) if fresh else known


def _checked(thing: Any) -> Any:
    """The thing, once its own fields are valid; what it points to was just read or made."""
    relations = [field.name for field in thing._meta.fields if field.is_relation]
    thing.clean_fields(exclude=relations)
    return thing


def _category(row: Row) -> Category:
    return Category(
        name=row["name"],
        description=row["description"],
        order=row["order"],
        shape=row["shape"],
        family=row["family"],
        default_role=row["default_role"],
    )


def _actors() -> dict[str, Actor]:
    given = rows("actors")
    known = _known(Actor, given)
    found: dict[str, Actor] = _named(
        Actor,
        given,
        lambda row: Actor(
            name=row["name"],
            kind=row["kind"],
            country=row["country"] or "",
            description=row["description"],
            wikidata_id=row["wikidata_id"] or "",
        ),
    )
    fresh = [row for row in given if row["key"] not in known]
    for row in fresh:
        found[row["key"]].parent = found[row["parent"]] if row["parent"] else None
    Actor.objects.bulk_update([found[row["key"]] for row in fresh], ["parent"])
    ActorName.objects.bulk_create(
        ActorName(
            actor=found[row["key"]],
            name=name["name"],
            language=name["language"] or "",
            kind=name["kind"],
        )
        for row in fresh
        for name in row["names"]
    )
    return found


def _places() -> dict[str, Place]:
    given = rows("places")
    known = _known(Place, given)
    found: dict[str, Place] = _named(
        Place,
        given,
        lambda row: Place(
            name=row["name"],
            kind=row["kind"],
            country=row["country"] or "",
            latitude=_decimal(row["latitude"]),
            longitude=_decimal(row["longitude"]),
            dateline=row["dateline"],
        ),
    )
    fresh = [row for row in given if _key(row) not in known]
    for row in fresh:
        found[_key(row)].parent = found[row["parent"]] if row["parent"] else None
    Place.objects.bulk_update([found[_key(row)] for row in fresh], ["parent"])
    return found


def _key(row: Row) -> str:
    return str(row.get("key") or row["slug"])


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _publishers(actors: dict[str, Actor]) -> dict[str, Publisher]:
    given = rows("publishers")
    known = _known(Publisher, given)
    found: dict[str, Publisher] = _named(
        Publisher,
        given,
        lambda row: Publisher(
            name=row["name"],
            kind=row["kind"],
            country=row["country"] or "",
            language=row["language"] or "",
            controlled_by=actors[row["controlled_by"]] if row["controlled_by"] else None,
            note=row["note"],
        ),
    )
    fresh = [row for row in given if row["key"] not in known]
    PublisherName.objects.bulk_create(
        PublisherName(
            publisher=found[row["key"]],
            name=name["name"],
            language=name["language"] or "",
            kind=name["kind"],
        )
        for row in fresh
        for name in row["names"]
    )
    PublisherDomain.objects.bulk_create(
        PublisherDomain(publisher=found[row["key"]], domain=domain)
        for row in fresh
        for domain in row["domains"]
    )
    return found


def _metrics() -> dict[str, Metric]:
    given = rows("metrics")
    there = set(Metric.objects.values_list("code", flat=True))
    fresh = [row for row in given if row["code"] not in there]
    things.store_new(
        [
            Metric(
                code=row["code"],
                label=row["label"],
                unit=row["unit"],
                order=row["order"],
                headline=row["headline"],
            )
            for row in fresh
        ]
    )
    found = {metric.code: metric for metric in Metric.objects.all()}
    for row in fresh:
        if row["adds_up_to"]:
            found[row["code"]].adds_up_to = found[row["adds_up_to"]]
    Metric.objects.bulk_update([found[row["code"]] for row in fresh], ["adds_up_to"])
    return found


def _sources(publishers: dict[str, Publisher]) -> dict[str, Source]:
    given = {row["public_id"]: row for row in rows("sources")}
    there = set(Source.objects.filter(public_id__in=given).values_list("public_id", flat=True))
    fresh = []
    for public_id, row in given.items():
        if public_id not in there:
            source = Source(
                public_id=public_id,
                url=row["url"],
                reference=row["reference"],
                title=row["title"],
                title_is_description=row["title_is_description"],
                publisher=publishers[row["publisher"]],
                agency=publishers[row["agency"]] if row["agency"] else None,
                authors=row["authors"],
                published=row["published"],
                language=row["language"],
                kind=row["kind"],
            )
            fresh.append(_checked(source))
    things.store_new(fresh)
    by_id = {source.public_id: source for source in Source.objects.filter(public_id__in=given)}
    return {row["key"]: by_id[public_id] for public_id, row in given.items()}


def _texts() -> None:
    texts = HERE / "texts"
    for path in sorted(texts.rglob("*.md")):
        language = "en" if path.parent == texts else path.parent.name
        if not SiteText.objects.filter(key=path.stem, language=language).exists():
            text = SiteText(key=path.stem, language=language, markdown=path.read_text("utf-8"))
            text.full_clean()
            things.store(text)


def _events(
    categories: dict[str, Category],
    topics: dict[str, Topic],
    actors: dict[str, Actor],
    places: dict[str, Place],
    sources: dict[str, Source],
) -> dict[str, Event]:
    """Make the missing events as drafts with topics, participations and citations; by key."""
    given = {row["public_id"]: row for row in rows("events")}
    there = set(Event.objects.filter(public_id__in=given).values_list("public_id", flat=True))
    where = rows("place_of_event")
    made: dict[str, Event] = {}
    for public_id, row in given.items():
        if public_id in there:
            continue
        place = where[row["key"]]
        event = Event(
            public_id=public_id,
            title=row["title"],
            label=row["label"],
            summary=row["summary"],
            date=row["date"],
            date_basis=row["date_basis"],
            date_note=row["date_note"],
            category=categories[row["category"]],
            place=places[place["place"]] if place["place"] else None,
            place_precision=place["precision"],
            importance=row["importance"],
        )
        _checked(event).save()
        event.topics.set([topics[key] for key in row["topics"]])
        made[row["key"]] = event
        Participation.objects.bulk_create(
            Participation(
                event=event,
                actor=actors[part["actor"]],
                role=part["role"],
                alleged=part["alleged"],
                order=order,
            )
            for order, part in enumerate(row["participations"])
        )
        Citation.objects.bulk_create(
            _checked(
                Citation(
                    event=event,
                    source=sources[cited["source"]],
                    stance=cited["stance"],
                    speaker=actors[cited["speaker"]] if cited["speaker"] else None,
                    locator=cited["locator"],
                    quote=cited["quote"],
                    supports=cited["supports"],
                    note=cited["note"],
                    order=order,
                )
            )
            for order, cited in enumerate(row["citations"])
        )
    return made


def _relations(made: dict[str, Event]) -> None:
    known = {row["key"]: row["public_id"] for row in rows("events")}
    others = {
        event.public_id: event for event in Event.objects.filter(public_id__in=known.values())
    }
    Relation.objects.bulk_create(
        Relation(
            from_event=made[row["key"]],
            kind=relation["kind"],
            to_event=others[known[relation["to"]]],
        )
        for row in rows("events")
        if row["key"] in made
        for relation in row["relations"]
        if known[relation["to"]] in others
    )


def _translations(made: dict[str, Event]) -> None:
    for row in rows("translations"):
        if event := made.get(row["event"]):
            words = EventTranslation(
                event=event,
                language=row["language"],
                title=row["title"],
                summary=row["summary"],
                label=row.get("label", ""),
                of=seal(event.title, event.summary),
            )
            _checked(words).save()


def _glossary() -> None:
    """Make the terms that aren't there yet."""
    known = set(Term.objects.values_list("language", "kind", "original"))
    things.store_new(
        [
            _checked(Term(language=language, kind=kind, original=original, words=words))
            for language, kind, original, words in sorted(_terms())
            if (language, kind, original) not in known
        ]
    )


@cache
def _terms() -> frozenset[tuple[str, ...]]:
    """The demo's glossary: language, kind, original and words of each term."""
    return frozenset(
        (language, kind, original, words)
        for language, kinds in rows("glossary").items()
        for kind, terms in kinds.items()
        for original, words in terms.items()
    )


def _term(term: Term) -> tuple[str, ...]:
    return term.language, term.kind, term.original, term.words


def _figures(
    made: dict[str, Event],
    metrics: dict[str, Metric],
    actors: dict[str, Actor],
    sources: dict[str, Source],
) -> None:
    """Make the figures of the events just made; one that was replaced points to its successor."""
    fresh = []
    given: dict[tuple[str, ...], Figure] = {}
    replaced: list[tuple[Figure, tuple[str, ...]]] = []
    for order, row in enumerate(rows("figures")):
        if row["event"] not in made:
            continue
        event = made[row["event"]]
        figure = Figure(
            event=event,
            metric=metrics[row["metric"]],
            subject=row["subject"],
            low=_decimal(row["low"]),
            best=_decimal(row["best"]),
            high=_decimal(row["high"]),
            text_value=row["text_value"],
            qualifier=row["qualifier"],
            basis=row["basis"],
            period_start=row["period_start"] or "",
            as_of=row["as_of"] or "",
            attributed_to=actors[row["attributed_to"]] if row["attributed_to"] else None,
            citation=_citation(event, sources[row["source"]]),
            state=row["state"],
            order=order,
            note=row["note"],
        )
        fresh.append(_checked(figure))
        counted = (row["event"], row["metric"], row["subject"])
        if row.get("superseded_by"):
            replaced.append((figure, (*counted, row["superseded_by"])))
        else:
            given[(*counted, row["source"])] = figure
    Figure.objects.bulk_create(fresh)
    for figure, successor in replaced:
        figure.superseded_by = given[successor]
    Figure.objects.bulk_update([figure for figure, _ in replaced], ["superseded_by"])


def _citation(event: Event, source: Source) -> Citation:
    """The event's citation of the source for its figures: a source may be cited twice, once with
    a denial."""
    found = [each for each in event.citations.all() if each.source_id == source.pk]
    return max(found, key=lambda each: ("figures" in each.supports, each.stance == "reports"))


def _stories(metrics: dict[str, Metric]) -> None:
    """Make and publish the stories that aren't there yet, with steps to the events that are."""
    given = {row["public_id"]: row for row in _told()}
    there = set(Story.objects.filter(public_id__in=given).values_list("public_id", flat=True))
    ids = {row["key"]: row["public_id"] for row in rows("events")}
    known = {event.public_id: event for event in Event.objects.filter(public_id__in=ids.values())}
    for public_id, row in given.items():
        if public_id in there:
            continue
        story = Story(
            public_id=public_id,
            title=row["title"],
            slug=row["slug"],
            description=row["description"],
            introduction=row["introduction"],
            language=row.get("language", settings.LANGUAGE_CODE),
            translation_of=Story.objects.filter(public_id=row.get("translation_of", "")).first(),
        )
        if Story.objects.filter(slug=story.slug).exists():
            story.slug = story.free_slug()
        _checked(story).save()
        story.compared.set([metrics[code] for code in row["compared"]])
        Step.objects.bulk_create(
            _checked(
                Step(
                    story=story,
                    order=order,
                    event=known[ids[step["event"]]],
                    heading=step["heading"],
                    opening=step["opening"],
                    note=step["note"],
                )
            )
            for order, step in enumerate(row["steps"], start=1)
            if ids[step["event"]] in known
        )
        for order, period in enumerate(row["periods"]):
            stories.store_period(_checked(Period(story=story, order=order, **period)))
        # Somebody may have withdrawn the events that it tells of.
        if not stories.problems(story):
            story.status = Status.PUBLISHED
        stories.settle(story, by=None, before=None)


def _told() -> list[dict[str, Any]]:
    """The stories as they were written, then their editions in other languages."""
    return [*rows("stories")["stories"], *rows("stories_ko")["stories"]]


def _periods() -> None:
    """Make the periods of every chart, unless there are such."""
    given = rows("stories")["periods"]
    titles = [row["title"] for row in given]
    if not Period.objects.everywhere().filter(title__in=titles).exists():
        for order, row in enumerate(given):
            stories.store_period(_checked(Period(order=order, **row)))


@transaction.atomic
def remove() -> str:
    """Take the demo out: its events, and what only they used. Returns a sentence."""
    gone = list(Event.objects.filter(public_id__in=[row["public_id"] for row in rows("events")]))
    told = rows("stories")
    # Editions first: what is left of somebody's own becomes a story by itself.
    there = Story.objects.filter(public_id__in=[row["public_id"] for row in _told()])
    stories.remove(there.order_by(F("translation_of").desc(nulls_last=True), "pk"))
    titles = [row["title"] for row in told["periods"]]
    _delete(list(Period.objects.everywhere().filter(title__in=titles)))
    _delete(gone)
    _delete_unused(Source, "public_id", rows("sources"), ("citations",))
    _delete_unused(Metric, "code", rows("metrics"), ("figures", "parts", "stories"))
    _delete_unused(Publisher, "slug", rows("publishers"), ("sources", "carried"))
    for _level in range(6):  # what others were part of becomes free level by level
        uses = ("participations", "spoken", "figures", "children", "controls")
        _delete_unused(Actor, "slug", rows("actors"), uses)
        _delete_unused(Place, "slug", rows("places"), ("events", "children"))
    _delete_unused(Category, "slug", rows("categories"), ("events",))
    _delete_unused(Topic, "slug", rows("topics"), ("events",))
    used = said()
    terms = [each for each in Term.objects.all() if each.pk not in used]
    _delete([each for each in terms if _term(each) in _terms()])
    return f"{len(gone)} events of the demo are removed, with everything that only they used."


def _delete_unused(
    model: type[Any], field: str, given: Iterable[Row], uses: tuple[str, ...]
) -> None:
    known = [row.get(field) or row["key"] for row in given]
    free = model.objects.filter(
        **{f"{field}__in": known, **{f"{use}__isnull": True for use in uses}}
    )
    _delete(list(free))


def _delete(found: list[Any]) -> None:
    if not found:
        return
    model = type(found[0])
    changes.note(ChangeKind.REMOVED, *found)
    keys = [thing.pk for thing in found]
    if issubclass(model, Event):
        _let_go(found)
    for thing in found:
        addresses.forget(thing)
    model._default_manager.filter(pk__in=keys).delete()


def _let_go(gone: list[Event]) -> None:
    """Figures hold on to their sources, so they go first; events that stay lose relations."""
    others = {other for event in gone for other in events.related(event)} - set(gone)
    changes.note(ChangeKind.CHANGED, *others)
    for copy in Event.objects.filter(revises__in=gone):
        events.delete(copy)
    stories.let_go(gone)
    Figure.objects.filter(event__in=gone).delete()
    # The chain keeps its links, so that what was published besides the demo still verifies.
    versions.redact(
        Version.objects.filter(event__in=gone), reason="The demo was removed.", released=True
    )
