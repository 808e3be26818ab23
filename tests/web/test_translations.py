"""An event's words in a further language: who reads them, what is said of old ones, search."""

import json
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from tests.loaded import kept
from tests.make import make_event, noted
from tests.web.test_languages import body
from timeline import browse
from timeline.editing import copies, events
from timeline.editing.versions import Release
from timeline.index import answer, oracle
from timeline.models import Event, EventTranslation, Version
from timeline.models.choices import VersionKind
from timeline.models.translations import seal
from timeline.record import record
from timeline.record.fetching import records_of

pytestmark = pytest.mark.django_db
TITLE, SUMMARY = "싱가포르 정상회담", "두 정상이 처음 만났다."


def translate(event, title=TITLE, summary=SUMMARY, language="ko"):
    words = EventTranslation.objects.create(
        event=event,
        language=language,
        title=title,
        summary=summary,
        of=seal(event.title, event.summary),
    )
    noted(event)
    return words


@pytest.fixture
@kept
def summit():
    event = make_event(title="The Singapore summit", summary="They met.", importance="key")
    translate(event)
    return event


def change(event, **words):
    """Publish other words of an event, as somebody at the desk would."""
    copy = copies.begin(Event.objects.get(pk=event.pk), by=None)
    for name, value in words.items():
        setattr(copy, name, value)
    copy.save()
    return copies.publish(copy, by=None, release=Release(VersionKind.UPDATE))


def test_readers_of_the_language_get_its_words_and_others_the_events_own(client, summit):
    path = summit.get_absolute_url()
    for asked in ("/ko/", f"/ko/embed/events/{summit.public_id}/", "/ko/events.atom"):
        page = body(client.get(asked))
        assert TITLE in page, asked
        assert "They met." not in page, asked
    page = body(client.get(f"/ko{path}"))
    assert f"<h1>{TITLE}</h1>" in page
    assert '<p class="native"><span lang="en">The Singapore summit</span></p>' in page
    assert SUMMARY in page
    for asked in ("/", path, "/events.atom", "/events.ics"):
        page = body(client.get(asked))
        assert "The Singapore summit" in page, asked
        assert TITLE not in page, asked


def test_a_title_alone_leaves_the_summary_as_it_is(client):
    event = make_event(title="A summit", summary="They met.")
    translate(event, summary="")
    page = body(client.get(f"/ko{event.get_absolute_url()}"))
    assert TITLE in page
    assert '<span lang="en">They met.</span>' in page


def test_it_is_said_when_the_original_has_changed_since(client, summit):
    mark = "번역한 뒤 원문이 바뀌었습니다."
    path = f"/ko{summit.get_absolute_url()}"
    assert mark not in body(client.get(path))
    summit = change(summit, summary="They met and signed.")
    for asked in (path, "/ko/"):
        page = body(client.get(asked))
        assert mark in page, asked
        assert TITLE in page, asked
    change(summit, date_note="Local time.")
    change(summit, summary="They met.")
    assert mark not in body(client.get(path))


def test_many_records_hold_what_one_does(summit):
    alone = record(Event.objects.get(pk=summit.pk))
    many = records_of([summit.pk])[summit.pk]
    assert many.translations == alone.translations
    assert many.here("ko").title == TITLE
    assert many.here("ja").title == "The Singapore summit"


def test_versions_hold_translations_and_are_as_they_were_without(summit):
    plain = make_event()
    held = Version.objects.get(event=plain)
    assert "translations" not in json.loads(held.record)
    change(summit, date_note="Local time.")
    held = Version.objects.filter(event=summit).latest("number")
    (told,) = json.loads(held.record)["translations"]
    assert told == {"language": "ko", "outdated": False, "summary": SUMMARY, "title": TITLE}
    summit.translations.update(label="싱가포르")
    change(summit, date_note="")
    held = Version.objects.filter(event=summit).latest("number")
    assert json.loads(held.record)["translations"][0]["label"] == "싱가포르"
    restored, _lost = copies.restore(held, by=None)
    assert restored.translations.get().label == "싱가포르"


def test_a_working_copy_takes_translations_along_and_a_restored_version_has_them(summit):
    first = change(summit, date_note="Local time.")
    copy = copies.begin(first, by=None)
    copy.translations.update(title="다른 제목")
    assert summit.translations.get().title == TITLE
    copies.publish(copy, by=None, release=Release())
    assert summit.translations.get().title == "다른 제목"
    version = Version.objects.get(event=summit, number=2)
    restored, lost = copies.restore(version, by=None)
    assert (restored.translations.get().title, lost) == (TITLE, [])


@pytest.mark.parametrize(
    "asked", ["정상회담", "싱가포르", "정상회담 singapore", '"두 정상이"', "-정상회담"]
)
def test_search_finds_translations_as_the_oracle_does(summit, asked):
    make_event(title="Another thing")
    selection = browse.read(QueryDict(urlencode({"q": asked}))).selection
    for _kept in range(2):
        found = list(answer(selection).ids)
        assert found == list(oracle.answer(selection).ids)
        assert (summit.pk in found) is not asked.startswith("-")


def test_search_follows_a_changed_translation(summit):
    def hits(word):
        return list(answer(browse.read(QueryDict(urlencode({"q": word}))).selection).ids)

    assert hits("평양") == []
    assert hits("싱가포르") == [summit.pk]
    words = summit.translations.get()
    words.title = "평양 회담"
    words.save()
    noted(summit)
    assert hits("평양") == [summit.pk]
    assert hits("싱가포르") == []


def test_drafts_and_withdrawn_events_show_no_translation(client, summit):
    events.withdraw([summit], by=None, reason="It was never so.")
    for asked in ("/ko/", f"/ko{summit.get_absolute_url()}", "/ko/?q=싱가포르"):
        assert TITLE not in body(client.get(asked)), asked
