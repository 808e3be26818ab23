"""Versions: one for each publication, as it was, in one chain."""

import hashlib
import json

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from tests.changes import noted as noting
from tests.changes import undone_without_its_change
from tests.loaded import kept
from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_category,
    make_draft,
    make_event,
    make_source,
    make_topic,
)
from timeline.editing import events, history, rules, versions
from timeline.editing.versions import Release
from timeline.models import Event, Version
from timeline.models.choices import VersionKind
from timeline.models.versions import AppendOnly

pytestmark = pytest.mark.django_db


def publish_again(event, kind="update", note="", **changes):
    with transaction.atomic():
        held = events.hold(event.pk)
        for name, value in changes.items():
            setattr(held, name, value)
        return events.settle(
            held, by=None, before=held.status, release=Release(VersionKind(kind), note)
        )


def kinds(event):
    return [(each.number, each.kind) for each in event.versions.order_by("number")]


def test_the_first_version_stays_as_it_was():
    actor = make_actor("The ministry")
    event = make_event(title="It says ten", actors=[(actor, "speaker")])
    figure = count_figure(event, best=10)
    publish_again(event, "minor")
    figure.best = 11
    figure.save()
    publish_again(event, "correction", "It was eleven, not ten.", title="It says eleven")
    actor.name = "The department"
    actor.save()
    first, _second, third = event.versions.order_by("number")
    assert first.content()["title"] == "It says ten"
    assert first.content()["participations"][0]["actor"]["name"] == "The ministry"
    assert (third.kind, third.public_note) == ("correction", "It was eleven, not ten.")
    assert third.content()["figures"][0]["best"] == "11"
    assert kinds(event) == [(1, "first"), (2, "minor"), (3, "correction")]


def test_the_hash_can_be_computed_from_the_documentation_alone():
    user = User.objects.create_user("ed")
    (event,) = events.publish([make_draft_with_source()], by=user)
    version = event.versions.get()

    def sha(value):
        written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(written.encode()).hexdigest()

    content = sha({"public_note": version.public_note, "record": version.record})
    seal = hashlib.sha256(f"{version.author_salt}:{user.pk}".encode()).hexdigest()
    assert version.sha256 == sha(
        {
            "at": version.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "author_seal": seal,
            "content_sha256": content,
            "event": event.public_id,
            "kind": "first",
            "number": 1,
            "previous": "0" * 64,
        }
    )


def make_draft_with_source(**changes):
    draft = make_draft(**changes)
    cite(draft)
    return draft


def test_every_step_writes_its_kind():
    event, other = make_event(), make_event()
    events.set_category([event], make_category(), by=None)
    events.add_topic([event], topic := make_topic(), by=None)
    events.add_topic([event], topic, by=None)  # it has it already
    events.withdraw([event], by=None, reason="The ministry took it back.")
    events.publish([event], by=None)
    events.merge(other, event, by=None)
    assert kinds(event) == [
        (1, "first"),
        (2, "minor"),
        (3, "minor"),
        (4, "withdrawn"),
        (5, "restored"),
        (6, "merged"),
    ]
    assert kinds(other) == [(1, "first"), (2, "update")]
    assert event.versions.get(kind="withdrawn").public_note == "The ministry took it back."
    assert history.verify().wrong == []


@pytest.mark.parametrize("kind", ["correction", "clarification"])
def test_a_correction_says_what_it_corrects(kind):
    event = make_event()
    with pytest.raises(rules.Hindered, match="Say in a sentence"):
        publish_again(event, kind, " \u200b ")
    assert kinds(event) == [(1, "first")]


def test_a_draft_has_no_version():
    events.send_to_review([make_draft_with_source()], by=None)
    assert not Version.objects.exists()


def test_a_version_is_never_changed_or_deleted():
    version = make_event().versions.get()
    version.public_note = "Otherwise."
    for act in (
        version.save,
        version.delete,
        Version.objects.all().delete,
        lambda: Version.objects.update(record=""),
        lambda: Version.objects.bulk_update([version], ["record"]),
    ):
        with pytest.raises(AppendOnly, match="never changed"):
            act()
    with pytest.raises(AppendOnly):
        Version.objects.filter(pk=version.pk).update(record="")


def test_a_relation_is_told_without_the_words_of_the_other_event():
    other = make_event(title="Words that may be withdrawn")
    event = make_event()
    event.relations.create(to_event=other, kind="follows")
    publish_again(event)
    last = event.versions.get(number=2)
    assert last.content()["relations"] == [{"event": other.public_id, "kind": "follows"}]
    assert "may be withdrawn" not in last.record
    publish_again(other)
    assert other.versions.get(number=2).content()["relations"] == []


def test_what_readers_may_open():
    event, gone = make_event(), make_event()
    publish_again(event, title="Another title stands here")
    events.withdraw([gone], by=None, reason="Wrong.")
    versions.redact([event.versions.get(number=1)], reason="A name.")
    assert [str(each) for each in Version.objects.public()] == [f"{event.public_id} v2"]
    assert Version.objects.listed().count() == 2


# --- Redaction -------------------------------------------------------------------------------


