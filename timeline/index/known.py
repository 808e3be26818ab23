"""The record as it could be known on a day: the index again, with less in it.

A view over the documents of today. A row of a citation or figure counts from its day on, an event
from the day of its first citation, its verification is the step of that day; everything else is
the event's own and as it is today. Numbers of documents and their order are those of today, so
paging and density need not know of it.

Invariants: ``live`` is a part of the record's; a set of a dimension that it ``restricts`` holds
exactly the documents with a row that counts, a part of today's set; other sets are today's, and
mean what they say within ``live``. No view outlives an edit.

A view costs one pass over the citations (some tens of milliseconds a million events); the sets
of what citations and figures say are made dimension by dimension when one is first asked for.
"""

import weakref
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from pyroaring import BitMap

from timeline.index.arrays import TABLES, Array, Hits, Segment, among, bitmap, numbers
from timeline.index.documents import Documents, Sets, grouped
from timeline.index.reading import HAS

RESTRICTED = frozenset(
    {"verification", "has", "publisher", "language", "stance", "speaker", "metric", "attributed"}
)
"""What citations and figures say, and what follows from it."""

_PART = 8
"""Rows of more than this part of the documents are passed over, not gathered."""

_MADE = RESTRICTED - {"publisher"} | {"speaker_all"}
"""Dimensions whose sets are made whole; publishers are so many that each is looked up."""


class _Sets(Sets):
    """Today's sets, but for those that are made when they are first asked for."""

    def __init__(self, known: "Known") -> None:
        super().__init__({name: of for name, of in known.whole.sets.items() if name not in _MADE})
        # Not kept by its own sets, or a view would stay until the collector comes by.
        self._known = weakref.proxy(known)

    def __missing__(self, dimension: str) -> dict[int, BitMap]:
        self.update(self._known.made(dimension))
        return self[dimension]


