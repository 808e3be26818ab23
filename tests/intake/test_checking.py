"""What a check says of a link, and that it is asked politely. No real network."""

import datetime as dt
from itertools import pairwise

import pytest

from tests.intake.stand_in import answer
from timeline.intake import checking
from timeline.intake.checking import Link
from timeline.intake.fetching import Answer

TODAY = dt.date(2026, 5, 1)
URL = "http://paper.example/a"


def nowait(_seconds):
    pass


def judged(status, url=URL, *, link=None, today=TODAY, **more):
    found = checking.judged(link or Link(1, URL, "unknown"), Answer(url, status, **more), today)
    return found.state, found.missed


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({"status": 200}, "ok"),
        ({"status": 204}, "ok"),
        ({"status": 200, "url": "http://paper.example/b", "redirects": 1}, "ok"),
        (
            {"status": 200, "url": "http://paper.example/b", "redirects": 1, "moved": True},
            "redirected",
        ),
        # The same page under its better address has not moved.
        (
            {"status": 200, "url": "https://www.paper.example/a/", "redirects": 1, "moved": True},
            "ok",
        ),
        ({"status": 401}, "paywalled"),
        ({"status": 402}, "paywalled"),
        # Refusing a program says nothing of the page.
        ({"status": 403}, "unknown"),
        ({"status": 429}, "unknown"),
        ({"status": 451}, "unknown"),
    ],
)
def test_what_an_answer_means(given, state):
    assert judged(**given) == (state, 0)


def after(*checks, state="ok"):
    """The state after checks, each a day from the first and what was answered: None is silence."""
    link = Link(1, URL, state)
    for day, status in checks:
        today = TODAY + dt.timedelta(days=day)
        if status is None:
            found = checking._silent(link, today)
        else:
            found = checking.judged(link, Answer(URL, status), today)
        link = Link(1, URL, found.state, found.missed, found.missed_since)
    return link.state


@pytest.mark.parametrize(
    ("checks", "state"),
    [
        ([(0, 404)], "ok"),
        ([(0, 404), (0, 404), (0, 404)], "ok"),
        ([(0, 404), (1, 404)], "dead"),
        ([(0, 410), (1, 404)], "dead"),
        ([(0, 404), (1, 200), (2, 404)], "ok"),
        ([(0, 404), (1, 403), (2, 404)], "dead"),
        ([(0, None)], "ok"),
        ([(0, None), (1, None), (2, None), (3, None)], "ok"),
        ([(0, None), (30, None)], "ok"),
        ([(0, None), (7, None), (14, None)], "dead"),
        ([(0, 500), (7, 503), (14, None)], "dead"),
        ([(0, None), (7, 200), (14, None)], "ok"),
        ([(0, 404), (1, 404), (2, None)], "dead"),
        ([(0, 404), (1, 404), (2, 404), (3, 200)], "ok"),
    ],
)
def test_a_link_is_gone_only_on_evidence(checks, state):
    assert after(*checks) == state


def test_being_led_home_is_being_gone():
    for home in ("http://paper.example/", "http://paper.example", "https://other.example/"):
        assert judged(200, home, redirects=1, moved=True) == ("unknown", 1)
    # A front page may be what was cited, and a search page isn't one.
    front = Link(1, "http://paper.example/", "unknown")
    assert judged(200, "https://paper.example/", link=front, redirects=1) == ("ok", 0)
    assert judged(200, "http://paper.example/?id=1", redirects=1) == ("ok", 0)


def look(url=URL, state="unknown"):
    return checking.look(Link(1, url, state), today=TODAY, wait=nowait)


def test_the_head_is_asked_and_the_page_only_if_that_fails(web):
    assert look().state == "ok"
    assert [each.split(" ")[0] for each in web.requests] == ["HEAD"]
    web.requests.clear()

    def no_head(connection):
        first = web.requests[-1].startswith("HEAD ")
        connection.sendall(answer(405 if first else 200))

    web.pages["/a"] = no_head
    assert look().state == "ok"
    assert [each.split(" ")[0] for each in web.requests] == ["HEAD", "GET"]


def test_a_file_is_a_page_too(web):
    web.pages["/a"] = answer(body=b"%PDF" + b"0" * 3_000_000, kind="application/pdf")
    assert look().state == "ok"


def test_an_address_inside_is_not_asked_and_keeps_its_state(web):
    assert look("http://127.0.0.1/", "ok").state == "ok"
    web.names["inside.example"] = ["10.0.0.1"]
    assert look("http://inside.example/", "ok").state == "ok"
    assert web.connected == []


def test_silence_is_counted(web):
    def refuse(_host):
        raise OSError

    web.names["paper.example"] = lambda: refuse("paper.example")
    found = look(state="ok")
    assert (found.state, found.missed, found.missed_since) == ("ok", 1, TODAY)


def test_hosts_take_turns_and_each_has_a_pause(monkeypatch):
    asked, waited, now = [], [], [0.0]

    def wait(seconds):
        waited.append(seconds)
        now[0] += seconds

    def ask(url, **_more):
        asked.append((url, now[0]))
        now[0] += 0.1
        return Answer(url, 429 if "tired" in url else 200)

    monkeypatch.setattr(checking.fetching, "ask", ask)
    links = [
        Link(number, f"http://{host}.example/{number}", "unknown")
        for number, host in enumerate(["a", "a", "a", "b", "tired", "tired"])
    ]
    found = list(checking.look_at_all(links, today=TODAY, wait=wait, clock=lambda: now[0]))
    assert [each.link.pk for each in found] == [0, 3, 4, 1, 2]  # one of the tired is left alone
    times = [moment for url, moment in asked if "//a." in url]
    assert all(later - earlier >= checking.PAUSE for earlier, later in pairwise(times))
