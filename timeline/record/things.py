"""What events refer to, in full: categories, topics, metrics, places, actors, publishers.

An event's record only names these. Who passes events on, so that another site can take them in,
gathers what they name (:class:`Used`) and reads it here. Rows stand in an order that needs no
keys: by slug, and in trees what is above before what is below.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from timeline.models import Actor, Category, Metric, Place, Publisher, Term, Topic
from timeline.record import (
    ActorRecord,
    EventRecord,
    PublisherRecord,
    SourceRecord,
    TopicRecord,
    actor_record,
)

_AT_ONCE = 500
Row = TypeVar("Row", bound=Model)
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class NameRecord:
    name: str
    language: str
    kind: str


@dataclass(frozen=True, slots=True)
class CategoryInFull:
    slug: str
    name: str
    description: str
    order: int
    shape: str
    family: str
    default_role: str


@dataclass(frozen=True, slots=True)
class MetricInFull:
    """``adds_up_to`` is the code of another metric of the same list."""

    code: str
    label: str
    unit: str
    adds_up_to: str
    order: int
    headline: bool


@dataclass(frozen=True, slots=True)
class PlaceInFull:
    """``parent`` is the slug of the place around it, which stands before it."""

    slug: str
    name: str
    kind: str
    country: str
    parent: str
    latitude: Decimal | None
    longitude: Decimal | None
    dateline: str
    geonames_id: int | None


@dataclass(frozen=True, slots=True)
class ActorInFull:
    """``parent`` is the slug of what it is part of, which stands before it."""

    slug: str
    name: str
    kind: str
    country: str
    parent: str
    description: str
    wikidata_id: str
    names: tuple[NameRecord, ...]


@dataclass(frozen=True, slots=True)
class PublisherInFull:
    """``controlled_by`` may be an actor of no event, of which readers learn no more than this."""

    slug: str
    name: str
    kind: str
    country: str
    language: str
    controlled_by: ActorRecord | None
    note: str
    domains: tuple[str, ...]
    names: tuple[NameRecord, ...]


@dataclass(frozen=True, slots=True)
class TermRecord:
    """What a text of the record is in a further language."""

    kind: str
    original: str
    language: str
    words: str


@dataclass
class Used:
    """The slugs, and codes of metrics, that events name, and the ``terms`` of the glossary, each
    a kind and a text, that they and what they name are said in."""

    categories: set[str] = field(default_factory=set)
    topics: set[str] = field(default_factory=set)
    metrics: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    actors: set[str] = field(default_factory=set)
    publishers: set[str] = field(default_factory=set)
    terms: set[tuple[str, str]] = field(default_factory=set)

    @cached_property
    def _known(self) -> frozenset[tuple[str, str]]:
        """What the glossary has, so that no other text needs to be remembered."""
        return frozenset(Term.objects.order_by().values_list("kind", "original").distinct())

    def say(self, kind: str, *texts: str) -> None:
        """Take in texts that may have a term."""
        self.terms.update((kind, each) for each in texts if (kind, each) in self._known)

    def add(self, record: EventRecord) -> None:
        """Take in what an event names."""
        if record.category is not None:
            self.categories.add(record.category.slug)
        if record.place is not None:
            self.places.add(record.place.slug)
        self.topics.update(topic.slug for topic in record.topics)
        self.say("note", record.date_note, record.verification_note)
        self.actors.update(part.actor.slug for part in record.participations)
        for citation in record.citations:
            source = citation.source
            self.publishers.update(each.slug for each in _carriers(source))
            described = (source.title,) if source.title_is_description else ()
            self.say("note", citation.locator, citation.note, source.reference, *described)
            if citation.speaker is not None:
                self.actors.add(citation.speaker.slug)
        for figure in record.figures:
            self.metrics.add(figure.metric.code)
            self.say("figure", figure.subject, figure.text_value, figure.note)
            if figure.attributed_to is not None:
                self.actors.add(figure.attributed_to.slug)


def _carriers(source: SourceRecord) -> Iterable[PublisherRecord]:
    yield source.publisher
    if source.agency is not None:
        yield source.agency


_TEXTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "categories": {"category": ("name", "description")},
    "topics": {"topic": ("name",)},
    "metrics": {"metric": ("label",), "unit": ("unit",)},
    "places": {"place": ("name", "dateline")},
    "actors": {"note": ("description",)},
    "publishers": {"note": ("note",)},
}
"""What the glossary may say otherwise of what stands in each list, by kinds of terms."""


def lists(used: Used) -> Iterator[tuple[str, Iterable[Any]]]:
    """The name of each list and what stands in it, in the order of a document."""
    yield "categories", _read(Category.objects.all(), "slug", used.categories, _category)
    yield "topics", _read(Topic.objects.all(), "slug", used.topics, _topic)
    yield "metrics", _metrics(used.metrics)
    yield "places", _tree(Place.objects.all(), used.places, _place)
    yield "actors", _tree(Actor.objects.prefetch_related("names"), used.actors, _actor)
    rows = Publisher.objects.select_related("controlled_by").prefetch_related("names", "domains")
    yield "publishers", _read(rows, "slug", used.publishers, _publisher)


def in_full(used: Used) -> Iterator[tuple[str, Iterable[Any]]]:
    """The same with the glossary, which comes last, and has what the lists before it are said in
    once they have been read."""
    for name, rows in lists(used):
        yield name, _said(used, rows, _TEXTS[name])
    yield "glossary", _glossary(used)


def _said(used: Used, rows: Iterable[Made], texts: Mapping[str, tuple[str, ...]]) -> Iterator[Made]:
    """The rows, whose ``texts`` of each kind are taken in."""
    for row in rows:
        for kind, names in texts.items():
            used.say(kind, *(getattr(row, name) for name in names))
        yield row


def _glossary(used: Used) -> Iterator[TermRecord]:
    """The terms that were taken in, in an order that needs no keys."""
    if not used.terms:
        return
    rows = Term.objects.values_list("kind", "original", "language", "words")
    yield from (TermRecord(*row) for row in sorted(rows) if row[:2] in used.terms)


def _rows(rows: QuerySet[Row], field: str, values: Collection[Any]) -> Iterator[Row]:
    wanted = sorted(values)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        # The databases sort texts each in their own way; slugs in ours.
        yield from sorted(rows.filter(**{f"{field}__in": some}), key=attrgetter(field))


def _read(
    rows: QuerySet[Row], field: str, values: Collection[str], make: Callable[[Row], Made]
) -> Iterator[Made]:
    return map(make, _rows(rows, field, values))


def _tree(
    rows: QuerySet[Any], slugs: Collection[str], make: Callable[[Any, str], Made]
) -> Iterator[Made]:
    """The things with these slugs and all that is above them; rows are read in their order."""
    known: dict[int, tuple[str, int | None]] = {}
    wanted, field = set[Any](slugs), "slug"
    while wanted:
        level = _branches(rows, field, wanted)
        known |= level
        wanted, field = {parent for _slug, parent in level.values()} - {None} - known.keys(), "pk"
    order = sorted(known, key=lambda pk: (_depth(pk, known), known[pk][0]))
    for start in range(0, len(order), _AT_ONCE):
        some = rows.in_bulk(order[start : start + _AT_ONCE])
        for pk in order[start : start + _AT_ONCE]:
            parent = known[pk][1]
            # What is gone meanwhile is left out, as its events are.
            if pk in some:
                yield make(some[pk], known[parent][0] if parent is not None else "")


def _branches(
    rows: QuerySet[Any], field: str, values: Collection[Any]
) -> dict[int, tuple[str, int | None]]:
    """Slug and parent of each thing, by key."""
    wanted = list(values)
    found: dict[int, tuple[str, int | None]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = rows.filter(**{f"{field}__in": wanted[start : start + _AT_ONCE]}).order_by()
        for pk, slug, parent in some.values_list("pk", "slug", "parent"):
            found[pk] = (slug, parent)
    return found


def _depth(pk: int, known: Mapping[int, tuple[str, int | None]]) -> int:
    depth, parent = 0, known[pk][1]
    while parent is not None:
        depth, parent = depth + 1, known[parent][1]
    return depth


def _metrics(codes: Collection[str]) -> Iterator[MetricInFull]:
    found = list(_rows(Metric.objects.select_related("adds_up_to"), "code", codes))
    for row in found:
        total = row.adds_up_to.code if row.adds_up_to else ""
        yield MetricInFull(
            code=row.code,
            label=row.label,
            unit=row.unit,
            adds_up_to=total if total in codes else "",
            order=row.order,
            headline=row.headline,
        )


def _names(rows: Iterable[Any]) -> tuple[NameRecord, ...]:
    return tuple(NameRecord(row.name, row.language, row.kind) for row in rows)


def _category(row: Category) -> CategoryInFull:
    return CategoryInFull(
        slug=row.slug,
        name=row.name,
        description=row.description,
        order=row.order,
        shape=row.shape,
        family=row.family,
        default_role=row.default_role,
    )


def _topic(row: Topic) -> TopicRecord:
    return TopicRecord(row.slug, row.name)


def _place(row: Place, parent: str) -> PlaceInFull:
    return PlaceInFull(
        slug=row.slug,
        name=row.name,
        kind=row.kind,
        country=row.country,
        parent=parent,
        latitude=row.latitude,
        longitude=row.longitude,
        dateline=row.dateline,
        geonames_id=row.geonames_id,
    )


def _actor(row: Actor, parent: str) -> ActorInFull:
    return ActorInFull(
        slug=row.slug,
        name=row.name,
        kind=row.kind,
        country=row.country,
        parent=parent,
        description=row.description,
        wikidata_id=row.wikidata_id,
        names=_names(row.names.all()),
    )


def _publisher(row: Publisher) -> PublisherInFull:
    return PublisherInFull(
        slug=row.slug,
        name=row.name,
        kind=row.kind,
        country=row.country,
        language=row.language,
        controlled_by=actor_record(row.controlled_by) if row.controlled_by else None,
        note=row.note,
        domains=tuple(domain.domain for domain in row.domains.all()),
        names=_names(row.names.all()),
    )
