"""The part of a form that says how a thing is published: its status, and what the publication is.

Shared by events and stories. The form of a published thing is that of its working copy, which only
a button of its own puts before readers.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from timeline.admin.stock import ModelForm
from timeline.editing import rights
from timeline.editing.publishing import STEPS
from timeline.editing.versions import ASKED, Release
from timeline.models.choices import Status, VersionKind
from timeline.models.published import Published

RELEASE_FIELDS = ("release_kind", "release_note")
PUBLISH_CHANGES = "_publish_changes"
"""The button that puts a working copy before readers."""
NOT_WORDS = frozenset({"status", "withdrawal_reason", "publish_at", *RELEASE_FIELDS})
"""Fields that say how a thing is published, and nothing of the thing."""
MEANS = {
    VersionKind.UPDATE: _("something new became known"),
    VersionKind.CORRECTION: _("what readers read was wrong"),
    VersionKind.CLARIFICATION: _("what readers read could be misunderstood"),
    VersionKind.MINOR: _("spelling, order, a link; nothing that readers rely on"),
    VersionKind.RESTORED: _("an older version stands again"),
}


class PublishedForm(ModelForm):
    """``person`` is who fills it in; ``refused`` what an earlier try to save was refused for, by
    field."""

    person: rights.Person
    refused: Sequence[tuple[str, str]] = ()

    release_kind = forms.ChoiceField(label=_("What this publication is"), required=False)
    release_note = forms.CharField(
        label=_("In a sentence, for readers"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A correction says what was wrong and what is right."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.status_before = saved_status(self.instance)
        self.revises = bool(self.instance.revises_id) or self.status_before == Status.PUBLISHED
        if "status" not in self.fields:
            return  # somebody who may only read
        status: Any = self.fields["status"]
        status.choices = [(value, Status(value).label) for value in self._offered()]
        self.offer_release()

    def _offered(self) -> list[str]:
        """The statuses that this person may save a thing with, in the order of a thing's life."""
        if self.revises:
            return [Status.DRAFT, Status.IN_REVIEW]
        steps = STEPS[self.status_before or Status.DRAFT] - {Status.MERGED}
        if not self.may_publish:
            steps = steps - {Status.PUBLISHED, Status.WITHDRAWN}
        return [value for value in Status.values if value in steps]

    @property
    def may_publish(self) -> bool:
        return rights.may_publish(self.person, type(self.instance))

    def kinds(self) -> list[VersionKind]:
        """What a publication of the copy may be."""
        return list(ASKED)

    def usual(self) -> VersionKind:
        """What it most likely is."""
        return VersionKind.UPDATE

    def offer_release(self) -> None:
        """What a publisher may say of a publication; nobody else is asked, or heard."""
        if not (self.may_publish and self.revises):
            del self.fields["release_kind"], self.fields["release_note"]
            return
        if self.status_before == Status.PUBLISHED:
            self.initial["status"] = Status.DRAFT
        kind: Any = self.fields["release_kind"]
        kind.choices = [(each.value, f"{each.label}: {MEANS[each]}") for each in self.kinds()]
        self.initial["release_kind"] = self.usual()

    @property
    def asks_to_publish(self) -> bool:
        """Whether the button was pressed that puts a working copy before readers."""
        return self.revises and PUBLISH_CHANGES in self.data

    def says_more(self, formsets: Iterable[Any]) -> bool:
        """Whether the words of the thing or its rows were changed, not only how it is published."""
        own = not NOT_WORDS.issuperset(self.changed_data)
        return own or any(formset.has_changed() for formset in formsets)

    @property
    def release(self) -> Release:
        """What the publication of a working copy is."""
        kind = self.cleaned_data.get("release_kind") or self.usual()
        return Release(VersionKind(kind), self.cleaned_data.get("release_note") or "")

    @property
    def publishes(self) -> bool:
        """Whether readers are to see what is saved."""
        return bool(self.cleaned_data.get("status") == Status.PUBLISHED)

    def clean(self) -> dict[str, Any]:
        super().clean()
        withdrawn = self.cleaned_data.get("status") == Status.WITHDRAWN
        if withdrawn and not self.cleaned_data.get("withdrawal_reason"):
            self.add_error(
                "withdrawal_reason", _("Say why it is withdrawn; readers will see the reason.")
            )
        if not withdrawn:
            self.cleaned_data["withdrawal_reason"] = ""
        if self.asks_to_publish:
            if not self.may_publish:
                self.add_error(None, _("You may not publish. Send the changes to review."))
            elif sentence := self.release.problem():
                self.add_error("release_note", sentence)
        self.clean_more()
        for field, sentence in self.refused:
            self.add_error(field if field in self.fields else None, ValidationError(sentence))
        return self.cleaned_data

    def clean_more(self) -> None:
        """What a kind of thing asks beyond that."""


def saved_status(thing: Published) -> str | None:
    """The status in the database, whatever the form has put on the instance; None if new."""
    if thing.pk is None:
        return None
    found = type(thing)._default_manager.values_list("status", flat=True)
    return str(found.get(pk=thing.pk))
