"""Relations between events: what follows, answers, contradicts or belongs to what."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from timeline.models.choices import RelationKind, Status

SYMMETRIC = (RelationKind.CONTRADICTS, RelationKind.SAME_SERIES)
"""Kinds that hold both ways: stored once, shown on both events."""


class RelationQuerySet(models.QuerySet["Relation"]):
    def public(self) -> Self:
        """Relations whose two ends are public."""
        return self.filter(from_event__status=Status.PUBLISHED, to_event__status=Status.PUBLISHED)


class Relation(models.Model):
    """One event's relation to another, read from ``from_event``: it follows ``to_event``."""

    from_event = models.ForeignKey("Event", on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField(_("kind"), max_length=20, choices=RelationKind)
    to_event = models.ForeignKey(
        "Event", verbose_name=_("event"), on_delete=models.CASCADE, related_name="related_from"
    )

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["from_event", "to_event", "kind"],
                name="relation_once",
                violation_error_message=_("This relation is already recorded."),
            ),
            models.UniqueConstraint(
                Least("from_event", "to_event"),
                Greatest("from_event", "to_event"),
                "kind",
                condition=models.Q(kind__in=["contradicts", "same_series"]),
                name="relation_once_both_ways",
                violation_error_message=_("This relation is already recorded on the other event."),
            ),
            models.CheckConstraint(
                condition=~models.Q(from_event=models.F("to_event")),
                name="relation_to_another_event",
                violation_error_message=_("An event can't be related to itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.to_event}"

    def clean(self) -> None:
        super().clean()
        if self.kind == RelationKind.PART_OF and self.from_event_id and self.to_event_id:
            above = {self.to_event_id}
            while above:
                if self.from_event_id in above:
                    raise ValidationError({"to_event": _("This would make it part of itself.")})
                rows = Relation.objects.filter(kind=RelationKind.PART_OF, from_event__in=above)
                above = set(rows.exclude(pk=self.pk).values_list("to_event", flat=True))
