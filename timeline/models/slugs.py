"""Old slugs of named things that were renamed or merged, and the ids of merged sources: their
addresses keep working."""

from django.db import models

from timeline.models.fields import LineField


class SlugRedirect(models.Model):
    """An old slug and the thing that it means now. ``kind`` is the model's name in lower case.

    Of a source, which has no slug, it is the public id.
    """

    kind = LineField(max_length=20)
    old_slug = models.SlugField(max_length=80)
    object_id = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "old_slug"], name="slug_redirect_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.old_slug}"
