"""Sources (an article, document or post) and citations: how an event rests on a source."""

import datetime as dt
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from timeline import archives, text
from timeline.models.actors import Actor
from timeline.models.choices import LinkState, SourceKind, Stance, Status, Support
from timeline.models.fields import (
    EDTFField,
    LanguageField,
    LineField,
    LinkField,
    ParagraphField,
    PublicIdField,
    TokensField,
)
from timeline.models.publishers import Publisher


class SourceQuerySet(models.QuerySet["Source"]):
    def public(self) -> Self:
        """Sources that a public event cites."""
        cited = Citation.objects.filter(
            source=models.OuterRef("pk"), event__status=Status.PUBLISHED
        )
        return self.filter(models.Exists(cited))

    def for_link(self, url: str) -> "Source | None":
        """The source with the same canonical address, if there is one.

        An archive's address finds the source of which it is a copy.
        """
        copy = archives.copy_of(url)
        original = copy.original if copy and copy.original else url
        found = self.filter(canonical_url=text.canonical_url(original)).first()
        return self.filter(archive_url=url).first() if found is None and copy else found


class CanonicalField(models.CharField):  # type: ignore[type-arg]
    """The canonical form of ``url``: null or unique, never empty text."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        url = getattr(model_instance, "url", "")
        value = text.canonical_url(url) if url else None
        setattr(model_instance, self.attname, value)
        return value


class Source(models.Model):
    """An article, document, post or broadcast. Without an address it needs a reference."""

    public_id = PublicIdField(_("public id"))
    url = LinkField(_("link"), blank=True, default="")
    canonical_url = CanonicalField(
        max_length=2000, null=True, blank=True, unique=True, editable=False
    )
    reference = LineField(
        _("reference"),
        max_length=300,
        blank=True,
        default="",
        help_text=_("Where to find a source that has no link: paper, page, programme, minute."),
    )
    title = LineField(_("title"), max_length=400, blank=True, default="")
    title_is_description = models.BooleanField(
        _("title is a description"),
        default=False,
        help_text=_("Our words for it, not its headline; shown without quotation marks."),
    )
    publisher = models.ForeignKey(
        Publisher, verbose_name=_("publisher"), on_delete=models.PROTECT, related_name="sources"
    )
    agency = models.ForeignKey(
        Publisher,
        verbose_name=_("agency"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="carried",
        help_text=_("Whose text it carries, such as Reuters in a local paper."),
    )
    authors = LineField(_("authors"), max_length=300, blank=True, default="")
    published = EDTFField(
        pgettext_lazy("a source", "published"),
        blank=True,
        default="",
        derives={"earliest": "published_earliest", "latest": "published_latest"},
        help_text=_("As precise as known; empty if not known."),
    )
    published_earliest = models.DateField(null=True, editable=False)
    published_latest = models.DateField(null=True, editable=False)
    accessed_on = models.DateField(_("accessed on"), null=True, blank=True)
    language = LanguageField(_("language"), default="en")
    kind = models.CharField(_("kind"), max_length=20, choices=SourceKind, default=SourceKind.NEWS)
    archive_url = LinkField(_("archived copy"), blank=True, default="")
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)
    link_state = models.CharField(
        _("link state"), max_length=20, choices=LinkState, default=LinkState.UNKNOWN
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    missed = models.PositiveSmallIntegerField(default=0, editable=False)
    """How many checks in a row found nothing, and since which day."""
    missed_since = models.DateField(null=True, editable=False)
    search_tokens = TokensField(of=("title",))

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        permissions = [("merge_source", "Can merge sources")]
        ordering = ["-published_latest", "pk"]
        indexes = [
            models.Index(
                fields=["publisher", "-published_latest", "id"], name="source_of_publisher"
            ),
            models.Index(fields=["kind"], name="source_of_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(url="", reference=""),
                name="source_url_or_reference",
                violation_error_message=_("A source needs a link or, in print, a reference."),
            ),
            models.CheckConstraint(
                condition=models.Q(canonical_url__isnull=True) | ~models.Q(canonical_url=""),
                name="source_canonical_url_not_empty",
            ),
            models.CheckConstraint(
                condition=models.Q(published_earliest__isnull=True)
                | models.Q(published_earliest__lte=models.F("published_latest")),
                name="source_published_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.reference or self.url

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.public_id])

    @property
    def known_from(self) -> dt.date | None:
        """The first day on which readers can have known it: the last day on which it can have
        been published, else the day on which we read it; None for neither."""
        return self.published_latest or self.accessed_on

    @property
    def origin_id(self) -> int:
        """The publisher whose word it is: the agency, else the publisher."""
        return self.agency_id or self.publisher_id

    def take_copy_apart(self) -> None:
        """Where the link is an archive's, let it be the archived copy of the original's."""
        copy = archives.copy_of(self.url) if self.url else None
        if copy is not None and copy.original and self.archive_url in ("", copy.url):
            self.url, self.archive_url = copy.original, copy.url
            self.archived_at = copy.at

    def clean(self) -> None:
        super().clean()
        self.take_copy_apart()
        if self.url:
            same = Source.objects.exclude(pk=self.pk).for_link(self.url)
            if same is not None:
                raise ValidationError(
                    {
                        "url": _("This address is already among the sources: %(source)s.")
                        % {"source": same}
                    }
                )


def _known_supports(value: Any) -> None:
    if not isinstance(value, list) or any(part not in Support.values for part in value):
        raise ValidationError(
            _("Choose among %(choices)s."), params={"choices": ", ".join(Support.values)}
        )


class Citation(models.Model):
    """An event's use of a source: what stance it takes, and in whose voice."""

    event = models.ForeignKey("Event", on_delete=models.CASCADE, related_name="citations")
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="citations"
    )
    stance = models.CharField(_("stance"), max_length=20, choices=Stance, default=Stance.REPORTS)
    speaker = models.ForeignKey(
        Actor,
        verbose_name=_("speaker"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="spoken",
        help_text=_("Who takes this stance, when it is not the publisher's own voice."),
    )
    locator = LineField(
        _("place in the text"),
        max_length=100,
        blank=True,
        default="",
        help_text=_("Paragraph, page or minute."),
    )
    quote = ParagraphField(_("quote"), max_length=300, blank=True, default="")
    supports = models.JSONField(
        _("supports"), default=list, blank=True, validators=[_known_supports]
    )
    note = ParagraphField(_("note"), max_length=300, blank=True, default="")
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("source of the event")
        verbose_name_plural = _("sources of the event")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "source", "stance", "speaker"],
                name="citation_once",
                violation_error_message=_("This source is already cited here with this stance."),
            ),
            models.UniqueConstraint(
                fields=["event", "source", "stance"],
                condition=models.Q(speaker__isnull=True),
                name="citation_once_without_speaker",
                violation_error_message=_("This source is already cited here with this stance."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} ({self.get_stance_display()})"
