"""The public record as one structure: what an event is to the outside.

Pages, and later every export, show nothing but these values; whatever isn't here isn't public.
``records`` reads a list of events in a fixed number of queries, ``record`` one event with its
relations and the grounds of its verification. The canonical JSON at the end is what versions
and hashes rest on.
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, is_dataclass, replace
from decimal import Decimal
from typing import Any, cast

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from timeline import dates
from timeline.models import (
    Actor,
    Category,
    Citation,
    Event,
    Figure,
    Participation,
    Place,
    Publisher,
    Relation,
    Source,
)
from timeline.models.translations import seal
from timeline.verification import Label, Outcome, Part, Reason, Statement, Voice, verification
from timeline.verification import steps as verification_steps


@dataclass(frozen=True, slots=True)
class CategoryRecord:
    slug: str
    name: str
    shape: str
    family: str


@dataclass(frozen=True, slots=True)
class TopicRecord:
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class ActorRecord:
    """``native`` is the name in the actor's own language, filled on pages of one thing only."""

    slug: str
    name: str
    kind: str
    native: str = ""
    native_language: str = ""


@dataclass(frozen=True, slots=True)
class PublisherRecord:
    slug: str
    name: str
    kind: str
    language: str


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """``within`` names the places around it, from the nearest outwards."""

    slug: str
    name: str
    kind: str
    country: str
    latitude: Decimal | None
    longitude: Decimal | None
    dateline: str
    within: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParticipationRecord:
    actor: ActorRecord
    role: str
    alleged: bool


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """``published`` is EDTF, empty when the date is not recorded."""

    public_id: str
    url: str
    reference: str
    title: str
    title_is_description: bool
    publisher: PublisherRecord
    agency: PublisherRecord | None
    authors: str
    published: str
    accessed_on: dt.date | None
    language: str
    kind: str
    archive_url: str
    archived_at: dt.datetime | None
    link_state: str


@dataclass(frozen=True, slots=True)
class CitationRecord:
    source: SourceRecord
    stance: str
    speaker: ActorRecord | None
    locator: str
    quote: str
    supports: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class MetricRecord:
    code: str
    label: str
    unit: str
    headline: bool


@dataclass(frozen=True, slots=True)
class FigureRecord:
    """``source`` is the cited source that gives the number; ``attributed_to`` who says it;
    ``superseded_by`` the place, from 0, of another of the event's figures."""

    metric: MetricRecord
    subject: str
    low: Decimal | None
    best: Decimal | None
    high: Decimal | None
    text_value: str
    qualifier: str
    basis: str
    period_start: str
    as_of: str
    attributed_to: ActorRecord | None
    source: SourceRecord | None
    state: str
    note: str
    superseded_by: int | None = None


@dataclass(frozen=True, slots=True)
class EventBrief:
    """Another event, as a link to it shows it."""

    public_id: str
    slug: str
    title: str
    date: str
    category: CategoryRecord | None
    verification: str


@dataclass(frozen=True, slots=True)
class RelationRecord:
    """``outgoing``: the event of the record is where the relation starts."""

    kind: str
    outgoing: bool
    event: EventBrief


@dataclass(frozen=True, slots=True)
class ExternalIdRecord:
    """How another system calls the event."""

    system: str
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class TranslationRecord:
    """Title, summary and short label in a further language; ``outdated`` when the record's own
    title or summary have changed since. Without a summary or label the record's own stands."""

    language: str
    title: str
    summary: str
    outdated: bool
    label: str = ""


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event as readers may see it. ``date`` is EDTF; ``relations``, ``external_ids`` and
    ``verification_reasons`` are filled by :func:`record` and
    :func:`timeline.record.complete.complete` only."""

    public_id: str
    slug: str
    title: str
    label: str
    summary: str
    date: str
    earliest: dt.date
    latest: dt.date
    sort_date: dt.date
    precision: str
    date_basis: str
    time: dt.time | None
    time_zone: str
    date_note: str
    category: CategoryRecord | None
    topics: tuple[TopicRecord, ...]
    place: PlaceRecord | None
    place_precision: str
    importance: str
    status: str
    verification: str
    verification_reasons: tuple[Reason, ...]
    verification_override: str
    verification_note: str
    participations: tuple[ParticipationRecord, ...]
    citations: tuple[CitationRecord, ...]
    figures: tuple[FigureRecord, ...]
    relations: tuple[RelationRecord, ...]
    published_at: dt.datetime | None
    revised_at: dt.datetime | None
    version: int | None
    day_order: int = 0
    external_ids: tuple[ExternalIdRecord, ...] = ()
    translations: tuple[TranslationRecord, ...] = ()

    def here(self, language: str) -> TranslationRecord:
        """Title and summary for a reader of a language: translated as far as they are. Without
        a translation they are the event's own, in no language that could be said."""
        return told_in(language, self.title, self.summary, self.translations)


