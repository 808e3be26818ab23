"""Figures of an event, grouped by what is counted, and the same count as others gave it.

Numbers stand side by side and are never averaged. A group is one metric and one subject; in it
each party that gave a number has its line, newest first, replaced numbers after the one that
replaced them, and above them the span of those that stand. With three claims or more, from this
event or others, a group gets a plot.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext, ngettext

from timeline import dates
from timeline.record import FigureRecord
from timeline.web import numbers, wording
from timeline.web.addresses import address
from timeline.web.cards import carrier
from timeline.web.when import When, when

CLAIMS_FOR_A_PLOT = 3
VOICES_FOR_A_SPAN = 2
# The scale leaves room on the left for a mark at nought and on the right for the value's text.
_LEFT, _WIDTH = 2.0, 84.0


@dataclass(frozen=True)
class FigureRow:
    """One line of the figure table."""

    owner: str
    as_of: When | None
    low: str
    best: str
    high: str
    stated: str
    source: str
    source_language: str
    source_anchor: str
    replaced: bool
    retracted: bool
    counted: str
    note: str


@dataclass(frozen=True)
class FigureGroup:
    """What one metric says of one subject. ``spans`` say in words how far the numbers that stand
    lie apart, ``href`` leads to every figure of the metric."""

    metric: str
    href: str
    subject: str
    unit: str
    spans: tuple[str, ...]
    rows: tuple[FigureRow, ...]


@dataclass(frozen=True)
class Claim:
    """A figure with the event that holds it; ``here`` marks the page's own."""

    figure: FigureRecord
    href: str
    here: bool


@dataclass(frozen=True)
class PlotRow:
    """One claim on the scale. Positions are percent; ``line`` joins low and high."""

    as_of: When | None
    owner: str
    href: str
    here: bool
    words: str
    value: str
    mark: str
    x: float
    line: tuple[float, float] | None


@dataclass(frozen=True)
class Plot:
    """The claims of one metric and subject on one scale from nought."""

    metric: str
    subject: str
    rows: tuple[PlotRow, ...]
    ticks: tuple[tuple[float, str], ...]
    marks: tuple[str, ...]


def _day(figure: FigureRecord) -> str:
    """Sorts by the last day that the number can stand for; undated ones come last."""
    return dates.parse(figure.as_of).latest.isoformat() if figure.as_of else ""


def _key(figure: FigureRecord) -> tuple[str, str]:
    return figure.metric.code, figure.subject


def _row(figure: FigureRecord) -> FigureRow:
    source = figure.source
    return FigureRow(
        owner=numbers.owner(figure),
        as_of=when(figure.as_of) if figure.as_of else None,
        low=numbers.plain(figure.low),
        best=numbers.plain(figure.best),
        high=numbers.plain(figure.high),
        stated=numbers.stated(figure).words,
        source=carrier(source) if source else "",
        source_language=source.publisher.language if source else "",
        source_anchor=f"s-{source.public_id}" if source else "",
        replaced=figure.state == "superseded",
        retracted=figure.state == "retracted",
        counted=str(wording.COUNTED_WORDS.get(figure.basis, "")),
        note=figure.note,
    )


def _spans(figures: Iterable[FigureRecord]) -> Iterable[str]:
    """ "Between 3,000 and 12,000, 3 voices": the numbers that stand, each way of counting alone."""
    standing: dict[str, list[tuple[Decimal, Decimal, FigureRecord]]] = {}
    for figure in figures:
        found = numbers.ends(figure)
        # Numbers of different periods can't be compared.
        if figure.state == "current" and figure.basis != "in_period" and found is not None:
            standing.setdefault(figure.basis, []).append((*found, figure))
    for basis, members in standing.items():
        voices = len({numbers.owner(figure) for _low, _high, figure in members})
        low, _, lowest = min(members, key=lambda member: member[0])
        _, high, highest = max(members, key=lambda member: member[1])
        if voices < VOICES_FOR_A_SPAN:
            continue
        counted = ngettext("%(num)s voice", "%(num)s voices", voices) % {"num": voices}
        values = {
            "low": _end(low, lowest),
            "high": _end(high, highest),
            "voices": counted,
        }
        if low == high:
            said = gettext("%(high)s, %(voices)s") % values
        else:
            said = gettext("between %(low)s and %(high)s, %(voices)s") % values
        if len(standing) > 1 and basis in wording.COUNTED_WORDS:
            said = f"{said} ({wording.COUNTED_WORDS[basis]})"
        yield said


