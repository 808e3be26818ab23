"""The change log: what the read path reads to know what is new.

Written by ``editing`` in the same transaction as the change itself, on every path.
"""

from django.db import models

from timeline.models.choices import ChangeKind
from timeline.models.fields import LineField


class Change(models.Model):
    """One row changed. ``model`` is its model's name in lower case."""

    kind = models.CharField(max_length=10, choices=ChangeKind)
    model = LineField(max_length=40)
    object_id = models.PositiveBigIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.model} {self.object_id}"
