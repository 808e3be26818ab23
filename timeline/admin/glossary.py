"""The glossary at the desk: what the record's own words are in the site's other languages."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from timeline.admin.desk import Desk
from timeline.models import Term


def other_languages() -> dict[str, str]:
    """The site's languages that the record isn't written in."""
    return {code: name for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE}


def language_choice(label: Any, kept: str) -> forms.ChoiceField:
    """A choice of those, and of what is kept already in another."""
    names = other_languages()
    if kept and kept not in names:
        names[kept] = kept
    return forms.ChoiceField(label=label, choices=list(names.items()))


class TermForm(forms.ModelForm):  # type: ignore[type-arg]
    """A text and what it is in another language, each as long as it needs to be."""

    class Meta:
        model = Term
        fields = ["kind", "original", "language", "words"]
        widgets = {
            name: forms.Textarea(attrs={"rows": 2, "cols": 60}) for name in ("original", "words")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            field = self.fields["language"]
            self.fields["language"] = language_choice(field.label, self.instance.language)


@admin.register(Term)
class TermAdmin(Desk):
    form = TermForm
    list_display = ["original", "words", "kind", "language"]
    list_filter = ["kind", "language"]
    search_fields = ["folded"]
    search_folded = ["folded", "folded_words"]
    search_help_text = _("The original, or what it is in another language.")
    ordering = ["folded", "kind", "language"]
    fields = ["kind", "original", "language", "words"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What a link to the empty form fills in."""
        found = super().get_changeform_initial_data(request)
        return {name: found[name] for name in self.fields if name in found}
