"""What all named things share: a name, a slug, a place in a tree, and the climb to ancestors.

Slugs are the public names of actors, places, publishers, categories and topics; they never
change silently (``SlugRedirect`` keeps the old ones alive, written by ``editing``).
"""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from timeline import text
from timeline.models.fields import FoldedField, LineField

MAX_DEPTH = 6
"""Levels of a tree of actors or places. Deeper ones are refused with a sentence."""


class Named(models.Model):
    """A thing with a page of its own under its slug."""

    name = LineField(_("name"), max_length=200)
    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        blank=True,
        help_text=_("The last part of its address. Left empty, it is made from the name."),
    )
    folded = FoldedField(of="name", max_length=200, db_index=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if not self.slug:
            self.slug = self.free_slug()
        if not self.slug:
            raise ValidationError(
                {"slug": _("No address can be made from this name. Write one in Latin letters.")}
            )

    def free_slug(self) -> str:
        """The slug of the name, with a number behind it if another thing has it; maybe empty."""
        base = text.slug(self.name)[:72].strip("-")
        if not base:
            return ""
        others = type(self)._default_manager.exclude(pk=self.pk)
        taken = set(others.filter(slug__startswith=base).values_list("slug", flat=True))
        number, slug = 2, base
        while slug in taken:
            slug, number = f"{base}-{number}", number + 1
        return slug


class Tree(models.Model):
    """A thing that may be part of another of its kind, at most six levels deep, never in a ring."""

    parent: ClassVar[Any]

    class Meta:
        abstract = True

    def ancestors(self) -> list[Any]:
        """From the direct parent to the topmost; one query a level."""
        found: list[Any] = []
        above = self.parent
        while above is not None and len(found) < MAX_DEPTH:
            found.append(above)
            above = above.parent
        return found

    def clean(self) -> None:
        super().clean()
        depth, above = 1, self.parent
        while above is not None:
            depth += 1
            if self.pk is not None and above.pk == self.pk:
                raise ValidationError(
                    {"parent": _("This would make it part of itself. Choose another.")}
                )
            if depth > MAX_DEPTH:
                raise ValidationError(
                    {"parent": _("That is more than six levels. Choose one nearer to the top.")}
                )
            above = above.parent


def with_ancestors(queryset: Any, direct: models.Q) -> Any:
    """Rows of ``queryset`` that match ``direct`` or have a descendant that does.

    Nested subqueries up to ``MAX_DEPTH`` keep it one lazy query on both databases.
    """
    level = queryset.model._default_manager.filter(direct).values("pk")
    wanted = models.Q(pk__in=level)
    for _step in range(MAX_DEPTH - 1):
        level = (
            queryset.model._default_manager.filter(pk__in=level, parent__isnull=False)
            .order_by()
            .values("parent")
        )
        wanted |= models.Q(pk__in=level)
    return queryset.filter(wanted)
