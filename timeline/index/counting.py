"""Facets: how many documents of a set have each value, exact, the most frequent first.

Three ways, and the cheapest is taken: values of a whole record are the sizes of their sets;
values of few documents are gathered from the arrays and counted (linear in the documents); those
of many documents are intersected one by one in order of their sizes, until no further value can
be among the first (a few dozen intersections where frequencies are uneven; how many more values
there are is mostly known from a few documents of each). A facet with a value chosen in it is
counted over the selection without that choice.
"""

import heapq
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from django.db.models import TextChoices
from django.utils.translation import get_language
from pyroaring import BitMap

from timeline.index.arrays import Array, Hits, among, distinct, numbers, owners, taken
from timeline.index.density import Span
from timeline.index.documents import PAIR
from timeline.index.page import (
    HAS_LABELS,
    Facet,
    FacetValue,
    first_values,
    state,
)
from timeline.index.reading import STANCES
from timeline.index.selection import Selection
from timeline.index.sets import ENUMERATED, Chosen, Resolver, cited, groups, roles_asked
from timeline.index.values import Tree, Values, Witnesses
from timeline.models import choices as enumerations

GATHERED = 70_000
"""Up to so many documents, gathering their values may be cheaper than intersecting sets."""
_PART = 7
"""Larger sets than this part of all documents hold nearly every value, which is seen at once."""
_FEW = 20_000
"""The countries of no more documents than this are counted by their places."""
GATHERED_PAIRS = 15_000
"""The same for values of parts and citations, which must be told apart after gathering."""

_ENUMERATIONS: Mapping[str, type[TextChoices]] = {
    "role": enumerations.Role,
    "stance": enumerations.Stance,
    "verification": enumerations.VerificationLabel,
    "importance": enumerations.Importance,
}
_THINGS = {
    "actor": "actor",
    "speaker": "actor",
    **{name: name for name in ("place", "publisher", "topic", "category", "metric")},
}
_TREES = frozenset({"actor", "speaker", "place"})
_MANY = frozenset({"actor", "speaker", "place", "publisher", "topic"})
"""Facets of so many values that not all of them are counted one by one."""
_SEVERAL = frozenset({"country", "language", "metric"})
"""Facets whose values need not all be counted where each count takes time."""

Counts = dict[str, int]
Found = tuple[Counts, int]
"""Counts by value, the first ones among them, and how many more values there are."""


