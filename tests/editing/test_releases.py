"""Making, checking and closing releases: the row and the file are there together or not at all."""

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime
from threading import Thread

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.changes import noted, undone_without_its_change
from tests.make import make_actor, make_draft, make_event
from tests.make import noted as said
from timeline.browse import selected
from timeline.editing import events, releases
from timeline.editing.releases import ReleaseRefused
from timeline.editing.versions import Release
from timeline.formats.releases import whole
from timeline.models import Change, DatasetRelease
from timeline.models.choices import VersionKind
from timeline.models.versions import AppendOnly
from timeline.record.releases import Manifest

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "releases"


def make(**given):
    return releases.make(whole, AT, **given)


def correct(event, title):
    with transaction.atomic():
        held = events.hold(event.pk)
        held.title = title
        told = Release(VersionKind.CORRECTION, "Put right.")
        events.settle(held, by=None, before="published", release=told)


def files(release, folder):
    with zipfile.ZipFile(folder / release.file) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name).decode() for name in opened.namelist()}


def test_a_release_holds_the_public_record_and_only_that(folder):
    event = make_event(title="Kim meets Trump")
    make_draft(title="Zzdraft is no event yet")
    with noted():
        made = make(note="The first.\x00")
    assert (made.number, made.events, made.note) == (1, 1, "The first.")
    raw = (folder / made.file).read_bytes()
    assert (made.size, made.sha256) == (len(raw), hashlib.sha256(raw).hexdigest())
    held = files(made, folder)
    assert "Kim meets Trump" in held["events.csv"]
    assert not [name for name, text in held.items() if "Zzdraft" in text]
    described = json.loads(held["datapackage.json"])
    assert described["version"] == "Release 1"
    assert described["id"].endswith("/data/releases/1/")
    assert "Release 1" in held["citation.bib"]
    assert "changes.csv" not in held
    assert made.changes["count"]["added"] == 0
    assert event.public_id in held["events.json"]


def test_the_next_one_says_what_changed(folder):
    kept, wrong, other = (make_event(title=title) for title in ("Kept", "Wrong", "Other"))
    kim = make_actor("Kim")
    touched = make_event(title="Touched", actors=[kim])
    make()
    correct(wrong, "Right")
    events.withdraw([other], by=None, reason="It was none.")
    kim.name = "Kim Jong Un"
    kim.save()
    said(kim)
    new = make_event(title="New")
    made = make()
    made.refresh_from_db()
    assert made.number == 2
    assert made.changes["first"] == {
        "added": [new.public_id],
        "changed": [[wrong.public_id, 1, 2]],
        "touched": [touched.public_id],
        "removed": [other.public_id],
    }
    rows = files(made, folder)["changes.csv"].splitlines()
    assert rows[0] == "public_id,change,version_before,version_now"
    assert set(rows[1:]) == {
        f"{new.public_id},added,,",
        f"{wrong.public_id},changed,1,2",
        f"{touched.public_id},touched,,",
        f"{other.public_id},removed,,",
    }
    assert kept.public_id not in "".join(rows)
    assert list(releases.verify()) == []


def test_nothing_new_is_no_release(folder):
    with pytest.raises(ReleaseRefused, match="no public event"):
        make()
    make_event()
    make()
    with pytest.raises(ReleaseRefused, match="Nothing changed since release 1"):
        make()
    assert len(list(folder.iterdir())) == 1
    assert DatasetRelease.objects.count() == 1


def test_without_its_change_there_is_no_release():
    make_event()
    undone_without_its_change(make)


def test_one_that_was_made_meanwhile_is_not_overwritten(folder):
    make_event()

    def slow(number, at, before, target):
        made = whole(number, at, before, target)
        releases.make(whole, AT)
        return made

    with pytest.raises(ReleaseRefused, match="made meanwhile"):
        releases.make(slow, AT)
    assert [each.number for each in DatasetRelease.objects.all()] == [1]
    assert len(list(folder.iterdir())) == 1


