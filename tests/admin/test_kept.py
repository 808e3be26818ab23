"""A sign-in that ends while somebody types costs nobody a word."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.admin.conftest import event_data, signed_in
from tests.admin.sending import sent
from tests.make import make_event
from timeline.models import Event

pytestmark = pytest.mark.django_db
ADD = "/admin/timeline/event/add/"
PASSWORD = "a long enough password"
OURS = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def ada(db):  # noqa: ARG001
    return User.objects.create_superuser("ada", "", PASSWORD)


def credentials(password=PASSWORD):
    return {"again-username": "ada", "again-password": password}


def test_signing_in_again_saves_what_was_typed(client, ada):
    typed = event_data(title="Typed while the sign-in ended", summary="\nTwo\nlines <b>")
    page = client.post(ADD, typed)
    assert page.status_code == 403
    assert page["Cache-Control"] == "no-store"
    assert "What you typed is kept on this page" in page.content.decode()
    assert not Event.objects.exists()
    wrong = client.post(ADD, {**sent(page), **credentials("wrong")})
    assert "Please enter the correct username and password" in wrong.content.decode()
    assert client.post(ADD, {**sent(wrong), **credentials()}).status_code == 302
    event = Event.objects.get()
    assert (event.title, event.summary, event.created_by) == (
        "Typed while the sign-in ended",
        "Two\nlines <b>",
        ada,
    )


@pytest.mark.usefixtures("ada")
def test_every_value_of_a_field_is_kept(client):
    page = client.post(ADD, event_data(actors=["new:One body", "new:Another body"]))
    client.post(ADD, {**sent(page), **credentials()})
    names = Event.objects.get().participations.values_list("actor__name", flat=True)
    assert list(names) == ["One body", "Another body"]


@pytest.mark.usefixtures("ada")
def test_a_change_meanwhile_is_still_a_conflict(client):
    event = make_event(title="The first title stands here")
    address = f"/admin/timeline/event/{event.pk}/change/"
    client.force_login(User.objects.get())
    typed = sent(client.get(address)) | {"title": "My title stands here", "_save": "Save"}
    client.logout()
    Event.objects.get(pk=event.pk).save()
    page = client.post(address, typed)
    conflict = client.post(address, {**sent(page), **credentials()})
    assert conflict.status_code == 409
    assert "My title stands here" in conflict.content.decode()


def test_who_signs_in_may_no_more_than_ever(client):
    signed_in("Auditor", "eve")
    eve = User.objects.get(username="eve")
    eve.set_password(PASSWORD)
    eve.save()
    page = client.post(ADD, event_data())
    response = client.post(ADD, {**sent(page), "again-username": "eve", "again-password": PASSWORD})
    assert response.status_code == 403
    assert not Event.objects.exists()


def test_a_password_is_never_repeated(client):
    for address in ("/admin/auth/user/add/", "/admin/login/", "/admin/password_change/"):
        page = client.post(address, {"username": "ada", "password1": "secret-words"}, follow=True)
        assert b"secret-words" not in page.content


@pytest.mark.usefixtures("ada")
def test_a_form_from_before_another_sign_in_is_sent_once_more():
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get())
    typed = event_data(title="Typed before the other sign-in", csrfmiddlewaretoken="x" * 64)
    client.get(ADD)
    page = client.post(ADD, typed, **OURS)
    assert page.status_code == 403
    assert "Send it once more" in page.content.decode()
    assert client.post(ADD, sent(page), **OURS).status_code == 302
    assert Event.objects.get().title == "Typed before the other sign-in"


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("origin", [{"HTTP_ORIGIN": "https://evil.example"}, {}])
def test_what_another_site_sends_is_not_offered(origin):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get())
    client.get(ADD)
    page = client.post(ADD, event_data(title="Sent by another site"), **origin)
    assert page.status_code == 403
    assert b"Sent by another site" not in page.content
    assert not Event.objects.exists()
