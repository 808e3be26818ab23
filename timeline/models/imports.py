"""Imports: what came in, when and from which file, and how other systems call the events.

An external id is what makes a second import of a file find its events again. Like the public id
it says which event this is, not what the event says: it belongs to the event itself, working
copies have none, and a merge hands it on.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from timeline.models.events import Event
from timeline.models.fields import LineField, LinkField


class ExternalId(models.Model):
    """How another system calls an event."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="external_ids")
    system = LineField(_("system"), max_length=60, help_text=_("Such as acled."))
    value = LineField(_("id"), max_length=200)
    url = LinkField(_("link"), blank=True, default="")

    class Meta:
        verbose_name = _("external id")
        verbose_name_plural = _("external ids")
        ordering = ["system", "value", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["system", "value"],
                name="external_id_once",
                violation_error_message=_("Another event has this external id."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.system}:{self.value}"


class ImportBatch(models.Model):
    """One import that was written: who, when, which file, and what became of its rows.

    ``decisions`` maps rows of the file to what was decided about a possible duplicate.
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    format = models.CharField(_("format"), max_length=40)
    name = LineField(_("file"), max_length=200, blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    created = models.PositiveIntegerField(_("new"), default=0)
    updated = models.PositiveIntegerField(_("changed"), default=0)
    same = models.PositiveIntegerField(_("left as they are"), default=0)
    refused = models.PositiveIntegerField(_("left out"), default=0)
    decisions = models.JSONField(default=dict)
    events = models.ManyToManyField(Event, through="ImportedEvent", related_name="imports")

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name or self.format


class ImportedEvent(models.Model):
    """An event that an import made or changed.

    ``lock`` is the event's as the import left it: as long as it is the same, nobody has saved the
    event since; 0 where an event that was there only got what it lacked. ``fingerprint`` is that
    of the row: the same one again changes nothing.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="imported")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="imported")
    lock = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["batch", "event"], name="imported_once_a_batch")
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.event_id}"


class SavedMapping(models.Model):
    """How the columns of one kind of table become fields, kept by name for the next file.

    ``mapping`` is the JSON of :class:`timeline.intake.mapping.Mapping`.
    """

    name = LineField(_("name"), max_length=80, unique=True)
    mapping = models.JSONField()

    class Meta:
        verbose_name = _("saved mapping")
        verbose_name_plural = _("saved mappings")
        ordering = ["name"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
