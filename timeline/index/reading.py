"""Reading public events out of the database as numbers: all of them, or those with given keys.

The one place of the index that writes SQL, over the record's own tables. All events are read as
arrays, by seven plain statements, with days and moments left as the database keeps them where it
takes longer to make numbers of them than Python does: about a microsecond a row. A few events are
read by one statement, their rows folded into it as JSON.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
from django.db import connection, transaction

from timeline.index.arrays import NEVER, TABLES, Array
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

# Small enough that what is read of one chunk is gone before the collector looks at it twice.
_CHUNK = 2_000
# Bound parameters of one statement; SQLite takes more, but plans grow with them.
_KEYS = 500


@dataclass(frozen=True, slots=True)
class Rows:
    """Columns of events and of their rows by name, in the order of the database."""

    events: Mapping[str, Array]
    parts: Mapping[str, Array]
    topics: Mapping[str, Array]
    cites: Mapping[str, Array]
    figures: Mapping[str, Array]
    steps: Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class One:
    """What ``Rows`` has of many events, of one: its columns by name, and its rows with theirs in
    the order of the tables. Beside them its label, where it is a key event, and the texts that a
    search finds it by."""

    event: Mapping[str, Any]
    parts: Sequence[Sequence[int]]
    topics: Sequence[Sequence[int]]
    cites: Sequence[Sequence[int]]
    figures: Sequence[Sequence[int]]
    steps: Sequence[Sequence[int]]
    label: str
    tokens: list[str]


# --- The columns ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a statement: how a number is made of it by the database, and how faster by
    Python, where many rows are read."""

    dtype: str
    sql: str
    plain: str = ""
    """What to ask instead for many rows; ``convert`` makes an array of it."""
    convert: Callable[[Sequence[Any]], Array] | None = None


@dataclass(frozen=True, slots=True)
class _Table:
    """Where rows come from, which column is the key of their event, and what is read of each."""

    source: str
    key: str
    columns: Mapping[str, _Column]

    def whole(self) -> str:
        """The statement of all rows: the event's key, then the columns."""
        named = ", ".join([self.key, *(each.plain or each.sql for each in self.columns.values())])
        return f"SELECT {named} FROM {self.source}"  # noqa: S608  (all is written here)

    def folded(self) -> str:
        """The rows of the event ``e`` as one JSON text."""
        named = ", ".join(each.sql for each in self.columns.values())
        if connection.vendor == "postgresql":
            made = f"COALESCE(json_agg(json_build_array({named})), '[]')::text"
        else:
            made = f"json_group_array(json_array({named}))"
        return f"(SELECT {made} FROM {self.source} WHERE {self.key} = e.id)"  # noqa: S608


def _coded(column: str, values: Sequence[str]) -> _Column:
    """The place of a text among the few that it may be."""
    whens = " ".join(f"WHEN '{value}' THEN {at}" for at, value in enumerate(values))
    return _Column("i1", f"CASE {column} {whens} END")


def _key(column: str) -> _Column:
    """A key that may be missing."""
    return _Column("i8", f"COALESCE({column}, -1)")


def _day(column: str, days: "_Days") -> _Column:
    """A date as an ordinal; one that is missing is ``NEVER``."""
    if connection.vendor == "postgresql":
        return _Column("i4", f"COALESCE({column} - DATE '0001-01-01' + 1, {NEVER})")
    made = f"COALESCE(CAST(julianday({column}) - 1721424.5 AS INTEGER), {NEVER})"
    # Of a column itself the driver would make a date.
    return _Column("i4", made, f"{column} || ''", days.ordinals)


def _moment(column: str) -> _Column:
    """Microseconds since 1970."""
    if connection.vendor == "postgresql":
        return _Column("i8", f"CAST(EXTRACT(EPOCH FROM {column}) * 1000000 AS BIGINT)")
    # Django writes 2026-11-26 00:37:22.123456, without a fraction when it is zero.
    fraction = f"CAST(substr(substr({column}, 21) || '000000', 1, 6) AS INTEGER)"
    made = f"CAST(strftime('%%s', substr({column}, 1, 19)) AS INTEGER) * 1000000 + {fraction}"
    return _Column("i8", made, column, _microseconds)


