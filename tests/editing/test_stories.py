"""How a story changes: steps of its status, versions, what hinders it, what events do to it."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from tests.changes import noted, undone_without_its_change
from tests.make import make_draft, make_event, make_period, make_story
from timeline.editing import events, stories
from timeline.editing.publishing import StepRefused
from timeline.editing.versions import Release
from timeline.models import Event, Period, Step, Story, StoryVersion
from timeline.models.choices import Status, VersionKind
from timeline.models.versions import AppendOnly
from timeline.record.stories import between, story_read, story_record, with_events

pytestmark = pytest.mark.django_db


def test_a_story_is_public_only_while_it_is_published():
    story = make_story(make_event(), status=Status.DRAFT)
    assert not Story.objects.public().exists()
    with noted():
        stories.send_to_review([story], by=None)
    assert not Story.objects.public().exists()
    with noted():
        stories.publish([story], by=None)
    assert Story.objects.public().get() == story
    with noted():
        stories.withdraw(story, by=None, reason="It mixed up two days.")
    assert not Story.objects.public().exists()
    assert Story.objects.gone().get().withdrawal_reason == "It mixed up two days."
    with noted():
        stories.publish([story], by=None)
    kinds = list(StoryVersion.objects.values_list("number", "kind"))
    assert kinds == [(1, "first"), (2, "withdrawn"), (3, "restored")]


def test_publishing_leaves_no_half_behind():
    story = make_story(make_event(), status=Status.DRAFT)
    undone_without_its_change(lambda: stories.publish([story], by=None))
    assert not StoryVersion.objects.exists()


def test_a_story_needs_a_step_that_readers_can_see():
    story = make_story(make_draft(), status=Status.DRAFT)
    with pytest.raises(StepRefused, match="Add a step to a published event"):
        stories.publish([story], by=None)
    assert len(stories.hidden_steps(story)) == 1


def test_a_draft_cannot_be_withdrawn_and_a_withdrawal_needs_its_reason():
    story = make_story(make_event(), status=Status.DRAFT)
    with pytest.raises(StepRefused, match="is not published"):
        stories.withdraw(story, by=None, reason="Why not")
    stories.publish([story], by=None)
    with pytest.raises(StepRefused, match="Say why"):
        stories.withdraw(story, by=None, reason=" ")


def test_saving_a_published_story_publishes_its_next_version():
    story = make_story(make_event())
    story.title = "Another title"
    with noted():
        stories.settle(
            story,
            by=None,
            before=Status.PUBLISHED,
            release=Release(VersionKind.CORRECTION, "The title named the wrong city."),
        )
    first, second = StoryVersion.objects.all()
    assert (second.number, second.kind) == (2, "correction")
    assert story_read(first.content()).title != "Another title"
    assert story_read(second.content()).title == "Another title"
    with pytest.raises(StepRefused, match="Say in a sentence what changed"):
        stories.settle(
            story, by=None, before=Status.PUBLISHED, release=Release(VersionKind.CORRECTION)
        )


def test_where_two_people_publish_nobody_publishes_their_own_words(settings, admin_user):
    settings.TWO_PEOPLE = True
    story = make_story(make_event(), status=Status.DRAFT)
    Story.objects.filter(pk=story.pk).update(updated_by=admin_user)
    with pytest.raises(StepRefused, match="two people publish"):
        stories.publish([story], by=admin_user)


def test_a_version_is_never_changed():
    make_story(make_event())
    version = StoryVersion.objects.get()
    version.public_note = "Something else"
    with pytest.raises(AppendOnly):
        version.save()
    with pytest.raises(AppendOnly):
        version.delete()


def test_a_section_whose_first_event_is_hidden_begins_with_the_next():
    story = make_story(
        make_event(),
        (make_draft(), {"heading": "The summits", "opening": "Two of them."}),
        make_event(),
        make_event(),
    )
    found, known = with_events(story_record(story))
    assert [(step.heading, step.opening) for step in found.steps] == [
        ("", ""),
        ("The summits", "Two of them."),
        ("", ""),
    ]
    assert set(known) == {step.event for step in found.steps}
    assert Event.objects.get(status=Status.DRAFT).public_id not in (
        StoryVersion.objects.get().record
    )


def test_an_event_in_a_story_is_not_deleted():
    event = make_draft()
    story = make_story(event, status=Status.DRAFT)
    with pytest.raises(StepRefused, match=f"stands in the story “{story.title}”"):
        events.delete(event)
    with pytest.raises(ProtectedError), transaction.atomic():
        event.delete()


def test_a_step_follows_its_event_into_another():
    keep, gone = make_event(), make_event()
    story = make_story(gone)
    with noted():
        events.merge(keep, gone, by=None)
    assert story.steps.get().event == keep


def test_a_renamed_story_keeps_its_old_address():
    story = make_story(make_event(), slug="one")
    story.slug = "two"
    with noted():
        stories.settle(story, by=None, before=Status.PUBLISHED)
    story.slug = "one"
    with noted():
        stories.settle(story, by=None, before=Status.PUBLISHED)
    story.refresh_from_db()
    assert story.slug == "one"


def test_only_what_readers_never_saw_is_deleted():
    story = make_story(make_event())
    with pytest.raises(StepRefused, match="was public"):
        stories.delete(story)
    draft = make_story(make_event(), status=Status.DRAFT)
    make_period(story=draft)
    with noted():
        stories.delete(draft)
    assert Story.objects.get() == story
    assert not Period.objects.exists()


def test_the_database_holds_what_a_status_needs():
    for values in ({"status": "published"}, {"status": "withdrawn"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Story.objects.create(title="Something", slug=str(values["status"]), **values)


def test_every_chart_shows_the_public_periods_of_no_story_that_touch_it():
    make_period(title="Earlier", date="2018/2019")
    make_period(title="Touching", date="2019-12/2020")
    make_period(title="Not ready", date="2020", shown=False)
    make_period(title="Of a story", date="2020", story=make_story(make_event()))
    make_period(title="Of a draft", date="2020", story=make_story(make_event(), status="draft"))
    found = between(date(2020, 1, 1), date(2020, 12, 31))
    assert [(each.title, each.earliest, each.latest) for each in found] == [
        ("Touching", date(2019, 12, 1), date(2020, 12, 31))
    ]
    assert {each.title for each in Period.objects.public()} == {"Earlier", "Touching", "Of a story"}


def test_the_public_door_of_steps_needs_both_ends():
    hidden, shown = make_draft(), make_event()
    make_story(hidden, shown)
    make_story(shown, status=Status.DRAFT)
    assert [step.event for step in Step.objects.public()] == [shown]
