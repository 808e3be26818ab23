"""A date as a page shows it: the two lines of the date column, the ring, the words.

A thin layer over ``timeline.dates``, which decides what may be said; here it is only gathered
for templates, in the language of the request, and remembered.
"""

from functools import lru_cache

from django.utils.functional import cached_property
from django.utils.translation import get_language

from timeline import dates


class When:
    """One date, ready for a page; each form is written when it is first asked for."""

    def __init__(self, edtf: str, language: str) -> None:
        self._date = dates.parse(edtf)
        self._language = language

    @cached_property
    def iso(self) -> str:
        """The truncated form for ``<time datetime>``."""
        return dates.iso(self._date)

    @cached_property
    def _column(self) -> tuple[str, str]:
        return dates.column(self._date, self._language)

    @property
    def first(self) -> str:
        """The first line of the date column."""
        return self._column[0]

    @property
    def second(self) -> str:
        """The second line of the date column."""
        return self._column[1]

    @cached_property
    def ring(self) -> str:
        """The class of the mark on the spine."""
        return dates.ring(self._date)

    @cached_property
    def words(self) -> str:
        return dates.words(self._date, self._language)

    @cached_property
    def _full(self) -> tuple[str, str]:
        # "Monday 13 January 2025, exact day known": the two parts are set apart on a page.
        dated, _, exactness = dates.full_words(self._date, self._language).rpartition(", ")
        return (dated, exactness) if dated else (exactness, "")

    @property
    def dated(self) -> str:
        """The full words, without how exactly it is known."""
        return self._full[0]

    @property
    def exactness(self) -> str:
        """How exactly it is known; empty where the words say it."""
        return self._full[1]

    @cached_property
    def short(self) -> str:
        return dates.short(self._date, self._language)

    @cached_property
    def known(self) -> str:
        return dates.known(self._date, self._language)


_when = lru_cache(maxsize=16384)(When)


def when(edtf: str, language: str = "") -> When:
    """The date behind an EDTF text of the record, in the language of the moment; who asks for
    many says which that is, since finding it out takes longer than the date.

    Raises DateError where the text is no EDTF, which the record's constraints rule out.
    """
    return _when(edtf, (language or get_language() or "en").partition("-")[0])
