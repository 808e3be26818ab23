"""Files on their way into the record: what was uploaded, and what the check of it found.

An upload lies in the database, so that every machine of a site finds it, a backup holds it and
no address of the site shows it. It is no part of the record: nothing here leaves a Change. Who
makes, checks and applies uploads is :mod:`timeline.intake.uploads`.
"""

import zlib

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from timeline.models.fields import LineField


class UploadState(models.TextChoices):
    """How far an upload has come. The last is final: an upload is applied once."""

    NEW = "new", _("not checked yet")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked")
    APPLYING = "applying", _("being imported")
    APPLIED = "applied", _("imported")


class Verdict(models.TextChoices):
    """What an import would do with a row."""

    CREATED = "created", _("new")
    UPDATED = "updated", _("changes an event")
    SAME = "same", _("nothing to change")
    DUPLICATE = "duplicate", _("possible duplicate")
    REFUSED = "refused", _("refused")


class Decision(models.TextChoices):
    """What is to be done with a possible duplicate; empty until somebody decides."""

    SKIP = "skip", _("leave out")
    IMPORT = "import", _("import as new")
    UPDATE = "update", _("update the event")


class Upload(models.Model):
    """One file, what was chosen for it, and how far it has come."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    name = LineField(_("file"), max_length=200)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    packed = models.BinaryField(null=True)
    """The file, compressed; None once it isn't needed any more."""
    format = models.CharField(_("format"), max_length=40, blank=True, default="")
    options = models.JSONField(default=dict)
    mapping = models.JSONField(null=True)
    state = models.CharField(
        _("state"), max_length=10, choices=UploadState, default=UploadState.NEW
    )
    importer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    """Who pressed the button of the import; whoever may can finish what another began."""
    host = models.CharField(max_length=255, blank=True, default="")
    """The machine whose program works on it."""
    started_at = models.DateTimeField(null=True)
    said = models.TextField(blank=True, default="")
    """Why the last step ended without success, in a sentence."""
    counts = models.JSONField(default=dict)
    """Rows by their verdict, and what the file as a whole has wrong."""
    batch = models.OneToOneField(
        "timeline.ImportBatch",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="upload",
    )

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    @property
    def content(self) -> bytes:
        """The file as it came. Raises ``ValueError`` when it is no longer kept."""
        if self.packed is None:
            raise ValueError("The file is no longer kept.")
        return zlib.decompress(self.packed)


class UploadRow(models.Model):
    """What the check says of one row of the file, and what somebody decided about it.

    ``problems`` are objects with column, value, sentence and fatal. ``told`` is what the row
    says, field by field in words, for a possible duplicate only.
    ``twin`` is the key of the event that it may be; a number, since that event may go meanwhile.
    """

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField(_("row"))
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    title = models.TextField(blank=True, default="")
    date = models.CharField(max_length=200, blank=True, default="")
    why = models.CharField(max_length=200, blank=True, default="")
    twin = models.PositiveBigIntegerField(null=True)
    told = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    decision = models.CharField(max_length=10, choices=Decision, blank=True, default="")

    class Meta:
        verbose_name = _("row of an upload")
        verbose_name_plural = _("rows of uploads")
        ordering = ["row", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["upload", "verdict", "row"], name="upload_row_verdict")]

    def __str__(self) -> str:
        return f"{self.row}: {self.title}"
