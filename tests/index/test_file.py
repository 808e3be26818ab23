"""The index as a file: whole, or not used; and the program that writes it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from tests.commands import database_url
from tests.index.edits import explain
from tests.index.made import make_record
from tests.make import make_event, make_topic
from timeline.editing import events, things
from timeline.index import Selection, answer, answering, edits, live, oracle, store
from timeline.index.answering import file, save
from timeline.index.matching import Families, matching
from timeline.index.verifying import differences
from timeline.models import Actor, Event, Source

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """A folder of the test's own, where every record is large enough for a file."""
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr("timeline.index.answering.FILE_ABOVE", 0)
    return tmp_path


@pytest.fixture
def orders(monkeypatch):
    """The orders for a new file, instead of programs."""
    given = []

    class Builder:
        def __init__(self, command, **_options):
            given.append(command)
            self.ended = None

        def poll(self):
            return self.ended

    monkeypatch.setattr(answering.subprocess, "Popen", Builder)
    return given


def written():
    make_record(seed=3, events=30)
    save(edits.build())
    return file()


def test_what_is_written_is_what_is_read():
    path = written()
    documents, number = store.read(path)
    built = edits.build()
    assert number == built.number
    assert list(differences(documents, built.documents)) == []
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_row_that_became_known_on_another_day_is_named():
    make_record(seed=3, events=30)
    before = edits.build().documents
    event = Event.objects.public().filter(citations__isnull=False).first()
    source = event.citations.first().source
    Source.objects.filter(pk=source.pk).update(published_latest="2029-12-31")
    said = list(differences(before, edits.build().documents))
    assert any(each.startswith("cite: the rows differ, first at event ") for each in said), said
    event.verification_steps.all().delete()
    said = list(differences(before, edits.build().documents))
    assert any(each.startswith("step: the rows differ, ") for each in said), said


def test_a_file_answers_and_is_caught_up(orders):
    written()
    event = make_event(title="A later event")
    page = answer(Selection())
    assert event.pk in page.ids
    assert page == oracle.answer(Selection())
    events.withdraw([event], by=None, reason="It was not so.")
    assert answer(Selection()) == oracle.answer(Selection())
    assert orders == []


@pytest.mark.usefixtures("orders")
def test_a_thing_that_moved_after_the_file_was_written_is_counted_where_it_stands():
    """A worker that starts reads the things as they are by then, beside sets of before."""
    written()
    child = Actor.objects.exclude(parent=None).filter(participations__isnull=False).first()
    child.parent = None
    things.store(child)
    assert answer(Selection()) == oracle.answer(Selection())
    assert list(differences(live._index.documents, edits.build().documents)) == []


