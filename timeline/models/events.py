"""Events: dated things that happened or were said, and the actors' parts in them.

Everything else hangs on an event. What is public is decided here, by ``public()`` and nowhere
else; how an event changes is decided in :mod:`timeline.editing`.
"""

import zoneinfo
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from timeline import dates
from timeline.models.actors import Actor
from timeline.models.categories import Category, Topic
from timeline.models.choices import (
    DateBasis,
    Importance,
    PlacePrecision,
    Role,
    Status,
    VerificationLabel,
    VersionKind,
)
from timeline.models.fields import (
    EDTFField,
    LineField,
    ParagraphField,
    TokensField,
)
from timeline.models.places import Place
from timeline.models.published import LockField, Published, PublishedQuerySet

__all__ = ["TIME_UNKNOWN", "Event", "EventQuerySet", "LockField", "MinuteField", "Participation"]
# Migrations know LockField by this module.

TIME_UNKNOWN = 1440
"""``minute`` of an event without a time: after every known minute of its day."""


class EventQuerySet(PublishedQuerySet["Event"]):
    """The record's events. Rooms that face the public use ``public()`` and no other door."""

    def due(self, now: datetime) -> Self:
        """Drafts and working copies whose moment has come and that weren't refused since."""
        waiting = self.filter(status__in=[Status.DRAFT, Status.IN_REVIEW], publish_refusal="")
        return waiting.filter(publish_at__lte=now).order_by("publish_at", "pk")

    def in_order(self) -> Self:
        """The one order of time: total and stable."""
        return self.order_by("sort_date", "latest", "minute", "day_order", "public_id")


