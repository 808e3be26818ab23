"""The complete records of a selection, one after the other: what leaves the site as a whole.

Only the keys are held, eight bytes each; records are read a few hundred at a time, each batch as
of one moment. Between two of them the record may change: what is no longer public then is left
out, and what is new isn't there.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from timeline.index import Selection, keys, naming
from timeline.index.reading import snapshot
from timeline.models import Event
from timeline.record import EventRecord
from timeline.record.complete import Parties, complete
from timeline.record.known import as_known

AT_ONCE = 300


class Selected:
    """All events of a selection, or its first ``at_most``; read when it is asked for them."""

    def __init__(self, selection: Selection, at_most: int | None = None) -> None:
        self._day = selection.known_by
        self._keys = keys(selection)[:at_most]
        self.total = len(self._keys)

    def __iter__(self) -> Iterator[EventRecord]:
        parties = Parties()
        for start in range(0, self.total, AT_ONCE):
            some = self._keys[start : start + AT_ONCE].tolist()
            yield from told(some, self._day, parties).values()


def told(
    events: Sequence[int], day: dt.date | None = None, parties: Parties | None = None
) -> dict[int, EventRecord]:
    """The complete records of the public events with these keys, in their order; with a day,
    those that were known by it, as they could be known."""
    with snapshot():
        if day is None:
            return complete(events, parties)
        found = as_known(complete(events, parties, day), day)
        others = {each.event.public_id for record in found.values() for each in record.relations}
        known = naming.known_among(others, day) if others else set()
    return {
        key: replace(
            record,
            relations=tuple(each for each in record.relations if each.event.public_id in known),
        )
        for key, record in found.items()
    }


def updated(selection: Selection) -> dt.datetime | None:
    """When an event of the selection was last published or revised."""
    newest = keys(selection.changed(sort="-updated"))[:1].tolist()
    moments = Event.objects.public().filter(pk__in=newest).values_list("revised_at", "published_at")
    return next((revised or published for revised, published in moments), None)
