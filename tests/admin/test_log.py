"""Who did what and when, at the desk; and what goes to the log of security."""

import json
import logging

import pytest
from django.contrib.auth.models import Group

from tests.admin.conftest import event_data, signed_in
from tests.admin.sending import sent
from tests.make import cite, make_actor, make_category, make_draft
from timeline.models import Change, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(caplog):
    """The lines of the security log as objects, when asked."""
    logger = logging.getLogger("timeline.security")
    logger.addHandler(caplog.handler)
    yield lambda: [
        json.loads(each.getMessage()) for each in caplog.records if each.name == logger.name
    ]
    logger.removeHandler(caplog.handler)


def last(**wanted):
    return Change.objects.filter(**wanted).order_by("-pk").first()


def test_a_saved_event_says_who_and_which_fields():
    editor = signed_in("Editor")
    editor.post(
        "/admin/timeline/event/add/",
        event_data(
            {"link": "https://example.org/", "stance": "reports"}, category=make_category().pk
        ),
    )
    event = Event.objects.get()
    assert last(model="source").by == editor.user
    address = f"/admin/timeline/event/{event.pk}/change/"
    editor.post(address, sent(editor.get(address)) | {"title": "Another title", "_save": "1"})
    change = last(model="event")
    assert (change.by, change.name, change.what) == (editor.user, "Another title", "title")


def test_a_publication_says_its_version():
    publisher = signed_in("Publisher")
    draft = make_draft()
    cite(draft)
    publisher.post("/admin/timeline/event/", {"action": "publish", "_selected_action": [draft.pk]})
    change = last(model="event")
    assert (change.by, change.what) == (publisher.user, "first, version 1")


def test_a_shared_record_says_who_and_which_fields():
    editor = signed_in("Editor")
    actor = make_actor("Kim")
    address = f"/admin/timeline/actor/{actor.pk}/change/"
    editor.post(address, sent(editor.get(address)) | {"name": "Kim Jong Un", "_save": "1"})
    change = last(model="actor")
    assert (change.by, change.name, change.what) == (editor.user, "Kim Jong Un", "name")


def test_nobody_acts_after_the_request():
    editor = signed_in("Editor")
    editor.get("/admin/")
    make_actor("By a command")
    assert last(model="actor").by is None


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("Contributor", 403),
        ("Editor", 403),
        ("Publisher", 403),
        ("Administrator", 200),
        ("Auditor", 200),
    ],
)
def test_who_reads_the_log(role, status):
    client = signed_in(role)
    make_actor("Somebody in the log")
    response = client.get("/admin/timeline/change/?q=somebody")
    assert response.status_code == status
    change = last(model="actor")
    page = f"/admin/timeline/change/{change.pk}/change/"
    assert client.get(page).status_code == status
    client.post(page, {"name": "Forged", "_save": "1"})
    client.post(f"/admin/timeline/change/{change.pk}/delete/", {"post": "yes"})
    assert client.post("/admin/timeline/change/add/", {"name": "Forged"}).status_code == 403
    change.refresh_from_db()
    assert change.name == "Somebody in the log"
    if status == 200:
        assert b"Somebody in the log" in response.content


def test_roles_and_passwords_are_in_both_logs(lines):
    admin = signed_in("Administrator")
    eve = signed_in("Editor", "eve").user
    address = f"/admin/auth/user/{eve.pk}/change/"
    publisher = Group.objects.get(name="Publisher")
    admin.post(address, sent(admin.get(address)) | {"groups": [publisher.pk], "_save": "1"})
    change = last(model="user")
    assert (change.by, change.name, change.what) == (
        admin.user,
        "eve",
        "roles: +Publisher, -Editor",
    )
    (line,) = [each for each in lines() if each["event"] == "roles_changed"]
    assert (line["by"], line["of"], line["added"], line["removed"]) == (
        "administrator",
        "eve",
        ["Publisher"],
        ["Editor"],
    )
    new = {"password1": "a-long-word-of-mine-91", "password2": "a-long-word-of-mine-91"}
    changed = admin.post(f"/admin/auth/user/{eve.pk}/password/", {**new, "usable_password": "true"})
    assert changed.status_code == 302, changed.content.decode()
    assert last(model="user").what == "password"
    assert lines()[-1]["event"] == "password_changed"
    assert "a-long-word-of-mine-91" not in json.dumps(lines())


def test_who_comes_goes_and_is_refused(lines, client):
    signed_in("Contributor", "carl")
    client.post("/admin/login/", {"username": "carl", "password": "wrong-word"})
    client.post("/admin/login/", {"username": "carl", "password": "x"})
    client.get("/admin/timeline/change/")
    client.post("/admin/logout/")
    told = [(each["event"], each.get("of") or each["by"]) for each in lines()[1:]]
    assert told == [
        ("login_failed", "carl"),
        ("login", "carl"),
        ("refused", "carl"),
        ("logout", "carl"),
    ]
    assert "wrong-word" not in json.dumps(lines())
