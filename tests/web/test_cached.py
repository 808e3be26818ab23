"""Kept answers: the same bytes while nothing changed, never a moment longer."""

import gzip

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from tests.admin.conftest import signed_in
from tests.make import make_actor, make_event
from timeline.editing import events, things
from timeline.web import cached
from timeline.web.cached import CONTROL, answered, kept

pytestmark = pytest.mark.django_db


def test_a_page_is_made_once_and_confirmed_after_that(client):
    event = make_event(title="Leaders meet")
    for address in ("/", "/?year=2024", event.get_absolute_url(), "/actors/", "/about/"):
        first = client.get(address)
        assert first["Cache-Control"] == CONTROL
        with CaptureQueriesContext(connection) as captured:
            again = client.get(address)
            unchanged = client.get(address, headers={"if-none-match": first["ETag"]})
        assert again.content == first.content
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged["ETag"] == again["ETag"] == first["ETag"]
        # Only whether anything has changed is asked.
        assert {each["sql"] for each in captured} == {
            "SELECT COALESCE(MAX(id), 0) FROM timeline_change"
        }


def test_what_was_taken_out_is_gone_at_the_next_request(client):
    event = make_event(title="Leaders meet", actors=[make_actor("Jane Doe")])
    tags = {address: client.get(address)["ETag"] for address in ("/", "/actors/")}
    assert b"Leaders meet" in client.get("/").content
    events.withdraw([event], by=None, reason="It was not so.")
    for address, tag in tags.items():
        response = client.get(address, headers={"if-none-match": tag})
        assert response.status_code == 200
        assert b"Leaders meet" not in response.content
        assert b"Jane Doe" not in response.content


def test_a_renamed_actor_is_renamed_everywhere_at_once(client):
    actor = make_actor("Jane Doe")
    make_event(actors=[actor])
    client.get("/")
    actor.name = "Jane Roe"
    things.store(actor)
    assert b"Jane Roe" in client.get("/").content


def test_what_the_site_does_not_know_makes_no_other_page(client):
    make_event()
    plain = client.get("/")
    assert client.get("/?utm_source=mail&x=1")["ETag"] == plain["ETag"]
    assert client.get("/?year=2024")["ETag"] != plain["ETag"]
    assert client.get("/?view=compact")["ETag"] != plain["ETag"]


def test_compressed_and_plain_bytes_have_tags_of_their_own(client):
    make_event()
    plain = client.get("/")
    small = client.get("/", headers={"accept-encoding": "br, gzip;q=0.8"})
    refused = client.get("/", headers={"accept-encoding": "gzip;q=0, identity"})
    assert gzip.decompress(small.content) == plain.content == refused.content
    assert small["ETag"] != plain["ETag"] == refused["ETag"]
    assert {each["Vary"] for each in (plain, small)} == {"Accept-Encoding"}
    assert not small["ETag"].startswith("W/")


def test_everybody_gets_the_same_bytes(client):
    make_event()
    editor = signed_in()
    assert editor.get("/").content == client.get("/").content
    assert editor.get("/")["ETag"] == client.get("/")["ETag"]


@pytest.mark.parametrize("address", ["/?year=x", "/no/such/page", "/?sort=-date&year=", "/events/"])
def test_refusals_and_redirects_are_not_kept(client, address):
    make_event()
    response = client.get(address)
    assert response.status_code in (301, 302, 400, 404)
    assert "ETag" not in response
    assert response.get("Cache-Control", "no-cache") != CONTROL


def test_a_page_that_was_overtaken_is_made_again():
    made = []

    def make():
        made.append(len(made))
        if len(made) == 1:
            make_event()  # somebody saves while the page is made
        return HttpResponse(f"page {len(made)}")

    request = RequestFactory().get("/")
    first = answered(request, make)
    assert first.content == b"page 2"
    assert answered(request, make).content == b"page 2"
    assert made == [0, 1]


def test_a_page_that_is_always_overtaken_is_shown_and_not_kept():
    def make():
        make_event()
        return HttpResponse("a page")

    response = answered(RequestFactory().get("/"), make)
    assert response.content == b"a page"
    assert "ETag" not in response


def test_no_more_is_kept_than_there_is_room_for(client, monkeypatch):
    make_event()
    size = len(client.get("/").content)
    kept.forget()
    monkeypatch.setattr(cached, "ROOM", int(size * 2.5))
    for year in range(2020, 2030):
        client.get(f"/?year={year}")
    assert 1 <= len(kept._pages) <= 3
    assert kept._size == sum(len(content) for content, _headers in kept._pages.values())


def test_another_release_has_other_tags(client, monkeypatch):
    make_event()
    before = client.get("/")["ETag"]
    monkeypatch.setattr(cached, "release", lambda: "another")
    assert client.get("/")["ETag"] != before
