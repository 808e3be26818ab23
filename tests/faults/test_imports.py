"""Imports under fire: killed at any moment they leave all or nothing; readers and editors go on."""

import random
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.db import connection, connections
from django.test import Client

from tests.commands import ROOT, bare_environment, database_url
from tests.figures import figure
from tests.intake.test_round_trip import emptied
from tests.make import make_draft, make_event
from timeline.editing import events
from timeline.models import Change, Event, ImportBatch, Source
from timeline.models.choices import Status

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 600
HEADER = "public_id,date_edtf,headline,category,actors,source_1_url\n"


def sheet(path, rows=ROWS):
    lines = [
        f",2001-{number % 12 + 1:02},Convoy {number} crosses bridge {number * 3},Movement,"
        f"Actor {number % 40} [participant],https://news.example/{number}\n"
        for number in range(rows)
    ]
    path.write_text(HEADER + "".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def program(tmp_path):
    """Starts an import beside the tests, on their database."""
    file, started = sheet(tmp_path / "events.csv"), []

    def start():
        started.append(
            subprocess.Popen(
                [sys.executable, "manage.py", "import_events", str(file), "--publish"],
                cwd=ROOT,
                env=bare_environment(
                    DEMO="1", DATA_DIR=tmp_path, DATABASE_URL=database_url(), CONN_MAX_AGE="0"
                ),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        return started[-1]

    yield start
    for each in started:
        if each.poll() is None:
            each.kill()
        each.wait()


def waited(ready, seconds=120):
    until = time.monotonic() + seconds
    while not ready() and time.monotonic() < until:
        time.sleep(0.01)


def counts():
    return Event.objects.count(), Source.objects.count(), ImportBatch.objects.count()


def test_killed_at_any_moment_it_is_all_or_nothing(program):
    begun = time.monotonic()
    assert program().wait(300) == 0
    whole = time.monotonic() - begun
    assert counts() == (ROWS, ROWS, 1)
    chance = random.Random(5)
    nothing = kills = 0
    # A kill that came too late lets the next one come sooner.
    while kills < figure(3, 20) or not nothing:
        emptied()
        running = program()
        time.sleep(whole * chance.uniform(0.5, 1))
        running.send_signal(signal.SIGKILL)
        running.wait(60)
        kills += 1
        found = counts()
        assert found in ((0, 0, 0), (ROWS, ROWS, 1))
        nothing += found[0] == 0
        whole *= 1 if found[0] == 0 else 0.8
        logged = Change.objects.filter(model="event", kind="created").count()
        assert logged == found[0]


def test_readers_are_answered_and_an_editor_saves_while_it_writes(program):
    make_event(title="An event that everybody reads")
    draft = make_draft(title="A draft that somebody writes", date="1999")
    running = program()
    answers, saves = 0, []

    def save():
        try:
            while running.poll() is None:
                event = Event.objects.get(pk=draft.pk)
                event.summary = f"Saved {len(saves)} times."
                events.settle(event, by=None, before=Status.DRAFT)
                saves.append(event.summary)
                time.sleep(0.05)
        finally:
            connections.close_all()

    editor = threading.Thread(target=save)
    editor.start()
    client = Client()
    while running.poll() is None:
        assert client.get("/").status_code == 200
        answers += 1
    editor.join(60)
    assert running.returncode == 0
    assert Event.objects.public().count() == ROWS + 1
    draft.refresh_from_db()
    assert draft.summary == saves[-1]
    assert answers > 10
    connection.close()
