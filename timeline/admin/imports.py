"""Imports at the desk: the list of them, the upload of a file, its removal, the list of problems.

An upload walks through pages of its own: the columns of an unknown table (import_columns.py), the
dry run with its decisions, the progress, the end (import_check.py). All state lies in the row of
the upload, none in the session, so that a browser may go away at any step and anybody who may
import can go on. What reads, checks and writes is in :mod:`timeline.intake`.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from timeline.admin.problems import listed
from timeline.admin.stock import person
from timeline.editing import rights
from timeline.formats import sheets
from timeline.intake import beside, uploads
from timeline.models import ImportBatch
from timeline.models.uploads import Upload, UploadState

PER_PAGE = 50


def may_import(request: HttpRequest) -> bool:
    return person(request).has_perm("timeline.import_event")


def importing(request: HttpRequest) -> None:
    """Raises ``PermissionDenied`` for who may not import."""
    if not may_import(request):
        raise PermissionDenied


def looking(request: HttpRequest) -> None:
    """Raises ``PermissionDenied`` for who may not even look at past imports."""
    if not (may_import(request) or person(request).has_perm("timeline.view_importbatch")):
        raise PermissionDenied


def held(pk: int) -> Upload:
    """The upload as it stands, without its file; 404 if there is none."""
    return beside.settle(get_object_or_404(Upload.objects.defer("packed"), pk=pk))


def page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    shown = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, f"admin/imports/{template}.html", shown)


# --- The list -----------------------------------------------------------------------------------


def overview(request: HttpRequest) -> HttpResponse:
    """Past imports, and above them the uploads that aren't imported yet."""
    looking(request)
    uploads.expire(timezone.now())
    waiting = Upload.objects.exclude(state=UploadState.APPLIED).defer("packed", "mapping")
    batches = ImportBatch.objects.select_related("by").order_by("-pk")
    context = paged(request, batches)
    return page(
        request,
        "overview",
        gettext("Imports"),
        waiting=waiting.select_related("by") if may_import(request) else [],
        days=uploads.KEPT.days,
        may_import=may_import(request),
        past=[(each, uploads.label(each.format)) for each in context["rows"]],
        **context,
    )


def paged(request: HttpRequest, rows: Any) -> dict[str, Any]:
    """The page of the rows that the address asks for, and the numbers of the others."""
    paginator = Paginator(rows, PER_PAGE)
    shown = paginator.get_page(request.GET.get("p"))
    return {"rows": shown, "numbers": list(paginator.get_elided_page_range(shown.number))}


# --- A new one ----------------------------------------------------------------------------------


class UploadForm(forms.Form):
    """The file and what it is. A file that came with an earlier try needn't come again."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("CSV, XLSX, ODS or JSON; at most 25 MB and 50,000 rows."),
    )
    format = forms.ChoiceField(label=_("Format"), required=False)
    publish = forms.BooleanField(
        label=_("Publish new events at once"),
        required=False,
        help_text=_(
            "Otherwise they are drafts, which no reader sees. What can’t be published, such as an "
            "event without a source, becomes a draft in any case."
        ),
    )
    background = forms.BooleanField(
        label=_("The column Background holds the link of the source"),
        required=False,
        help_text=_("For a TimelineJS sheet only."),
    )

    def __init__(self, *args: Any, may_publish: bool, kept: Upload | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        self.fields["format"] = forms.ChoiceField(
            label=_("Format"),
            required=False,
            choices=[("", _("Recognise it")), *uploads.formats()],
        )
        if not may_publish:
            del self.fields["publish"]

    def clean_file(self) -> "UploadedFile[Any] | None":
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is None and self.kept is None:
            raise forms.ValidationError(gettext("Choose a file."))
        return file


def begin(request: HttpRequest) -> HttpResponse:
    """Take a file in, find out what it is, and go on to its columns or to the check.

    A file whose kind can't be told is kept, so that only the format is asked for again.
    """
    importing(request)
    may_publish = rights.may_publish(person(request)) and not settings.TWO_PEOPLE
    kept = _kept(request)
    if request.method != "POST":
        return _form(request, UploadForm(may_publish=may_publish, kept=kept))
    form = UploadForm(request.POST, request.FILES, may_publish=may_publish, kept=kept)
    if not form.is_valid():
        return _form(request, form)
    try:
        upload = _received(form, request)
    except uploads.Refused as refused:
        form.add_error("file", str(refused))
        return _form(request, form)
    form.kept = upload
    upload.options = {
        "publish": bool(form.cleaned_data.get("publish")),
        "background": form.cleaned_data["background"],
    }
    upload.format = form.cleaned_data["format"] or uploads.recognised(upload)
    upload.save(update_fields=["options", "format"])
    if not upload.format:
        form.add_error(
            "format",
            gettext("What kind of file “%(name)s” is can’t be told from it. Choose its format.")
            % {"name": upload.name},
        )
        return _form(request, form)
    if uploads.wants_mapping(upload):
        return redirect("admin:import_columns", upload.pk)
    uploads.begin_check(upload)
    return redirect("admin:import", upload.pk)


def _kept(request: HttpRequest) -> Upload | None:
    """The file of an earlier try, if it is this person's and nothing was done with it yet."""
    number = request.POST.get("kept", request.GET.get("kept", ""))
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    found = Upload.objects.filter(pk=int(number), by=person(request), state=UploadState.NEW)
    return found.first()


def _received(form: UploadForm, request: HttpRequest) -> Upload:
    """The upload that the form is about. Raises ``uploads.Refused``."""
    file = form.cleaned_data["file"]
    if file is None and form.kept is not None:
        return form.kept
    if form.kept is not None:
        uploads.remove(form.kept)
        form.kept = None
    uploads.expire(timezone.now())
    return uploads.receive(file.name or "", file.read(), by=person(request))


def _form(request: HttpRequest, form: UploadForm) -> HttpResponse:
    return page(
        request,
        "upload",
        gettext("Import events"),
        form=form,
        problems=listed(form, []) if form.is_bound else [],
    )


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an upload that isn't imported."""
    importing(request)
    upload = held(pk)
    if upload.state in (UploadState.CHECKING, UploadState.APPLYING):
        messages.error(request, gettext("A program works on this file just now. Wait for its end."))
        return redirect("admin:import", pk)
    if upload.state == UploadState.APPLIED:
        messages.error(request, gettext("This file is imported; its import is kept."))
        return redirect("admin:imports")
    uploads.remove(upload)
    messages.success(
        request, gettext("Removed: “%(name)s”. Nothing was imported.") % {"name": upload.name}
    )
    return redirect("admin:imports")


# --- The list of problems -------------------------------------------------------------------------


def problems(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Every problem of a file, as a table to mend it by."""
    looking(request)
    upload = get_object_or_404(Upload.objects.defer("packed"), pk=pk)
    if upload.state != UploadState.APPLIED:
        importing(request)
    columns = [
        *(gettext("row"), gettext("column"), gettext("value")),
        *(gettext("problem"), gettext("outcome")),
    ]
    lines = sheets.lines(columns, uploads.problem_rows(upload))
    response = StreamingHttpResponse((each.encode() for each in lines), content_type=sheets.TYPE)
    response["Content-Disposition"] = f'attachment; filename="import-{upload.pk}-problems.csv"'
    return response
