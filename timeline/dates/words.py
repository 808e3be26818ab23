"""How a date is said: in words, in a column, in short; in English and Korean.

Never more than is known: a month stays a month. Each function takes the date and the language,
a BCP 47 tag whose tables stand below; an unknown language falls back to English.
"""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from timeline.dates.edtf import FuzzyDate, Part, Precision, whole
from timeline.dates.newsroom import neighbour

_COARSE = {
    Precision.SEASON: "season",
    Precision.QUARTER: "quarter",
    Precision.THIRD: "third of a year",
    Precision.HALF: "half-year",
    Precision.MONTH: "month",
    Precision.YEAR: "year",
    Precision.DECADE: "decade",
    Precision.CENTURY: "century",
}
_KO_COARSE = {
    Precision.SEASON: "계절",
    Precision.QUARTER: "분기",
    Precision.THIRD: "연초·중반·연말",
    Precision.HALF: "반기",
    Precision.MONTH: "월",
    Precision.YEAR: "연",
    Precision.DECADE: "10년",
    Precision.CENTURY: "세기",
}
_SEASONS = ("spring", "summer", "autumn", "winter")
_ORDINALS = ("first", "second", "third", "fourth")
_THIRDS = ("early", "mid", "late")
_KO_SEASONS = ("봄", "여름", "가을", "겨울")
_KO_THIRDS = ("초", "중반", "말")
_KO_THIRDS_OF_MONTH = ("초순", "중순", "하순")


@cache
def month_name(month: int, language: str = "en", *, short: bool = False) -> str:
    """The month's name: ``October``, ``Oct``, ``10월``."""
    if language.startswith("ko"):
        return f"{month}월"
    return (calendar.month_abbr if short else calendar.month_name)[month]


def year(value: int, language: str = "en") -> str:
    """A year by itself: ``2018``, ``2018년``."""
    return f"{value}년" if language.startswith("ko") else str(value)


def month(value: date, language: str = "en", *, short: bool = False) -> str:
    """A month of a year: ``June 2018``, ``Jun 2018``, ``2018년 6월``."""
    name = month_name(value.month, language, short=short)
    if language.startswith("ko"):
        return f"{value.year}년 {name}"
    return f"{name} {value.year}"


def month_day(value: date, language: str = "en", *, short: bool = False) -> str:
    """A day within a year: ``12 June``, ``6월 12일``."""
    name = month_name(value.month, language, short=short)
    return f"{name} {value.day}일" if language.startswith("ko") else f"{value.day} {name}"


def day(value: date, language: str = "en", *, short: bool = False) -> str:
    """A day of the calendar: ``12 June 2018``, ``2018년 6월 12일``."""
    said = month_day(value, language, short=short)
    return f"{value.year}년 {said}" if language.startswith("ko") else f"{said} {value.year}"


def words(when: FuzzyDate, language: str = "en") -> str:
    """The date as a phrase: ``12 June 2018``, ``autumn 2024``, ``27–28 February 2019``."""
    return _tongue(language).phrase(when, short=False)


def short(when: FuzzyDate, language: str = "en") -> str:
    """The same with short months: ``12 Jun 2018``."""
    return _tongue(language).phrase(when, short=True)


def full_words(when: FuzzyDate, language: str = "en") -> str:
    """The phrase of an event's page, with how exactly the date is known."""
    tongue = _tongue(language)
    phrase = words(when, language)
    if when.precision is Precision.DAY and when.start:
        if when.uncertain or when.approximate:
            return f"{phrase}, {tongue.inexact_day}"
        weekday = tongue.weekdays[when.earliest.weekday()]
        return tongue.exact(weekday, phrase)
    if when.precision is Precision.ONE_OF:
        return phrase if "(" in phrase else f"{phrase} ({tongue.day_unknown})"
    if when.precision is Precision.SPAN:
        return phrase
    return f"{phrase}, {tongue.day_unknown}"


def known(when: FuzzyDate, language: str = "en") -> str:
    """How exactly it is known, with its bounds: ``month precision, 1–31 October 2024``."""
    tongue = _tongue(language)
    marks = [
        word
        for word, on in ((tongue.approximate, when.approximate), (tongue.uncertain, when.uncertain))
        if on
    ]
    if when.precision is Precision.DAY:
        return ", ".join([tongue.exact_day if not marks else tongue.one_day, *marks])
    kind = {
        Precision.SPAN: tongue.several_days,
        Precision.ONE_OF: tongue.some_day,
    }.get(when.precision) or tongue.coarse(when.precision)
    return ", ".join([kind, tongue.bounds(when), *marks])


def reading(when: FuzzyDate, language: str = "en") -> tuple[str, str]:
    """What a form reads back: the phrase, and how exactly it is known."""
    return words(when, language), known(when, language)


