"""Translations at the desk: written in the event's form, tied to the words that they translate."""

import pytest

from tests.admin.conftest import signed_in
from tests.admin.test_copies import opened, page, publish
from tests.make import make_event
from timeline.models import EventTranslation
from timeline.record import record

pytestmark = pytest.mark.django_db
ROW = "translations-0-"


def outdated(event):
    """Whether readers are told that the translation is of other words."""
    (told,) = record(type(event).objects.get(pk=event.pk)).translations
    return told.outdated


@pytest.fixture
def me():
    return signed_in("Publisher", name="me")


@pytest.fixture
def event(me):
    event = make_event(title="A summit", summary="They met.")
    words = {f"{ROW}language": "ko", f"{ROW}title": "정상회담", f"{ROW}summary": ""}
    assert publish(me, event, **words, **{"translations-TOTAL_FORMS": "1"}).status_code == 302
    return event


def test_a_translation_is_written_beside_the_event(event):
    words = event.translations.get()
    assert (words.language, words.title) == ("ko", "정상회담")
    assert not outdated(event)


def test_it_is_outdated_until_it_is_changed_or_found_right(me, event):
    publish(me, event, summary="They met twice.")
    assert outdated(event)
    shown = me.get(page(event), follow=True).content.decode()
    assert "The original has changed since this was written." in shown
    publish(me, event, **{f"{ROW}checked": "on"})
    assert not outdated(event)
    publish(me, event, summary="They met.")
    publish(me, event, **{f"{ROW}title": "남북 정상회담"})
    assert not outdated(event)
    assert event.translations.get().title == "남북 정상회담"


def test_one_language_has_one_translation(me, event):
    data = opened(me, event)
    more = {
        "translations-TOTAL_FORMS": "2",
        "translations-1-language": "ko",
        "translations-1-title": "또 하나",
        "translations-1-summary": "",
    }
    answer = me.post(page(event), data | more | {"_save": "Save"})
    assert answer.status_code == 200
    assert "Please correct the duplicate data for language" in answer.content.decode()
    assert not EventTranslation.objects.filter(title="또 하나").exists()


def test_it_can_be_taken_away(me, event):
    publish(me, event, **{f"{ROW}DELETE": "on"})
    assert not event.translations.exists()
