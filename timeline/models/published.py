"""What is published in versions: a thing with a status, its working copy, its append-only versions.

Events and stories are such things. What is public is decided here, by ``public()`` and nowhere
else; how a thing changes is decided in :mod:`timeline.editing.publishing`.
"""

import json
from typing import Any, NoReturn, Self, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from timeline.models.choices import Status, VersionKind
from timeline.models.fields import ParagraphField, PublicIdField

Thing = TypeVar("Thing", bound="Published")
Row = TypeVar("Row", bound="PublishedVersion")


class PublishedQuerySet(models.QuerySet[Thing]):
    """Things. Rooms that face the public use ``public()`` and ``gone()``, and no other door."""

    def public(self) -> Self:
        """What readers may see."""
        return self.filter(status=Status.PUBLISHED)

    def gone(self) -> Self:
        """What readers could see once: withdrawn or merged, whose address still answers."""
        return self.filter(status__in=[Status.WITHDRAWN, Status.MERGED])

    def own(self) -> Self:
        """Things of their own, without the working copies of published ones."""
        return self.filter(revises=None)

    def copies(self) -> Self:
        """Working copies: drafts of what a published thing will say next."""
        return self.filter(revises__isnull=False)


class LockField(models.PositiveIntegerField):  # type: ignore[type-arg]
    """One more at every save by any path; forms carry it to notice that they are stale."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = (getattr(model_instance, self.attname) or 0) + 1
        setattr(model_instance, self.attname, value)
        return value


class Published(models.Model):
    """A thing that readers see in numbered versions.

    ``version`` is the number of the current public one; ``lock`` is one more at every save. A row
    with ``revises`` is the working copy of a published thing, and never public itself.
    """

    public_id = PublicIdField(_("public id"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    revised_at = models.DateTimeField(_("revised"), null=True, editable=False)
    version = models.PositiveIntegerField(_("version"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    withdrawal_reason = ParagraphField(
        _("reason of the withdrawal"), max_length=300, blank=True, default=""
    )
    revises = models.OneToOneField(
        "self",
        verbose_name=_("working copy of"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="working_copy",
    )
    revises_id: int | None  # of the field above, which the type checker doesn't know
    revises_version = models.PositiveIntegerField(
        _("begun from version"), null=True, editable=False
    )
    revises_base = models.JSONField(default=dict, editable=False)
    """What the copy was begun from, for whoever must choose when the thing changed meanwhile."""
    lock = LockField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="published") | models.Q(published_at__isnull=False),
                name="%(class)s_published_has_published_at",
            ),
            models.CheckConstraint(
                condition=models.Q(revises__isnull=True)
                | models.Q(
                    status__in=["draft", "in_review"],
                    published_at__isnull=True,
                    revises_version__isnull=False,
                ),
                name="%(class)s_copy_is_never_public",
            ),
            models.CheckConstraint(
                condition=~models.Q(revises=models.F("id")), name="%(class)s_copies_another"
            ),
        ]

    @property
    def was_public(self) -> bool:
        """Whether readers have ever seen it; such a thing is never deleted."""
        return self.published_at is not None


class AppendOnly(Exception):
    """A version is never changed and never deleted; a mistake is corrected by a new one."""


_REFUSAL = (
    "A version is never changed and never deleted. Publish another one; to take out what must not "
    "be read of an event, use manage.py redact_version."
)


class AppendOnlyQuerySet(models.QuerySet[Row]):
    """Versions, which nothing changes; they leave only with what they are versions of."""

    def update(self, **changes: Any) -> NoReturn:
        raise AppendOnly(_REFUSAL)

    def delete(self) -> NoReturn:
        raise AppendOnly(_REFUSAL)

    def bulk_update(self, *given: Any, **options: Any) -> NoReturn:
        raise AppendOnly(_REFUSAL)


class PublishedVersion(models.Model):
    """One publication of a thing: what readers were shown as canonical JSON, who published it and
    when, what it was, and a SHA-256."""

    number = models.PositiveIntegerField(_("version"), editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=VersionKind, editable=False)
    public_note = ParagraphField(
        _("what changed, in a sentence"), max_length=500, blank=True, default="", editable=False
    )
    record = models.TextField(_("record"), blank=True, editable=False)
    at = models.DateTimeField(_("published"), editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    sha256 = models.CharField(max_length=64, editable=False)

    class Meta:
        abstract = True
        ordering = ["pk"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly(_REFUSAL)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly(_REFUSAL)

    def content(self) -> dict[str, Any]:
        """What readers were shown. Empty when it is redacted."""
        return dict(json.loads(self.record)) if self.record else {}
