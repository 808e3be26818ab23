"""Whether the history is what was written: walks the chain of versions and names what isn't.

Every row's hashes are computed again and every link is followed; then each event that is or was
public is held against its newest version, and stories likewise. Reads only. ``manage.py
verify_history`` prints it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from timeline.editing import story_history
from timeline.editing.copies import TEXT
from timeline.models import Event, Version
from timeline.models.choices import Status
from timeline.models.versions import FIRST_PREVIOUS
from timeline.record import EventRecord, canonical_json, records

_OWN = ("slug", *TEXT, "status", "published_at", "revised_at", "version")
"""What belongs to an event alone: an edit or merge of a shared record never changes it."""
_OF_FIGURE = (
    *("subject", "low", "best", "high", "text_value", "qualifier", "basis", "period_start"),
    *("as_of", "state", "note"),
)
_OF_CITATION = ("stance", "locator", "quote", "note")
"""Merging sources or actors may join two citations, which then has words of both."""
_BATCH = 500


@dataclass(slots=True)
class Verdict:
    """How many versions hold, how many of them are redacted, and what is wrong, in order."""

    verified: int = 0
    redacted: int = 0
    wrong: list[str] = field(default_factory=list)


def verify(*, everything: bool = False) -> Verdict:
    """Walk the chain; stop at the first row that is wrong unless ``everything`` is asked for."""
    verdict = Verdict()
    for sentence in _wrong(verdict):
        verdict.wrong.append(sentence)
        if not everything:
            break
    return verdict


def _wrong(verdict: Verdict) -> Iterator[str]:
    previous = FIRST_PREVIOUS
    for version in Version.objects.in_chain().select_related("event").iterator(_BATCH):
        trouble = _trouble(version, previous)
        if trouble:
            yield _("Version %(number)s of event %(event)s (row %(row)s): %(trouble)s") % {
                "number": version.number,
                "event": version.public_id,
                "row": version.pk,
                "trouble": trouble,
            }
        else:
            verdict.verified += 1
            verdict.redacted += version.is_redacted
        previous = version.sha256
    yield from _without_version()
    yield from _differing()
    yield from story_history.wrong()


def _trouble(version: Version, previous: str) -> str | None:
    """What is wrong with a row, given the hash of the row before it."""
    event = version.event
    if version.previous != previous:
        return _("it does not continue the row before it; a row was removed, put in or changed.")
    if version.is_redacted:
        if version.record or version.public_note:
            return _("it is marked as redacted but has content.")
    elif version.content_sha256 != version.hash_of_content():
        return _("its content (record or sentence) is not what was published.")
    if version.at.microsecond or version.sha256 != version.hash_of_all():
        return _("its number, kind, event or time, or a hash, is not what was written.")
    if version.author_seal != version.hash_of_author():
        return _("its author is not who was written.")
    if event is not None and event.public_id != version.public_id:
        return _("it hangs on another event.")
    return None


def _without_version() -> Iterator[str]:
    """Events whose newest version isn't there, as when the end of the chain was cut off."""
    once = (
        Event.objects.own().filter(~Q(published_at=None)).annotate(newest=Max("versions__number"))
    )
    rows = once.order_by("pk").values_list("public_id", "version", "newest")
    for public_id, number, newest in rows.iterator(_BATCH):
        if newest != number:
            yield _("Event %(event)s is at version %(version)s, but %(newest)s.") % {
                "event": public_id,
                "version": number,
                "newest": _("it has no version")
                if newest is None
                else _("its newest is %(number)s") % {"number": newest},
            }


def _differing() -> Iterator[str]:
    """Public events whose rows say something else than their newest version."""
    for event, kept in _in_batches():
        if kept is None:
            continue  # named above when it is missing; a redacted one has nothing to compare
        name = _different(json.loads(canonical_json(event)), kept.content())
        if name:
            yield _(
                "Event %(event)s: its %(field)s is not what version %(number)s says; it was "
                "changed past the desk."
            ) % {"event": event.public_id, "field": name, "number": kept.number}


def _in_batches() -> Iterator[tuple[EventRecord, Version | None]]:
    """Each public event with its newest version, unless that is missing or redacted."""
    keys = list(Event.objects.public().order_by("pk").values_list("pk", flat=True))
    newest = Version.objects.filter(redacted_at=None, number=F("event__version"))
    for start in range(0, len(keys), _BATCH):
        wanted = keys[start : start + _BATCH]
        kept = {each.public_id: each for each in newest.filter(event__in=wanted)}
        for event in records(Event.objects.filter(pk__in=wanted).order_by("pk")):
            yield event, kept.get(event.public_id)


def _different(now: dict[str, Any], kept: dict[str, Any]) -> str | None:
    """The first field that differs where no edit of a shared record can be the reason."""
    for name in _OWN:
        if now[name] != kept[name]:
            return name

    def figures(record: dict[str, Any]) -> list[list[Any]]:
        return [[each[name] for name in _OF_FIGURE] for each in record["figures"]]

    if figures(now) != figures(kept):
        return "figures"
    for name in _OF_CITATION:
        known = {each[name] for each in kept["citations"]} | {""}
        if not {each[name] for each in now["citations"]} <= known:
            return f"citations: {name}"
    if now["status"] == Status.PUBLISHED and not now["citations"]:
        return "citations"
    return None
