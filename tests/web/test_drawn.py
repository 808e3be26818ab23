"""Cards that are kept: one drawing serves many lists, and none after its event changed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.make import make_actor, make_event, make_source
from timeline.editing import events, things
from timeline.web import cached
from timeline.web.drawn import drawn

pytestmark = pytest.mark.django_db


def cards(*made, **form):
    return {key: str(card.html) for key, card in drawn([each.pk for each in made], **form).items()}


def asked(*made):
    with CaptureQueriesContext(connection) as queries:
        drawn([each.pk for each in made])
    return len(queries)


def test_a_card_is_drawn_once():
    one, two = make_event(title="One"), make_event(title="Two")
    asked(one)  # builds the index
    assert asked(one, two) - asked(two, one) == 5, "an outline is read in five statements"
    assert list(cards(two, one)) == [two.pk, one.pk]


def test_each_form_has_its_own():
    event = make_event(title="A summit", summary="They met.")
    full, dense, lower = cards(event), cards(event, compact=True), cards(event, level=4)
    assert "They met." in full[event.pk]
    assert "They met." not in dense[event.pk]
    assert "1 source: " in cards(event, brief=True)[event.pk]
    assert "<h3>" in full[event.pk]
    assert "<h4>" in lower[event.pk]


def test_each_language_has_its_own():
    event = make_event(date="2018-06-12")
    assert "June" in cards(event)[event.pk]
    with translation.override("ko"):
        assert "June" not in cards(event)[event.pk]


def test_a_renamed_actor_is_renamed_on_every_card():
    actor = make_actor("Kim")
    event = make_event(actors=[(actor, "host")])
    assert "Kim" in cards(event)[event.pk]
    actor.name = "Kim Jong Un"
    things.store(actor)
    assert "Kim Jong Un" in cards(event)[event.pk]


def test_what_was_withdrawn_is_on_no_list(client):
    source = make_source()
    event = make_event(title="A leak", sources=[source])
    make_event(title="Another", sources=[source])
    for address in ("/", source.get_absolute_url()):
        assert "A leak" in client.get(address).content.decode()
    events.withdraw([event], by=None, reason="It was never so.")
    for address in ("/", source.get_absolute_url()):
        cached.kept.forget()
        assert "A leak" not in client.get(address).content.decode()
    assert cards(event) == {}
