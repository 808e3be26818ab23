"""What a reader asks: one query string, read once, worded once, written back once.

:func:`read` validates the parameters and gives a :class:`Reading` with the Selection for
``index``; :mod:`wording` says a selection in words and chips; :mod:`links` writes changed
selections as query strings. Pages, feeds and exports all come through here.
"""

from timeline.browse.filters import shown
from timeline.browse.links import compared, facet_link, link, query_of, span_link, span_links
from timeline.browse.reading import ParameterError, Reading, read, read_day, unknown
from timeline.browse.wording import Chip, chips, day_words, words

__all__ = [
    "Chip",
    "ParameterError",
    "Reading",
    "chips",
    "compared",
    "day_words",
    "facet_link",
    "link",
    "query_of",
    "read",
    "read_day",
    "shown",
    "span_link",
    "span_links",
    "unknown",
    "words",
]
