"""Worklists: each number links to the very events that it counts, for whoever may see them."""

import re

import pytest

from tests.admin.conftest import signed_in
from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_category,
    make_draft,
    make_event,
    make_place,
    make_publisher,
    make_source,
)
from timeline.admin import worklists
from timeline.admin.worklists import WORKLISTS
from timeline.editing import events
from timeline.models import Event

pytestmark = pytest.mark.django_db
PAGE = "/admin/worklists/"


def counts(client):
    html = client.get(PAGE).content.decode()
    found = re.findall(r'href="[^"]*\?missing=(\w+)">(?:more than )?(\d+)<', html)
    return {key: int(number) for key, number in found}


def listed(client, key):
    html = client.get(f"/admin/timeline/event/?missing={key}").content.decode()
    return {event.title for event in Event.objects.all() if event.title in html}


def whole(**changes):
    """An event that lacks nothing."""
    archived = {"archive_url": "https://archive.example/1"}
    made = {
        "title": "All is there",
        "summary": "What happened.",
        "category": make_category(),
        "place": make_place(),
        "actors": [make_actor()],
        "sources": [make_source(**archived), make_source()],
        **changes,
    }
    return make_event(**made)


def test_an_event_that_lacks_nothing_is_on_no_list(root):
    event = whole()
    cite(event, stance="denies", speaker=make_actor(), quote="It is not so.")
    events.reassess([event])
    count_figure(event, as_of="2024-10-20")
    assert counts(root) == {}
    assert "none" in root.get(PAGE).content.decode()


@pytest.mark.parametrize("key", WORKLISTS)
def test_each_list_has_the_event_that_lacks_it_and_no_other(root, key):
    whole()
    title = "Here something lacks"
    wire = make_publisher("A wire")
    archived = {"archive_url": "https://archive.example/2"}
    lacking = {
        "summary": {"summary": ""},
        "actors": {"actors": []},
        "place": {"place": None},
        "day": {"date": "2024-10"},
        "second": {"sources": [make_source(**archived)]},
        "origin": {"sources": [make_source(agency=wire, **archived), make_source(agency=wire)]},
        "archive": {"sources": [make_source(), make_source()]},
        "date_of_source": {"sources": [make_source(**archived), make_source(published="")]},
        "title_of_source": {"sources": [make_source(**archived), make_source(title="")]},
        "link": {"sources": [make_source(**archived), make_source(link_state="dead")]},
        "moved": {"sources": [make_source(**archived), make_source(link_state="redirected")]},
    }
    if key in ("category", "source"):
        event = make_draft(title=title, category=None, summary="Something.")
    else:
        event = whole(title=title, **lacking.get(key, {}))
    if key == "owner":
        figure = count_figure(event, as_of="2024")
        figure.citation = None
        figure.save()
    if key == "as_of":
        count_figure(event)
    if key == "speaker":
        cite(event, stance="confirms")
    if key == "denial":
        cite(event, stance="denies", speaker=make_actor())
        events.reassess([event])
    assert listed(root, key) == {title}
    assert counts(root)[key] == 1


def test_a_withdrawn_event_is_nobodys_work(root):
    event = whole(title="It was withdrawn", summary="")
    assert counts(root) == {"summary": 1}
    events.withdraw([event], by=None, reason="It was none.")
    assert counts(root) == {}
    assert listed(root, "summary") == set()
    page = root.get("/admin/timeline/event/?missing=summary&status=withdrawn").content.decode()
    assert "It was withdrawn" in page


def test_many_are_not_counted_to_the_end(root, monkeypatch):
    monkeypatch.setattr(worklists, "COUNTED", 2)
    for _number in range(4):
        whole(summary="")
    assert "more than 2" in root.get(PAGE).content.decode()


def test_a_contributor_counts_what_it_may_see():
    contributor = signed_in("Contributor")
    make_draft(title="A colleague's draft", summary="")
    assert counts(contributor) == {}
    mine = make_draft(title="My own draft", summary="")
    Event.objects.filter(pk=mine.pk).update(created_by=contributor.user)
    assert counts(contributor)["summary"] == 1
    assert listed(contributor, "summary") == {"My own draft"}


def test_nobody_else_gets_in(client, root):
    assert client.get(PAGE).status_code == 302
    assert 'href="/admin/worklists/"' in root.get("/admin/").content.decode()
