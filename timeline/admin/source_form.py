"""The form of a source: "Fill in from the link", the archive's addresses, where it is used.

Filling in saves nothing: the form comes back as it was sent, with what the page says in fields
that were empty. It works the same with and without script.
"""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline import archives
from timeline.admin import filling
from timeline.admin.desk import Desk
from timeline.admin.similar import known_source
from timeline.editing.links import UNKNOWN_LANGUAGE
from timeline.intake.internet import Refused
from timeline.models import Source

FILL = "_fill"
"""The button that asks the page of the link."""


class SourceForm(Desk):
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        if request.method != "POST" or FILL not in request.POST:
            return super().changeform_view(request, object_id, form_url, extra_context)
        source = self.get_object(request, unquote(object_id)) if object_id else None
        allowed = (
            self.has_change_permission(request, source)
            if object_id
            else self.has_add_permission(request)
        )
        if not allowed:
            raise PermissionDenied
        request.typed = self._filled_in(request, source)  # type: ignore[attr-defined]
        # Shown like a form that is opened, but with what was typed; nothing is checked or saved.
        request.method = "GET"
        shown: dict[str, Any] = dict(extra_context or {})
        if "opened" in request.POST:
            shown["opened"] = request.POST["opened"]
        return super().changeform_view(request, object_id, form_url, shown)

    def _filled_in(self, request: HttpRequest, source: Source | None) -> dict[str, Any]:
        """What was typed, with what the page says in what was empty."""
        typed: dict[str, Any] = {
            name: request.POST.get(name, "") for name in self._names(request, source)
        }
        typed["title_is_description"] = "title_is_description" in request.POST
        link = str(typed["url"]).strip()
        copy = archives.copy_of(link)
        if copy is not None and copy.original and not typed["archive_url"]:
            typed["url"], typed["archive_url"] = copy.original, link
            typed["archived_at"] = typed["archived_at"] or copy.at or ""
        known = known_source(link)
        if known is not None and known != source:
            messages.warning(request, _already(known))
        # A new form says English before anybody has chosen; "und" is what nobody knows.
        unchosen = source is None or typed["language"] == UNKNOWN_LANGUAGE
        try:
            found = filling.for_source(link, {**typed, **({"language": ""} if unchosen else {})})
        except Refused as refused:
            messages.error(request, str(refused))
            return typed
        if found.values:
            messages.success(
                request,
                _("From the page: %(names)s. Look at it, then save; nothing is saved yet.")
                % {"names": found.words},
            )
        else:
            messages.info(request, _("The page says nothing that isn't filled in already."))
        return {**typed, **found.values}

    def _names(self, request: HttpRequest, source: Source | None) -> list[str]:
        return list(super().get_form(request, source, change=source is not None).base_fields)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        typed: dict[str, Any] = getattr(request, "typed", {})
        if typed:
            form = type("Typed", (_Typed, form), {"typed": typed})
        if obj is not None and obj.url and "archive_url" in form.base_fields:
            form.base_fields["archive_url"].help_text = _where_to_look(obj.url)
        return form


class _Typed:
    """A form that is shown with what was typed into it before."""

    typed: dict[str, Any] = {}

    def __init__(self, *args: Any, **given: Any) -> None:
        given["initial"] = dict(given.get("initial") or {}) | self.typed
        super().__init__(*args, **given)


def _where_to_look(url: str) -> str:
    """The archive's addresses; nothing goes there unless somebody follows one."""
    return format_html(
        '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a> · '
        '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>',
        archives.every(url),
        _("Look for copies in the Wayback Machine"),
        archives.keep(url),
        _("Ask it to make one"),
    )


def _already(source: Source) -> str:
    used = source.citations.values("event").distinct().count()
    told = ngettext("used by %(count)s event", "used by %(count)s events", used) % {"count": used}
    return format_html(
        '{} <a href="{}">{}</a> ({}).',
        _("This link is among the sources already:"),
        reverse("admin:timeline_source_change", args=[source.pk]),
        source,
        told,
    )
