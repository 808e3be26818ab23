"""Figures on their own, each with the event that holds it, for pages of one metric."""

from collections.abc import Sequence
from dataclasses import dataclass

from timeline.models import Figure
from timeline.models.choices import Status
from timeline.record import EventBrief, FigureRecord, brief, figure_record


@dataclass(frozen=True, slots=True)
class HeldFigure:
    """A figure and its event."""

    figure: FigureRecord
    event: EventBrief


def figures_of(keys: Sequence[int]) -> list[HeldFigure]:
    """The figures of public events among these keys, in their order; one query."""
    rows = Figure.objects.filter(event__status=Status.PUBLISHED).select_related(
        *("metric", "attributed_to", "event__category"),
        *("citation__source__publisher", "citation__source__agency"),
    )
    found = rows.in_bulk(keys)
    return [
        HeldFigure(figure_record(found[key]), brief(found[key].event))
        for key in keys
        if key in found
    ]
