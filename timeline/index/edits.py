"""One index of the record: what it answers, and how it follows the change log.

Invariant: between two calls the index is the public record as of change ``number``, but for the
events in ``waiting``, which a bulk change has taken out until the index is built anew.
Following one edit of an event costs three short statements and some hundred set operations,
about a millisecond; reading that nothing changed costs one look at the log.
"""

import gc
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import numpy as np

from timeline.index import memory, reading
from timeline.index.arrays import Array
from timeline.index.counting import Counter
from timeline.index.density import Span, density
from timeline.index.documents import Documents, all_things, built
from timeline.index.known import Known
from timeline.index.page import AT_MOST, Page
from timeline.index.paging import ordered, page
from timeline.index.searching import Words
from timeline.index.selection import FACETS, PAGE_SIZE, Selection, chosen_range
from timeline.index.sets import Resolver, ThenResolver
from timeline.index.things import IN_GLOSSARY, Glossary, glossary

BULK = 5_000
"""More changed events than this at once are left to a new index."""
SINGLY = 8
"""Up to so many changed events at once are read and taken in one by one."""
LONGEST_TAIL = 5_000
"""A longer tail is worth a new index."""
_GIVEN_BACK = 50
"""After so many answers the memory that they freed is given back; each time takes four
milliseconds at a million events."""
_DAYS = 2
"""Past days whose views are kept until the next edit; of a million events, each takes some ten
megabytes."""


class Lost(Exception):
    """The change log isn't the one that this index has followed."""