class _Days(dict[str | None, int]):
    """Days as SQLite keeps them, each made once: a record has many events and few days."""

    def __missing__(self, day: str | None) -> int:
        self[day] = NEVER if day is None else date.fromisoformat(day).toordinal()
        return self[day]

    def ordinals(self, values: Sequence[str | None]) -> Array:
        return np.fromiter(map(self.__getitem__, values), np.int32, len(values))


def _texts(values: Sequence[str]) -> Array:
    return np.array(values, "S8")


def _microseconds(values: Sequence[str]) -> Array:
    return np.array(values, "datetime64[us]").astype(np.int64)


# --- The statements -------------------------------------------------------------------------------

_EVENTS = "timeline_event e WHERE e.status = 'published'"
_CORRECTED = "SELECT v.event_id FROM timeline_version v WHERE v.kind = 'correction'"
_LABELLED = "e.label > '' AND e.importance = 'key'"
_LABELS = f"SELECT e.id, e.label FROM {_EVENTS} AND {_LABELLED}"  # noqa: S608
_TITLES = """
    SELECT c.event_id, s.search_tokens
    FROM timeline_citation c JOIN timeline_source s ON s.id = c.source_id"""
_KNOWN = "COALESCE(s.published_latest, s.accessed_on)"


@dataclass(frozen=True, slots=True)
class _Tables:
    """Everything that is read, of one database."""

    events: _Table
    parts: _Table
    topics: _Table
    cites: _Table
    citations: _Table
    """What citations say of themselves."""
    sources: _Table
    """What they say by their source, by the key of it."""
    figures: _Table
    steps: _Table


def _tables(languages: "Tags") -> _Tables:
    days = _Days()

    def language(values: Sequence[str]) -> Array:
        return np.fromiter(map(languages.__getitem__, values), np.int16, len(values))

    said = {
        "stance": _coded("c.stance", STANCES),
        "speaker": _key("c.speaker_id"),
        "source": _Column("i8", "c.source_id"),
    }
    by_source = {
        "publisher": _Column("i8", "s.publisher_id"),
        "agency": _key("s.agency_id"),
        "language": _Column("i2", "s.language", "s.language", language),
        "archived": _Column("i1", "CASE WHEN s.archive_url = '' THEN 0 ELSE 1 END"),
        "known": _day(_KNOWN, days),
    }
    counted = f"CASE WHEN f.citation_id IS NULL THEN f.as_of_latest ELSE {_KNOWN} END"
    return _Tables(
        events=_Table(
            _EVENTS,
            "e.id",
            {
                "sort": _day("e.sort_date", days),
                "earliest": _day("e.earliest", days),
                "latest": _day("e.latest", days),
                "minute": _Column("i2", "e.minute"),
                "day_order": _Column("i2", "e.day_order"),
                "public_id": _Column("S8", "e.public_id", "e.public_id", _texts),
                "updated": _moment("COALESCE(e.revised_at, e.published_at)"),
                "category": _key("e.category_id"),
                "place": _key("e.place_id"),
                "precision": _coded("e.place_precision", PRECISIONS),
                "importance": _coded("e.importance", IMPORTANCES),
                "verification": _coded("e.verification", VERIFICATIONS),
            },
        ),
        parts=_Table(
            "timeline_participation p",
            "p.event_id",
            {"actor": _Column("i8", "p.actor_id"), "role": _coded("p.role", ROLES)},
        ),
        topics=_Table(
            "timeline_event_topics t", "t.event_id", {"topic": _Column("i8", "t.topic_id")}
        ),
        cites=_Table(
            "timeline_citation c JOIN timeline_source s ON s.id = c.source_id",
            "c.event_id",
            {name: (said | by_source)[name] for name in TABLES["cite"]},
        ),
        citations=_Table("timeline_citation c", "c.event_id", said),
        sources=_Table("timeline_source s", "s.id", by_source),
        figures=_Table(
            "timeline_figure f LEFT JOIN timeline_citation c ON c.id = f.citation_id "
            "LEFT JOIN timeline_source s ON s.id = c.source_id",
            "f.event_id",
            {
                "metric": _Column("i8", "f.metric_id"),
                "attributed": _key("f.attributed_to_id"),
                "known": _day(counted, days),
            },
        ),
        steps=_Table(
            "timeline_verificationstep v",
            "v.event_id",
            {"known": _day("v.day", days), "label": _coded("v.label", VERIFICATIONS)},
        ),
    )