class Known(Documents):
    """The documents as they could be known at the end of a day."""

    def __init__(self, whole: Documents, day: date) -> None:
        self.whole = whole
        self.day = np.int32(day.toordinal())
        self.core, self.tail = whole.core, whole.tail
        self.things, self.keys = whole.things, whole.keys
        self.languages, self.countries = whole.languages, whole.countries
        self.labels, self.labelled = whole.labels, whole.labelled
        self.live, self._complete = self._counted()
        self.sets = _Sets(self)

    def _counted(self) -> tuple[BitMap, BitMap]:
        """The documents with a citation that counts, and those with none that doesn't."""
        some, every = BitMap(), BitMap()
        for segment in (self.core, self.tail):
            counts, lengths = self._counts(segment, "cite")
            some |= bitmap(np.flatnonzero(counts) + segment.first)
            every |= bitmap(np.flatnonzero(counts == lengths) + segment.first)
        some &= self.whole.live
        return some, every & some

    def _counts(self, segment: Segment, table: str) -> tuple[Array, Array]:
        """How many rows of each document of a segment count, and how many it has."""
        offsets = segment.array(table).astype(np.int64)
        counting = segment.array(f"{table}.known") <= self.day
        sums = np.concatenate(([0], np.cumsum(counting, dtype=np.int32)))
        return sums[offsets[1:]] - sums[offsets[:-1]], np.diff(offsets)

    # --- Reading ----------------------------------------------------------------------------

    @property
    def held(self) -> BitMap:
        return self.whole.live

    @property
    def complete(self) -> BitMap:
        return self._complete

    def restricts(self, dimension: str) -> bool:
        return dimension in RESTRICTED

    def gather(
        self, table: str, docs: Array, names: Iterable[str] = ()
    ) -> tuple[Array, dict[str, Array]]:
        """The rows that count."""
        if "known" in TABLES[table] and len(docs) * _PART > self.core.length:
            return self._rows(table, tuple(names) or tuple(TABLES[table]), docs)
        return super().gather(table, docs, names)

    def rows(self, table: str, docs: Array) -> Hits:
        hits = []
        for segment, of, rows in super().rows(table, docs):
            if "known" in TABLES[table]:
                counting = segment.array(f"{table}.known")[rows] <= self.day
                of, rows = of[counting], rows[counting]
            hits.append((segment, of, rows))
        return hits

    def values(self, table: str, docs: Array) -> Array:
        if "known" not in TABLES[table]:
            return super().values(table, docs)
        column = next(iter(TABLES[table]))
        return self.gather(table, docs, (column,))[1][column]

    def having(self, dimension: str, code: int) -> BitMap:
        if dimension == "publisher":
            return self.having_any(dimension, (code,))
        return super().having(dimension, code)

    def having_any(self, dimension: str, codes: Iterable[int]) -> BitMap:
        if dimension != "publisher":
            return super().having_any(dimension, codes)
        wanted = list(codes)
        docs = self.whole.having_any(dimension, wanted)
        return self._with(docs, "publisher", "publisher", np.array(wanted, np.int64))

    def rolled(self, own: str, code: int) -> BitMap:
        if own == "speaker":
            return self.having_any(own, self.things["actor"].below(code))
        return self.whole.rolled(own, code)

    def resting(self, docs: BitMap, sources: Array) -> BitMap:
        return self._with(docs, "cite", "source", sources)

    def counting(self, segment: Segment, rows: Array) -> Array:
        return rows[segment.array("cite.known")[rows] <= self.day]

    def _with(self, docs: BitMap, table: str, column: str, values: Array) -> BitMap:
        """Of documents with a row of one of the values, those where such a row counts."""
        sure = docs & self._complete
        unsure = (docs & self.live) - sure
        of, columns = self.gather(table, numbers(unsure), (column,))
        return sure | bitmap(of[among(columns[column], values.tolist())])

    def public(self, kind: str, code: int) -> bool:
        """Names are today's, whatever was known then."""
        return self.whole.public(kind, code)

    def known(self, kind: str, code: int) -> bool:
        """Whether any event known by then holds the thing, as it could be known then."""
        if kind == "actor":
            return (
                self.whole.rolled("actor", code).intersect(self.live)
                or bool(self.rolled("speaker", code))
                or any(self.having("attributed", low) for low in self.things["actor"].below(code))
            )
        docs = self.rolled(kind, code) if kind == "place" else self.having(kind, code)
        return docs.intersect(self.live)

    def totals(self) -> tuple[int, int, int, int]:
        """How many events, sources, publishers and languages are known."""
        _of, cited = self._rows("cite", ("source",))
        sources = np.zeros(int(cited["source"].max(initial=0)) + 1, bool)
        sources[cited["source"]] = True
        _of, held = self._rows("publisher", ("publisher",))
        publishers = np.count_nonzero(np.bincount(held["publisher"]))
        languages = sum(map(bool, self.sets["language"].values()))
        return len(self.live), int(np.count_nonzero(sources)), int(publishers), languages

    # --- Making the sets of a dimension -----------------------------------------------------

    def made(self, dimension: str) -> Sets:
        """The sets of a dimension, and of others that come of the same rows."""
        if dimension == "speaker_all":
            return {dimension: {}}
        if dimension == "verification":
            return {dimension: self._labels()}
        if dimension == "speaker":
            return {dimension: _sets(*self._rows("speaker", (dimension,)), dimension)}
        if dimension in ("metric", "attributed"):
            rows = self._rows("figure", ("metric", "attributed"))
            return {name: _sets(*rows, name) for name in ("metric", "attributed")}
        # Every answer asks for these three, so the citations are passed over once for all.
        of, cited = self._rows("cite", ("stance", "language", "archived"))
        return {
            "stance": _sets(of, cited, "stance"),
            "language": _sets(of, cited, "language"),
            "has": self._having(of[cited["archived"] > 0]),
        }

    def _rows(
        self, table: str, names: Sequence[str], docs: Array | None = None
    ) -> tuple[Array, dict[str, Array]]:
        """Every row that counts of many documents, or of all that are known; the rows are passed
        over once, which takes less time and memory than to gather them."""
        parts = []
        for segment, held in self.segments(numbers(self.live) if docs is None else docs):
            wanted = np.zeros(segment.length, bool)
            wanted[held.astype(np.int64) - segment.first] = True
            lengths = np.diff(segment.array(table))
            counting = segment.array(f"{table}.known") <= self.day
            counting &= np.repeat(wanted, lengths)
            every = np.arange(segment.first, segment.first + segment.length, dtype=np.uint32)
            columns = [segment.array(f"{table}.{name}")[counting] for name in names]
            parts.append((np.repeat(every, lengths)[counting], *columns))
        if not parts:
            parts.append((np.empty(0, np.uint32), *(np.empty(0, np.int64) for _ in names)))
        of, *joined = (
            each[0] if len(each) == 1 else np.concatenate(each) for each in zip(*parts, strict=True)
        )
        return of, dict(zip(names, joined, strict=True))

    def _labels(self) -> dict[int, BitMap]:
        """The documents by the label of the last step until then."""
        docs = numbers(self.live)
        labels = []
        for segment, held in self.segments(docs):
            counts, _lengths = self._counts(segment, "step")
            local = held.astype(np.int64) - segment.first
            last = segment.array("step")[local].astype(np.int64) + counts[local] - 1
            stepped = counts[local] > 0
            found = np.full(len(held), -1, np.int8)
            found[stepped] = segment.array("step.label")[last[stepped]]
            labels.append(found)
        if not labels:
            return {}
        return {code: held for code, held in grouped(docs, np.concatenate(labels)) if code >= 0}

    def _having(self, archived: Array) -> dict[int, BitMap]:
        figured, _columns = self._rows("figure", ("metric",))
        found = {
            "figures": bitmap(figured),
            "archive": bitmap(archived),
            # Of the event itself, not of what is cited for it.
            **{name: self.whole.having("has", HAS.index(name)) for name in ("place", "correction")},
        }
        return {HAS.index(name): docs for name, docs in found.items()}


def _sets(docs: Array, columns: dict[str, Array], name: str) -> dict[int, BitMap]:
    return {code: held for code, held in grouped(docs, columns[name]) if code >= 0}
