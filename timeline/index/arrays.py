"""Numbers of documents in compact arrays: one a document in a column, several in a table.

A document is a public event as the index knows it, named by a number from 0 upwards. The arrays
of the core were made at once and are never written (they may lie in a mapped file); those of the
tail grow by appending. Both are a :class:`Segment`, so that what reads them need not know which.

Invariants: a segment's columns have one entry a document; a table's ``offsets`` have one more
than that, rise, and its columns have as many entries as the last offset says. Reading one value
is O(1), gathering the values of n documents is linear in their number, appending is amortised
linear in what is appended.
"""

import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

Array = NDArray[Any]

COLUMNS: Mapping[str, str] = {
    "key": "i8",  # primary key of the event
    "sort": "i4",  # days as ordinals of the proleptic Gregorian calendar
    "earliest": "i4",
    "latest": "i4",
    "first_month": "i4",  # months counted from January of year 0
    "last_month": "i4",
    "minute": "i2",
    "day_order": "i2",
    "public_id": "S8",
    "updated": "i8",  # microseconds since 1970, of the current version
    "category": "i4",  # codes of things; -1 for none
    "place": "i4",
    "precision": "i1",  # positions in the enumeration
    "importance": "i1",
    "verification": "i1",
    "has": "u1",  # one bit for each value of HAS
}
"""One value a document."""

TABLES: Mapping[str, Mapping[str, str]] = {
    "part": {"actor": "i4", "role": "i1"},
    "actor": {"actor": "i4"},  # each actor once, whatever its roles
    "topic": {"topic": "i4"},
    "cite": {
        "stance": "i1",
        "speaker": "i4",
        "publisher": "i4",
        "agency": "i4",
        "language": "i2",
        "source": "i8",
        "archived": "i1",
        "known": "i4",
    },
    "publisher": {"publisher": "i4", "known": "i4"},  # publishers and agencies, each once
    "speaker": {"speaker": "i4", "known": "i4"},
    "figure": {"metric": "i4", "attributed": "i4", "known": "i4"},
    "step": {"known": "i4", "label": "i1"},  # labels of verification, by the day of each
}
"""Several rows a document, each with these columns. ``known`` is the first day on which readers
can have known of the row, or ``NEVER``."""

Hits = list[tuple["Segment", Array, Array]]
"""Rows of a table: by segment, the document of each and where in the segment it lies."""

NEVER = int(np.iinfo(np.int32).max)
"""The day of what has no date at all."""


def bitmap(docs: Array) -> BitMap:
    """A set of document numbers; ascending ones are fastest."""
    plain = array.array("I")
    plain.frombytes(np.ascontiguousarray(docs, dtype=np.uint32).tobytes())
    return BitMap(plain)


def numbers(docs: BitMap) -> Array:
    """The members of a set, ascending."""
    return np.frombuffer(docs.to_array(), dtype=np.uint32)


def distinct(docs: Array, values: Array) -> tuple[Array, Array]:
    """Pairs of document and value, each once and in order; pairs of a value below 0 left out."""
    kept = values >= 0
    pairs = (docs[kept].astype(np.int64) << 32) | values[kept].astype(np.int64)
    # numpy's own way to what is unique goes by hashes, and takes thirty times as long.
    pairs.sort()
    pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=pairs[:1] - 1))]
    return pairs >> 32, (pairs & 0xFFFFFFFF).astype(np.int32)


def among(values: Array, codes: Iterable[int]) -> Array:
    """Which of some codes, or -1 for none, are among others; linear in both, unlike numpy's own
    way, which sorts and loads a library for it."""
    listed = np.array(list(codes), np.int64)
    listed = listed[listed >= 0]
    # The last entry is what is too large for the table, and -1.
    held = np.zeros(int(listed.max(initial=-1)) + 2, bool)
    held[listed] = True
    return held[np.minimum(values, len(held) - 1)]


def firsts(docs: Array, values: Array, days: Array) -> tuple[Array, Array, Array]:
    """What ``distinct`` gives, and of each pair the first of its days."""
    kept = values >= 0
    pairs = (docs[kept].astype(np.int64) << 32) | values[kept].astype(np.int64)
    order = np.argsort(pairs, kind="stable")
    pairs, days = pairs[order], days[kept][order]
    starts = np.flatnonzero(np.diff(pairs, prepend=pairs[:1] - 1))
    first = np.minimum.reduceat(days, starts) if len(starts) else days
    return pairs[starts] >> 32, (pairs[starts] & 0xFFFFFFFF).astype(np.int32), first