class MinuteField(models.PositiveSmallIntegerField):  # type: ignore[type-arg]
    """Minutes since midnight of ``time``, or ``TIME_UNKNOWN``."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        time = getattr(model_instance, "time", None)
        value = TIME_UNKNOWN if time is None else time.hour * 60 + time.minute
        setattr(model_instance, self.attname, value)
        return value


def _known_zone(value: str) -> None:
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValidationError(
            _("“%(value)s” is not a time zone. Write one such as Asia/Seoul."),
            params={"value": value},
        ) from error


class Event(Published):
    """A dated thing that happened or was said, with the sources that it rests on."""

    slug = models.SlugField(max_length=80, blank=True, default="", editable=False)
    title = LineField(_("title"), max_length=140, help_text=_("A sentence with a verb."))
    label = LineField(
        _("short label"),
        max_length=24,
        blank=True,
        default="",
        help_text=_("For charts, where a key event is named in a word or two."),
    )
    summary = ParagraphField(_("summary"), max_length=600, blank=True, default="")

    date = EDTFField(
        _("date"),
        derives={
            "earliest": "earliest",
            "latest": "latest",
            "sort_date": "sort_date",
            "precision": "precision",
        },
        help_text=_("As exactly as it is known: 12 June 2018, October 2024, autumn 2024, 2024."),
    )
    earliest = models.DateField(editable=False)
    latest = models.DateField(editable=False)
    sort_date = models.DateField(editable=False)
    precision = models.CharField(
        max_length=10,
        editable=False,
        choices=[(part.value, part.value) for part in dates.Precision],
    )
    date_basis = models.CharField(
        _("the date is"), max_length=20, choices=DateBasis, default=DateBasis.OCCURRED
    )
    time = models.TimeField(_("local time"), null=True, blank=True)
    time_zone = LineField(
        _("time zone"),
        max_length=40,
        blank=True,
        default="",
        validators=[_known_zone],
        help_text=_("Where it happened, such as Asia/Seoul."),
    )
    minute = MinuteField(editable=False, default=TIME_UNKNOWN)
    day_order = models.SmallIntegerField(
        _("order within the day"), default=0, help_text=_("Lower numbers come first.")
    )
    date_note = LineField(
        _("note on the date"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("Shown to readers: why the day is not known, or who gives which."),
    )

    category = models.ForeignKey(
        Category,
        verbose_name=_("category"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="events",
    )
    topics = models.ManyToManyField(
        Topic, verbose_name=_("topics"), blank=True, related_name="events"
    )
    place = models.ForeignKey(
        Place,
        verbose_name=_("place"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="events",
    )
    place_precision = models.CharField(
        _("place is known"), max_length=20, choices=PlacePrecision, default=PlacePrecision.UNKNOWN
    )
    importance = models.CharField(
        _("importance"), max_length=10, choices=Importance, default=Importance.NORMAL
    )

    restores = models.PositiveIntegerField(_("holds version"), null=True, editable=False)
    publish_at = models.DateTimeField(
        _("publish at"),
        null=True,
        blank=True,
        help_text=_("Publishes by itself at this minute. Empty: when somebody publishes it."),
    )
    publish_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    publish_kind = models.CharField(
        max_length=20, choices=VersionKind, blank=True, default="", editable=False
    )
    publish_note = ParagraphField(max_length=500, blank=True, default="", editable=False)
    publish_refusal = ParagraphField(
        _("why it was not published"), max_length=1000, blank=True, default="", editable=False
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged",
    )

    verification = models.CharField(
        _("verification"),
        max_length=20,
        choices=VerificationLabel,
        default=VerificationLabel.UNVERIFIED,
        editable=False,
        db_index=True,
    )
    verification_override = models.CharField(
        _("verification set by hand"),
        max_length=20,
        choices=VerificationLabel,
        blank=True,
        default="",
    )
    verification_note = ParagraphField(
        _("why it is set by hand"),
        max_length=300,
        blank=True,
        default="",
        help_text=_("Readers see this."),
    )

    internal_note = ParagraphField(
        _("internal note"),
        max_length=2000,
        blank=True,
        default="",
        help_text=_("For colleagues. Never public."),
    )
    search_tokens = TokensField(of=("title", "summary"))
    objects = EventQuerySet.as_manager()

    class Meta(Published.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        permissions = [
            ("change_any_event", "Can change drafts of others"),
            ("publish_event", "Can publish, withdraw and change published events"),
            ("merge_event", "Can merge events"),
            ("import_event", "Can import events"),
        ]
        ordering = ["-sort_date", "-latest", "-minute", "-day_order", "-public_id"]
        indexes = [
            models.Index(
                fields=["status", "sort_date", "latest", "minute", "day_order", "public_id"],
                name="event_in_order",
            ),
            models.Index(fields=["status", "earliest", "latest"], name="event_overlap"),
            models.Index(
                fields=["publish_at"],
                name="event_due",
                condition=models.Q(publish_at__isnull=False),
            ),
            models.Index(
                fields=["importance"], name="event_labelled", condition=models.Q(label__gt="")
            ),
        ]
        constraints = [
            *Published.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(earliest__lte=models.F("latest")), name="event_dates_in_order"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="merged") | models.Q(merged_into__isnull=False),
                name="event_merged_has_merged_into",
            ),
            models.CheckConstraint(
                condition=models.Q(verification_override="") | ~models.Q(verification_note=""),
                name="event_override_has_note",
                violation_error_message=_(
                    "Say in “why it is set by hand” why the verification is set by hand."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        if self.slug:
            return reverse("event", args=[self.public_id, self.slug])
        return reverse("event_bare", args=[self.public_id])

    @property
    def when(self) -> dates.FuzzyDate:
        """The recorded date as a value."""
        return dates.parse(self.date)


class Participation(models.Model):
    """An actor's part in an event. ``alleged`` when only others say so."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="participations")
    actor = models.ForeignKey(
        Actor,
        verbose_name=_("actor"),
        on_delete=models.PROTECT,
        related_name="participations",
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.PARTICIPANT)
    alleged = models.BooleanField(_("alleged"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("roles")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "actor", "role"],
                name="participation_once",
                violation_error_message=_("This actor already has this role here."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.actor} ({self.get_role_display()})"
