"""The forms in which a newsroom writes dates: a closed list, turned into EDTF.

Whatever isn't in the list is refused with a sentence that says what to write instead; a guess
would put a wrong day into the record.
"""

import re
from collections.abc import Callable
from datetime import timedelta

from timeline.dates import korean
from timeline.dates.edtf import (
    FIRST_DAY,
    LAST_DAY,
    MAX_LENGTH,
    DateError,
    FuzzyDate,
    Part,
    Precision,
    parse,
    parse_part,
    unreadable,
    whole,
)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_THIRDS = {"early": 1, "mid": 2, "late": 3}

_M = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_Y = r"(?P<year>\d{4})"

_EDTF = re.compile(r"[\d\[.][\dXx\-./\[\]?~%]*", re.ASCII)
_NUMERIC = re.compile(
    r"\d{1,4}[./]\d{1,2}[./]\d{1,4}\.?|\d{1,2}[./]\d{4}|\d{4}[./]\d{1,2}", re.ASCII
)
_ALL_DIGITS = re.compile(r"\d{1,2}-\d{1,2}-\d{2,4}", re.ASCII)
_RELATIVE = re.compile(
    r"\b(yesterday|today|tomorrow|tonight|now|recently|last|next|this|ago|earlier|later)\b"
)


def _two(number: int | str) -> str:
    return f"{int(number):02}"


def _days(month: str, year: str, first: str, last: str) -> str:
    head = f"{year}-{_two(_MONTHS[month])}"
    return f"{head}-{_two(first)}/{head}-{_two(last)}"


def _third_of_month(third: str, month: str, year: str) -> str:
    part = parse_part(f"{year}-{_two(_MONTHS[month])}")
    first = (1, 11, 21)[_THIRDS[third] - 1]
    last = (10, 20, part.latest.day)[_THIRDS[third] - 1]
    return f"[{part.edtf}-{_two(first)}..{part.edtf}-{_two(last)}]"


def _century(number: str) -> str:
    if not 1 <= int(number) <= 99:
        raise DateError(
            "The %(number)sth century can't be recorded. Write one from the 1st to the 99th.",
            number=number,
        )
    return f"{int(number) - 1:02}XX"


_Form = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]

_SINGLE_FORMS: list[_Form] = [
    (
        re.compile(rf"(?P<day>\d{{1,2}}) {_M},? {_Y}", re.ASCII),
        lambda m: f"{m['year']}-{_two(_MONTHS[m['month']])}-{_two(m['day'])}",
    ),
    (
        re.compile(rf"{_M} (?P<day>\d{{1,2}}),? {_Y}", re.ASCII),
        lambda m: f"{m['year']}-{_two(_MONTHS[m['month']])}-{_two(m['day'])}",
    ),
    (re.compile(rf"{_M},? {_Y}", re.ASCII), lambda m: f"{m['year']}-{_two(_MONTHS[m['month']])}"),
    (
        re.compile(
            rf"(?P<season>{'|'.join(_SEASONS)}),? {_Y}(?:[-/](?P<tail>\d{{2,4}}))?", re.ASCII
        ),
        lambda m: _season(m),
    ),
    (
        re.compile(rf"q(?P<n>[1-4]),? {_Y}", re.ASCII),
        lambda m: f"{m['year']}-{32 + int(m['n'])}",
    ),
    (
        re.compile(rf"(?P<n>{'|'.join(_ORDINALS)}) quarter (?:of )?{_Y}", re.ASCII),
        lambda m: f"{m['year']}-{32 + _ORDINALS[m['n']]}",
    ),
    (
        re.compile(rf"(?P<n>first|second) half (?:of )?{_Y}", re.ASCII),
        lambda m: f"{m['year']}-{39 + _ORDINALS[m['n']]}",
    ),
    (
        re.compile(rf"(?P<third>early|mid|late)[ -]{_Y}", re.ASCII),
        lambda m: f"{m['year']}-{36 + _THIRDS[m['third']]}",
    ),
    (re.compile(r"(?:the )?(?P<decade>\d{3})0s", re.ASCII), lambda m: f"{m['decade']}X"),
    (
        re.compile(r"(?:the )?(?P<n>\d{1,2})(?:st|nd|rd|th) century", re.ASCII),
        lambda m: _century(m["n"]),
    ),
]


