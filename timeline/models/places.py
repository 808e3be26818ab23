"""Places: where events happen, from a building to a country, each part of a larger one."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from timeline.models.choices import PlaceKind
from timeline.models.fields import CountryField, LineField
from timeline.models.named import Named, Tree, with_ancestors


class PlaceQuerySet(models.QuerySet["Place"]):
    def public(self) -> Self:
        """Places of public events, and all places around them."""
        from timeline.models.events import Event

        used = Event.objects.public().filter(place__isnull=False).order_by().values("place")
        found: Self = with_ancestors(self, models.Q(pk__in=used))
        return found


class Place(Named, Tree):
    """Where something happened. ``dateline`` is the city that opens a summary, as agencies do."""

    kind = models.CharField(_("kind"), max_length=20, choices=PlaceKind, default=PlaceKind.CITY)
    country = CountryField(_("country"))
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("inside"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text=_("The place around it. Filters by a place include the places inside it."),
    )
    dateline = LineField(
        _("dateline"),
        max_length=60,
        blank=True,
        default="",
        help_text=_("The city that opens a summary, such as SEOUL. Empty: no dateline."),
    )
    geonames_id = models.PositiveBigIntegerField(_("GeoNames"), null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["folded", "pk"]

    def get_absolute_url(self) -> str:
        return reverse("place", args=[self.slug])
