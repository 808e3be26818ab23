"""Records in the language of the moment: every name and note as its readers call it.

What goes out as data stays in the record's own words; pages, feeds and pictures take records
through here. An event's own title and summary have translations, which the record holds itself
(:meth:`timeline.record.EventRecord.here`). In the record's own language nothing is touched.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import replace
from typing import TypeVar

from timeline.models import Actor, Category, Metric, Place, Publisher, Topic
from timeline.models.called import Names, names
from timeline.record import (
    ActorRecord,
    CategoryRecord,
    CitationRecord,
    EventBrief,
    EventRecord,
    FigureRecord,
    MetricRecord,
    PlaceRecord,
    PublisherRecord,
    SourceRecord,
)
from timeline.record.fetching import HeldFigure
from timeline.record.outlines import Cited, Counted, Named, Outline
from timeline.record.stories import PeriodRecord
from timeline.record.told import titles_of

Key = TypeVar("Key")
Thing = TypeVar("Thing", bound=Actor | Category | Metric | Place | Publisher | Topic)
UNSAID = frozenset({"", "count", "number", "people", "persons", "person", "items"})
"""Units that a number is shown without; they are told apart by their own words."""


def outlines(found: Mapping[Key, Outline]) -> dict[Key, Outline]:
    """Outlines as they are spoken."""
    spoken = names()
    if spoken is None:
        return dict(found)
    return {key: _outline(each, spoken) for key, each in found.items()}


def records(found: Mapping[Key, EventRecord]) -> dict[Key, EventRecord]:
    """Records as they are spoken."""
    spoken = names()
    if spoken is None:
        return dict(found)
    return {key: _record(each, spoken) for key, each in found.items()}


def record(found: EventRecord) -> EventRecord:
    """One record as it is spoken."""
    return records({"": found})[""]


def told(found: Iterable[EventRecord], language: str) -> Iterator[EventRecord]:
    """Records in the words of one language alone, as far as there are any: for forms that are
    read by people and hold one language only."""
    spoken = names(language)
    for each in found:
        if spoken is None:
            yield each
            continue
        words = each.here(language)
        yield replace(_record(each, spoken), title=words.title, summary=words.summary)


def source(found: SourceRecord) -> SourceRecord:
    """A source as it is spoken."""
    return sources({"": found})[""]


def sources(found: Mapping[Key, SourceRecord]) -> dict[Key, SourceRecord]:
    """Sources as they are spoken."""
    spoken = names()
    if spoken is None:
        return dict(found)
    return {key: _source(each, spoken) for key, each in found.items()}


def periods(found: Iterable[PeriodRecord]) -> list[PeriodRecord]:
    """Periods as they are spoken."""
    spoken = names()
    if spoken is None:
        return list(found)
    return [
        replace(
            each, title=spoken.text("period", each.title), note=spoken.text("period", each.note)
        )
        for each in found
    ]


def held(found: Iterable[HeldFigure]) -> list[HeldFigure]:
    """Figures and the titles of their events as they are spoken."""
    every, spoken = list(found), names()
    if spoken is None:
        return every
    called = titles_of([each.event.public_id for each in every], spoken.language)
    return [
        HeldFigure(
            _figure(each.figure, spoken),
            replace(each.event, title=called.get(each.event.public_id, each.event.title)),
        )
        for each in every
    ]


def thing(found: Thing) -> Thing:
    """A thing of the record as it is spoken; a copy, which is never saved."""
    return things([found])[0]


def things(found: Iterable[Thing]) -> list[Thing]:
    """Things of the record as they are spoken; copies, which are never saved."""
    spoken = names()
    return list(found) if spoken is None else [_thing(each, spoken) for each in found]


def _thing(found: Thing, spoken: Names) -> Thing:
    said = copy(found)
    if isinstance(said, Metric):
        said.label = spoken.text("metric", said.label)
        said.unit = _unit(said.unit, spoken)
        return said
    kind = type(found)._meta.model_name or ""
    name = said.name
    said.name = spoken.thing(kind, said.slug, name)
    if isinstance(said, Actor):
        said.description = spoken.text("note", said.description)
    elif isinstance(said, Category):
        said.description = spoken.text("category", said.description)
    elif isinstance(said, Place):
        said.dateline = spoken.text("place", said.dateline)
    elif isinstance(said, Publisher):
        said.note = spoken.text("note", said.note)
        if said.name != name:
            said.language = spoken.language
    return said


def _outline(event: Outline, spoken: Names) -> Outline:
    return event._replace(  # noqa: SLF001  (its own face)
        dateline=spoken.text("place", event.dateline),
        category=_category(event.category, spoken),
        actors=tuple(
            Named(each.slug, spoken.thing("actor", each.slug, each.name)) for each in event.actors
        ),
        citations=tuple(_cited(each, spoken) for each in event.citations),
        figures=tuple(
            Counted(_figure(each.figure, spoken), spoken.publisher(each.publisher))
            for each in event.figures
        ),
    )


def _cited(cited: Cited, spoken: Names) -> Cited:
    publisher, title = spoken.publisher(cited.publisher), spoken.text("note", cited.title)
    return cited._replace(  # noqa: SLF001
        title=title,
        # Of one that describes a source; no other is in the glossary.
        told=title != cited.title,
        publisher=publisher,
        publisher_language=cited.publisher_language
        if publisher == cited.publisher
        else spoken.language,
        agency=spoken.publisher(cited.agency),
        speaker=spoken.actor(cited.speaker),
    )


def _record(event: EventRecord, spoken: Names) -> EventRecord:
    return replace(
        event,
        date_note=spoken.text("note", event.date_note),
        category=_category(event.category, spoken),
        topics=tuple(replace(each, name=spoken.text("topic", each.name)) for each in event.topics),
        place=_place(event.place, spoken),
        verification_note=spoken.text("note", event.verification_note),
        verification_reasons=tuple(
            replace(each, names=tuple(map(spoken.voice, each.names)))
            for each in event.verification_reasons
        ),
        participations=tuple(
            replace(each, actor=_actor(each.actor, spoken)) for each in event.participations
        ),
        citations=tuple(_citation(each, spoken) for each in event.citations),
        figures=tuple(_figure(each, spoken) for each in event.figures),
        relations=tuple(
            replace(each, event=_brief(each.event, spoken)) for each in event.relations
        ),
    )


def _brief(event: EventBrief, spoken: Names) -> EventBrief:
    return replace(event, category=_category(event.category, spoken))


def _category(category: CategoryRecord | None, spoken: Names) -> CategoryRecord | None:
    if category is None:
        return None
    return replace(category, name=spoken.text("category", category.name))


def _place(place: PlaceRecord | None, spoken: Names) -> PlaceRecord | None:
    if place is None:
        return None
    return replace(
        place,
        name=spoken.text("place", place.name),
        dateline=spoken.text("place", place.dateline),
        within=tuple(spoken.text("place", each) for each in place.within),
    )


def _actor(actor: ActorRecord, spoken: Names) -> ActorRecord:
    return replace(actor, name=spoken.thing("actor", actor.slug, actor.name))


def _publisher(publisher: PublisherRecord, spoken: Names) -> PublisherRecord:
    name = spoken.thing("publisher", publisher.slug, publisher.name)
    if name == publisher.name:
        return publisher
    return replace(publisher, name=name, language=spoken.language)


def _source(source: SourceRecord, spoken: Names) -> SourceRecord:
    return replace(
        source,
        # A title that the source has itself stays as it is.
        title=spoken.text("note", source.title) if source.title_is_description else source.title,
        reference=spoken.text("note", source.reference),
        publisher=_publisher(source.publisher, spoken),
        agency=_publisher(source.agency, spoken) if source.agency else None,
    )


def _citation(citation: CitationRecord, spoken: Names) -> CitationRecord:
    return replace(
        citation,
        source=_source(citation.source, spoken),
        speaker=_actor(citation.speaker, spoken) if citation.speaker else None,
        locator=spoken.text("note", citation.locator),
        note=spoken.text("note", citation.note),
    )


def _metric(found: MetricRecord, spoken: Names) -> MetricRecord:
    label = spoken.text("metric", found.label)
    return replace(found, label=label, unit=_unit(found.unit, spoken))


def _unit(unit: str, spoken: Names) -> str:
    return unit if unit in UNSAID else spoken.text("unit", unit)


def _figure(figure: FigureRecord, spoken: Names) -> FigureRecord:
    by = figure.attributed_to
    return replace(
        figure,
        metric=_metric(figure.metric, spoken),
        subject=spoken.text("figure", figure.subject),
        text_value=spoken.text("figure", figure.text_value),
        note=spoken.text("figure", figure.note),
        attributed_to=_actor(by, spoken) if by else None,
        source=_source(figure.source, spoken) if figure.source else None,
    )