def test_a_file_that_was_left_is_named_and_taken_up_again(folder, monkeypatch):
    """As after a machine that stopped between the file and its row."""
    make_event()
    with monkeypatch.context() as broken:

        def stop(**row):
            raise DatabaseError(f"The disk is full: {row['number']}")

        broken.setattr(DatasetRelease.objects, "create", stop)
        with pytest.raises(DatabaseError):
            make()
    (left,) = folder.iterdir()
    assert list(releases.verify()) == [f"{left} is of no release: delete it if none is being made."]
    assert make().file == left.name
    assert list(releases.verify()) == []


def test_a_file_that_changed_or_went_is_named(folder):
    make_event()
    made = make()
    file = folder / made.file
    raw = bytearray(file.read_bytes())
    raw[-1] ^= 1
    file.write_bytes(raw)
    assert list(releases.verify()) == [
        f"{file} is not what release 1 was: bring it back from a backup."
    ]
    file.unlink()
    assert list(releases.verify()) == [
        f"Release 1 has lost its file: bring {file} back from a backup."
    ]


def test_closing_takes_the_file_and_keeps_the_rest(folder):
    make_event()
    made = make()
    with pytest.raises(ReleaseRefused, match="Say why"):
        releases.close(1, " ", AT)
    with noted():
        closed = releases.close(1, "An order of a court.", AT)
    assert closed.closed_reason == "An order of a court."
    assert list(folder.iterdir()) == []
    (folder / made.file).write_bytes(b"back from a backup")
    assert "is closed, but" in next(releases.verify())
    changes = Change.objects.count()
    releases.close(1, "Another reason.", AT)
    assert Change.objects.count() == changes
    assert DatasetRelease.objects.get().closed_reason == "An order of a court."
    assert list(releases.verify()) == []
    # What changed can be said without the file.
    make_event(title="New")
    assert make().changes["count"]["added"] == 1
    with pytest.raises(ReleaseRefused, match="no release 7"):
        releases.close(7, "No.", AT)


def test_a_release_is_never_changed_and_never_deleted():
    make_event()
    made = make()
    made.note = "Other"
    with pytest.raises(AppendOnly):
        made.save()
    with pytest.raises(AppendOnly):
        made.save(update_fields=["note"])
    with pytest.raises(AppendOnly):
        made.delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE timeline_datasetrelease SET closed_reason = 'so'")


def test_equal_content_gives_equal_files(tmp_path):
    make_event()
    made = [io.BytesIO(), io.BytesIO()]
    for target in made:
        target.name = str(tmp_path / "any.zip")
        whole(1, AT, None, target)
    assert made[0].getvalue() == made[1].getvalue()


def test_who_made_it_stands_in_the_log():
    ann = get_user_model().objects.create_user("ann")
    make_event()
    made = make(by=ann.pk)
    assert made.by == ann
    assert Change.objects.last().by == ann


@pytest.mark.django_db(transaction=True)
def test_a_release_is_of_one_moment(folder, monkeypatch):
    """What is published while it is being read goes into the next one."""
    first, second = make_event(date="2024-01-01"), make_event(date="2024-01-02", title="Before")
    monkeypatch.setattr(selected, "AT_ONCE", 1)
    add, seen = Manifest.add, []

    def adding(self, record):
        if not seen:
            writer = Thread(target=lambda: (correct(second, "After"), connection.close()))
            writer.start()
            writer.join()
        seen.append(record.title)
        add(self, record)

    monkeypatch.setattr(Manifest, "add", adding)
    made = make()
    assert seen == [first.title, "Before"]
    assert "Before" in files(made, folder)["events.csv"]
    later = make()
    assert later.changes["count"] == {"added": 0, "changed": 1, "touched": 0, "removed": 0}
    assert "After" in files(later, folder)["events.csv"]
