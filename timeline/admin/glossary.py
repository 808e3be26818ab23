"""The glossary at the desk: what the record's own words are in the site's other languages.

Terms have a list of their own, with a page beside it that lists which words of the public record
have none. The name of a category, a topic, a place or a metric is translated in the thing's own
form too (:class:`Told`).
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline.admin.desk import Desk
from timeline.admin.stock import person
from timeline.editing import things
from timeline.models import Term, TermKind
from timeline.models.tongue import language_name
from timeline.record.lacking import lacking, nameless

SHOWN = 200
"""Words of a kind that the page of what is missing lists at most."""


_language_name = lazy(language_name, str)


def other_languages() -> dict[str, str]:
    """The site's languages that the record isn't written in."""
    known = dict(settings.LANGUAGES)
    return {code: language_name(code) for code in known if code != settings.LANGUAGE_CODE}


def language_choice(kept: str) -> forms.ChoiceField:
    """A choice of those, and of what is kept already in another."""
    names = other_languages()
    if kept and kept not in names:
        names[kept] = kept
    return forms.ChoiceField(label=_("Language"), choices=list(names.items()))


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
            self.fields["language"] = language_choice(self.instance.language)


@admin.register(Term)
class TermAdmin(Desk):
    form = TermForm
    list_display = ["original", "said", "kind", "language"]
    list_filter = ["kind", "language"]
    search_fields = ["folded"]
    search_folded = ["folded", "folded_words"]
    search_help_text = _("The original, or what it is in another language.")
    ordering = ["folded", "kind", "language"]
    fields = ["kind", "original", "language", "words"]

    @admin.display(description=_("words"), ordering="folded_words")
    def said(self, term: Term) -> SafeString:
        """The words, in their language."""
        return format_html('<span lang="{}">{}</span>', term.language, term.words)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What a link to the empty form fills in."""
        found = super().get_changeform_initial_data(request)
        return {name: found[name] for name in self.fields if name in found}

    def get_urls(self) -> list[Any]:
        """As stock, with the page of what has no term."""
        shown = self.admin_site.admin_view(self.missing)
        return [
            path("missing/<slug:language>/", shown, name="timeline_term_missing"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """As stock, with the ways to what has no term."""
        ways = [(name, missing_href(code)) for code, name in other_languages().items()]
        return super().changelist_view(request, {"ways": ways, **(extra_context or {})})

    def missing(self, request: HttpRequest, language: str) -> HttpResponse:
        """The words of the public record that have none in a language."""
        if not person(request).has_perm("timeline.view_term"):
            raise PermissionDenied
        names = other_languages()
        if language not in names:
            raise Http404("The site isn't written in this language.")
        title = gettext("Without words in %(language)s") % {"language": names[language]}
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "groups": _groups(request, language),
            "most": SHOWN,
        }
        return TemplateResponse(request, "admin/glossary.html", context)


def missing_href(language: str) -> str:
    """The page of what has no word in a language."""
    return reverse("admin:timeline_term_missing", args=[language])


@dataclass(frozen=True)
class Missing:
    """A text without a word in a language, and where to write it; empty for who may not."""

    text: str
    href: str


def _groups(request: HttpRequest, language: str) -> list[tuple[str, list[Missing]]]:
    """What is missing, by kind; ``SHOWN`` of each at most."""
    may = person(request).has_perm
    add = reverse("admin:timeline_term_add") if may("timeline.add_term") else ""
    found = []
    for kind, texts in lacking(language, SHOWN):
        query = {"kind": kind, "language": language}
        lines = [
            Missing(each, f"{add}?{urlencode({**query, 'original': each})}" if add else "")
            for each in texts
        ]
        found.append((str(TermKind(kind).label), lines))
    for model, rows in nameless(language, SHOWN):
        name = model._meta.model_name
        change = f"admin:timeline_{name}_change" if may(f"timeline.change_{name}") else ""
        lines = [
            Missing(called, reverse(change, args=[pk]) if change else "") for pk, called in rows
        ]
        found.append((str(model._meta.verbose_name_plural), lines))
    return [(heading, lines) for heading, lines in found if lines]


# --- In the form of the thing itself ----------------------------------------------------------


def _field(language: str) -> str:
    return f"in_{language.replace('-', '_')}"


class ToldForm(forms.ModelForm):  # type: ignore[type-arg]
    """The form of a thing, with its name in the site's other languages."""

    told_as = ""
    """What its name is in the glossary."""
    told_of = "name"
    """The field that holds it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        original = getattr(self.instance, self.told_of)
        rows = Term.objects.filter(kind=self.told_as, original=original) if original else ()
        words = {each.language: each.words for each in rows}
        for language in other_languages():
            if (name := _field(language)) in self.fields:
                self.fields[name].initial = words.get(language, "")


def told_form(kind: TermKind, of: str = "name") -> type[ToldForm]:
    """The form of things whose names are of this kind."""
    fields = {
        _field(code): forms.CharField(
            label=format_lazy(_("Name in {language}"), language=_language_name(code)),
            max_length=600,
            required=False,
            help_text=_("Empty: readers see the name as it is recorded."),
        )
        for code in other_languages()
    }
    return type("ThingForm", (ToldForm,), {"told_as": kind.value, "told_of": of, **fields})


class Told(Desk):
    """Things whose name has words in the glossary, which who may change terms writes here."""

    def _told(self, request: HttpRequest, obj: Any) -> list[str]:
        """The fields of the names in other languages, for who may write them."""
        changes = self.has_change_permission(request, obj) if obj else True
        may = changes and person(request).has_perm("timeline.change_term")
        return list(self.form.declared_fields) if may else []

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        first, *others = super().get_fields(request, obj)
        return [first, *self._told(request, obj), *others]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        made = super().get_form(request, obj, change, **kwargs)
        if self._told(request, obj):
            return made
        # Declared fields that aren't shown would come back empty.
        return type(made.__name__, (made,), dict.fromkeys(made.declared_fields))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the thing, and its names in other languages where they were written."""
        super().save_model(request, obj, form, change)
        original = getattr(obj, form.told_of)
        for language, called in other_languages().items():
            name = _field(language)
            if name not in form.fields:
                continue
            words = form.cleaned_data[name]
            if name in form.changed_data:
                _write(form.told_as, original, language, words, by=person(request))
            elif words and form.told_of in form.changed_data:
                said = gettext(
                    "“%(words)s” was the name in %(language)s of what was called otherwise "
                    "before. Write it again if it still fits."
                )
                messages.warning(request, said % {"words": words, "language": called})


def _write(kind: str, original: str, language: str, words: str, *, by: Any) -> None:
    """Make, change or remove a term."""
    term = Term.objects.filter(kind=kind, original=original, language=language).first()
    if words:
        term = term or Term(kind=kind, original=original, language=language)
        term.words = words
        things.store(term, by=by)
    elif term is not None:
        things.remove(term)