def _season(match: re.Match[str]) -> str:
    """The season's code; "winter 2024-25" is how the words of winter 2024 are printed."""
    tail = match["tail"]
    following = (int(match["year"]) + 1) % 100
    if tail and (match["season"] != "winter" or int(tail[-2:]) != following):
        raise DateError(
            "“%(text)s” is not one season. Write it like autumn 2024 or winter 2024.", text=match[0]
        )
    return f"{match['year']}-{_SEASONS[match['season']]}"


_RANGE_FORMS: list[_Form] = [
    (
        re.compile(rf"(?P<third>early|mid|late)[ -]{_M},? {_Y}", re.ASCII),
        lambda m: _third_of_month(m["third"], m["month"], m["year"]),
    ),
    (
        re.compile(rf"(?P<a>\d{{1,2}}) ?(?:-|to) ?(?P<b>\d{{1,2}}) {_M},? {_Y}", re.ASCII),
        lambda m: _days(m["month"], m["year"], m["a"], m["b"]),
    ),
    (
        re.compile(rf"{_M} (?P<a>\d{{1,2}}) ?(?:-|to) ?(?P<b>\d{{1,2}}),? {_Y}", re.ASCII),
        lambda m: _days(m["month"], m["year"], m["a"], m["b"]),
    ),
]
_OPEN = re.compile(r"(?P<word>before|after|by|until|till|since) (?P<date>.+)")
_BETWEEN = re.compile(r"(?:one day )?between (?P<a>.+?) and (?P<b>.+)")
_FROM_TO = re.compile(r"(?:from )?(?P<a>.+?) (?:to|-|until) (?P<b>.+)")
_OR_LATER = " or later"
_DAY_UNKNOWN = " (exact day not known)"
_ABOUT = re.compile(r"(?:c\.|ca\.?|c|circa|about|around|approximately)\s*(?P<date>\S.*)")


def read(text: str) -> FuzzyDate:
    """Read EDTF or a newsroom form. Raises ``DateError``, which says what to write instead."""
    if len(text) > 4 * MAX_LENGTH:
        return parse(text)  # refuses it by its length
    cleaned = " ".join(text.split())
    if not cleaned:
        raise DateError("Write a date, such as 12 June 2018, October 2024 or autumn 2024.")
    if _NUMERIC.fullmatch(cleaned) or _ALL_DIGITS.fullmatch(cleaned):
        raise DateError(
            "“%(text)s” can be read in two ways. Write the month as a word, such as 5 October "
            "2024, or as 2024-10-05.",
            text=cleaned,
        )
    if _EDTF.fullmatch(cleaned):
        return parse(cleaned.upper())
    if korean.HANGUL.search(cleaned):
        return _read_korean(cleaned)
    return _read_words(cleaned)


def _read_korean(cleaned: str) -> FuzzyDate:
    if relative := korean.RELATIVE.search(cleaned):
        raise DateError(
            "“%(text)s” depends on today. Write the date itself, such as autumn 2024.",
            text=relative[0],
        )
    when = korean.read(cleaned)
    if when is None:
        raise unreadable(cleaned)
    return when


def single(text: str) -> FuzzyDate:
    """Read a single date of any precision; spans and sets are refused."""
    when = read(text)
    if when.precision in (Precision.SPAN, Precision.ONE_OF):
        raise DateError(
            "“%(text)s” is more than one date. Write a single one, such as 2024-10.",
            text=text[:40],
        )
    return when


