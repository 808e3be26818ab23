"""How an event changes: steps, rules, versions and the change log."""

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_category,
    make_draft,
    make_event,
    make_metric,
    make_source,
    make_topic,
)
from timeline.editing import changes, events, rules, things
from timeline.editing.publishing import Stale, StepRefused
from timeline.models import Change, Event

pytestmark = pytest.mark.django_db


def logged(event):
    return list(
        Change.objects.filter(model="event", object_id=event.pk).values_list("kind", flat=True)
    )


def test_publishing_stamps_slug_version_and_moment():
    event = make_event(title="Kim meets Trump in Singapore")
    assert (event.slug, event.version, event.revised_at) == (
        "kim-meets-trump-in-singapore",
        1,
        None,
    )
    assert event.published_at is not None
    assert logged(event) == ["created"]


def test_saving_a_published_event_is_its_next_version():
    event = make_event()
    first = event.published_at
    event.title = "Another title is chosen"
    events.settle(event, by=None, before="published")
    assert (event.version, event.slug) == (2, "another-title-is-chosen")
    assert event.published_at == first
    assert event.revised_at > first
    assert logged(event) == ["created", "changed"]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda event: setattr(event, "category", None), "Choose a category"),
        (lambda event: event.citations.all().delete(), "Add a source"),
        (lambda event: cite(event, stance="denies"), "Say who denies it"),
        (
            lambda event: count_figure(event, subject="", metric=make_metric(unit="people")),
            "Say whom this number counts",
        ),
    ],
)
def test_publishing_is_hindered_with_a_sentence(spoil, sentence):
    event = make_event(status="draft")
    spoil(event)
    event.save()
    with pytest.raises(rules.Hindered) as hindered:
        events.publish([event], by=None)
    assert sentence in str(hindered.value)
    assert Event.objects.get().status == "draft"


def test_publishing_several_is_all_or_none():
    good, bad = make_event(status="draft"), make_draft()
    with pytest.raises(rules.Hindered):
        events.publish([good, bad], by=None)
    assert not Event.objects.public().exists()


def test_a_denial_with_a_note_may_lack_its_speaker():
    event = make_event(status="draft")
    cite(event, stance="denies", note="An unnamed official.")
    events.publish([event], by=None)
    assert Event.objects.get().verification == "disputed"


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        ("published", "draft"),
        ("withdrawn", "draft"),
        ("published", "in_review"),
        ("draft", "withdrawn"),
    ],
)
def test_steps_that_do_not_exist(before, wanted):
    event = make_event(status="draft" if before == "draft" else "published")
    if before == "withdrawn":
        (event,) = events.withdraw([event], by=None, reason="Wrong.")
    event.status = wanted
    with pytest.raises(StepRefused):
        events.settle(event, by=None, before=before)


def test_withdrawing_needs_a_reason_and_can_be_undone():
    event = make_event()
    with pytest.raises(StepRefused, match="why"):
        events.withdraw([event], by=None, reason=" \u200b ")
    (gone,) = events.withdraw([event], by=None, reason="The ministry took it back.")
    assert (gone.status, gone.withdrawal_reason) == ("withdrawn", "The ministry took it back.")
    (back,) = events.publish([gone], by=None)
    assert (back.status, back.version, back.withdrawal_reason) == ("published", 3, "")


def test_what_was_public_is_never_deleted():
    draft, public = make_draft(), make_event()
    events.delete(draft)
    assert Event.objects.get() == public
    with pytest.raises(StepRefused, match="Withdraw it instead"):
        events.delete(public)


def test_a_stale_lock_is_noticed():
    event = make_event()
    with pytest.raises(Stale) as stale:
        with_lock(event.pk, event.lock - 1)
    assert stale.value.current.lock == event.lock
    assert with_lock(event.pk, event.lock) == event


def with_lock(pk, lock):
    with transaction.atomic():
        return events.hold(pk, lock)


def test_every_save_moves_the_lock():
    event = make_draft()
    before = event.lock
    event.save()
    events.set_category([event], make_category(), by=None)
    event.refresh_from_db()
    assert event.lock == before + 2


def test_bulk_verbs_note_who_and_write_the_log():
    user = get_user_model().objects.create(username="ana")
    event, topic = make_event(), make_topic()
    events.add_topic([event], topic, by=user)
    event.refresh_from_db()
    assert list(event.topics.all()) == [topic]
    assert (event.updated_by, event.version) == (user, 2)
    assert logged(event) == ["created", "changed"]


def test_merging_redirects_and_keeps_the_sources():
    shared = make_source()
    keep = make_event(sources=[shared])
    gone = make_event(sources=[shared, make_source()])
    events.merge(keep, gone, by=None)
    gone.refresh_from_db()
    assert (gone.status, gone.merged_into) == ("merged", keep)
    assert keep.citations.count() == 2
    with pytest.raises(StepRefused):
        events.merge(keep, make_draft(), by=None)


@pytest.mark.django_db(transaction=True)
def test_the_log_refuses_to_be_written_outside_a_transaction():
    with pytest.raises(RuntimeError, match="one transaction"):
        changes.note("changed", make_actor())


def test_a_corrected_source_moves_the_verification():
    wire = make_source().publisher
    first, second = make_source(), make_source()
    event = make_event(sources=[first, second])
    assert event.verification == "reported"
    for source in (first, second):
        source.agency = wire
        things.store(source)
    event.refresh_from_db()
    assert event.verification == "single_source"
    assert logged(event) == ["created", "changed"]


def test_a_body_that_moves_moves_the_verification():
    south, nis = make_actor("South"), make_actor("Service")
    event = make_event(actors=[(nis, "claimant"), (south, "target")])
    cite(event, stance="confirms", speaker=south)
    assert Event.objects.get(pk=event.pk).verification == "claimed"
    events.reassess([event])
    assert Event.objects.get(pk=event.pk).verification == "confirmed"
    nis.parent = south
    things.store(nis)
    assert Event.objects.get(pk=event.pk).verification == "claimed"


def test_soft_rules_warn():
    event = make_event(
        date="2024-10-20", title="Рutin travels", sources=[make_source(published="2024-08")]
    )
    count_figure(event, low=9, best=5, as_of="2024-09")
    found = " ".join(rules.warnings(event))
    for part in ("mixes Latin", "not in order", "before the event", "30 days older"):
        assert part in found
