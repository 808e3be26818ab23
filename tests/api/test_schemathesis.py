"""What a program makes of the OpenAPI document, right and wrong, is answered as it says there.

In process, from a fixed seed: every check of schemathesis. A slug may fit its pattern and be in
no record, so fitting requests are drawn from a narrower document, which names values of the
demo; each of those must be answered. What doesn't fit is drawn from the document as it is.
"""

import copy
from collections import Counter

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from tests.figures import figure
from tests.loaded import demo_record
from timeline.api.openapi import document
from timeline.index import FACETS, Selection, answer
from timeline.models import Event, Source

pytestmark = pytest.mark.django_db
EXAMPLES = figure(20, 400)
"""Of each operation, for each mode."""
DATES = ["2024", "2024-10", "2024-10-20", "autumn 2024", "2024-10-20~", "12 June 2018"]


@pytest.fixture
def kept_open():
    """A server closes connections between requests; the test's record would be gone with it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def narrowed():
    """The document with values that the demo has, wherever it says no more than how they look."""
    made = copy.deepcopy(document())
    facets = answer(Selection(page_size=1)).facets
    values = {name: [each.value for each in facets[name].values][:8] for name in FACETS}
    others = {
        **dict.fromkeys(("from", "to", "since", "updated_since"), DATES),
        "known_by": ["2024-11-01", "2019-01-01"],
        "q": ["troops", "북한", '"north korea"', "miss*", "-troops"],
    }
    keys = {
        "actors": values["actor"],
        "topics": values["topic"],
        "categories": values["category"],
        "places": values["place"],
        "publishers": values["publisher"],
        "metrics": values["metric"],
        "events": [each.public_id for each in Event.objects.public()[:5]],
        "sources": [each.public_id for each in Source.objects.public()[:5]],
    }
    for path, operations in made["paths"].items():
        operation = operations["get"]
        # Cursors are not made by hand.
        kept = [each for each in operation.get("parameters", ()) if each["name"] != "cursor"]
        for parameter in kept:
            name, schema = parameter["name"], parameter["schema"]
            if parameter["in"] == "path":
                key = {"minimum": 1, "maximum": 1} if name == "number" else {}
                schema |= key or {"enum": keys[path.split("/")[1]]}
            elif name in FACETS:
                schema["items"] = {"type": "string", "enum": values[name]}
            elif name in others:
                parameter["schema"] = {"type": "string", "enum": others[name]}
            parameter.pop("example", None)
        operation["parameters"] = kept
    return made


def ask_all(described, mode):
    """Ask every operation; how often each status was the answer."""
    config = schemathesis.Config.from_dict({"seed": 2026})
    schema = schemathesis.openapi.from_dict(described, config=config)
    schema.app = WSGIHandler()
    seen = Counter()
    for result in schema.get_all_operations():
        operation = result.ok()
        if (
            mode == GenerationMode.NEGATIVE
            and not operation.query
            and not operation.path_parameters
        ):
            continue

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            # The client of WSGI unpacks nothing.
            response = case.call_and_validate(headers={"Accept-Encoding": "identity"})
            # A name with an empty list is not sent, so what was wrong isn't either.
            if mode == GenerationMode.POSITIVE or [] not in case.query.values():
                seen[response.status_code] += 1

        ask()
    return seen


def test_what_fits_is_answered(kept_open, record_property):  # noqa: ARG001
    demo_record()
    seen = ask_all(narrowed(), GenerationMode.POSITIVE)
    record_property("answers", dict(seen))
    assert seen[200] > 5 * EXAMPLES, seen
    # An event may not have been known by a day.
    assert not seen.keys() - {200, 404}, seen


@pytest.mark.sqlite  # refused before any database is asked
def test_what_does_not_fit_is_refused(kept_open, record_property):  # noqa: ARG001
    demo_record()
    seen = ask_all(document(), GenerationMode.NEGATIVE)
    record_property("answers", dict(seen))
    assert seen[400] > 5 * EXAMPLES, seen
    assert not seen.keys() - {400, 404}, seen
