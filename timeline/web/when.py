"""A date as a page shows it: the two lines of the date column, the ring, the words.

A thin layer over ``timeline.dates``, which decides what may be said; here it is only gathered
for templates, in the language of the request, and remembered.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language

from timeline import dates


@dataclass(frozen=True)
class When:
    """One date, ready for a page. ``iso`` is the truncated form for ``<time datetime>``."""

    iso: str
    first: str
    second: str
    ring: str
    words: str
    dated: str
    exactness: str
    short: str
    known: str


@lru_cache(maxsize=16384)
def _when(edtf: str, language: str) -> When:
    date = dates.parse(edtf)
    first, second = dates.column(date, language)
    # "Monday 13 January 2025, exact day known": the two parts are set apart on a page.
    dated, _, exactness = dates.full_words(date, language).rpartition(", ")
    return When(
        iso=dates.iso(date),
        first=first,
        second=second,
        ring=dates.ring(date),
        words=dates.words(date, language),
        dated=dated or exactness,
        exactness=exactness if dated else "",
        short=dates.short(date, language),
        known=dates.known(date, language),
    )


def when(edtf: str) -> When:
    """The date behind an EDTF text of the record.

    Raises DateError where the text is no EDTF, which the record's constraints rule out.
    """
    return _when(edtf, (get_language() or "en").partition("-")[0])
