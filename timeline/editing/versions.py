"""The chain of versions: its one writer, and the one exception to its rule, redaction.

:mod:`timeline.editing.events` writes a version in the transaction of each publication, after the
event's rows are saved. What is hashed is said in :class:`timeline.models.Version`; who checks the
chain is :mod:`timeline.editing.history`.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from timeline import text
from timeline.editing import changes
from timeline.models import Event, Version
from timeline.models.choices import ChangeKind, VersionKind
from timeline.models.versions import FIRST_PREVIOUS
from timeline.record import EventRecord, canonical_json, plain, record
from timeline.record.complete import Parties, complete

ASKED = (
    VersionKind.UPDATE,
    VersionKind.CORRECTION,
    VersionKind.CLARIFICATION,
    VersionKind.MINOR,
)
"""What an editor may say that a publication of changes is."""
NEEDS_SENTENCE = frozenset({VersionKind.CORRECTION, VersionKind.CLARIFICATION})
"""Kinds whose readers are told in a sentence what was wrong or unclear."""

User = AbstractBaseUser | None
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Release:
    """What a publication is, and the sentence that readers see beside it."""

    kind: VersionKind = VersionKind.UPDATE
    note: str = ""

    def problem(self) -> str | None:
        """What is missing, as a sentence; None when nothing is."""
        if self.kind in NEEDS_SENTENCE and not text.clean_text(self.note):
            return _("Say in a sentence what changed; readers see it with the corrections.")
        return None


class RedactionRefused(Exception):
    """This version can't be redacted; the text says why."""


def write(event: Event, release: Release, *, by: User) -> Version:
    """Write the version of an event whose rows are saved. In the transaction of the publication.

    ``event.version`` is its number. The advisory lock of ``changes.begin`` (and SQLite's one
    writer) make "the last row" mean the same to everybody.
    """
    changes.begin()
    found = record(Event.objects.get(pk=event.pk))
    version = _sealed(event, found, release, by, _end_of_chain())
    version.save()
    return version


@transaction.atomic
def write_all(given: Sequence[tuple[Event, Release]], *, by: User) -> None:
    """Write a version for each of many events whose rows are saved, all of them published."""
    if not given:
        return
    changes.begin()
    parties, previous = Parties(), _end_of_chain()
    for start in range(0, len(given), _AT_ONCE):
        some = given[start : start + _AT_ONCE]
        found = complete([event.pk for event, _release in some], parties)
        made = []
        for event, release in some:
            made.append(_sealed(event, found[event.pk], release, by, previous))
            previous = made[-1].sha256
        Version.objects.bulk_create(made)


def _end_of_chain() -> str:
    last = Version.objects.order_by("-pk").values_list("sha256", flat=True).first()
    return last or FIRST_PREVIOUS


def _sealed(event: Event, found: EventRecord, release: Release, by: User, previous: str) -> Version:
    version = Version(
        event=event,
        public_id=event.public_id,
        number=event.version or 1,
        kind=release.kind,
        public_note=text.clean_text(release.note),
        record=_content(found),
        # To the second, as it is hashed.
        at=timezone.now().replace(microsecond=0),
        author_id=by.pk if by else None,
        author_salt=secrets.token_hex(16),
        previous=previous,
    )
    version.author_seal = version.hash_of_author()
    version.content_sha256 = version.hash_of_content()
    version.sha256 = version.hash_of_all()
    return version


def _content(found: EventRecord) -> str:
    """The public record of an event as canonical JSON, with names and titles as they are now.

    It holds the reasons of the verification, since parties may be regrouped later. Of relations
    it holds those that start here, each as its kind and the other event's public id: another
    event's title is not this event's text, and may be withdrawn.
    """
    held = plain(found)
    held["relations"] = [
        {"event": each["event"]["public_id"], "kind": each["kind"]}
        for each in held["relations"]
        if each["outgoing"]
    ]
    if not held["translations"]:
        # An event without them is hashed as it was before there were any.
        del held["translations"]
    for told in held.get("translations", ()):
        if not told["label"]:
            # So is one with a translation from before those had labels.
            del told["label"]
    return canonical_json(held)


@transaction.atomic
def redact(versions: Iterable[Version], *, reason: str, released: bool = False) -> list[Version]:
    """Empty the content of versions for good; hash, reason and moment stay.

    ``released``: let go of the event too, which is about to be removed. The version that readers
    see as the event's current text can't be redacted otherwise: its text would stay public.
    Raises ``RedactionRefused``.
    """
    changes.begin()
    reason = text.clean_text(reason)
    if not reason:
        raise RedactionRefused(_("Say why it is redacted; readers see the reason."))
    given = list(versions)
    for version in given:
        now = Event.objects.public().filter(pk=version.event_id or 0, version=version.number)
        if not released and now.exists():
            raise RedactionRefused(
                _(
                    "Version %(number)s is what the event says now. Publish or withdraw it first, "
                    "then redact the older version."
                )
                % {"number": version.number}
            )
    changed: dict[str, object] = {
        "public_note": "",
        "record": "",
        "redacted_at": timezone.now().replace(microsecond=0),
        "redaction_reason": reason,
    }
    if released:
        changed["event"] = None
    rows = Version.objects.filter(pk__in=[each.pk for each in given])
    if not released:
        rows = rows.filter(redacted_at=None)
    # The model refuses to update versions; this is the exception that the chain accepts.
    models.QuerySet.update(rows, **changed)
    events = [each.event for each in given if each.event is not None]
    changes.note(ChangeKind.CHANGED, *dict.fromkeys(events))
    return given


@transaction.atomic
def begin_history() -> int:
    """Write the first version of each published event, in a record that has no version at all.

    For records that were made before there were versions. Returns how many were written.
    """
    if Version.objects.exists():
        return 0
    changes.begin()
    written = 0
    for event in Event.objects.public().order_by("published_at", "pk").iterator(500):
        write(event, Release(VersionKind.FIRST), by=None)
        changes.note(ChangeKind.CHANGED, event)
        written += 1
    return written