def told_in(
    language: str, title: str, summary: str, translations: Iterable[TranslationRecord]
) -> TranslationRecord:
    """As :meth:`EventRecord.here`, of the parts."""
    for told in translations:
        if told.language in (language, language.partition("-")[0]):
            return told if told.summary else replace(told, summary=summary)
    return TranslationRecord("", title, summary, outdated=False)


def records(events: QuerySet[Event] | Sequence[Event]) -> list[EventRecord]:
    """Return the records of the events, in their order, in a fixed number of queries."""
    rows = list(events)
    prefetch_related_objects(
        rows,
        "category",
        "topics",
        Prefetch("place", Place.objects.select_related("parent__parent__parent__parent__parent")),
        Prefetch("participations", Participation.objects.select_related("actor")),
        Prefetch(
            "citations",
            Citation.objects.select_related("source__publisher", "source__agency", "speaker"),
        ),
        Prefetch("figures", Figure.objects.select_related("metric", "attributed_to")),
        "translations",
    )
    return [_event(row, (), ()) for row in rows]


def record(event: Event, *, everything: bool = False, day: dt.date = dt.date.max) -> EventRecord:
    """Return one event's record with its relations and the grounds of its verification, those
    of a past ``day`` where one is given.

    ``everything`` shows relations to events that aren't public too: for the staff's preview.
    """
    records([event])
    outcome = assess(event, day)
    found = _event(event, _relations(event, everything=everything), outcome.reasons)
    others = event.external_ids.values_list("system", "value", "url")
    return replace(found, external_ids=ids_in_order(ExternalIdRecord(*each) for each in others))


def assess(event: Event, day: dt.date = dt.date.max) -> Outcome:
    """Return what the event's stances add up to at the end of ``day``."""
    return verification(*_grounds(event), day)


def assess_all(event: Event) -> tuple[Outcome, list[tuple[dt.date, Label]]]:
    """Return what the event's stances add up to today, and the steps by which it came to that."""
    statements, parts = _grounds(event)
    return verification(statements, parts, dt.date.max), verification_steps(statements, parts)


def _grounds(event: Event) -> tuple[list[Statement], list[Part]]:
    citations = event.citations.select_related("source__publisher", "source__agency", "speaker")
    participations = event.participations.select_related("actor")
    tops = _topmost(
        [each.speaker for each in citations if each.speaker]
        + [each.actor for each in participations]
    )
    return (
        [stated(each, tops[each.speaker.pk] if each.speaker else None) for each in citations],
        [Part(voice(each.actor), voice(tops[each.actor.pk]), each.role) for each in participations],
    )


def _topmost(actors: Iterable[Actor]) -> dict[int, Actor]:
    """Map the actors' keys to the topmost thing that each is part of; a query a level."""
    found = {actor.pk: actor for actor in actors}
    known = dict(found)
    wanted = {actor.parent_id for actor in found.values() if actor.parent_id} - known.keys()
    while wanted:
        level = Actor.objects.in_bulk(wanted)
        known.update(level)
        wanted = {each.parent_id for each in level.values() if each.parent_id} - known.keys()

    def top(actor: Actor) -> Actor:
        while actor.parent_id is not None:
            actor = known[actor.parent_id]
        return actor

    return {pk: top(actor) for pk, actor in found.items()}


