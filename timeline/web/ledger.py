"""The record about itself: what was corrected, what changed, what was taken out.

Gathers versions of events and stories and edits of shared things as entries, newest first, a
stretch at a time. The pages, the feeds and the machine form are made from the same entries.
Withdrawn events and stories are told without their titles.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from timeline.models import Amendment, StoryVersion, Version
from timeline.models.called import names
from timeline.models.choices import Status, VersionKind
from timeline.record.told import titles_of
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
    entry for good. ``title`` is empty for an event or a story that was withdrawn. ``number`` is
    the version. ``story`` is the public id of one, for an entry of it.
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
    story: str = ""

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


def story_entry(version: StoryVersion) -> Entry:
    """The entry of a story's version; its story should have been selected with it."""
    story = version.story
    public = story.status == Status.PUBLISHED
    return Entry(
        key=f"story/{story.public_id}/{version.number}",
        kind=version.kind,
        word=gettext("Story: %(what)s") % {"what": kind_word(version.kind).lower()},
        at=version.at,
        day=_day(version.at),
        event="",
        number=version.number,
        title=story.title if public else "",
        href=story.get_absolute_url(),
        what_href="",
        sentence=version.public_note,
        story=story.public_id,
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


_HIGHEST = 2**62
"""Above every key."""
_STORY, _VERSION, _AMENDMENT = 2, 1, 0
"""What comes first of one moment."""


@dataclass(frozen=True)
class Place:
    """Where a stretch of entries ends: the next one is older than this. Written as
    ``version.amendment.story``, each the key of the last one that was shown."""

    version: int
    amendment: int
    story: int = _HIGHEST

    def __str__(self) -> str:
        return f"{self.version}.{self.amendment}.{self.story}"

    @classmethod
    def read(cls, written: str) -> "Place":
        """Raises ``ValueError`` for a text that is no place."""
        # Two parts are what such an address had before there were stories.
        parts = written.split(".")
        if len(parts) not in (2, 3) or len(written) > 60:
            raise ValueError(written)
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise ValueError(written)
        keys = [int(part) for part in parts]
        if max(keys) > _HIGHEST:
            raise ValueError(written)
        return cls(*keys)


def corrections(before: Place | None, limit: int = STRETCH) -> tuple[list[Entry], Place | None]:
    """Corrections, clarifications and withdrawals, newest first, and where the next ones begin."""
    kinds = [VersionKind.CORRECTION, VersionKind.CLARIFICATION, VersionKind.WITHDRAWN]
    rows = {
        _STORY: StoryVersion.objects.told().filter(kind__in=kinds).select_related("story"),
        _VERSION: Version.objects.told().filter(kind__in=kinds).select_related("event"),
    }
    return _joined(rows, None, before, limit)


def changes(
    since: dt.datetime | None, before: Place | None, limit: int = STRETCH
) -> tuple[list[Entry], Place | None]:
    """Everything that happened since a moment, newest first, and where the older ones begin."""
    rows: dict[int, Any] = {
        _STORY: StoryVersion.objects.told().select_related("story"),
        _VERSION: Version.objects.told().select_related("event"),
        _AMENDMENT: Amendment.objects.public(),
    }
    return _joined(rows, since, before, limit)


def _joined(
    rows: Mapping[int, Any], since: dt.datetime | None, before: Place | None, limit: int
) -> tuple[list[Entry], Place | None]:
    place = before or Place(_HIGHEST, _HIGHEST)
    last = {_STORY: place.story, _VERSION: place.version, _AMENDMENT: place.amendment}
    found: list[tuple[dt.datetime, int, int, Any]] = []
    for kind, some in rows.items():
        older = some.filter(pk__lt=last[kind])
        if since is not None:
            older = older.filter(at__gte=since)
        if kind != _AMENDMENT:
            older = older.defer("record")
        found += [(row.at, kind, row.pk, row) for row in older.order_by("-pk")[: limit + 1]]
    found.sort(key=lambda each: each[:3], reverse=True)
    page = found[:limit]
    entries = _told([(row, _ENTRIES[kind](row)) for _at, kind, _pk, row in page])
    if len(found) <= limit:
        return entries, None
    for _at, kind, pk, _row in page:
        last[kind] = min(last[kind], pk)
    return entries, Place(last[_VERSION], last[_AMENDMENT], last[_STORY])


def _told(found: list[tuple[Any, Entry]]) -> list[Entry]:
    """The entries with what they are about as it is called in the language of the moment."""
    spoken = names()
    if spoken is None:
        return [entry for _row, entry in found]
    events = [entry.event for _row, entry in found if entry.event and entry.title]
    called = titles_of(events, spoken.language)
    return [
        replace(entry, title=spoken.thing(row.model, row.key, entry.title))
        if isinstance(row, Amendment)
        else replace(entry, title=called.get(entry.event, entry.title))
        for row, entry in found
    ]


_ENTRIES: dict[int, Callable[[Any], Entry]] = {
    _STORY: story_entry,
    _VERSION: version_entry,
    _AMENDMENT: amendment_entry,
}


def machine(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """The entries for programs: what changed, and what must no longer be shown."""
    made = []
    for entry in entries:
        told: dict[str, Any] = {
            "id": entry.key,
            "kind": entry.kind,
            "at": entry.at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        if entry.story:
            told |= {
                "story": entry.story,
                "version": entry.number,
                "removed": entry.kind == "withdrawn" and not entry.title,
            }
        elif entry.event:
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
