"""Every address of version 1, declared once: the URLs, the OpenAPI document and the reference
page are made from this list."""

from functools import partial
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from timeline.api import events, problems, things
from timeline.api.addresses import absolute
from timeline.api.answers import Answer, Endpoint
from timeline.api.parameters import (
    CURSOR,
    FACET_NAMES,
    KNOWN_BY,
    OF_EVENTS,
    SEARCH,
    SINCE,
    SIZE,
    UPDATED_SINCE,
    Parameter,
    Schema,
    fields,
)
from timeline.api.schemas import EVENT_FIELDS, thing_name

_FIELDS = fields(EVENT_FIELDS)
_WRONG = (problems.WRONG,)
_ONE = (problems.WRONG, problems.NOWHERE)
_EVENT = (problems.WRONG, problems.NOWHERE, problems.GONE)
ID = Parameter(
    "public_id",
    _("Eight letters and digits."),
    {"type": "string", "pattern": "^[0-9A-Za-z]{8}$"},
)
NUMBER = Parameter(
    "number",
    _("The number of the version."),
    {"type": "integer", "minimum": 1, "maximum": 99_999_999},
)


def _key(name: str) -> Parameter:
    return Parameter(
        name,
        _("Its name in addresses."),
        {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,80}$"},
    )


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_SUMMARIES = {
    "actors": (_("Actors, with how many events each takes part in"), _("An actor")),
    "topics": (_("Topics, with how many events each has"), _("A topic")),
    "categories": (_("Categories, with how many events each has"), _("A category")),
    "places": (_("Places, with how many events happened inside each"), _("A place")),
    "publishers": (_("Publishers, with how many events rest on each"), _("A publisher")),
    "metrics": (_("Metrics, with how many events give figures for each"), _("A metric")),
}


def _start(params: QueryDict) -> Answer:  # noqa: ARG001
    """The addresses of this version."""
    lists = [each for each in ENDPOINTS if each.path and not each.parts]
    told: dict[str, Any] = {each.name.removeprefix("api_"): absolute(each.name) for each in lists}
    described = absolute("api_openapi")
    return Answer(
        told | {"reference": absolute("api")},
        {"service-desc": described, "service-doc": absolute("api")},
    )


def _openapi(params: QueryDict) -> Answer:  # noqa: ARG001
    # Made from this list, so it can't be imported above it.
    from timeline.api.openapi import document

    return Answer(document())


def _of_things(kind: things.Kind) -> tuple[Endpoint, Endpoint]:
    many, one = _SUMMARIES[kind.name]

    def single(params: QueryDict, **parts: str) -> Answer:
        return things.thing(params, kind, parts[kind.key])

    name = thing_name(kind.name)
    return (
        Endpoint(
            kind.name,
            f"api_{kind.name}",
            many,
            partial(things.things, kind=kind),
            _ref(f"{name}List"),
            (SEARCH, CURSOR, SIZE),
            kinds=_WRONG,
        ),
        Endpoint(
            f"{kind.name}/{{{kind.key}}}",
            f"api_{kind.page}",
            one,
            single,
            _ref(name),
            parts={kind.key: _key(kind.key)},
            kinds=_ONE,
        ),
    )


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "",
        "api_start",
        _("The addresses of this version"),
        _start,
        {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}},
        kinds=_WRONG,
    ),
    Endpoint(
        "events",
        "api_events",
        _("Events: any selection of the timeline"),
        events.events,
        _ref("EventList"),
        (*OF_EVENTS, UPDATED_SINCE, FACET_NAMES, _FIELDS),
        kinds=_WRONG,
    ),
    Endpoint(
        "events/{public_id}",
        "api_event",
        _("An event"),
        events.event,
        {"anyOf": [_ref("Event"), _ref("EventInPart")]},
        (KNOWN_BY, _FIELDS),
        {"public_id": ID},
        _EVENT,
    ),
    Endpoint(
        "events/{public_id}/versions",
        "api_versions",
        _("The versions of an event, newest first"),
        events.versions,
        _ref("VersionList"),
        (CURSOR, SIZE),
        {"public_id": ID},
        _EVENT,
    ),
    Endpoint(
        "events/{public_id}/versions/{number}",
        "api_version",
        _("A version of an event, with the record as it was and what its hash is made of"),
        events.version,
        _ref("VersionInFull"),
        (),
        {"public_id": ID, "number": NUMBER},
        _EVENT,
    ),
    Endpoint(
        "removed",
        "api_removed",
        _("What left the record, oldest first: delete your copies of it"),
        events.removed,
        _ref("RemovedList"),
        (SINCE, CURSOR, SIZE),
        kinds=_WRONG,
    ),
    *(endpoint for kind in things.KINDS for endpoint in _of_things(kind)),
    Endpoint(
        "sources",
        "api_sources",
        _("Sources, with how many events cite each"),
        things.sources,
        _ref("SourceEntryList"),
        (CURSOR, SIZE),
        kinds=_WRONG,
    ),
    Endpoint(
        "sources/{public_id}",
        "api_source",
        _("A source"),
        things.source,
        _ref("SourceEntry"),
        parts={"public_id": ID},
        kinds=_ONE,
    ),
    Endpoint(
        "openapi.json",
        "api_openapi",
        _("This API as an OpenAPI 3.1 document"),
        _openapi,
        {"type": "object"},
        kinds=_WRONG,
    ),
)
