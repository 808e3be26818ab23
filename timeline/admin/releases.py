"""Releases of the data at the desk: the list of them, and a page that makes one.

A release is made while the browser waits, so a large record is left to the command. Nothing is
changed here; closing a release, which takes its file away for good, is for the command as well.
"""

import threading
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from timeline.admin.desk import Desk
from timeline.admin.problems import listed
from timeline.admin.stock import person
from timeline.editing import releases
from timeline.formats.releases import whole
from timeline.models import DatasetRelease, Event

MOST = 20_000
"""Events up to which a browser waits for its release."""

_LIST = "admin:timeline_datasetrelease_changelist"
_making = threading.Lock()


class ReleaseForm(forms.Form):
    """``after`` is the last release that there was when the page was made."""

    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What is new in it, in a sentence or two. Readers see this."),
    )
    after = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


@admin.register(DatasetRelease)
class ReleaseAdmin(Desk):
    list_display = ["label", "at", "who", "events", "weight", "sha256", "closed_at"]
    list_select_related = ["by"]
    fields = (
        *("number", "at", "who", "note", "events", "file", "weight", "sha256"),
        *("closed_at", "closed_reason"),
    )
    readonly_fields = fields
    ordering = ["-number"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("manifest", "changes")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def view_on_site(self, obj: DatasetRelease) -> str:
        """The page that readers have of it."""
        return reverse("release", args=[obj.number])

    @admin.display(description=_("release"), ordering="number")
    def label(self, release: DatasetRelease) -> str:
        return gettext("Release %(number)s") % {"number": release.number}

    @admin.display(description=_("by"))
    def who(self, release: DatasetRelease) -> str:
        return str(release.by) if release.by is not None else gettext("(a command)")

    @admin.display(description=_("size"), ordering="size")
    def weight(self, release: DatasetRelease) -> str:
        return filesizeformat(release.size)

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """The page that makes one. No transaction is around it: the record is read for as long
        as it takes, while others write."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        last = _last()
        if request.method != "POST":
            return self._page(request, ReleaseForm(initial={"after": last}))
        form = ReleaseForm(request.POST)
        if not form.is_valid() or _too_many():
            return self._page(request, form)
        if form.cleaned_data["after"] != last:
            # The second click of two, or somebody else was faster.
            said = gettext("Release %(number)s was made meanwhile. Look at it first.")
            messages.warning(request, said % {"number": last})
        elif not _making.acquire(blocking=False):
            messages.warning(
                request,
                gettext("A release is being made just now. It stands here as soon as it is done."),
            )
        else:
            try:
                self._make(request, form.cleaned_data["note"])
            finally:
                _making.release()
        return redirect(_LIST)

    def _make(self, request: HttpRequest, note: str) -> None:
        at = timezone.now().replace(microsecond=0)
        try:
            made = releases.make(whole, at, note=note, by=person(request).pk)
        except releases.ReleaseRefused as refused:
            messages.error(request, str(refused))
            return
        said = ngettext(
            "Made release %(number)s: %(events)s event. Back up its file, %(file)s.",
            "Made release %(number)s: %(events)s events. Back up its file, %(file)s.",
            made.events,
        )
        said %= {"number": made.number, "events": f"{made.events:,}", "file": made.file}
        messages.success(request, said)

    def _page(self, request: HttpRequest, form: ReleaseForm) -> HttpResponse:
        return TemplateResponse(
            request,
            "admin/release.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": gettext("Make a release"),
                "form": form,
                "next": _last() + 1,
                "too_many": _too_many(),
                "problems": listed(form, []) if form.is_bound else [],
            },
        )


def _last() -> int:
    """The number of the last release; 0 before the first."""
    return DatasetRelease.objects.values_list("number", flat=True).first() or 0


def _too_many() -> str:
    """Why the record is too large to be packed while a browser waits, or nothing."""
    events = Event.objects.public().count()
    if events <= MOST:
        return ""
    return gettext(
        "The record has %(events)s public events. To pack more than %(most)s may take minutes, "
        "longer than a browser waits: ask whoever runs the site for “manage.py make_release”."
    ) % {"events": f"{events:,}", "most": f"{MOST:,}"}
