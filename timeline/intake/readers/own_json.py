"""The project's own JSON, as :mod:`timeline.formats.document` writes it, in full.

Events keep their public ids, days of publication and version numbers; what they name comes with
all that the document says of it. Every value is checked against the type that the record gives
it, so that a document that somebody edited is named where it is wrong.
"""

import datetime as dt
import json
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, NoReturn, TypeVar, Union, get_args, get_origin, get_type_hints

from django.utils.translation import gettext as _

from timeline.formats.document import FORMAT, FORMAT_VERSION
from timeline.intake.decoding import decoded
from timeline.intake.drafts import (
    ActorDraft,
    CategoryDraft,
    CitationDraft,
    EventDraft,
    ExternalDraft,
    FigureDraft,
    MetricDraft,
    NameDraft,
    ParticipationDraft,
    PlaceDraft,
    Problem,
    PublisherDraft,
    Read,
    RelationDraft,
    SourceDraft,
    TermDraft,
    TranslationDraft,
)
from timeline.intake.tables import MAX_BYTES, MAX_ROWS, shown
from timeline.models.fields import CROCKFORD, PUBLIC_ID_LENGTH
from timeline.models.named import MAX_DEPTH
from timeline.record import (
    ActorRecord,
    CategoryRecord,
    CitationRecord,
    EventRecord,
    FigureRecord,
    MetricRecord,
    PlaceRecord,
    PublisherRecord,
    SourceRecord,
    TopicRecord,
)
from timeline.record.things import (
    ActorInFull,
    CategoryInFull,
    MetricInFull,
    NameRecord,
    PlaceInFull,
    PublisherInFull,
    TermRecord,
)

NAME = "dateline-json"
Kind = TypeVar("Kind")


class _Wrong(Exception):
    """A value that isn't what the record has there: where it stands, and what to write."""

    def __init__(self, where: str, value: Any, sentence: str) -> None:
        super().__init__(sentence)
        self.where, self.value, self.sentence = where, value, sentence

    def problem(self, row: int) -> Problem:
        return Problem(row, self.where, shown(str(self.value)), self.sentence)


def recognises(head: str) -> bool:
    """Whether a text begins like one of these documents."""
    return f'"format": "{FORMAT}"' in head[:500]


def read(content: bytes) -> Read:
    """Read a document. Never raises for what it holds."""
    found = Read(NAME)
    try:
        document = _document(content)
        things = _Things(document)
        events = _events(document)
        found.terms += _terms(document)
    except _Wrong as wrong:
        found.problems.append(wrong.problem(0))
        return found
    found.rows = len(events)
    for row, event in enumerate(events, 1):
        try:
            found.drafts.append(_event(row, event, things))
        except _Wrong as wrong:
            found.problems.append(wrong.problem(row))
    return found


def _events(document: dict[str, Any]) -> list[Any]:
    events = document.get("events")
    if not isinstance(events, list):
        raise _Wrong("events", events, _("The document has no list of events."))
    if len(events) > MAX_ROWS:
        sentence = _("The file has more than %(limit)s events. Export a part at a time.")
        raise _Wrong("events", len(events), sentence % {"limit": f"{MAX_ROWS:,}"})
    return events


def _terms(document: dict[str, Any]) -> list[TermDraft]:
    """The glossary; documents of older releases have none."""
    terms = document.get("glossary", [])
    if not isinstance(terms, list):
        raise _Wrong("glossary", terms, _("A list belongs here."))
    loaded = [_load(TermRecord, each, f"glossary[{at}]") for at, each in enumerate(terms)]
    return [TermDraft(each.kind, each.original, each.language, each.words) for each in loaded]


