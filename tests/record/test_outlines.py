"""Outlines: what lists show of events, read by statements of their own."""

import pytest

from tests.loaded import demo_record
from timeline.models import Event
from timeline.record.fetching import records_of
from timeline.record.outlines import outline, outlines

pytestmark = pytest.mark.django_db


def test_an_outline_is_that_of_the_record():
    """However it is read, and with everything that some event of the demo has."""
    demo_record()
    keys = list(Event.objects.public().order_by("-sort_date", "pk").values_list("pk", flat=True))
    found = outlines(keys)
    assert found == {key: outline(record) for key, record in records_of(keys).items()}
    assert list(found) == keys
    every = list(found.values())
    assert any(cited.agency for each in every for cited in each.citations)
    assert any(cited.speaker for each in every for cited in each.citations)
    assert any(counted.publisher for each in every for counted in each.figures)
    assert any(each.dateline for each in every)


def test_what_is_not_public_has_no_outline():
    demo_record()
    key = Event.objects.public().order_by("pk").values_list("pk", flat=True)[0]
    Event.objects.filter(pk=key).update(category=None)
    assert outlines([key])[key].category is None
    Event.objects.filter(pk=key).update(status="withdrawn")
    assert outlines([key]) == {}
    assert outlines([]) == {}
