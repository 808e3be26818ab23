"""What an event's form holds, as the words that a browser would send for it.

Two snapshots (as opened, as saved now) and the data that was sent are compared word by word, so
that nothing has to be known of any field. :mod:`conflict` decides what follows from that.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing
from django.db.models import Model

Words = dict[str, list[str]]
"""For each field of a form, the values as sent."""
Rows = dict[str, Words]
"""For each row by primary key, its words."""
Snapshot = dict[str, Any]
"""``form``: Words; ``rows``: for each prefix, Rows."""

SALT = "timeline.admin.opened"


def of_form(form: forms.BaseForm) -> Words:
    """What a browser would send for an unbound form."""
    return {name: _shown(form[name].value(), field.widget) for name, field in form.fields.items()}


def of_data(form: forms.BaseForm, data: Any) -> Words:
    """What was sent for a form, typed names included."""
    return {
        name: _sent(field.widget.value_from_datadict(data, {}, form.add_prefix(name)))
        for name, field in form.fields.items()
    }


def _shown(value: Any, widget: forms.Widget) -> list[str]:
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else []
    if isinstance(value, list | tuple):
        return sorted(_word(each) for each in value)
    if isinstance(value, Model):
        value = value.pk
    shown = widget.format_value(value)
    if isinstance(shown, list | tuple):
        return [_word(each) for each in shown if each not in (None, "")]
    return [_word(shown)] if shown not in (None, "") else []


def _sent(value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["on"] if value else []
    if isinstance(value, list | tuple):
        return sorted(_word(each) for each in value if each not in (None, ""))
    return [_word(value)] if value not in (None, "") else []


def _word(value: Any) -> str:
    if isinstance(value, Model):
        value = value.pk
    return str(value).replace("\r\n", "\n").strip()


def of_formset(formset: Any) -> Rows:
    """The rows of an unbound formset that are already saved."""
    return {str(form.instance.pk): of_row(form) for form in formset.initial_forms}


def of_row(form: forms.BaseForm) -> Words:
    """A row's own words, without its key and its mark of removal."""
    return {name: value for name, value in of_form(form).items() if name not in _machinery(form)}


def _machinery(form: Any) -> set[str]:
    """Fields of a row that say nothing about it: its key, its event, its removal."""
    key = form._meta.model._meta.pk.name
    parents = {
        name
        for name, field in form.fields.items()
        if isinstance(field, forms.models.InlineForeignKeyField)
    }
    return {key, "DELETE", *parents}


def sent_rows(
    formset_class: Any, prefix: str, data: Mapping[str, Any]
) -> list[tuple[str, bool, Words]]:
    """The rows that were sent: (key or "", removed, words), empty new ones left out."""
    blank = formset_class.form
    found = []
    for number in range(_count(data.get(f"{prefix}-TOTAL_FORMS"))):
        row = blank(prefix=f"{prefix}-{number}")
        key = row._meta.model._meta.pk.name
        words = of_data(row, data)
        empty = of_form(row)
        pk = str(data.get(f"{prefix}-{number}-{key}") or "")
        removed = f"{prefix}-{number}-DELETE" in data
        if pk or (words != empty and not removed):
            found.append((pk, removed, words))
    return found


def _count(text: Any) -> int:
    written = str(text or "")
    return min(int(written), 1000) if written.isascii() and written.isdigit() else 0


def sealed(lock: int, snapshot: Snapshot) -> str:
    """What the form carries to say what it was made from; signed, so that nobody makes it up."""
    return signing.dumps({"lock": lock, "was": snapshot}, salt=SALT, compress=True)


def unsealed(text: str) -> tuple[int, Snapshot] | None:
    """Lock and snapshot of a form, None if the text isn't ours."""
    try:
        content = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    return (content["lock"], content["was"]) if "lock" in content else None


def sealed_new(public_id: str) -> str:
    """What an add form carries: the id of the event that it will make, at most once."""
    return signing.dumps({"new": public_id}, salt=SALT)


def unsealed_new(text: str) -> str | None:
    """The id that an add form carries, None if the text isn't ours."""
    try:
        content = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    return str(content["new"]) if "new" in content else None
