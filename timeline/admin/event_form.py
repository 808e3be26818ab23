"""The event's own fields as staff fill them in, with the actors as one field.

Checks what publishing needs, so that the sentence stands beside its field; the rules themselves
are ``editing.rules``. Rows below the fields (sources, roles, figures, relations) are in
event_rows.py; how all is saved, in event_saving.py.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from timeline.admin import in_place
from timeline.admin.stock import ModelForm
from timeline.editing import events as editing
from timeline.editing import rights
from timeline.models import Actor, Event, Participation, Place, Topic
from timeline.models.choices import Status

OWN_FIELDS = ["title", "date", "category", "actors", "summary", "place"]
MORE_FIELDS = [
    "topics",
    "importance",
    "label",
    "date_basis",
    "date_note",
    "time",
    "time_zone",
    "day_order",
    "place_precision",
    "verification_override",
    "verification_note",
]
STATUS_FIELDS = ["status", "withdrawal_reason"]
NOTES = ["internal_note"]


class EventForm(ModelForm):
    """``person`` is who fills it in; ``refused`` what an earlier try to save was refused for."""

    field_order = [*OWN_FIELDS, *STATUS_FIELDS, *MORE_FIELDS, *NOTES]

    person: rights.Person
    may_add: dict[str, bool] = {}
    refused: tuple[tuple[str, str], ...] = ()

    actors = in_place.several(
        Participation,
        "actor",
        Actor.objects.all(),
        label=_("Actors"),
        help_text=_("A name in any script. Each gets the category's usual role; see Roles."),
    )
    place = in_place.single(Event, "place", Place.objects.all(), label=_("Place"))
    topics = in_place.several(Event, "topics", Topic.objects.all(), label=_("Topics"))
    withdrawal_reason = forms.CharField(
        label=_("Why it is withdrawn"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Readers see this at the event's address."),
    )

    class Meta:
        model = Event
        fields = [
            name
            for name in (*OWN_FIELDS, *MORE_FIELDS, *STATUS_FIELDS, *NOTES)
            if name not in ("actors", "withdrawal_reason")
        ]
        widgets = {
            "title": forms.TextInput(attrs={"data-count": 140}),
            "date": forms.TextInput(attrs={"spellcheck": "false"}),
            "summary": forms.Textarea(attrs={"rows": 3, "data-count": 600}),
            "status": forms.RadioSelect,
            "time": forms.TimeInput(format="%H:%M"),
            "verification_note": forms.Textarea(attrs={"rows": 2}),
            "internal_note": forms.Textarea(attrs={"rows": 3}),
        }
        error_messages = {
            "title": {"required": _("Write a title: a sentence with a verb.")},
            "date": {
                "required": _("Write a date, such as 12 June 2018, October 2024 or autumn 2024.")
            },
        }
        help_texts = {
            "summary": _("Two or three plain sentences: what happened, who says so."),
            "time": _("Such as 14:30, at the place of the event."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.status_before = saved_status(self.instance)
        if "status" not in self.fields:
            return  # somebody who may only read
        for name in ("actors", "place", "topics"):
            self.fields[name].may_add = self.may_add.get(name, False)  # type: ignore[attr-defined]
        status: Any = self.fields["status"]
        status.choices = [
            (value, Status(value).label)
            for value in offered_statuses(self.person, self.status_before)
        ]
        category: Any = self.fields["category"]
        category.empty_label = _("Choose…")
        if self.instance.pk:
            given = self.instance.participations.values_list("actor_id", flat=True)
            self.initial["actors"] = list(dict.fromkeys(given))
            self.initial["withdrawal_reason"] = self.instance.withdrawal_reason

    @property
    def publishes(self) -> bool:
        """Whether readers are to see what is saved."""
        return bool(self.cleaned_data.get("status") == Status.PUBLISHED)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if (
            self.publishes
            and not self.cleaned_data.get("category")
            and not self.has_error("category")
        ):
            self.add_error("category", _("Choose a category."))
        withdrawn = self.cleaned_data.get("status") == Status.WITHDRAWN
        if withdrawn and not self.cleaned_data.get("withdrawal_reason"):
            self.add_error(
                "withdrawal_reason", _("Say why it is withdrawn; readers will see the reason.")
            )
        if not withdrawn:
            self.cleaned_data["withdrawal_reason"] = ""
        for field, sentence in self.refused:
            self.add_error(field if field in self.fields else None, ValidationError(sentence))
        return self.cleaned_data


def saved_status(event: Event) -> str | None:
    """The status in the database, whatever the form has put on the instance; None if new."""
    if event.pk is None:
        return None
    return Event.objects.values_list("status", flat=True).get(pk=event.pk)


def offered_statuses(person: rights.Person, before: str | None) -> list[str]:
    """The statuses that this person may save an event with, in the order of an event's life."""
    steps = editing.STEPS[before or Status.DRAFT] - {Status.MERGED}
    if not rights.may_publish(person):
        steps = steps - {Status.PUBLISHED, Status.WITHDRAWN}
    return [value for value in Status.values if value in steps]
