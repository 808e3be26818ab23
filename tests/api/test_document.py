"""The OpenAPI document is valid, and says what the API does."""

import copy
import json

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.loaded import demo_record
from timeline.api.endpoints import ENDPOINTS
from timeline.api.openapi import document
from timeline.api.schemas import ENUMERATIONS, EVENT_FIELDS, MEANINGS
from timeline.browse.described import MEANINGS as DESCRIBED
from timeline.browse.filters import PARAMETERS
from timeline.models import Event, Source

pytestmark = pytest.mark.django_db


def closed(schema):
    """The same schema, but an object with a field that it doesn't name is wrong."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(each) for key, each in schema.items()}
    if "properties" in made and made.get("type") == "object":
        made["additionalProperties"] = False
    return made


def validator(endpoint):
    whole = copy.deepcopy(endpoint.result) | {"components": document()["components"]}
    return Draft202012Validator(closed(whole), format_checker=FormatChecker())


def wrong(name, body):
    endpoint = next(each for each in ENDPOINTS if each.name == f"api_{name}")
    return [error.message for error in validator(endpoint).iter_errors(body)]


def test_the_document_is_valid(client):
    OpenAPIV31SpecValidator(document()).validate()
    response = client.get("/api/v1/openapi.json")
    assert json.loads(response.content) == json.loads(json.dumps(document()))
    assert response["ETag"]


def test_everything_is_described():
    assert set(DESCRIBED) == set(PARAMETERS)
    assert set(MEANINGS) == set(EVENT_FIELDS)
    schemas = document()["components"]["schemas"]
    for (kind, name), values in ENUMERATIONS.items():
        described = schemas.get(kind.removesuffix("Record")) or next(
            schema
            for schema in schemas.values()
            if kind.endswith("InFull") and name in schema.get("properties", {})
        )
        assert name in described["properties"], (kind, name)
        assert values
    for operation in (each["get"] for each in document()["paths"].values()):
        for parameter in operation.get("parameters", ()):
            assert parameter["description"], parameter


def test_every_answer_is_what_the_document_says(client):
    demo_record()
    event, source = Event.objects.public().first(), Source.objects.public().first()
    keys = {
        "event": [event.public_id],
        "versions": [f"{event.public_id}/versions"],
        "version": [f"{event.public_id}/versions/1"],
        "source": [source.public_id],
    }
    below = {"version": "events", "versions": "events", "event": "events", "source": "sources"}
    for name, (key,) in keys.items():
        body = client.get(f"/api/v1/{below[name]}/{key}").json()
        assert wrong(name, body) == [], name
    many = [each for each in ENDPOINTS if each.path and not each.parts]
    for endpoint in many:
        body = client.get(
            f"/api/v1/{endpoint.path}?page_size=200"
            if endpoint.parameters
            else f"/api/v1/{endpoint.path}"
        ).json()
        if endpoint.name == "api_openapi":
            continue
        assert list(validator(endpoint).iter_errors(body)) == [], endpoint.name
        if endpoint.name in ("api_events", "api_removed"):
            continue
        first = body["results"][0]
        key = first.get("code") or first.get("slug") or first["public_id"]
        one = client.get(f"/api/v1/{endpoint.path}/{key}").json()
        assert one == first


def test_a_strange_field_would_be_found():
    body = {"count": 0, "next": None, "results": [], "strange": 1}
    assert wrong("removed", body)
