"""Two people saved one event: what each changed, what has to be chosen, and the joined form.

Three-way: the form as it was opened, as it was sent, and as the event is saved now. What one
side alone changed is taken over; what both changed, and each row that the other added, changed
or removed, is one choice. The result is sent through the same form again, so that every check
holds for it too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from timeline.admin.snapshots import Rows, Snapshot, Words

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True)
class Question:
    """One choice. ``name`` is that of the radio; ``default`` the one chosen at first."""

    name: str
    label: str
    mine: str
    theirs: str
    default: str = MINE


@dataclass(slots=True)
class Joined:
    """What to ask, what is taken over without asking, and the words under given choices."""

    questions: list[Question] = field(default_factory=list)
    only_mine: list[str] = field(default_factory=list)
    only_theirs: list[tuple[str, str]] = field(default_factory=list)
    both: list[tuple[str, str]] = field(default_factory=list)
    form: Words = field(default_factory=dict)
    rows: dict[str, list[tuple[str, bool, Words]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: the form's words and each formset's rows."""

    form: Words
    rows: Mapping[str, list[tuple[str, bool, Words]]]


class Teller:
    """Says words as a person reads them; made by the form, which knows names and labels."""

    def __init__(self, forms: Mapping[str, Any], titles: Mapping[str, str]) -> None:
        self.forms = forms
        self.titles = titles

    def label(self, prefix: str, name: str) -> str:
        form = self.forms[prefix]
        return str(form.fields[name].label or name) if name in form.fields else name

    def is_several(self, name: str) -> bool:
        """Whether a field of the form takes several values, such as the actors."""
        return bool(getattr(self.forms[""].fields[name].widget, "allow_multiple_selected", False))

    def said(self, prefix: str, name: str, values: list[str]) -> str:
        if not values:
            return _("(empty)")
        form_field = self.forms[prefix].fields.get(name)
        return ", ".join(self._one(form_field, each) for each in values)

    def _one(self, form_field: Any, value: str) -> str:
        if value.startswith("new:"):
            return value.removeprefix("new:")
        queryset = getattr(form_field, "queryset", None)
        if queryset is not None:
            known = (
                queryset.model._default_manager.filter(pk=value).first()
                if value.isdigit()
                else None
            )
            return str(known) if known is not None else value
        choices = getattr(form_field, "choices", None)
        labels = {str(key): str(label) for key, label in choices} if choices else {}
        return labels.get(value, _("yes") if value == "on" else value)

    def row(self, prefix: str, words: Words, other: Words | None = None) -> str:
        """A row in one line: its fields that say something; beside another version of it, what
        it is and the fields that differ."""
        fields = [name for name in words if name in self.forms[prefix].fields]
        told = [name for name in fields if words[name]]
        if other is not None:
            told = told[:1] + [
                name
                for name in fields
                if name not in told[:1] and words[name] != other.get(name, [])
            ]
        said = [
            f"{self.label(prefix, name).lower()}: {self.said(prefix, name, words[name])}"
            for name in told
        ]
        return "; ".join(said) or _("(empty)")


def joined(
    was: Snapshot, sent: Sent, now: Snapshot, choices: Mapping[str, str], teller: Teller
) -> Joined:
    """Join the two under the choices made so far; without a choice the default holds."""
    made = Joined()
    for name, mine in sent.form.items():
        theirs, before = now["form"].get(name, []), was["form"].get(name, [])
        label = teller.label("", name)
        made.form[name] = mine
        if mine == theirs:
            continue
        if mine == before:
            made.form[name] = theirs
            made.only_theirs.append((label, teller.said("", name, theirs)))
        elif theirs == before:
            made.only_mine.append(label)
        elif teller.is_several(name):
            made.form[name] = united(before, mine, theirs)
            made.both.append((label, teller.said("", name, made.form[name])))
        else:
            question = Question(
                f"keep-{name}", label, teller.said("", name, mine), teller.said("", name, theirs)
            )
            made.questions.append(question)
            if choices.get(question.name) == THEIRS:
                made.form[name] = theirs
    for prefix, rows in sent.rows.items():
        made.rows[prefix] = _join_rows(
            made,
            prefix,
            was["rows"].get(prefix, {}),
            rows,
            now["rows"].get(prefix, {}),
            choices,
            teller,
        )
    return made


