"""The words of a search as sets of documents.

A term is found in the texts of events, their translations and the titles of their sources by the
database (:mod:`timeline.index.words`), and in the names of actors, publishers, places, categories
and topics in memory, so that a rename touches one name and not every event that holds it. The set
of a term's texts is kept and patched by each edit: one substring test a kept term.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping

import numpy as np
from pyroaring import BitMap

from timeline import text
from timeline.index import reading, words
from timeline.index.arrays import Array, bitmap
from timeline.index.documents import Documents

_KEPT = 256
# So many citations are read in memory in the time that the database looks one source up.
_READ_A_LOOKUP = 12_000
_NAMED = ("actor", "publisher", "place", "category", "topic")


class Words:
    """Finds the documents that hold a term."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._kept: OrderedDict[text.Term, BitMap] = OrderedDict()

    def holding(self, term: text.Term) -> BitMap:
        """Documents with the term in a text or a name."""
        found = [self._in_texts(term)]
        for kind in _NAMED:
            codes = self._documents.things[kind].matching(term)
            if codes:
                found.append(self._documents.having_any(kind, codes))
        return found[0] if len(found) == 1 else BitMap.union(*found)

    def _in_texts(self, term: text.Term) -> BitMap:
        found = self._kept.get(term)
        if found is None:
            found = self._documents.keys.docs(words.event_keys(term))
            found |= self._citing(words.source_keys(term))
            found |= self._documents.keys.docs(words.translated_keys(term))
            self._kept[term] = found
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(term)
        return found

    def _citing(self, sources: Array) -> BitMap:
        """The documents that cite any of the sources, by their keys."""
        if not len(sources):
            return BitMap()
        segments = (self._documents.core, self._documents.tail)
        citations = sum(len(segment.array("cite.source")) for segment in segments)
        if len(sources) * _READ_A_LOOKUP < citations:
            keys = reading.citing(sources.tolist())
            citing = self._documents.keys.docs(np.array(keys, np.int64))
            return self._documents.resting(citing, sources)
        # The last stands for every source behind them.
        hit = np.zeros(int(sources.max()) + 2, bool)
        hit[sources] = True
        found = BitMap()
        for segment in segments:
            rows = np.flatnonzero(hit.take(segment.array("cite.source"), mode="clip"))
            rows = self._documents.counting(segment, rows)
            docs = np.searchsorted(segment.array("cite"), rows, side="right") - 1
            found |= bitmap(docs + segment.first)
        return found & self._documents.live

    def patch(
        self, gone: Iterable[int], new: Mapping[int, int], tokens: Mapping[int, list[str]]
    ) -> None:
        """Follow an edit: documents that are gone, and new ones by the keys of their events with
        the ``tokens`` of their texts."""
        gone = list(gone)
        for term, docs in self._kept.items():
            for doc in gone:
                docs.discard(doc)
            for key, doc in new.items():
                if any(term.pattern in held for held in tokens[key]):
                    docs.add(doc)

    @property
    def kept(self) -> int:
        """How many terms are kept; an edit must then read the texts that it changed."""
        return len(self._kept)
