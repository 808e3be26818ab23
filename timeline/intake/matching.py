"""Which events of the record the rows of a file are, or may be.

A row is an event when they share an external id or the public id. It may be one when they cite
the same link about the same day, or have a like title within three days; that is a question for
a person. Two events that one other system calls by two ids are two.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from timeline import text
from timeline.intake.alike import (
    LIKELY,
    MOST_COMPARED,
    NEAR,
    SHORTEST_TITLE,
    ZONE,
    earlier,
    later,
    likeness,
)
from timeline.intake.among import among
from timeline.intake.building import when
from timeline.intake.drafts import EventDraft
from timeline.intake.things import canonical
from timeline.models import Citation, Event, ExternalId, ImportedEvent
from timeline.models.choices import Status

_WIDE = timedelta(days=31)
"""An event whose day is less known than this is compared with no title: too many are about then."""
_TELLING = 3
"""The longest words of a title; one who tells of the same uses one of them."""


@dataclass(frozen=True, slots=True)
class Known:
    """An event of the record, as far as an import needs it. ``imported`` is the fingerprint of
    the row that made it, ``untouched`` whether nobody has saved it since."""

    pk: int
    title: str
    date: str
    status: str
    was_public: bool
    imported: str = ""
    untouched: bool = False


@dataclass(frozen=True, slots=True)
class Twin:
    """An event that a row may be, and why."""

    pk: int
    why: str


@dataclass(frozen=True, slots=True)
class _Other:
    pk: int
    folded: str
    earliest: date
    latest: date


class Matches:
    """What is there of a file's rows. Reads in a number of queries that doesn't grow with them."""

    def __init__(self, drafts: Sequence[EventDraft]) -> None:
        self._by_external: dict[tuple[str, str], int] = {}
        self._by_public_id: dict[str, int] = {}
        self._systems: defaultdict[int, set[str]] = defaultdict(set)
        self.known: dict[int, Known] = {}
        self._read_ids(drafts)
        self._read_known()
        self._by_link: defaultdict[str, list[_Other]] = defaultdict(list)
        self._by_word: dict[str, defaultdict[int, list[_Other]]] = {}
        rest = [draft for draft in drafts if self.event(draft) is None]
        self._read_links(rest)
        self._read_titles(rest)
        self._read_systems()

    def event(self, draft: EventDraft) -> Known | None:
        """The event that the row is. Raises ``LookupError`` when its ids are those of two."""
        found = {
            key
            for each in draft.external
            if (
                key := self._by_external.get(
                    (text.clean_line(each.system), text.clean_line(each.value))
                )
            )
        }
        if draft.public_id and (key := self._by_public_id.get(draft.public_id)):
            found.add(key)
        if len(found) > 1:
            raise LookupError
        return self.known[found.pop()] if found else None

    # --- Reading ----------------------------------------------------------------------------

    def _read_ids(self, drafts: Sequence[EventDraft]) -> None:
        values: defaultdict[str, set[str]] = defaultdict(set)
        for draft in drafts:
            for each in draft.external:
                values[text.clean_line(each.system)].add(text.clean_line(each.value))
        for system, wanted in values.items():
            rows = among(ExternalId.objects.filter(system=system), "value", wanted)
            for value, event in rows.values_list("value", "event"):
                self._by_external[system, value] = event
        wanted = {draft.public_id for draft in drafts if draft.public_id}
        events = among(Event.objects.all(), "public_id", wanted)
        self._by_public_id = dict(events.values_list("public_id", "pk"))

    def _read_known(self) -> None:
        keys = {*self._by_external.values(), *self._by_public_id.values()}
        imported = {
            event: (lock, printed)
            for event, lock, printed in among(ImportedEvent.objects.all(), "event", keys)
            .order_by("pk")
            .values_list("event", "lock", "fingerprint")
        }
        rows = among(Event.objects.all(), "pk", keys)
        columns = ("pk", "title", "date", "status", "published_at", "lock")
        for pk, title, when_, status, published_at, lock in rows.values_list(*columns):
            left, printed = imported.get(pk, (None, ""))
            self.known[pk] = Known(
                pk, title, when_, status, published_at is not None, printed, left == lock
            )

    def _read_links(self, drafts: Sequence[EventDraft]) -> None:
        links = {
            link
            for draft in drafts
            for each in draft.citations
            if each.source.url and (link := canonical(each.source.url))
        }
        rows = Citation.objects.filter(event__revises=None).exclude(event__status=Status.MERGED)
        columns = ("source__canonical_url", "event", "event__earliest", "event__latest")
        cited = among(rows, "source__canonical_url", links)
        for link, pk, earliest, latest in cited.values_list(*columns):
            self._by_link[link or ""].append(_Other(pk, "", earliest, latest))

    def _read_titles(self, drafts: Sequence[EventDraft]) -> None:
        days = [found for draft in drafts if (found := when(draft))]
        narrow = [each for each in days if each.latest - each.earliest <= _WIDE]
        if not narrow:
            return
        first = earlier(min(each.earliest for each in narrow), NEAR)
        last = later(max(each.latest for each in narrow), NEAR)
        rows = (
            Event.objects.own()
            .filter(earliest__lte=last, latest__gte=first)
            .exclude(status=Status.MERGED)
            .order_by("pk")
            .values_list("pk", "title", "earliest", "latest")
        )
        for pk, title, earliest, latest in rows.iterator(5_000):
            if latest - earliest > _WIDE:
                continue
            other = _Other(pk, text.fold(title), earliest, latest)
            for word in _telling(other.folded):
                there = self._by_word.setdefault(word, defaultdict(list))
                for day in _days(earliest, latest):
                    there[day].append(other)

    def _read_systems(self) -> None:
        found = {each.pk for some in self._by_link.values() for each in some}
        for days in self._by_word.values():
            found |= {each.pk for some in days.values() for each in some}
        rows = among(ExternalId.objects.all(), "event", found)
        for event, system in rows.values_list("event", "system"):
            self._systems[event].add(system)

    # --- Possible duplicates ----------------------------------------------------------------

    def twin(self, draft: EventDraft) -> Twin | None:
        """The event that the row most likely is, if there is one. A row that is one has none."""
        found = when(draft)
        if found is None:
            return None
        own = {text.clean_line(each.system) for each in draft.external}
        for each in draft.citations:
            for other in (
                self._by_link.get(canonical(each.source.url), ()) if each.source.url else ()
            ):
                near = other.earliest <= later(found.latest, ZONE) and other.latest >= earlier(
                    found.earliest, ZONE
                )
                if near and not own & self._systems[other.pk]:
                    return Twin(other.pk, _("same link, same day"))
        return self._like(text.fold(draft.title), found.earliest, found.latest, own)

    def _like(self, title: str, earliest: date, latest: date, own: set[str]) -> Twin | None:
        if not self._by_word or len(title) < SHORTEST_TITLE or latest - earliest > _WIDE:
            return None
        others = {
            other.pk: other
            for word in _telling(title)
            if (there := self._by_word.get(word))
            for day in _days(earlier(earliest, NEAR), later(latest, NEAR))
            for other in there.get(day, ())
            if not own & self._systems[other.pk]
        }
        best, least = None, LIKELY
        for other in list(others.values())[:MOST_COMPARED]:
            if ratio := likeness(title, other.folded, least):
                best, least = other, ratio
        if best is None:
            return None
        return Twin(best.pk, _("%(percent)d %% alike") % {"percent": round(least * 100)})


def _telling(folded: str) -> Iterable[str]:
    return sorted(set(text.tokens(folded)), key=lambda word: (-len(word), word))[:_TELLING]


def _days(first: date, last: date) -> Iterable[int]:
    """The days by their numbers."""
    return range(first.toordinal(), last.toordinal() + 1)
