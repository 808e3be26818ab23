"""The rows of the event form: sources, roles, figures, relations,
translations.

A source's row takes a link, or for a print its reference and publisher, and finds or makes the
source when it is saved. Rows check what publishing needs of them; ``editing.rules`` says what.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline import text
from timeline.admin import filling, in_place
from timeline.admin.glossary import language_choice
from timeline.admin.stock import InlineFormSet, ModelForm
from timeline.editing import links, rules
from timeline.models import (
    Actor,
    Citation,
    EventTranslation,
    Figure,
    Participation,
    Publisher,
    Relation,
    Source,
)
from timeline.models.choices import Status, Support
from timeline.models.fields import checked_link
from timeline.models.translations import seal

LINK_ATTRIBUTES = {"inputmode": "url", "spellcheck": "false", "maxlength": "2000"}

_THOUSANDS = re.compile(r"-?[0-9]{1,3}([ ,\u00a0\u2009\u202f])[0-9]{3}(\1[0-9]{3})*(\.[0-9]+)?")


class NumberField(forms.DecimalField):
    """A number as a newsroom writes it: 11000, 11,000, 11 000 or 6.3.

    A text box, because a browser's own number box throws away what it can't read.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    default_error_messages = {
        "invalid": _("Write a number, such as 11,000 or 6.3. Words go into “in words”."),
        "max_digits": _("This number is too long; %(max)s digits are the most."),
        "max_decimal_places": _("Write at most %(max)s digits after the point."),
        "max_whole_digits": _("This number is too long; %(max)s digits before the point."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 18, "decimal_places": 3, "required": False, **options})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.strip()
            if _THOUSANDS.fullmatch(value):
                value = re.sub(r"[^0-9.\-]", "", value)
            elif value and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
                raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Shortest: 11000 rather than 11000.000."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class RowForm(ModelForm):
    """``may_add`` says for each in-place field whether new names are welcome."""

    may_add: dict[str, bool] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, allowed in self.may_add.items():
            if name in self.fields:
                self.fields[name].may_add = allowed  # type: ignore[attr-defined]

    @property
    def stands(self) -> bool:
        """Whether the row is there after the save: known or filled in, and not removed."""
        if not hasattr(self, "cleaned_data"):
            return False
        filled = bool(self.instance.pk) or self.has_changed()
        return filled and not self.cleaned_data.get("DELETE")


