"""Writing a selection back as a query string: canonical order, defaults left out."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from timeline import dates
from timeline.browse.filters import PARAMETERS
from timeline.index import FACETS, Selection
from timeline.index.selection import PAGE_SIZE

_BEFORE_DATES = frozenset({"q", "actor", "actors", "exact", "role"})


def pairs_of(selection: Selection, *, compact: bool = False) -> list[tuple[str, str]]:
    """The parameters of a selection, in canonical order; the preset isn't among them."""
    pairs: list[tuple[str, str]] = []

    def add(name: str, value: str) -> None:
        if value:
            pairs.append((name, value))

    def add_facets(*names: str) -> None:
        for name in names:
            include, exclude = getattr(selection, name)
            if include or exclude:
                pairs.extend([(name, value) for value in include])
                pairs.extend([(name, f"!{value}") for value in exclude])

    add("q", selection.q)
    add_facets("actor")
    add("actors", "all" if selection.actors_all else "")
    add("exact", "1" if selection.exact else "")
    add_facets("role", "year")
    add("from", _written(selection.from_))
    add("to", _written(selection.to))
    add("certainly", "1" if selection.certainly else "")
    add_facets(*FACETS[3:])
    add("known_by", selection.known_by.isoformat() if selection.known_by else "")
    add("sort", selection.sort if selection.sort != settings.TIMELINE_ORDER else "")
    add("cursor", selection.cursor.encode() if selection.cursor else "")
    add("page_size", str(selection.page_size) if selection.page_size != PAGE_SIZE else "")
    add("view", "compact" if compact else "")
    return pairs


def _written(when: dates.FuzzyDate | None) -> str:
    """A date as readers write it: ISO for days, months and years, words for the rest.

    Words that wouldn't be read as the same date, such as those of the year 44, stay EDTF.
    """
    if when is None or when.precision in ("day", "month", "year"):
        return when.edtf if when else ""
    said = dates.words(when)
    try:
        same = dates.single(said) == when
    except dates.DateError:
        same = False
    return said if same else when.edtf


def query_of(selection: Selection, *, compact: bool = False) -> str:
    """The canonical query string, without a question mark; empty when nothing is chosen."""
    return encoded(pairs_of(selection, compact=compact))


def encoded(pairs: Iterable[tuple[str, str]]) -> str:
    """Pairs as a query string. A page writes some twenty of the same few values."""
    return "&".join([_pair(*pair) for pair in pairs])


@lru_cache(maxsize=4096)
def _pair(name: str, value: str) -> str:
    return urlencode([(name, value)], safe="!")


SIDES = ("a", "b")
"""The two selections of a comparison, as they stand before the names of their parameters."""
_OF_A_LIST = frozenset({"sort", "cursor", "page_size", "view"})
COMPARED = tuple(name for name in PARAMETERS if name not in _OF_A_LIST)
"""The parameters that a side of a comparison takes."""


def compared(*selections: Selection | None) -> str:
    """The query string of a comparison; a selection without filters is the whole record."""
    pairs = [
        (f"{side}.{name}", value)
        for side, each in zip(SIDES, selections, strict=False)
        if each is not None
        for name, value in pairs_of(each)
        if name in COMPARED
    ]
    return encoded(pairs)


def link(selection: Selection, *, compact: bool = False, **changes: Any) -> str:
    """The query string of a changed selection, on its first page unless ``cursor`` is given."""
    return query_of(selection.changed(**changes), compact=compact)


def facet_link(selection: Selection, facet: str, value: str, *, compact: bool = False) -> str:
    """The link whose answer has exactly the count shown beside the value."""
    return query_of(selection.narrowed(facet, value), compact=compact)


def span_link(selection: Selection, start: date, end: date, *, compact: bool = False) -> str:
    """The link of a bar, year or decade of the density: its dates instead of any other."""
    return span_links(selection, compact=compact)(start, end)


def span_links(selection: Selection, *, compact: bool = False) -> Callable[[date, date], str]:
    """A function that gives the link of a month or of whole years, for the many of a drawing."""
    pairs = pairs_of(selection.without_dates(), compact=compact)
    before = [pair for pair in pairs if pair[0] in _BEFORE_DATES]
    first, last = (encoded(part) for part in (before, pairs[len(before) :]))
    first, last = first and f"{first}&", last and f"&{last}"

    def link_of(start: date, end: date) -> str:
        if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
            dates = f"year={start.year:04}"
            if start.year != end.year:
                dates = f"from={start.year:04}&to={end.year:04}"
        else:
            month = f"{start.year:04}-{start.month:02}"
            dates = f"from={month}&to={month}"
        return f"{first}{dates}{last}"

    return link_of