def column(when: FuzzyDate, language: str = "en") -> tuple[str, str]:
    """The two lines of the date column: ``("12 June", "Tue 2018")``."""
    return _tongue(language).column(when)


def ring(when: FuzzyDate) -> str:
    """The class of the mark beside it: ``""`` one day, ``range`` several days, ``fuzzy`` about a
    day, ``wide`` a month, season, year or longer."""
    if when.precision is Precision.DAY:
        return "fuzzy" if when.uncertain or when.approximate else ""
    if when.precision is Precision.SPAN:
        ends = [part for part in (when.start, when.end) if part]
        exact = len(ends) == 2 and all(part.precision is Precision.DAY for part in ends)
        return "range" if exact and not (when.uncertain or when.approximate) else "wide"
    if when.precision is Precision.ONE_OF and not (when.open_start or when.open_end):
        return "fuzzy" if (when.latest - when.earliest).days < 15 else "wide"
    return "wide"


def iso(when: FuzzyDate) -> str:
    """The value of ``<time datetime>``: day, month or year, never padded; empty if none is true."""
    part = when.start if when.precision is not Precision.ONE_OF else None
    if part is None or part.precision not in (Precision.DAY, Precision.MONTH, Precision.YEAR):
        return ""
    return part.edtf.rstrip("?~%")


@dataclass(frozen=True, slots=True)
class _Tongue:
    weekdays: tuple[str, ...]
    day_unknown: str
    inexact_day: str
    exact_day: str
    one_day: str
    several_days: str
    some_day: str
    approximate: str
    uncertain: str
    coarse: Callable[[Precision], str]
    exact: Callable[[str, str], str]
    phrase: Callable[..., str]
    column: Callable[[FuzzyDate], tuple[str, str]]
    bounds: Callable[[FuzzyDate], str]


def _tongue(language: str) -> _Tongue:
    return _KOREAN if language.startswith("ko") else _ENGLISH


# --- English --------------------------------------------------------------------------------


def _winter(year: int) -> str:
    return f"{year}–{(year + 1) % 100:02}"


def _en_part(part: Part, *, short: bool, marked: bool = True) -> str:
    year = part.earliest.year
    match part.precision:
        case Precision.DAY:
            said = f"{part.earliest.day} {month_name(part.number, short=short)} {year}"
        case Precision.MONTH:
            said = f"{month_name(part.number, short=short)} {year}"
        case Precision.SEASON:
            season = _SEASONS[part.number - 1]
            said = f"{season} {_winter(year) if season == 'winter' else year}"
        case Precision.QUARTER:
            said = f"Q{part.number} {year}" if short else _en_nth(part, "quarter")
        case Precision.HALF:
            said = _en_nth(part, "half")
        case Precision.THIRD:
            said = f"{_THIRDS[part.number - 1]} {year}"
        case Precision.DECADE:
            said = f"the {int(part.edtf[:3]) * 10}s"
        case Precision.CENTURY:
            said = f"the {_en_ordinal(int(part.edtf[:2]) + 1)} century"
        case _:
            said = str(year)
    if not marked:
        return said
    about = ("c. " if short else "about ") if part.approximate else ""
    return f"{about}{said}{'?' if part.uncertain else ''}"


def _en_nth(part: Part, what: str) -> str:
    return f"{_ORDINALS[part.number - 1]} {what} of {part.earliest.year}"


def _en_ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _en_phrase(when: FuzzyDate, *, short: bool = False) -> str:
    if when.precision is Precision.SPAN:
        if when.start is None and when.end is not None:
            return f"until {_en_part(when.end, short=short)}"
        if when.end is None and when.start is not None:
            return f"since {_en_part(when.start, short=short)}"
        return _en_between(when, short=short)
    if when.precision is Precision.ONE_OF:
        return _en_one_of(when, short=short)
    return "" if when.start is None else _en_part(when.start, short=short)


def _en_between(when: FuzzyDate, *, short: bool) -> str:
    start, end = when.start, when.end
    if start is None or end is None:
        raise ValueError("A date with two ends is needed.")
    if _plain_days(start, end):
        first, last = start.earliest, end.earliest
        tail = _en_part(end, short=short)
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{tail}"
        if first.year == last.year:
            return f"{first.day} {month_name(first.month, short=short)} – {tail}"
        return f"{_en_part(start, short=short)} – {tail}"
    if _plain_months(start, end) and start.earliest.year == end.earliest.year:
        return f"{month_name(start.number, short=short)} to {_en_part(end, short=short)}"
    return f"{_en_part(start, short=short)} to {_en_part(end, short=short)}"