class CitationForm(RowForm):
    link = forms.CharField(
        label=_("Link"),
        required=False,
        max_length=2000,
        widget=forms.URLInput(attrs=LINK_ATTRIBUTES),
    )
    reference = forms.CharField(
        label=_("Reference, without a link"),
        required=False,
        max_length=300,
        help_text=_("For print and broadcast: paper, page, programme, minute."),
    )
    publisher = in_place.single(
        Source,
        "publisher",
        Publisher.objects.all(),
        label=_("Publisher of the reference"),
    )
    speaker = in_place.single(
        Citation,
        "speaker",
        Actor.objects.all(),
        label=_("Speaker"),
        help_text=_("Who says so, when it is not the publisher's own voice."),
    )
    supports = forms.MultipleChoiceField(
        label=_("Supports"),
        required=False,
        choices=Support.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Citation
        fields = ["stance", "speaker", "locator", "quote", "note", "supports"]
        widgets = {
            "quote": forms.Textarea(attrs={"rows": 2}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            source = self.instance.source
            self.initial["link"] = source.url
            if not source.url:
                self.initial["reference"] = source.reference
                self.initial["publisher"] = source.publisher_id

    @property
    def has_content(self) -> bool:
        """Whether a row that isn't saved yet holds anything that was typed."""
        return bool(self.is_bound and self.has_changed())

    @property
    def has_details(self) -> bool:
        """Whether the closed group of the row has something to see or to mend."""
        names = ("speaker", "locator", "quote", "reference", "publisher", "note")
        return any(self[name].errors or self[name].value() for name in names)

    @property
    def found(self) -> str:
        """The seal of what the link's page said when it was asked for; no field of the record."""
        return str(self.data.get(self.add_prefix("found"), "")) if self.is_bound else ""

    def clean_link(self) -> str:
        link = str(self.cleaned_data["link"]).strip()
        return str(checked_link(link)) if link else ""

    def clean_reference(self) -> str:
        return text.clean_line(self.cleaned_data["reference"])

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.cleaned_data.get("DELETE") or not (self.instance.pk or self.has_changed()):
            return self.cleaned_data
        link, reference = self.cleaned_data.get("link"), self.cleaned_data.get("reference")
        if not link and not reference and not self.has_error("link"):
            self.add_error("link", _("Paste the link of this source, or remove the row."))
        unnamed = not self.cleaned_data.get("publisher") and not self.has_error("publisher")
        if reference and not link and unnamed:
            self.add_error("publisher", _("Say who published it."))
        sentence = rules.stance_problem(
            self.cleaned_data.get("stance", ""),
            has_speaker=bool(self.cleaned_data.get("speaker")) or self.has_error("speaker"),
            note=self.cleaned_data.get("note", ""),
        )
        if sentence:
            self.add_error("speaker", sentence)
        return self.cleaned_data

    def identity(self) -> tuple[object, ...] | None:
        """What may stand once only in an event: the source, the stance, the speaker."""
        link, reference = self.cleaned_data.get("link"), self.cleaned_data.get("reference")
        publisher, speaker = self.cleaned_data.get("publisher"), self.cleaned_data.get("speaker")
        if not link and not reference:
            return None
        source = text.canonical_url(link) if link else (text.fold(reference or ""), str(publisher))
        return source, self.cleaned_data.get("stance"), str(speaker) if speaker else None

    def save(self, commit: bool = True) -> Any:
        """Find or make the source, the publisher and the speaker, then save the citation."""
        citation, given = self.instance, self.cleaned_data
        if given["link"]:
            if not citation.pk or citation.source.url != given["link"]:
                told = filling.unsealed(self.found, given["link"])
                citation.source = links.source_for_link(given["link"], today=today(), told=told)
        else:
            publisher = in_place.kept(given["publisher"])
            citation.source = links.source_in_print(given["reference"], publisher)
        citation.speaker = in_place.kept(citation.speaker)
        return super().save(commit)


def today() -> date:
    """The desk's own day, for when a link was followed."""
    return timezone.localdate()


class CitationRows(InlineFormSet):
    """The sources of an event; a published one rests on one at least."""

    figures: "FigureRows | None" = None

    @property
    def standing(self) -> list[Any]:
        """The rows that are there after the save."""
        return [form for form in self.forms if form.stands]

    def clean(self) -> None:
        super().clean()
        standing = self.standing
        seen: set[tuple[object, ...]] = set()
        for form in standing:
            identity = form.identity()
            if identity is not None and identity in seen:
                form.add_error("link", gettext("This source is already cited here like this."))
            if identity is not None:
                seen.add(identity)
        if self.instance.status == Status.PUBLISHED and not standing:
            raise ValidationError(gettext("Add a source: paste a link."), code="no_source")
        self._check_figures()

    def _check_figures(self) -> None:
        """A source that a figure rests on can't go before the figure does."""
        removed = {
            form.instance.pk
            for form in self.initial_forms
            if getattr(form, "cleaned_data", {}).get("DELETE")
        }
        if not removed or self.figures is None or not self.figures.is_bound:
            return
        self.figures.is_valid()
        used = [
            str(form.instance)
            for form in self.figures.forms
            if form.stands and getattr(form.cleaned_data.get("citation"), "pk", None) in removed
        ]
        if used:
            raise ValidationError(
                gettext("A figure rests on the removed source: %(figures)s. Change it first.")
                % {"figures": get_text_list(used, gettext("and"))},
                code="in_use",
            )

    def save_new(self, form: Any, commit: bool = True) -> Any:
        """New sources stand after the known ones."""
        form.instance.order = 1 + max(
            (each.instance.order for each in self.initial_forms), default=-1
        )
        form.instance.order += self.extra_forms.index(form)
        return super().save_new(form, commit)


class RoleForm(RowForm):
    class Meta:
        model = Participation
        fields = ["actor", "role", "alleged"]
        error_messages = {"actor": {"required": _("Choose an actor, or remove the row.")}}


class FigureForm(RowForm):
    """The sources that a figure may rest on are those that its event already cites."""

    low = NumberField(label=_("Low"))
    best = NumberField(label=_("Best"))
    high = NumberField(label=_("High"))

    rests_on_only_source = False

    class Meta:
        model = Figure
        fields = [
            "metric",
            "subject",
            "qualifier",
            "low",
            "best",
            "high",
            "text_value",
            "attributed_to",
            "citation",
            "as_of",
            "basis",
            "period_start",
            "state",
            "superseded_by",
            "note",
        ]
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}
        error_messages = {"metric": {"required": _("Choose what is counted.")}}

    def __init__(self, *args: Any, event: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        citation: Any = self.fields["citation"]
        older: Any = self.fields["superseded_by"]
        known = event is not None and event.pk is not None
        citation.queryset = (
            Citation.objects.filter(event=event).select_related("source__publisher")
            if known
            else Citation.objects.none()
        )
        older.queryset = (
            Figure.objects.filter(event=event).select_related("metric")
            if known
            else Figure.objects.none()
        )

    @property
    def ownerless(self) -> bool:
        """Neither who gives the number nor its source is chosen."""
        given = self.cleaned_data
        chosen = given.get("citation") or given.get("attributed_to")
        return not chosen and not self.has_error("citation")

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        metric = given.get("metric")
        if not given.get("DELETE") and metric is not None and not given.get("subject"):
            sentence = rules.figure_problem(
                unit=metric.unit, subject="", has_source=True, has_owner=True
            )
            if sentence:
                self.add_error("subject", sentence)
        return given


class FigureRows(InlineFormSet):
    """The figures of an event. One that names neither who gives it nor its source rests on the
    event's source, where there is only one."""

    citations: CitationRows | None = None

    def clean(self) -> None:
        super().clean()
        if self.citations is None or not self.citations.is_bound:
            return
        self.citations.is_valid()
        if len(self.citations.standing) != 1:
            return
        for form in self.forms:
            if form.stands and form.ownerless:
                form.errors.pop("attributed_to", None)
                form.rests_on_only_source = True

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "event": self.instance}


class TranslationForm(RowForm):
    """Title, summary and short label in a further language. To write them, or to tick that
    they still say the same, ties them to what the event says now."""

    checked = forms.BooleanField(
        label=_("Still right"),
        required=False,
        help_text=_("Tick when the original has changed and the translation needn’t."),
    )

    class Meta:
        model = EventTranslation
        fields = ["language", "title", "summary", "label"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = language_choice(self.instance.language)
        if self.instance.pk and self.instance.of != self._seal():
            self.fields["checked"].help_text = _(
                "The original has changed since this was written. Change the translation, or tick "
                "that it needn’t be changed."
            )

    def _seal(self) -> str:
        return seal(self.instance.event.title, self.instance.event.summary)

    def save(self, commit: bool = True) -> Any:
        """Save the words, with what they are a translation of."""
        self.instance.of = self._seal()
        return super().save(commit)


class RelationForm(RowForm):
    class Meta:
        model = Relation
        fields = ["kind", "to_event"]
        error_messages = {
            "kind": {"required": _("Choose how the two events are related.")},
            "to_event": {"required": _("Choose the other event, or remove the row.")},
        }