def test_a_redacted_version_is_empty_and_the_chain_holds():
    event = make_event(title="A name that must not be read")
    make_event()
    publish_again(event, title="Somebody")
    version = event.versions.get(number=1)
    digest = version.sha256
    with noting():
        versions.redact([version], reason="An order of a court.")
    version = Version.objects.get(pk=version.pk)
    assert (version.record, version.public_note, version.sha256) == ("", "", digest)
    assert version.redaction_reason == "An order of a court."
    verdict = history.verify()
    assert (verdict.verified, verdict.redacted, verdict.wrong) == (3, 1, [])


def test_redaction_needs_a_reason_and_an_older_version():
    event = make_event()
    with pytest.raises(versions.RedactionRefused, match="what the event says now"):
        versions.redact(event.versions.all(), reason="A name.")
    publish_again(event)
    with pytest.raises(versions.RedactionRefused, match="why"):
        versions.redact([event.versions.get(number=1)], reason=" ")
    assert history.verify().redacted == 0


# --- Tampering -------------------------------------------------------------------------------


@pytest.fixture
@kept
def three():
    """Three events, the second of which has three versions."""
    first, second, third = make_event(), make_event(title="The second of three"), make_event()
    count_figure(second, best=10)
    publish_again(second, "correction", "It was ten.")
    publish_again(third)
    publish_again(second, "minor")
    return first, second, third


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


TAMPERED = {
    "record": (
        "UPDATE timeline_version SET record = REPLACE(record, 'second', 'sekond')",
        "content",
    ),
    "sentence": ("UPDATE timeline_version SET public_note = 'It was eleven.'", "content"),
    "number": ("UPDATE timeline_version SET number = 9", "number"),
    "kind": ("UPDATE timeline_version SET kind = 'update'", "kind"),
    "time": ("UPDATE timeline_version SET at = '2020-01-01 00:00:00+00:00'", "time"),
    "link": ("UPDATE timeline_version SET previous = content_sha256", "continue"),
    "hash": ("UPDATE timeline_version SET sha256 = content_sha256", "hash"),
    "event": ("UPDATE timeline_version SET public_id = 'AAAAAAAA'", "event"),
    "redaction": (
        "UPDATE timeline_version SET kind='minor', redacted_at=at, record='', public_note=''",
        "hash",
    ),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_one_change_past_the_desk_is_named(three, how):
    version = three[1].versions.get(kind="correction")
    statement, said = TAMPERED[how]
    sql(f"{statement} WHERE id = %s", version.pk)
    verdict = history.verify()
    assert len(verdict.wrong) == 1
    assert f"(row {version.pk})" in verdict.wrong[0]
    assert said in verdict.wrong[0]


def test_another_author_is_named(three):
    version = three[1].versions.get(number=2)
    sql(
        "UPDATE timeline_version SET author_id = %s WHERE id = %s",
        User.objects.create_user("other").pk,
        version.pk,
    )
    assert "author" in history.verify().wrong[0]


def test_a_removed_row_is_named_by_the_next(three):
    version = three[1].versions.get(number=2)
    behind = Version.objects.filter(pk__gt=version.pk).order_by("pk").first()
    sql("DELETE FROM timeline_version WHERE id = %s", version.pk)
    assert f"(row {behind.pk})" in history.verify().wrong[0]


def test_an_end_that_was_cut_off_is_named(three):
    sql("DELETE FROM timeline_version WHERE id = %s", three[1].versions.get(number=3).pk)
    assert history.verify().wrong == [
        f"Event {three[1].public_id} is at version 3, but its newest is 2."
    ]


@pytest.mark.parametrize(
    ("statement", "field"),
    [
        ("UPDATE timeline_event SET title = 'Another' WHERE id = %s", "title"),
        ("UPDATE timeline_event SET date = '2024-10-21' WHERE id = %s", "date"),
        ("UPDATE timeline_figure SET best = 11 WHERE event_id = %s", "figures"),
        ("UPDATE timeline_citation SET quote = 'Never said' WHERE event_id = %s", "quote"),
    ],
)
def test_public_rows_changed_past_the_desk_are_named(three, statement, field):
    sql(statement, three[1].pk)
    (sentence,) = history.verify().wrong
    assert three[1].public_id in sentence
    assert field in sentence


def test_edits_and_merges_of_shared_records_are_no_tampering(three):
    from timeline.editing import merging, things

    event = three[1]
    source = event.citations.get().source
    source.title = "Another headline"
    things.store(source)
    twin = make_source()
    cite(event, twin, stance="reports", quote="Said so.")
    publish_again(event)
    merging.merge_sources(source, twin)
    assert history.verify(everything=True).wrong == []


# --- Before there were versions --------------------------------------------------------------


def test_a_record_from_before_gets_its_first_versions_once():
    for _each in range(3):
        make_event()
    Event.objects.filter(pk=Event.objects.last().pk).update(version=7)
    sql("DELETE FROM timeline_version")
    assert versions.begin_history() == 3
    assert versions.begin_history() == 0
    assert sorted(Version.objects.values_list("kind", "number")) == [
        ("first", 1),
        ("first", 1),
        ("first", 7),
    ]
    assert history.verify().wrong == []


def test_a_version_and_its_publication_are_one(three):
    undone_without_its_change(lambda: publish_again(three[0], title="Not written"))
