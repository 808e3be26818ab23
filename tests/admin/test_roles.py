"""Roles × pages: who may open, change, publish and delete what."""

import pytest

from tests.admin.conftest import event_data, signed_in
from tests.make import make_actor, make_category, make_draft, make_event
from timeline.editing.permissions import TABLE
from timeline.models import Actor, Event

pytestmark = pytest.mark.django_db
LIST = "/admin/timeline/event/"


def page(event):
    return f"/admin/timeline/event/{event.pk}/change/"


# role: event list, add event, another's draft, a public event's save button, actors, users, texts
MATRIX = {
    "Contributor": (200, 200, 302, False, 200, 403, 200),
    "Editor": (200, 200, 200, True, 200, 403, 200),
    "Publisher": (200, 200, 200, True, 200, 403, 200),
    "Administrator": (200, 200, 200, True, 200, 200, 200),
    "Auditor": (200, 403, 200, False, 200, 200, 200),
}


@pytest.mark.parametrize("role", TABLE)
def test_the_matrix(role):
    client = signed_in(role)
    draft, public = make_draft(title="A draft of somebody else"), make_event()
    found = (
        client.get(LIST).status_code,
        client.get(LIST + "add/").status_code,
        client.get(page(draft)).status_code,
        b'name="_save"' in client.get(page(public)).content,
        client.get("/admin/timeline/actor/").status_code,
        client.get("/admin/auth/user/").status_code,
        client.get("/admin/timeline/sitetext/").status_code,
    )
    assert found == MATRIX[role]
    shown = "A draft of somebody else" in client.get(LIST).content.decode()
    assert shown is (role != "Contributor")


@pytest.mark.parametrize("role", ["Contributor", "Editor"])
def test_who_may_not_publish_is_not_offered_it_and_cannot_force_it(role):
    client = signed_in(role)
    text = client.get(LIST + "add/").content.decode()
    assert 'value="published"' not in text
    assert "Ready for review: a publisher decides." in text
    data = event_data(
        {"link": "https://example.org/", "stance": "reports"},
        category=make_category().pk,
        status="published",
    )
    assert client.post(LIST + "add/", data).status_code == 200
    assert not Event.objects.exists()


@pytest.mark.parametrize("role", ["Contributor", "Editor", "Auditor"])
def test_a_public_event_is_changed_by_publishers_only(role):
    client = signed_in(role)
    event = make_event(title="The public title stands")
    client.post(page(event), event_data(title="Another title"))
    action = {"action": "publish", "_selected_action": [event.pk]}
    client.post(LIST, action)
    event.refresh_from_db()
    assert (event.title, event.version) == ("The public title stands", 1)


def test_a_contributor_keeps_to_own_drafts():
    client = signed_in("Contributor")
    client.post(LIST + "add/", event_data(title="My own draft is here"))
    own = Event.objects.get()
    other = make_draft(title="A draft of another")
    assert client.get(page(own)).status_code == 200
    client.post(page(other), event_data(title="Taken over"))
    client.post(f"/admin/timeline/event/{other.pk}/delete/", {"post": "yes"})
    other.refresh_from_db()
    assert other.title == "A draft of another"
    assert (
        client.post(f"/admin/timeline/event/{own.pk}/delete/", {"post": "yes"}).status_code == 302
    )
    assert list(Event.objects.all()) == [other]


def test_what_was_public_has_no_delete(root):
    event = make_event()
    root.post(f"/admin/timeline/event/{event.pk}/delete/", {"post": "yes"})
    assert Event.objects.exists()


def test_an_auditor_changes_nothing():
    client = signed_in("Auditor")
    actor, draft = make_actor("Kept as it is"), make_draft()
    client.post(f"/admin/timeline/actor/{actor.pk}/change/", {"name": "Changed"})
    client.post(page(draft), event_data(title="Changed"))
    client.post(LIST, {"action": "send_to_review", "_selected_action": [draft.pk]})
    draft.refresh_from_db()
    assert Actor.objects.get().name == "Kept as it is"
    assert draft.status == "draft"
    assert draft.title != "Changed"


def test_an_administrator_makes_no_superuser():
    client = signed_in("Administrator")
    user = signed_in("Editor", "eve").user
    address = f"/admin/auth/user/{user.pk}/change/"
    assert "is_superuser" not in client.get(address).content.decode()
    data = {"username": "eve", "is_superuser": "on", "is_staff": "on", "is_active": "on"}
    assert client.post(address, data).status_code == 302
    user.refresh_from_db()
    assert not user.is_superuser
    assert "user_permissions" not in client.get(address).content.decode()
    superuser = signed_in(name="boss").user
    assert client.get(f"/admin/auth/user/{superuser.pk}/change/").status_code == 302


def test_nobody_signed_out_sees_anything(client):
    for address in (LIST, LIST + "add/", LIST + "read-date/?q=2024", "/admin/autocomplete/"):
        response = client.get(address)
        assert response.status_code == 302
        assert "/admin/login/" in response["Location"]


def test_who_may_only_read_reads_the_sources_too():
    event = make_event(title="A public event is read")
    citation = event.citations.get()
    citation.supports = ["date", "place"]
    citation.save()
    text = signed_in("Auditor").get(page(event)).content.decode()
    assert citation.source.url in text
    assert "Date, Place" in text
    assert "None" not in text
