"""EDTF text ⇄ bounds: the closed part of ISO 8601-2:2019 that the record accepts.

Invariants: ``parse(d.edtf) == d``; ``earliest <= latest``; every day that the text allows lies
between them, both included. Open ends run to the first or last day that a calendar here holds.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from timeline.text import Refusal

FIRST_DAY = date(1, 1, 1)
LAST_DAY = date(9999, 12, 31)
MAX_LENGTH = 60
"""Characters of a date's text; longer input is refused unread."""


class DateError(Refusal):
    """A text that can't be read as a date."""


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    SPAN = "span"
    ONE_OF = "one_of"
    MONTH = "month"
    SEASON = "season"
    QUARTER = "quarter"
    THIRD = "third"
    HALF = "half"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"


@dataclass(frozen=True, slots=True)
class Part:
    """A single date of any precision: a whole date, or one end of a span or set.

    ``number`` is the month, or which season, quarter, third or half of the year (from 1); 0 for
    years, decades and centuries.
    """

    edtf: str
    precision: Precision
    earliest: date
    latest: date
    number: int = 0
    uncertain: bool = False
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class FuzzyDate:
    """An uncertain date. ``start`` and ``end`` are the same part unless it is a span or a set;
    None where it is open."""

    edtf: str
    precision: Precision
    earliest: date
    latest: date
    start: Part | None
    end: Part | None

    @property
    def uncertain(self) -> bool:
        return any(part.uncertain for part in (self.start, self.end) if part)

    @property
    def approximate(self) -> bool:
        return any(part.approximate for part in (self.start, self.end) if part)

    @property
    def open_start(self) -> bool:
        return self.start is None

    @property
    def open_end(self) -> bool:
        return self.end is None

    @property
    def sort_date(self) -> date:
        """Where it stands in a list: its first possible day; for an open start its last."""
        return self.latest if self.start is None else self.earliest


_PART = re.compile(
    r"(?P<year>\d{4}|\d{3}X|\d{2}XX)(?:-(?P<month>\d{2}|XX)(?:-(?P<day>\d{2}|XX))?)?"
    r"(?P<mark>[?~%])?",
    re.ASCII,
)
_PERIODS = {
    # code: precision, number, first month, months
    **{20 + n: (Precision.SEASON, n, 3 * n, 3) for n in (1, 2, 3, 4)},
    **{32 + n: (Precision.QUARTER, n, 3 * n - 2, 3) for n in (1, 2, 3, 4)},
    **{36 + n: (Precision.THIRD, n, 4 * n - 3, 4) for n in (1, 2, 3)},
    **{39 + n: (Precision.HALF, n, 6 * n - 5, 6) for n in (1, 2)},
}


@lru_cache(maxsize=32_768)  # the days of ninety years
def parse(text: str) -> FuzzyDate:
    """Read EDTF. Raises ``DateError`` for anything else, newsroom forms included."""
    if len(text) > MAX_LENGTH:
        raise DateError(
            "“%(text)s…” is too long for a date. Write at most %(most)s characters, such as "
            "2024-10 or 12 June 2018.",
            text=text[:20],
            most=MAX_LENGTH,
        )
    if text.startswith("[") and text.endswith("]"):
        return _range(text, text[1:-1], "..", Precision.ONE_OF)
    if "/" in text:
        return _range(text, text, "/", Precision.SPAN)
    return whole(parse_part(text))


def whole(part: Part) -> FuzzyDate:
    """A date that is one part."""
    return FuzzyDate(part.edtf, part.precision, part.earliest, part.latest, part, part)


def _range(text: str, inside: str, separator: str, precision: Precision) -> FuzzyDate:
    left, right = _ends(text, inside, separator, precision)
    start = parse_part(left) if left else None
    end = parse_part(right) if right else None
    if start is None and end is None:
        raise DateError(
            "“%(text)s” has neither start nor end. Write at least one of them.", text=text
        )
    if start is not None and start == end:
        return whole(start)
    earliest = start.earliest if start else FIRST_DAY
    latest = end.latest if end else LAST_DAY
    if start and end and (start.earliest > end.earliest or start.latest > end.latest):
        raise DateError(
            "“%(text)s” ends before it starts. Write the earlier date first.", text=text
        )
    left, right = (start.edtf if start else ""), (end.edtf if end else "")
    if precision is Precision.ONE_OF:
        edtf = f"[{left}..{right}]"
    else:
        edtf = f"{left or '..'}/{right or '..'}"
    return FuzzyDate(edtf, precision, earliest, latest, start, end)


