"""The read path: a question about the record, and its answer.

``browse`` asks with a :class:`Selection` and gets a :class:`Page`. Knows models, not the web.
Today the answer comes from the plain ORM in :mod:`oracle`; whatever replaces it must give the
same answers, so it stays as the measure in tests.
"""

from timeline.index.oracle import answer
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
]
