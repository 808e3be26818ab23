"""An answer: the events of a page, how many there are, and how they spread over every facet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from timeline.index.selection import Cursor


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
    """The values of one dimension, most frequent first; chosen ones are always among them."""

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """Events that touch one month or year: selected ones by family, ``total`` of them, and
    ``rest``, all events of the page's preset there (selected or not)."""

    start: date
    end: date
    by_family: tuple[tuple[str, int], ...]
    total: int
    rest: int


@dataclass(frozen=True, slots=True)
class YearCount:
    """Events that touch a year; ``on`` when the selection's dates include it."""

    year: int
    count: int
    rest: int
    on: bool


@dataclass(frozen=True, slots=True)
class Density:
    """Events per unit of time under the selection without its dates. ``unit``: month or year."""

    unit: str
    bars: tuple[Bar, ...]
    years: tuple[YearCount, ...]
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
