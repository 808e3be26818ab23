"""Single values as tables write them: dates, times, numbers, coordinates, words of a list.

What can be read in two ways is refused with a sentence; a mapping may say which way is meant.
"""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from timeline import dates, text

ORDERS = ("dmy", "mdy", "ymd")
"""Which of day, month and year comes first in a date of numbers alone."""


class Unclear(ValueError):
    """A value that can't be read; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as EDTF, with the time and zone that stood beside it, if any."""

    edtf: str
    time: dt.time | None = None
    zone: str = ""


_STAMP = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ]\s*(\d{1,2}:\d{2})(?::\d{2}(?:\.\d+)?)?\s*"
    r"(Z|UTC|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_NUMBERS = re.compile(r"(\d{1,4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{1,4})\.?", re.ASCII)
_LOOSE = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", re.ASCII)
_COMPACT = re.compile(r"(?:1[0-9]|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])", re.ASCII)
_HYPHENS = re.compile(r"(\d{1,2})-([A-Za-z]{3,9})-(\d{4})", re.ASCII)
_MONTH_YEAR = re.compile(r"(\d{1,2})[./](\d{4})", re.ASCII)
_SERIAL = re.compile(r"[34]\d{4}(?:\.\d+)?", re.ASCII)


def read_date(written: str, order: str = "") -> Moment:
    """Read a date as EDTF, in a newsroom's words or in numbers. Raises ``Unclear``.

    ``order`` says how numbers alone are meant; without it those that could be two days are
    refused, and so is what only a calendar's order would tell apart.
    """
    written = text.clean_line(written).lstrip("'")
    if match := _STAMP.fullmatch(written):
        hour = _clock(match[2], written)
        zone = "UTC" if match[3] in ("Z", "UTC") else ""
        if hour == dt.time(0):
            return Moment(_edtf(match[1]))
        return Moment(_edtf(match[1]), hour, zone)
    if match := _NUMBERS.fullmatch(written):
        return Moment(_by_order(match, written, order))
    if match := _LOOSE.fullmatch(written):
        number = int(match[2])
        if match[3] or number <= 12:
            return Moment(_edtf("-".join(each.zfill(2) for each in match.groups() if each)))
    if _COMPACT.fullmatch(written):
        return Moment(_edtf(f"{written[:4]}-{written[4:6]}-{written[6:]}"))
    if match := _HYPHENS.fullmatch(written):
        return Moment(_edtf(f"{match[1]} {match[2]} {match[3]}"))
    if match := _MONTH_YEAR.fullmatch(written):
        return Moment(_edtf(f"{match[2]}-{match[1].zfill(2)}"))
    if _SERIAL.fullmatch(written):
        raise Unclear(
            _(
                "“%(date)s” looks like a spreadsheet's number for a day. Format the column as a "
                "date, such as 2024-10-05."
            )
            % {"date": written}
        )
    return Moment(_edtf(written))


@lru_cache(4096)
def _edtf(written: str) -> str:
    """Dates come again and again in the rows of a table."""
    try:
        return dates.read(written).edtf
    except dates.DateError as error:
        raise Unclear(str(error)) from error


def _by_order(match: re.Match[str], written: str, order: str) -> str:
    first, second, third = match[1], match[3], match[4]
    if len(first) == 4 and len(third) <= 2:
        return _edtf(f"{first}-{second.zfill(2)}-{third.zfill(2)}")
    if len(third) != 4 or len(first) > 2:
        raise Unclear(
            _("“%(date)s” has no year of four digits. Write it like 2024-10-05.")
            % {"date": written[:40]}
        )
    day_first, month_first = int(second) <= 12, int(first) <= 12
    if order == "dmy" or (order != "mdy" and day_first and not month_first):
        return _edtf(f"{third}-{second.zfill(2)}-{first.zfill(2)}")
    if order == "mdy" or first == second or (month_first and not day_first):
        return _edtf(f"{third}-{first.zfill(2)}-{second.zfill(2)}")
    raise Unclear(
        _(
            "“%(date)s” can be read in two ways. Say in the mapping whether the day or the month "
            "comes first, or write it like 2024-10-05."
        )
        % {"date": written[:40]}
    )


_TIME = re.compile(
    r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?|"
    r"(\d{2})(\d{2})|(\d{1,2})\s*([ap]\.?m\.?)",
    re.ASCII | re.IGNORECASE,
)


def read_time(written: str) -> dt.time:
    """``14:30``, ``2:30 PM``, ``1430``, ``14.30``, ``14:30:05``. Raises ``Unclear``."""
    written = written.strip()
    match = _TIME.fullmatch(written)
    if match is not None:
        hour = int(match[1] or match[5] or match[7])
        minute, second = int(match[2] or match[6] or 0), int(match[3] or 0)
        half = (match[4] or match[8] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half.startswith("p") else 0)
            half = ""
        if not half and hour <= 23 and minute <= 59 and second <= 59:
            return dt.time(hour, minute, second)
    raise Unclear(
        _("“%(time)s” is not a time. Write it like 14:30, or leave it empty.")
        % {"time": written[:20]}
    )


def _clock(written: str, whole: str) -> dt.time:
    try:
        return read_time(written)
    except Unclear:
        raise Unclear(
            _("“%(date)s” holds no time of day. Write it like 2024-10-05T14:30.")
            % {"date": whole[:40]}
        ) from None


_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[,\u00a0\u202f ']\d{3})+(?:\.\d+)?", re.ASCII)
_PLAIN = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,9})?", re.ASCII)


@lru_cache(4096)
def read_number(written: str) -> Decimal:
    """``1200``, ``1,200``, ``1 200``, ``-3.5``: at most three decimals are kept. Raises
    ``Unclear``, also for a comma that could be either mark."""
    written = text.clean_line(written)
    if _THOUSANDS.fullmatch(written):
        written = re.sub(r"[,\u00a0\u202f ']", "", written)
    if not _PLAIN.fullmatch(written):
        raise Unclear(
            _("“%(number)s” is not a number. Write it like 1200 or 3.5.") % {"number": written[:30]}
        )
    return _rounded(Decimal(written), 3)


def read_degrees(written: str, limit: int) -> Decimal:
    """A latitude (``limit`` 90) or longitude (180); a decimal comma will do. Raises ``Unclear``."""
    try:
        value = Decimal(text.clean_line(written).replace(",", "."))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) > limit:
        raise Unclear(
            _("“%(value)s” is not a coordinate. Write degrees such as 41.29, at most %(limit)s.")
            % {"value": written[:30], "limit": limit}
        )
    return _rounded(value, 5)


def _rounded(value: Decimal, places: int) -> Decimal:
    rounded = round(value, places)
    return rounded.normalize() if rounded != rounded.to_integral() else rounded.quantize(Decimal(1))


def pieces(written: str, separator: str) -> list[str]:
    """The items of a list, trimmed; empty ones keep their place until the last."""
    items = written.split(separator) if separator else [written]
    items = [text.clean_line(item) for item in items]
    while items and not items[-1]:
        items.pop()
    return items


def chosen(written: str, choices: type[TextChoices]) -> str:
    """The value of an enumeration, by its value or its label. Raises ``Unclear``."""
    wanted = text.fold(written).replace(" ", "_").replace("-", "_")
    for value, label in choices.choices:
        if wanted in (value, text.fold(str(label)).replace(" ", "_").replace("-", "_")):
            return str(value)
    raise Unclear(
        _("“%(value)s” is not one of %(choices)s. Write one of them.")
        % {"value": written[:40], "choices": ", ".join(choices.values)}
    )
