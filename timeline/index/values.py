"""The many values of a facet: their sets, their bounds, and the forest in which they stand.

Made once (a few milliseconds for thousands of values) and kept through edits, until things of
their kind are more or stand in their tree otherwise; asked by :mod:`timeline.index.counting`.
Unions are made when they are first asked for.
"""

import array
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from pyroaring import BitMap

from timeline.index.arrays import Array, numbers
from timeline.index.documents import EMPTY
from timeline.index.things import Kind

_PARTS = 4
"""The first and the last document of a value in each of so many parts of the record are looked at
to see whether a set holds the value."""


class Tree:
    """A forest of codes as an array: for each code, itself and all that it is part of."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        climbs = [kind.upwards(code) for code in range(len(kind.pks))]
        depth = max(map(len, climbs), default=1)
        rows = [[*climb, *[-1] * (depth - len(climb))] for climb in climbs]
        self.above = np.array(rows, np.int32).reshape(len(rows), depth)
        self.parents = np.array([bool(kind.children.get(code)) for code in range(len(rows))], bool)

    def below(self, code: int) -> Sequence[int]:
        return self._kind.below(code) if self.parents[code] else (code,)

    def sums(self, counts: Array) -> Array:
        """Each code's count and those of all below it."""
        codes = np.flatnonzero(counts)
        above = self.above[codes]
        given = np.repeat(counts[codes].astype(np.int64), above.shape[1])
        kept = above.ravel() >= 0
        return np.bincount(above.ravel()[kept], given[kept], len(counts)).astype(np.int64)

    def reached(self, found: Array) -> Array:
        """Which codes are among some, or have one of them below."""
        reached = np.zeros(len(found) + 1, bool)  # the last is nothing's
        reached[self.above[np.flatnonzero(found)]] = True
        return reached[:-1]


class Witnesses:
    """A few documents of each value, to see whether a large set holds the value at all.

    They are of the core, and stay right whatever is edited: an edit gives an event another number
    and never a number another value.
    """

    def __init__(self, docs: Array, codes: Array, size: int) -> None:
        """``docs`` and ``codes``, in parallel and by document, are all values of the core."""
        # The last entry of what is looked up is of no document.
        self._docs = np.full((size, 2 * _PARTS), -1, np.int32)
        for part in range(_PARTS):
            start, end = (len(docs) * at // _PARTS for at in (part, part + 1))
            # Of several documents of a code, the one that is written last stays.
            self._docs[codes[:end], part] = docs[:end]
            self._docs[codes[start:][::-1], _PARTS + part] = docs[start:][::-1]
        self._end = int(docs.max(initial=-1)) + 1
        listed = np.sort(self._docs, axis=1)
        different = 1 + np.count_nonzero(np.diff(listed, axis=1), axis=1) - (listed[:, 0] < 0)
        self._whole = different == np.bincount(codes, minlength=size)
        """Whether these are all documents of a code."""

    def among(self, base: BitMap, recent: Array) -> tuple[Array, Array]:
        """Which codes a set surely holds, and of which others it is sure that it doesn't;
        ``recent`` are the codes of its documents behind the core."""
        held = np.zeros(self._end + 1, bool)
        listed = numbers(base)
        held[listed[: np.searchsorted(listed, np.uint32(self._end))]] = True
        found: Array = np.any(held[self._docs], axis=1)
        settled = self._whole.copy()
        settled[recent[recent < len(found)]] = False
        return found, settled


class Values:
    """The sets of a facet's many values, under what else is asked of the same part or citation.

    ``own`` gives the sets of which a value is the union; with a ``tree`` a value stands for all
    below it too, and ``families`` are the unions of families where they are kept anyway.
    The sets are the index's own and follow its edits; ``bounds`` and ``loose`` together are at
    least the documents of each code, since an edit of an event adds one document to a set.
    They are kept for every role and stance that somebody asked for, so compactly: by place.
    """

    def __init__(
        self,
        size: int,
        own: Mapping[int, Sequence[BitMap]],
        tree: Tree | None,
        families: Mapping[int, BitMap] | None = None,
    ) -> None:
        self._own: list[tuple[BitMap, ...] | BitMap | None] = [None] * size
        self.tree = tree
        self.bounds = np.zeros(size, np.int64)
        self.loose = 0
        self._largest = np.zeros(size, np.int32)
        for code, sets in own.items():
            sizes = [len(docs) for docs in sets]
            self._own[code] = sets[0] if len(sets) == 1 else tuple(sets)
            self.bounds[code], self._largest[code] = sum(sizes), max(sizes)
        if tree is not None:
            self.bounds = tree.sums(self.bounds)
        self._families = families or {}
        for code, docs in self._families.items():
            self.bounds[code] = len(docs)
        self.order = array.array("i", np.argsort(-self.bounds, kind="stable").tolist())
        """The codes by their bounds, the largest first."""
        self._unions: dict[int, BitMap] = {}

    def follow(
        self, edits: int, new: Mapping[int, list[BitMap]], touched: Iterable[int], part: int
    ) -> None:
        """The index followed so many edits: there are ``new`` sets of codes, and the sets of the
        ``touched`` ones, which are so many times the codes, may hold other documents."""
        for code, sets in new.items():
            self._own[code] = (*self._sets(code), *sets)
        self.loose += edits
        if self._unions:
            for code in {each // part for each in touched}:
                for above in (code,) if self.tree is None else self.tree.above[code].tolist():
                    self._unions.pop(above, None)

    def _sets(self, code: int) -> tuple[BitMap, ...]:
        """The sets of a code alone."""
        own = self._own[code]
        return () if own is None else own if isinstance(own, tuple) else (own,)

    def docs(self, code: int) -> BitMap:
        """The documents of a value; not to be changed."""
        found = self._families.get(code) or self._unions.get(code)
        if found is None:
            own = self._own[code]
            if self.tree is None or not self.tree.parents[code]:
                if isinstance(own, BitMap):
                    return own
                sets: Sequence[BitMap] = own or ()
            else:
                sets = [docs for member in self.tree.below(code) for docs in self._sets(member)]
            if len(sets) == 1:
                return sets[0]
            found = self._unions[code] = BitMap.union(*sets) if sets else EMPTY
        return found

    def present(self, base: BitMap, missing: int, seen: tuple[Array, Array] | None = None) -> Array:
        """Which codes have a document in a set, from which so many of all are missing; ``seen``
        is what witnesses say of it."""
        # A value of more documents than are missing must have one in the set.
        found = self._largest - self.loose > missing
        unsure = ~found & (self._largest + self.loose > 0)
        if seen is not None:
            held, settled = seen
            found[: len(held)] |= held
            unsure &= ~found
            unsure[: len(settled)] &= ~settled
        for code in np.flatnonzero(unsure).tolist():
            own = self._own[code]
            if isinstance(own, BitMap):  # as nearly all are
                found[code] = own.intersect(base)
            elif own is not None:
                found[code] = any(docs.intersect(base) for docs in own)
        return found if self.tree is None else self.tree.reached(found)
