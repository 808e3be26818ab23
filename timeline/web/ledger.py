"""The record about itself: what was corrected, what changed, what was taken out.

Gathers versions of events and edits of shared things as entries, newest first, a stretch at a
time. The pages, the feeds and the machine form are made from the same entries. Withdrawn events
are told without their titles.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from timeline.models import Amendment, Version
from timeline.models.choices import Status, VersionKind
from timeline.web.addresses import address
from timeline.web.cards import event_href

STRETCH = 50
"""Entries of a page."""

_KINDS = {
    "first": gettext_lazy("Published"),
    "update": gettext_lazy("Updated"),
    "correction": gettext_lazy("Corrected"),
    "clarification": gettext_lazy("Clarified"),
    "minor": gettext_lazy("Small change"),
    "restored": gettext_lazy("Published again"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "merged": gettext_lazy("Merged into another event"),
}
_THINGS = {
    "actor": gettext_lazy("Actor"),
    "place": gettext_lazy("Place"),
    "publisher": gettext_lazy("Publisher"),
    "source": gettext_lazy("Source"),
}
_FIELDS = {
    "name": gettext_lazy("name"),
    "names": gettext_lazy("other names"),
    "slug": gettext_lazy("address"),
    "kind": gettext_lazy("kind"),
    "country": gettext_lazy("country"),
    "parent": gettext_lazy("part of"),
    "description": gettext_lazy("description"),
    "latitude": gettext_lazy("latitude"),
    "longitude": gettext_lazy("longitude"),
    "language": gettext_lazy("language"),
    "controlled_by": gettext_lazy("controlled by"),
    "title": gettext_lazy("title"),
    "publisher": gettext_lazy("publisher"),
    "agency": gettext_lazy("text by"),
    "authors": gettext_lazy("authors"),
    "published": pgettext_lazy("a source", "published"),
    "accessed_on": gettext_lazy("read on"),
    "archive_url": gettext_lazy("archived copy"),
    "archived_at": gettext_lazy("archived on"),
    "link_state": gettext_lazy("state of the link"),
    "reference": gettext_lazy("reference"),
    "url": gettext_lazy("link"),
    "note": gettext_lazy("note"),
}


@dataclass(frozen=True)
class Entry:
    """One thing that happened to the record.

    ``kind`` is that of a version, or ``shared`` for an edit of a shared thing; ``key`` names the
    entry for good. ``title`` is empty for an event that was withdrawn. ``number`` is the version.
    """

    key: str
    kind: str
    word: str
    at: dt.datetime
    day: str
    event: str
    number: int | None
    title: str
    href: str
    what_href: str
    sentence: str
    lines: tuple[tuple[str, str, str], ...] = ()

    @property
    def loud(self) -> bool:
        """Whether readers who saw the event before should look again."""
        return self.kind in ("correction", "withdrawn")


def kind_word(kind: str) -> str:
    """What a publication was, as a word."""
    return str(_KINDS.get(kind, kind))


def _day(moment: dt.datetime) -> str:
    return date_format(moment)


def version_entry(version: Version) -> Entry:
    """The entry of a version; its event should have been selected with it."""
    event = version.event
    public = event is not None and event.status == Status.PUBLISHED
    href = event_href(version.public_id, event.slug if event is not None and public else "")
    what = f"{href}history/?from={version.number - 1}&to={version.number}"
    changed = public and version.number > 1 and not version.is_redacted
    sentence = version.public_note
    if version.is_redacted:
        sentence = gettext("What it said was taken out: %(reason)s") % {
            "reason": version.redaction_reason
        }
    return Entry(
        key=f"{version.public_id}/{version.number}",
        kind=version.kind,
        word=kind_word(version.kind),
        at=version.at,
        day=_day(version.at),
        event=version.public_id,
        number=version.number,
        title=event.title if event is not None and public else "",
        href=href,
        what_href=what if changed else "",
        sentence=sentence,
    )


def _said(value: Any) -> str:
    if value in (None, "", []):
        return gettext("nothing")
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(str(each) for each in value.values() if each)
    return str(value)


def _thing_href(model: str, key: str) -> str:
    if model == "source":
        return address("source", public_id=key)
    return address(model, slug=key)


def amendment_entry(amendment: Amendment) -> Entry:
    """The entry of an edit of something that several events share."""
    thing = str(_THINGS.get(amendment.model, amendment.model))
    return Entry(
        key=f"{amendment.model}/{amendment.pk}",
        kind="shared",
        word=gettext("%(thing)s edited") % {"thing": thing}
        if amendment.kind == "changed"
        else gettext("%(thing)s merged with another") % {"thing": thing},
        at=amendment.at,
        day=_day(amendment.at),
        event="",
        number=None,
        title=amendment.name,
        href=_thing_href(amendment.model, amendment.key),
        what_href="",
        sentence="",
        lines=tuple(
            (str(_FIELDS.get(name, name)), _said(before), _said(after))
            for name, before, after in amendment.fields()
        ),
    )


@dataclass(frozen=True)
class Place:
    """Where a stretch of entries ends: the next one is older than this. Written as
    ``seconds.version.amendment``, each the key of the last one that was shown."""

    version: int
    amendment: int

    def __str__(self) -> str:
        return f"{self.version}.{self.amendment}"

    @classmethod
    def read(cls, written: str) -> "Place":
        """Raises ``ValueError`` for a text that is no place."""
        version, _dot, amendment = written.partition(".")
        if not (version.isascii() and version.isdigit() and amendment.isascii()):
            raise ValueError(written)
        if not amendment.isdigit() or len(written) > 40:
            raise ValueError(written)
        return cls(int(version), int(amendment))


def corrections(before: Place | None, limit: int = STRETCH) -> tuple[list[Entry], Place | None]:
    """Corrections, clarifications and withdrawals, newest first, and where the next ones begin."""
    rows = Version.objects.told().filter(
        kind__in=[VersionKind.CORRECTION, VersionKind.CLARIFICATION, VersionKind.WITHDRAWN]
    )
    return _joined(rows, Amendment.objects.none(), None, before, limit)


def changes(
    since: dt.datetime | None, before: Place | None, limit: int = STRETCH
) -> tuple[list[Entry], Place | None]:
    """Everything that happened since a moment, newest first, and where the older ones begin."""
    return _joined(Version.objects.told(), Amendment.objects.public(), since, before, limit)


def _joined(
    versions: Any, amendments: Any, since: dt.datetime | None, before: Place | None, limit: int
) -> tuple[list[Entry], Place | None]:
    if since is not None:
        versions, amendments = versions.filter(at__gte=since), amendments.filter(at__gte=since)
    if before is not None:
        versions = versions.filter(pk__lt=before.version)
        amendments = amendments.filter(pk__lt=before.amendment)
    shown = versions.defer("record").select_related("event").order_by("-pk")[: limit + 1]
    found = [(row.at, 1, row.pk, row) for row in shown]
    found += [(row.at, 0, row.pk, row) for row in amendments.order_by("-pk")[: limit + 1]]
    found.sort(key=lambda each: each[:3], reverse=True)
    page = found[:limit]
    entries = [
        version_entry(row) if isinstance(row, Version) else amendment_entry(row)
        for *_order, row in page
    ]
    if len(found) <= limit:
        return entries, None
    return entries, _place(page, before)


def _place(page: Sequence[tuple[Any, int, int, Any]], before: Place | None) -> Place:
    ends = {
        kind: min((pk for _at, each, pk, _row in page if each == kind), default=None)
        for kind in (0, 1)
    }
    highest = 2**62
    version = ends[1] if ends[1] is not None else (before.version if before else highest)
    amendment = ends[0] if ends[0] is not None else (before.amendment if before else highest)
    return Place(version, amendment)


def machine(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """The entries for programs: what changed, and what must no longer be shown."""
    made = []
    for entry in entries:
        told: dict[str, Any] = {
            "id": entry.key,
            "kind": entry.kind,
            "at": entry.at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        if entry.event:
            told |= {
                "event": entry.event,
                "version": entry.number,
                "removed": entry.kind in ("withdrawn", "merged") and not entry.title,
            }
        else:
            told |= {
                "name": entry.title,
                "changed": [
                    {"field": name, "before": before, "after": after}
                    for name, before, after in entry.lines
                ],
            }
        made.append(told | {"address": entry.href, "note": entry.sentence})
    return made
