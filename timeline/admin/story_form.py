"""A story's form: its own fields, the rows of its steps, and how both become the record.

How it is published is asked as of an event, in published_form.py; who may, and what a step of the
status needs, is said by ``editing``.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from timeline import dates
from timeline.admin.published_form import PublishedForm
from timeline.admin.stock import ModelChoiceField, ModelForm
from timeline.editing import rights
from timeline.models import Event, Step, Story
from timeline.models.tongue import language_name, tongue

OWN_FIELDS = [
    *("title", "language", "translation_of", "description", "introduction", "byline", "compared"),
    "slug",
]
STATUS_FIELDS = ["status", "withdrawal_reason"]


class StoryForm(PublishedForm):
    """The story's own fields and how it is published."""

    class Meta:
        model = Story
        fields = [*OWN_FIELDS, *STATUS_FIELDS]
        widgets = {
            "introduction": forms.Textarea(attrs={"rows": 5}),
            "withdrawal_reason": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "withdrawal_reason": _("For a withdrawal. Readers see this at the story’s address."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "status" not in self.fields:
            return  # somebody who may only read
        self._offer_languages()
        self._offer_originals()

    def _offer_originals(self) -> None:
        """Originals that the person may see, and the one that it is an edition of."""
        kept = Q(pk=self.instance.translation_of_id or 0)
        seen = rights.visible(self.person, Story.objects.originals())
        originals: Any = self.fields["translation_of"]
        found = Story.objects.filter(kept | Q(pk__in=seen.values("pk")))
        originals.queryset = found.exclude(pk=self.instance.key or 0).order_by("title", "pk")

    def _offer_languages(self) -> None:
        names = {code: language_name(code) for code, _own_name in settings.LANGUAGES}
        names.setdefault(self.instance.language, self.instance.language)
        was = self.fields["language"]
        self.fields["language"] = forms.ChoiceField(
            label=was.label,
            help_text=was.help_text,
            choices=list(names.items()),
            initial=settings.LANGUAGE_CODE,
        )


def named_event(event: Event) -> str:
    """An event as a choice among many: when, and what."""
    return f"{dates.short(dates.parse(event.date), tongue())}: {event.title}"


class EventField(ModelChoiceField):
    """An event, shown with its date."""

    def label_from_instance(self, obj: Any) -> str:
        return named_event(obj)


class StepForm(ModelForm):
    """A step. Its number may stay empty: it then comes after those that have one."""

    order = forms.IntegerField(
        label=_("Number"),
        required=False,
        min_value=0,
        max_value=9999,
    )

    class Meta:
        model = Step
        fields = ["order", "event", "heading", "opening", "note"]
        widgets = {
            "opening": forms.Textarea(attrs={"rows": 2}),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        error_messages = {"event": {"required": _("Choose the event of this step.")}}

    def clean_order(self) -> int:
        return self.cleaned_data.get("order") or 0


def write_steps(formset: Any) -> None:
    """Write the rows of a formset of steps, numbered from 1 in the order that the numbers say.

    A step that was given a number that another has comes before it on its way up and after it on
    its way down.
    """
    formset.save(commit=False)
    for gone in formset.deleted_objects:
        gone.delete()
    standing = [
        form
        for form in formset.forms
        if form not in formset.deleted_forms and (form.instance.pk or form.has_changed())
    ]

    def place(item: tuple[int, Any]) -> tuple[int, int, int]:
        number, form = item
        wanted = form.cleaned_data.get("order") or 0
        before = form.initial.get("order") or 0
        moved = 0 if not before else (wanted > before) - (wanted < before)
        # Without a number it is the last.
        return (wanted or 10_000, moved, number)

    for order, (_number, form) in enumerate(sorted(enumerate(standing), key=place), start=1):
        step = form.instance
        if form.has_changed() or step.order != order or form.initial.get("order") != order:
            step.order = order
            step.save()
