"""Relations between the events of a file and those of the record, once all of them have keys.

What can't be related is left out: the event isn't there, it is the same one, the relation is
recorded already, on either end where it holds both ways, or an event would be part of itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from timeline.intake.among import among
from timeline.intake.drafts import EventDraft
from timeline.models import Event, ExternalId, Relation
from timeline.models.choices import RelationKind
from timeline.models.relations import SYMMETRIC


class Relations:
    """The relations that drafts tell of; each is given with the key of its event."""

    def __init__(self, given: Sequence[tuple[int, EventDraft]]) -> None:
        self._given = given
        self._events: dict[str, Event] = {}
        named = {relation.to for _key, draft in given for relation in draft.relations}
        for event in among(Event.objects.all(), "public_id", named):
            self._events[event.public_id] = event
        external = {tuple(name.split(":", 1)) for name in named if ":" in name}
        rows = ExternalId.objects.select_related("event")
        for row in among(rows, "value", {value for _system, value in external}):
            self._events.setdefault(f"{row.system}:{row.value}", row.event)
        self._own = Event.objects.in_bulk([key for key, _draft in given])
        self._known: set[tuple[int, int, str]] = set()
        self._above: defaultdict[int, set[int]] = defaultdict(set)
        self._read()

    def _read(self) -> None:
        keys = [*self._own, *(event.pk for event in self._events.values())]
        rows = among(Relation.objects.all(), "from_event", dict.fromkeys(keys))
        self._known = set(rows.values_list("from_event", "to_event", "kind"))
        parts = any(
            relation.kind == RelationKind.PART_OF
            for _key, draft in self._given
            for relation in draft.relations
        )
        if parts:
            rows = Relation.objects.filter(kind=RelationKind.PART_OF)
            for part, whole in rows.values_list("from_event", "to_event"):
                self._above[part].add(whole)

    def rows(self) -> list[Relation]:
        """What is to be written, in the order of the file."""
        found = []
        for key, draft in self._given:
            for each in draft.relations:
                other = self._events.get(each.to)
                if other is not None and self._fits(key, other.pk, each.kind):
                    self._known.add((key, other.pk, each.kind))
                    if each.kind == RelationKind.PART_OF:
                        self._above[key].add(other.pk)
                    found.append(
                        Relation(from_event=self._own[key], kind=each.kind, to_event=other)
                    )
        return found

    def gone(self, replaced: Iterable[int]) -> list[Relation]:
        """The relations of events that say what their file says now, and which it names no more.
        They are out of the way of those that are to be written; so ask for these first."""
        named = {
            (key, other.pk, each.kind)
            for key, draft in self._given
            for each in draft.relations
            if (other := self._events.get(each.to)) is not None
        }
        rows = Relation.objects.select_related("from_event", "to_event").order_by("pk")
        found = []
        for row in among(rows, "from_event", replaced):
            relation = (row.from_event_id, row.to_event_id, row.kind)
            if relation not in named:
                found.append(row)
                self._known.discard(relation)
                if row.kind == RelationKind.PART_OF:
                    self._above[row.from_event_id].discard(row.to_event_id)
        return found

    def _fits(self, here: int, there: int, kind: str) -> bool:
        if here == there or (here, there, kind) in self._known or kind not in RelationKind.values:
            return False
        if kind in SYMMETRIC and (there, here, kind) in self._known:
            return False
        return kind != RelationKind.PART_OF or not self._is_above(here, there)

    def _is_above(self, part: int, whole: int) -> bool:
        """Whether ``whole`` is itself a part of ``part``, however deep."""
        level, seen = {whole}, set[int]()
        while level:
            if part in level:
                return True
            seen |= level
            level = {each for one in level for each in self._above[one]} - seen
        return False
