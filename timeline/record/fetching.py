"""The records of many events without models in between: six statements, compiled once.

What :func:`timeline.record.records` gives for a list of events, for keys of public events, in a
fraction of the time: pages of fifty events spend theirs here. A seventh gives figures on their own,
each with its event. A statement is what the ORM makes of a query; it is kept with the ORM's own
converters, so values are the same on both databases.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

from timeline.models import Citation, Event, EventTranslation, Figure, Participation
from timeline.models.choices import Status
from timeline.record import (
    ActorRecord,
    CategoryRecord,
    CitationRecord,
    EventBrief,
    EventRecord,
    FigureRecord,
    MetricRecord,
    ParticipationRecord,
    PlaceRecord,
    PublisherRecord,
    SourceRecord,
    TopicRecord,
    TranslationRecord,
    translation,
)

_WITHIN = 5
"""Levels of places around a place; its tree has at most six."""

_PLACE = ("slug", "name", "kind", "country", "latitude", "longitude", "dateline")
_EVENT = (
    *("public_id", "slug", "title", "label", "summary", "date", "earliest", "latest"),
    *("sort_date", "precision", "date_basis", "time", "time_zone", "date_note"),
)
_TITLE, _SUMMARY = _EVENT.index("title"), _EVENT.index("summary")
_STATED = (
    *("place_precision", "importance", "status", "verification", "verification_override"),
    *("verification_note", "published_at", "revised_at", "version", "day_order"),
)
_ACTOR = ("slug", "name", "kind")
_PUBLISHER = ("slug", "name", "kind", "language")
_SOURCE = (
    *("public_id", "url", "reference", "title", "title_is_description"),
    *("authors", "published", "accessed_on", "language", "kind"),
    *("archive_url", "archived_at", "link_state"),
)
# In a source's record, its publisher and agency stand behind so many of these.
_BEFORE_PUBLISHER = 5
_CITATION = ("stance", "locator", "quote", "supports", "note")
_FIGURE = (
    *("subject", "low", "best", "high", "text_value", "qualifier", "basis", "period_start"),
    *("as_of", "state", "note"),
)


def _of(prefix: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{prefix}__{name}" for name in names)


_LENGTHS = (1, 4, 10, 20, 30, 40, 50, 100, 200)
"""For so many keys a statement is written."""


class Statement:
    """A query for rows of keys, whose SQL and converters are made at its first use."""

    def __init__(self, rows: Callable[[], QuerySet[Any, Any]], key: str) -> None:
        """``rows`` gives tuples whose ``key`` column will be among the keys."""
        self._rows, self._key = rows, key
        self._made: dict[str, tuple[str, str, tuple[Any, ...], Any, Any]] = {}

    def fetch(self, keys: Sequence[int]) -> list[tuple[Any, ...]]:
        if not keys:
            return []
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.vendor not in self._made:
            self._made[connection.vendor] = self._make()
        before, behind, params, compiler, converters = self._made[connection.vendor]
        # Few lengths, so that databases know the statement and needn't prepare it anew: the last
        # key stands there several times.
        length = next((each for each in _LENGTHS if each >= len(keys)), len(keys))
        places = ", ".join(["%s"] * length)
        wanted = [*params, *keys, *[keys[-1]] * (length - len(keys))]
        with connection.cursor() as cursor:
            cursor.execute(f"{before}IN ({places}){behind}", wanted)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        if not converters:
            return found
        # The compiler only lends its converters, which need the connection of this thread.
        return list(map(tuple, compiler.apply_converters(found, converters)))

    def _make(self) -> tuple[str, str, tuple[Any, ...], Any, Any]:
        query = self._rows().filter(**{f"{self._key}__in": [0]}).query
        compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        before, behind = sql.split("IN (%s)")
        converters = compiler.get_converters([each[0] for each in compiler.select])
        if params[-1] != 0 or "%s" in behind:
            raise AssertionError("the keys must be the last parameter")
        return before, behind, tuple(params[:-1]), compiler, converters


_EVENTS = Statement(
    lambda: (
        Event.objects.public()
        .order_by()
        .values_list(
            "pk",
            *_EVENT,
            *_STATED,
            *_of("category", ("slug", "name", "shape", "family")),
            *_of("place", _PLACE),
            *("__".join(("place", *["parent"] * level, "name")) for level in range(1, _WITHIN + 1)),
        )
    ),
    "pk",
)
_TOPICS = Statement(
    lambda: Event.topics.through._default_manager.order_by(
        "topic__folded", "topic__pk"
    ).values_list("event", "topic__slug", "topic__name"),
    "event",
)
_PARTS = Statement(
    lambda: Participation.objects.values_list("event", "role", "alleged", *_of("actor", _ACTOR)),
    "event",
)
_CITATIONS = Statement(
    lambda: Citation.objects.values_list(
        "event",
        "pk",
        *_CITATION,
        *_of("source", _SOURCE),
        *_of("source__publisher", _PUBLISHER),
        *_of("source__agency", _PUBLISHER),
        *_of("speaker", _ACTOR),
    ),
    "event",
)
FIGURES = Statement(
    lambda: Figure.objects.values_list(
        "event",
        "pk",
        "superseded_by",
        "citation",
        *_FIGURE,
        *_of("metric", ("code", "label", "unit", "headline")),
        *_of("attributed_to", _ACTOR),
    ),
    "event",
)
TRANSLATIONS = Statement(
    lambda: EventTranslation.objects.values_list(
        "event", "language", "title", "summary", "label", "of"
    ),
    "event",
)
_HELD = Statement(
    lambda: (
        Figure.objects.filter(event__status=Status.PUBLISHED)
        .order_by()
        .values_list(
            "pk",
            *_FIGURE,
            *_of("metric", ("code", "label", "unit", "headline")),
            *_of("attributed_to", _ACTOR),
            *_of("citation__source", _SOURCE),
            *_of("citation__source__publisher", _PUBLISHER),
            *_of("citation__source__agency", _PUBLISHER),
            *_of("event", ("public_id", "slug", "title", "date", "verification")),
            *_of("event__category", ("slug", "name", "shape", "family")),
        )
    ),
    "pk",
)


@dataclass(frozen=True, slots=True)
class HeldFigure:
    """A figure and its event."""

    figure: FigureRecord
    event: EventBrief


def figures_of(keys: Sequence[int]) -> dict[int, HeldFigure]:
    """The figures of public events among these keys, each with its event, in their order."""
    found = {row[0]: _held(row[1:]) for row in _HELD.fetch(keys)} if keys else {}
    return {key: found[key] for key in keys if key in found}


def _held(values: Sequence[Any]) -> HeldFigure:
    at = len(_FIGURE) + 4 + len(_ACTOR)
    end = at + len(_SOURCE) + 2 * len(_PUBLISHER)
    public_id, slug, title, date, verification, *category = values[end:]
    return HeldFigure(
        figure_of(values[:at], _source(values[at:end]) if values[at] is not None else None),
        EventBrief(
            public_id=public_id,
            slug=slug,
            title=title,
            date=date,
            category=CategoryRecord(*category) if category[0] is not None else None,
            verification=verification,
        ),
    )


def records_of(keys: Sequence[int]) -> dict[int, EventRecord]:
    """The records of the public events among these keys, in their order."""
    if not keys:
        return {}
    events = {row[0]: row[1:] for row in _EVENTS.fetch(keys)}
    topics: defaultdict[int, list[TopicRecord]] = defaultdict(list)
    for event, *values in _TOPICS.fetch(keys):
        topics[event].append(TopicRecord(*values))
    parts: defaultdict[int, list[ParticipationRecord]] = defaultdict(list)
    for event, role, alleged, *actor in _PARTS.fetch(keys):
        parts[event].append(ParticipationRecord(ActorRecord(*actor), role, alleged))
    citations: defaultdict[int, list[CitationRecord]] = defaultdict(list)
    sources: dict[int, SourceRecord] = {}
    for event, citation, *values in _CITATIONS.fetch(keys):
        made = _citation(values)
        sources[citation] = made.source
        citations[event].append(made)
    figures: defaultdict[int, list[FigureRecord]] = defaultdict(list)
    counted = FIGURES.fetch(keys)
    places: dict[tuple[int, int], int] = {}
    standing: Counter[int] = Counter()
    for event, figure, *_values in counted:
        places[event, figure] = standing[event]
        standing[event] += 1
    for event, _figure_key, other, citation, *values in counted:
        place = places.get((event, other)) if other is not None else None
        figures[event].append(figure_of(values, sources.get(citation), place))
    told: defaultdict[int, list[TranslationRecord]] = defaultdict(list)
    for event, language, title, summary, label, of in TRANSLATIONS.fetch(keys):
        if event in events:
            own = events[event][_TITLE], events[event][_SUMMARY]
            told[event].append(translation(language, title, summary, label, of, *own))
    return {
        key: _event(
            events[key],
            tuple(topics[key]),
            tuple(parts[key]),
            tuple(citations[key]),
            tuple(figures[key]),
            tuple(told[key]),
        )
        for key in keys
        if key in events
    }


def _actor(values: Sequence[Any]) -> ActorRecord | None:
    return ActorRecord(*values) if values[0] is not None else None


def _citation(values: Sequence[Any]) -> CitationRecord:
    stance, locator, quote, supports, note = values[:5]
    at = 5 + len(_SOURCE) + 2 * len(_PUBLISHER)
    source, speaker = _source(values[5:at]), _actor(values[at:])
    return CitationRecord(source, stance, speaker, locator, quote, tuple(supports), note)


def _source(values: Sequence[Any]) -> SourceRecord:
    at, end = _BEFORE_PUBLISHER, len(_SOURCE)
    agency = values[end + 4 :]
    carriers = (
        PublisherRecord(*values[end : end + 4]),
        PublisherRecord(*agency) if agency[0] is not None else None,
    )
    return SourceRecord(*[*values[:at], *carriers, *values[at:end]])


def figure_of(
    values: Sequence[Any], source: SourceRecord | None = None, superseded_by: int | None = None
) -> FigureRecord:
    """A figure from what ``FIGURES`` reads of it, behind the four keys."""
    at = len(_FIGURE)
    return FigureRecord(
        **dict(zip(_FIGURE, values[:at], strict=True)),
        metric=MetricRecord(*values[at : at + 4]),
        attributed_to=_actor(values[at + 4 :]),
        source=source,
        superseded_by=superseded_by,
    )


def _event(
    values: Sequence[Any],
    topics: tuple[TopicRecord, ...],
    parts: tuple[ParticipationRecord, ...],
    citations: tuple[CitationRecord, ...],
    figures: tuple[FigureRecord, ...],
    translations: tuple[TranslationRecord, ...],
) -> EventRecord:
    named = dict(zip((*_EVENT, *_STATED), values, strict=False))
    at = len(named)
    category, place = values[at : at + 4], values[at + 4 : at + 4 + len(_PLACE)]
    within = values[at + 4 + len(_PLACE) :]
    return EventRecord(
        **named,
        category=CategoryRecord(*category) if category[0] is not None else None,
        topics=topics,
        place=PlaceRecord(*[*place, tuple(name for name in within if name is not None)])
        if place[0] is not None
        else None,
        verification_reasons=(),
        participations=parts,
        citations=citations,
        figures=figures,
        relations=(),
        translations=translations,
    )
