"""The one way an endpoint answers: parameters refused, bytes kept, problems told, everybody let in.

Answers are kept and tagged as pages are (:mod:`timeline.web.cached`), and things are found, moved
or gone as pages are (:mod:`timeline.web.doors`). Any site's script may read them; no cookie is
read or set.
"""

import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from timeline.api import problems
from timeline.api.addresses import absolute
from timeline.api.parameters import Parameter, Schema, refuse
from timeline.api.problems import Problem
from timeline.models import Event, Source, Story
from timeline.record import plain
from timeline.web import doors
from timeline.web.cached import answered

log = logging.getLogger("dateline.api")
MEDIA_TYPE = "application/json"
METHODS = "GET, HEAD, OPTIONS"
_PREFLIGHT_SECONDS = "86400"
_ID = re.compile(r"[0-9A-Za-z]{8}", re.ASCII).fullmatch
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII).fullmatch
Thing = TypeVar("Thing", bound=Model)


@dataclass(frozen=True)
class Answer:
    """What an endpoint says, and the addresses that its Link header names by their relation."""

    body: Any
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Endpoint:
    """An address of the API. ``path`` is below ``/api/v1/``, its parts in braces; ``answer`` takes
    the query and the parts by name; ``result`` is the schema of what it says."""

    path: str
    name: str
    summary: Any
    answer: Callable[..., Answer]
    result: Schema
    parameters: tuple[Parameter, ...] = ()
    parts: Mapping[str, Parameter] = field(default_factory=dict)
    kinds: tuple[problems.Kind, ...] = ()
    media_type: str = MEDIA_TYPE


def view(endpoint: Endpoint) -> Callable[..., HttpResponse]:
    """The view of an endpoint."""

    def answer(request: HttpRequest, **parts: str) -> HttpResponse:
        return _open(_methods(request, lambda: _answered(request, endpoint, parts)))

    return answer


def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:  # noqa: ARG001
    """Whatever has no other address below the API."""
    return _open(_methods(request, lambda: Problem(problems.NOWHERE).response()))


def _methods(request: HttpRequest, make: Callable[[], HttpResponse]) -> HttpResponse:
    if request.method == "OPTIONS":
        return _preflight()
    if request.method not in ("GET", "HEAD"):
        return Problem(problems.METHOD).response()
    try:
        return make()
    except (OperationalError, InterfaceError):
        log.exception("The API couldn't ask the database.")
        return Problem(problems.UNREADABLE).response()
    except Exception:
        log.exception("The API failed at %s.", request.path)
        return Problem(problems.BROKEN).response()


def _preflight() -> HttpResponse:
    response = HttpResponse(status=204)
    response.headers["Allow"] = METHODS
    response.headers["Access-Control-Allow-Methods"] = METHODS
    response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
    response.headers["Access-Control-Max-Age"] = _PREFLIGHT_SECONDS
    response.headers["Cache-Control"] = f"public, max-age={_PREFLIGHT_SECONDS}"
    return response


def _open(response: HttpResponse) -> HttpResponse:
    """Anybody's page may read what everybody may read."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _answered(request: HttpRequest, endpoint: Endpoint, parts: dict[str, str]) -> HttpResponse:
    # Kept bytes know nothing of names that make no other answer, so these are refused before.
    if errors := refuse(request.GET, endpoint.parameters):
        return problems.wrong(errors).response()
    return answered(request, lambda: _made(request.GET, endpoint, parts))


def _made(params: QueryDict, endpoint: Endpoint, parts: dict[str, str]) -> HttpResponse:
    try:
        told = endpoint.answer(params, **parts)
    except Problem as problem:
        return problem.response()
    except Http404:
        return Problem(problems.NOWHERE).response()
    except doors.Gone as gone:
        return withdrawn(gone.thing).response()
    except doors.Moved as moved:
        # The first part is what has another key; a number below it stays.
        first = next(iter(parts))
        pairs = [(name, value) for name in params for value in params.getlist(name)]
        there = absolute(endpoint.name, pairs, **{**parts, first: moved.key})
        return HttpResponsePermanentRedirect(there)
    written = json.dumps(told.body, ensure_ascii=False)
    response = HttpResponse(written, content_type=endpoint.media_type)
    if told.links:
        response.headers["Link"] = ", ".join(
            f'<{href}>; rel="{relation}"' for relation, href in told.links.items()
        )
    return response


def found_event(public_id: str) -> Event:
    """The public event with this id; raises what :mod:`timeline.web.doors` raises."""
    if not _ID(public_id):
        raise Http404("That is no public id.")
    found = doors.event(public_id)
    if public_id != found.public_id:
        raise doors.Moved("", found.public_id)
    return found


def found_source(public_id: str) -> Source:
    """The public source with this id; raises what :mod:`timeline.web.doors` raises."""
    if not _ID(public_id):
        raise Http404("That is no public id.")
    found = doors.source(public_id)
    if public_id != found.public_id:
        raise doors.Moved("", found.public_id)
    return found


def found_thing(model: type[Thing], slug: str) -> Thing:
    """The public thing with this slug; raises what :mod:`timeline.web.doors` raises."""
    if not _SLUG(slug):
        raise Http404("That is no slug.")
    return doors.named(model, slug)


def withdrawn(event: Event | Story) -> Problem:
    """The answer of what was withdrawn: the day and the public reason, and no title."""
    day = date_format(event.withdrawn_at) if event.withdrawn_at else ""
    said = _("Withdrawn on %(day)s.") % {"day": day} if day else ""
    detail = " ".join(part for part in (said, event.withdrawal_reason) if part)
    more = {"withdrawn_at": plain(event.withdrawn_at), "reason": event.withdrawal_reason}
    return Problem(problems.GONE, detail, more=more)