class Index:
    """Answers selections from sets, and follows the record."""

    def __init__(self, documents: Documents, number: int) -> None:
        """``number`` is the change that the documents are as of."""
        self.documents = documents
        self.begun = self.number = number
        self._entry: tuple[int, str] | None = None
        self.waiting: set[int] = set()
        self.words = Words(documents)
        self.resolver = Resolver(documents, self.words)
        self._then: OrderedDict[date, Resolver] = OrderedDict()
        self._answers = 0
        self._unmoved = set(self.documents.things)
        """Kinds of things that no edit was followed of. Those of a file were read later than it
        was written, so that its sets may know of parents that the things have no more."""

    @property
    def entry(self) -> str:
        """The last change that the index holds, told from one of the same number in another
        state of the database."""
        if self._entry is None or self._entry[0] != self.number:
            self._entry = (self.number, reading.entry(self.number))
        return self._entry[1]

    @property
    def worn(self) -> bool:
        """Whether a new index would serve better."""
        return bool(self.waiting) or self.documents.tail.length > LONGEST_TAIL

    def answer(self, selection: Selection, at_most: int = AT_MOST) -> Page:
        """Answer a selection: its page, its total, every facet and the density."""
        self._answers += 1
        if self._answers % _GIVEN_BACK == 0:
            memory.give_back()
        # What depends on neither order nor page, so that pages share what is counted.
        plain = selection.changed(sort="date", page_size=PAGE_SIZE)
        resolver = self.as_known(selection.known_by)
        found = resolver.matching(plain)
        docs, following, preceding = page(resolver, found, selection)
        span = Span(resolver, plain)
        counter = Counter(resolver, span, plain)
        listed = np.sort(np.array(docs, np.uint32))
        keys = dict(zip(listed.tolist(), self._take("key", listed), strict=True))
        return Page(
            total=len(found),
            ids=tuple(keys[doc] for doc in docs),
            facets={name: counter.facet(name, at_most) for name in FACETS},
            density=density(resolver, span, plain),
            next_cursor=following,
            previous_cursor=preceding,
            began_earlier=self._began_earlier(selection, listed, keys),
        )

    def keys(self, selection: Selection) -> Array:
        """The keys of all events of a selection, in its order, whatever page it asks for."""
        resolver = self.as_known(selection.known_by)
        found = resolver.matching(selection.changed(sort="date", page_size=PAGE_SIZE))
        docs = ordered(resolver, found, selection.sort)
        places = np.argsort(docs)
        keys = np.empty(len(docs), np.int64)
        keys[places] = self.documents.take("key", docs[places])
        return keys

    def as_known(self, day: date | None) -> Resolver:
        """What finds documents as they could be known on a day; None for today."""
        if day is None:
            return self.resolver
        found = self._then.get(day)
        if found is None:
            known = Known(self.documents, day)
            found = self._then[day] = ThenResolver(known, Words(known), self.resolver)
            if len(self._then) > _DAYS:
                self._then.popitem(last=False)
        self._then.move_to_end(day)
        return found

    def _take(self, column: str, docs: Array) -> list[int]:
        taken: list[int] = self.documents.take(column, docs).tolist()
        return taken

    def _began_earlier(
        self, selection: Selection, docs: Array, keys: dict[int, int]
    ) -> frozenset[int]:
        chosen = chosen_range(selection)
        if chosen is None:
            return frozenset()
        first = chosen[0].toordinal()
        began = zip(docs.tolist(), self._take("sort", docs), strict=True)
        return frozenset(keys[doc] for doc, day in began if day < first)

    # --- Following the record ---------------------------------------------------------------

    def catch_up(self) -> bool:
        """Read the change log and follow it; whether there was anything new.

        Raises ``Lost`` when the log is shorter than what was read of it.
        """
        if reading.last_change() == self.number:
            return False
        with reading.snapshot():
            changes = reading.changes_after(self.number)
            if not changes and reading.last_change() < self.number:
                raise Lost(f"The change log ends before {self.number}.")
            touched: dict[str, set[int]] = {}
            for _number, model, key in changes:
                touched.setdefault(model, set()).add(key)
            self._follow_things(touched)
            events = touched.get("event", set())
            if sources := touched.get("source"):
                events |= set(reading.citing(sorted(sources)))
            self._follow_events(sorted(events))
        if changes:
            self.number = changes[-1][0]
        self.resolver.forget(len(events), self.documents.touched())
        self._then.clear()
        return True

    def _follow_things(self, touched: dict[str, set[int]]) -> None:
        told: Glossary = glossary() if touched.keys() & {"term", *IN_GLOSSARY} else {}
        for name, kind in self.documents.things.items():
            pks = sorted(touched.get(name, ()))
            if not pks:
                continue
            before = {
                above for pk in pks if pk in kind.codes for above in kind.upwards(kind.codes[pk])
            }
            held = len(kind.pks)
            moved = kind.load(told, pks)
            if len(kind.pks) > held:
                self.documents.grown(name)
            if name in self._unmoved:
                self._unmoved.discard(name)
                self.documents.move_all(name)
            elif moved:
                self.documents.move(name, moved, before)
            if name == "category":
                self.documents.regroup("family")
            if name == "place":
                self.documents.regroup("country")
        if touched.get("term"):
            for name in IN_GLOSSARY:
                self.documents.things[name].retell(told)

    def _follow_events(self, keys: Sequence[int]) -> None:
        if not keys:
            return
        if len(keys) > BULK:
            # What is no longer public must be gone at once; the rest waits for a new index.
            self.waiting.update(keys)
            self.documents.take_out(keys)
            return
        documents = self.documents
        gone = [doc for key in keys if (doc := documents.keys[key]) >= 0]
        if len(keys) <= SINGLY:
            found = reading.some(keys, documents.languages)
            documents.put_each(found, keys)
            public = [one.event["key"] for one in found]
            documents.label({one.event["key"]: one.label for one in found if one.label})
            # With bars between them, texts are searched as one, and no phrase runs across.
            tokens = {one.event["key"]: ["|".join(one.tokens)] for one in found}
        else:
            rows = reading.read(keys, documents.languages)
            documents.put(rows, keys)
            public = rows.events["key"].tolist()
            documents.label(reading.labels(public))
            tokens = reading.tokens(public) if self.words.kept else {}
        self.words.patch(gone, {key: documents.keys[key] for key in public}, tokens)
        self.waiting.difference_update(keys)


def build() -> Index:
    """Read the whole record, in one snapshot."""
    with _uncollected(), reading.snapshot():
        number = reading.last_change()
        things = all_things()
        languages = reading.Tags()
        documents = built(reading.read(None, languages), things, languages)
        documents.label(reading.labels(None))
    return Index(documents, number)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of rings, which would look at each row that is read, and there are
    no rings among them; it takes a fifth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
