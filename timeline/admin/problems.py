"""The list at the top of a form of what is to be mended, each with a link to its field.

Reads bound forms; knows no model. The same sentences stand beside their fields.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.utils.text import capfirst
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Listed:
    """``anchor`` is the id of the field, ``label`` its name with that of its row."""

    anchor: str
    label: str
    sentence: str


def add_to(context: dict[str, Any]) -> None:
    """Put the list into the context of a change form's template."""
    context["problems"] = listed(context["adminform"].form, context["inline_admin_formsets"])


def listed(form: BaseForm, formsets: Iterable[Any]) -> list[Listed]:
    """Everything to be mended, in the order of the page: the form, then its rows."""
    found = _of_form(form, "", "content-start")
    for wrapped in formsets:
        formset, options = wrapped.formset, wrapped.opts
        if not formset.is_bound:
            continue
        plural = capfirst(str(options.verbose_name_plural))
        found += [
            Listed(f"{formset.prefix}-group", plural, str(each))
            for each in formset.non_form_errors()
        ]
        for number, row in enumerate(formset.forms, 1):
            label = f"{capfirst(str(options.verbose_name))} {number}"
            found += _of_form(row, label, f"{formset.prefix}-{number - 1}")
    return found


def _of_form(form: BaseForm, row: str, anchor: str) -> list[Listed]:
    found = []
    order = list(form.fields)
    for name, errors in sorted(
        form.errors.items(), key=lambda each: order.index(each[0]) if each[0] in order else -1
    ):
        if name == "__all__" or name not in form.fields:
            found += [Listed(anchor, row or _("The form"), str(each)) for each in errors]
            continue
        bound = form[name]
        target = bound.id_for_label or f"{bound.auto_id}_0"
        label = f"{row}, {str(bound.label).lower()}" if row else str(bound.label)
        found += [Listed(target, label, str(each)) for each in errors]
    return found
