"""An event's title and summary in a further language, and of which words they are the translation.

The record is written in one language (``LANGUAGE_CODE``); a translation stands beside it and says
by a seal which title and summary it was made of, so that everybody sees when these have changed
since.
"""

import hashlib

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from timeline.models.events import Event
from timeline.models.fields import LineField, ParagraphField, TokensField

_CODE = r"^[a-z]{2,3}(-[a-z0-9]{2,8})*\Z"


def seal(title: str, summary: str) -> str:
    """What stands for an event's own words; another word, another seal."""
    return hashlib.sha256(f"{title}\n\n{summary}".encode()).hexdigest()[:16]


def language_field() -> "models.CharField[str, str]":
    """The column that says which further language words are in."""
    return models.CharField(
        _("language"),
        max_length=12,
        validators=[RegexValidator(_CODE, _("Write a code such as ko or pt-br."))],
    )


class EventTranslation(models.Model):
    """What an event is called, and its summary, in one other language."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="translations")
    language = language_field()
    title = LineField(_("title"), max_length=140)
    summary = ParagraphField(
        _("summary"),
        max_length=600,
        blank=True,
        default="",
        help_text=_("Empty: readers see the original."),
    )
    label = LineField(
        _("short label"),
        max_length=24,
        blank=True,
        default="",
        help_text=_("Empty: charts show the original."),
    )
    of = models.CharField(max_length=16, editable=False, default="")
    search_tokens = TokensField(of=("title", "summary"))

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        ordering = ["language", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "language"],
                name="translation_once",
                violation_error_message=_("There is a translation into this language already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.title}"
