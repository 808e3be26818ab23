"""Pages: which documents of a set come next in an order, from a cursor on.

By date, the core is in order already: a page is a few selections by rank. By last update, the
documents of a small set are compared by their rank, and of a large one the whole record is
walked from the cursor on, since every few steps meet one. The tail, which is kept in each
order, is merged into either. A page costs a few microseconds by date, and at most one pass over
``_WALKED`` documents by update.
"""

import datetime as dt
import heapq
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from itertools import islice
from operator import itemgetter
from typing import Any

import numpy as np
from pyroaring import BitMap

from timeline.index.arrays import Array, numbers
from timeline.index.documents import Documents
from timeline.index.selection import Cursor, Selection
from timeline.index.sets import Resolver

_WALKED = 50_000
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
Key = tuple[Any, ...]
_KEY = itemgetter(0)


def page(
    resolver: Resolver, docs: BitMap, selection: Selection
) -> tuple[list[int], Cursor | None, Cursor | None]:
    """The documents of a page of a selection's ``docs``, and the cursors of the next and the
    previous one."""
    cursor = selection.cursor
    backwards = cursor is not None and cursor.before
    up = selection.sort.startswith("-") == backwards
    order = _ByUpdate(resolver) if selection.sort == "-updated" else ByDate(resolver)
    found = order.beyond(docs, cursor.key if cursor else None, up=up)
    listed = [doc for doc, _ in zip(found, range(selection.page_size + 1), strict=False)]
    more = len(listed) > selection.page_size
    listed = listed[: selection.page_size]
    if backwards:
        listed.reverse()
    if not listed:
        return [], None, None

    def at(doc: int, *, before: bool) -> Cursor:
        return Cursor(selection.sort, before, order.key(doc))

    has_next = more if not backwards else True
    has_previous = more if backwards else cursor is not None
    return (
        listed,
        at(listed[-1], before=False) if has_next else None,
        at(listed[0], before=True) if has_previous else None,
    )


def ordered(resolver: Resolver, docs: BitMap, sort: str) -> Array:
    """All documents of a set, in an order."""
    found = (_ByUpdate(resolver) if sort == "-updated" else ByDate(resolver)).all(docs)
    return found[::-1] if sort.startswith("-") else found


