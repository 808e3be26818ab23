"""Django's middleware for staff, which readers' requests pass by.

Sessions, users, messages and the check against forged forms are the desk's. Readers only read
(``config.readers``), and their pages look at none of it, so for them it would only take time.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest, HttpResponseBase
from django.middleware import csrf

from config.headers import STAFF_PREFIX


def _is_desk(request: HttpRequest) -> bool:
    return request.path_info.startswith(STAFF_PREFIX)


class _Desk:
    """Makes a middleware of Django's pass on what isn't the desk's."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _is_desk(request):
            passed_on: HttpResponseBase = self.get_response(request)
            return passed_on
        called: Callable[[HttpRequest], HttpResponseBase] = super().__call__  # type: ignore[misc]
        return called(request)


class Sessions(_Desk, sessions.SessionMiddleware):
    """Who has logged in."""


class ForgedForms(_Desk, csrf.CsrfViewMiddleware):
    """Nothing is posted from elsewhere."""

    def process_view(self, request: HttpRequest, *view: Any) -> Any:
        """Check what is sent to the desk; elsewhere nothing can be sent."""
        return super().process_view(request, *view) if _is_desk(request) else None


class Users(_Desk, auth.AuthenticationMiddleware):
    """The user of a session."""


class Messages(_Desk, messages.MessageMiddleware):
    """What an editor is told after a step."""