def _read_words(cleaned: str) -> FuzzyDate:
    folded = cleaned.casefold().replace("\u2013", "-").replace("\u2014", "-")
    if folded.endswith(_OR_LATER):
        return parse(f"[{_one(folded[: -len(_OR_LATER)], cleaned).edtf}..]")
    if relative := _RELATIVE.search(folded):
        raise DateError(
            "“%(text)s” depends on today. Write the date itself, such as autumn 2024.",
            text=relative[1],
        )
    if folded.endswith(_DAY_UNKNOWN):
        return _one_day_of(_read_words(cleaned[: -len(_DAY_UNKNOWN)]), cleaned)
    for form, edtf in _RANGE_FORMS:
        if match := form.fullmatch(folded):
            return parse(edtf(match))
    if match := _OPEN.fullmatch(folded):
        return _open(match["word"], _one(match["date"], cleaned))
    if match := _BETWEEN.fullmatch(folded):
        start, end = _two_ends(match["a"], match["b"], cleaned)
        return parse(f"[{start.edtf}..{end.edtf}]")
    part = _maybe(folded)
    if part is not None:
        return whole(part)
    spaced = re.sub(r"(?<=\d)-(?=[a-z])", " - ", folded)
    if match := _FROM_TO.fullmatch(spaced):
        start, end = _two_ends(match["a"], match["b"], cleaned)
        return parse(f"{start.edtf}/{end.edtf}")
    raise unreadable(cleaned)


def _one_day_of(when: FuzzyDate, cleaned: str) -> FuzzyDate:
    """What the words of one day of several say: the span inside them, as a set."""
    if when.precision is Precision.ONE_OF:
        return when
    if when.precision is not Precision.SPAN or when.start is None or when.end is None:
        raise unreadable(cleaned)
    return parse(f"[{when.start.edtf}..{when.end.edtf}]")


def _two_ends(left: str, right: str, cleaned: str) -> tuple[Part, Part]:
    """The two ends; the first takes year and month from the second where it leaves them out."""
    end = _one(right, cleaned)
    if re.fullmatch(r"\d{1,2}", left, re.ASCII) and end.precision is Precision.DAY:
        return parse_part(f"{end.edtf[:7]}-{_two(left)}"), end
    start = _maybe(left) or _maybe(f"{left} {end.earliest.year:04}")
    if start is None:
        raise unreadable(cleaned)
    return start, end


def _one(folded: str, cleaned: str) -> Part:
    part = _maybe(folded)
    if part is None:
        raise unreadable(cleaned)
    return part


def _maybe(folded: str) -> Part | None:
    """One single date, marks included; None if it isn't one. Raises for an impossible day."""
    mark = ""
    if about := _ABOUT.fullmatch(folded):
        folded, mark = about["date"], "~"
    if folded.endswith("?"):
        folded, mark = folded[:-1].rstrip(), "%" if mark else "?"
    for form, edtf in _SINGLE_FORMS:
        if match := form.fullmatch(folded):
            return parse_part(edtf(match) + mark)
    if _EDTF.fullmatch(folded) and not set("[/") & set(folded):
        if folded[-1] in "?~%" and mark:
            raise unreadable(folded)
        return parse_part(folded.upper() + mark)
    return None


def _open(word: str, part: Part) -> FuzzyDate:
    if word in ("until", "till"):
        return parse(f"../{part.edtf}")
    if word == "since":
        return parse(f"{part.edtf}/..")
    if word == "by":
        return parse(f"[..{part.edtf}]")
    near = neighbour(part, -1 if word == "before" else 1)
    if near is None:
        if word == "before":
            raise DateError(
                "There is no recorded day before “%(day)s”. Years go from 1 to 9999.", day=part.edtf
            )
        raise DateError(
            "There is no recorded day after “%(day)s”. Years go from 1 to 9999.", day=part.edtf
        )
    return parse(f"[..{near.edtf}]" if word == "before" else f"[{near.edtf}..]")


def neighbour(part: Part, step: int) -> Part | None:
    """The day, month or year just before (-1) or after (1) the part; None beyond the calendar.

    Of a season, quarter, third, half, decade or century it is the nearest day outside.
    """
    edge = part.earliest if step < 0 else part.latest
    if edge == (FIRST_DAY if step < 0 else LAST_DAY):
        return None
    day = edge + timedelta(days=step)
    if part.precision is Precision.YEAR:
        return parse_part(f"{day.year:04}")
    if part.precision is Precision.MONTH:
        return parse_part(f"{day.year:04}-{day.month:02}")
    return parse_part(day.isoformat())
