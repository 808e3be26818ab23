"""Reading public events out of the database as arrays: all of them, or those with given keys.

The one place of the index that writes SQL: six plain statements over the record's own tables,
with dates as whole days and moments as microseconds, so that a million rows need no parsing.
Costs about two microseconds a row; a few events cost six short queries.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from django.db import connection, transaction

from timeline.index.arrays import NEVER, Array
from timeline.models.choices import (
    Importance,
    PlacePrecision,
    Role,
    Stance,
    VerificationLabel,
)

ROLES = tuple(Role.values)
STANCES = tuple(Stance.values)
VERIFICATIONS = tuple(VerificationLabel.values)
IMPORTANCES = tuple(Importance.values)
PRECISIONS = tuple(PlacePrecision.values)
HAS = ("figures", "archive", "place", "correction")
"""What an event may have; a correction is a version that says so."""

_CHUNK = 50_000
# Bound parameters of one statement; SQLite takes more, but plans grow with them.
_KEYS = 500


@dataclass(frozen=True, slots=True)
class Rows:
    """Columns of the six statements by name, in the order of the database."""

    events: Mapping[str, Array]
    parts: Mapping[str, Array]
    topics: Mapping[str, Array]
    cites: Mapping[str, Array]
    figures: Mapping[str, Array]
    steps: Mapping[str, Array]


_EVENTS = """
    SELECT e.id, {sort}, {earliest}, {latest}, e.minute, e.day_order, e.public_id, {updated},
           COALESCE(e.category_id, -1), COALESCE(e.place_id, -1), e.place_precision,
           e.importance, e.verification,
           CASE WHEN EXISTS (SELECT 1 FROM timeline_version v WHERE v.kind = 'correction'
                             AND v.event_id = e.id) THEN 1 ELSE 0 END
    FROM timeline_event e WHERE e.status = 'published'"""
_PARTS = "SELECT p.event_id, p.actor_id, p.role FROM timeline_participation p"
_TOPICS = "SELECT t.event_id, t.topic_id FROM timeline_event_topics t"
_CITES = """
    SELECT c.event_id, c.stance, COALESCE(c.speaker_id, -1), c.source_id, s.publisher_id,
           COALESCE(s.agency_id, -1), s.language, CASE WHEN s.archive_url = '' THEN 0 ELSE 1 END,
           COALESCE({day}, {never})
    FROM timeline_citation c JOIN timeline_source s ON s.id = c.source_id"""
_LABELS = """
    SELECT e.id, e.label FROM timeline_event e
    WHERE e.label > '' AND e.importance = 'key' AND e.status = 'published'"""
_TITLES = """
    SELECT c.event_id, s.search_tokens
    FROM timeline_citation c JOIN timeline_source s ON s.id = c.source_id"""
_FIGURES = """
    SELECT f.event_id, f.metric_id, COALESCE(f.attributed_to_id, -1), COALESCE({day}, {never})
    FROM timeline_figure f LEFT JOIN timeline_citation c ON c.id = f.citation_id
    LEFT JOIN timeline_source s ON s.id = c.source_id"""
_STEPS = "SELECT v.event_id, {day}, v.label FROM timeline_verificationstep v"
_KNOWN = "COALESCE(s.published_latest, s.accessed_on)"


_ENUMERATED = {
    "role": {value: at for at, value in enumerate(ROLES)},
    "stance": {value: at for at, value in enumerate(STANCES)},
    "importance": {value: at for at, value in enumerate(IMPORTANCES)},
    "precision": {value: at for at, value in enumerate(PRECISIONS)},
    "verification": {value: at for at, value in enumerate(VERIFICATIONS)},
    "label": {value: at for at, value in enumerate(VERIFICATIONS)},
}
"""The codes of columns that hold one of a few texts."""


@cache
def _statements(_vendor: str) -> dict[str, str]:
    """The statements whose days and moments each database writes in its own way."""
    counted = f"CASE WHEN f.citation_id IS NULL THEN f.as_of_latest ELSE {_KNOWN} END"
    return {
        "events": _EVENTS.format(
            sort=_day("e.sort_date"),
            earliest=_day("e.earliest"),
            latest=_day("e.latest"),
            updated=_microseconds("COALESCE(e.revised_at, e.published_at)"),
        ),
        "cites": _CITES.format(day=_day(_KNOWN), never=NEVER),
        "figures": _FIGURES.format(day=_day(counted), never=NEVER),
        "steps": _STEPS.format(day=_day("v.day")),
    }


def _day(column: str) -> str:
    if connection.vendor == "postgresql":
        return f"({column} - DATE '0001-01-01' + 1)"
    return f"CAST(julianday({column}) - 1721424.5 AS INTEGER)"


def _microseconds(moment: str) -> str:
    if connection.vendor == "postgresql":
        return f"CAST(EXTRACT(EPOCH FROM {moment}) * 1000000 AS BIGINT)"
    # Django writes 2026-11-26 00:37:22.123456, without a fraction when it is zero.
    fraction = f"CAST(substr(substr({moment}, 21) || '000000', 1, 6) AS INTEGER)"
    return f"CAST(strftime('%%s', substr({moment}, 1, 19)) AS INTEGER) * 1000000 + {fraction}"


def read(keys: Sequence[int] | None, languages: "Tags") -> Rows:
    """Read all public events, or those with these keys; keys that aren't public give nothing.

    Rows of children may belong to events that aren't public; the reader of them drops those.
    """
    statements = _statements(connection.vendor)
    enumerated = {**_ENUMERATED, "language": languages}

    def columns(sql: str, key: str, names: Mapping[str, str]) -> dict[str, Array]:
        parts: dict[str, list[Array]] = {name: [] for name in names}
        for rows in _chunks(sql, key, keys):
            for (name, dtype), values in zip(names.items(), zip(*rows, strict=True), strict=True):
                coded = enumerated.get(name)
                given = values if coded is None else [coded[value] for value in values]
                parts[name].append(np.array(given, dtype))
        return {
            name: np.concatenate(parts[name]) if parts[name] else np.empty(0, dtype)
            for name, dtype in names.items()
        }

    whole = "i8"
    return Rows(
        events=columns(
            statements["events"],
            "e.id",
            {
                "key": whole,
                "sort": "i4",
                "earliest": "i4",
                "latest": "i4",
                "minute": "i2",
                "day_order": "i2",
                "public_id": "S8",
                "updated": whole,
                "category": whole,
                "place": whole,
                "precision": "i1",
                "importance": "i1",
                "verification": "i1",
                "corrected": "i1",
            },
        ),
        parts=columns(_PARTS, "p.event_id", {"event": whole, "actor": whole, "role": "i1"}),
        topics=columns(_TOPICS, "t.event_id", {"event": whole, "topic": whole}),
        cites=columns(
            statements["cites"],
            "c.event_id",
            {
                "event": whole,
                "stance": "i1",
                "speaker": whole,
                "source": whole,
                "publisher": whole,
                "agency": whole,
                "language": "i2",
                "archived": "i1",
                "known": "i4",
            },
        ),
        figures=columns(
            statements["figures"],
            "f.event_id",
            {"event": whole, "metric": whole, "attributed": whole, "known": "i4"},
        ),
        steps=columns(
            statements["steps"],
            "v.event_id",
            {"event": whole, "known": "i4", "label": "i1"},
        ),
    )


def _chunks(sql: str, key: str, keys: Sequence[Any] | None) -> Iterator[Sequence[tuple[Any, ...]]]:
    """The rows of a statement, for all or for some keys, such as those of events."""
    joined = "AND" if " WHERE " in sql else "WHERE"
    with connection.cursor() as cursor:
        if keys is None:
            cursor.execute(sql, [])
            while rows := cursor.fetchmany(_CHUNK):
                yield rows
            return
        for start in range(0, len(keys), _KEYS):
            wanted = list(keys[start : start + _KEYS])
            places = ", ".join(["%s"] * len(wanted))
            cursor.execute(f"{sql} {joined} {key} IN ({places})", wanted)
            if rows := cursor.fetchall():
                yield rows


def tokens(keys: Sequence[int]) -> dict[int, list[str]]:
    """The search tokens of events and of the titles of their sources."""
    found: dict[int, list[str]] = {key: [] for key in keys}
    for sql, key in (
        ("SELECT e.id, e.search_tokens FROM timeline_event e", "e.id"),
        (_TITLES, "c.event_id"),
        ("SELECT t.event_id, t.search_tokens FROM timeline_eventtranslation t", "t.event_id"),
    ):
        for rows in _chunks(sql, key, keys):
            for event, held in rows:
                found[event].append(held)
    return found


def labels(keys: Sequence[int] | None) -> dict[int, str]:
    """Short labels of public key events; few events have one."""
    return {key: label for rows in _chunks(_LABELS, "e.id", keys) for key, label in rows}


def citing(sources: Sequence[int]) -> list[int]:
    """Keys of the events that cite these sources."""
    sql = "SELECT DISTINCT c.event_id FROM timeline_citation c"
    return [event for rows in _chunks(sql, "c.source_id", sources) for (event,) in rows]


def sources_of(kinds: Sequence[str]) -> list[int]:
    """Keys of the sources of these kinds."""
    sql = "SELECT s.id FROM timeline_source s"
    return [source for rows in _chunks(sql, "s.kind", kinds) for (source,) in rows]


def source_key(public_id: str) -> int | None:
    """The key of a source."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM timeline_source WHERE public_id = %s", [public_id])
        row = cursor.fetchone()
    return row[0] if row else None


