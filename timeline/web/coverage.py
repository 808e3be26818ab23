"""The page on coverage: how well the record is documented, in shares and over time.

A number links to the very events that it counts wherever a filter asks for them. Each measure is
drawn year by year; the table below is the same in text.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_lazy

from timeline.index.coverage import MEASURES, MONTHS, YEARS, Row, Share, Uncounted
from timeline.index.coverage import coverage as counted
from timeline.models.called import names
from timeline.web import doors, errors, numbers, wording
from timeline.web.addresses import address
from timeline.web.presentation import page
from timeline.web.when import when

MOST_SIDES = 20
# What a bar of the whole measures, in pixels.
_FULL = 48.0

NAMES = {
    "origins": gettext_lazy("Two independent origins"),
    "archive": gettext_lazy("Archived copy"),
    "day": gettext_lazy("Exact day"),
    "primary": gettext_lazy("Primary document"),
}
MEANINGS = {
    "origins": gettext_lazy(
        "Two or more origins report or confirm it. An origin is the agency whose text it is, else "
        "the publisher."
    ),
    "archive": gettext_lazy("At least one of its sources has an archived copy."),
    "day": gettext_lazy("The day is known, not only the month, the year or a span."),
    "primary": gettext_lazy(
        "Among its sources is an official document or a statement: a party speaks there itself."
    ),
}
# Measures that the timeline has a filter for, with its query.
FILTERS = {"archive": "has=archive"}


@dataclass(frozen=True)
class Number:
    """A count with its share, and the list of the events that it counts if there is one."""

    count: str
    share: str
    width: float
    href: str


@dataclass(frozen=True)
class Measure:
    """A measure of the whole record."""

    name: str
    meaning: str
    number: Number


@dataclass(frozen=True)
class Stretch:
    """A year or a month: its events and what share of them has each measure."""

    name: str
    iso: str
    events: Number
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class Bar:
    """A year or month of a drawing, in percent of its width and pixels of its height."""

    x: float
    width: float
    y: float
    height: float
    words: str


@dataclass(frozen=True)
class Drawing:
    """A measure over the years."""

    name: str
    bars: tuple[Bar, ...]
    first: str
    last: str


@dataclass(frozen=True)
class Listed:
    """A language or a side, with the events that have it."""

    name: str
    number: Number


def percent(part: int, whole: int) -> str:
    """A share in whole percent; never 100 % or 0 % of what isn't all or nothing."""
    if not whole:
        return "–"
    rounded = round(part * 100 / whole)
    if rounded == 100 and part < whole:
        rounded = 99
    if rounded == 0 and part:
        return gettext("under 1 %")
    return gettext("%(number)s %%") % {"number": number_format(rounded)}


def _number(part: int, whole: int, href: str = "") -> Number:
    width = round(part * 100 / whole, 1) if whole else 0.0
    return Number(numbers.whole(part), percent(part, whole), width, href if part else "")


def _measured(row: Row, path: str, query: str = "") -> tuple[Number, ...]:
    """The measures of a stretch of time whose events are listed at an address."""
    made = []
    for name, part in zip(MEASURES, row.having, strict=True):
        asked = "&".join(each for each in (query, FILTERS.get(name, "")) if each)
        made.append(_number(part, row.events, f"{path}?{asked}" if name in FILTERS else ""))
    return tuple(made)


def _year(row: Row) -> Stretch:
    path = address("year", year=f"{row.at:04}")
    events = _number(row.events, row.events, path)
    return Stretch(str(row.at), f"{row.at:04}", events, _measured(row, path))


def _month(row: Row) -> Stretch:
    year, month = divmod(row.at, 12)
    iso = f"{year:04}-{month + 1:02}"
    query = f"from={iso}&to={iso}"
    home = address("home")
    events = _number(row.events, row.events, f"{home}?{query}")
    return Stretch(when(iso).words, iso, events, _measured(row, home, query))


def _drawn(stretches: Sequence[Stretch]) -> tuple[Drawing, ...]:
    """A drawing for each measure over stretches of time, oldest first."""
    if len(stretches) < 2:
        return ()
    step = 100 / len(stretches)
    made = []
    for at, name in enumerate(MEASURES):
        bars = []
        for place, stretch in enumerate(stretches):
            number = stretch.numbers[at]
            height = round(number.width * _FULL / 100, 1)
            bars.append(
                Bar(
                    x=round(place * step, 2),
                    width=round(step * 0.8, 2),
                    y=round(_FULL - height, 1),
                    height=height,
                    words=f"{stretch.name}: {number.share}",
                )
            )
        made.append(Drawing(str(NAMES[name]), tuple(bars), stretches[0].name, stretches[-1].name))
    return tuple(made)


def _language(share: Share) -> str:
    return wording.language_word(share.value) if share.value else gettext("none")


def _shares(
    shares: Sequence[Share], whole: int, facet: str, called: Callable[[Share], str]
) -> tuple[Listed, ...]:
    home = address("home")
    return tuple(
        Listed(
            called(share),
            _number(share.events, whole, f"{home}?{facet}={share.value}" if share.value else ""),
        )
        for share in shares
    )


@doors.public_page
def coverage(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view)
    """How well the record is documented."""
    try:
        found = counted(timezone.localdate())
    except Uncounted:
        return errors.message(
            gettext("The record is being counted"),
            gettext("A record of this size is counted from its index, which is being built."),
            status=503,
            retry=True,
        )
    whole, spoken = found.whole.events, names()

    def side(share: Share) -> str:
        return spoken.thing("actor", share.value, share.label) if spoken else share.label

    years = [_year(row) for row in found.years]
    months = [_month(row) for row in found.months]
    return page(
        "coverage.html",
        {
            "here": "coverage",
            "section": "about",
            "title": gettext("Coverage"),
            "description": gettext(
                "How well the events of this record are documented: independent origins, archived "
                "copies, exact days, primary documents, languages and sides."
            ),
            "canonical": address("coverage"),
            "total": whole,
            "measures": [
                Measure(str(NAMES[name]), str(MEANINGS[name]), number)
                for name, number in zip(
                    MEASURES, _measured(found.whole, address("home")), strict=True
                )
            ],
            "headings": [str(NAMES[name]) for name in MEASURES],
            "drawings": _drawn(years),
            "spans": [
                (
                    "years",
                    gettext("Year by year"),
                    gettext("Year"),
                    gettext("The last %(count)s years with events, at most.") % {"count": YEARS},
                    list(reversed(years)),
                ),
                (
                    "months",
                    gettext("Month by month"),
                    gettext("Month"),
                    gettext("The last %(count)s months; those without events are left out.")
                    % {"count": MONTHS},
                    list(reversed(months)),
                ),
            ],
            "languages": _shares(found.languages, whole, "language", _language),
            "sides": _shares(found.sides[:MOST_SIDES], whole, "speaker", side),
            "more_sides": max(0, len(found.sides) - MOST_SIDES),
        },
    )
