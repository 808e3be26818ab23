"""The program beside the server: it does the work once, and nothing of it when it is killed."""

import os
import signal

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from tests.commands import database_url
from timeline.intake import beside, uploads
from timeline.models import Event, ImportBatch
from timeline.models.uploads import Upload, UploadState

pytestmark = pytest.mark.django_db(transaction=True)

SHEET = b"Year,Month,Day,Headline,Text\n2024,10,20,An event of the file,Words.\n"
PATIENCE = 60


@pytest.fixture
def programs(monkeypatch, settings, tmp_path):
    """Every program that was started, on the database of the tests."""
    monkeypatch.setenv("DATABASE_URL", database_url())
    settings.DATA_DIR = tmp_path
    started, popen = [], beside.subprocess.Popen

    def start(*arguments, **options):
        started.append(popen(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(beside.subprocess, "Popen", start)
    yield started
    for program in started:
        if program.poll() is None:
            program.kill()
        program.wait()


@pytest.fixture
def upload(programs):  # noqa: ARG001
    ada = User.objects.create_superuser("ada", "", "x")
    made = uploads.receive("events.csv", SHEET, by=ada)
    made.format = "timelinejs-sheet"
    made.save()
    return made


def again(upload):
    return beside.settle(Upload.objects.get(pk=upload.pk))


def test_it_checks_and_then_imports(upload, programs):
    assert beside.start(upload, beside.Step.CHECK)
    assert programs[0].wait(PATIENCE) == 0
    upload = again(upload)
    assert (upload.state, upload.counts["created"]) == (UploadState.CHECKED, 1)
    assert uploads.begin_import(upload, by=upload.by)
    assert programs[1].wait(PATIENCE) == 0
    upload = again(upload)
    assert (upload.state, Event.objects.count()) == (UploadState.APPLIED, 1)
    assert beside.progress(upload) == beside.Progress(1, 1, writing=True)


def test_while_it_is_at_work_no_other_begins(upload, programs):
    uploads.check(upload)
    assert uploads.begin_import(upload, by=upload.by)
    assert not uploads.begin_import(upload, by=upload.by)
    assert not beside.start(upload, beside.Step.CHECK)
    assert programs[0].wait(PATIENCE) == 0
    assert (len(programs), ImportBatch.objects.count()) == (1, 1)


def test_killed_it_leaves_nothing_and_is_started_again(upload, programs):
    uploads.check(upload)
    assert uploads.begin_import(upload, by=upload.by)
    with transaction.atomic():
        # It waits for this lock, or begins after it; either way it is killed before its end.
        held = Upload.objects.select_for_update().get(pk=upload.pk)
        assert held.state == UploadState.APPLYING
        assert beside.alive(held)
        programs[0].send_signal(signal.SIGKILL)
        programs[0].wait(PATIENCE)
    upload = again(upload)
    assert upload.state == UploadState.CHECKED
    assert "nothing was written" in upload.said
    assert Event.objects.count() == 0
    assert uploads.begin_import(upload, by=upload.by)
    assert programs[1].wait(PATIENCE) == 0
    assert (again(upload).state, Event.objects.count()) == (UploadState.APPLIED, 1)


def test_a_failure_is_said_and_logged(upload, programs, capfd):
    uploads.check(upload)
    Upload.objects.filter(pk=upload.pk).update(packed=b"not what was packed")
    assert uploads.begin_import(upload, by=upload.by)
    assert programs[0].wait(PATIENCE) != 0
    upload = again(upload)
    assert upload.state == UploadState.CHECKED
    assert "server’s log" in upload.said
    assert "Work on the upload" in capfd.readouterr().err


def test_what_it_tells_is_read_whole(upload):
    lock = beside._locked(upload.pk)
    tell = beside.teller(lock)
    assert beside.progress(upload) == beside.Progress()
    tell(1, 50_000)
    tell(2, 50_000)  # too soon after the first
    assert beside.progress(upload) == beside.Progress(1, 50_000)
    tell(50_000, 50_000)
    assert beside.progress(upload) == beside.Progress(50_000, 50_000)
    os.close(lock)
