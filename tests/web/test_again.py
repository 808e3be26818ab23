"""What was asked to the letter before is answered without Django, and never a moment too long."""

import datetime as dt
import io
import sys

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections

from config.whole import whole
from tests.make import make_event
from timeline.editing import events
from timeline.index import reading
from timeline.web import again, cached
from timeline.web.again import Again

pytestmark = pytest.mark.django_db
ADDRESSES = ["/", "/?year=2024", "/ko/", "/embed/", "/api/v1/events", "/events.atom"]


class Site:
    """The site as a server asks it; counts what Django was asked."""

    def __init__(self):
        self._django = whole(WSGIHandler())
        self._again = Again(self._counted)
        self.asked = 0

    def _counted(self, environ, start_response):
        self.asked += 1
        return self._django(environ, start_response)

    def get(self, address, tag="", **more):
        path, _mark, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_ACCEPT_ENCODING": "gzip",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
        }
        if tag:
            environ["HTTP_IF_NONE_MATCH"] = tag
        started = []
        body = self._again(
            environ | more, lambda status, headers: started.append((status, headers))
        )
        content = b"".join(body)
        ((status, headers),) = started
        return int(status[:3]), dict(headers), content


@pytest.fixture
def site():
    """The connection of a test stays open, as with Django's own client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield Site()
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_same_answer_is_given_again(site, address):
    make_event(title="Leaders meet")
    first = site.get(address)
    assert first[0] == 200
    kept = cached.kept.body(first[1]["ETag"]) is not None
    second = site.get(address)
    assert second == first
    assert site.asked == (1 if kept else 2)  # a stream isn't kept
    tag = first[1]["ETag"]
    before = site.asked
    unchanged, again_ = site.get(address, tag), site.get(address, tag)
    assert unchanged == again_
    assert (unchanged[0], unchanged[1]["ETag"], unchanged[2]) == (304, tag, b"")
    assert unchanged[1]["Content-Security-Policy"] == first[1]["Content-Security-Policy"]
    assert site.asked == before + 1


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_was_taken_out_is_gone_at_the_next_request(site, address):
    event = make_event(title="Leaders meet")
    tag = site.get(address)[1]["ETag"]
    assert [site.get(address, tag)[0] for _time in range(2)] == [304, 304]
    assert site.get(address)[0] == 200
    events.withdraw([event], by=None, reason="It was not so.")
    for known in (tag, ""):
        status, headers, content = site.get(address, known)
        assert status == 200
        assert headers["ETag"] != tag
        assert b"Leaders meet" not in content


def test_what_an_answer_may_follow_from_is_asked_anew(site):
    make_event()
    tag = site.get("/")[1]["ETag"]
    site.get("/", tag)
    assert site.get("/", HTTP_ACCEPT_ENCODING="")[1].get("Content-Encoding") is None
    assert site.get("/", HTTP_HOST="elsewhere.example")[0] == 400
    assert site.get("/", tag, REQUEST_METHOD="POST")[0] == 405
    assert site.get("/", REQUEST_METHOD="HEAD")[0] == 200
    assert site.get("/ko/")[1]["ETag"] != tag
    asked = site.asked
    assert site.get("/", tag, HTTP_COOKIE="sessionid=1")[0] == 304
    assert site.asked == asked


def test_another_day_is_another_moment(site, monkeypatch):
    make_event()
    site.get("/")
    tomorrow = cached.timezone.localdate() + dt.timedelta(days=1)
    monkeypatch.setattr(cached.timezone, "localdate", lambda: tomorrow)
    site.get("/")
    assert site.asked == 2


def test_bytes_that_are_no_longer_kept_are_made_anew(site):
    make_event()
    first = site.get("/")
    cached.kept.forget()
    assert site.get("/") == first
    assert site.asked == 2


@pytest.mark.parametrize("address", ["/?year=x", "/actors/nobody/", "/admin/", "/?year=2024&year="])
def test_refusals_redirects_and_the_desk_are_not_remembered(site, address):
    make_event()
    for time in range(3):
        assert site.get(address)[0] in (302, 400, 404)
        assert site.asked == time + 1


def test_no_more_answers_are_remembered_than_said(site, monkeypatch):
    monkeypatch.setattr(again, "MOST", 3)
    make_event()
    for year in range(2020, 2030):
        site.get(f"/?year={year}")
    assert len(site._again._given) == 3
    asked = site.asked
    site.get("/?year=2029")
    assert site.asked == asked
    site.get("/?year=2020")
    assert site.asked == asked + 1


def test_a_database_that_is_away_is_left_to_django(site, monkeypatch):
    make_event()
    site.get("/")

    def away():
        raise OperationalError("the server closed the connection")

    with monkeypatch.context() as gone:
        gone.setattr(again, "moment", away)
        assert site.get("/")[0] == 200
    assert site.asked == 2


def test_a_page_is_of_one_moment(site, monkeypatch):
    """Whether something changed is asked before and behind a page, not for each of its parts."""
    make_event()
    site.get("/")
    looks = []
    last_change = reading.last_change
    monkeypatch.setattr(reading, "last_change", lambda: looks.append(1) or last_change())
    site.get("/?year=2024")
    assert len(looks) == 2
