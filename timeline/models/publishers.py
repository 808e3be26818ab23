"""Publishers of sources, their names, and the domains that suggest them."""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from timeline import text
from timeline.models.actors import Actor
from timeline.models.choices import NameKind, PublisherKind, Status
from timeline.models.fields import (
    CountryField,
    FoldedField,
    LanguageField,
    LineField,
    ParagraphField,
)
from timeline.models.named import Named


class PublisherQuerySet(models.QuerySet["Publisher"]):
    def public(self) -> Self:
        """Publishers, and agencies, of sources that a public event cites."""
        from timeline.models.sources import Citation

        cited = Citation.objects.filter(event__status=Status.PUBLISHED).order_by()
        carried = cited.filter(source__agency__isnull=False).values("source__agency")
        return self.filter(
            models.Q(pk__in=cited.values("source__publisher")) | models.Q(pk__in=carried)
        )

    def for_link(self, url: str) -> Self:
        """Publishers whose domain is the link's host or lies above it; the nearest first."""
        parts = text.host(url).removeprefix("www.").split(".")
        hosts = [".".join(parts[start:]) for start in range(max(len(parts) - 1, 1))]
        return self.filter(domains__domain__in=hosts).order_by(
            -models.functions.Length("domains__domain"), "folded", "pk"
        )


class Publisher(Named):
    """Who published a source, or whose text it carries."""

    kind = models.CharField(
        _("kind"), max_length=20, choices=PublisherKind, default=PublisherKind.OTHER
    )
    country = CountryField(_("country"))
    language = LanguageField(_("language"), blank=True, default="")
    controlled_by = models.ForeignKey(
        Actor,
        verbose_name=_("controlled by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="controls",
        help_text=_("The state, party or body that decides what it prints."),
    )
    note = ParagraphField(_("note"), max_length=600, blank=True, default="")

    objects = PublisherQuerySet.as_manager()

    class Meta:
        verbose_name = _("publisher")
        verbose_name_plural = _("publishers")
        ordering = ["folded", "pk"]

    def get_absolute_url(self) -> str:
        return reverse("publisher", args=[self.slug])


class PublisherName(models.Model):
    """Another name of a publisher, in any language and script."""

    publisher = models.ForeignKey(Publisher, on_delete=models.CASCADE, related_name="names")
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
                fields=["publisher", "name", "language"],
                name="publisher_name_once",
                violation_error_message=_("This publisher already has this name in this language."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class PublisherDomain(models.Model):
    """A host that suggests a publisher; several publishers may share one."""

    publisher = models.ForeignKey(Publisher, on_delete=models.CASCADE, related_name="domains")
    domain = LineField(
        _("domain"), max_length=253, db_index=True, help_text=_("Without www, such as yna.co.kr.")
    )

    class Meta:
        verbose_name = _("domain")
        verbose_name_plural = _("domains")
        ordering = ["domain", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publisher", "domain"],
                name="publisher_domain_once",
                violation_error_message=_("This publisher already has this domain."),
            )
        ]

    def __str__(self) -> str:
        return self.domain

    def clean(self) -> None:
        super().clean()
        self.domain = self.domain.lower().removeprefix("www.").strip(".")
