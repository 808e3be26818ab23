"""A figure's value as its source stated it: never averaged, never rounded.

Knows the record's figures; knows nothing of where they are shown. The lines of a card and the
table of an event page are made in ``cards`` and ``claims``.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.utils.formats import number_format
from django.utils.translation import get_language

from timeline.record import FigureRecord
from timeline.record.spoken import UNSAID
from timeline.web.wording import guard


@dataclass(frozen=True)
class Stated:
    """A value in words: the qualifier, the number, the unit where it is not people.

    A qualifier that a language puts behind the number stands in ``value``, or with the unit.
    ``between`` holds the low and high end that were stated beside a best value.
    """

    qualifier: str
    value: str
    unit: str
    between: str = ""

    @property
    def number(self) -> str:
        """The value with its range, without the qualifier."""
        span = f"({self.between})" if self.between else ""
        return " ".join(part for part in (self.value, span, self.unit) if part)

    @property
    def words(self) -> str:
        return f"{self.qualifier} {self.number}" if self.qualifier else self.number


def plain(number: Decimal | None) -> str:
    """A number with its thousands grouped and no digit that was not stated; empty for none."""
    if number is None:
        return ""
    shortest = number.normalize()
    exponent = shortest.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return str(number_format(shortest, decimal_pos=places, use_l10n=True, force_grouping=True))


def stated(figure: FigureRecord, *, guarded: bool = True) -> Stated:
    """The value of a figure as stated; not ``guarded`` where a drawing says how it was stated."""
    if figure.text_value:
        return Stated("", figure.text_value, "")
    unit = "" if figure.metric.unit in UNSAID else figure.metric.unit
    before, after = guard(figure.qualifier) if guarded else ("", "")
    between = ""
    value = next(
        (each for each in (figure.best, figure.low, figure.high) if each is not None), None
    )
    said = plain(value) or "–"
    if figure.low is not None and figure.high is not None:
        between = f"{plain(figure.low)}–{plain(figure.high)}"
        if figure.best is None:
            said, between = between, ""
    if value is None:
        return Stated("", said, "")
    if unit:
        return Stated(before, said, f"{unit} {after}".rstrip(), between)
    return Stated(before, f"{said} {after}".rstrip(), "", between)


def ends(figure: FigureRecord) -> tuple[Decimal, Decimal] | None:
    """The lowest and the highest number that a figure states; None where it states words only."""
    stated = [each for each in (figure.low, figure.best, figure.high) if each is not None]
    return (min(stated), max(stated)) if stated else None


def owner(figure: FigureRecord) -> str:
    """Who gives a figure: the actor that it is attributed to, else the source's publisher."""
    if figure.attributed_to is not None:
        return figure.attributed_to.name
    return figure.source.publisher.name if figure.source is not None else ""


def whole(number: int) -> str:
    """A count with its thousands grouped."""
    return _whole(get_language(), number)


@lru_cache(maxsize=4096)
def _whole(_language: str | None, number: int) -> str:
    return str(number_format(number, use_l10n=True, force_grouping=True))