def taken(hits: Hits, column: str) -> Array:
    """A column of rows, such as ``cite.speaker``."""
    parts = [segment.array(column)[rows] for segment, _of, rows in hits]
    table, _dot, name = column.partition(".")
    return np.concatenate(parts) if parts else np.empty(0, TABLES[table][name])


def owners(hits: Hits) -> Array:
    """The document of each row."""
    parts = [of for _segment, of, _rows in hits]
    return np.concatenate(parts) if parts else np.empty(0, np.uint32)


class Growing:
    """An array that grows at its end."""

    def __init__(self, dtype: str) -> None:
        self._room = np.empty(256, dtype)
        self._length = 0

    def extend(self, values: Array) -> None:
        wanted = self._length + len(values)
        if wanted > len(self._room):
            grown = np.empty(max(wanted, 2 * len(self._room)), self._room.dtype)
            grown[: self._length] = self._room[: self._length]
            self._room = grown
        self._room[self._length : wanted] = values
        self._length = wanted

    def add(self, value: Any) -> None:
        """Append one value."""
        if self._length == len(self._room):
            self.extend(np.array([value], self._room.dtype))
        else:
            self._room[self._length] = value
            self._length += 1

    @property
    def view(self) -> Array:
        return self._room[: self._length]


class Segment:
    """Documents ``first`` to ``first + length - 1`` with their columns and tables."""

    def __init__(self, first: int, arrays: Mapping[str, Array]) -> None:
        """``arrays`` by name: ``key`` for a column, ``part`` for a table's offsets and
        ``part.actor`` for its columns."""
        self.first = first
        self._arrays = dict(arrays)

    @property
    def length(self) -> int:
        return len(self.array("key"))

    @property
    def names(self) -> list[str]:
        return list(self._arrays)

    def array(self, name: str) -> Array:
        return self._arrays[name]

    def document(self, at: int, names: Iterable[str]) -> dict[str, list[Any]]:
        """The values of one document in some columns, and in some columns of tables."""
        found, bounds = {}, {}
        for name in names:
            table, row, _column = name.partition(".")
            if row and table not in bounds:
                bounds[table] = slice(*self.array(table)[at : at + 2].tolist())
            part = bounds[table] if row else slice(at, at + 1)
            found[name] = self.array(name)[part].tolist()
        return found

    def rows(self, table: str, docs: Array) -> tuple[Array, Array]:
        """For documents of this segment: how many rows each has, and where all of them lie."""
        offsets = self.array(table)
        local = docs.astype(np.int64) - self.first
        starts = offsets[local].astype(np.int64)
        lengths = offsets[local + 1].astype(np.int64) - starts
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        return lengths, np.arange(total) + np.repeat(starts - (ends - lengths), lengths)


class Tail(Segment):
    """The segment to which documents are appended."""

    def __init__(self, first: int) -> None:
        super().__init__(first, {})
        self._growing = {name: Growing(dtype) for name, dtype in COLUMNS.items()}
        for table, columns in TABLES.items():
            self._growing[table] = Growing("u4")
            self._growing[table].extend(np.zeros(1, "u4"))
            for name, dtype in columns.items():
                self._growing[f"{table}.{name}"] = Growing(dtype)

    def array(self, name: str) -> Array:
        return self._growing[name].view

    def append(self, arrays: Mapping[str, Array]) -> None:
        """Append a segment's arrays, whose offsets begin at 0."""
        for name, values in arrays.items():
            if name in TABLES:
                above = self._growing[name].view[-1]
                self._growing[name].extend(values[1:] + above)
            else:
                self._growing[name].extend(values)

    def append_one(self, values: Mapping[str, Sequence[Any]]) -> None:
        """Append one document: its columns, and the columns of its tables that have rows."""
        growing = self._growing
        for name in COLUMNS:
            growing[name].add(values[name][0])
        for table, columns in TABLES.items():
            rows = 0
            for name in columns:
                column = f"{table}.{name}"
                for value in values.get(column, ()):
                    growing[column].add(value)
                rows = len(values.get(column, ()))
            growing[table].add(int(growing[table].view[-1]) + rows)