def read(keys: Sequence[int] | None, languages: "Tags") -> Rows:
    """Read all public events, or those with these keys; keys that aren't public give nothing.

    Rows of children may belong to events that aren't public; the reader of them drops those.
    """
    tables = _tables(languages)
    events = _columns(tables.events, keys, "key")
    corrected = [event for rows in _chunks(_CORRECTED, "v.event_id", keys) for (event,) in rows]
    events["corrected"] = np.isin(events["key"], np.array(corrected, np.int64)).astype("i1")
    return Rows(
        events=events,
        parts=_columns(tables.parts, keys),
        topics=_columns(tables.topics, keys),
        cites=_all_cites(tables) if keys is None else _columns(tables.cites, keys),
        figures=_columns(tables.figures, keys),
        steps=_columns(tables.steps, keys),
    )


def _all_cites(tables: _Tables) -> dict[str, Array]:
    """All citations with what their sources say, which are joined here: the database would look
    up the source of each, or the citations of each source."""
    cites, sources = _columns(tables.citations, None), _columns(tables.sources, None, "key")
    keys = sources.pop("key")
    order = np.argsort(keys, kind="stable")
    at = order[np.searchsorted(keys, cites["source"], sorter=order)]
    return cites | {name: values[at] for name, values in sources.items()}


def _columns(table: _Table, keys: Sequence[int] | None, key: str = "event") -> dict[str, Array]:
    """All rows of a table, or those of some keys, as arrays; the keys under a name."""
    named = {key: _Column("i8", table.key), **table.columns}
    plain = all(each.convert is None for each in named.values())
    parts: dict[str, list[Array]] = {name: [] for name in named}
    for rows in _chunks(table.whole(), table.key, keys):
        if plain:
            flat = np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * len(named))
            values: Iterator[Any] = iter(flat.reshape(len(rows), len(named)).T)
        else:
            values = zip(*rows, strict=True)
        for (name, column), each in zip(named.items(), values, strict=True):
            made = np.array(each, column.dtype) if column.convert is None else column.convert(each)
            parts[name].append(made)
    return {
        name: np.concatenate(parts[name]) if parts[name] else np.empty(0, column.dtype)
        for name, column in named.items()
    }


@cache
def _folded(_vendor: str) -> str:
    """The statement that reads everything about a few events."""
    tables = _tables(Tags())
    named = ", ".join(each.sql for each in tables.events.columns.values())
    titled = {**tables.cites.columns, "tokens": _Column("", "s.search_tokens")}
    told = {"tokens": _Column("", "t.search_tokens")}
    of_rows = (
        tables.parts,
        tables.topics,
        replace(tables.cites, columns=titled),
        tables.figures,
        tables.steps,
        _Table("timeline_eventtranslation t", "t.event_id", told),
    )
    folded = ", ".join(each.folded() for each in of_rows)
    corrected = f"CASE WHEN EXISTS ({_CORRECTED} AND v.event_id = e.id) THEN 1 ELSE 0 END"
    label = f"CASE WHEN {_LABELLED} THEN e.label ELSE '' END"
    return (
        f"SELECT e.id, {named}, {corrected}, {label}, e.search_tokens, {folded} "  # noqa: S608
        f"FROM {_EVENTS}"
    )


def some(keys: Sequence[int], languages: "Tags") -> list[One]:
    """Read a few public events in one statement; keys that aren't public give nothing."""
    named = _names()
    found = []
    for rows in _chunks(_folded(connection.vendor), "e.id", keys):
        for row in rows:
            label, tokens, *folded = row[len(named) :]
            parts, topics, cites, figures, steps, told = map(json.loads, folded)
            held = [tokens, *(cite.pop() for cite in cites), *(each[0] for each in told)]
            for cite in cites:
                cite[_LANGUAGE] = languages[cite[_LANGUAGE]]
            event = dict(zip(named, row, strict=False))
            found.append(One(event, parts, topics, cites, figures, steps, label, held))
    return found


@cache
def _names() -> tuple[str, ...]:
    """The columns of an event, as ``One`` has them."""
    return ("key", *_tables(Tags()).events.columns, "corrected")


_LANGUAGE = list(TABLES["cite"]).index("language")


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
