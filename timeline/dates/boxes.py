"""A date in forms that have one box each for year, month and day, as TimelineJS has them.

Only what is known is filled in, so a season leaves the month empty and says itself in words.
"""

from dataclasses import dataclass

from timeline.dates.edtf import FuzzyDate, Part, Precision


@dataclass(frozen=True, slots=True)
class Boxes:
    """Empty boxes are None. A day never stands without its month."""

    year: int
    month: int | None = None
    day: int | None = None

    def holds(self, other: "Boxes") -> bool:
        """Whether the other is the same or, where this one is empty, more exact."""
        return (
            self.year == other.year
            and self.month in (None, other.month)
            and self.day in (None, other.day)
        )

    @property
    def edtf(self) -> str:
        """The same as EDTF, which may be no day of the calendar."""
        filled = [f"{self.year:04}", *(f"{each:02}" for each in (self.month, self.day) if each)]
        return "-".join(filled)


def boxes(when: FuzzyDate) -> tuple[Boxes, Boxes | None]:
    """The boxes of the start and, for what has one, of the end.

    What the boxes can't say (a season, a mark, an open end, one day of several) is left to words:
    :func:`says_all` tells. One day of several is the month or year that holds them all, else a
    span; of what is open at one end the known end stands alone.
    """
    start, end = when.start, when.end
    if start is None or end is None:
        if start is not None:
            return _first(start), None
        if end is not None:
            # Words say "before 1 March 2018" of one day up to a winter: the year of its last day.
            one_of = when.precision is Precision.ONE_OF and end.precision is Precision.SEASON
            return (Boxes(end.latest.year) if one_of else _last(end)), None
        raise ValueError("A date has at least one end.")
    if when.precision is Precision.ONE_OF:
        first, last = when.earliest, when.latest
        if (first.year, first.month) == (last.year, last.month):
            return Boxes(first.year, first.month), None
        if first.year == last.year:
            return Boxes(first.year), None
    left, right = _first(start), _last(end)
    return left, (None if right == left else right)


def says_all(when: FuzzyDate) -> bool:
    """Whether the boxes alone say the date: days, months, years and spans of them."""
    plain = (Precision.DAY, Precision.MONTH, Precision.YEAR)
    return (
        when.precision is not Precision.ONE_OF
        and not (when.uncertain or when.approximate)
        and all(part is not None and part.precision in plain for part in (when.start, when.end))
    )


def _first(part: Part) -> Boxes:
    day = part.earliest
    match part.precision:
        case Precision.DAY:
            return Boxes(day.year, day.month, day.day)
        case Precision.MONTH:
            return Boxes(day.year, day.month)
    return Boxes(day.year)


def _last(part: Part) -> Boxes:
    """Winter ends in the year after; it is recorded under the year in which it begins."""
    day = part.earliest if part.precision is Precision.SEASON else part.latest
    match part.precision:
        case Precision.DAY:
            return Boxes(day.year, day.month, day.day)
        case Precision.MONTH:
            return Boxes(day.year, day.month)
    return Boxes(day.year)
