"""How the verification of an event came about: from which day on which label.

Derived from the event's citations whenever they change, by :mod:`timeline.editing.events` alone,
so that "as known on" a past day need not weigh every stance again. It never knows of a label that
an editor set by hand: that is a word of today.
"""

from django.db import models

from timeline.models.choices import VerificationLabel
from timeline.models.events import Event


class VerificationStep(models.Model):
    """The label of an event from a day on, until its next step."""

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="verification_steps", editable=False
    )
    day = models.DateField()
    label = models.CharField(max_length=20, choices=VerificationLabel)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["event", "day"], name="verification_step_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.label}"
