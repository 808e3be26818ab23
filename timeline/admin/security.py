"""Who came in, who was refused, whose rights changed: one JSON object a line on the logger
``timeline.security``, for programs that watch. Never a password, never what a form held."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

log = logging.getLogger("timeline.security")
LONGEST = 150


def tell(request: HttpRequest | None, event: str, **more: Any) -> None:
    """Write one line: what happened, when, who acted, from where, and ``more``."""
    line: dict[str, Any] = {"at": timezone.now().isoformat(timespec="seconds"), "event": event}
    if request is not None:
        user = getattr(request, "user", None)
        line["by"] = user.get_username() if user is not None and user.is_authenticated else None
        line["address"] = request.META.get("REMOTE_ADDR", "")
        line["path"] = request.path[:LONGEST]
    log.info(json.dumps(line | more, sort_keys=True))


@receiver(user_logged_in)
def _came_in(request: HttpRequest, user: AbstractBaseUser, **_sent: Any) -> None:
    tell(request, "login", of=user.get_username())


@receiver(user_logged_out)
def _went(request: HttpRequest, user: AbstractBaseUser | None, **_sent: Any) -> None:
    if user is not None:
        tell(request, "logout", of=user.get_username())


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_sent: Any) -> None:
    tell(request, "login_failed", of=str(credentials.get("username", ""))[:LONGEST])


@contextmanager
def refusals(request: HttpRequest) -> Iterator[None]:
    """What is refused inside is told."""
    try:
        yield
    except PermissionDenied:
        tell(request, "refused", method=request.method)
        raise


def watch(request: HttpRequest, response: HttpResponseBase) -> None:
    """Tell what only the answer of a view shows: a refusal, and that one's own password changed."""
    if response.status_code == 403:
        tell(request, "refused", method=request.method)
    elif (
        request.method == "POST"
        and response.status_code == 302
        and request.path.endswith("/admin/password_change/")
    ):
        tell(request, "password_changed", of=request.user.get_username())
