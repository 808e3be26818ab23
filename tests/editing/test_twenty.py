"""Twenty at once: whatever they all ask for happens once, and the chain holds.

Threads with connections of their own; on SQLite they wait for the file as processes do.
"""

import threading

import pytest
from django.db import DatabaseError, connection

from tests.make import cite, make_draft, make_event, make_source
from timeline.editing import copies, events, history
from timeline.editing.publishing import StepRefused
from timeline.editing.versions import Release
from timeline.models import Event, Version

pytestmark = pytest.mark.django_db(transaction=True)
TWENTY = 20


def all_at_once(act):
    """Let twenty do it at one moment; returns how many got through, and what stopped others."""
    start, done, refused, troubles = threading.Barrier(TWENTY), [], [], []

    def run():
        try:
            start.wait(20)
            act()
            done.append(1)
        except (StepRefused, Event.DoesNotExist) as refusal:
            refused.append(str(refusal))
        except DatabaseError as error:
            troubles.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _each in range(TWENTY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert troubles == []
    assert len(done) + len(refused) == TWENTY
    return len(done)


def test_twenty_publish_one_draft():
    draft = make_draft()
    cite(draft)
    assert all_at_once(lambda: events.publish([draft], by=None)) == TWENTY
    assert [each.kind for each in Version.objects.all()] == ["first"]
    draft.refresh_from_db()
    assert draft.version == 1


def test_twenty_merge_one_event():
    keep, gone = make_event(), make_event(sources=[make_source(), make_source()])
    assert all_at_once(lambda: events.merge(keep, gone, by=None)) == 1
    assert [each.kind for each in gone.versions.order_by("number")] == ["first", "merged"]
    assert [each.kind for each in keep.versions.order_by("number")] == ["first", "update"]
    assert keep.citations.count() == 3
    assert history.verify().wrong == []


def test_twenty_begin_and_publish_changes_of_one_event():
    event = make_event()

    def change():
        copy = copies.begin(event, by=None)
        copies.publish(copy, by=None, release=Release())

    published = all_at_once(change)
    event.refresh_from_db()
    assert event.version == 1 + published
    assert event.versions.count() == 1 + published
    assert event.citations.count() == 1
    assert not Event.objects.copies().exists()
    assert history.verify().wrong == []


def test_twenty_publish_twenty_events_in_one_chain():
    drafts = [make_draft() for _each in range(TWENTY)]
    for draft in drafts:
        cite(draft)
    waiting = list(drafts)
    assert all_at_once(lambda: events.publish([waiting.pop()], by=None)) == TWENTY
    assert history.verify().verified == TWENTY