def _en_one_of(when: FuzzyDate, *, short: bool) -> str:
    if when.start is None and when.end is not None:
        after = neighbour(when.end, 1)
        if after is None or when.end.uncertain or when.end.approximate:
            return f"by {_en_part(when.end, short=short)}"
        return f"before {_en_part(after, short=short)}"
    if when.end is None and when.start is not None:
        before = neighbour(when.start, -1)
        if before is None or when.start.uncertain or when.start.approximate:
            return f"{_en_part(when.start, short=short)} or later"
        return f"after {_en_part(before, short=short)}"
    third = _third_of_month(when)
    said = (
        f"{_THIRDS[third]} {month_name(when.earliest.month, short=short)} {when.earliest.year}"
        if third is not None
        else _en_between(when, short=short)
    )
    return f"{said} (exact day not known)"


def _third_of_month(when: FuzzyDate) -> int | None:
    first, last = when.earliest, when.latest
    if (first.year, first.month) != (last.year, last.month) or not _plain_days(
        when.start, when.end
    ):
        return None
    days = calendar.monthrange(last.year, last.month)[1]
    return {(1, 10): 0, (11, 20): 1, (21, days): 2}.get((first.day, last.day))


def _plain_days(start: Part | None, end: Part | None) -> bool:
    return all(
        part is not None
        and part.precision is Precision.DAY
        and not (part.uncertain or part.approximate)
        for part in (start, end)
    )


def _plain_months(start: Part, end: Part) -> bool:
    return all(
        part.precision is Precision.MONTH and not (part.uncertain or part.approximate)
        for part in (start, end)
    )


def _en_column(when: FuzzyDate) -> tuple[str, str]:
    part = when.start or when.end
    if part is None:
        raise ValueError("A date has at least one end.")
    if when.open_start or when.open_end:
        return _en_phrase(
            when, short=True
        ), "" if when.precision is Precision.SPAN else "day unknown"
    if when.precision in (Precision.SPAN, Precision.ONE_OF):
        tail = "" if when.precision is Precision.SPAN else ", day unknown"
        return _en_column_range(when, tail)
    about, mark = ("c. " if part.approximate else ""), ("?" if part.uncertain else "")
    year = part.earliest.year
    match part.precision:
        case Precision.DAY:
            day = f"{about}{part.earliest.day} {month_name(part.number)}{mark}"
            weekday = _ENGLISH.weekdays[part.earliest.weekday()][:3]
            if part.uncertain:
                return day, f"{year}, inferred"
            return day, f"{year}, about" if about else f"{weekday} {year}"
        case Precision.MONTH:
            return f"{about}{month_name(part.number)}{mark}", f"{year}, day unknown"
        case Precision.SEASON | Precision.QUARTER | Precision.HALF | Precision.THIRD:
            said = _en_part(part, short=True, marked=False)
            label, _space, when_ = said.replace(" of ", " ").rpartition(" ")
            label = label[0].upper() + label[1:]
            return f"{about}{label}{mark}", f"{when_}, day unknown"
    said = _en_part(part, short=True, marked=False).removeprefix("the ")
    return f"{about}{said}{mark}", "day unknown"


def _en_column_range(when: FuzzyDate, tail: str) -> tuple[str, str]:
    start, end = when.start, when.end
    if start is None or end is None:
        raise ValueError("A date with two ends is needed.")
    first, last = start.earliest, end.earliest
    years = str(first.year)
    if first.year != last.year:
        same = first.year // 100 == last.year // 100
        years = f"{first.year}–{last.year % 100:02}" if same else f"{first.year}–{last.year}"
    if _plain_days(start, end):
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{last.day} {month_name(last.month, short=True)}", years + tail
        days = [f"{each.day} {month_name(each.month, short=True)}" for each in (first, last)]
        return " – ".join(days), years + tail
    if _plain_months(start, end):
        months = f"{month_name(start.number, short=True)} – {month_name(end.number, short=True)}"
        return months, years + (tail or ", days unknown")
    return _en_between(when, short=True), (tail or ", days unknown").removeprefix(", ")


def _en_bounds(when: FuzzyDate) -> str:
    first, last = when.earliest, when.latest
    if when.open_start:
        return f"up to {day(last)}"
    if when.open_end:
        return f"from {day(first)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    if first.year == last.year:
        return f"{month_day(first)} – {day(last)}"
    return f"{day(first)} – {day(last)}"


# --- Korean ---------------------------------------------------------------------------------


