"""Releases of the data: the whole record, packed, numbered, hashed and kept for ever.

A release is a row that is written once, by :mod:`timeline.editing.releases`, and a file below
``DATA_DIR/releases`` whose name no other ever has. All that happens to it later is that it may be
closed: its file is taken away, for a reason that readers are told.
"""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline.models.fields import LineField, ParagraphField
from timeline.models.versions import AppendOnly

_CLOSING = frozenset({"closed_at", "closed_reason"})
_REFUSAL = (
    "A release is never changed and never deleted. Make another one; to take out what must not be "
    "read, use manage.py make_release --close."
)


class DatasetRelease(models.Model):
    """One release. ``at`` is as of when, ``file`` its name below ``DATA_DIR/releases``, ``sha256``
    and ``size`` those of the file.

    ``manifest`` says which events are in it, see :mod:`timeline.record.releases`; ``changes`` is
    what changed since the release before, as JSON: how many, and the first of each kind.
    """

    number = models.PositiveIntegerField(_("number"), unique=True, editable=False)
    at = models.DateTimeField(_("made"), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    note = ParagraphField(
        _("note"),
        max_length=500,
        blank=True,
        default="",
        help_text=_("What is new in it, in a sentence or two. Readers see this."),
    )
    events = models.PositiveIntegerField(_("events"), editable=False)
    file = models.CharField(max_length=100, unique=True, editable=False)
    size = models.PositiveBigIntegerField(_("bytes"), editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False)
    manifest = models.BinaryField(editable=False)
    changes = models.JSONField(_("changes"), editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    closed_reason = LineField(
        _("why it is closed"), max_length=300, blank=True, default="", editable=False
    )

    class Meta:
        verbose_name = _("release of the data")
        verbose_name_plural = _("releases of the data")
        ordering = ["-number"]
        default_permissions = ("add", "view")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closed_reason="")
                | models.Q(closed_at__isnull=False) & ~models.Q(closed_reason=""),
                name="release_closed_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Release %(number)s") % {"number": self.number}

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and not _CLOSING.issuperset(kwargs.get("update_fields") or "*"):
            raise AppendOnly(_REFUSAL)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly(_REFUSAL)