def voice(actor: Actor) -> Voice:
    """The actor as the verification knows it."""
    return Voice(f"actor:{actor.slug}", actor.name)


def stated(citation: Citation, top: Actor | None) -> Statement:
    """The citation as the verification weighs it; ``top`` is what its speaker is part of in the
    end, None when it has no speaker."""
    source = citation.source
    origin = source.agency or source.publisher
    return Statement(
        stance=citation.stance,
        on=source.published_latest,
        publisher=Voice(f"publisher:{source.publisher.slug}", source.publisher.name),
        origin=Voice(f"publisher:{origin.slug}", origin.name),
        party=voice(top) if top else None,
        document=source.kind == "official_document",
        seen=source.accessed_on,
    )


def _relations(event: Event, *, everything: bool) -> tuple[RelationRecord, ...]:
    rows = Relation.objects.all() if everything else Relation.objects.public()
    outgoing = rows.filter(from_event=event).select_related("to_event__category")
    incoming = rows.filter(to_event=event).select_related("from_event__category")
    found = [RelationRecord(each.kind, True, brief(each.to_event)) for each in outgoing]
    found += [RelationRecord(each.kind, False, brief(each.from_event)) for each in incoming]
    return in_order(found)


def in_order(relations: Iterable[RelationRecord]) -> tuple[RelationRecord, ...]:
    """Relations in an order that every copy of the record has: those that start here first, then
    by date."""
    return tuple(
        sorted(
            relations,
            key=lambda each: (
                not each.outgoing,
                dates.parse(each.event.date).sort_date,
                each.event.public_id,
                each.kind,
            ),
        )
    )


def ids_in_order(ids: Iterable[ExternalIdRecord]) -> tuple[ExternalIdRecord, ...]:
    """External ids in an order that doesn't depend on how a database sorts texts."""
    return tuple(sorted(ids, key=lambda each: (each.system, each.value)))


def brief(event: Event) -> EventBrief:
    return EventBrief(
        public_id=event.public_id,
        slug=event.slug,
        title=event.title,
        date=event.date,
        category=_category(event.category),
        verification=event.verification,
    )


def _category(category: Category | None) -> CategoryRecord | None:
    if category is None:
        return None
    return CategoryRecord(category.slug, category.name, category.shape, category.family)


def actor_record(actor: Actor, *, with_native: bool = False) -> ActorRecord:
    """Return the actor as pages name it; ``with_native`` looks among its names (one query)."""
    native = language = ""
    if with_native:
        for name in actor.names.all():
            if name.language and not name.language.startswith("en") and name.kind != "former":
                native, language = name.name, name.language
                break
    return ActorRecord(actor.slug, actor.name, actor.kind, native, language)


def publisher_record(publisher: Publisher) -> PublisherRecord:
    return PublisherRecord(publisher.slug, publisher.name, publisher.kind, publisher.language)


def source_record(source: Source) -> SourceRecord:
    """Return the source; its publisher and agency should have been selected with it."""
    return SourceRecord(
        public_id=source.public_id,
        url=source.url,
        reference=source.reference,
        title=source.title,
        title_is_description=source.title_is_description,
        publisher=publisher_record(source.publisher),
        agency=publisher_record(source.agency) if source.agency else None,
        authors=source.authors,
        published=source.published,
        accessed_on=source.accessed_on,
        language=source.language,
        kind=source.kind,
        archive_url=source.archive_url,
        archived_at=source.archived_at,
        link_state=source.link_state,
    )


def place_record(place: Place) -> PlaceRecord:
    return PlaceRecord(
        slug=place.slug,
        name=place.name,
        kind=place.kind,
        country=place.country,
        latitude=place.latitude,
        longitude=place.longitude,
        dateline=place.dateline,
        within=tuple(above.name for above in place.ancestors()),
    )


