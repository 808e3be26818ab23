"""The OpenAPI 3.1 document, made from the endpoints, their parameters and the record's types."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from timeline.api.addresses import absolute
from timeline.api.answers import Endpoint
from timeline.api.endpoints import ENDPOINTS
from timeline.api.parameters import Parameter
from timeline.api.problems import BROKEN, MEDIA_TYPE, UNREADABLE, Kind
from timeline.api.schemas import components

VERSION = "1.0"
_HEADERS = {
    "ETag": {"schema": {"type": "string"}, "description": "Send it back as If-None-Match."},
    "Link": {"schema": {"type": "string"}, "description": "Other pages and forms (RFC 8288)."},
}


def document() -> dict[str, Any]:
    """The whole document."""
    start = absolute("api_start").rstrip("/")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": str(settings.SITE_NAME),
            "version": VERSION,
            "description": _("The public record, read only. Explained at %(address)s.")
            % {"address": absolute("api")},
            **({"license": {"name": str(settings.LICENCE)}} if settings.LICENCE else {}),
        },
        "servers": [{"url": start}],
        "externalDocs": {"url": absolute("api")},
        "paths": {f"/{each.path}": {"get": _operation(each)} for each in ENDPOINTS},
        "components": {"schemas": components()},
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    described = [_parameter(each, "path") for each in endpoint.parts.values()]
    described += [_parameter(each, "query") for each in endpoint.parameters]
    responses: dict[str, Any] = {
        "200": {
            "description": str(endpoint.summary),
            "headers": _HEADERS,
            "content": {endpoint.media_type: {"schema": endpoint.result}},
        }
    }
    if endpoint.parts:
        moved = _("It has another address now: renamed, or merged into another.")
        responses["301"] = {"description": moved}
    responses |= {
        str(kind.status): _problem(kind) for kind in (*endpoint.kinds, BROKEN, UNREADABLE)
    }
    return {
        "operationId": endpoint.name.removeprefix("api_"),
        "summary": str(endpoint.summary),
        **({"parameters": described} if described else {}),
        "responses": responses,
    }


def _problem(kind: Kind) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": str(kind.title), "content": {MEDIA_TYPE: {"schema": schema}}}


def _parameter(parameter: Parameter, where: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": parameter.name,
        "in": where,
        "required": where == "path",
        "description": str(parameter.meaning),
        "schema": parameter.schema,
    }
    if parameter.repeated or parameter.listed:
        made |= {"style": "form", "explode": parameter.repeated}
    if parameter.example:
        made["example"] = _example(parameter)
    return made


def _example(parameter: Parameter) -> Any:
    if parameter.repeated or parameter.listed:
        return parameter.example.split(",")
    return int(parameter.example) if parameter.schema["type"] == "integer" else parameter.example
