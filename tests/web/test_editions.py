"""Editions of stories as readers see them: theirs first, one of each work, and the way between."""

import re

import pytest

from tests.make import make_event, make_story
from timeline.editing import stories
from timeline.models import EventTranslation
from timeline.models.choices import Status
from timeline.models.translations import seal

pytestmark = pytest.mark.django_db
HERE = "http://127.0.0.1:8000"


def body(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, address
    parts = response.streaming_content if response.streaming else [response.content]
    return b"".join(parts).decode()


@pytest.fixture
def event():
    made = make_event(title="They meet")
    EventTranslation.objects.create(
        event=made, language="ko", title="두 사람이 만나다", of=seal(made.title, made.summary)
    )
    return made


@pytest.fixture
def english(event):
    return make_story(
        (event, {"heading": "The day", "opening": "One day.", "note": "It *begins*."}),
        title="Two summits",
        slug="two",
        introduction="Once.",
    )


def korean_of(english, event, **changes):
    return make_story(
        (event, {"heading": "그날", "note": "시작이다."}),
        **{"title": "두 번의 회담", "slug": "two-ko", "language": "ko", "translation_of": english}
        | changes,
    )


def hreflang(page):
    return dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page))


def canonical(page):
    return re.search(r'<link rel="canonical" href="([^"]+)">', page)[1]


def test_each_reader_is_shown_one_edition_of_a_work(client, english, event):
    korean_of(english, event)
    make_story(event, title="Newest, in English only", slug="only")
    for lists in ("/stories/", "/", event.get_absolute_url(), "/stories/only/"):
        shown = body(client, lists)
        assert "Two summits" in shown, lists
        assert "두 번의 회담" not in shown, lists
        shown = body(client, f"/ko{lists}")
        assert "Two summits" not in shown, lists
        assert 'href="/ko/stories/two-ko/' in shown, lists
    listed = body(client, "/ko/stories/")
    # What is in the reader's language stands first, though it is older; the rest says its own.
    assert listed.index("두 번의 회담") < listed.index("Newest")
    assert '<a href="/ko/stories/only/" lang="en">Newest, in English only</a>' in listed
    assert '<abbr class="lang" title="영어">en</abbr>' in listed


def test_a_page_leads_to_the_other_editions_and_the_switch_to_theirs(client, english, event):
    assert hreflang(body(client, "/ko/stories/two/"))["ko"] == f"{HERE}/ko/stories/two/"
    korean_of(english, event)
    places = {
        "en": f"{HERE}/stories/two/",
        "ko": f"{HERE}/ko/stories/two-ko/",
        "x-default": f"{HERE}/stories/two/",
    }
    there = {"/stories/two/": "en", "/ko/stories/two/": "en"}
    there |= {"/ko/stories/two-ko/": "ko", "/stories/two-ko/": "ko"}
    for address, language in there.items():
        page = body(client, address)
        assert hreflang(page) == places, address
        assert canonical(page) == places[language], address
        other, words = {
            "en": ("/ko/stories/two-ko/", "한국어로 읽기"),
            "ko": ("/stories/two/", "Read in English"),
        }[language]
        assert re.search(rf'<a href="{other}" rel="alternate" hreflang[^>]*>{words}</a>', page)
        assert re.search(r'<a href="/stories/two/" lang="en" hreflang="en"[^>]*>English</a>', page)
        assert '<a href="/ko/stories/two-ko/" lang="ko" hreflang="ko"' in page
    listed = body(client, "/sitemap-pages.xml")
    for place in (places["en"], places["ko"]):
        assert listed.count(f"<loc>{place}</loc>") == 1
    assert "/ko/stories/two/" not in listed
    assert f"{HERE}/stories/two-ko/" not in listed


def test_a_text_says_its_language_where_the_page_has_another(client, english, event):
    korean_of(english, event)
    page = body(client, "/ko/stories/two/")
    for said in (
        '<h1 lang="en">Two summits</h1>',
        '<div class="dek" lang="en"><p>Once.</p>',
        '<b lang="en">The day</b>',
        '<div class="open" lang="en">',
        '<div class="say" lang="en"><p>It <em>begins</em>.</p>',
        "They meet",
        '"inLanguage":"en"',
    ):
        assert said in page, said
    page = body(client, "/ko/stories/two-ko/")
    assert "<h1>두 번의 회담</h1>" in page
    assert "두 사람이 만나다" in page
    assert "They meet" not in page.replace("they-meet", "")
    assert f'"translationOfWork":{{"@type":"Article","@id":"{HERE}/stories/two/"' in page
    embed = body(client, "/ko/embed/stories/two/")
    assert '<h1 lang="en">Two summits</h1>' in embed
    slides = body(client, "/ko/stories/two-ko.timelinejs.json")
    assert "두 사람이 만나다" in slides
    assert '"language":"ko"' in body(client, "/ko/stories/two-ko.json").replace('": "', '":"')


def test_an_edition_that_is_not_public_is_nowhere(client, english, event):
    draft = korean_of(english, event, status=Status.DRAFT, title="카나리아")
    for address in ("/ko/stories/", "/ko/", "/ko/stories/two/", "/stories/two/"):
        page = body(client, address)
        assert "two-ko" not in page, address
        assert "카나리아" not in page
        assert "한국어로 읽기" not in page
    stories.publish([draft], by=None)
    stories.withdraw(english, by=None, reason="Wrong.")
    page = body(client, "/ko/stories/two-ko/")
    assert "Two summits" not in page
    assert "Read in English" not in page
    assert hreflang(page)["en"] == f"{HERE}/stories/two-ko/"
    assert "두 번의 회담" not in body(client, "/stories/")
    assert "카나리아" in body(client, "/stories/")


def test_a_version_is_read_in_the_language_that_it_was_written_in(client, english, event):
    korean_of(english, event)
    page = body(client, "/ko/stories/two/v/1/")
    assert '<h1 lang="en">Two summits</h1>' in page
    assert "They meet" in page