def united(before: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    """What either added to several values, without what either took out."""
    kept = [each for each in mine if each in theirs or each not in before]
    return kept + [each for each in theirs if each not in before and each not in mine]


def _join_rows(
    made: Joined,
    prefix: str,
    was: Rows,
    sent: list[tuple[str, bool, Words]],
    now: Rows,
    choices: Mapping[str, str],
    teller: Teller,
) -> list[tuple[str, bool, Words]]:
    """The rows to send again: every row saved now, then the new ones."""
    mine = {key: (removed, words) for key, removed, words in sent if key}
    saved: list[tuple[str, bool, Words]] = []
    new = [("", False, words) for key, _removed, words in sent if not key]
    title = teller.titles[prefix]
    for key, theirs in now.items():
        before = was.get(key)
        if before is None:
            question = Question(
                f"keep-{prefix}-{key}",
                _("%(row)s, added meanwhile") % {"row": title},
                _("Leave it out"),
                teller.row(prefix, theirs),
                THEIRS,
            )
            made.questions.append(question)
            keep = choices.get(question.name, THEIRS) == THEIRS
            saved.append((key, not keep, theirs))
            continue
        removed, words = mine.get(key, (True, before))
        same_words = _known(words, before) == before
        if theirs == before or (_known(words, theirs) == theirs and not removed):
            saved.append((key, removed, words))
        elif same_words and not removed:
            saved.append((key, False, theirs))
            made.only_theirs.append((title, teller.row(prefix, theirs)))
        else:
            question = Question(
                f"keep-{prefix}-{key}",
                _("%(row)s, changed by both") % {"row": title},
                _("Removed") if removed else teller.row(prefix, words, theirs),
                teller.row(prefix, theirs, words),
            )
            made.questions.append(question)
            if choices.get(question.name) == THEIRS:
                saved.append((key, False, theirs))
            else:
                saved.append((key, removed, words))
    for key, before in was.items():
        if key in now:
            continue
        removed, words = mine.get(key, (True, before))
        if removed or _known(words, before) == before:
            made.only_theirs.append(
                (title, _("removed: %(row)s") % {"row": teller.row(prefix, before)})
            )
            continue
        question = Question(
            f"keep-{prefix}-{key}",
            _("%(row)s, removed meanwhile") % {"row": title},
            teller.row(prefix, words),
            _("Leave it out"),
        )
        made.questions.append(question)
        if choices.get(question.name) != THEIRS:
            new.append(("", False, words))
    return [*saved, *new]


def _known(words: Words, like: Words) -> Words:
    """The words of the fields that a snapshot holds."""
    return {name: words.get(name, []) for name in like}


def as_post(post: QueryDict, made: Joined, opened: str, keys: Mapping[str, str]) -> QueryDict:
    """The joined form as if it had been sent: ``keys`` names each formset's key field."""
    data = post.copy()
    for name in [name for name in data if name.startswith("keep-") or name.endswith("_typed")]:
        del data[name]
    for name, values in made.form.items():
        data.setlist(name, values)
    data["opened"] = opened
    for prefix, rows in made.rows.items():
        for name in [name for name in data if name.startswith(f"{prefix}-")]:
            del data[name]
        known = sum(1 for key, _removed, _words in rows if key)
        data[f"{prefix}-TOTAL_FORMS"] = str(len(rows))
        data[f"{prefix}-INITIAL_FORMS"] = str(known)
        data[f"{prefix}-MIN_NUM_FORMS"], data[f"{prefix}-MAX_NUM_FORMS"] = "0", "1000"
        for number, (key, removed, words) in enumerate(rows):
            for name, values in words.items():
                if values:
                    data.setlist(f"{prefix}-{number}-{name}", values)
            data[f"{prefix}-{number}-{keys[prefix]}"] = key
            if removed:
                data[f"{prefix}-{number}-DELETE"] = "on"
    return data
