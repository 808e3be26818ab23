"""What a program makes of the OpenAPI document, right and wrong, is answered as it says there.

In process, from a fixed seed: every check of schemathesis, on requests that fit the document and
on ones that don't. A slug, a date or a search may fit its pattern and yet be in no record, so a
fitting request may also be refused with 400.
"""

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

pytestmark = pytest.mark.django_db
EXAMPLES = figure(20, 200)
"""For each operation, fitting requests, and as many that don't fit."""


def _config():
    return schemathesis.Config.from_dict(
        {
            "seed": 2026,
            "checks": {
                "positive_data_acceptance": {
                    "expected-statuses": ["2xx", "3xx", "400", "404", "410"]
                }
            },
        }
    )


@pytest.fixture
def kept_open():
    """A server closes connections between requests; the test's record would be gone with it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_schemathesis_finds_nothing(kept_open, record_property):  # noqa: ARG001
    demo_record()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler(), config=_config())
    seen = Counter()
    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if mode == GenerationMode.NEGATIVE and not (
                operation.query or operation.path_parameters
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
                response = case.call_and_validate(headers={"Accept-Encoding": "identity"})
                seen[response.status_code] += 1

            ask()
    record_property("answers", dict(seen))
    # Plenty of each kind.
    assert seen[200] > 5 * EXAMPLES, seen
    assert seen[400] > 5 * EXAMPLES, seen
    assert seen[404] > EXAMPLES, seen
