"""Events in outline: what the card of a list shows of a record, and nothing else.

A page of fifty cards names some hundred and fifty sources; whole records of them take twice the
time of these plain rows. An outline is read by narrower statements of its own, or made from a
record, as for a past day; both give the same, which a test holds.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter
from typing import NamedTuple

from timeline.models import Citation, Event, Participation
from timeline.record import (
    CategoryRecord,
    EventRecord,
    FigureRecord,
    TranslationRecord,
    translation,
)
from timeline.record.fetching import FIGURES, TRANSLATIONS, Statement, figure_of, records_of
from timeline.record.known import as_known


class Named(NamedTuple):
    """An actor that takes part."""

    slug: str
    name: str


class Cited(NamedTuple):
    """A source as an event cites it; ``agency`` and ``speaker`` are names, empty for none. ``told``
    where the title is in the readers' language and not in that of the source."""

    stance: str
    public_id: str
    url: str
    title: str
    published: str
    language: str
    archive_url: str
    publisher: str
    publisher_language: str
    agency: str
    speaker: str
    told: bool = False


class Counted(NamedTuple):
    """A current figure without its source, and the name of that source's publisher."""

    figure: FigureRecord
    publisher: str


class Outline(NamedTuple):
    """An event as its card shows it."""

    public_id: str
    slug: str
    title: str
    summary: str
    date: str
    sort_date: dt.date
    importance: str
    verification: str
    dateline: str
    category: CategoryRecord | None
    actors: tuple[Named, ...]
    citations: tuple[Cited, ...]
    figures: tuple[Counted, ...]
    translations: tuple[TranslationRecord, ...]


_EVENTS = Statement(
    lambda: (
        Event.objects.public()
        .order_by()
        .values_list(
            "pk",
            *("public_id", "slug", "title", "summary", "date", "sort_date"),
            *("importance", "verification", "place__dateline"),
            *("category__slug", "category__name", "category__shape", "category__family"),
        )
    ),
    "pk",
)
_IN_ORDER = itemgetter(0, 1)
_TITLE, _SUMMARY = 2, 3
"""Their places among the columns, behind the key."""
# In no order: SQLite takes longer to sort whole rows than Python takes to sort what it got.
_ACTORS = Statement(
    lambda: Participation.objects.order_by().values_list(
        "order", "pk", "event", "actor__slug", "actor__name"
    ),
    "event",
)
_CITATIONS = Statement(
    lambda: Citation.objects.order_by().values_list(
        *("order", "pk", "event", "stance", "source__public_id", "source__url", "source__title"),
        *("source__published", "source__language", "source__archive_url"),
        *("source__publisher__name", "source__publisher__language"),
        *("source__agency__name", "speaker__name"),
    ),
    "event",
)


def outlines(keys: Sequence[int], known_by: dt.date | None = None) -> dict[int, Outline]:
    """The public events among these keys in outline, in their order; those that were known by a
    day, as they were, where one is given. Any number costs the same few queries."""
    if not keys:
        return {}
    if known_by is not None:
        then = as_known(records_of(keys), known_by)
        return {key: outline(record) for key, record in then.items()}
    events = {row[0]: row[1:] for row in _EVENTS.fetch(keys)}
    actors: defaultdict[int, list[Named]] = defaultdict(list)
    for _order, _pk, event, slug, name in sorted(_ACTORS.fetch(keys), key=_IN_ORDER):
        actors[event].append(Named(slug, name))
    citations: defaultdict[int, list[Cited]] = defaultdict(list)
    publishers: dict[int, str] = {}
    listed = sorted(_CITATIONS.fetch(keys), key=_IN_ORDER)
    for _order, citation, event, *cited, agency, speaker in listed:
        whole = (*cited, agency or "", speaker or "", False)
        made = Cited._make(whole)  # noqa: SLF001  (its own face)
        publishers[citation] = made.publisher
        citations[event].append(made)
    figures: defaultdict[int, list[Counted]] = defaultdict(list)
    for event, _key, _other, citation, *values in FIGURES.fetch(keys):
        figure = figure_of(values)
        if figure.state == "current":
            figures[event].append(Counted(figure, publishers.get(citation, "")))
    told: defaultdict[int, list[TranslationRecord]] = defaultdict(list)
    for event, language, title, summary, label, of in TRANSLATIONS.fetch(keys):
        if event in events:
            own = events[event][_TITLE], events[event][_SUMMARY]
            told[event].append(translation(language, title, summary, label, of, *own))
    found = {}
    for key in keys:
        if key in events:
            *plain, dateline, slug, name, shape, family = events[key]
            category = CategoryRecord(slug, name, shape, family) if slug is not None else None
            held = (tuple(actors[key]), tuple(citations[key]), tuple(figures[key]))
            whole = (*plain, dateline or "", category, *held, tuple(told[key]))
            found[key] = Outline._make(whole)  # noqa: SLF001
    return found


def outline(record: EventRecord) -> Outline:
    """The outline of a record."""
    return Outline(
        public_id=record.public_id,
        slug=record.slug,
        title=record.title,
        summary=record.summary,
        date=record.date,
        sort_date=record.sort_date,
        importance=record.importance,
        verification=record.verification,
        dateline=record.place.dateline if record.place else "",
        category=record.category,
        actors=tuple(Named(each.actor.slug, each.actor.name) for each in record.participations),
        citations=tuple(
            Cited(
                stance=each.stance,
                public_id=each.source.public_id,
                url=each.source.url,
                title=each.source.title,
                published=each.source.published,
                language=each.source.language,
                archive_url=each.source.archive_url,
                publisher=each.source.publisher.name,
                publisher_language=each.source.publisher.language,
                agency=each.source.agency.name if each.source.agency else "",
                speaker=each.speaker.name if each.speaker else "",
            )
            for each in record.citations
        ),
        figures=tuple(
            Counted(
                replace(figure, source=None, superseded_by=None),
                figure.source.publisher.name if figure.source else "",
            )
            for figure in record.figures
            if figure.state == "current"
        ),
        translations=record.translations,
    )
