"""The page of one upload: its dry run with the decisions, its progress, its end.

Which of them is shown follows from the upload's state, so that "back" and "reload" show what is
the case and repeat nothing. Every press of a button is a POST that ends in a redirect here.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from timeline import dates
from timeline.admin.imports import held, importing, looking, may_import, page, paged
from timeline.admin.stock import person
from timeline.editing import rights
from timeline.intake import beside, uploads
from timeline.models import Event, ImportBatch
from timeline.models.tongue import tongue
from timeline.models.uploads import Decision, Upload, UploadRow, UploadState, Verdict

CHOICES = (
    (Decision.SKIP, _("Leave out")),
    (Decision.IMPORT, _("Import as new")),
    (Decision.UPDATE, _("Update the event")),
)


@dataclass(frozen=True)
class Tab:
    """A verdict with the number of its rows, as a link to them."""

    words: str
    count: int
    query: str
    shown: bool


@dataclass(frozen=True)
class Twin:
    """The event that a row may be, beside what the row says, line by line."""

    lines: list[tuple[str, str, str]]
    title: str
    href: str
    status: str


@dataclass(frozen=True)
class Line:
    """A row of the dry run. Without a twin when that is gone or not this person's to see."""

    row: UploadRow
    twin: Twin | None
    decision: str


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """The upload, wherever it stands."""
    looking(request)
    upload = held(pk)
    if upload.state == UploadState.APPLIED:
        return redirect("admin:import_past", upload.batch_id)
    importing(request)
    if upload.state in (UploadState.CHECKING, UploadState.APPLYING):
        return _progress(request, upload)
    if not upload.format:
        return redirect(f"{reverse('admin:import_new')}?kept={pk}")
    if upload.state == UploadState.NEW:
        if uploads.wants_mapping(upload):
            return redirect("admin:import_columns", pk)
        return page(request, "stopped", gettext("Not checked yet"), upload=upload)
    return _dry_run(request, upload)


# --- The dry run ----------------------------------------------------------------------------------


def _dry_run(request: HttpRequest, upload: Upload) -> HttpResponse:
    verdict = _asked(request)
    rows = upload.rows.filter(verdict=verdict) if verdict else upload.rows.all()
    context, outlook = paged(request, rows), uploads.outlook(upload)
    shown: list[UploadRow] = list(context["rows"])
    return page(
        request,
        "check",
        gettext("Check before importing"),
        upload=upload,
        format_label=uploads.label(upload.format),
        outlook=outlook,
        button=_button(outlook, publish=bool(upload.options.get("publish"))),
        tabs=_tabs(upload, verdict),
        query=f"verdict={verdict}&" if verdict else "",
        lines=_lines(request, shown),
        choices=CHOICES,
        saving=any(each.verdict == Verdict.DUPLICATE for each in shown),
        mapped=upload.mapping is not None,
        **context,
    )


def _button(outlook: uploads.Outlook, *, publish: bool) -> str:
    """What the press would do, in words."""
    if publish:
        new = ngettext(
            "Import and publish %(n)s event", "Import and publish %(n)s events", outlook.new
        )
    else:
        new = ngettext("Import %(n)s event as draft", "Import %(n)s events as drafts", outlook.new)
    changed = ngettext("Change %(n)s event", "Change %(n)s events", outlook.changed)
    if outlook.new and outlook.changed:
        more = ngettext("%(more)s, change %(n)s", "%(more)s, change %(n)s", outlook.changed)
        return more % {"more": new % {"n": outlook.new}, "n": outlook.changed}
    return new % {"n": outlook.new} if outlook.new else changed % {"n": outlook.changed}


def _asked(request: HttpRequest) -> str:
    wanted = request.GET.get("verdict", "")
    return wanted if wanted in Verdict.values else ""


def _tabs(upload: Upload, shown: str) -> list[Tab]:
    counts = upload.counts
    everything = sum(counts.get(each, 0) for each in Verdict.values)
    tabs = [Tab(gettext("All rows"), everything, "", not shown)]
    return tabs + [
        Tab(str(each.label).capitalize(), counts[each], f"verdict={each}", shown == each)
        for each in Verdict
        if counts.get(each)
    ]


def _lines(request: HttpRequest, rows: list[UploadRow]) -> list[Line]:
    wanted = {each.twin for each in rows if each.twin and each.verdict == Verdict.DUPLICATE}
    events = rights.visible(person(request), Event.objects.filter(pk__in=wanted))
    twins = {
        each.pk: each
        for each in events.select_related("category", "place").prefetch_related(
            "participations__actor", "citations__source"
        )
    }
    lines = []
    for row in rows:
        twin = twins.get(row.twin or 0) if row.verdict == Verdict.DUPLICATE else None
        decision = row.decision or Decision.SKIP
        lines.append(Line(row, _beside(row, twin) if twin is not None else None, decision))
    return lines


