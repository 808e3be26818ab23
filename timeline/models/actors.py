"""Actors: persons, bodies, forces and states that take part, and the names they go by."""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from timeline.models.choices import ActorKind, NameKind
from timeline.models.fields import (
    CountryField,
    FoldedField,
    LanguageField,
    LineField,
    ParagraphField,
)
from timeline.models.named import Named, Tree, with_ancestors


class ActorQuerySet(models.QuerySet["Actor"]):
    """The record's actors."""

    def public(self) -> Self:
        """Actors that take part in, speak in or are given a figure in a public event, and all
        that such an actor is part of."""
        from timeline.models.events import Event

        seen = Event.objects.public().values("pk")
        direct = (
            models.Q(pk__in=_actor_ids("Participation", "actor", seen))
            | models.Q(pk__in=_actor_ids("Citation", "speaker", seen))
            | models.Q(pk__in=_actor_ids("Figure", "attributed_to", seen))
        )
        found: Self = with_ancestors(self, direct)
        return found

    def named(self, folded: str) -> Self:
        """Actors with any name, in any script, that contains ``folded`` (see ``text.fold``)."""
        by_name = ActorName.objects.filter(folded__contains=folded).values("actor")
        return self.filter(models.Q(folded__contains=folded) | models.Q(pk__in=by_name))


def _actor_ids(model: str, column: str, seen: models.QuerySet) -> models.QuerySet:  # type: ignore[type-arg]
    from django.apps import apps

    rows = apps.get_model("timeline", model)._default_manager
    return rows.filter(event__in=seen, **{f"{column}__isnull": False}).order_by().values(column)


class Actor(Named, Tree):
    """A person, body, force or state. ``name`` is the short name that readers know."""

    kind = models.CharField(_("kind"), max_length=30, choices=ActorKind)
    country = CountryField(_("country"))
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text=_(
            "What it belongs to today. This has no dates; memberships that ended don't fit."
        ),
    )
    description = ParagraphField(_("description"), max_length=600, blank=True, default="")
    wikidata_id = LineField(_("Wikidata"), max_length=20, blank=True, default="")

    objects = ActorQuerySet.as_manager()

    class Meta:
        verbose_name = _("actor")
        verbose_name_plural = _("actors")
        permissions = [("merge_actor", "Can merge actors")]
        ordering = ["folded", "pk"]

    def get_absolute_url(self) -> str:
        return reverse("actor", args=[self.slug])


class ActorName(models.Model):
    """Another name of an actor, in any language and script."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="names")
    name = LineField(_("name"), max_length=200)
    language = LanguageField(_("language"), blank=True, default="")
    kind = models.CharField(_("kind"), max_length=20, choices=NameKind, default=NameKind.ALIAS)
    folded = FoldedField(of="name", max_length=200, db_index=True)

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "name", "language"],
                name="actor_name_once",
                violation_error_message=_("This actor already has this name in this language."),
            )
        ]

    def __str__(self) -> str:
        return self.name
