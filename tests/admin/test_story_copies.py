"""Editing a published story: what readers see stands until the working copy is published."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from tests.admin.conftest import signed_in
from tests.admin.sending import opened, page, publish, save, sent
from tests.changes import noted
from tests.make import make_event, make_metric, make_period, make_story
from timeline.editing import stories, story_copies
from timeline.editing.publishing import Outdated, StepRefused, copy_of
from timeline.editing.versions import Release
from timeline.models import Step, Story
from timeline.models.choices import VersionKind
from timeline.record.stories import story_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    made = make_story(
        (make_event(title="They meet"), {"note": "It begins.", "heading": "The start"}),
        make_event(title="They part"),
        title="The first title",
        slug="first",
    )
    made.compared.add(make_metric(label="Killed"))
    make_period(story=made, title="Talks", date="2018")
    return made


@pytest.fixture
def me():
    return signed_in("Publisher", name="me")


def told(story):
    return [(step.event.title, step.heading, step.note) for step in story.steps.order_by("order")]


def test_saving_begins_a_copy_and_publishing_puts_it_onto_the_story(me, story, client):
    opened(me, story)
    assert not Story.objects.copies().exists()
    before = told(story)
    data = {"title": "A better title", "steps-0-note": "It began.", "steps-1-DELETE": "on"}
    with noted():
        assert save(me, story, **data).status_code == 302
    story.refresh_from_db()
    copy = copy_of(story)
    assert (story.title, story.version, told(story)) == ("The first title", 1, before)
    assert told(copy) == [("They meet", "The start", "It began.")]
    assert (copy.status, copy.created_by, copy.slug) == ("draft", me.user, "first")
    assert (copy.periods.count(), copy.compared.count()) == (1, 1)
    assert "A better title" not in client.get("/stories/first/").content.decode()
    # Who comes again goes on with the copy, and the list and the first page name it.
    assert me.get(page(story))["Location"] == page(copy)
    assert "Discard changes" in me.get(page(copy)).content.decode()
    listed = me.get("/admin/timeline/story/?status=changes").content.decode()
    assert "Changes to: A better title" in listed
    assert page(copy) in me.get("/admin/").content.decode()
    with noted():
        response = publish(me, copy, "correction", "The title was wrong.", slug="better")
    assert response["Location"] == page(story)
    story = Story.objects.get()
    assert (story.title, story.version, told(story)) == (
        *("A better title", 2),
        [("They meet", "The start", "It began.")],
    )
    assert (story.periods.count(), story.compared.count(), Step.objects.count()) == (1, 1, 1)
    version = story.versions.get(number=2)
    assert (version.kind, version.public_note) == ("correction", "The title was wrong.")
    assert version.author == me.user
    assert client.get("/stories/first/")["Location"] == "/stories/better/"


def test_a_copy_that_nobody_changed_says_what_the_story_says(story):
    story.description, story.introduction, story.byline = "Of two.", "Once.", "By nobody"
    story.save()
    before = replace(story_record(story), version=None, revised_at=None)
    with transaction.atomic():
        copy = story_copies.begin(story, by=None)
        story_copies.publish(copy, by=None, release=Release())
    story = Story.objects.get()
    assert story.version == 2
    assert replace(story_record(story), version=None, revised_at=None) == before
    assert before.compared
    assert before.periods


def test_what_hinders_the_publication_comes_back_and_the_copy_stays(me, story):
    hidden = {"steps-0-DELETE": "on", "steps-1-DELETE": "on", "title": "Nearly"}
    text = publish(me, story, **hidden).content.decode()
    assert "Add a step to a published event" in text
    assert "Nearly" in text
    text = publish(me, story, "correction", title="Nearly").content.decode()
    assert "Say in a sentence what changed" in text
    story.refresh_from_db()
    assert (story.title, story.version) == ("The first title", 1)


def test_a_preview_leaves_no_copy_and_a_copy_is_discarded(me, story):
    assert (
        "Only looked at"
        in save(me, story, title="Only looked at", _preview="Preview").content.decode()
    )
    assert not Story.objects.copies().exists()
    save(me, story, title="Dropped")
    with noted():
        me.post(f"/admin/timeline/story/{copy_of(story).pk}/delete/", {"post": "yes"})
    assert Story.objects.get().title == "The first title"
    assert (Step.objects.count(), story.periods.count()) == (2, 1)


def test_two_open_the_story_and_both_save(me, story):
    you = signed_in("Publisher", name="you")
    mine = opened(me, story) | {"title": "Mine", "_save": "Save"}
    yours = opened(you, story) | {"description": "Yours", "steps-1-note": "Ours", "_save": "Save"}
    assert me.post(page(story), mine).status_code == 302
    response = you.post(page(story), yours)
    assert response.status_code == 409
    copy = copy_of(story)
    assert you.post(page(copy), sent(response)).status_code == 302
    copy.refresh_from_db()
    assert (copy.title, copy.description) == ("Mine", "Yours")
    assert [note for _event, _heading, note in told(copy)] == ["It begins.", "Ours"]


def test_the_story_was_published_anew_meanwhile(me, story):
    save(me, story, title="Mine")
    story.description = "Theirs"
    story.save()
    stories.settle(story, by=None, before="published")
    copy = copy_of(story)
    with pytest.raises(Outdated), transaction.atomic():
        story_copies.publish(copy, by=None, release=Release())
    assert "It was published anew" in me.get(page(copy)).content.decode()
    response = publish(me, copy)
    assert response.status_code == 409
    assert me.post(page(copy), sent(response)).status_code == 302
    story = Story.objects.get()
    assert (story.title, story.description, story.version) == ("Mine", "Theirs", 3)
    assert len(told(story)) == 2


def test_the_copy_was_published_while_somebody_typed(me, story):
    you = signed_in("Publisher", name="you")
    save(me, story, description="Mine, saved.")
    copy = copy_of(story)
    typed = opened(you, copy) | {"title": "Yours", "_save": "Save"}
    assert publish(me, copy, description="Mine, published.").status_code == 302
    response = you.post(page(copy), typed)
    assert response.status_code == 409
    assert you.post(page(copy_of(story)), sent(response)).status_code == 302
    fresh = copy_of(story)
    assert (fresh.title, fresh.description) == ("Yours", "Mine, published.")
    assert len(told(fresh)) == 2


def test_a_copy_is_no_story_of_its_own(me, story, settings):
    save(me, story, title="Mine")
    copy = copy_of(story)
    with pytest.raises(StepRefused, match="Open it"):
        stories.publish([copy], by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.filter(pk=copy.pk).update(
            status="published", published_at="2026-01-01T00:00Z"
        )
    other = make_story(make_event(), slug="second")
    text = save(me, copy, slug="second").content.decode()
    assert "Another story has this address" in text
    copy.slug = other.slug
    copy.save()
    with pytest.raises(StepRefused, match="has this address"), transaction.atomic():
        story_copies.publish(copy, by=None, release=Release())
    settings.TWO_PEOPLE = True
    with pytest.raises(StepRefused, match="two people"), transaction.atomic():
        story_copies.publish(copy, by=me.user, release=Release(VersionKind.MINOR))
    stories.withdraw(story, by=None, reason="Wrong.")
    with pytest.raises(StepRefused, match="is not public any more"), transaction.atomic():
        story_copies.publish(copy, by=None, release=Release())
    with pytest.raises(StepRefused, match="is not published"), transaction.atomic():
        story_copies.begin(story, by=None)
    with noted(), transaction.atomic():
        stories.remove([story])
    assert list(Story.objects.all()) == [other]


def test_the_edition_of_a_story_may_be_changed_too(me, story):
    edition = make_story(make_event(), language="ko", translation_of=story, slug="first-ko")
    save(me, edition, title="다른 제목")
    assert copy_of(edition).work == story.pk
    assert publish(me, edition).status_code == 302
    assert Story.objects.get(language="ko").title == "다른 제목"
    save(me, story, title="Another")
    assert publish(me, story).status_code == 302
    assert set(Story.objects.of_work(story)) == {story, edition}
