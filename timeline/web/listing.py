"""A list of events as a page shows it: the sentence, the chips, years with their cards, the pager.

Made from what ``browse`` read, what the index answered and the records of the page; knows no
database. The macro ``results`` writes it down.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from timeline import dates
from timeline.browse import Reading, chips
from timeline.index.page import YEARS_LISTED, YearCount
from timeline.models.tongue import tongue
from timeline.web import numbers
from timeline.web.drawn import Drawn
from timeline.web.files import Offered
from timeline.web.sharing import SharePanel
from timeline.web.wording import decade_word

MONTHS_FROM = 6
_WIDEST = 82


@dataclass(frozen=True)
class Month:
    """Cards of one month; without a heading where a year is too short to divide."""

    heading: str
    anchor: str
    cards: tuple[Drawn, ...]


@dataclass(frozen=True)
class Chapter:
    """Cards under one heading: a year, or what began earlier."""

    heading: str
    anchor: str
    note: str
    months: tuple[Month, ...]


@dataclass(frozen=True)
class Chronicle:
    """Chapters alone, for a page without filters."""

    chapters: tuple[Chapter, ...]
    compact: bool


@dataclass(frozen=True)
class ChipLink:
    """An active filter and the address of the list without it."""

    label: str
    href: str
    excluded: bool


def chip_links(reading: Reading, href_of: Callable[[str], str]) -> tuple[ChipLink, ...]:
    """The active filters of a page; ``href_of`` gives its address under another query."""
    return tuple(
        ChipLink(
            f"{chip.facet_label}: {chip.label}" if chip.facet_label else chip.label,
            href_of(chip.remove_href),
            chip.excluded,
        )
        for chip in chips(reading)
    )


@dataclass(frozen=True)
class Offer:
    """A filter that a reader may want next."""

    words: str
    href: str


@dataclass(frozen=True)
class RailYear:
    """A year, or decade, of the rail: its number of events as a bar; ``width`` is percent."""

    label: str
    href: str
    count: int
    width: float


@dataclass(frozen=True)
class Listing:
    """The results region."""

    action: str
    total: int
    words: str
    chips: tuple[ChipLink, ...]
    offers: tuple[Offer, ...]
    chapters: tuple[Chapter, ...]
    rail: tuple[RailYear, ...]
    compact: bool
    full_href: str
    compact_href: str
    chart_href: str
    compare_href: str
    map_href: str
    sort: str
    sorts: tuple[tuple[str, str], ...]
    kept: tuple[tuple[str, str], ...]
    previous_href: str
    next_href: str
    page_size: int
    printed: str
    whole: str
    files: tuple[Offered, ...]
    share: SharePanel


def _months(cards: Sequence[Drawn], anchor: str, divided: bool) -> tuple[Month, ...]:
    """Cut a year's cards where their month changes, if it is worth it."""
    # What is known to the year only has no month to stand under, so it keeps the one before it.
    if not divided:
        return (Month("", "", tuple(cards)),)
    made: list[tuple[int, list[Drawn]]] = []
    for card in cards:
        if not made or made[-1][0] != card.month:
            made.append((card.month, []))
        made[-1][1].append(card)
    return tuple(
        Month(dates.month_name(month, tongue()), f"{anchor}-{month:02}", tuple(members))
        for month, members in made
    )


def _year_note(listed: int, inside: int) -> str:
    """ "5 of 11 events": how many of a year's events stand here."""
    if listed < inside:
        return gettext("%(listed)s of %(all)s events") % {"listed": listed, "all": inside}
    return ngettext("%(count)s event", "%(count)s events", listed) % {"count": listed}


def chapters(
    cards: Sequence[Drawn],
    earlier: frozenset[str],
    inside: Mapping[int, int],
    *,
    by_date: bool,
) -> tuple[Chapter, ...]:
    """Cards under their years, in the order given; those in ``earlier`` under one heading first.

    ``earlier`` holds public ids, ``inside`` how many events a year has under the same filters.
    """
    made = []
    before = [card for card in cards if card.public_id in earlier]
    if before:
        made.append(
            Chapter(
                gettext("Began earlier"),
                "earlier",
                _year_note(len(before), len(before)),
                _months(before, "earlier", False),
            )
        )
    rest = [card for card in cards if card.public_id not in earlier]
    if not by_date:
        if rest:
            made.append(
                Chapter(
                    gettext("Last updated first"),
                    "updated",
                    _year_note(len(rest), len(rest)),
                    _months(rest, "updated", False),
                )
            )
        return tuple(made)
    years: list[tuple[int, list[Drawn]]] = []
    for card in rest:
        if not years or years[-1][0] != card.year:
            years.append((card.year, []))
        years[-1][1].append(card)
    for year, members in years:
        anchor = f"y{year}"
        made.append(
            Chapter(
                dates.year(year, tongue()),
                anchor,
                _year_note(len(members), inside.get(year, 0)),
                _months(members, anchor, len(members) >= MONTHS_FROM),
            )
        )
    return tuple(made)


def rail(
    years: Sequence[YearCount],
    decades: Sequence[YearCount],
    here: Collection[int],
    address: Callable[[int, int], str],
) -> tuple[RailYear, ...]:
    """The years of a list with their numbers, or the decades where the years are too many.

    ``here`` are the years that have cards on the page, in its order: such a one is an anchor of
    it. The others lead to ``address``, from one year to another.
    """
    by_decade = len(years) > YEARS_LISTED
    listed, length = (decades, 10) if by_decade else (years, 1)
    anchors = {year - year % length: year for year in reversed(tuple(here))}
    most = max((each.count for each in listed), default=1)
    return tuple(
        RailYear(
            decade_word(each.year) if by_decade else str(each.year),
            f"#y{anchors[each.year]}"
            if each.year in anchors
            else address(max(each.year, 1), each.year + length - 1),
            each.count,
            round(max(2.0, each.count * _WIDEST / most), 1),
        )
        for each in listed
    )


def same_events(listed: int, total: int) -> str:
    """The heading of a list below a drawing of so many events."""
    if listed < total:
        return gettext("The first %(count)s of the same %(total)s events as a list") % {
            "count": listed,
            "total": numbers.whole(total),
        }
    return ngettext("The same event as a list", "The same %(num)s events as a list", total) % {
        "num": numbers.whole(total)
    }
