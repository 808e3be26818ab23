"""The project's own CSV: a line an event; figures, sources and parts as tables of their own.

The tables are joined on ``public_id``. An event's line holds its first sources too, since most
readers of it have a spreadsheet and no way to join; ``source_count`` counts them all. Each column
says its type and meaning once, for the codebook and the description of the package.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline import dates
from timeline.formats import sheets
from timeline.formats.about import About
from timeline.record import (
    CitationRecord,
    EventRecord,
    FigureRecord,
    ParticipationRecord,
    SourceRecord,
)
from timeline.record.outside import address_of

TYPE = sheets.TYPE
SOURCES = 10
"""Sources on the line of an event."""


@dataclass(frozen=True, slots=True)
class Column:
    """``type`` is one of string, integer, number, date, datetime, boolean and url."""

    name: str
    meaning: "str | Promise"
    type: str = "string"


@dataclass(frozen=True)
class Table:
    """``rows`` gives the rows of one event."""

    name: str
    columns: tuple[Column, ...]
    rows: Callable[[EventRecord], Iterable[Sequence[object]]]

    def write(self, about: About, records: Iterable[EventRecord]) -> Iterator[str]:
        """The table, some lines at a time; it has no place for what it is about."""
        rows = (row for record in records for row in self.rows(record))
        return sheets.lines([column.name for column in self.columns], rows)


def _bool(value: bool) -> str:
    return "true" if value else "false"


def qualifier(date: dates.FuzzyDate) -> str:
    """How sure a date is: exact, approximate, uncertain or both."""
    if date.approximate:
        return "both" if date.uncertain else "approximate"
    return "uncertain" if date.uncertain else "exact"


# --- Events ---------------------------------------------------------------------------------

_OF_SOURCE: tuple[tuple[str, Promise, str], ...] = (
    ("title", _("title of the source"), "string"),
    ("publisher", _("who published it"), "string"),
    ("date", _("when it was published, EDTF"), "string"),
    ("url", _("its address"), "url"),
    ("archive_url", _("address of an archived copy"), "url"),
    (
        "stance",
        _(
            "its stance on the event: reports, confirms, denies, disputes, analyses, corrects, "
            "retracts or background"
        ),
        "string",
    ),
)


def _event(record: EventRecord) -> Iterable[Sequence[object]]:
    date = dates.parse(record.date)
    place = record.place
    parts = (f"{part.actor.name} [{part.role}]" for part in record.participations)
    cited = record.citations[:SOURCES]
    yield [
        record.public_id,
        address_of(record.public_id, record.slug),
        record.version,
        record.date,
        None if date.open_start else record.earliest,
        None if date.open_end else record.latest,
        record.precision,
        qualifier(date),
        record.title,
        record.summary,
        record.category.name if record.category else "",
        "; ".join(topic.name for topic in record.topics),
        "; ".join(parts),
        place.country if place else "",
        place.name if place else "",
        place.latitude if place else None,
        place.longitude if place else None,
        record.place_precision,
        record.verification,
        len(record.citations),
        *chain.from_iterable(map(_of_source, cited)),
        *repeat("", len(_OF_SOURCE) * (SOURCES - len(cited))),
    ]


def _of_source(citation: CitationRecord) -> Sequence[object]:
    source = citation.source
    return (
        source.title or source.reference,
        source.publisher.name,
        source.published,
        source.url,
        source.archive_url,
        citation.stance,
    )


EVENTS = Table(
    "events",
    (
        Column("public_id", _("the event’s permanent identifier")),
        Column("url", _("address of the event’s page"), "url"),
        Column("version", _("number of its current version"), "integer"),
        Column("date_edtf", _("the date as exactly as it is known, EDTF (ISO 8601-2)")),
        Column("date_start", _("first day that the date allows; empty for an open start"), "date"),
        Column("date_end", _("last day that the date allows; empty for an open end"), "date"),
        Column(
            "date_precision",
            _(
                "how exactly the date is known: day, span, one_of, month, season, quarter, third, "
                "half, year, decade or century"
            ),
        ),
        Column("date_qualifier", _("exact, approximate, uncertain or both")),
        Column("headline", _("title of the event, a sentence")),
        Column("summary", _("what happened, in a few sentences")),
        Column("category", _("name of its category")),
        Column("topics", _("names of its topics, separated by semicolons")),
        Column("actors", _("actors with their roles: name [role]; name [role]")),
        Column("countries", _("country of the place, ISO 3166-1 alpha-2")),
        Column("place", _("name of the place")),
        Column("lat", _("latitude of the place in degrees, WGS 84"), "number"),
        Column("lon", _("longitude of the place in degrees, WGS 84"), "number"),
        Column("place_precision", _("how exactly the place is known")),
        Column(
            "verification",
            _(
                "what its sources add up to: confirmed, reported, single_source, claimed, "
                "disputed, disproved or unverified"
            ),
        ),
        Column(
            "source_count", _("how many citations it has, those not on this line too"), "integer"
        ),
        *(
            Column(f"source_{number}_{name}", meaning, kind)
            for number in range(1, SOURCES + 1)
            for name, meaning, kind in _OF_SOURCE
        ),
    ),
    _event,
)


# --- Figures --------------------------------------------------------------------------------


def _figures(record: EventRecord) -> Iterable[Sequence[object]]:
    for place, figure in enumerate(record.figures, 1):
        yield _figure(record, place, figure)


def _figure(record: EventRecord, place: int, figure: FigureRecord) -> Sequence[object]:
    other, by, source = figure.superseded_by, figure.attributed_to, figure.source
    return [
        record.public_id,
        place,
        figure.metric.code,
        figure.metric.label,
        figure.metric.unit,
        figure.subject,
        figure.low,
        figure.best,
        figure.high,
        figure.text_value,
        figure.qualifier,
        figure.basis,
        figure.period_start,
        figure.as_of,
        figure.state,
        other + 1 if other is not None else None,
        by.slug if by else "",
        by.name if by else "",
        source.public_id if source else "",
        figure.note,
    ]


FIGURES = Table(
    "figures",
    (
        Column("public_id", _("the event whose figure it is")),
        Column("figure", _("its place among the event’s figures, from 1"), "integer"),
        Column("metric", _("code of the metric")),
        Column("metric_label", _("what it counts")),
        Column("unit", _("unit; empty or people for a count of people")),
        Column("subject", _("of whom or what")),
        Column("low", _("lower bound, only where it is stated"), "number"),
        Column("best", _("the number itself, where one is stated"), "number"),
        Column("high", _("upper bound, only where it is stated"), "number"),
        Column("in_words", _("a number that is stated in words only, such as dozens")),
        Column("qualifier", _("exact, about, at_least, more_than, up_to or less_than")),
        Column("basis", _("this_event, cumulative or in_period")),
        Column("period_start", _("first day of the period, EDTF")),
        Column("as_of", _("the day or month that it stands for, EDTF")),
        Column("state", _("current, superseded or retracted")),
        Column("superseded_by", _("place of the figure that replaced it"), "integer"),
        Column("given_by", _("the actor who gives it, by slug; empty: the source’s publisher")),
        Column("given_by_name", _("name of that actor")),
        Column("source", _("public id of the source that gives it")),
        Column("note", _("the editors’ note")),
    ),
    _figures,
)


# --- Sources --------------------------------------------------------------------------------


def _sources(record: EventRecord) -> Iterable[Sequence[object]]:
    for place, citation in enumerate(record.citations, 1):
        yield [
            record.public_id,
            place,
            *_cited(citation.source),
            citation.stance,
            citation.speaker.slug if citation.speaker else "",
            citation.speaker.name if citation.speaker else "",
            citation.locator,
            citation.quote,
            "; ".join(citation.supports),
            citation.note,
        ]


def _cited(source: SourceRecord) -> Sequence[object]:
    return [
        source.public_id,
        source.title,
        _bool(source.title_is_description),
        source.publisher.slug,
        source.publisher.name,
        source.agency.name if source.agency else "",
        source.authors,
        source.published,
        source.accessed_on,
        source.language,
        source.kind,
        source.url,
        source.reference,
        source.archive_url,
        source.archived_at.date() if source.archived_at else None,
        source.link_state,
    ]


SOURCES_TABLE = Table(
    "sources",
    (
        Column("public_id", _("the event that cites it")),
        Column("citation", _("its place among the event’s citations, from 1"), "integer"),
        Column("source", _("public id of the source; several events may cite one")),
        Column("title", _("title of the source")),
        Column("title_is_description", _("true: our words for it, not its headline"), "boolean"),
        Column("publisher", _("who published it, by slug")),
        Column("publisher_name", _("name of the publisher")),
        Column("agency", _("the agency whose text it carries")),
        Column("authors", _("its authors")),
        Column("published", _("when it was published, EDTF")),
        Column("accessed_on", _("the day on which we read it"), "date"),
        Column("language", _("language of the source, BCP 47")),
        Column("kind", _("what kind of source it is")),
        Column("url", _("its address"), "url"),
        Column("reference", _("where to find it, without a link")),
        Column("archive_url", _("address of an archived copy"), "url"),
        Column("archived_on", _("day of that copy"), "date"),
        Column("link_state", _("what the last check of the link found")),
        Column(
            "stance",
            _("reports, confirms, denies, disputes, analyses, corrects, retracts or background"),
        ),
        Column("speaker", _("who takes this stance, by slug; empty: the publisher")),
        Column("speaker_name", _("name of that actor")),
        Column("locator", _("where in the source")),
        Column("quote", _("the passage")),
        Column("supports", _("what it supports, separated by semicolons")),
        Column("note", _("the editors’ note")),
    ),
    _sources,
)


# --- Participations -------------------------------------------------------------------------


def _parts(record: EventRecord) -> Iterable[Sequence[object]]:
    return (_part(record.public_id, part) for part in record.participations)


def _part(public_id: str, part: ParticipationRecord) -> Sequence[object]:
    actor = part.actor
    return [public_id, actor.slug, actor.name, actor.kind, part.role, _bool(part.alleged)]


PARTICIPATIONS = Table(
    "participations",
    (
        Column("public_id", _("the event in which the actor takes part")),
        Column("actor", _("the actor, by slug")),
        Column("actor_name", _("name of the actor")),
        Column("actor_kind", _("what kind of actor it is")),
        Column("role", _("what it does in the event")),
        Column("alleged", _("true: only others say so"), "boolean"),
    ),
    _parts,
)

TABLES = (EVENTS, FIGURES, SOURCES_TABLE, PARTICIPATIONS)
"""All tables of a package; the first has a line for each event."""
