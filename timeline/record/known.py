"""Records as they could be known on a day: without what was published, or counted, later.

Titles and summaries are today's words; the verification is that of the day, as derived, whatever
an editor set by hand since. A number that another replaced stands until the other was known.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from timeline import dates
from timeline.models import Figure, VerificationStep
from timeline.record import EventRecord, FigureRecord, SourceRecord
from timeline.record.fetching import HeldFigure, figures_of
from timeline.verification import Label


def known_from(source: SourceRecord) -> dt.date | None:
    """The first day on which readers can have known a source; None for never."""
    return dates.parse(source.published).latest if source.published else source.accessed_on


def _counted_from(figure: FigureRecord) -> dt.date | None:
    if figure.source is not None:
        return known_from(figure.source)
    return dates.parse(figure.as_of).latest if figure.as_of else None


_REPLACING = (
    "superseded_by",
    "superseded_by__citation",
    "superseded_by__citation__source__published_latest",
    "superseded_by__citation__source__accessed_on",
    "superseded_by__as_of_latest",
)
"""What says when the number became known that replaced another."""


def _by(known: dt.date | None, day: dt.date) -> bool:
    return known is not None and known <= day


def as_known(records: Mapping[int, EventRecord], day: dt.date) -> dict[int, EventRecord]:
    """Those of the records, by keys of their events, that were known by a day, as they were.

    Costs two queries.
    """
    steps = VerificationStep.objects.filter(event__in=list(records), day__lte=day)
    labels = dict(steps.order_by("day").values_list("event", "label"))
    replaced: dict[int, list[bool]] = {}
    # In the order of the records' figures.
    rows = Figure.objects.filter(event__in=list(records)).values_list("event", *_REPLACING)
    for event, other, cited, published, accessed, as_of in rows:
        then = as_of if cited is None else published or accessed
        replaced.setdefault(event, []).append(other is None or _by(then, day))
    found = {}
    for key, record in records.items():
        citations = tuple(each for each in record.citations if _by(known_from(each.source), day))
        if citations:
            found[key] = replace(
                record,
                citations=citations,
                figures=_figures(record.figures, replaced.get(key, ()), day),
                verification=labels.get(key, Label.UNVERIFIED.value),
                verification_override="",
                verification_note="",
            )
    return found


def _figures(
    figures: Sequence[FigureRecord], replaced: Sequence[bool], day: dt.date
) -> tuple[FigureRecord, ...]:
    """The figures that were known by a day; ``replaced`` says of each whether it was by then."""
    known = [at for at, figure in enumerate(figures) if _by(_counted_from(figure), day)]
    places = {at: place for place, at in enumerate(known)}
    made = []
    for at, (figure, gone) in enumerate(zip(figures, replaced, strict=True)):
        if at in places and gone:
            other = figure.superseded_by
            place = places.get(other) if other is not None else None
            made.append(replace(figure, superseded_by=place))
        elif at in places:
            made.append(replace(figure, state="current", superseded_by=None))
    return tuple(made)


def figures_as_known(keys: Sequence[int], day: dt.date | None) -> list[HeldFigure]:
    """The figures with these keys, which were known by a day, as they stood on it; None is today.

    Costs two queries.
    """
    held = figures_of(keys)
    if day is None:
        return list(held.values())
    standing = set()
    rows = Figure.objects.filter(pk__in=list(held)).values_list("pk", *_REPLACING)
    for key, other, cited, published, accessed, as_of in rows:
        then = as_of if cited is None else published or accessed
        if other is not None and not _by(then, day):
            standing.add(key)
    return [
        replace(each, figure=replace(each.figure, state="current")) if key in standing else each
        for key, each in held.items()
    ]
