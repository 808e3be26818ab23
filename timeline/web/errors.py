"""Pages that say why there is no page: 400, 403, 404, 410, 500, 503.

They ask the database for nothing, so they stand when it doesn't. ``config.urls`` names the
handlers; what a wrong filter value answers is in ``lists``, since it keeps the form.
"""

import sys
from collections.abc import Sequence

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext

from timeline.browse import ParameterError
from timeline.models import Event, Story
from timeline.web.presentation import page


def message(
    heading: str,
    *lines: str,
    status: int,
    retry: bool = False,
    links: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """A page of one heading and a few sentences, with links by words and address."""
    context = {
        "heading": heading,
        "lines": [line for line in lines if line],
        "retry": retry,
        "links": links,
    }
    response = page("message.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    if retry:
        response.headers["Retry-After"] = "60"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return message(
        gettext("That request can’t be read"),
        gettext("Something in the address or in what was sent is malformed."),
        status=400,
    )


def wrong_value(error: ParameterError, href: str, words: str = "") -> HttpResponse:
    """400 for a page without a form, with the value and the page as it is without it, which the
    ``words`` of its link call what is known today unless they say otherwise."""
    return message(
        gettext("A value can’t be used"),
        f"{error.name}={error.value}: {error.sentence}",
        status=400,
        links=[(words or gettext("Show what is known today"), href)],
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return message(
        gettext("That isn’t open to you"),
        gettext("If you work here, sign in with an account that has the right to it."),
        status=403,
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return message(
        gettext("There is nothing at this address"),
        gettext("It may have been mistyped. What was published once is never removed silently."),
        status=404,
    )


def gone(thing: Event | Story) -> HttpResponse:
    """410 with the day and the public reason, and no title."""
    return message(*withdrawn(thing), status=410)


def withdrawn(thing: Event | Story) -> tuple[str, str, str]:
    """That something was withdrawn, when, and the public reason."""
    day = date_format(thing.withdrawn_at) if thing.withdrawn_at else ""
    return (
        gettext("This story was withdrawn")
        if isinstance(thing, Story)
        else gettext("This event was withdrawn"),
        gettext("Withdrawn on %(day)s.") % {"day": day} if day else "",
        thing.withdrawal_reason,
    )


def too_many_pictures() -> HttpResponse:
    """503 while as many are being drawn as may be."""
    return message(
        gettext("Too many pictures at once"),
        gettext("Others are being drawn just now. Ask again in a minute."),
        status=503,
        retry=True,
    )


def broken(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """500, or 503 while the database can't be reached, told apart by the error being handled."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return message(
            gettext("The record can’t be read just now"),
            gettext("The database doesn’t answer. Nothing is lost."),
            status=503,
            retry=True,
        )
    return message(
        gettext("Something went wrong here"),
        gettext("It has been noted. Your address was fine; we were not."),
        status=500,
    )