def _end(number: Decimal, figure: FigureRecord) -> str:
    """An end of a span, as guardedly as it was stated."""
    before, after = wording.guard(figure.qualifier)
    return f"{before} {numbers.plain(number)} {after}".strip()


def groups(figures: Iterable[FigureRecord]) -> tuple[FigureGroup, ...]:
    """The figures of one event, in the order in which their groups first appear."""
    order: dict[tuple[str, str], list[FigureRecord]] = {}
    for figure in figures:
        order.setdefault(_key(figure), []).append(figure)
    made = []
    for members in order.values():
        newest: dict[str, str] = {}
        for figure in members:
            newest[numbers.owner(figure)] = max(newest.get(numbers.owner(figure), ""), _day(figure))
        members.sort(key=_day, reverse=True)
        members.sort(key=lambda figure: figure.state != "current")
        members.sort(
            key=lambda figure: (newest[numbers.owner(figure)], numbers.owner(figure)), reverse=True
        )
        first = members[0]
        made.append(
            FigureGroup(
                metric=first.metric.label,
                href=address("metric", code=first.metric.code),
                subject=first.subject,
                unit=first.metric.unit,
                spans=tuple(_spans(members)),
                rows=tuple(_row(figure) for figure in members),
            )
        )
    return tuple(made)


def _step(top: Decimal) -> Decimal:
    """A round step that cuts a scale into three to six parts."""
    magnitude = Decimal(10) ** (top.adjusted())
    for factor in (Decimal("0.2"), Decimal("0.25"), Decimal("0.5"), Decimal(1), Decimal(2)):
        if top / (magnitude * factor) <= 5:
            return magnitude * factor
    return magnitude * 5


def ticks(top: Decimal) -> tuple[Decimal, ...]:
    """The round numbers of a scale from nought to ``top``."""
    step = _step(top)
    return tuple(step * number for number in range(int(top / step) + 1))


def mark_of(figure: FigureRecord) -> str:
    """How a number is drawn: plainly, as "about", open upwards or downwards, or as a range only."""
    bounds = (figure.low, figure.high)
    if figure.best is None and None not in bounds and figure.low != figure.high:
        return "none"
    return {
        "about": "about",
        "at_least": "up",
        "more_than": "up",
        "up_to": "down",
        "less_than": "down",
    }.get(figure.qualifier, "dot")


def _plot_row(claim: Claim, top: Decimal) -> PlotRow | None:
    figure = claim.figure
    found = numbers.ends(figure)
    if found is None:
        return None

    def x(value: Decimal) -> float:
        return round(_LEFT + float(value / top) * _WIDTH, 2)

    line = None
    if figure.low is not None and figure.high is not None and figure.low != figure.high:
        line = (x(figure.low), x(figure.high))
    at = figure.best if figure.best is not None else found[1]
    stated = numbers.stated(figure)
    return PlotRow(
        as_of=when(figure.as_of) if figure.as_of else None,
        owner=numbers.owner(figure),
        href=claim.href,
        here=claim.here,
        words=stated.words,
        value=replace(numbers.stated(figure, guarded=False), unit="").number,
        mark=mark_of(figure),
        x=x(at),
        line=line,
    )


def plots(claims: Sequence[Claim], *, everywhere: bool = False) -> tuple[Plot, ...]:
    """A plot for each metric and subject with enough claims that still stand, oldest first; of
    those that the page's own event counts too, unless ``everywhere``."""
    standing = [
        claim
        for claim in claims
        if claim.figure.state == "current"
        # What was counted in a week doesn't belong on a scale with totals.
        and claim.figure.basis != "in_period"
        and numbers.ends(claim.figure) is not None
    ]
    standing.sort(key=lambda claim: (_key(claim.figure), _day(claim.figure)))
    made = []
    for _, grouped in groupby(standing, key=lambda claim: _key(claim.figure)):
        members = list(grouped)
        here = everywhere or any(claim.here for claim in members)
        if len(members) < CLAIMS_FOR_A_PLOT or not here:
            continue
        top = max(
            found[1] for claim in members if (found := numbers.ends(claim.figure)) is not None
        )
        # A scale needs a length, and numbers below nought have no place on it.
        if top <= 0:
            continue
        rows = [row for claim in members if (row := _plot_row(claim, top)) is not None]
        first = members[0].figure
        made.append(
            Plot(
                metric=first.metric.label,
                subject=first.subject,
                rows=tuple(rows),
                ticks=tuple(
                    (round(_LEFT + float(tick / top) * _WIDTH, 2), numbers.plain(tick))
                    for tick in ticks(top)
                ),
                marks=tuple(sorted({row.mark for row in rows} - {"none"})),
            )
        )
    return tuple(made)
