"""The columns of an unknown table: which field each of them is, with the first rows as a preview.

Nothing here happens in the browser: "Show twenty rows" and "Use them" send the form and get the
page back with what was chosen. What a mapping is stands in :mod:`timeline.intake.mapping`.
"""

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline import dates, text
from timeline.admin.imports import held, importing, page
from timeline.intake import uploads
from timeline.intake.decoding import NAMED
from timeline.intake.drafts import EventDraft, Problem
from timeline.intake.mapping import BY_NAME, FIELDS, FIGURE, Mapping, MappingError, Take, guess
from timeline.intake.readers import mapped
from timeline.intake.tables import Table
from timeline.models import Metric, SavedMapping
from timeline.models.choices import DateBasis, Importance, SourceKind, Stance
from timeline.models.tongue import tongue
from timeline.models.uploads import Upload, UploadState

DATES = ("date", "end", "source_published")
"""Fields whose numbers may stand in several orders."""
EXAMPLES = 3
MOST_SAID = 5
"""Sentences about the file itself; the check lists all."""


def _words(choices: Any) -> list[tuple[str, Any]]:
    return [("", "—"), *choices]


class RestForm(forms.Form):
    """What isn't a column: what is the same in every row, and how cells and the file are read."""

    category = forms.CharField(label=_("Category"), required=False, max_length=200)
    topics = forms.CharField(label=_("Topic"), required=False, max_length=200)
    actors = forms.CharField(label=_("Actor"), required=False, max_length=200)
    country = forms.CharField(label=_("Country"), required=False, max_length=200)
    importance = forms.ChoiceField(
        label=_("Importance"), required=False, choices=_words(Importance.choices)
    )
    date_basis = forms.ChoiceField(
        label=_("The date is"), required=False, choices=_words(DateBasis.choices)
    )
    source_publisher = forms.CharField(
        label=_("Publisher of the sources"), required=False, max_length=200
    )
    source_language = forms.CharField(
        label=_("Language of the sources"), required=False, max_length=200
    )
    source_kind = forms.ChoiceField(
        label=_("Kind of the sources"), required=False, choices=_words(SourceKind.choices)
    )
    stance = forms.ChoiceField(
        label=_("Stance of the sources"), required=False, choices=_words(Stance.choices)
    )
    order = forms.ChoiceField(
        label=_("Dates in numbers are"),
        required=False,
        choices=[
            ("", _("year first, or not to be mistaken")),
            ("dmy", _("day, month, year")),
            ("mdy", _("month, day, year")),
        ],
        help_text=_("A date such as 3/4/2024 is refused unless you say how to read it."),
    )
    lists = forms.CharField(
        label=_("Several values in a cell stand between"),
        required=False,
        max_length=10,
        strip=False,
        help_text=_("For actors, topics and sources. Empty: a cell is one value."),
    )
    joiner = forms.CharField(
        label=_("Several columns of a field are joined by"),
        required=False,
        max_length=10,
        strip=False,
        help_text=_("A space unless you write something else. Parts of a date need nothing."),
    )
    system = forms.CharField(
        label=_("The file’s origin"),
        max_length=60,
        help_text=_(
            "Under this name the rows are found again when the next file of this origin comes. "
            "Files of another origin need another name."
        ),
    )
    sheet = forms.CharField(
        label=_("Sheet"), required=False, max_length=200, help_text=_("Empty: the first one.")
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=[("", _("recognise it")), *((each, each) for each in NAMED)],
    )
    separator = forms.ChoiceField(
        label=_("Columns are separated by"),
        required=False,
        choices=[
            ("", _("recognise it")),
            (",", _("commas")),
            (";", _("semicolons")),
            ("\t", _("tabs")),
            ("|", _("vertical bars")),
        ],
    )


CONSTANTS = (
    *("category", "topics", "actors", "country", "importance", "date_basis"),
    *("source_publisher", "source_language", "source_kind", "stance"),
)


@dataclass(frozen=True)
class Column:
    """A column of the file, its first values, and the field that it becomes."""

    name: str
    examples: list[str]
    field: str


@dataclass(frozen=True)
class Shown:
    """A row of the preview: what is made of it, and what is wrong with it."""

    row: int
    date: str
    title: str
    told: list[tuple[str, str]]
    problems: list[Problem]


