"""How well the record is documented: events with a second origin, an archived copy, a known day,
a primary document, counted over time, by language and by side.

Counted from the arrays in memory in one pass over the citations and kept until the record
changes. An event counts in every year and month that it touches, as in the timeline, so that a
number here is what its link shows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from timeline.index import reading
from timeline.index.answering import FILE_ABOVE, live
from timeline.index.arrays import Array, Segment, numbers
from timeline.index.edits import Index
from timeline.index.layout import months
from timeline.index.reading import STANCES
from timeline.models import Actor, Event
from timeline.models.choices import SourceKind

MEASURES = ("origins", "archive", "day", "primary")
"""What is counted: two or more origins that carry the event; an archived copy of a source; a
single day; a primary document among the sources."""

PRIMARY = (SourceKind.OFFICIAL_DOCUMENT, SourceKind.STATEMENT)
"""Kinds of sources in which a party speaks itself."""

YEARS = 40
MONTHS = 24
CARRYING = ("reports", "confirms")
_ARCHIVE = 2
"""The bit of ``has`` for an archived copy."""


@dataclass(frozen=True, slots=True)
class Row:
    """Events of a stretch of time, and how many of them have each of ``MEASURES``."""

    at: int
    events: int
    having: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A language or side with the events that it has a source, or speaks, in."""

    value: str
    label: str
    events: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The numbers. ``years`` are years; ``months`` are counted from January of year 0."""

    whole: Row
    years: tuple[Row, ...]
    months: tuple[Row, ...]
    languages: tuple[Share, ...]
    sides: tuple[Share, ...]


class Uncounted(Exception):
    """There is no index yet, and the record is too large to be counted without one."""


def coverage(day: date) -> Coverage:
    """How well the public record is documented, in the ``YEARS`` and ``MONTHS`` up to a day.

    Raises ``Uncounted`` while the index of a large record is being built.
    """
    return live.ask(lambda index: _known(index, day), lambda: _plainly(day))


def _known(index: Index, day: date) -> Coverage:
    table = index.resolver.counted(("coverage",), lambda: _table(index))
    documents = index.documents
    actors = documents.things["actor"]
    sides = (
        Share(actors.slugs[code], actors.labels[code], len(documents.rolled("speaker", code)))
        for code, parent in enumerate(actors.parents)
        if parent < 0 and actors.slugs[code]
    )
    languages = (
        Share(documents.languages.tag(code), "", len(docs))
        for code, docs in documents.sets["language"].items()
    )
    return _made(table, day, languages, sides)


def _made(table: Array, day: date, languages: Iterable[Share], sides: Iterable[Share]) -> Coverage:
    month = day.year * 12 + day.month - 1
    return Coverage(
        whole=_rows(table[:1])[0],
        years=_rows(_unit(table, 12, day.year)[-YEARS:]),
        months=_rows(_unit(table, 1, month, month - MONTHS)),
        languages=_ranked(languages),
        sides=_ranked(sides),
    )


def _unit(table: Array, unit: int, last: int, before: int = -1) -> Array:
    """The rows of years or months after one and up to another."""
    wanted: Array = (table[:, 0] == unit) & (table[:, 1] > before) & (table[:, 1] <= last)
    return np.compress(wanted, table, axis=0)


def _rows(table: Array) -> tuple[Row, ...]:
    return tuple(Row(at, events, tuple(having)) for _unit, at, events, *having in table.tolist())


def _ranked(shares: Iterable[Share]) -> tuple[Share, ...]:
    found = (share for share in shares if share.events)
    return tuple(sorted(found, key=lambda share: (-share.events, share.label, share.value)))


def _primary() -> Array:
    """Whether a source is a primary document, by its key."""
    keys = np.array(reading.sources_of(PRIMARY), np.int64)
    found = np.zeros(int(keys.max(initial=0)) + 2, bool)
    found[keys] = True
    return found


def _table(index: Index) -> Array:
    """Rows of (unit in months or 0 for all, at, events, each measure)."""
    documents = index.documents
    primary = _primary()
    docs = numbers(documents.live)
    flags, first, last = [], [], []
    for segment, held in documents.segments(docs):
        local = held.astype(np.int64) - segment.first
        flags.append(_flags(segment, primary)[:, local])
        first.append(segment.array("first_month")[local])
        last.append(segment.array("last_month")[local])
    if not flags:
        return np.zeros((1, 3 + len(MEASURES)), np.int64)
    return _counted(np.concatenate(flags, axis=1), np.concatenate(first), np.concatenate(last))


def _flags(segment: Segment, primary: Array) -> Array:
    """For each measure, which documents of a segment have it."""
    offsets = segment.array("cite").astype(np.int64)
    lengths = np.diff(offsets)
    cited = np.flatnonzero(lengths)
    starts = offsets[:-1][cited]
    several, documented = np.zeros(segment.length, bool), np.zeros(segment.length, bool)
    if len(cited):
        agency = segment.array("cite.agency")
        origin = np.where(agency >= 0, agency, segment.array("cite.publisher"))
        carrying = np.isin(np.arange(len(STANCES)), [STANCES.index(each) for each in CARRYING])
        carries = carrying[segment.array("cite.stance")]
        # Two origins are there when the highest code isn't the lowest.
        highest = np.maximum.reduceat(np.where(carries, origin, -1), starts)
        lowest = np.minimum.reduceat(np.where(carries, origin, np.iinfo(np.int32).max), starts)
        several[cited] = highest > lowest
        source = np.minimum(segment.array("cite.source"), len(primary) - 1)
        documented[cited] = np.logical_or.reduceat(primary[source], starts)
    return np.stack(
        [
            several,
            segment.array("has") & _ARCHIVE > 0,
            segment.array("earliest") == segment.array("latest"),
            documented,
        ]
    )


def _counted(flags: Array, first: Array, last: Array) -> Array:
    """The table of documents with these flags, first and last months."""
    counted = np.concatenate((np.ones((1, flags.shape[1]), bool), flags))
    rows = [np.array([[0, 0, *counted.sum(axis=1)]], np.int64)]
    for unit in (12, 1):
        begin, end = first.astype(np.int64) // unit, last.astype(np.int64) // unit
        lowest, size = int(begin.min()), int(end.max() - begin.min()) + 2
        held = np.stack(
            [
                np.cumsum(
                    np.bincount(begin[each] - lowest, minlength=size)
                    - np.bincount(end[each] + 1 - lowest, minlength=size)
                )
                for each in counted
            ],
            axis=1,
        )
        present = np.flatnonzero(held[:, 0])
        units = np.full((len(present), 1), unit)
        rows.append(np.concatenate((units, present[:, None] + lowest, held[present]), axis=1))
    return np.concatenate(rows).astype(np.int64)


# --- Without the index ------------------------------------------------------------------------


def _plainly(day: date) -> Coverage:
    if Event.objects.public().count() > FILE_ABOVE:
        raise Uncounted
    events = list(Event.objects.public().order_by().values_list("pk", "earliest", "latest"))
    origins: defaultdict[int, set[int]] = defaultdict(set)
    archived, documented = set(), set()
    languages: defaultdict[str, set[int]] = defaultdict(set)
    sides: defaultdict[int, set[int]] = defaultdict(set)
    parents = dict(Actor.objects.public().values_list("pk", "parent"))
    cited = Event.objects.public().order_by().filter(citations__isnull=False)
    for event, stance, agency, publisher, archive, kind, language, speaker in cited.values_list(
        "pk",
        "citations__stance",
        *(f"citations__source__{name}" for name in ("agency", "publisher", "archive_url", "kind")),
        "citations__source__language",
        "citations__speaker",
    ):
        if stance in CARRYING:
            origins[event].add(agency or publisher)
        if archive:
            archived.add(event)
        if kind in PRIMARY:
            documented.add(event)
        languages[language].add(event)
        if speaker:
            sides[_top(speaker, parents)].add(event)
    keys = [pk for pk, _earliest, _latest in events]
    flags = np.array(
        [
            [len(origins[pk]) > 1 for pk in keys],
            [pk in archived for pk in keys],
            [earliest == latest for _pk, earliest, latest in events],
            [pk in documented for pk in keys],
        ],
        bool,
    )
    first = np.array([earliest.toordinal() for _pk, earliest, _latest in events], np.int64)
    last = np.array([latest.toordinal() for _pk, _earliest, latest in events], np.int64)
    empty = np.zeros((1, 3 + len(MEASURES)), np.int64)
    table = _counted(flags, months(first), months(last)) if events else empty
    names = {
        pk: (slug, name)
        for pk, slug, name in Actor.objects.public()
        .filter(pk__in=sides)
        .values_list("pk", "slug", "name")
    }
    return _made(
        table,
        day,
        (Share(language, "", len(held)) for language, held in languages.items()),
        (Share(*names[pk], len(held)) for pk, held in sides.items()),
    )


def _top(actor: int, parents: Mapping[int, int | None]) -> int:
    """The topmost thing that an actor is part of; climbing stops at what it has passed."""
    passed = set()
    above = parents.get(actor)
    while above is not None and actor not in passed:
        passed.add(actor)
        actor, above = above, parents.get(above)
    return actor
