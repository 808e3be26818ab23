"""Editions of stories: begun from the original, one in each language, published when translated."""

import pytest
from django.db import IntegrityError, transaction

from tests.changes import noted, undone_without_its_change
from tests.make import make_event, make_metric, make_period, make_story
from timeline.editing import editions, stories
from timeline.editing.publishing import StepRefused
from timeline.models import Story
from timeline.models.choices import Status

pytestmark = pytest.mark.django_db
WORDS = "They met twice and then no more"


@pytest.fixture
def original():
    story = make_story(
        (make_event(), {"heading": "2018", "note": "A day that began with a handshake"}),
        make_event(),
        title=WORDS,
        slug="twice",
    )
    story.compared.add(make_metric(label="Killed"))
    make_period(story=story, title="Talks", note="From the first talks to the last")
    return story


def test_an_edition_is_begun_with_the_steps_and_figures_of_the_original(original):
    with noted():
        made = editions.begin(original, "ko", by=None)
    assert (made.status, made.language, made.translation_of) == ("draft", "ko", original)
    assert made.slug == "twice-ko"
    told = [list(each.steps.values_list("order", "event", "heading")) for each in (original, made)]
    assert told[0] == told[1]
    assert list(made.compared.all()) == list(original.compared.all())
    assert made.periods.get().date == original.periods.get().date
    undone_without_its_change(lambda: editions.begin(original, "de", by=None))


def test_an_edition_is_published_when_it_is_translated(original):
    made = editions.begin(original, "ko", by=None)
    with pytest.raises(StepRefused, match=r"Translate.*They met twice.*A day that began"):
        stories.publish([made], by=None)
    made.title = "두 번의 만남"
    made.save()
    made.steps.update(note="악수로 시작된 날")
    made.periods.update(note="첫 회담부터 마지막 회담까지")
    # A name of few words, such as "2018" or "Talks", may be the same.
    stories.publish([made], by=None)
    assert set(Story.objects.public()) == {original, made}


def test_there_is_one_edition_in_a_language_and_none_of_an_edition(original):
    made = editions.begin(original, "ko", by=None)
    for story, language in ((original, "ko"), (made, "ko-KR"), (made, "en"), (original, "en")):
        with pytest.raises(StepRefused, match="There is an edition in this language already"):
            editions.begin(story, language, by=None)
    assert editions.begin(made, "de", by=None).translation_of == original
    for wrong, said in ((made, "is an edition itself"), (original, "so it is an original")):
        other = make_story(make_event(), language="fr", status=Status.DRAFT)
        story = original if wrong is original else other
        story.translation_of = other if wrong is original else made
        with pytest.raises(StepRefused, match=said):
            stories.settle(story, by=None, before=story.status)
    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.create(title="x", slug="x", language="ko", translation_of=original)
    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.filter(pk=made.pk).update(translation_of=made.pk)


def test_the_editions_of_a_story_that_is_removed_are_stories_by_themselves():
    draft = make_story(make_event(), status=Status.DRAFT)
    made = editions.begin(draft, "ko", by=None)
    with noted():
        stories.delete(draft)
    made.refresh_from_db()
    assert made.translation_of is None
