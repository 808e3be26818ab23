"""Stories: curated paths over events that the record holds anyway, and the periods behind them.

A story adds an order and words of its own; what happened, and who says so, stays with the events.
What is public is decided here; how a story changes is decided in :mod:`timeline.editing.stories`.
"""

import hashlib
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from timeline import dates, text
from timeline.models.choices import Family, Status, VersionKind
from timeline.models.events import Event
from timeline.models.fields import (
    EDTFField,
    FoldedField,
    LanguageField,
    LineField,
    ParagraphField,
)
from timeline.models.figures import Metric
from timeline.models.published import (
    AppendOnlyQuerySet,
    Published,
    PublishedQuerySet,
    PublishedVersion,
)
from timeline.models.tongue import base

_STATUSES = [
    (status.value, status.label)
    for status in (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED, Status.WITHDRAWN)
]
"""A story is never merged."""


class StoryQuerySet(PublishedQuerySet["Story"]):
    """Stories. Rooms that face the public use ``public()`` and ``gone()``, and no other door."""

    def originals(self) -> Self:
        """Stories that are no edition of another; no working copies."""
        return self.own().filter(translation_of=None)

    def of_work(self, story: "Story") -> Self:
        """The editions of what a story tells, itself among them; no working copies."""
        work = story.work
        return self.own().filter(models.Q(pk=work) | models.Q(translation_of=work))


