"""A form that arrives after its sign-in has ended: what was typed is kept on a page of its own.

Signing in there, or pressing once more, sends the same fields again to the same address; only
what comes from a page of this site is kept, and never a password.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import REASON_BAD_ORIGIN
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

PREFIX = "again"
"""Before the names of the fields that sign in, so that they are none of the kept form's."""
NEVER_KEPT = ("csrfmiddlewaretoken", f"{PREFIX}-username", f"{PREFIX}-password")

View = Callable[..., Any]


def fields(post: QueryDict, but: tuple[str, ...] = NEVER_KEPT) -> list[tuple[str, str]]:
    """What was sent, pair by pair, to be sent again."""
    return [(name, value) for name in post if name not in but for value in post.getlist(name)]


def worth_keeping(request: HttpRequest) -> bool:
    """Whether the request is a form of the desk that holds no password."""
    wanted = request.method == "POST" and request.path.startswith(reverse("admin:index"))
    return wanted and not any("password" in name for name, _value in fields(request.POST))


def keeping(stock: View, site: admin.AdminSite) -> View:
    """``stock``, or the page that keeps the form when nobody is signed in."""

    @sensitive_post_parameters(f"{PREFIX}-password")
    @wraps(stock)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if site.has_permission(request) or not worth_keeping(request):
            return stock(request, *args, **kwargs)
        given = request.POST if f"{PREFIX}-username" in request.POST else None
        form = AdminAuthenticationForm(request, data=given, prefix=PREFIX)
        if not form.is_valid():
            return _page(request, form, kept=fields(request.POST), status=403)
        login(request, form.get_user())
        data = request.POST.copy()
        for name in NEVER_KEPT[1:]:
            del data[name]
        request._post = data  # type: ignore[attr-defined]  # noqa: SLF001
        request.POST = data  # type: ignore[assignment]
        return stock(request, *args, **kwargs)

    return inner


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token isn't today's, mostly since its sender signed in anew in another tab.

    Sent from a page of this site, it comes back to be sent once more; what another site sent is
    refused and not shown.
    """
    ours = "Origin" in request.headers and reason != REASON_BAD_ORIGIN % request.headers["Origin"]
    if not ours or not worth_keeping(request):
        return _page(request, None, kept=[], status=403)
    signed_in = admin.site.has_permission(request)
    form = None if signed_in else AdminAuthenticationForm(request, prefix=PREFIX)
    return _page(request, form, kept=fields(request.POST), status=403)


def _page(
    request: HttpRequest, form: forms.Form | None, *, kept: list[tuple[str, str]], status: int
) -> HttpResponse:
    if form is not None:
        title = _("Sign in to go on")
    else:
        title = _("Send it once more") if kept else _("This form can’t be taken")
    context = {**admin.site.each_context(request), "title": title, "form": form, "kept": kept}
    response = TemplateResponse(request, "admin/kept.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response.render()
