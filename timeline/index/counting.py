"""Facets: how many documents of a set have each value, exact, the most frequent first.

Three ways, and the cheapest is taken: values of a whole record are the sizes of their sets;
values of few documents are gathered from the arrays and counted (linear in the documents); those
of many documents are intersected one by one in order of their sizes, until no further value can
be among the first (a few dozen intersections where frequencies are uneven). A facet with a value
chosen in it is counted over the selection without that choice.
"""

import heapq
from collections.abc import Callable, Mapping
from itertools import product

import numpy as np
from django.db.models import TextChoices
from pyroaring import BitMap

from timeline.index.arrays import Array, distinct, numbers
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
from timeline.index.sets import ENUMERATED, Resolver, Values, cited, groups, roles_asked
from timeline.models import choices as enumerations

GATHERED = 40_000
"""Up to so many documents, gathering their values is cheaper than intersecting sets."""

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

    def facet(self, name: str, at_most: int) -> Facet:
        """One facet: its ``at_most`` most frequent values and those that are chosen."""
        selection = self.selection
        adding = name == "actor" and selection.actors_all
        base = self.resolver.matching(selection if adding else selection.without_include(name))
        choice = selection.chosen(name)
        found, more = self._counts(name, base, at_most)
        for value in choice.include:
            if value not in found:
                found[value] = len(self.resolver.matching(selection.narrowed(name, value)))
                more -= found[value] > 0 and more > 0
        # Events with what is excluded aren't in the base; its link takes them in again.
        for value in choice.exclude:
            found[value] = len(self.resolver.matching(selection.narrowed(name, value)))
        values = [
            FacetValue(value, self.label(name, value), count, state(value, choice))
            for value, count in found.items()
        ]
        return first_values(name, values, at_most, more)

    def _counts(self, name: str, base: BitMap, at_most: int) -> Found:
        asked = cited(self.selection.levels(), leaving=name)
        roles = roles_asked(self.selection.levels())
        if name == "year":
            return self._years(base), 0
        if name == "role":
            return self._roles(base), 0
        if name == "actor" and roles is not None:
            return self._in_roles(base, self.resolver.codes("role", roles), at_most)
        if name in ("stance", "speaker", "publisher", "language") and (
            "stance" in asked or (asked and name == "stance")
        ):
            return self._cited(name, base, asked, at_most)
        if name not in _MANY:
            held = self.documents.sets[name]
            counted = ((code, docs.intersection_cardinality(base)) for code, docs in held.items())
            return {self.value(name, code): count for code, count in counted if count}, 0
        if len(base) == len(self.documents.live):
            return self._first(name, self._sizes(name), at_most)
        if len(base) <= GATHERED:
            return self._first(name, self._gather(name, base), at_most)
        return self._one_by_one(name, base, at_most, lambda code: self._set(name, code))

    # --- Things: values are many, so only the first are named -----------------------------------

    def _rolls(self, name: str) -> bool:
        """Whether a value stands for all below it too; places always do."""
        return name in _TREES and (name == "place" or not self.selection.exact)

    def _set(self, name: str, code: int) -> BitMap:
        if self._rolls(name):
            return self.documents.rolled(name, code)
        return self.documents.having(name, code)

    def _sizes(self, name: str) -> Array:
        """How many documents each code has in the whole record."""
        rolls = self._rolls(name)

        def counted() -> Array:
            sizes = np.zeros(len(self.documents.things[_THINGS[name]].pks), np.int64)
            for sets in (name, f"{name}_all") if rolls else (name,):
                for code, docs in self.documents.sets[sets].items():
                    sizes[code] = len(docs)
            return sizes

        return self.resolver.counted((name, rolls), counted)

    def _first(self, name: str, counts: Array, at_most: int) -> Found:
        """The first of all counts by code."""
        present = np.flatnonzero(counts)
        ranks = self.documents.things[_THINGS[name]].ranks[present]
        first = present[np.lexsort((ranks, -counts[present]))[:at_most]]
        found = {self.value(name, code): int(counts[code]) for code in first.tolist()}
        return found, len(present) - len(found)

    def _gather(self, name: str, base: BitMap) -> Array:
        """Count the values of each document of a small set."""
        docs = numbers(base)
        size = len(self.documents.things[_THINGS[name]].pks)
        if name == "place":
            places = self.documents.take("place", docs)
            counts = np.bincount(places[places >= 0], minlength=size)
        else:
            counts = np.bincount(self.documents.values(name, docs), minlength=size)
        if self._rolls(name):
            # A document may hold several things of a family, so that sums would be too high.
            for code, held in self.documents.sets[f"{name}_all"].items():
                counts[code] = held.intersection_cardinality(base)
        return counts

    def _one_by_one(
        self, name: str, base: BitMap, at_most: int, docs_of: Callable[[int], BitMap]
    ) -> Found:
        """Intersect the sets of values with a large one, the largest first, until the next set
        is too small to be among the first. ``docs_of`` gives a value's documents, at most those
        of ``_set``."""
        sizes = self._sizes(name)
        order = self.resolver.counted(
            (name, self._rolls(name), "order"), lambda: np.argsort(-sizes, kind="stable")
        ).tolist()
        best: list[int] = []
        counts: list[tuple[int, int]] = []
        visited = 0
        for code in order:
            size = sizes[code]
            if size == 0 or (len(best) == at_most and size < best[0]):
                break
            visited += 1
            count = docs_of(code).intersection_cardinality(base)
            if not count:
                continue
            counts.append((count, code))
            if len(best) < at_most:
                heapq.heappush(best, count)
            elif count > best[0]:
                heapq.heapreplace(best, count)
        ranks = self.documents.things[_THINGS[name]].ranks
        first = heapq.nsmallest(at_most, counts, key=lambda each: (-each[0], ranks[each[1]]))
        missing = len(self.documents.live) - len(base)
        plain = docs_of(order[0]) is self._set(name, order[0]) if order else True
        others = sum(
            bool((plain and sizes[code] > missing) or docs_of(code).intersect(base))
            for code in order[visited:]
            if sizes[code]
        )
        found = {self.value(name, code): count for count, code in first}
        return found, len(counts) - len(found) + others

    def _in_roles(self, base: BitMap, roles: list[int], at_most: int) -> Found:
        """Actors by the events in which they, or actors below them, have one of the roles."""
        if len(base) <= GATHERED:
            of, parts = self.documents.gather("part", numbers(base))
            kept = np.isin(parts["role"], roles)
            return self._first("actor", self._spread(of[kept], parts["actor"][kept]), at_most)
        tree = self.documents.things["actor"]

        def docs_of(actor: int) -> BitMap:
            family = tree.below(actor) if self._rolls("actor") else [actor]
            return self.documents.having_any(
                "part", (each * PAIR + role for each, role in product(family, roles))
            )

        return self._one_by_one("actor", base, at_most, docs_of)

    def _spread(self, of: Array, actors: Array) -> Array:
        """Count the documents of actors, given as pairs, and of all that these are part of."""
        size = len(self.documents.things["actor"].pks)
        if self._rolls("actor"):
            above = self.resolver.counted(("actor", "above"), self._above)
            depth = above.shape[1]
            of, actors = np.repeat(of, depth), above[actors].ravel()
        _docs, codes = distinct(of, actors)
        return np.bincount(codes, minlength=size)

    def _above(self) -> Array:
        """For each actor, itself and all that it is part of, filled up with -1."""
        tree = self.documents.things["actor"]
        climbs = [tree.upwards(code) for code in range(len(tree.pks))]
        depth = max(map(len, climbs), default=1)
        return np.array([[*climb, *[-1] * (depth - len(climb))] for climb in climbs], np.int32)

    # --- What citations say -----------------------------------------------------------------

    def _cited(
        self, name: str, base: BitMap, asked: dict[str, list[Values]], at_most: int
    ) -> Found:
        """Values of the citations that are all else that is asked of one citation."""
        codes = self.resolver.cited_codes(asked, exact=self.selection.exact)
        choices = [(facet, each) for facet, several in codes.items() for each in several]
        if len(choices) > 1:
            return self._of_rows(name, base, codes, at_most)
        ((facet, wanted),) = choices
        if name == "stance":
            counts = {
                stance: self.documents.having_any(
                    f"stance_{facet}", (code * PAIR + at for code in wanted)
                ).intersection_cardinality(base)
                for at, stance in enumerate(STANCES)
            }
            return {stance: count for stance, count in counts.items() if count}, 0
        rolls = self._rolls(name)

        def docs_of(code: int) -> BitMap:
            family = self.documents.things["actor"].below(code) if rolls else [code]
            return self.documents.having_any(
                f"stance_{name}", (each * PAIR + at for each, at in product(family, wanted))
            )

        if name in _MANY:
            return self._one_by_one(name, base, at_most, docs_of)
        languages = range(len(self.documents.languages))
        counted = {code: docs_of(code).intersection_cardinality(base) for code in languages}
        return {self.value(name, code): count for code, count in counted.items() if count}, 0

    def _of_rows(
        self, name: str, base: BitMap, asked: dict[str, list[list[int]]], at_most: int
    ) -> Found:
        of, columns = self.resolver.citations(numbers(base), asked)
        if name == "speaker":
            kept = columns["speaker"] >= 0
            counts = self._spread(of[kept], columns["speaker"][kept])
        else:
            values = columns[name]
            if name == "publisher":
                of, values = np.tile(of, 2), np.concatenate((values, columns["agency"]))
            _docs, codes = distinct(of, values)
            counts = np.bincount(codes)
        if name in _MANY:
            full = np.zeros(len(self.documents.things[_THINGS[name]].pks), np.int64)
            full[: len(counts)] = counts
            return self._first(name, full, at_most)
        present = np.flatnonzero(counts).tolist()
        return {self.value(name, code): int(counts[code]) for code in present}, 0

    # --- Roles and years --------------------------------------------------------------------

    def _roles(self, base: BitMap) -> Counts:
        """Roles in which the chosen actors, each of them where all are asked for, take part."""
        tree = self.documents.things["actor"]
        families = [
            tree.family(group, exact=self.selection.exact)
            for level in self.selection.levels()
            for group in groups(level)
        ]
        counts = {}
        for code, role in enumerate(ENUMERATED["role"]):
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

    def label(self, name: str, value: str) -> str:
        """What to call a value; one without a name is called by itself."""
        if name in _THINGS:
            kind = self.documents.things[_THINGS[name]]
            code = kind.by_slug.get(value)
            known = code is not None and self.documents.public(_THINGS[name], code)
            return kind.labels[code] if code is not None and known else value
        if name in _ENUMERATIONS:
            enumeration = _ENUMERATIONS[name]
            return str(enumeration(value).label) if value in enumeration.values else value
        if name == "has":
            return HAS_LABELS.get(value, value)
        if name == "country":
            return self.documents.country_name(value)
        return value