class Tags(dict[str, int]):
    """Codes of short texts, such as languages, given as they are met."""

    def __init__(self, codes: Mapping[str, int] | None = None) -> None:
        super().__init__(codes or {})
        self._tags = list(self)

    def __missing__(self, tag: str) -> int:
        self[tag] = len(self)
        self._tags.append(tag)
        return self[tag]

    def tag(self, code: int) -> str:
        """The text behind a code."""
        return self._tags[code]


@contextmanager
def snapshot() -> Iterator[None]:
    """Let everything read inside belong to one moment, without keeping writers out.

    Inside a transaction, where a test or a command already stands, that transaction does; so does
    a snapshot around this one.
    """
    if connection.in_atomic_block or _in_snapshot():
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # atomic() would take SQLite's write lock.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("COMMIT")


def _in_snapshot() -> bool:
    """Whether SQLite is in a transaction that Django doesn't know of: one of ours."""
    if connection.vendor != "sqlite" or connection.connection is None:
        return False
    return bool(connection.connection.in_transaction)


def settled() -> bool:
    """Whether everything that can be read is committed. Inside a transaction that has written,
    the log may hold entries that are rolled back, and whose numbers are given again; the desk's
    preview is such a one. The transaction around a test doesn't count."""
    return all(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)


def last_change() -> int:
    """The number of the latest entry in the change log; 0 for an empty one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(id), 0) FROM timeline_change")
        row = cursor.fetchone()
    return int(row[0])


def entry(number: int) -> str:
    """An entry of the change log as text; empty when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, model, object_id, at FROM timeline_change WHERE id = %s", [number]
        )
        row = cursor.fetchone()
    return " ".join(map(str, row)) if row else ""


def changes_after(number: int) -> list[tuple[int, str, int]]:
    """The entries of the change log after a number: number, model and key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, model, object_id FROM timeline_change WHERE id > %s ORDER BY id", [number]
        )
        return [(int(at), model, int(key)) for at, model, key in cursor.fetchall()]
