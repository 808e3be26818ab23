"""The page that explains the API to people: addresses, parameters, fields, problems, promises."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from timeline.api.addresses import absolute
from timeline.api.answers import Endpoint
from timeline.api.endpoints import ENDPOINTS
from timeline.api.parameters import Parameter
from timeline.api.problems import KINDS
from timeline.api.schemas import ENUMERATIONS, EVENT_FIELDS, MEANINGS
from timeline.web import doors
from timeline.web.presentation import page


@dataclass(frozen=True)
class Row:
    """A line of a table: a name, what it means, the values among which it is, and what else it
    takes."""

    name: str
    meaning: str
    among: str = ""
    takes: str = ""
    example: str = ""


@dataclass(frozen=True)
class Address:
    """An address of the API."""

    path: str
    summary: str
    parameters: str
    anchor: str


@dataclass(frozen=True)
class Fault:
    """A kind of problem."""

    anchor: str
    status: int
    title: str
    meaning: str


@dataclass(frozen=True)
class Example:
    """A command to try, and what it does."""

    words: str
    command: str


@doors.public_page
def reference(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view)
    """How to use the API."""
    return page(
        "api.html",
        {
            "here": "api",
            "title": _("API"),
            "description": _(
                "The whole public record for programs: the parameters of the timeline, the same "
                "events, as JSON. Read only, without a key."
            ),
            "addresses": [_address(each) for each in ENDPOINTS],
            "groups": _parameters(),
            "fields": [
                Row(
                    name,
                    str(MEANINGS.get(name, "")),
                    ", ".join(ENUMERATIONS.get(("EventRecord", name), ())),
                )
                for name in EVENT_FIELDS
            ],
            "faults": [
                Fault(kind.anchor, kind.status, str(kind.title), str(kind.meaning))
                for kind in KINDS
            ],
            "examples": _examples(),
            "openapi": absolute("api_openapi"),
        },
    )


def _address(endpoint: Endpoint) -> Address:
    return Address(
        f"/api/v1/{endpoint.path}",
        str(endpoint.summary),
        ", ".join(each.name for each in endpoint.parameters if endpoint.name != "api_events"),
        "parameters" if endpoint.name == "api_events" else "",
    )


def _parameters() -> list[tuple[str, str, list[Row]]]:
    """The parameters of events, then those of the other lists that aren't among them."""
    of_events = next(each.parameters for each in ENDPOINTS if each.name == "api_events")
    told = {each.name for each in of_events}
    others = {
        each.name: each
        for endpoint in ENDPOINTS
        for each in endpoint.parameters
        if each.name not in told
    }
    return [
        ("parameters", _("Parameters of events"), [_row(each) for each in of_events]),
        ("more-parameters", _("Other parameters"), [_row(each) for each in others.values()]),
    ]


def _row(parameter: Parameter) -> Row:
    schema = parameter.schema.get("items", parameter.schema)
    among = ", ".join(each for each in schema.get("enum", ()) if not each.startswith("!"))
    takes = ""
    if "maximum" in schema:
        takes = _("%(least)s to %(most)s") % {"least": schema["minimum"], "most": schema["maximum"]}
    if parameter.repeated:
        takes = _("Repeatable; !value excludes.")
    return Row(parameter.name, str(parameter.meaning), among, takes, parameter.example)


def _examples() -> list[Example]:
    given = (
        (
            _("The newest events of a year with two actors, and counts by category"),
            [
                ("actor", "north-korea"),
                ("actor", "russia"),
                ("actors", "all"),
                ("year", "2024"),
                ("facets", "category"),
            ],
        ),
        (
            _("Only titles and dates, a hundred at a time"),
            [("page_size", "100"), ("fields", "public_id,title,date,url")],
        ),
        (_("What changed since a day"), [("updated_since", "2026-01-31"), ("sort", "-updated")]),
    )
    commands = [
        Example(words, f"curl --compressed '{absolute('api_events', pairs)}'")
        for words, pairs in given
    ]
    left = absolute("api_removed", [("since", "2026-01-31")])
    return [*commands, Example(_("What left the record since then"), f"curl '{left}'")]