def _ends(text: str, inside: str, separator: str, precision: Precision) -> tuple[str, str]:
    if precision is Precision.SPAN:
        pieces = inside.split("/")
        if len(pieces) != 2:
            raise unreadable(text)
        left, right = ("" if piece == ".." else piece for piece in pieces)
        if "" in pieces:
            raise DateError(
                "“%(text)s” has an empty end. Write .. for an end that is open.", text=text
            )
        return left, right
    pieces = inside.split(separator)
    if len(pieces) != 2:
        raise DateError(
            "“%(text)s” is not a date. Write one day of several as [2024-10-08..2024-10-13].",
            text=text,
        )
    return pieces[0], pieces[1]


def parse_part(text: str) -> Part:
    """Read one end: a day, month, year, period of the year, decade or century."""
    plain = _plain_day(text)
    if plain is not None:
        return plain
    match = _PART.fullmatch(text)
    if match is None:
        raise unreadable(text)
    year, month, day, mark = match["year"], match["month"], match["day"], match["mark"] or ""
    marks = {"uncertain": mark in ("?", "%"), "approximate": mark in ("~", "%")}
    marks = {key: bool(mark) and value for key, value in marks.items()}
    if "X" in year:
        if month:
            raise unreadable(text)
        return _years(text, year, marks)
    number = int(year)
    if number == 0:
        raise DateError("The year 0 is not recorded. Write a year from 1 to 9999.")
    if month in (None, "XX"):
        if day and day != "XX":
            raise unreadable(text)
        return Part(
            f"{year}{mark}", Precision.YEAR, date(number, 1, 1), date(number, 12, 31), **marks
        )
    if int(month) > 12 or int(month) == 0:
        if day:
            raise DateError("“%(text)s” has no such month. Months go from 01 to 12.", text=text)
        return _period(text, number, int(month), mark, marks)
    return _month_or_day(text, number, int(month), day, mark, marks)


def _plain_day(text: str) -> Part | None:
    """A day without a mark, as most dates are, at once; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # Python reads weeks and days without hyphens, too.
    return Part(text, Precision.DAY, day, day, day.month) if day.isoformat() == text else None


def _month_or_day(
    text: str, year: int, month: int, day: str | None, mark: str, marks: dict[str, bool]
) -> Part:
    days = calendar.monthrange(year, month)[1]
    if day in (None, "XX"):
        return Part(
            f"{year:04}-{month:02}{mark}",
            Precision.MONTH,
            date(year, month, 1),
            date(year, month, days),
            month,
            **marks,
        )
    if not 1 <= int(day) <= days:
        raise DateError(
            "“%(text)s” is not a day: that month has %(days)s days.", text=text, days=days
        )
    exact = date(year, month, int(day))
    return Part(f"{exact.isoformat()}{mark}", Precision.DAY, exact, exact, month, **marks)


def _period(text: str, year: int, code: int, mark: str, marks: dict[str, bool]) -> Part:
    if code not in _PERIODS:
        raise DateError(
            "“%(text)s” has no such month. Months go from 01 to 12; 21 to 24 are the seasons, 33 "
            "to 36 the quarters, 37 to 39 early, mid and late, 40 and 41 the halves of the year.",
            text=text,
        )
    precision, number, first, months = _PERIODS[code]
    last_year, last_month = year + (first + months - 2) // 12, (first + months - 2) % 12 + 1
    if last_year > LAST_DAY.year:
        raise DateError(
            "“%(text)s” ends after the year 9999, the last that can be recorded.", text=text
        )
    return Part(
        f"{year:04}-{code}{mark}",
        precision,
        date(year, first, 1),
        date(last_year, last_month, calendar.monthrange(last_year, last_month)[1]),
        number,
        **marks,
    )


def _years(text: str, year: str, marks: dict[str, bool]) -> Part:
    digits = year.rstrip("X")
    size = 10 ** (4 - len(digits))
    first = int(digits) * size
    precision = Precision.DECADE if size == 10 else Precision.CENTURY
    return Part(text, precision, date(max(first, 1), 1, 1), date(first + size - 1, 12, 31), **marks)


def unreadable(text: str) -> DateError:
    """The refusal of a text that is no date at all."""
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    return DateError(
        "“%(text)s” is not a date that can be read. Write it like 12 June 2018, October 2024, "
        "autumn 2024, 2024, or 2024-10-08/2024-10-13.",
        text=shown,
    )


def overlaps(when: FuzzyDate, first: date, last: date) -> bool:
    """Whether the date may lie, in part, between two days, both included."""
    return when.earliest <= last and when.latest >= first


def within(when: FuzzyDate, first: date, last: date) -> bool:
    """Whether the date surely lies between two days, both included."""
    return when.earliest >= first and when.latest <= last
