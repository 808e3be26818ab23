"""A validated question: which events, in which order, which page of them.

Values are public names (slugs, codes, years), never primary keys. Two equal selections are the
same question, so a selection can be the key of a cache.
"""

import base64
import binascii
import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from timeline.dates import FIRST_DAY, LAST_DAY, FuzzyDate

FACETS = (
    "actor",
    "role",
    "year",
    "category",
    "topic",
    "country",
    "place",
    "publisher",
    "language",
    "stance",
    "speaker",
    "verification",
    "has",
    "metric",
    "importance",
)
"""The dimensions with values to choose from, by the names of their parameters."""

SORTS = ("date", "-date", "-updated")
PAGE_SIZE = 50


class Choice(NamedTuple):
    """The chosen values of one facet: any of ``include``, none of ``exclude``. Selections are keys
    of caches, and a tuple is hashed in less than half of the time that a dataclass takes."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.include or self.exclude)


_NONE = Choice()


class CursorError(ValueError):
    """A cursor that this site didn't make, or made for another order."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in an ordered list: the sort key of an event, and on which side of it to read.

    By date the key is (sort_date, latest, minute, day_order, public_id), by update (moment,
    public_id); it stays true when events are added or removed around it.
    """

    sort: str
    before: bool
    key: tuple[Any, ...]

    def encode(self) -> str:
        plain = [each.isoformat() if isinstance(each, dt.date) else each for each in self.key]
        text = json.dumps([self.sort, self.before, *plain], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Self:
        """Raises ``CursorError`` for anything that ``encode`` didn't write."""
        if len(text) > 200 or not re.fullmatch(r"[A-Za-z0-9_-]+", text, re.ASCII):
            raise CursorError(text)
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            sort, before, *key = json.loads(raw)
            made = cls(sort, before, _key(sort, key))
            matches = made.encode() == text
        except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise CursorError(text) from error
        if not matches or not isinstance(before, bool):
            raise CursorError(text)
        return made


def _key(sort: Any, key: list[Any]) -> tuple[Any, ...]:
    if sort == "-updated":
        moment, public_id = key
        moment = dt.datetime.fromisoformat(moment)
        # Any other zone could push the first or last day of all beyond the calendar.
        if moment.utcoffset() != dt.timedelta(0):
            raise CursorError("not in UTC")
        return (moment, _public_id(public_id))
    if sort not in SORTS:
        raise CursorError("no such order")
    first, latest, minute, day_order, public_id = key
    if type(minute) is not int or type(day_order) is not int:
        raise CursorError("not numbers")
    if not (0 <= minute <= 1440 and -32768 <= day_order <= 32767):
        raise CursorError("numbers out of range")
    return (
        dt.date.fromisoformat(first),
        dt.date.fromisoformat(latest),
        minute,
        day_order,
        _public_id(public_id),
    )


def _public_id(text: Any) -> str:
    if not isinstance(text, str) or not re.fullmatch(r"[0-9A-Z]{8}", text, re.ASCII):
        raise CursorError("not a public id")
    return text


class Selection(NamedTuple):
    """Which events are asked for.

    ``within`` is the preset of a page (an actor's, a year's): both must hold. ``exact`` leaves
    out subordinate actors, of the preset too. ``certainly`` asks for dates that surely lie in
    the chosen range, and in the preset's, instead of those that may.
    """

    q: str = ""
    actor: Choice = _NONE
    actors_all: bool = False
    exact: bool = False
    role: Choice = _NONE
    year: Choice = _NONE
    from_: FuzzyDate | None = None
    to: FuzzyDate | None = None
    certainly: bool = False
    category: Choice = _NONE
    topic: Choice = _NONE
    country: Choice = _NONE
    place: Choice = _NONE
    publisher: Choice = _NONE
    language: Choice = _NONE
    stance: Choice = _NONE
    speaker: Choice = _NONE
    verification: Choice = _NONE
    has: Choice = _NONE
    metric: Choice = _NONE
    importance: Choice = _NONE
    known_by: dt.date | None = None
    """The day as on which the record is shown; None for today's."""
    source: str = ""
    """Public id of a source: the preset of its page, not a parameter."""
    updated_since: dt.datetime | None = None
    """Only events last published or revised at this moment or later: the API's, not a page's."""
    sort: str = "-date"
    cursor: Cursor | None = None
    page_size: int = PAGE_SIZE
    within: "Selection | None" = None

    def chosen(self, facet: str) -> Choice:
        """The choice of a facet by its name."""
        choice: Choice = getattr(self, facet)
        return choice

    def levels(self) -> "tuple[Selection, ...]":
        """This selection and the presets around it."""
        return (self, *(self.within.levels() if self.within else ()))

    def changed(self, **changes: Any) -> "Selection":
        """A copy with changes; back on its first page."""
        return self._replace(**{"cursor": None, **changes})

    def without_include(self, facet: str) -> "Selection":
        """A copy in which nothing is chosen in one facet; what it excludes stays."""
        return self.changed(**{facet: Choice((), self.chosen(facet).exclude)})

    def narrowed(self, facet: str, value: str) -> "Selection":
        """The selection whose total is the count beside a facet's value.

        The value replaces what is chosen in its facet, and is no longer excluded; among actors
        of whom all are asked for it is added.
        """
        choice = self.chosen(facet)
        adding = facet == "actor" and self.actors_all
        include = tuple(sorted({*choice.include, value})) if adding else (value,)
        exclude = tuple(each for each in choice.exclude if each != value)
        return self.changed(**{facet: Choice(include, exclude)})

    def without_dates(self) -> "Selection":
        """A copy without any filter on time."""
        return self.changed(year=Choice(), from_=None, to=None, certainly=False)

    @property
    def filters(self) -> bool:
        """Whether anything is chosen beyond the preset."""
        plain = Selection(sort=self.sort, page_size=self.page_size, within=self.within)
        return self.changed() != plain


def year_range(year: str) -> tuple[dt.date, dt.date]:
    """The first and last day of a year."""
    return dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)


def chosen_range(selection: Selection) -> tuple[dt.date, dt.date] | None:
    """The first and last day that the selection's years and dates include; None without any."""
    ranges = []
    for level in selection.levels():
        if level.year.include:
            years = [year_range(year) for year in level.year.include]
            ranges.append((min(first for first, _ in years), max(last for _, last in years)))
        if level.from_ or level.to:
            first = level.from_.earliest if level.from_ else FIRST_DAY
            ranges.append((first, level.to.latest if level.to else LAST_DAY))
    if not ranges:
        return None
    first, last = max(each for each, _ in ranges), min(each for _, each in ranges)
    return (first, last) if first <= last else None


def is_on(year: int, selection: Selection, selected: tuple[dt.date, dt.date] | None) -> bool:
    """Whether the selection's dates, ``selected`` from first to last, include the year."""
    years = selection.year.include
    if years:
        return f"{year:04}" in years
    return selected is not None and selected[0].year <= year <= selected[1].year