def _ko_part(part: Part) -> str:
    year = f"{part.earliest.year}년"
    match part.precision:
        case Precision.DAY:
            said = f"{year} {part.number}월 {part.earliest.day}일"
        case Precision.MONTH:
            said = f"{year} {part.number}월"
        case Precision.SEASON:
            season = _KO_SEASONS[part.number - 1]
            years = _winter(part.earliest.year) if part.number == 4 else str(part.earliest.year)
            said = f"{years}년 {season}"
        case Precision.QUARTER:
            said = f"{year} {part.number}분기"
        case Precision.HALF:
            said = f"{year} {'상반기' if part.number == 1 else '하반기'}"
        case Precision.THIRD:
            said = f"{year} {_KO_THIRDS[part.number - 1]}"
        case Precision.DECADE:
            said = f"{int(part.edtf[:3]) * 10}년대"
        case Precision.CENTURY:
            said = f"{int(part.edtf[:2]) + 1}세기"
        case _:
            said = year
    return f"{said}{'경' if part.approximate else ''}{'(?)' if part.uncertain else ''}"


def _ko_phrase(when: FuzzyDate, *, short: bool = False) -> str:
    del short  # Korean months have one form
    start, end = when.start, when.end
    if start is None and end is not None:
        return (
            f"{_ko_part(end)}까지" if when.precision is Precision.SPAN else f"{_ko_part(end)} 이전"
        )
    if end is None and start is not None:
        return (
            f"{_ko_part(start)}부터"
            if when.precision is Precision.SPAN
            else f"{_ko_part(start)} 이후"
        )
    if start is None or end is None:
        raise ValueError("A date has at least one end.")
    if when.precision not in (Precision.SPAN, Precision.ONE_OF):
        return _ko_part(start)
    third = _third_of_month(when) if when.precision is Precision.ONE_OF else None
    if third is not None:
        said = f"{month(when.earliest, 'ko')} {_KO_THIRDS_OF_MONTH[third]}"
    else:
        said = f"{_ko_part(start)}–{_ko_end(start, end)}"
    return said if when.precision is Precision.SPAN else f"{said} (정확한 날짜 미상)"


def _ko_end(start: Part, end: Part) -> str:
    """The later end, without what it has in common with the earlier."""
    first, last = start.earliest, end.earliest
    if first.year == last.year and _plain_months(start, end):
        return f"{last.month}월"
    if first.year != last.year or not _plain_days(start, end):
        return _ko_part(end)
    return f"{last.day}일" if first.month == last.month else month_day(last, "ko")


def _ko_bounds(when: FuzzyDate) -> str:
    first, last = when.earliest, when.latest
    if when.open_start:
        return f"{day(last, 'ko')}까지"
    if when.open_end:
        return f"{day(first, 'ko')}부터"
    if (first.year, first.month) == (last.year, last.month):
        return f"{day(first, 'ko')}–{last.day}일"
    tail = month_day(last, "ko") if first.year == last.year else day(last, "ko")
    return f"{day(first, 'ko')}–{tail}"


def _ko_column(when: FuzzyDate) -> tuple[str, str]:
    part = when.start
    if when.precision is Precision.DAY and part:
        weekday = _KOREAN.weekdays[part.earliest.weekday()][0]
        day = _ko_phrase(whole(part)).split(" ", 1)[1]
        return day, f"{part.earliest.year}년 ({weekday})"
    if when.precision is Precision.MONTH and part:
        return _ko_part(part).split(" ", 1)[1], f"{part.earliest.year}년, 날짜 미상"
    return _ko_phrase(when).removesuffix(" (정확한 날짜 미상)"), (
        "" if when.precision is Precision.SPAN else "날짜 미상"
    )


_ENGLISH = _Tongue(
    weekdays=tuple(calendar.day_name),
    day_unknown="exact day not known",
    inexact_day="exact day not certain",
    exact_day="exact day",
    one_day="one day",
    several_days="several days or longer",
    some_day="one day, not known which",
    approximate="approximate",
    uncertain="uncertain",
    coarse=lambda precision: f"{_COARSE[precision]} precision",
    exact=lambda weekday, phrase: f"{weekday} {phrase}, exact day known",
    phrase=_en_phrase,
    column=_en_column,
    bounds=_en_bounds,
)
_KOREAN = _Tongue(
    weekdays=("월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"),
    day_unknown="정확한 날짜 미상",
    inexact_day="정확한 날짜 불확실",
    exact_day="정확한 날짜",
    one_day="하루",
    several_days="여러 날 또는 그 이상",
    some_day="그중 하루, 어느 날인지 미상",
    approximate="대략",
    uncertain="불확실",
    coarse=lambda precision: f"{_KO_COARSE[precision]} 단위",
    exact=lambda weekday, phrase: f"{phrase} {weekday}, 정확한 날짜",
    phrase=_ko_phrase,
    column=_ko_column,
    bounds=_ko_bounds,
)
