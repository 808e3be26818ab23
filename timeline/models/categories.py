"""Categories (one per event, with its mark) and topics (free tags)."""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from timeline.models.choices import Family, Role, Shape
from timeline.models.fields import ParagraphField
from timeline.models.named import Named


class CategoryQuerySet(models.QuerySet["Category"]):
    def public(self) -> Self:
        """Categories of public events."""
        from timeline.models.events import Event

        return self.filter(
            models.Exists(Event.objects.public().filter(category=models.OuterRef("pk")))
        )


class Category(Named):
    """What kind of thing happened. The mark's shape names its family, for print and grey scale."""

    description = ParagraphField(_("description"), max_length=600, blank=True, default="")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    shape = models.CharField(_("mark"), max_length=20, choices=Shape, default=Shape.DISC)
    family = models.CharField(_("family"), max_length=20, choices=Family, default=Family.DIPLOMACY)
    default_role = models.CharField(
        _("default role"),
        max_length=20,
        choices=Role,
        default=Role.PARTICIPANT,
        help_text=_("The role of actors that are added to an event of this category."),
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["order", "folded", "pk"]

    def get_absolute_url(self) -> str:
        return reverse("category", args=[self.slug])


class TopicQuerySet(models.QuerySet["Topic"]):
    def public(self) -> Self:
        """Topics of public events."""
        from timeline.models.events import Event

        return self.filter(
            models.Exists(Event.objects.public().filter(topics=models.OuterRef("pk")))
        )


class Topic(Named):
    """A free tag; an event may have several."""

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["folded", "pk"]

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])
