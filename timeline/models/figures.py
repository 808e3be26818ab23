"""Figures: attributed numbers of an event, and the metrics that they measure."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from timeline.models.actors import Actor
from timeline.models.choices import Basis, FigureState, Qualifier, Status
from timeline.models.fields import EDTFField, LineField, ParagraphField
from timeline.models.sources import Citation


class MetricQuerySet(models.QuerySet["Metric"]):
    def public(self) -> Self:
        """Metrics with a figure in a public event."""
        used = Figure.objects.filter(metric=models.OuterRef("pk"), event__status=Status.PUBLISHED)
        return self.filter(models.Exists(used))


class Metric(models.Model):
    """What a figure measures, such as soldiers killed."""

    code = models.SlugField(_("code"), max_length=60, unique=True, allow_unicode=False)
    label = LineField(_("label"), max_length=100)
    unit = LineField(_("unit"), max_length=40, blank=True, default="")
    adds_up_to = models.ForeignKey(
        "self",
        verbose_name=_("adds up to"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    headline = models.BooleanField(
        _("headline"), default=False, help_text=_("Shown among the latest figures.")
    )

    objects = MetricQuerySet.as_manager()

    class Meta:
        verbose_name = _("metric")
        verbose_name_plural = _("metrics")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.label


class Figure(models.Model):
    """A number with its owner: who said it, as of when, in which source.

    A stated number goes to the bound that it states: "at least" and "more than" to ``low``,
    "up to" and "less than" to ``high``, "exactly" and "about" to ``best``.
    """

    event = models.ForeignKey("Event", on_delete=models.CASCADE, related_name="figures")
    metric = models.ForeignKey(
        Metric, verbose_name=_("metric"), on_delete=models.PROTECT, related_name="figures"
    )
    subject = LineField(
        _("of whom or what"),
        max_length=100,
        blank=True,
        default="",
        help_text=_("Such as North Korean soldiers in Kursk. Never empty for people."),
    )
    low = models.DecimalField(_("low"), max_digits=18, decimal_places=3, null=True, blank=True)
    best = models.DecimalField(_("best"), max_digits=18, decimal_places=3, null=True, blank=True)
    high = models.DecimalField(_("high"), max_digits=18, decimal_places=3, null=True, blank=True)
    text_value = LineField(
        _("in words"), max_length=60, blank=True, default="", help_text=_("Such as dozens.")
    )
    qualifier = models.CharField(
        _("as stated"), max_length=20, choices=Qualifier, default=Qualifier.EXACT
    )
    basis = models.CharField(_("counts"), max_length=20, choices=Basis, default=Basis.THIS_EVENT)
    period_start = EDTFField(_("period from"), blank=True, default="")
    as_of = EDTFField(_("as of"), blank=True, default="", derives={"latest": "as_of_latest"})
    as_of_latest = models.DateField(null=True, editable=False)
    attributed_to = models.ForeignKey(
        Actor,
        verbose_name=_("given by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="figures",
        help_text=_("Empty: the publisher of the source gives it."),
    )
    citation = models.ForeignKey(
        Citation,
        verbose_name=_("source"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="figures",
    )
    state = models.CharField(
        _("state"), max_length=20, choices=FigureState, default=FigureState.CURRENT
    )
    superseded_by = models.ForeignKey(
        "self",
        verbose_name=_("superseded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="supersedes",
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    note = ParagraphField(_("note"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["order", "pk"]
        indexes = [
            models.Index(fields=["metric", "state", "as_of"], name="figure_latest"),
            models.Index(fields=["metric", "subject"], name="figure_of_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(low__isnull=False)
                | models.Q(best__isnull=False)
                | models.Q(high__isnull=False)
                | ~models.Q(text_value=""),
                name="figure_has_a_value",
                violation_error_message=_("A figure needs a number or its words, such as dozens."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric}: {self.subject}"

    def clean(self) -> None:
        super().clean()
        if self.citation is not None and self.citation.event_id != self.event_id:
            raise ValidationError({"citation": _("Choose a source that this event cites.")})
        if self.citation_id is None and self.attributed_to_id is None:
            raise ValidationError({"attributed_to": _("Say who gives this number, or its source.")})
