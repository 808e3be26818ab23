"""What can't be answered, as RFC 9457 problem documents: a type that the reference page explains,
a sentence for people, and each wrong parameter by its name."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline.browse import ParameterError
from timeline.models.addresses import identifier

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """A kind of problem: the anchor that explains it, its status, and what it says."""

    anchor: str
    status: int
    title: Promise
    meaning: Promise


WRONG = Kind(
    "parameter",
    400,
    _("A parameter can’t be used"),
    _(
        "A name isn’t known, or a value can’t be read. “errors” names each one with what to write "
        "instead. Nothing is ignored, so a mistyped filter never gives everything."
    ),
)
NOWHERE = Kind(
    "nothing-here",
    404,
    _("There is nothing at this address"),
    _("No public thing has this address. What isn’t published answers as what never was."),
)
METHOD = Kind(
    "method",
    405,
    _("The API is read only"),
    _("Only GET, HEAD and OPTIONS are answered; “Allow” names them."),
)
GONE = Kind(
    "withdrawn",
    410,
    _("What was here was withdrawn"),
    _(
        "An event was withdrawn, or a version taken out; the day and the public reason come with "
        "it. Delete your copy."
    ),
)
BROKEN = Kind(
    "broken",
    500,
    _("Something went wrong here"),
    _("The fault is ours and has been noted. Ask again later."),
)
UNREADABLE = Kind(
    "unavailable",
    503,
    _("The record can’t be read just now"),
    _("The database doesn’t answer. Ask again after the seconds of “Retry-After”."),
)
KINDS = (WRONG, NOWHERE, METHOD, GONE, BROKEN, UNREADABLE)


class Problem(Exception):
    """A request that can't be answered."""

    def __init__(
        self,
        kind: Kind,
        detail: str = "",
        errors: Sequence[ParameterError] = (),
        more: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(detail or kind.anchor)
        self.kind = kind
        self.detail = detail
        self.errors = tuple(errors)
        self.more = more or {}

    def response(self) -> HttpResponse:
        """The problem document."""
        kind = self.kind
        said: dict[str, object] = {
            "type": f"{identifier('api')}#{kind.anchor}",
            "title": str(kind.title),
            "status": kind.status,
            "detail": self.detail or str(kind.meaning),
        }
        if self.errors:
            said["errors"] = [
                {"parameter": each.name, "value": each.value, "detail": each.sentence}
                for each in self.errors
            ]
        written = json.dumps(said | dict(self.more), ensure_ascii=False)
        response = HttpResponse(written, status=kind.status, content_type=MEDIA_TYPE)
        response.headers["Cache-Control"] = "no-store"
        if kind is METHOD:
            response.headers["Allow"] = "GET, HEAD, OPTIONS"
        if kind is UNREADABLE:
            response.headers["Retry-After"] = "60"
        return response


def wrong(errors: Sequence[ParameterError]) -> Problem:
    """The refusal of some parameters."""
    said = " ".join(f"{each.name}: {each.sentence}" for each in errors)
    return Problem(WRONG, said, errors)