class Story(Published):
    """A title, an introduction, and steps over events of the record, each with a note.

    An edition in a further language is a story of its own, with ``translation_of``: the one that it
    tells anew. ``lock`` is one more at every save; ``version`` is the number of the current public
    version.
    """

    language = LanguageField(
        _("language"), default="en", help_text=_("In which the story’s own words are written.")
    )
    translation_of = models.ForeignKey(
        "self",
        verbose_name=_("edition of"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="editions",
        help_text=_("The story that this one tells in another language. Empty for an original."),
    )
    title = LineField(_("title"), max_length=140)
    folded = FoldedField(of="title", max_length=200)
    slug = models.SlugField(
        _("address"),
        max_length=80,
        blank=True,
        help_text=_("The last part of its address. Left empty, it is made from the title."),
    )
    description = LineField(
        _("in a sentence"),
        max_length=300,
        blank=True,
        default="",
        help_text=_("What the story tells, for the list of stories and for who shares it."),
    )
    introduction = ParagraphField(
        _("introduction"),
        max_length=4000,
        blank=True,
        default="",
        help_text=_("Two to four sentences before the first step. Markdown."),
    )
    byline = LineField(
        pgettext_lazy("who wrote it", "by"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("Who wrote it, as readers should see it. Left empty, nobody is named."),
    )
    compared = models.ManyToManyField(
        Metric,
        verbose_name=_("figures to compare"),
        blank=True,
        related_name="stories",
        help_text=_("Drawn at the end: what its events give, over time, by who said it."),
    )
    status = models.CharField(_("status"), max_length=10, choices=_STATUSES, default=Status.DRAFT)
    objects = StoryQuerySet.as_manager()

    class Meta(Published.Meta):
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        ordering = ["-published_at", "-pk"]
        permissions = [
            ("change_any_story", "Can change drafts of others"),
            ("publish_story", "Can publish, withdraw and change published stories"),
        ]
        constraints = [
            *Published.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(status="withdrawn") | ~models.Q(withdrawal_reason=""),
                name="story_withdrawn_has_reason",
                violation_error_message=_("Say why it is withdrawn; readers will see the reason."),
            ),
            # A working copy has the address of its story, and takes its place.
            models.UniqueConstraint(
                fields=["slug"],
                condition=models.Q(revises__isnull=True),
                name="story_slug_once",
                violation_error_message=_("Another story has this address. Choose another one."),
            ),
            models.UniqueConstraint(
                fields=["translation_of", "language"],
                condition=models.Q(revises__isnull=True),
                name="story_edition_once",
                violation_error_message=_("There is an edition in this language already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(translation_of=models.F("id")), name="story_edition_of_another"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("story", args=[self.slug])

    @property
    def work(self) -> int:
        """The key of the original, which is the same for all editions of a story."""
        return self.translation_of_id or self.key

    @property
    def key(self) -> int:
        """Its own key, or that of the story whose working copy it is."""
        return self.revises_id or self.pk

    def has_twin(self) -> bool:
        """Whether another story has its address."""
        twins = Story.objects.own().filter(slug=self.slug).exclude(pk=self.key)
        return bool(self.slug) and twins.exists()

    def clean(self) -> None:
        super().clean()
        if sentence := self.wrong_edition():
            raise ValidationError({"translation_of": sentence})
        if not self.slug:
            self.slug = self.free_slug()
        if not self.slug:
            raise ValidationError(
                {"slug": _("No address can be made from this title. Write one in Latin letters.")}
            )
        if self.has_twin():
            raise ValidationError(
                {"slug": _("Another story has this address. Choose another one.")}
            )

    def wrong_edition(self) -> str:
        """Why it can't be the edition that it says to be, as a sentence; empty where it can."""
        original, has_some = self.translation_of, False
        if self.key is not None:
            has_some = Story.objects.own().filter(translation_of=self.key).exists()
        if original is not None:
            if original.pk == self.key:
                return str(_("A story is no edition of itself. Choose another, or leave it empty."))
            if original.translation_of_id is not None:
                said = _("“%(story)s” is an edition itself. Choose the original.")
                return str(said % {"story": original})
            if has_some:
                return str(_("This story has editions, so it is an original. Leave this empty."))
        if original is not None or has_some:
            others = Story.objects.of_work(self).exclude(pk=self.key)
            if any(base(each.language) == base(self.language) for each in others):
                return str(_("There is an edition in this language already."))
        return ""

    def free_slug(self, wanted: str = "") -> str:
        """The slug of the title, or the one ``wanted``, with a number behind it if another story
        has it; empty where the title makes none."""
        stem = text.slug(wanted or self.title)[:72].strip("-")
        others = Story.objects.own().exclude(pk=self.key).filter(slug__startswith=stem)
        taken = set(others.values_list("slug", flat=True)) if stem else set()
        number, slug = 2, stem
        while slug in taken:
            slug, number = f"{stem}-{number}", number + 1
        return slug


class StepQuerySet(models.QuerySet["Step"]):
    def public(self) -> Self:
        """Steps of public stories to public events."""
        return self.filter(story__status=Status.PUBLISHED, event__status=Status.PUBLISHED)


class Step(models.Model):
    """One event of a story, and what the story says of it. ``heading`` begins a section, which
    ``opening`` introduces."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField(_("number"), default=0)
    event = models.ForeignKey(
        Event, verbose_name=_("event"), on_delete=models.PROTECT, related_name="steps"
    )
    heading = LineField(
        _("begins the section"),
        max_length=80,
        blank=True,
        default="",
        help_text=_("A heading here begins a section of the story with this step."),
    )
    opening = ParagraphField(
        _("what the section tells"),
        max_length=600,
        blank=True,
        default="",
        help_text=_("A sentence or two below the heading."),
    )
    note = ParagraphField(
        _("note"),
        max_length=1200,
        blank=True,
        default="",
        help_text=_("What this event adds to the story. One to three sentences, Markdown."),
    )

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.order}. {self.event}"

    def clean(self) -> None:
        super().clean()
        if self.opening and not self.heading:
            raise ValidationError(
                {"heading": _("Give the section a heading, or leave out what it tells.")}
            )


class PeriodQuerySet(models.QuerySet["Period"]):
    def public(self) -> Self:
        """Periods that readers may see: shown on every chart, or of a public story."""
        return self.filter(
            models.Q(story=None, shown=True) | models.Q(story__status=Status.PUBLISHED)
        )

    def everywhere(self) -> Self:
        """Those that belong to no story: shown on every chart, once they are public."""
        return self.filter(story=None)

    def overlapping(self, first: Any, last: Any) -> Self:
        """Those that share a day with the days from ``first`` to ``last``."""
        return self.filter(earliest__lte=last, latest__gte=first)


class Period(models.Model):
    """A named span that is shown as a band behind events: behind one story's, or on every chart."""

    title = LineField(_("title"), max_length=60)
    date = EDTFField(
        _("from and to"),
        derives={"earliest": "earliest", "latest": "latest"},
        help_text=_("As exactly as it is known: 2018 to 2019, June 2024 to September 2024."),
    )
    earliest = models.DateField(editable=False)
    latest = models.DateField(editable=False)
    note = ParagraphField(
        _("note"),
        max_length=300,
        blank=True,
        default="",
        help_text=_("Why it begins and ends there. Readers see it."),
    )
    family = models.CharField(
        _("colour"),
        max_length=20,
        choices=Family,
        blank=True,
        default="",
        help_text=_("The colour of a family of categories, or none."),
    )
    story = models.ForeignKey(
        Story,
        verbose_name=_("of the story"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="periods",
        help_text=_("Empty: shown on every chart that it touches."),
    )
    shown = models.BooleanField(
        _("shown to readers"),
        default=True,
        help_text=_("A story’s own periods are shown with the story."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["earliest", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(earliest__lte=models.F("latest")), name="period_dates_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def when(self) -> dates.FuzzyDate:
        """The recorded span as a value."""
        return dates.parse(self.date)


class StoryVersionQuerySet(AppendOnlyQuerySet["StoryVersion"]):
    """Versions of stories. Rooms that face the public use ``public()`` and no other door."""

    def public(self) -> Self:
        """Those of public stories; a withdrawn story's answer nobody."""
        return self.filter(story__status=Status.PUBLISHED)

    def told(self) -> Self:
        """Versions that the page of changes tells: those of public stories, and that another was
        withdrawn."""
        taken = models.Q(story__status=Status.WITHDRAWN, kind=VersionKind.WITHDRAWN)
        return self.filter(models.Q(story__status=Status.PUBLISHED) | taken)


class StoryVersion(PublishedVersion):
    """One publication of a story: its own words and the events that it pointed to, as canonical
    JSON, with the SHA-256 of that text. What the events say is in their own versions."""

    story = models.ForeignKey(
        Story, editable=False, on_delete=models.CASCADE, related_name="versions"
    )
    objects = StoryVersionQuerySet.as_manager()

    class Meta(PublishedVersion.Meta):
        verbose_name = _("version of a story")
        verbose_name_plural = _("versions of stories")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["story", "number"], name="story_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.story_id} v{self.number}"

    def hash_of_record(self) -> str:
        """What ``sha256`` says, unless the record was changed."""
        return hashlib.sha256(self.record.encode()).hexdigest()
