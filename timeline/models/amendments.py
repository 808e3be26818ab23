"""Amendments: public edits of what several events share, an actor, a source, a place, a publisher.

Such an edit writes no version of the events that use the thing; it writes one entry here, by
:mod:`timeline.editing.amendments`, which the page of changes shows to readers.
"""

import json
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from timeline.models.actors import Actor
from timeline.models.choices import AmendmentKind
from timeline.models.fields import LineField
from timeline.models.places import Place
from timeline.models.publishers import Publisher
from timeline.models.sources import Source


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def public(self) -> Self:
        """Amendments of things that readers may see today."""
        shown = models.Q(pk__in=[])
        for model in (Actor, Place, Publisher, Source):
            keys = model.objects.public().order_by().values("pk")
            shown |= models.Q(model=model._meta.model_name, object_id__in=keys)
        return self.filter(shown)


class Amendment(models.Model):
    """One edit: ``before`` and ``after`` are JSON objects of the public fields that differ.

    ``model`` is the thing's model in lower case, ``key`` its slug or public id as it was then,
    ``name`` what it was called afterwards. A merge tells of the thing that was kept; ``before``
    holds the two names and addresses, ``after`` the one.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=AmendmentKind, editable=False)
    model = LineField(max_length=20, editable=False)
    object_id = models.PositiveBigIntegerField(editable=False)
    key = models.CharField(max_length=80, editable=False)
    name = LineField(_("name"), max_length=400, editable=False)
    before = models.TextField(_("before"), editable=False)
    after = models.TextField(_("after"), editable=False)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("edit of a shared record")
        verbose_name_plural = _("edits of shared records")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["model", "object_id"], name="amendment_of"),
            models.Index(fields=["at"], name="amendment_at"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.name}"

    def fields(self) -> list[tuple[str, Any, Any]]:
        """What differs, field by field: its name in the record, before, after."""
        before, after = json.loads(self.before), json.loads(self.after)
        return [(name, before.get(name), after.get(name)) for name in sorted({*before, *after})]