class Counter:
    """Counts the facets of one selection."""

    def __init__(self, resolver: Resolver, span: Span, selection: Selection) -> None:
        self.resolver = resolver
        self.documents = resolver.documents
        self.selection = selection
        self.span = span
        self._found = resolver.matching(selection)
        self._language = get_language()
        self._levels = selection.levels()
        self._roles_asked = roles_asked(self._levels)
        self._hits: dict[tuple[int, str], tuple[BitMap, Hits]] = {}

    def facet(self, name: str, at_most: int) -> Facet:
        """One facet: its ``at_most`` most frequent values and those that are chosen."""
        selection = self.selection
        choice = selection.chosen(name)
        open_ = not choice.include or (name == "actor" and selection.actors_all)
        base = self._found if open_ else self.resolver.matching(selection.without_include(name))
        found, more = self._counts(name, base, at_most)
        for value in choice.include:
            if value not in found:
                found[value] = len(self.resolver.matching(selection.narrowed(name, value)))
                more -= found[value] > 0 and more > 0
        # Events with what is excluded aren't in the base; its link takes them in again.
        for value in choice.exclude:
            found[value] = len(self.resolver.matching(selection.narrowed(name, value)))
        values = [
            FacetValue(value, self._called(name, value, count), count, state(value, choice))
            for value, count in found.items()
        ]
        return first_values(name, values, at_most, more)

    def _counts(self, name: str, base: BitMap, at_most: int) -> Found:
        if name == "year":
            return self._years(base), 0
        if name == "role":
            return self._roles(base), 0
        if name == "actor" and self._roles_asked is not None:
            roles = self.resolver.codes("role", self._roles_asked)
            return self._many(name, base, at_most, "part", tuple(roles))
        if name in ("stance", "speaker", "publisher", "language"):
            asked = cited(self._levels, leaving=name)
            if "stance" in asked or (asked and name == "stance"):
                return self._cited(name, base, asked, at_most)
        if name in _MANY:
            return self._many(name, base, at_most)
        if name == "country" and len(base) <= _FEW:
            return self._countries(base), 0
        held = self.documents.sets[name]
        if name in _SEVERAL and len(base) > GATHERED and len(held) > at_most:
            values = self.resolver.once(("values", name), lambda: self._some(name))
            return self._one_by_one(name, values, base, at_most)
        counted = ((code, docs.intersection_cardinality(base)) for code, docs in held.items())
        return {self.value(name, code): count for code, count in counted if count}, 0

    def _countries(self, base: BitMap) -> Counts:
        """Countries of few documents, by way of their places."""
        documents = self.documents
        of_places = self.resolver.once(("countries of places",), documents.countries_of_places)
        found = of_places[documents.take("place", numbers(base))]
        counts = np.bincount(found[found >= 0])
        present = np.flatnonzero(counts)
        return {
            documents.countries.tag(code): count
            for code, count in zip(present.tolist(), counts[present].tolist(), strict=True)
        }

    def _some(self, name: str) -> Values:
        held = self.documents.sets[name]
        return Values(
            max(held, default=-1) + 1, {code: [docs] for code, docs in held.items()}, None
        )

    # --- Things: values are many, so only the first are named -----------------------------------

    def _many(
        self,
        name: str,
        base: BitMap,
        at_most: int,
        pairs: str = "",
        wanted: tuple[int, ...] = (),
    ) -> Found:
        """The first values of a facet; with ``pairs``, of parts or citations that are one of the
        ``wanted`` roles or stances."""
        values = self._values(name, pairs, wanted)
        if not pairs and self.documents.restricts(name):
            counts = self._gathered(name, base, pairs, wanted)
            if values.tree is not None:
                counts = self._rolled(values.tree, values, counts, base, at_most)
            return self._first(name, counts, at_most)
        if not pairs and len(base) == len(self.documents.held):
            return self._first(name, self._sizes(name, values), at_most)
        if len(base) <= (GATHERED_PAIRS if pairs else self._at_most_gathered(name)):
            counts = self._gathered(name, base, pairs, wanted)
            if values.tree is not None:
                counts = self._rolled(values.tree, values, counts, base, at_most)
            return self._first(name, counts, at_most)
        return self._one_by_one(name, values, base, at_most, witnessed=not pairs)

    def _at_most_gathered(self, name: str) -> int:
        """Up to so many documents, a facet's values are gathered."""
        part = len(self.documents.held) // _PART
        # A document has one place, which is gathered in half the time.
        return min(GATHERED, 2 * part if name == "place" else part)

    def _rolls(self, name: str) -> bool:
        """Whether a value stands for all below it too; places always do."""
        return name in _TREES and (name == "place" or not self.selection.exact)

    def _values(self, name: str, pairs: str, wanted: tuple[int, ...]) -> Values:
        rolls = self._rolls(name)
        return self.resolver.once(
            ("values", name, pairs, wanted, rolls), lambda: self._gather_sets(name, pairs, wanted)
        )

    def _gather_sets(self, name: str, pairs: str, wanted: tuple[int, ...]) -> Values:
        tree = self._tree(name) if self._rolls(name) else None
        size = len(self.documents.things[_THINGS[name]].pks)
        held = self.documents.sets[pairs or name]
        if not pairs:
            families = self.documents.sets[f"{name}_all"] if tree is not None else None
            return Values(size, {code: [docs] for code, docs in held.items()}, tree, families)
        own: dict[int, list[BitMap]] = {}
        for role in wanted:
            for code, docs in held.items():
                if code % PAIR == role:
                    own.setdefault(code // PAIR, []).append(docs)
        return Values(size, own, tree)

    def _tree(self, name: str) -> Tree:
        kind = self.documents.things[_THINGS[name]]
        return self.resolver.once(("tree", kind.name), lambda: Tree(kind))

    def _sizes(self, name: str, values: Values) -> Array:
        """How many documents each code has in the whole record."""

        def counted() -> Array:
            return np.array([len(values.docs(code)) for code in range(len(values.bounds))])

        return self.resolver.sizes(name, rolls=self._rolls(name), count=counted)

    def _first(self, name: str, counts: Array, at_most: int) -> Found:
        """The first of all counts by code."""
        present = np.flatnonzero(counts)
        ranks = self.documents.things[_THINGS[name]].ranks[present]
        first = present[np.lexsort((ranks, -counts[present]))[:at_most]]
        found = {self.value(name, code): int(counts[code]) for code in first.tolist()}
        return found, len(present) - len(found)

    def _gathered(self, name: str, base: BitMap, pairs: str, wanted: tuple[int, ...]) -> Array:
        """Count the values of each document of a small set, without what is below them."""
        docs = numbers(base)
        size = len(self.documents.things[_THINGS[name]].pks)
        if not pairs:
            return np.bincount(self._own_codes(name, docs), minlength=size)
        table, asked = ("part", "role") if pairs == "part" else ("cite", "stance")
        hits = []
        for segment, of, rows in self.documents.rows(table, docs):
            kept = among(segment.array(f"{table}.{asked}")[rows], wanted)
            hits.append((segment, of[kept], rows[kept]))
        of, codes = owners(hits), taken(hits, f"{table}.{name}")
        if name == "publisher":
            of, codes = np.tile(of, 2), np.concatenate((codes, taken(hits, "cite.agency")))
        return np.bincount(distinct(of, codes)[1], minlength=size)

    def _rolled(self, tree: Tree, values: Values, own: Array, base: BitMap, at_most: int) -> Array:
        """Counts with what is below each code: exact for all that may be among the first.

        A document may hold several things of a family, so sums are only bounds.
        """
        counts = tree.sums(own)
        alone = counts[~tree.parents]
        first = np.partition(alone, -at_most)[-at_most:] if len(alone) >= at_most else alone
        best = first.tolist()
        heapq.heapify(best)
        parents = np.flatnonzero(tree.parents & (counts > 0))
        for code in parents[np.argsort(-counts[parents])].tolist():
            if len(best) == at_most and counts[code] < best[0]:
                break
            counts[code] = count = values.docs(code).intersection_cardinality(base)
            if len(best) < at_most:
                heapq.heappush(best, count)
            elif count > best[0]:
                heapq.heapreplace(best, count)
        return counts

    def _one_by_one(
        self, name: str, values: Values, base: BitMap, at_most: int, *, witnessed: bool = False
    ) -> Found:
        """Intersect the sets of values with a large one, the largest first, until the next set
        is too small to be among the first; ``witnessed`` where the values are the documents'
        own."""
        best: list[int] = []
        counts: list[tuple[int, int]] = []
        bounds = values.bounds
        for code in values.order:
            bound = bounds[code] + values.loose
            if len(best) == at_most and bound < best[0]:
                break
            count = values.docs(code).intersection_cardinality(base)
            if not count:
                continue
            counts.append((count, code))
            if len(best) < at_most:
                heapq.heappush(best, count)
            elif count > best[0]:
                heapq.heapreplace(best, count)
        rank = self._rank(name)
        first = heapq.nsmallest(at_most, counts, key=lambda each: (-each[0], rank(each[1])))
        found = {self.value(name, code): count for count, code in first}
        missing = len(self.documents.held) - len(base)
        seen = self._seen(name, base) if witnessed else None
        return found, int(np.count_nonzero(values.present(base, missing, seen))) - len(found)

    def _seen(self, name: str, base: BitMap) -> tuple[Array, Array]:
        """What a few documents of each value say of a set."""
        witnesses = self.resolver.lasting(("witnesses", name), lambda: self._witnesses(name))
        tail = self.documents.tail.first
        docs = np.fromiter(base.iter_equal_or_larger(tail), np.uint32)
        return witnesses.among(base, self._own_codes(name, docs))

    def _witnesses(self, name: str) -> Witnesses:
        core = self.documents.core
        docs = np.arange(core.length, dtype=np.int32)
        if name == "place":
            codes = core.array("place")
            docs, codes = docs[codes >= 0], codes[codes >= 0]
        else:
            lengths: Array = np.diff(core.array(name).astype(np.int64))
            docs = np.repeat(docs, lengths)
            codes = core.array(f"{name}.{name}")
        return Witnesses(docs, codes, len(self.documents.things[_THINGS[name]].pks))

    def _own_codes(self, name: str, docs: Array) -> Array:
        """The values of documents, without saying whose they are."""
        if name == "place":
            places = self.documents.take("place", docs)
            return places[places >= 0]
        return self.documents.values(name, docs)

    def _rank(self, name: str) -> Callable[[int], Any]:
        """The place of a code among those of equal counts."""
        if name in _THINGS:
            ranks: Callable[[int], Any] = self.documents.things[_THINGS[name]].ranks.__getitem__
            return ranks

        def labelled(code: int) -> tuple[str, str]:
            value = self.value(name, code)
            return self.label(name, value).casefold(), value

        return labelled

    # --- What citations say -----------------------------------------------------------------

    def _cited(
        self, name: str, base: BitMap, asked: dict[str, list[Chosen]], at_most: int
    ) -> Found:
        """Values of the citations that are all else that is asked of one citation."""
        codes = self.resolver.cited_codes(asked, exact=self.selection.exact)
        choices = [(facet, each) for facet, several in codes.items() for each in several]
        if len(choices) > 1 or self.documents.restricts(name):
            return self._of_rows(name, base, codes, at_most)
        ((facet, wanted),) = choices
        if name in _MANY:
            return self._many(name, base, at_most, f"stance_{name}", tuple(wanted))
        counts: Counts = {}
        if name == "stance":
            pairs = {at: [code * PAIR + at for code in wanted] for at in range(len(STANCES))}
        else:
            languages = range(len(self.documents.languages))
            pairs = {code: [code * PAIR + at for at in wanted] for code in languages}
        dimension = f"stance_{facet if name == 'stance' else name}"
        for code, each in pairs.items():
            count = self.documents.having_any(dimension, each).intersection_cardinality(base)
            if count:
                counts[self.value(name, code)] = count
        return counts, 0

    def _of_rows(
        self, name: str, base: BitMap, asked: dict[str, list[list[int]]], at_most: int
    ) -> Found:
        hits = self._citing(base, asked)
        of, values = owners(hits), taken(hits, f"cite.{name}")
        if name == "publisher":
            of, values = np.tile(of, 2), np.concatenate((values, taken(hits, "cite.agency")))
        if self._rolls(name):
            above = self._tree(name).above
            of, values = of[values >= 0], values[values >= 0]
            of, values = np.repeat(of, above.shape[1]), above[values].ravel()
        _docs, codes = distinct(of, values)
        if name in _MANY:
            size = len(self.documents.things[_THINGS[name]].pks)
            return self._first(name, np.bincount(codes, minlength=size), at_most)
        counts = np.bincount(codes)
        present = np.flatnonzero(counts).tolist()
        return {self.value(name, code): int(counts[code]) for code in present}, 0

    def _citing(self, base: BitMap, asked: dict[str, list[list[int]]]) -> Hits:
        """The citations of a set that are all that is asked, which several facets ask alike."""
        key = (id(base), repr(asked))
        if key not in self._hits:
            # The set is kept with them, so that its identity is not another's later.
            self._hits[key] = (base, self.resolver.citations(numbers(base), asked))
        return self._hits[key][1]

    # --- Roles and years --------------------------------------------------------------------

    def _roles(self, base: BitMap) -> Counts:
        """Roles in which the chosen actors, each of them where all are asked for, take part."""
        tree = self.documents.things["actor"]
        families = [
            tree.family(group, exact=self.selection.exact)
            for level in self._levels
            for group in groups(level)
        ]
        counts = {}
        for code, role in enumerate(ENUMERATED["role"]):
            if not families:
                counts[role] = self.documents.having("role", code).intersection_cardinality(base)
                continue
            docs = self.documents.having("role", code) & base
            for family in families:
                docs &= self.documents.having_any("part", (each * PAIR + code for each in family))
            counts[role] = len(docs)
        return {role: count for role, count in counts.items() if count}

    def _years(self, base: BitMap) -> Counts:
        if self.selection.certainly:
            counted = self.span.within_years(base)
        else:
            counted = self.span.years(base)
        return {f"{year:04}": count for year, count in counted if count}

    # --- Names ------------------------------------------------------------------------------

    def value(self, name: str, code: int) -> str:
        """The public form of a code."""
        if name in _THINGS:
            return self.documents.things[_THINGS[name]].slugs[code]
        if name in ENUMERATED:
            return ENUMERATED[name][code]
        tags = self.documents.languages if name == "language" else self.documents.countries
        return tags.tag(code)

    def _called(self, name: str, value: str, count: int) -> str:
        """What to call a value of so many documents; a thing that has any is public."""
        if name == "year":
            return value
        if count and name in _THINGS:
            kind = self.documents.things[_THINGS[name]]
            code = kind.by_slug.get(value)
            return value if code is None else kind.labels[code]
        return self.label(name, value)

    def label(self, name: str, value: str) -> str:
        """What to call a value; one without a name is called by itself."""
        if name in _THINGS:
            kind = self.documents.things[_THINGS[name]]
            code = kind.by_slug.get(value)
            known = code is not None and self.documents.public(_THINGS[name], code)
            return kind.labels[code] if code is not None and known else value
        if name in _ENUMERATIONS or name == "has":
            return _enumerated(self._language, name, value)
        if name == "country":
            return self.resolver.named(value)
        return value


@lru_cache(maxsize=1000)
def _enumerated(_language: str | None, name: str, value: str) -> str:
    """What to call a value of an enumeration, in the language of the moment."""
    if name == "has":
        return str(HAS_LABELS.get(value, value))
    enumeration = _ENUMERATIONS[name]
    return str(enumeration(value).label) if value in enumeration else value
