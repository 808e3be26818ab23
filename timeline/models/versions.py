"""Versions: what readers were shown, kept as it was, in one chain that shows every later touch.

A version is a row that is written once, by :mod:`timeline.editing.versions`, in the transaction
of the publication. What is hashed is decided here, next to the columns; ``manage.py
verify_history`` computes it again.
"""

import hashlib
import json
from datetime import UTC
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from timeline.models.choices import Status, VersionKind
from timeline.models.events import Event
from timeline.models.fields import ParagraphField
from timeline.models.published import AppendOnly, AppendOnlyQuerySet, PublishedVersion

__all__ = ["FIRST_PREVIOUS", "AppendOnly", "Version", "VersionQuerySet", "hashed"]

FIRST_PREVIOUS = "0" * 64
"""``previous`` of the very first version."""


class VersionQuerySet(AppendOnlyQuerySet["Version"]):
    """Versions. Rooms that face the public use ``public()`` and ``listed()``, and no other door."""

    def public(self) -> Self:
        """Versions that readers may open: of a public event, and not redacted."""
        return self.listed().filter(redacted_at=None)

    def listed(self) -> Self:
        """Versions that a public event's history names; redacted ones without their content. Those
        of an event that is withdrawn or merged answer nobody."""
        return self.filter(event__status=Status.PUBLISHED)

    def told(self) -> Self:
        """Versions that the page of changes tells: those of public events, and that another was
        withdrawn or merged."""
        taken = models.Q(
            event__status__in=[Status.WITHDRAWN, Status.MERGED],
            kind__in=[VersionKind.WITHDRAWN, VersionKind.MERGED],
        )
        return self.filter(models.Q(event__status=Status.PUBLISHED) | taken)

    def in_chain(self) -> Self:
        """The order of the chain."""
        return self.order_by("pk")


class Version(PublishedVersion):
    """One publication of an event: the public record as canonical JSON, and its place in the chain.

    Three hashes, all SHA-256 in lower-case hexadecimal, all of UTF-8 bytes:

    ``content_sha256`` is the hash of ``canonical({"public_note": ..., "record": ...})``, both
    columns as texts, where ``canonical`` is JSON with sorted keys, without spaces and with
    characters as themselves (``sort_keys=True, separators=(",", ":"), ensure_ascii=False``).
    ``author_seal`` is the hash of ``author_salt``, a colon and the author's key (``system`` where
    no person acted): the seal can be published, the author can't be read from it.
    ``sha256`` is the hash of ``canonical`` of exactly these: ``at`` (UTC to the second, as
    ``2026-11-26T04:30:00Z``), ``author_seal``, ``content_sha256``, ``event`` (the public id),
    ``kind``, ``number``, ``previous``.

    ``previous`` is the ``sha256`` of the row before it in order of id, over all events; 64 zeros
    for the first row. A redacted version has lost ``public_note`` and ``record``; its
    ``content_sha256`` still says what they were, so the chain holds.
    """

    event = models.ForeignKey(
        Event, null=True, editable=False, on_delete=models.PROTECT, related_name="versions"
    )
    public_id = models.CharField(_("event"), max_length=8, editable=False, db_index=True)
    author_salt = models.CharField(max_length=32, editable=False)
    author_seal = models.CharField(max_length=64, editable=False)
    content_sha256 = models.CharField(max_length=64, editable=False)
    previous = models.CharField(max_length=64, editable=False)
    redacted_at = models.DateTimeField(_("redacted"), null=True, editable=False)
    redaction_reason = ParagraphField(
        _("why it is redacted"), max_length=300, blank=True, default="", editable=False
    )

    objects = VersionQuerySet.as_manager()

    class Meta(PublishedVersion.Meta):
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        indexes = [models.Index(fields=["kind", "event"], name="version_of_kind")]
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], name="version_once"),
            # Two rows with one predecessor would be two histories.
            models.UniqueConstraint(fields=["previous"], name="version_chain"),
            models.CheckConstraint(
                condition=models.Q(redacted_at__isnull=True) | models.Q(record="", public_note=""),
                name="version_redacted_is_empty",
            ),
            models.CheckConstraint(
                condition=models.Q(event__isnull=False) | models.Q(redacted_at__isnull=False),
                name="version_has_event",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} v{self.number}"

    @property
    def is_redacted(self) -> bool:
        return self.redacted_at is not None

    # --- What is hashed ---------------------------------------------------------------------

    def hash_of_content(self) -> str:
        return hashed({"public_note": self.public_note, "record": self.record})

    def hash_of_author(self) -> str:
        who = "system" if self.author_id is None else str(self.author_id)
        return hashlib.sha256(f"{self.author_salt}:{who}".encode()).hexdigest()

    def hash_of_all(self) -> str:
        return hashed(
            {
                "at": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "author_seal": self.author_seal,
                "content_sha256": self.content_sha256,
                "event": self.public_id,
                "kind": self.kind,
                "number": self.number,
                "previous": self.previous,
            }
        )


def hashed(value: dict[str, Any]) -> str:
    """SHA-256 of a value as canonical JSON, in lower-case hexadecimal."""
    written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
