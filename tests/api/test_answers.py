"""Headers, methods and refusals: what a program is told when it asks in the wrong way."""

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from tests.api.test_document import document
from tests.loaded import demo_record
from tests.make import make_event, make_term, make_topic
from timeline.api import events as endpoint
from timeline.editing import events as editing
from timeline.web.cached import CONTROL, kept

pytestmark = pytest.mark.django_db
ADDRESSES = ("", "events", "removed", "actors", "metrics", "sources", "openapi.json", "nowhere/at")


@pytest.mark.parametrize("below", ADDRESSES)
def test_everybody_may_ask_and_nobody_is_known(client, below):
    make_event()
    client.cookies["sessionid"] = "made-up"
    for ask in (client.get, client.head, client.options, client.post, client.delete):
        response = ask(f"/api/v1/{below}")
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Cookie" not in response.get("Vary", "")
        assert not response.cookies or list(response.cookies) == ["sessionid"]
        assert "Set-Cookie" not in response


def test_headers_of_an_answer(client):
    make_event()
    response = client.get("/api/v1/events")
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == CONTROL
    assert response["Access-Control-Expose-Headers"] == "ETag, Link, Retry-After"
    assert 'rel="canonical"' in response["Link"]
    head = client.head("/api/v1/events")
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == response["ETag"]


def test_unchanged_is_not_sent_again(client):
    event = make_event()
    for address in ("/api/v1/events", "/api/v1/actors", "/api/v1/removed", "/api/v1/openapi.json"):
        tag = client.get(address)["ETag"]
        again = client.get(address, headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert again["Access-Control-Allow-Origin"] == "*"
    tag = client.get("/api/v1/events")["ETag"]
    editing.withdraw([event], by=None, reason="It was not so.")
    later = client.get("/api/v1/events", headers={"if-none-match": tag})
    assert later.json()["count"] == 0


def test_options_of_one_query_are_not_another_answer(client):
    """Kept bytes know every parameter that makes another answer."""
    make_event()
    seen = {
        client.get(f"/api/v1/events?{query}").content
        for query in ("", "fields=title", "fields=url", "facets=year", "updated_since=2999-01-01")
    }
    assert len(seen) == 5


def test_preflight(client):
    response = client.options("/api/v1/events")
    assert response.status_code == 204
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert int(response["Access-Control-Max-Age"]) > 0


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_other_methods_are_refused(client, method):
    response = getattr(client, method)("/api/v1/events")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "named", "said"),
    [
        ("acter=kim", "acter", "“actor”"),
        ("fields=tittle", "fields", "“title”"),
        ("facets=actors", "facets", "“actor”"),
        ("facets=", "facets", "is empty"),
        ("q=", "q", "is empty"),
        ("page_size=201", "page_size", "from 1 to 200"),
        ("page_size=5&page_size=5", "page_size", "given 2 times"),
        ("updated_since=soon", "updated_since", "2026-01-31"),
        ("updated_since=0001", "updated_since", "2026-01-31"),
        ("cursor=abc", "cursor", "not a place"),
        ("actor=nobody", "actor", "not in the record"),
        ("view=compact", "view", "not a parameter"),
        ("year=24", "year", "four digits"),
        ("utm_source=mail", "utm_source", "not a parameter"),
    ],
)
def test_what_is_wrong_is_named(client, query, named, said):
    make_event()
    response = client.get(f"/api/v1/events?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == 400
    assert problem["type"].endswith("/api/#parameter")
    (error,) = problem["errors"]
    assert error["parameter"] == named
    assert said in error["detail"]


def test_every_type_of_problem_is_explained(client):
    page = client.get("/api/").content.decode()
    for anchor in ("parameter", "nothing-here", "method", "withdrawn", "broken", "unavailable"):
        assert f'id="{anchor}"' in page


def test_our_own_faults_are_problems_too(client, monkeypatch):
    make_event()

    def fail(*_given, **_options):
        raise ZeroDivisionError

    monkeypatch.setattr(endpoint, "told", fail)
    response = client.get("/api/v1/events")
    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert "ZeroDivision" not in response.content.decode()

    def unreachable(*_given, **_options):
        raise OperationalError

    monkeypatch.setattr(endpoint, "told", unreachable)
    response = client.get("/api/v1/events")
    assert response.status_code == 503
    assert response["Retry-After"]


def test_every_example_can_be_tried(client):
    demo_record()
    tried = 0
    for path, operations in document()["paths"].items():
        for parameter in operations["get"].get("parameters", ()):
            if parameter["in"] == "query" and "example" in parameter and "{" not in path:
                example = parameter["example"]
                written = ",".join(example) if isinstance(example, list) else example
                response = client.get(f"/api/v1{path}", {parameter["name"]: written})
                assert response.status_code == 200, (path, parameter["name"], response.content)
                tried += 1
    assert tried > 20


def test_the_page_for_people_names_everything(client):
    page = client.get("/api/").content.decode()
    for path in document()["paths"]:
        assert f"/api/v1{path}" in page
    for parameter in document()["paths"]["/events"]["get"]["parameters"]:
        assert f"<code>{parameter['name']}</code>" in page
    assert "/api/" in client.get("/").content.decode()


def test_a_list_in_the_records_own_words_reads_no_glossary(client):
    make_event(topics=[make_topic("Munitions")])
    make_term("Munitions", "탄약", "topic")
    client.get("/api/v1/topics")  # the index reads what things are searched by
    kept.forget()
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/api/v1/topics").json()
    assert "Munitions" in str(answer)
    assert not [each["sql"] for each in queries if "timeline_term" in each["sql"]]
