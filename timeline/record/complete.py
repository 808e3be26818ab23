"""Complete records of many events: with their relations and the grounds of their verification.

What :func:`timeline.record.record` gives for one event, for a list of keys, in a number of
statements that doesn't depend on how many they are. Lists of cards need none of it and read
:func:`timeline.record.fetching.records_of`; whatever leaves the site whole comes through here.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from timeline import dates
from timeline.models import Actor, ExternalId, Relation
from timeline.record import (
    ActorRecord,
    CategoryRecord,
    CitationRecord,
    EventBrief,
    EventRecord,
    ExternalIdRecord,
    RelationRecord,
    ids_in_order,
    in_order,
)
from timeline.record.fetching import Statement, records_of
from timeline.verification import Part, Voice, verification
from timeline.verification import Statement as Stated

_BRIEF = ("public_id", "slug", "title", "date", "verification")
_CATEGORY = ("slug", "name", "shape", "family")


def _related(here: str, there: str) -> Callable[[], QuerySet[Any, Any]]:
    return lambda: (
        Relation.objects.public()
        .order_by()
        .values_list(
            here,
            "kind",
            *(f"{there}__{name}" for name in _BRIEF),
            *(f"{there}__category__{name}" for name in _CATEGORY),
        )
    )


_OUTGOING = Statement(_related("from_event", "to_event"), "from_event")
_INCOMING = Statement(_related("to_event", "from_event"), "to_event")


_IDS = Statement(
    lambda: ExternalId.objects.order_by().values_list("event", "system", "value", "url"), "event"
)


class Parties:
    """Actors by slug, each with the topmost one that it is part of, whose word its word is.

    Learnt a level of the tree at a time, and kept: one of these serves a whole export.
    """

    def __init__(self) -> None:
        self._tops: dict[str, Voice] = {}

    def learn(self, slugs: Iterable[str]) -> None:
        """Find the parties of these actors; costs nothing for those that are known."""
        wanted = set(slugs) - self._tops.keys()
        if not wanted:
            return
        columns = ("pk", "parent", "slug", "name")
        found = {
            pk: (parent, slug, name)
            for pk, parent, slug, name in Actor.objects.filter(slug__in=wanted).values_list(
                *columns
            )
        }
        asked = {slug: pk for pk, (_parent, slug, _name) in found.items()}
        above = {parent for parent, _slug, _name in found.values()} - {None} - found.keys()
        while above:
            level = {
                pk: (parent, slug, name)
                for pk, parent, slug, name in Actor.objects.filter(pk__in=above).values_list(
                    *columns
                )
            }
            found |= level
            above = {parent for parent, _slug, _name in level.values()} - {None} - found.keys()
        for slug, pk in asked.items():
            parent, top, name = found[pk]
            while parent is not None:
                parent, top, name = found[parent]
            self._tops[slug] = _voice(top, name)

    def of(self, actor: ActorRecord) -> Voice:
        """The party of an actor that was learnt; an actor that went meanwhile is its own."""
        return self._tops.get(actor.slug) or _voice(actor.slug, actor.name)


def complete(
    keys: Sequence[int], parties: Parties | None = None, day: dt.date = dt.date.max
) -> dict[int, EventRecord]:
    """The complete records of the public events among these keys, in their order; the grounds of
    the verification are those of a past ``day`` where one is given."""
    found = records_of(keys)
    if not found:
        return {}
    related = _relations(keys)
    called: defaultdict[int, list[ExternalIdRecord]] = defaultdict(list)
    for key, *values in _IDS.fetch(keys):
        called[key].append(ExternalIdRecord(*values))
    parties = parties or Parties()
    parties.learn(_speaking(found.values()))
    return {
        key: replace(
            record,
            relations=in_order(related[key]),
            external_ids=ids_in_order(called[key]),
            verification_reasons=verification(*_grounds(record, parties), day).reasons,
        )
        for key, record in found.items()
    }


def _relations(keys: Sequence[int]) -> defaultdict[int, list[RelationRecord]]:
    found: defaultdict[int, list[RelationRecord]] = defaultdict(list)
    for statement, outgoing in ((_OUTGOING, True), (_INCOMING, False)):
        for key, kind, public_id, slug, title, date, label, *category in statement.fetch(keys):
            brief = EventBrief(
                public_id=public_id,
                slug=slug,
                title=title,
                date=date,
                category=CategoryRecord(*category) if category[0] is not None else None,
                verification=label,
            )
            found[key].append(RelationRecord(kind, outgoing, brief))
    return found


def _speaking(records: Iterable[EventRecord]) -> Iterable[str]:
    for record in records:
        yield from (part.actor.slug for part in record.participations)
        yield from (each.speaker.slug for each in record.citations if each.speaker is not None)


def _grounds(record: EventRecord, parties: Parties) -> tuple[list[Stated], list[Part]]:
    return (
        [_stated(each, parties) for each in record.citations],
        [
            Part(_voice(each.actor.slug, each.actor.name), parties.of(each.actor), each.role)
            for each in record.participations
        ],
    )


def _voice(slug: str, name: str) -> Voice:
    return Voice(f"actor:{slug}", name)


def _stated(citation: CitationRecord, parties: Parties) -> Stated:
    source = citation.source
    origin = source.agency or source.publisher
    return Stated(
        stance=citation.stance,
        on=_latest(source.published),
        publisher=Voice(f"publisher:{source.publisher.slug}", source.publisher.name),
        origin=Voice(f"publisher:{origin.slug}", origin.name),
        party=parties.of(citation.speaker) if citation.speaker is not None else None,
        document=source.kind == "official_document",
        seen=source.accessed_on,
    )


@lru_cache(maxsize=8192)
def _latest(published: str) -> dt.date | None:
    return dates.parse(published).latest if published else None
