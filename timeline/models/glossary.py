"""What the record's own words are in further languages: a glossary beside the record.

Names of categories, topics, places and metrics, notes and what figures count stay in the
record's language; a term says what one of these texts is in another. It is found by the text
itself, so that a word which stands on many events is translated once, and a renamed thing is
shown in the record's language until somebody says what the new name is. Actors and publishers
have names of their own.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from timeline.models.fields import FoldedField, ParagraphField
from timeline.models.translations import language_field


class TermKind(models.TextChoices):
    """What a text of the record is, which settles how it is translated."""

    CATEGORY = "category", _("Category")
    TOPIC = "topic", _("Topic")
    PLACE = "place", _("Place")
    METRIC = "metric", _("Metric")
    UNIT = "unit", _("Unit")
    FIGURE = "figure", _("Figure")
    PERIOD = "period", _("Period")
    NOTE = "note", _("Note")


class Term(models.Model):
    """A text of the record and what it is in one other language."""

    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=TermKind,
        help_text=_(
            "Names and descriptions belong to their thing; of figures what they count, values in "
            "words and notes; everything else is a note."
        ),
    )
    original = ParagraphField(
        _("original"),
        max_length=600,
        help_text=_("In the record’s language, exactly as it stands there."),
    )
    language = language_field()
    words = ParagraphField(
        _("words"), max_length=600, help_text=_("What readers of the language see instead.")
    )
    folded = FoldedField(of="original", max_length=600)
    folded_words = FoldedField(of="words", max_length=600)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["kind", "folded", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "original", "language"],
                name="term_once",
                violation_error_message=_("This text is in the glossary in this language already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.original}"
