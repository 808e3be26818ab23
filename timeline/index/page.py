"""An answer: the events of a page, how many there are, and how they spread over every facet."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext_lazy

from timeline.index.selection import Choice, Cursor
from timeline.models.called import Names, names
from timeline.models.countries import country_name, recorded

AT_MOST = 20
"""How many values of a facet an answer lists unless it is asked for more."""
LISTED_WHOLE = frozenset(
    {"role", "year", "category", "stance", "verification", "has", "importance"}
)
"""Facets of few values, which are listed whole."""
HAS_LABELS = {
    "figures": gettext_lazy("Figures"),
    "archive": gettext_lazy("Archived copies"),
    "place": gettext_lazy("A place"),
    "correction": gettext_lazy("A correction"),
}


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet. ``count`` is exactly the total that its link returns; ``state`` is
    on, off or excluded."""

    value: str
    label: str
    count: int
    state: str = "off"


@dataclass(frozen=True, slots=True)
class Facet:
    """The most frequent values of one dimension and all that are chosen, most frequent first;
    ``more`` other values have events too."""

    name: str
    values: tuple[FacetValue, ...]
    more: int = 0


def first_values(name: str, values: list[FacetValue], at_most: int, more: int = 0) -> Facet:
    """The facet of these values, cut after ``at_most`` where it isn't listed whole; ``more`` that
    aren't among the values have events."""
    ordered = sorted(values, key=lambda each: (-each.count, each.label.casefold(), each.value))
    if name in LISTED_WHOLE:
        return Facet(name, tuple(ordered))
    shown = tuple(each for at, each in enumerate(ordered) if at < at_most or each.state != "off")
    return Facet(name, shown, more + len(ordered) - len(shown))


def state(value: str, choice: Choice) -> str:
    """Whether a value is chosen: on, off or excluded."""
    if value in choice.include:
        return "on"
    return "excluded" if value in choice.exclude else "off"


class Bar(NamedTuple):
    """Events that touch one month or year: selected ones by family, ``total`` of them, and
    ``rest``, all events of the page's preset there (selected or not)."""

    start: date
    end: date
    by_family: tuple[tuple[str, int], ...]
    total: int
    rest: int


@dataclass(frozen=True, slots=True)
class YearCount:
    """Events that touch a year, or the ten years that begin with it; ``on`` when the selection's
    dates include it."""

    year: int
    count: int
    rest: int
    on: bool


YEARS_LISTED = 24
"""A record of more years than this is listed by decades."""


@dataclass(frozen=True, slots=True)
class Density:
    """Events per unit of time under the selection without its dates. ``unit``: month or year.
    ``decades`` are counted where there are too many years to list."""

    unit: str
    bars: tuple[Bar, ...]
    years: tuple[YearCount, ...]
    decades: tuple[YearCount, ...]
    selected: tuple[date, date] | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the answer. ``ids`` are primary keys in the selection's order;
    ``began_earlier`` those on it whose sort date lies before the chosen range."""

    total: int
    ids: tuple[int, ...]
    facets: Mapping[str, Facet]
    density: Density
    next_cursor: Cursor | None
    previous_cursor: Cursor | None
    began_earlier: frozenset[int]


_CALLED = {
    **{kind: kind for kind in ("actor", "category", "topic", "place", "publisher", "metric")},
    "speaker": "actor",
    "country": "place",
}
"""The facets whose values have names of the record, and what they are."""


def spoken(page: Page) -> Page:
    """The answer with its facets' values as they are called in the language of the moment."""
    said = names()
    if said is None:
        return page
    facets = {
        name: _said(facet, _CALLED[name], said) if name in _CALLED else facet
        for name, facet in page.facets.items()
    }
    return replace(page, facets=facets)


def _said(facet: Facet, kind: str, said: Names) -> Facet:
    values = [
        replace(each, label=said.thing(kind, each.value, each.label)) for each in facet.values
    ]
    if facet.name == "country":
        values = [
            replace(each, label=country_name(each.value))
            if each.label == recorded(each.value)
            else each
            for each in values
        ]
    values.sort(key=lambda each: (-each.count, each.label.casefold(), each.value))
    return replace(facet, values=tuple(values))
