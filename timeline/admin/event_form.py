"""The event's own fields as staff fill them in, with the actors as one field.

Checks what publishing needs, so that the sentence stands beside its field; the rules themselves
are ``editing.rules``. Rows below the fields (sources, roles, figures, relations) are in
event_rows.py; how all is saved, in event_saving.py.
"""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from timeline.admin import in_place
from timeline.admin.published_form import PublishedForm
from timeline.editing import copies
from timeline.models import Actor, Event, Participation, Place, Topic
from timeline.models.choices import Status, VersionKind

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
STATUS_FIELDS = ["status", "withdrawal_reason", "publish_at"]
NOTES = ["internal_note"]


class EventForm(PublishedForm):
    """The event's own fields and how it is published."""

    field_order = [*OWN_FIELDS, *STATUS_FIELDS, *MORE_FIELDS, *NOTES]

    may_add: dict[str, bool] = {}

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
            "publish_at": forms.DateTimeInput(attrs={"placeholder": "2026-05-01 09:00"}),
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
        self.schedules = False
        if "status" not in self.fields:
            return  # somebody who may only read
        for name in ("actors", "place", "topics"):
            self.fields[name].may_add = self.may_add.get(name, False)  # type: ignore[attr-defined]
        category: Any = self.fields["category"]
        category.empty_label = _("Choose…")
        if self.instance.pk:
            given = self.instance.participations.values_list("actor_id", flat=True)
            self.initial["actors"] = list(dict.fromkeys(given))
            self.initial["withdrawal_reason"] = self.instance.withdrawal_reason

    def kinds(self) -> list[VersionKind]:
        return [*super().kinds(), *([VersionKind.RESTORED] if self.instance.restores else [])]

    def usual(self) -> VersionKind:
        return copies.usual(self.instance)

    @property
    def asks_to_publish(self) -> bool:
        return super().asks_to_publish and not self.schedules

    def offer_release(self) -> None:
        self.fields["publish_at"].disabled = not self.may_publish
        self.fields["release_kind"].widget = forms.RadioSelect()
        super().offer_release()
        if "release_note" in self.fields:
            self.initial["release_kind"] = self.instance.publish_kind or self.usual()
            self.initial["release_note"] = self.instance.publish_note

    def clean_more(self) -> None:
        if (
            self.publishes
            and not self.cleaned_data.get("category")
            and not self.has_error("category")
        ):
            self.add_error("category", _("Choose a category."))
        moment = self.cleaned_data.get("publish_at")
        self.instance.publish_by = None
        self.instance.publish_refusal = ""
        if moment is None or not self.may_publish:
            return
        if moment <= timezone.now():
            if "publish_at" in self.changed_data or not (self.publishes or self.asks_to_publish):
                self.add_error("publish_at", _("This moment has passed. Choose a later one."))
            return
        self.schedules = True
        self.instance.publish_by = self.person
        if self.revises:
            self.instance.publish_kind = self.release.kind
            self.instance.publish_note = self.release.note
        if self.publishes:
            self.cleaned_data["status"] = self.status_before or Status.DRAFT