def _figure(
    figure: Figure, sources: dict[int, SourceRecord], places: dict[int, int]
) -> FigureRecord:
    metric = figure.metric
    return FigureRecord(
        metric=MetricRecord(metric.code, metric.label, metric.unit, metric.headline),
        subject=figure.subject,
        low=figure.low,
        best=figure.best,
        high=figure.high,
        text_value=figure.text_value,
        qualifier=figure.qualifier,
        basis=figure.basis,
        period_start=figure.period_start,
        as_of=figure.as_of,
        attributed_to=actor_record(figure.attributed_to) if figure.attributed_to else None,
        source=sources.get(figure.citation_id) if figure.citation_id else None,
        state=figure.state,
        note=figure.note,
        superseded_by=places.get(figure.superseded_by_id) if figure.superseded_by_id else None,
    )


def _event(
    event: Event, relations: tuple[RelationRecord, ...], reasons: tuple[Reason, ...]
) -> EventRecord:
    citations = list(event.citations.all())
    by_citation = {each.pk: source_record(each.source) for each in citations}
    figures = list(event.figures.all())
    places = {each.pk: place for place, each in enumerate(figures)}
    return EventRecord(
        public_id=event.public_id,
        slug=event.slug,
        title=event.title,
        label=event.label,
        summary=event.summary,
        date=event.date,
        earliest=event.earliest,
        latest=event.latest,
        sort_date=event.sort_date,
        precision=event.precision,
        date_basis=event.date_basis,
        time=event.time,
        time_zone=event.time_zone,
        date_note=event.date_note,
        category=_category(event.category),
        topics=tuple(TopicRecord(each.slug, each.name) for each in event.topics.all()),
        place=place_record(event.place) if event.place else None,
        place_precision=event.place_precision,
        importance=event.importance,
        status=event.status,
        verification=event.verification,
        verification_reasons=reasons,
        verification_override=event.verification_override,
        verification_note=event.verification_note,
        participations=tuple(
            ParticipationRecord(actor_record(each.actor), each.role, each.alleged)
            for each in event.participations.all()
        ),
        citations=tuple(
            CitationRecord(
                source=by_citation[each.pk],
                stance=each.stance,
                speaker=actor_record(each.speaker) if each.speaker else None,
                locator=each.locator,
                quote=each.quote,
                supports=tuple(each.supports),
                note=each.note,
            )
            for each in citations
        ),
        figures=tuple(_figure(each, by_citation, places) for each in figures),
        relations=relations,
        published_at=event.published_at,
        revised_at=event.revised_at,
        version=event.version,
        day_order=event.day_order,
        translations=tuple(
            translation(
                *(each.language, each.title, each.summary, each.label, each.of),
                *(event.title, event.summary),
            )
            for each in event.translations.all()
        ),
    )


def translation(
    language: str, title: str, summary: str, label: str, of: str, own_title: str, own_summary: str
) -> TranslationRecord:
    """A translation ``of`` words under a seal, beside the event's own words as they are."""
    outdated = of != seal(own_title, own_summary)
    return TranslationRecord(language, title, summary, outdated, label)


def canonical_json(value: Any) -> str:
    """Return a record as canonical JSON: sorted keys, no spaces, no floats, UTC to the second.

    Decimals are their shortest decimal text; a list keeps the order of the record.
    """
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


_PLAIN = frozenset({str, int, bool, type(None)})
"""What most values are, so that is asked first."""


def plain(value: Any) -> Any:
    """Return a value of the record as what ``json`` writes, by the rules of canonical JSON."""
    if type(value) in _PLAIN:
        return cast("str | int | bool | None", value)
    if is_dataclass(value) and not isinstance(value, type):
        made = {}
        for name in value.__dataclass_fields__:
            held = getattr(value, name)
            made[name] = held if type(held) in _PLAIN else plain(held)
        return made
    if isinstance(value, list | tuple):
        return [each if type(each) in _PLAIN else plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, Decimal):
        return shortest(value)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, float):
        raise TypeError("The record holds decimals, never floats.")
    return cast("str | int | bool | None", value)


def shortest(value: Decimal) -> str:
    """Return a decimal as its shortest text: ``11000``, ``6.3``; never an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
