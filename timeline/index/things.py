"""Named things in memory: what codes, slugs, names, trees and tokens stand for.

The index counts in codes, small numbers that a thing keeps as long as the index lives; readers
write slugs and read names. A thing is kept here whether it is public or not: what readers may
learn of it is decided by the documents that hold it (:mod:`timeline.index.documents`). So this
module doesn't read through ``public()``, which would ask about every event.

Invariants: ``pks[codes[pk]] == pk``; a code is never given twice; ``parents`` form a forest
(forms refuse rings, and climbing stops at what it has passed). Looking up is O(1), climbing is
O(depth), matching a term reads every name once.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate

import numpy as np
from django.db.models import Model

from timeline import text
from timeline.index.arrays import Array
from timeline.models import (
    Actor,
    ActorName,
    Category,
    Metric,
    Place,
    Publisher,
    PublisherName,
    Term,
    Topic,
)

KINDS = ("actor", "category", "topic", "place", "publisher", "metric")
"""The things that are codes in the index, by the names of their models."""
IN_GLOSSARY = ("category", "topic", "place")
"""Those that are called otherwise in further languages by the glossary, and are searched so."""

Glossary = Mapping[tuple[str, str], Sequence[str]]
"""What a kind of thing of a name is called in further languages."""


def glossary() -> Glossary:
    """The part of the glossary that things are searched by, in all languages."""
    found: dict[tuple[str, str], list[str]] = {}
    rows = Term.objects.filter(kind__in=IN_GLOSSARY).order_by("pk")
    for kind, original, words in rows.values_list("kind", "original", "words"):
        found.setdefault((kind, original), []).append(words)
    return found


class Kind:
    """The things of one model."""

    def __init__(self, name: str, pks: Iterable[int] = ()) -> None:
        """``pks`` in order of their codes, as an index file remembers them."""
        self.name = name
        self.pks: list[int] = []
        self.codes: dict[int, int] = {}
        self.slugs: list[str] = []
        self.labels: list[str] = []
        self.parents: list[int] = []
        self.children: dict[int, set[int]] = {}
        self.countries: list[str] = []
        self.kinds: list[str] = []
        self.points: list[tuple[float, float] | None] = []
        """Of places: longitude and latitude, where both are known."""
        self.families: list[str] = []
        self.owners: list[int] = []
        """Of publishers: the key of the actor that controls each, -1 for none."""
        self.countries_themselves: dict[str, list[int]] = {}
        """Of places: those that are a whole country, by its code."""
        self.by_slug: dict[str, int] = {}
        self._folded: list[tuple[str, ...]] = []
        self._tokens: list[str] = []
        self._matching: dict[text.Term, list[int]] = {}
        self._lines = ""
        self._starts: list[int] = []
        """Where in ``_lines`` the tokens of each code begin; empty while these aren't made."""
        self._ranks: Array | None = None
        self._table = np.full(16, -1, np.int32)
        for pk in pks:
            self._code(pk)

    # --- Reading the record -----------------------------------------------------------------

    def load(self, told: Glossary, pks: Sequence[int] | None = None) -> set[int]:
        """Read all things, or those with these keys, as they are saved now, with what they are
        ``told`` as in further languages. Returns the codes of those whose parent changed, deleted
        ones among them."""
        rows = _MODELS[self.name]._default_manager.all()
        if pks is not None:
            rows = rows.filter(pk__in=pks)
        others = self._other_names(pks)
        found = list(rows.order_by("pk").values_list(*_COLUMNS[self.name]))
        moved = set()
        missing = set(self.pks if pks is None else pks) - {row[0] for row in found}
        for pk in missing & self.codes.keys():
            self._forget(self.codes[pk])
            moved.add(self.codes[pk])
        for pk, slug, label, *rest in found:
            code = self._code(pk)
            self._rename(
                code, slug, label, (*others.get(pk, ()), *told.get((self.name, label), ()))
            )
            if self.name in ("actor", "place") and self._place_under(code, rest[0]):
                moved.add(code)
            if self.name in ("actor", "place"):
                self.countries[code] = rest[1]
            if self.name == "place":
                self.kinds[code], self.points[code] = rest[2], point(*rest[3:])
            if self.name == "publisher":
                self.countries[code] = rest[0]
                self.owners[code] = -1 if rest[1] is None else rest[1]
            if self.name == "category":
                self.families[code] = rest[0]
        if self.name == "place":
            self.countries_themselves.clear()
            for code, kind in enumerate(self.kinds):
                if kind == "country":
                    self.countries_themselves.setdefault(self.countries[code], []).append(code)
        self._ranks = None
        self._matching.clear()
        return moved

    def _other_names(self, pks: Sequence[int] | None) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        if self.name in _NAMES:
            rows = _NAMES[self.name]._default_manager.order_by("pk")
            if pks is not None:
                rows = rows.filter(**{f"{self.name}__in": pks})
            for pk, name in rows.values_list(self.name, "name"):
                found.setdefault(pk, []).append(name)
        return found

    def retell(self, told: Glossary) -> None:
        """Take in anew what the things are called in further languages."""
        for code, (slug, label) in enumerate(zip(self.slugs, self.labels, strict=True)):
            if slug:
                self._rename(code, slug, label, told.get((self.name, label), ()))
        self._matching.clear()

    def _code(self, pk: int) -> int:
        code = self.codes.get(pk)
        if code is None:
            code = self.codes[pk] = len(self.pks)
            self.pks.append(pk)
            for column in (self.slugs, self.labels, self.countries, self.kinds, self.families):
                column.append("")
            self.points.append(None)
            self.parents.append(-1)
            self.owners.append(-1)
            self._folded.append(())
            self._tokens.append("")
            self._starts.clear()
            if pk >= len(self._table):
                table = np.full(max(pk + 1, 2 * len(self._table)), -1, np.int32)
                table[: len(self._table)] = self._table
                self._table = table
            self._table[pk] = code
        return code

    def _rename(self, code: int, slug: str, label: str, others: Iterable[str]) -> None:
        if self.by_slug.get(self.slugs[code]) == code:
            del self.by_slug[self.slugs[code]]
        self.slugs[code], self.labels[code] = slug, label
        self.by_slug[slug] = code
        called = (label, *others)
        self._starts.clear()
        self._folded[code] = tuple(text.fold(name) for name in called)
        self._tokens[code] = text.search_tokens(*called)

    def _place_under(self, code: int, parent: int | None) -> bool:
        above = -1 if parent is None else self._code(parent)
        before = self.parents[code]
        if above == before:
            return False
        if before >= 0:
            self.children[before].discard(code)
        if above >= 0:
            self.children.setdefault(above, set()).add(code)
        self.parents[code] = above
        return True

    def _forget(self, code: int) -> None:
        """A thing that was deleted; its code stays, without documents."""
        if self.by_slug.get(self.slugs[code]) == code:
            del self.by_slug[self.slugs[code]]
        self._place_under(code, None)
        self.slugs[code] = self.labels[code] = self.kinds[code] = ""
        self.points[code] = None
        self._folded[code], self._tokens[code] = (), ""
        self._starts.clear()

    # --- Asking -----------------------------------------------------------------------------

    def coded(self, pks: Array) -> Array:
        """The codes of keys, -1 staying -1. Raises ``KeyError`` for a key that isn't known."""
        beyond = pks >= len(self._table)
        found = np.where(pks < 0, -1, self._table[np.where(beyond, 0, pks)])
        unknown = beyond | ((found < 0) & (pks >= 0))
        if unknown.any():
            raise KeyError(f"{self.name} {int(pks[unknown][0])}")
        return found

    def code(self, pk: int) -> int:
        """The code of a key, -1 staying -1. Raises ``KeyError`` for a key that isn't known."""
        return -1 if pk < 0 else self.codes[pk]

    def family(self, slugs: Iterable[str], *, exact: bool) -> list[int]:
        """Codes of the slugs' things and, unless ``exact``, of all below them."""
        found = {self.by_slug[slug] for slug in slugs if slug in self.by_slug}
        level = set() if exact else set(found)
        while level:
            level = {low for code in level for low in self.children.get(code, ())} - found
            found |= level
        return sorted(found)

    def below(self, code: int) -> list[int]:
        """A thing and all that is part of it."""
        return self.family([self.slugs[code]], exact=False)

    def upwards(self, code: int) -> list[int]:
        """A thing and all that it is part of, nearest first."""
        found: list[int] = []
        while code >= 0 and code not in found:
            found.append(code)
            code = self.parents[code]
        return found

    @property
    def ranks(self) -> Array:
        """The place of each code in the order of names, by which equal counts are listed."""
        if self._ranks is None:
            order = sorted(
                range(len(self.pks)), key=lambda at: (self.labels[at].casefold(), self.slugs[at])
            )
            self._ranks = np.empty(len(order), np.int64)
            self._ranks[order] = np.arange(len(order))
        return self._ranks

    def matching(self, term: text.Term) -> list[int]:
        """Codes of things with a name that holds the term's tokens in a row."""
        if term not in self._matching:
            if len(self._matching) > _MATCHES:
                self._matching.clear()
            self._matching[term] = list(self._holding(term.pattern))
        return self._matching[term]

    def _holding(self, pattern: str) -> Iterator[int]:
        """Codes whose tokens hold the pattern, which runs over no line: all are one text, a line
        each, so that most of them are passed over at once."""
        if not self._starts:
            self._lines = "\n".join(self._tokens)
            lengths = (len(held) + 1 for held in self._tokens)
            self._starts = list(accumulate(lengths, initial=0))
        at = self._lines.find(pattern)
        while at >= 0:
            code = bisect_right(self._starts, at) - 1
            yield code
            at = self._lines.find(pattern, self._starts[code + 1])

    def suggested(self, folded: str) -> list[tuple[bool, int, str]]:
        """Things with a name that contains ``folded``: whether a word of it begins so, the code,
        and the folded name that fits best."""
        found = []
        for code, names in enumerate(self._folded):
            held = [name for name in names if folded in name]
            if held:
                begins = [name for name in held if name.startswith(folded) or f" {folded}" in name]
                found.append((bool(begins), code, (begins or held)[0]))
        return found


def point(longitude: Decimal | None, latitude: Decimal | None) -> tuple[float, float] | None:
    """Longitude and latitude, where both are known."""
    return None if longitude is None or latitude is None else (float(longitude), float(latitude))


_MATCHES = 500
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "actor": ("pk", "slug", "name", "parent", "country"),
    "place": ("pk", "slug", "name", "parent", "country", "kind", "longitude", "latitude"),
    "publisher": ("pk", "slug", "name", "country", "controlled_by"),
    "topic": ("pk", "slug", "name"),
    "category": ("pk", "slug", "name", "family"),
    "metric": ("pk", "code", "label"),
}
_MODELS: Mapping[str, type[Model]] = {
    "actor": Actor,
    "place": Place,
    "publisher": Publisher,
    "topic": Topic,
    "category": Category,
    "metric": Metric,
}

_NAMES: Mapping[str, type[Model]] = {"actor": ActorName, "publisher": PublisherName}
