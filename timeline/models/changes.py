"""The change log: what the read path reads to know what is new, and who did what and when.

Written by ``editing`` in the same transaction as the change itself, on every path, and read by
administrators and auditors. Accounts leave their rows here too.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from timeline.models.choices import ChangeKind
from timeline.models.fields import LineField


class Change(models.Model):
    """One row changed. ``model`` is its model's name in lower case.

    ``by`` is None where no person acted: a command, the first load. ``name`` is what the thing was
    called then, ``what`` the fields that changed or the step that was taken.
    """

    kind = models.CharField(_("change"), max_length=10, choices=ChangeKind)
    model = LineField(_("kind of thing"), max_length=40)
    object_id = models.PositiveBigIntegerField(_("number"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    name = LineField(_("thing"), max_length=200, blank=True, default="")
    what = LineField(_("what"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["pk"]
        indexes = [models.Index(fields=["model", "object_id"], name="change_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.model} {self.object_id}"
