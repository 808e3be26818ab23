"""/healthz and /robots.txt."""

import pytest
from django.db import OperationalError

from timeline.index import live
from timeline.web import machines


@pytest.mark.django_db
def test_a_living_site(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "index": "ok"})
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_an_index_that_failed_is_named(client, monkeypatch):
    monkeypatch.setattr(live, "trouble", "it failed; the log says how")
    response = client.get("/healthz")
    assert response.json() == {"status": "ok", "index": "it failed; the log says how"}
    monkeypatch.undo()


def test_a_site_without_its_database(client, monkeypatch):
    def refuse():
        raise OperationalError("password authentication failed for user secret")

    monkeypatch.setattr(machines, "connection", type("Lost", (), {"cursor": staticmethod(refuse)}))
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"status": "database unavailable"})
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Retry-After"] == "10"


def test_crawlers_are_kept_from_the_desk(client):
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Disallow: /admin/\n" in response.content.decode()