def _document(content: bytes) -> dict[str, Any]:
    if len(content) > MAX_BYTES:
        sentence = _("The file is larger than %(limit)s MB. Export a part at a time.")
        raise _Wrong("", "", sentence % {"limit": MAX_BYTES // 1_000_000})
    text = decoded(content)
    if text.refusal:
        raise _Wrong("", "", text.refusal)
    try:
        document = json.loads(text.text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _Wrong("", "", _("This is not JSON: %(why)s") % {"why": error}) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        sentence = _("This is no document of Dateline: it has no “format” that says so.")
        raise _Wrong("format", "", sentence)
    if document.get("format_version") != FORMAT_VERSION:
        raise _Wrong(
            "format_version",
            document.get("format_version"),
            _("This document is of another version of the format. Export it anew."),
        )
    return document


def _no_number(written: str) -> NoReturn:
    raise ValueError(f"{written} is no number")


# --- Values of their types ------------------------------------------------------------------


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _load(kind: type[Kind], value: Any, where: str) -> Kind:
    """The value as a record of this kind. Raises ``_Wrong``."""
    if not isinstance(value, dict):
        raise _Wrong(where, value, _("An object belongs here."))
    hints = _hints(kind)  # type: ignore[arg-type]  # a class can be hashed
    given = {}
    for field in fields(kind):  # type: ignore[arg-type]  # a dataclass
        below = f"{where}.{field.name}" if where else field.name
        if field.name in value:
            given[field.name] = _value(hints[field.name], value[field.name], below)
        elif field.default is field.default_factory:
            raise _Wrong(below, "", _("This is missing. Export the document anew."))
    return kind(**given)


def _value(hint: Any, value: Any, where: str) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        (hint,) = (each for each in get_args(hint) if each is not type(None))
        return _value(hint, value, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise _Wrong(where, value, _("A list belongs here."))
        inner = get_args(hint)[0]
        return tuple(_value(inner, each, f"{where}[{at}]") for at, each in enumerate(value))
    if is_dataclass(hint):
        return _load(hint, value, where)  # type: ignore[arg-type]  # a class
    if hint in _WRITTEN and isinstance(value, str):
        try:
            return _WRITTEN[hint](value)
        except (ValueError, InvalidOperation) as error:
            raise _Wrong(where, value, _expected(hint)) from error
    if type(value) is not hint:
        raise _Wrong(where, value, _expected(hint))
    return value


def _decimal(written: str) -> Decimal:
    value = Decimal(written)
    if not value.is_finite() or value.adjusted() > 20:
        raise ValueError
    return value


def _moment(written: str) -> dt.datetime:
    value = dt.datetime.fromisoformat(written)
    if value.tzinfo is None:
        raise ValueError
    return value


_WRITTEN: dict[Any, Callable[[str], Any]] = {
    Decimal: _decimal,
    dt.datetime: _moment,
    dt.date: dt.date.fromisoformat,
    dt.time: dt.time.fromisoformat,
}


def _expected(hint: Any) -> str:
    words = {
        str: _("A text belongs here."),
        int: _("A whole number belongs here."),
        bool: _("true or false belongs here."),
        Decimal: _("A number, written as a text, belongs here."),
        dt.datetime: _("A moment such as 2026-11-26T04:30:00Z belongs here."),
        dt.date: _("A day such as 2026-11-26 belongs here."),
        dt.time: _("A time such as 04:30:00 belongs here."),
    }
    return words[hint]


# --- What events name -----------------------------------------------------------------------


class _Things:
    """The lists behind the events, and drafts of what they tell of; one draft a thing."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._actors = _listed(document, "actors", ActorInFull, "slug")
        self._places = _listed(document, "places", PlaceInFull, "slug")
        self._categories = _listed(document, "categories", CategoryInFull, "slug")
        self._metrics = _listed(document, "metrics", MetricInFull, "code")
        self._publishers = _listed(document, "publishers", PublisherInFull, "slug")
        self._drafts: dict[tuple[str, str], Any] = {}

    def _once(self, kind: str, slug: str, make: Callable[[], Kind]) -> Kind:
        if (kind, slug) not in self._drafts:
            self._drafts[kind, slug] = make()
        found: Kind = self._drafts[kind, slug]
        return found

    def actor(self, record: ActorRecord) -> ActorDraft:
        slug = record.slug
        if slug not in self._actors:
            return self._once("actor", slug, lambda: ActorDraft(record.name, slug, record.kind))
        return self._once("actor", slug, lambda: self._actor(slug, 1))

    def _actor(self, slug: str, depth: int) -> ActorDraft:
        full = self._actors[slug]
        return ActorDraft(
            name=full.name,
            slug=slug,
            kind=full.kind,
            country=full.country,
            description=full.description,
            wikidata_id=full.wikidata_id,
            names=_names(full.names),
            parent=self._actor(full.parent, _deeper(depth, "actors", slug))
            if full.parent in self._actors
            else None,
        )

    def place(self, record: PlaceRecord) -> PlaceDraft:
        slug = record.slug
        if slug in self._places:
            return self._once("place", slug, lambda: self._place(slug, 1))
        return PlaceDraft(
            name=record.name,
            slug=slug,
            kind=record.kind,
            country=record.country,
            latitude=record.latitude,
            longitude=record.longitude,
            dateline=record.dateline,
        )

    def _place(self, slug: str, depth: int) -> PlaceDraft:
        full = self._places[slug]
        return PlaceDraft(
            name=full.name,
            slug=slug,
            kind=full.kind,
            country=full.country,
            latitude=full.latitude,
            longitude=full.longitude,
            dateline=full.dateline,
            geonames_id=full.geonames_id,
            parent=self._place(full.parent, _deeper(depth, "places", slug))
            if full.parent in self._places
            else None,
        )

    def category(self, record: CategoryRecord) -> CategoryDraft:
        full = self._categories.get(record.slug)
        return CategoryDraft(
            name=record.name,
            slug=record.slug,
            description=full.description if full else "",
            order=full.order if full else 0,
            shape=record.shape,
            family=record.family,
            default_role=full.default_role if full else "",
        )

    def topic(self, record: TopicRecord) -> CategoryDraft:
        return CategoryDraft(record.name, record.slug)

    def metric(self, record: MetricRecord) -> MetricDraft:
        full = self._metrics.get(record.code)
        return MetricDraft(
            code=record.code,
            label=record.label,
            unit=record.unit,
            adds_up_to=full.adds_up_to if full else "",
            order=full.order if full else 0,
            headline=record.headline,
        )

    def publisher(self, record: PublisherRecord) -> PublisherDraft:
        return self._once("publisher", record.slug, lambda: self._publisher(record))

    def _publisher(self, record: PublisherRecord) -> PublisherDraft:
        full = self._publishers.get(record.slug)
        if full is None:
            return PublisherDraft(record.name, record.slug, record.kind, language=record.language)
        return PublisherDraft(
            name=full.name,
            slug=full.slug,
            kind=full.kind,
            country=full.country,
            language=full.language,
            note=full.note,
            controlled_by=self.actor(full.controlled_by) if full.controlled_by else None,
            names=_names(full.names),
            domains=full.domains,
        )

    def source(self, record: SourceRecord) -> SourceDraft:
        return SourceDraft(
            url=record.url,
            reference=record.reference,
            title=record.title,
            title_is_description=record.title_is_description,
            publisher=self.publisher(record.publisher),
            agency=self.publisher(record.agency) if record.agency else None,
            authors=record.authors,
            published=record.published,
            accessed_on=record.accessed_on,
            language=record.language,
            kind=record.kind,
            archive_url=record.archive_url,
            archived_at=record.archived_at,
            link_state=record.link_state,
            public_id=record.public_id,
        )


def _listed(document: dict[str, Any], name: str, kind: type[Kind], key: str) -> dict[str, Kind]:
    rows = document.get(name, [])
    if not isinstance(rows, list):
        raise _Wrong(name, rows, _("A list belongs here."))
    found = (_load(kind, row, f"{name}[{at}]") for at, row in enumerate(rows))
    return {getattr(row, key): row for row in found}


def _deeper(depth: int, name: str, slug: str) -> int:
    if depth >= MAX_DEPTH:
        sentence = _("That is part of itself, or more than six levels. Choose one nearer the top.")
        raise _Wrong(f"{name}: parent", slug, sentence)
    return depth + 1


def _names(names: tuple[NameRecord, ...]) -> tuple[NameDraft, ...]:
    return tuple(NameDraft(each.name, each.language, each.kind) for each in names)


# --- Events ---------------------------------------------------------------------------------


def _event(row: int, value: Any, things: _Things) -> EventDraft:
    record = _load(EventRecord, value, "")
    address = value.get("url", "")
    return EventDraft(
        row=row,
        title=record.title,
        date=record.date,
        summary=record.summary,
        label=record.label,
        date_basis=record.date_basis,
        time=record.time,
        time_zone=record.time_zone,
        day_order=record.day_order,
        date_note=record.date_note,
        category=things.category(record.category) if record.category else None,
        topics=tuple(things.topic(topic) for topic in record.topics),
        place=things.place(record.place) if record.place else None,
        place_precision=record.place_precision,
        importance=record.importance,
        verification_override=record.verification_override,
        verification_note=record.verification_note,
        participations=tuple(
            ParticipationDraft(things.actor(part.actor), part.role, part.alleged)
            for part in record.participations
        ),
        citations=tuple(_citation(each, things) for each in record.citations),
        figures=tuple(_figure(each, record.citations, things) for each in record.figures),
        relations=tuple(
            RelationDraft(each.kind, each.event.public_id)
            for each in record.relations
            if each.outgoing
        ),
        external=tuple(
            ExternalDraft(each.system, each.value, each.url) for each in record.external_ids
        ),
        translations=tuple(
            TranslationDraft(each.language, each.title, each.summary, each.outdated, each.label)
            for each in record.translations
        ),
        public_id=_public_id(record.public_id),
        published_at=record.published_at,
        revised_at=record.revised_at,
        version=_number(record.version),
        address=address if isinstance(address, str) else "",
    )


def _number(version: int | None) -> int | None:
    if version is not None and not 1 <= version < 2**31:
        raise _Wrong("version", version, _("A version is a number from 1."))
    return version


def _public_id(written: str) -> str:
    if len(written) == PUBLIC_ID_LENGTH and set(written) <= set(CROCKFORD):
        return written
    raise _Wrong("public_id", written, _("A public id has eight characters, such as 7K3Q9FZX."))


def _citation(record: CitationRecord, things: _Things) -> CitationDraft:
    return CitationDraft(
        source=things.source(record.source),
        stance=record.stance,
        speaker=things.actor(record.speaker) if record.speaker else None,
        locator=record.locator,
        quote=record.quote,
        supports=record.supports,
        note=record.note,
    )


def _figure(
    record: FigureRecord, cited: tuple[CitationRecord, ...], things: _Things
) -> FigureDraft:
    return FigureDraft(
        metric=things.metric(record.metric),
        subject=record.subject,
        low=record.low,
        best=record.best,
        high=record.high,
        text_value=record.text_value,
        qualifier=record.qualifier,
        basis=record.basis,
        period_start=record.period_start,
        as_of=record.as_of,
        attributed_to=things.actor(record.attributed_to) if record.attributed_to else None,
        citation=_place_of(record.source, cited) if record.source else None,
        state=record.state,
        superseded_by=record.superseded_by,
        note=record.note,
    )


def _place_of(source: SourceRecord, cited: tuple[CitationRecord, ...]) -> int:
    """The citation of the figure's source: a source may be cited twice, once with a denial."""
    found = [at for at, each in enumerate(cited) if each.source.public_id == source.public_id]
    if not found:
        sentence = _("A figure's source is one that the event cites. Cite it, or leave it out.")
        raise _Wrong("figures: source", source.public_id, sentence)
    return max(
        found, key=lambda at: ("figures" in cited[at].supports, cited[at].stance == "reports")
    )
