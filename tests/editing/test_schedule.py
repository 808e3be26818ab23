"""Publishing at a chosen moment: drafts and changes, to the minute, by nobody's request."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone

from tests.admin.conftest import event_data, signed_in
from tests.admin.sending import sent
from tests.make import cite, make_category, make_draft, make_event
from timeline.editing import copies, events, schedule
from timeline.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher():
    return signed_in("Publisher")


def schedule_it(event, user, at, kind="", note=""):
    event.publish_at, event.publish_by = at, user
    event.publish_kind, event.publish_note = kind, note
    event.save()


def due_in(minutes):
    return timezone.now() + timedelta(minutes=minutes)


def test_a_draft_is_published_at_its_moment_and_not_before(publisher):
    draft = make_draft()
    cite(draft)
    schedule_it(draft, publisher.user, due_in(5))
    assert schedule.publish_due(due_in(4)).published == []
    assert schedule.publish_due(due_in(5)).published == [draft.title]
    assert schedule.publish_due(due_in(6)).published == []
    draft.refresh_from_db()
    assert (draft.status, draft.publish_at, draft.version) == ("published", None, 1)
    assert draft.versions.get().author == publisher.user


def test_changes_are_published_with_what_was_said_of_them(publisher):
    event = make_event()
    copy = copies.begin(event, by=publisher.user)
    copy.title = "It is so from tomorrow"
    schedule_it(copy, publisher.user, due_in(5), "correction", "It was not so.")
    schedule.publish_due(due_in(6))
    event.refresh_from_db()
    version = event.versions.get(number=2)
    assert event.title == "It is so from tomorrow"
    assert (version.kind, version.public_note) == ("correction", "It was not so.")


def test_what_the_rules_refuse_is_not_published_and_says_why(publisher, caplog):
    draft = make_draft(title="No source yet")
    schedule_it(draft, publisher.user, due_in(5))
    with caplog.at_level("WARNING", "timeline.schedule"):
        done = schedule.publish_due(due_in(6))
    assert done.published == []
    assert "Add a source" in done.refused[0][1]
    assert "Add a source" in caplog.text
    assert schedule.publish_due(due_in(7)).refused == []
    draft.refresh_from_db()
    assert draft.status == "draft"
    page = publisher.get(f"/admin/timeline/event/{draft.pk}/change/").content.decode()
    assert "Not published at the chosen moment: Add a source" in page
    assert "Not published at the chosen moment" in publisher.get("/admin/").content.decode()


def test_who_lost_the_right_does_not_publish(publisher):
    draft = make_draft()
    cite(draft)
    schedule_it(draft, publisher.user, due_in(5))
    publisher.user.groups.clear()
    assert "may not publish any more" in schedule.publish_due(due_in(6)).refused[0][1]


def test_changes_of_what_was_withdrawn_are_refused(publisher):
    event = make_event()
    copy = copies.begin(event, by=publisher.user)
    schedule_it(copy, publisher.user, due_in(5), "update")
    events.withdraw([event], by=None, reason="Wrong.")
    assert "not public any more" in schedule.publish_due(due_in(6)).refused[0][1]


def test_the_form_schedules_and_a_passed_moment_is_refused(publisher):
    address = "/admin/timeline/event/add/"
    data = event_data(
        {"link": "https://example.org/", "stance": "reports"},
        category=make_category().pk,
        status="published",
    )
    at = timezone.localtime(due_in(60)).strftime("%Y-%m-%d %H:%M")
    assert publisher.post(address, data | {"publish_at": at}).status_code == 302
    event = Event.objects.get()
    assert (event.status, event.publish_by) == ("draft", publisher.user)
    assert schedule.publish_due(due_in(61)).published == [event.title]
    late = publisher.post(address, data | {"publish_at": "2020-01-01 09:00"})
    assert "This moment has passed" in late.content.decode()


def test_who_may_not_publish_sets_no_moment_and_takes_one_away(publisher):
    editor = signed_in("Editor")
    at = timezone.localtime(due_in(60)).strftime("%Y-%m-%d %H:%M")
    data = event_data(
        {"link": "https://example.org/", "stance": "reports"}, category=make_category().pk
    )
    editor.post("/admin/timeline/event/add/", data | {"publish_at": at})
    event = Event.objects.get()
    assert event.publish_at is None
    schedule_it(event, publisher.user, due_in(60))
    address = f"/admin/timeline/event/{event.pk}/change/"
    form = sent(editor.get(address))
    assert (
        editor.post(address, form | {"title": "Words nobody read", "_save": "1"}).status_code == 302
    )
    event.refresh_from_db()
    assert (event.title, event.publish_at) == ("Words nobody read", None)
    assert schedule.publish_due(due_in(61)).published == []


def test_the_command_says_what_it_did(capsys):
    user = User.objects.create_superuser("boss")
    draft = make_draft(title="Published by the command")
    cite(draft)
    schedule_it(draft, user, due_in(-1))
    call_command("publish_due")
    assert "Published: Published by the command" in capsys.readouterr().out