def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what the columns are; show what becomes of the first rows; go on to the check."""
    importing(request)
    upload = held(pk)
    if upload.format != uploads.MAPPED or upload.state not in (
        UploadState.NEW,
        UploadState.CHECKED,
    ):
        return redirect("admin:import", pk)
    content = Upload.objects.get(pk=pk).content
    if request.method != "POST" or "_use" in request.POST:
        return _first(request, upload, content)
    form = RestForm(request.POST)
    name = " ".join(request.POST.get("name", "").split())[:80]
    opening = _opening(form)
    table = mapped.open_table(content, opening)
    chosen = _chosen(request, table)
    base = _base(upload, table)
    if not form.is_valid():
        return _page(request, upload, table, chosen, form, name=name)
    mapping = _mapping(chosen, form.cleaned_data, base, opening)
    problems = [str(each) for each in mapping.problems()]
    if problems or "_check" not in request.POST:
        shown = _preview(content, mapping) if not problems else []
        return _page(
            request, upload, table, chosen, form, name=name, problems=problems, preview=shown
        )
    if name:
        SavedMapping.objects.update_or_create(name=name, defaults={"mapping": mapping.to_json()})
    Upload.objects.filter(pk=pk).update(mapping=mapping.to_json())
    uploads.begin_check(Upload.objects.get(pk=pk))
    return redirect("admin:import", pk)


def _first(request: HttpRequest, upload: Upload, content: bytes) -> HttpResponse:
    """The page before anything was chosen here: what was kept, or a guess."""
    table = mapped.open_table(content)
    asked = request.POST.get("saved", "")
    saved = _saved(table)
    used = next((each for each in saved if str(each.pk) == asked), None)
    if used is None and upload.mapping is None:
        used = next(iter(saved), None)
    mapping = _read(used.mapping) if used is not None else None
    mapping = mapping or _base(upload, table)
    if not mapping.system:
        mapping = replace(mapping, system=text.slug(PurePath(upload.name).stem)[:60] or "table")
    if used is not None:
        messages.info(request, gettext("Filled in as kept under “%(name)s”.") % {"name": used.name})
    fields = {column: name for name, take in mapping.fields.items() for column in take.columns}
    form = RestForm(initial=_rest(mapping))
    return _page(
        request, upload, table, fields, form, name=used.name if used is not None else "", used=used
    )


def _read(written: Any) -> Mapping | None:
    try:
        return Mapping.from_json(written)
    except MappingError:
        return None  # of an older release; the guess stands in for it


def _base(upload: Upload, table: Table) -> Mapping:
    """What was chosen for the file before, or the guess by its header."""
    before = _read(upload.mapping) if upload.mapping is not None else None
    return before or guess(table.header)


def _saved(table: Table) -> list[SavedMapping]:
    """The kept mappings that fit the file, the last first."""
    found = []
    for each in SavedMapping.objects.order_by("-pk"):
        mapping = _read(each.mapping)
        if mapping is not None and not mapping.missing(table.header):
            found.append(each)
    return found


def _chosen(request: HttpRequest, table: Table) -> dict[str, str]:
    """The field of each column, as sent; what is no field is left out."""
    known = {name for _group, fields in _fields() for name, _label in fields}
    sent = (request.POST.get(f"column-{number}", "") for number in range(len(table.header)))
    return {
        column: field for column, field in zip(table.header, sent, strict=True) if field in known
    }


def _opening(form: RestForm) -> Mapping:
    """How the file is opened, even when something else in the form is wrong."""
    form.is_valid()
    said = form.cleaned_data
    return Mapping(
        sheet=said.get("sheet", ""),
        encoding=said.get("encoding", ""),
        separator=said.get("separator", ""),
    )


def _mapping(
    chosen: dict[str, str], said: dict[str, Any], base: Mapping, opening: Mapping
) -> Mapping:
    """The mapping that was chosen. Columns of one field stand in the order of the file, unless
    the guess knew better, as with a day before its month before its year."""
    columns: dict[str, tuple[str, ...]] = {}
    for column, field in chosen.items():
        columns[field] = (*columns.get(field, ()), column)
    fields = {}
    for name in [*columns, *(each for each in CONSTANTS if said[each] and each not in columns)]:
        of = columns.get(name, ())
        usual = base.fields.get(name, Take())
        if set(of) == set(usual.columns):
            of = usual.columns
        many = name in BY_NAME and BY_NAME[name].list
        joiner = "-" if name in DATES else said["joiner"] or " "
        fields[name] = Take(
            columns=of,
            joiner=joiner if len(of) > 1 else " ",
            constant=said.get(name, "") if name in CONSTANTS else "",
            separator=said["lists"] if many else "",
            order=said["order"] if name in DATES else "",
        )
    return replace(opening, fields=fields, system=said["system"])


def _rest(mapping: Mapping) -> dict[str, str]:
    """What the form shows of a mapping."""
    takes = mapping.fields
    first = {
        name: next((getattr(each, name) for each in takes.values() if getattr(each, name)), "")
        for name in ("order", "separator")
    }
    joined = [
        each.joiner for name, each in takes.items() if len(each.columns) > 1 and name not in DATES
    ]
    return {
        **{name: takes[name].constant for name in CONSTANTS if name in takes},
        "order": first["order"],
        "lists": first["separator"],
        "joiner": joined[0] if joined else "",
        "system": mapping.system,
        "sheet": mapping.sheet,
        "encoding": mapping.encoding,
        "separator": mapping.separator,
    }


# --- The page -------------------------------------------------------------------------------------


def _fields() -> list[tuple[str, list[tuple[str, str]]]]:
    """Everything that a column can be, in groups."""
    groups: dict[str, list[tuple[str, str]]] = {
        gettext("The event"): [],
        gettext("Who takes part"): [],
        gettext("What it rests on"): [],
        gettext("Figures"): [],
    }
    event, actors, sources, figures = groups.values()
    for each in FIELDS:
        if each.name.startswith("actors"):
            role = each.name.partition(".")[2]
            words = gettext("Actors: %(role)s") % {"role": each.label} if role else each.label
            actors.append((each.name, str(words)))
        elif each.name.startswith("figure"):
            figures.append((each.name, str(each.label)))
        elif each.name.startswith("source") or each.name == "stance":
            sources.append((each.name, str(each.label)))
        else:
            event.append((each.name, str(each.label)))
    for metric in Metric.objects.all():
        name = f"{FIGURE}{metric.code}"
        figures += [
            (name, metric.label),
            (f"{name}.low", gettext("%(figure)s, at least") % {"figure": metric.label}),
            (f"{name}.high", gettext("%(figure)s, at most") % {"figure": metric.label}),
        ]
    return list(groups.items())


def _page(
    request: HttpRequest,
    upload: Upload,
    table: Table,
    fields: dict[str, str],
    form: RestForm,
    *,
    name: str,
    problems: list[str] | None = None,
    preview: list[Shown] | None = None,
    used: SavedMapping | None = None,
) -> HttpResponse:
    refused = [each.sentence for each in table.problems if each.fatal][:MOST_SAID]
    said = [
        f"{form.fields[field].label}: {each}"
        for field, errors in (form.errors.items() if form.is_bound else ())
        for each in errors
    ]
    return page(
        request,
        "columns",
        gettext("What the columns are"),
        upload=upload,
        columns=[
            Column(column, _examples(table, column), fields.get(column, ""))
            for column in table.header
        ],
        fields=_fields(),
        constants=[form[each] for each in CONSTANTS],
        reading=[form[each] for each in form.fields if each not in CONSTANTS],
        open=bool(refused or said or any(form[each].value() for each in CONSTANTS)),
        problems=[*refused, *(problems or []), *said],
        notes=[each.sentence for each in table.problems if not each.fatal][:MOST_SAID],
        preview=preview,
        saved=_saved(table),
        used=used.pk if used is not None else None,
        name=name,
    )


def _examples(table: Table, column: str) -> list[str]:
    found = (row.get(column) for row in table.rows[:200])
    return list(dict.fromkeys(each for each in found if each))[:EXAMPLES]


def _preview(content: bytes, mapping: Mapping) -> list[Shown]:
    found = mapped.preview(content, mapping)
    problems: dict[int, list[Problem]] = {}
    for each in found.problems:
        problems.setdefault(each.row, []).append(each)
    drafts: dict[int, EventDraft | None] = {each.row: each for each in found.drafts}
    rows = sorted({*problems, *drafts})
    return [_shown(row, drafts.get(row), problems.get(row, [])) for row in rows]


def _shown(row: int, draft: EventDraft | None, problems: list[Problem]) -> Shown:
    if draft is None:
        return Shown(row, "", "", [], problems)
    told = uploads.told(draft)
    lines = [
        (str(words), told[name])
        for name, words in uploads.TOLD.items()
        if told[name] and name not in ("title", "date")
    ]
    return Shown(row, dates.words(dates.parse(draft.date), tongue()), draft.title, lines, problems)
