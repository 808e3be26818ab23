"""The desk: Django's admin site with our name on it, and its one search for names.

Knows no model but through the admin classes that register here. Next: desk.py, what all of
them share.
"""

from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase
from django.urls import path
from django.utils.translation import gettext_lazy as _

from timeline.admin.autocomplete import NameSearch
from timeline.editing import changes

ORDER = (
    "Event",
    "Story",
    "Period",
    "Source",
    "Actor",
    "Publisher",
    "Place",
    "Category",
    "Topic",
    "Metric",
    "Term",
    "SiteText",
    "DatasetRelease",
    "Change",
    "User",
    "Group",
)
"""The kinds of things on the first page."""


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


class DeskSite(AdminSite):
    site_header = _("Dateline desk")
    site_title = _("Dateline desk")
    index_title = _("What would you like to work on?")
    enable_nav_sidebar = False

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The chronology first, and in it what is used most; then the accounts."""
        found = super().get_app_list(request, app_label)
        found.sort(key=lambda app: app["app_label"] != "timeline")
        for app in found:
            app["models"].sort(key=lambda model: _place(model["object_name"]))
        return found

    def get_urls(self) -> list[Any]:
        """As stock, with the page of worklists and those of imports."""
        # They know people, who aren't loaded before this site.
        from timeline.admin import import_addresses, worklists

        shown = self.admin_view(worklists.page_of(self))
        return [
            path("worklists/", shown, name="worklists"),
            *import_addresses.of(self),
            *super().get_urls(),
        ]

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The first page, with what waits for somebody above it."""
        from timeline.admin import waiting  # knows events, which aren't loaded before this site

        return super().index(request, {**waiting.of(request), **(extra_context or {})})

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """As stock, but a form that is sent after its sign-in has ended isn't lost."""
        stock = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            from timeline.admin import kept  # knows people, who aren't loaded before this site

            # A form that is kept signs somebody in; who acts is known only behind that.
            return kept.keeping(self._watched(stock), self)(request, *args, **kwargs)

        return update_wrapper(inner, view)

    def _watched(self, view: Any) -> Any:
        """The view, whose changes are the signed-in person's; what is refused goes to the log."""
        from timeline.admin import security

        def watched(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            with changes.acting(request.user.pk), security.refusals(request):
                response = view(request, *args, **kwargs)
                security.watch(request, response)
                return response

        return update_wrapper(watched, view)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:  # type: ignore[override]
        """Names for a field that somebody types into, as JSON."""
        return NameSearch.as_view(admin_site=self)(request)
