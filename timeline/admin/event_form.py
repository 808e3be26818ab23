"""The event's own fields as staff fill them in, with the actors as one field.

Checks what publishing needs, so that the sentence stands beside its field; the rules themselves
are ``editing.rules``. Rows below the fields (sources, roles, figures, relations) are in
event_rows.py; how all is saved, in event_saving.py.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from timeline.admin import in_place
from timeline.admin.stock import ModelForm
from timeline.editing import copies, rights
from timeline.editing.publishing import STEPS
from timeline.editing.versions import ASKED, Release
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
PUBLISH_CHANGES = "_publish_changes"
"""The button that puts a working copy before readers."""
MEANS = {
    VersionKind.UPDATE: _("something new became known"),
    VersionKind.CORRECTION: _("what readers read was wrong"),
    VersionKind.CLARIFICATION: _("what readers read could be misunderstood"),
    VersionKind.MINOR: _("spelling, order, a link; nothing that readers rely on"),
    VersionKind.RESTORED: _("an older version stands again"),
}
NOT_WORDS = frozenset({"status", "publish_at", "release_kind", "release_note"})
"""Fields that say how the event is published, and nothing of the event."""


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

    release_kind = forms.ChoiceField(
        label=_("What this publication is"), required=False, widget=forms.RadioSelect
    )
    release_note = forms.CharField(
        label=_("In a sentence, for readers"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A correction says what was wrong and what is right."),
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
        self.status_before = saved_status(self.instance)
        self.schedules = False
        self.revises = bool(self.instance.revises_id) or self.status_before == Status.PUBLISHED
        if "status" not in self.fields:
            return  # somebody who may only read
        for name in ("actors", "place", "topics"):
            self.fields[name].may_add = self.may_add.get(name, False)  # type: ignore[attr-defined]
        status: Any = self.fields["status"]
        status.choices = [
            (value, Status(value).label)
            for value in offered_statuses(self.person, self.status_before, copy=self.revises)
        ]
        self._offer_release()
        category: Any = self.fields["category"]
        category.empty_label = _("Choose…")
        if self.instance.pk:
            given = self.instance.participations.values_list("actor_id", flat=True)
            self.initial["actors"] = list(dict.fromkeys(given))
            self.initial["withdrawal_reason"] = self.instance.withdrawal_reason

    def _offer_release(self) -> None:
        """What a publisher may say of a publication; nobody else is asked, or heard."""
        may = rights.may_publish(self.person)
        self.fields["publish_at"].disabled = not may
        if not (may and self.revises):
            del self.fields["release_kind"], self.fields["release_note"]
            return
        if self.status_before == Status.PUBLISHED:
            self.initial["status"] = Status.DRAFT
        kinds = [*ASKED, *([VersionKind.RESTORED] if self.instance.restores else [])]
        kind: Any = self.fields["release_kind"]
        kind.choices = [(each.value, f"{each.label}: {MEANS[each]}") for each in kinds]
        self.initial["release_kind"] = self.instance.publish_kind or copies.usual(self.instance)
        self.initial["release_note"] = self.instance.publish_note

    @property
    def asks_to_publish(self) -> bool:
        """Whether the button was pressed that puts a working copy before readers."""
        return self.revises and PUBLISH_CHANGES in self.data

    @property
    def release(self) -> Release:
        """What the publication of a working copy is."""
        kind = self.cleaned_data.get("release_kind") or copies.usual(self.instance)
        return Release(VersionKind(kind), self.cleaned_data.get("release_note") or "")

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
        self._clean_publishing()
        for field, sentence in self.refused:
            self.add_error(field if field in self.fields else None, ValidationError(sentence))
        return self.cleaned_data

    def _clean_publishing(self) -> None:
        if self.asks_to_publish:
            if not rights.may_publish(self.person):
                self.add_error(None, _("You may not publish. Send the changes to review."))
            elif sentence := self.release.problem():
                self.add_error("release_note", sentence)
        moment = self.cleaned_data.get("publish_at")
        self.instance.publish_by = None
        self.instance.publish_refusal = ""
        if moment is None or not rights.may_publish(self.person):
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


def saved_status(event: Event) -> str | None:
    """The status in the database, whatever the form has put on the instance; None if new."""
    if event.pk is None:
        return None
    return Event.objects.values_list("status", flat=True).get(pk=event.pk)


def offered_statuses(person: rights.Person, before: str | None, *, copy: bool = False) -> list[str]:
    """The statuses that this person may save an event with, in the order of an event's life."""
    if copy:
        return [Status.DRAFT, Status.IN_REVIEW]
    steps = STEPS[before or Status.DRAFT] - {Status.MERGED}
    if not rights.may_publish(person):
        steps = steps - {Status.PUBLISHED, Status.WITHDRAWN}
    return [value for value in Status.values if value in steps]