def _beside(row: UploadRow, event: Event) -> Twin:
    said = {
        "title": event.title,
        "date": dates.words(event.when, tongue()),
        "category": str(event.category or ""),
        "place": str(event.place or ""),
        "actors": ", ".join(str(each.actor) for each in event.participations.all()),
        "sources": "\n".join(str(each.source) for each in event.citations.all()),
        "summary": event.summary,
    }
    lines = [
        (str(label), str(row.told.get(name, "")), said[name])
        for name, label in uploads.TOLD.items()
        if row.told.get(name) or said[name]
    ]
    return Twin(
        lines=lines,
        title=event.title,
        href=reverse("admin:timeline_event_change", args=[event.pk]),
        status=str(event.get_status_display()).lower(),
    )


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the decisions of the page, or one for all possible duplicates; then go on looking."""
    importing(request)
    upload = held(pk)
    if upload.state == UploadState.CHECKED:
        alike = request.POST.get("alike", "")
        if "_alike" in request.POST and alike in Decision.values:
            count = uploads.decide_all(upload, Decision(alike))
            said = ngettext(
                "Decided for %(n)s row: %(what)s.", "Decided for %(n)s rows: %(what)s.", count
            )
            messages.success(request, said % {"n": count, "what": Decision(alike).label})
        else:
            uploads.decide(upload, _decisions(request))
            if "_go" not in request.POST:
                messages.success(request, gettext("The decisions are kept."))
    return _back(upload, request.POST.get("_go", request.GET.urlencode()))


def _decisions(request: HttpRequest) -> dict[int, Decision]:
    """Rows by their key, with what was chosen for each."""
    found = {}
    for name, value in request.POST.items():
        key = name.removeprefix("row-")
        if key != name and key.isascii() and key.isdigit() and value in Decision.values:
            found[int(key)] = Decision(str(value))
    return found


def _back(upload: Upload, query: str) -> HttpResponse:
    """To the page of the upload that this query asks for; nothing but our own parameters."""
    wanted = QueryDict(query)
    kept = {name: wanted[name] for name in ("verdict", "p") if wanted.get(name)}
    address = reverse("admin:import", args=[upload.pk])
    return redirect(f"{address}?{urlencode(kept)}" if kept else address)


# --- From here on it is written -------------------------------------------------------------------


@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the import; a second press finds it started, or done."""
    importing(request)
    upload = held(pk)
    if upload.state != UploadState.CHECKED:
        return redirect("admin:import", pk)
    outlook = uploads.outlook(upload)
    if outlook.refused and "leave_out" not in request.POST:
        messages.error(
            request,
            gettext(
                "Nothing was imported: some rows are refused. Mend the file and upload it again, "
                "or tick “Leave out” to import the others."
            ),
        )
        return redirect("admin:import", pk)
    uploads.begin_import(upload, by=person(request))
    return redirect("admin:import", pk)


@require_POST
def check_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Check an upload once more, since the record or the columns changed."""
    importing(request)
    uploads.begin_check(held(pk))
    return redirect("admin:import", pk)


def _progress(request: HttpRequest, upload: Upload) -> HttpResponse:
    """How far the program is. The page asks for itself again, by script or, without, by itself."""
    applying = upload.state == UploadState.APPLYING
    title = gettext("Importing") if applying else gettext("Checking")
    return page(
        request,
        "progress",
        title,
        upload=upload,
        applying=applying,
        progress=beside.progress(upload),
        mapped=upload.mapping is not None,
    )


# --- Past imports ---------------------------------------------------------------------------------


def past(request: HttpRequest, pk: int) -> HttpResponse:
    """One import that is done: what came of it, its events, its problems."""
    looking(request)
    batch = get_object_or_404(ImportBatch.objects.select_related("by"), pk=pk)
    upload = Upload.objects.filter(batch=batch).defer("packed").first()
    counts = (
        (gettext("New events"), batch.created),
        (gettext("Changed events"), batch.updated),
        (gettext("Left as they are"), batch.same),
        (gettext("Left out"), batch.refused),
    )
    return page(
        request,
        "past",
        gettext("Import of “%(name)s”") % {"name": batch.name},
        batch=batch,
        counts=counts,
        format_label=uploads.label(batch.format),
        upload=upload,
        problems=upload is not None and next(uploads.problem_rows(upload), None) is not None,
        may_import=may_import(request),
    )
