"""The figures of one metric under a selection: which there are, the newest first.

Figures are few beside events, so those of a metric are read with one query over its own index
and kept until the record changes; the selection only says which events' figures are meant. A
page then costs a look through the metric's figures in memory, whatever the size of the record.
"""

from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from django.db.models import QuerySet

from timeline import dates
from timeline.index.answering import live
from timeline.index.arrays import Array, numbers
from timeline.index.edits import Index
from timeline.index.matching import Families, matching
from timeline.index.selection import PAGE_SIZE, Selection
from timeline.models import Figure
from timeline.models.choices import FigureState

_SOURCE = ("citation__source__published_latest", "citation__source__accessed_on")
_STATES = {state: at for at, state in enumerate(FigureState.values)}


def given(metric: int, selection: Selection, day: date = date.max) -> list[int]:
    """Keys of the public figures of a metric in the events of a selection, newest first, as they
    could be known at the end of a day.

    Newest by the last day that the number can stand for, undated ones last; of one day those
    that still stand come before those that were replaced or retracted.
    """
    # Now everything is known, and the sources needn't be asked.
    dated = day < date.max
    plain = selection.changed(sort="date", page_size=PAGE_SIZE)

    def known(index: Index) -> list[int]:
        # Of events that aren't public too: no selection holds those.
        rows = index.resolver.counted(
            ("figures", metric, dated),
            lambda: _rows(Figure.objects.filter(metric=metric), dated=dated),
        )
        documents = index.documents
        keys = documents.take("key", numbers(index.resolver.matching(plain)))
        return _known_by(rows[np.isin(rows[:, 1], keys)], day)

    def plainly() -> list[int]:
        events = matching(plain, Families())
        figures = Figure.objects.filter(metric=metric, event__in=events)
        return _known_by(_rows(figures, dated=dated), day)

    return live.ask(known, plainly)


def _known_by(rows: Array, day: date) -> list[int]:
    found: list[int] = rows[rows[:, 2] <= day.toordinal(), 0].tolist()
    return found


def _rows(figures: QuerySet[Figure], *, dated: bool) -> Array:
    """Keys of figures and of their events and, where ``dated``, the day from which each is known,
    in order."""
    sources = ("citation", *_SOURCE) if dated else ()
    rows: list[tuple[Any, ...]] = list(
        figures.order_by().values_list("pk", "event", "as_of", "state", *sources)
    )
    rows.sort(key=lambda row: (-_day(row[2]), _STATES[row[3]], -row[0]))
    made = [(row[0], row[1], _known_from(row[2], *row[4:]) if dated else 0) for row in rows]
    return np.array(made, np.int64).reshape(len(rows), 3)


def _known_from(
    as_of: str, citation: int | None, published: date | None, accessed: date | None
) -> int:
    """The day from which a figure is known: when its source was published at the latest, else
    read; without a source the last day that it can stand for. What is never known by any earlier
    day is known on the last day of all."""
    if citation is None:
        return _day(as_of) or date.max.toordinal()
    on = published or accessed or date.max
    return on.toordinal()


@lru_cache(maxsize=65_536)
def _day(as_of: str) -> int:
    """The last day that a number can stand for; 0 for one without a date."""
    return dates.parse(as_of).latest.toordinal() if as_of else 0
