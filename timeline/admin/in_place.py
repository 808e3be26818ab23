"""Fields that take the name of a record that doesn't exist yet.

The widget keeps ``new:NAME`` through a failed save and offers a plain box where there is no
script; the field turns the name into the known record or into an unsaved one, which
:func:`kept` stores when the form is saved. Nothing is ever made while somebody types.
"""

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import FieldError, ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from timeline import text
from timeline.admin.autocomplete import NEW
from timeline.admin.stock import ModelChoiceField, ModelMultipleChoiceField
from timeline.editing import things
from timeline.models import Actor, ActorName, Publisher, PublisherName
from timeline.models.choices import ActorKind

DROPDOWN_INSIDE = {"data-dropdown-parent": "#content-start"}
"""Select2 hangs its list on body otherwise, outside the page's landmarks."""


class _KeepsNew:
    """Keeps ``new:NAME`` apart from keys and all in order, and reads the plain box."""

    allow_multiple_selected: bool

    def optgroups(self, name: str, value: list[str], attr: Any = None) -> Any:
        new = [each for each in value if str(each).startswith(NEW)]
        known = [each for each in value if not str(each).startswith(NEW)]
        groups = super().optgroups(name, known, attr)  # type: ignore[misc]
        options = groups[0][1]
        # In the order in which they were given, new ones among them; the database has another.
        place = {str(each): number for number, each in enumerate(value)}
        for each in new:
            label = _("%(name)s (new)") % {"name": each.removeprefix(NEW)}
            option = self.create_option(name, each, label, {each}, len(options))  # type: ignore[attr-defined]
            options.append(option | {"selected": True})
        options.sort(key=lambda option: place.get(str(option["value"]), -1))
        return groups

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        box = super().render(name, value, attrs, renderer)  # type: ignore[misc]
        if self.allow_multiple_selected:
            plain = format_html(
                '<textarea class="dl-typed" name="{}_typed" rows="2" aria-label="{}"></textarea>',
                name,
                _("More names, one per line"),
            )
        else:
            plain = format_html(
                '<input type="text" class="dl-typed" name="{}_typed" aria-label="{}">',
                name,
                _("A name, known or new"),
            )
        return format_html("{}<noscript>{}</noscript>", box, plain)

    def _typed(self, data: Any, name: str) -> list[str]:
        lines = str(data.get(f"{name}_typed", "")).splitlines()
        return [NEW + line for each in lines if (line := text.clean_line(each))]


class InPlaceSelect(_KeepsNew, AutocompleteSelect):  # type: ignore[misc]
    """One record by name, known or new."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed = self._typed(data, name)
        return typed[0] if typed else super().value_from_datadict(data, files, name)


class InPlaceSelectMultiple(_KeepsNew, AutocompleteSelectMultiple):  # type: ignore[misc]
    """Several records by name, known or new."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        chosen = super().value_from_datadict(data, files, name) or []
        return [*chosen, *self._typed(data, name)]


class _TakesNames:
    """Turns ``new:NAME`` into a record, for the two kinds of field."""

    queryset: QuerySet[Any]
    may_add = True

    def _named(self, value: str) -> Model:
        name = text.clean_line(value.removeprefix(NEW))
        model = self.queryset.model
        known = find(model, name)
        if known is not None:
            return cast("Model", known)
        if not self.may_add:
            raise ValidationError(
                _("“%(name)s” is not known, and you may not add it. Ask an editor."),
                params={"name": name},
            )
        new = model(name=name, **({"kind": ActorKind.UNKNOWN} if model is Actor else {}))
        try:
            new.full_clean()
        except ValidationError as error:
            raise ValidationError(
                _("“%(name)s” can't be added: %(why)s"),
                params={"name": name, "why": " ".join(error.messages)},
            ) from error
        return new  # type: ignore[no-any-return]


class InPlaceChoiceField(_TakesNames, ModelChoiceField):  # type: ignore[misc]
    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.startswith(NEW):
            return self._named(value)
        return super().to_python(value)

    def validate(self, value: Any) -> None:
        if value is None or value.pk:
            super().validate(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        if isinstance(data, str) and data.startswith(NEW):
            return True
        return super().has_changed(initial, data)


class InPlaceMultipleField(_TakesNames, ModelMultipleChoiceField):  # type: ignore[misc]
    def clean(self, value: Any) -> list[Model]:  # type: ignore[override]
        """The chosen records in the order in which they were given, each once."""
        value = [str(each) for each in value or []]
        keys = [each for each in value if not each.startswith(NEW)]
        known = {str(each.pk): each for each in super().clean(keys)} if keys else {}
        found: list[Model] = []
        for each in value:
            record = known.get(each) or (self._named(each) if each.startswith(NEW) else None)
            if record is not None and not any(same(record, other) for other in found):
                found.append(record)
        if self.required and not found:
            raise ValidationError(self.error_messages["required"], code="required")
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = {str(getattr(each, "pk", each)) for each in initial or []}
        return before != {str(each) for each in data or []}


def same(one: Model, other: Model) -> bool:
    """Whether two records, saved or not, are one."""
    if one.pk and other.pk:
        return bool(one.pk == other.pk)
    return text.fold(str(one)) == text.fold(str(other))


def find(model: type[Model], name: str) -> Any:
    """The record that has exactly this name in any language, case and marks aside, or None."""
    folded = text.fold(name)
    known = Q(folded=folded)
    names: dict[type[Model], tuple[Any, str]] = {
        Actor: (ActorName, "actor"),
        Publisher: (PublisherName, "publisher"),
    }
    if model in names:
        name_model, key = names[model]
        known |= Q(pk__in=name_model.objects.filter(folded=folded).values(key))
    try:
        return model._default_manager.filter(known).order_by("pk").first()
    except FieldError as error:
        raise TypeError(f"{model.__name__} has no names to search.") from error


def kept(record: Any) -> Any:
    """Store a record that a field made, unless it was stored meanwhile. In a transaction.

    Two fields of one form may name the same new record; it is made once.
    """
    if record is None or record.pk:
        return record
    known = find(type(record), record.name)
    if known is not None:
        return known
    things.store(record)
    return record


def all_kept(records: Iterable[Any]) -> list[Any]:
    return [kept(record) for record in records]


def single(model: type[Model], name: str, queryset: QuerySet[Any], **options: Any) -> Any:
    """A field for one record; ``model`` and ``name`` say which relation it writes."""
    widget = InPlaceSelect(model._meta.get_field(name), admin.site, attrs=DROPDOWN_INSIDE)
    return InPlaceChoiceField(queryset, required=False, widget=widget, **options)


def several(model: type[Model], name: str, queryset: QuerySet[Any], **options: Any) -> Any:
    """A field for several records; ``model`` and ``name`` say which relation it writes."""
    widget = InPlaceSelectMultiple(model._meta.get_field(name), admin.site, attrs=DROPDOWN_INSIDE)
    return InPlaceMultipleField(queryset, required=False, widget=widget, **options)
