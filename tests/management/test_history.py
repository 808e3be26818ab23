"""`manage.py verify_history` and `redact_version`, as whoever runs the site meets them."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from tests.make import make_event, make_story
from timeline.editing import events, stories
from timeline.editing.versions import Release
from timeline.models import Event, Version
from timeline.models.choices import VersionKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    event = make_event(title="It was ten")
    with transaction.atomic():
        held = events.hold(event.pk)
        held.title = "It was eleven"
        told = Release(VersionKind.CORRECTION, "It was eleven, not ten.")
        events.settle(held, by=None, before="published", release=told)
    return event


def verified(capsys):
    """The first line; the second names the end of the chain."""
    call_command("verify_history")
    first, second = capsys.readouterr().out.splitlines()
    last = Version.objects.order_by("pk").last()
    assert second == f"The chain ends with {last.sha256}; keep that somewhere else."
    return first


def test_a_sound_history_is_counted(event, capsys):
    assert verified(capsys) == "Verified 2 versions, of which 0 are redacted."
    call_command("redact_version", event.public_id.lower(), "1", reason="A name.")
    assert "is redacted: A name." in capsys.readouterr().out
    assert verified(capsys) == "Verified 2 versions, of which 1 are redacted."


def test_one_byte_changed_by_sql_is_named_and_exits_1(event):
    version = event.versions.get(number=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE timeline_version SET record = REPLACE(record, 'was ten', 'was tem')"
            " WHERE id = %s",
            [version.pk],
        )
    with pytest.raises(CommandError) as refused:
        call_command("verify_history")
    assert refused.value.returncode == 1
    assert f"Version 1 of event {event.public_id} (row {version.pk})" in str(refused.value)
    assert "not what was published" in str(refused.value)


def test_everything_wrong_is_named_when_asked(event):
    Event.objects.filter(pk=event.pk).update(title="Past the desk")
    make_event(title="Another")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE timeline_version SET number = 7 WHERE kind = 'correction'")
    with pytest.raises(CommandError) as refused:
        call_command("verify_history", all=True)
    assert "Version 7 of event" in str(refused.value)
    assert "is at version 2, but its newest is 7" in str(refused.value)


@pytest.mark.parametrize(
    ("number", "reason", "said"),
    [
        ("9", "A name.", "no version 9"),
        ("2", "A name.", "what the event says now"),
        ("1", " ", "Say why"),
    ],
)
def test_what_is_not_redacted(event, number, reason, said):
    with pytest.raises(CommandError, match=said):
        call_command("redact_version", event.public_id, number, reason=reason)
    assert not Version.objects.exclude(redacted_at=None).exists()


def test_nothing_is_redacted_twice(event):
    call_command("redact_version", event.public_id, "1", reason="A name.")
    with pytest.raises(CommandError, match="already"):
        call_command("redact_version", event.public_id, "1", reason="Another.")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            "UPDATE timeline_story SET title = 'Past the desk'",
            "its field “title” is not what version 2",
        ),
        (
            "UPDATE timeline_step SET note = 'Past the desk'",
            "its field “steps” is not what version 2",
        ),
        (
            "UPDATE timeline_storyversion SET record = REPLACE(record, 'Told', 'Tolt')",
            "version 1 is not what was published",
        ),
        ("DELETE FROM timeline_storyversion WHERE number = 1", "one was removed or put in"),
    ],
)
def test_a_story_is_held_against_its_versions(event, capsys, changed, said):
    story = make_story((event, {"note": "It begins."}), title="Told")
    story.title = "Told again"
    stories.settle(story, by=None, before="published")
    verified(capsys)
    with connection.cursor() as cursor:
        cursor.execute(changed)
    with pytest.raises(CommandError) as refused:
        call_command("verify_history")
    assert f"Story {story.public_id}: " in str(refused.value)
    assert said in str(refused.value)
