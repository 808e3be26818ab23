"""The read path: a question about the record, and its answer.

``browse`` asks with a :class:`Selection` and gets a :class:`Page`. Knows models, not the web.
The answer comes from sets in memory (:mod:`answering`); the plain ORM in :mod:`oracle` gives the
same one slowly, so it is the measure in tests and stands in when the index can't be had.
"""

from timeline.index.answering import answer, keys, live
from timeline.index.page import Bar, Density, Facet, FacetValue, Page, YearCount
from timeline.index.selection import FACETS, Choice, Cursor, CursorError, Selection

__all__ = [
    "FACETS",
    "Bar",
    "Choice",
    "Cursor",
    "CursorError",
    "Density",
    "Facet",
    "FacetValue",
    "Page",
    "Selection",
    "YearCount",
    "answer",
    "keys",
    "live",
]