class _Order:
    """An order of documents by a key of theirs."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._documents: Documents = resolver.documents

    def key(self, doc: int) -> Key:
        raise NotImplementedError

    def core(self, docs: BitMap, key: Key | None, *, up: bool) -> Iterator[int]:
        raise NotImplementedError

    def beyond(self, docs: BitMap, key: Key | None, *, up: bool) -> Iterator[int]:
        """Documents whose key is greater (``up``) or smaller than the given one, nearest first."""
        if next(iter(docs.iter_equal_or_larger(self._documents.tail.first)), None) is None:
            return self.core(docs, key, up=up)
        recent = self._tail()
        if up:
            start = 0 if key is None else bisect_right(recent, key, key=_KEY)
            nearest: Iterable[tuple[Key, int]] = islice(recent, start, None)
        else:
            end = len(recent) if key is None else bisect_left(recent, key, key=_KEY)
            nearest = islice(reversed(recent), len(recent) - end, None)
        kept = (each for each in nearest if each[1] in docs)
        older = ((self.key(doc), doc) for doc in self.core(docs, key, up=up))
        return (doc for _key, doc in heapq.merge(older, kept, reverse=not up))

    def _tail(self) -> list[tuple[Key, int]]:
        """The documents of the tail with their keys, in this order; kept, and each new one put in
        its place, since a document never changes."""
        tail = self._documents.tail
        listed: list[tuple[Key, int]] = self._resolver.lasting(("tail", type(self).__name__), list)
        for doc in range(tail.first + len(listed), tail.first + tail.length):
            insort(listed, (self.key(doc), doc))
        return listed

    def all(self, docs: BitMap) -> Array:
        """The documents from the smallest key to the greatest, at once."""
        first = self._documents.tail.first
        listed = numbers(docs)
        split = int(np.searchsorted(listed, np.uint32(first)))
        older = self._core_of(listed[:split])
        recent = [each for each in self._tail() if each[1] in docs]
        places = [self._before(older, key) for key, _doc in recent]
        return np.insert(older, places, [doc for _key, doc in recent])

    def _core_of(self, listed: Array) -> Array:
        """Core documents, given by their numbers, in this order."""
        raise NotImplementedError

    def _before(self, ordered: Array, key: Key) -> int:
        """How many of some ordered documents come before a key."""
        return bisect_left(ordered, key, key=lambda doc: self.key(int(doc)))

    def _value(self, column: str, doc: int) -> Any:
        segment = self._documents.core if doc < self._documents.tail.first else self._documents.tail
        return segment.array(column)[doc - segment.first].item()


class ByDate(_Order):
    """The one order of time."""

    def key(self, doc: int) -> Key:
        return (
            dt.date.fromordinal(self._value("sort", doc)),
            dt.date.fromordinal(self._value("latest", doc)),
            self._value("minute", doc),
            self._value("day_order", doc),
            self._value("public_id", doc).decode("ascii"),
        )

    def core(self, docs: BitMap, key: Key | None, *, up: bool) -> Iterator[int]:
        first = self._documents.tail.first
        if up:
            start = 0 if key is None else self._position(key, after=True)
            for doc in docs.iter_equal_or_larger(start):
                if doc >= first:
                    return
                yield doc
            return
        end = first if key is None else self._position(key, after=False)
        rank = docs.rank(end - 1) if end else 0
        while rank:
            low = max(0, rank - 64)
            yield from reversed(docs[low:rank])
            rank = low

    def _core_of(self, listed: Array) -> Array:
        return listed

    def _position(self, key: Key, *, after: bool) -> int:
        """How many core documents come before the key, or (``after``) up to it."""
        low, high = 0, self._documents.tail.first
        while low < high:
            middle = (low + high) // 2
            at = self.key(middle)
            if at < key or (after and at == key):
                low = middle + 1
            else:
                high = middle
        return low


class _ByUpdate(_Order):
    """The order of the latest public versions."""

    def key(self, doc: int) -> Key:
        moment = _EPOCH + dt.timedelta(microseconds=self._value("updated", doc))
        return (moment, self._value("public_id", doc).decode("ascii"))

    def core(self, docs: BitMap, key: Key | None, *, up: bool) -> Iterator[int]:
        order = self._resolver.lasting(("updated", "order"), self._by_update)
        low, high = 0, len(order)
        if key is not None:
            position = self._position(order, key, after=up)
            low, high = (position, high) if up else (low, position)
        if len(docs) > _WALKED:
            walked: Iterable[int] = order[low:high] if up else order[low:high][::-1]
            yield from (doc for doc in _plain(walked) if doc in docs)
            return
        ranks = self._resolver.lasting(("updated", "rank"), lambda: _ranks(order))
        listed = numbers(docs)
        held = np.sort(ranks[listed[: np.searchsorted(listed, np.uint32(len(order)))]])
        held = held[(held >= low) & (held < high)]
        yield from _plain(order[held if up else held[::-1]])

    def _core_of(self, listed: Array) -> Array:
        order = self._resolver.lasting(("updated", "order"), self._by_update)
        ranks = self._resolver.lasting(("updated", "rank"), lambda: _ranks(order))
        found: Array = order[np.sort(ranks[listed])]
        return found

    def _by_update(self) -> Array:
        core = self._documents.core
        updated, public_id = core.array("updated"), core.array("public_id")
        order = np.argsort(updated, kind="stable")
        if not len(order):
            return order.astype(np.uint32)
        # Few events share a moment, and texts take longest to sort.
        alike = np.diff(updated[order]) == 0
        shared = np.append(alike, False) | np.append(False, alike)
        tied = order[shared]
        order[shared] = tied[np.lexsort((public_id[tied], updated[tied]))]
        return order.astype(np.uint32)

    def _position(self, order: Array, key: Key, *, after: bool) -> int:
        low, high = 0, len(order)
        while low < high:
            middle = (low + high) // 2
            at = self.key(int(order[middle]))
            if at < key or (after and at == key):
                low = middle + 1
            else:
                high = middle
        return low


def _ranks(order: Array) -> Array:
    ranks = np.empty(len(order), np.uint32)
    ranks[order] = np.arange(len(order), dtype=np.uint32)
    return ranks


def _plain(docs: Any) -> Iterator[int]:
    """Array entries as plain numbers, a block at a time."""
    for start in range(0, len(docs), 1024):
        yield from docs[start : start + 1024].tolist()
