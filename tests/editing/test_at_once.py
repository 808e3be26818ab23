"""Two people change the record at the same moment: one waits for the other, both get through."""

import threading
import time

import pytest
from django.db import DatabaseError, connection, transaction

from tests.make import make_event
from timeline.editing import events, things
from timeline.models import Actor, Event

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_form_and_a_bulk_action_do_not_wait_for_each_other_for_ever():
    first, second = make_event(status="draft"), make_event(status="draft")
    held, troubles = threading.Event(), []

    def form():
        with transaction.atomic():
            events.hold(second.pk)
            held.set()
            time.sleep(0.3)  # the other one is at the second event meanwhile
            things.store(Actor(name="Somebody new"))

    def bulk():
        held.wait(5)
        events.publish([first, second], by=None)

    def run(act):
        try:
            act()
        except DatabaseError as error:
            troubles.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in (form, bulk)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert troubles == []
    assert Event.objects.public().count() == 2
    assert Actor.objects.get().name == "Somebody new"
