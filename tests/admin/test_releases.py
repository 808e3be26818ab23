"""Releases at the desk: the list of them, and the page that makes one."""

import re
import threading
from html import unescape

import pytest
from django.db import connection

from tests.admin.conftest import signed_in
from tests.admin.sending import sent
from tests.make import make_event
from timeline.admin import releases as page
from timeline.editing import releases
from timeline.models import Change, DatasetRelease

pytestmark = pytest.mark.django_db
LIST = "/admin/timeline/datasetrelease/"
ADD = f"{LIST}add/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "releases"


@pytest.fixture
def client(db):  # noqa: ARG001
    return signed_in("Publisher")


def said(response):
    """What the desk says above the page, and the page's text."""
    return unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))


def make(client, **changes):
    return client.post(ADD, sent(client.get(ADD)) | changes, follow=True)


def test_a_release_is_made_and_listed(client, folder):
    make_event(title="Kim meets Trump")
    assert "Make a release" in said(client.get(LIST))
    assert "It will be release 1:" in said(client.get(ADD))
    response = make(client, note="The first.")
    assert response.redirect_chain == [(LIST, 302)]
    made = DatasetRelease.objects.get()
    assert (made.by, made.note, made.events) == (client.user, "The first.", 1)
    assert Change.objects.filter(model="datasetrelease").get().by == client.user
    assert (folder / made.file).is_file()
    body = said(response)
    assert f"Made release 1: 1 event. Back up its file, {made.file}." in body
    for part in ("Release 1", made.sha256, "publisher"):
        assert part in body, part
    one = client.get(f"{LIST}{made.pk}/change/")
    assert "The first." in said(one)
    assert 'href="/data/releases/1/"' in one.content.decode()
    assert 'name="_save"' not in one.content.decode()


def test_a_closed_one_says_so(client):
    make_event()
    make(client)
    made = DatasetRelease.objects.get()
    releases.close(1, "An order of a court.", made.at)
    assert "An order of a court." in said(client.get(f"{LIST}{made.pk}/change/"))


def test_nothing_to_release_is_said_politely(client):
    assert "There is no public event. Publish one first." in said(make(client))
    make_event()
    make(client)
    assert "Nothing changed since release 1. Cite that one." in said(make(client))
    assert DatasetRelease.objects.count() == 1


def test_a_second_click_makes_no_second_release(client, monkeypatch):
    make_event()
    form = sent(client.get(ADD))
    client.post(ADD, form)
    make_event()  # so that there would be something to release
    monkeypatch.setattr(releases, "make", None)
    second = client.post(ADD, form, follow=True)
    assert "Release 1 was made meanwhile. Look at it first." in said(second)
    assert DatasetRelease.objects.count() == 1


def test_while_one_is_made_no_other_is_begun(client, monkeypatch):
    make_event()
    monkeypatch.setattr(page, "_making", threading.Lock())
    page._making.acquire()
    assert "A release is being made just now." in said(make(client))
    assert not DatasetRelease.objects.exists()
    page._making.release()
    make(client)
    assert DatasetRelease.objects.exists()


def test_after_a_failure_another_can_be_begun(client, monkeypatch):
    make_event()
    with monkeypatch.context() as broken:

        def fail(*_given, **_named):
            raise OSError("The disk is full.")

        broken.setattr(releases, "make", fail)
        with pytest.raises(OSError, match="disk is full"):
            make(client)
    make(client)
    assert DatasetRelease.objects.count() == 1


def test_a_large_record_is_left_to_the_command(client, monkeypatch):
    form = sent(client.get(ADD))
    for _number in range(3):
        make_event()
    monkeypatch.setattr(page, "MOST", 2)
    for response in (client.get(ADD), client.post(ADD, form)):
        assert response.status_code == 200
        assert "has 3 public events" in said(response)
        assert "manage.py make_release" in said(response)
        assert "Make the release" not in response.content.decode()
    assert not DatasetRelease.objects.exists()


def test_too_long_a_note_is_named_and_kept(client):
    make_event()
    response = make(client, note="x" * 501)
    assert "at most 500 characters" in said(response)
    assert "x" * 501 in response.content.decode()
    assert not DatasetRelease.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_held_while_the_record_is_read(client, monkeypatch):
    make_event()
    held = []
    make_it = releases.make

    def watched(*given, **named):
        held.append(connection.in_atomic_block)
        return make_it(*given, **named)

    monkeypatch.setattr(releases, "make", watched)
    make(client)
    assert held == [False]
