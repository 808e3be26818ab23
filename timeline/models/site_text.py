"""Texts of the site that staff may edit: about, how events are verified, the licence."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from timeline.models.fields import LanguageField, ParagraphField


class SiteTextKey(models.TextChoices):
    ABOUT = "about", _("About")
    VERIFICATION = "verification", _("How we verify")
    LICENCE = "licence", _("Licence")


class SiteText(models.Model):
    """A text in Markdown, one per key and language."""

    key = models.CharField(_("text"), max_length=20, choices=SiteTextKey)
    language = LanguageField(_("language"), default="en")
    markdown = ParagraphField(_("Markdown"), max_length=20_000)

    class Meta:
        verbose_name = _("site text")
        verbose_name_plural = _("site texts")
        ordering = ["key", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "language"],
                name="site_text_once",
                violation_error_message=_("There is already such a text in this language."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()} ({self.language})"