def cut(path):
    os.truncate(path, path.stat().st_size * 2 // 3)


def cut_header(path):
    os.truncate(path, 30)


def empty(path):
    path.write_bytes(b"")


def flip(at):
    def damage(path):
        content = bytearray(path.read_bytes())
        content[int(len(content) * at)] ^= 0x10
        path.write_bytes(content)

    damage.__name__ = f"flip_at_{at}"
    return damage


def older_schema(path):
    content = bytearray(path.read_bytes())
    content[len(store.MAGIC)] = store.SCHEMA + 7
    path.write_bytes(content)


def foreign(path):
    path.write_bytes(b"PK\x03\x04 this is something else" * 100)


def folder(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "damage",
    [cut, cut_header, empty, flip(0.0005), flip(0.45), flip(0.98), older_schema, foreign, folder],
    ids=lambda each: each.__name__,
)
def test_a_file_that_is_not_right_is_named_and_not_used(damage, orders, caplog):
    damage(written())
    assert answer(Selection()) == oracle.answer(Selection())
    assert "The index file is not used: " in caplog.text
    assert orders
    assert live.trouble == "it is being built"
    live.forget()


def test_every_flipped_bit_of_the_frames_is_found():
    path = written()
    content = path.read_bytes()
    start = store.header(path)["start"]
    for at in range(start, len(content), max(1, (len(content) - start) // 40)):
        if content[at] == 0:  # room between frames holds zeros and means nothing
            continue
        damaged = bytearray(content)
        damaged[at] ^= 1
        path.write_bytes(damaged)
        with pytest.raises(store.Unusable, match="damaged"):
            store.read(path)


@pytest.mark.usefixtures("orders")
def test_a_file_of_another_state_of_the_database_is_not_used(caplog):
    path = written()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE timeline_change SET object_id = 987654 "
            "WHERE id = (SELECT MAX(id) FROM timeline_change)"
        )
    assert answer(Selection()).total == oracle.answer(Selection()).total
    assert "another state of this one" in caplog.text
    live.forget()
    with pytest.raises(store.Unusable):
        store.read(path)


def test_only_an_index_without_a_tail_is_written():
    written()
    documents, number = store.read(file())
    index = edits.Index(documents, number)
    make_event()
    index.catch_up()
    with pytest.raises(ValueError, match="just built"):
        save(index)


def test_a_worn_index_is_replaced_by_a_newer_file(orders, monkeypatch):
    monkeypatch.setattr(edits, "LONGEST_TAIL", 2)
    written()
    answer(Selection())
    for _ in range(3):
        make_event()
    assert answer(Selection()) == oracle.answer(Selection())
    assert len(orders) == 1
    assert answer(Selection()).total  # while the program is at work, the old one goes on
    assert len(orders) == 1
    save(edits.build())
    live._builder.ended = 0
    make_event()
    assert answer(Selection()) == oracle.answer(Selection())
    assert live._index.documents.tail.length == 1


@pytest.mark.usefixtures("orders")
def test_a_bulk_change_is_gone_at_once_and_back_with_the_new_file(monkeypatch):
    written()
    before = answer(Selection()).total
    public = list(matching(Selection(), Families())[:6])
    for event in public:
        explain(event)
    monkeypatch.setattr(edits, "BULK", 4)
    events.withdraw(public[:3], by=None, reason="It was not so.")
    events.add_topic(public[3:], make_topic("Bulk"), by=None)
    assert answer(Selection()).total == before - 6
    assert live.state() is None
    save(edits.build())
    live._builder.ended = 0
    assert answer(Selection()) == oracle.answer(Selection())
    assert answer(Selection()).total == before - 3
    assert live.state() is not None


def test_a_failed_builder_is_named_and_tried_again_later(orders, caplog):
    make_record(seed=4, events=10)
    assert answer(Selection()) == oracle.answer(Selection())
    live._builder.ended = 1
    assert answer(Selection()) == oracle.answer(Selection())
    assert "ended with status 1" in caplog.text
    assert live.trouble == "building its file failed; the log says how"
    assert len(orders) == 1
    live._retry_at = 0
    live.trouble = ""
    answer(Selection())
    assert len(orders) == 2
    live.forget()


def test_a_broken_index_costs_speed_and_no_answer(monkeypatch, caplog):
    monkeypatch.setattr("timeline.index.answering.FILE_ABOVE", 1000)
    make_record(seed=4, events=10)
    answer(Selection())

    def fails(*_args):
        raise ZeroDivisionError

    monkeypatch.setattr(edits.Index, "answer", fails)
    assert answer(Selection()) == oracle.answer(Selection())
    assert live.trouble == "it failed; the log says how"
    assert "ZeroDivisionError" in caplog.text
    live.forget()


def test_the_command_shows_and_verifies(capsys):
    written()
    make_event()
    call_command("index", verify=True)
    shown = capsys.readouterr().out
    assert "Tail        1 changed" in shown
    assert "agree with the database" in shown
    assert str(file()) in shown


def test_the_command_finds_what_is_wrong():
    make_record(seed=5, events=20)
    index = edits.build()
    index.documents.take_out([int(index.documents.core.array("key")[0])])
    save_anyway(index)
    with pytest.raises(CommandError, match="the events differ"):
        call_command("index", verify=True)


def save_anyway(index):
    store.write(file(), index.documents, store.mark(index.number))


@pytest.mark.django_db(transaction=True)
class TestTheProgram:
    """The real one, beside this process, on the test's database."""

    def command(self, *words):
        return [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "index", *words]

    def environment(self, folder):
        return os.environ | {"DATA_DIR": str(folder), "DATABASE_URL": database_url()}

    def test_it_writes_a_file_that_answers(self, place):
        make_record(seed=6, events=20)
        subprocess.run(self.command("--write"), check=True, env=self.environment(place))
        store.read(file())
        assert answer(Selection()) == oracle.answer(Selection())
        assert not live.trouble

    def test_killed_at_any_moment_it_leaves_a_whole_file_or_none(self, place):
        make_record(seed=7, events=20)
        save(edits.build())
        kept = file().read_bytes()
        for wait in (0.0, 0.3, 0.6, 0.8, 0.9, 1.0):
            program = subprocess.Popen(self.command("--write"), env=self.environment(place))
            time.sleep(wait)
            program.send_signal(signal.SIGKILL)
            program.wait()
            live.forget()
            assert answer(Selection()) == oracle.answer(Selection())
            assert not live.trouble
        assert len(file().read_bytes()) == len(kept)


def test_the_header_holds_nothing_but_plain_values():
    found = store.header(written())
    json.dumps(found)
    shutil.rmtree(file().parent, ignore_errors=True)
