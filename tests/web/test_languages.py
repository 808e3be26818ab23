"""The site in its languages: what an address says, what a page keeps of it, and no leak."""

import re

import pytest
from django.test import Client
from django.urls import get_script_prefix, reverse
from django.utils import translation

from config.languages import speaking
from tests.loaded import demo_record
from tests.make import make_event, make_publisher, make_source
from tests.web.test_compiling import ADDRESSES
from timeline.models import Event, Source
from timeline.record import record
from timeline.record.outside import as_object
from timeline.web import drawn
from timeline.web.addresses import address, below, path_of
from timeline.web.cached import kept

FILES = (
    *("/events.atom", "/events.ics", "/events.csv", "/corrections.atom", "/changes.atom"),
    *("/actors/north-korea.csv", "/figures/killed.csv"),
)
OTHER_PAGES = ("/places/", "/topics/", "/categories/", "/publishers/", "/years/", "/chart/")


def body(response):
    parts = response.streaming_content if response.streaming else [response.content]
    return b"".join(parts).decode()


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("/en/", "/"),
        ("/en", "/"),
        ("/en/?q=kim", "/?q=kim"),
        ("/en/actors/", "/actors/"),
        ("/en//elsewhere.example/", "/%2Felsewhere.example/"),
        ("/ko", "/ko/"),
        ("/ko/healthz", "/healthz"),
        ("/ko/robots.txt", "/robots.txt"),
        ("/ko/sitemap.xml", "/sitemap.xml"),
        ("/ko/sitemap-pages.xml", "/sitemap-pages.xml"),
        ("/ko/oembed?url=x", "/oembed?url=x"),
        ("/ko/api/v1/events", "/api/v1/events"),
        ("/ko/static/css/site.css", "/static/css/site.css"),
        ("/ko/events", "/ko/events/"),
    ],
)
def test_each_thing_has_one_address_in_a_language(client, asked, there):
    answer = client.get(asked)
    assert (answer.status_code, answer.headers["Location"]) == (301, there)


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["/fr/", "/KO/", "/ko/ko/", "/ko/en/", "/ko//"])
def test_what_is_no_language_of_the_site_is_nothing(client, asked):
    assert client.get(asked).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["/ko/", "/ko/nowhere/", "/ko/?year=0", "/ko/admin/login/"])
def test_the_address_alone_says_the_language(client, asked):
    said = client.get(asked, HTTP_ACCEPT_LANGUAGE="en", HTTP_COOKIE="django_language=en")
    assert said.headers.get("Content-Language", "ko") == "ko"
    assert re.search('<html lang="ko" dir="ltr"', body(said))
    english = asked.removeprefix("/ko")
    said = client.get(english, HTTP_ACCEPT_LANGUAGE="ko", HTTP_COOKIE="django_language=ko")
    assert re.search('<html lang="en(-us)?" dir="ltr"', body(said))


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["/ko/", "/ko/nowhere/", "/ko/events.csv", "/ko/admin/"])
def test_nothing_is_left_of_a_language_after_an_answer(client, asked):
    make_event()
    before = translation.get_language()
    body(client.get(asked))
    assert (translation.get_language(), get_script_prefix()) == (before, "/")
    assert reverse("home") == "/"


def test_addresses_are_those_of_the_language():
    for name, parts, path in (
        ("home", {}, "/"),
        ("event_short", {"public_id": "7K3Q9FZX"}, "/e/7K3Q9FZX"),
        ("actor", {"slug": "kim"}, "/actors/kim/"),
        ("year", {"year": "2024"}, "/years/2024/"),
    ):
        assert address(name, **parts) == path
        with speaking("ko"):
            assert address(name, **parts) == f"/ko{path}"
        assert address(name, **parts) == path
    with speaking("ko"):
        assert address("oembed") == "/oembed"
        assert path_of("/ko/", "csv") == "/ko/events.csv"
        assert below("/embed", "/ko/actors/kim/") == "/ko/embed/actors/kim/"


@pytest.mark.django_db
def test_what_goes_out_as_data_has_one_address():
    event = make_event()
    english = as_object(record(event))
    with speaking("ko"):
        assert as_object(record(event)) == english


# Links that leave a language on purpose: the switch, its like in the head, identifiers, and what
# stands for a story whose readers in this language have an edition of their own.
_LEAVING = re.compile(
    r'<(?:a|link) [^>]*hreflang="[^"]+"[^>]*>|<script type="application/ld\+json">.*'
    r'|<link rel="canonical" href="[^"]*/stories/[^"]+">'
)
_LINK = re.compile(
    r'(?:href|action|src)="(?:http://(?:127\.0\.0\.1|testserver)(?::\d+)?)?(/[^"]*)"'
)
_OF_NO_LANGUAGE = ("/static/", "/oembed", "/api/v1/")


@pytest.mark.django_db
@pytest.mark.sqlite  # its words come from templates
def test_every_page_stays_in_its_language_and_none_leaks_into_another():
    """Each page is asked for in turn in both languages; what was kept for one isn't the other's."""
    demo_record()
    event = Event.objects.public().filter(figures__isnull=False).first()
    pages = (
        *ADDRESSES,
        *OTHER_PAGES,
        event.get_absolute_url(),
        f"{event.get_absolute_url()}history/",
        f"{event.get_absolute_url()}v/1/",
        Source.objects.public().first().get_absolute_url(),
        f"/embed/events/{event.public_id}/",
        f"/share/events/{event.public_id}/",
    )
    client = Client()
    alone = {}
    for language, prefix in (("en", ""), ("ko", "/ko")):
        kept.forget()
        drawn.kept.forget()
        for page in (*pages, *FILES):
            alone[prefix + page] = body(client.get(prefix + page, follow=True))
            if page in pages:
                assert f'<html lang="{language}"' in alone[prefix + page], page
    kept.forget()
    drawn.kept.forget()
    for page in (*pages, *FILES):
        for prefix in ("", "/ko"):
            assert body(client.get(prefix + page, follow=True)) == alone[prefix + page], (
                prefix + page
            )
    for page in pages:
        staying = _LEAVING.sub("", alone[f"/ko{page}"])
        leaving = [
            link
            for link in _LINK.findall(staying)
            if not link.startswith(("/ko/", *_OF_NO_LANGUAGE))
        ]
        assert not leaving, page
        assert "/ko/" not in _LEAVING.sub("", alone[page]), page


@pytest.mark.django_db
def test_a_page_says_where_it_is_in_other_languages(client):
    event = make_event(title="A summit")
    path = event.get_absolute_url()
    for asked in (path, f"/ko{path}"):
        page = body(client.get(asked))
        found = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page))
        assert {code: there.partition("/events/")[0] for code, there in found.items()} == {
            "en": "http://127.0.0.1:8000",
            "ko": "http://127.0.0.1:8000/ko",
            "x-default": "http://127.0.0.1:8000",
        }
        assert f'<link rel="canonical" href="http://127.0.0.1:8000{asked}">' in page
    assert '<meta property="og:locale" content="ko_KR">' in page
    assert '<meta property="og:locale:alternate" content="en_GB">' in page


@pytest.mark.django_db
def test_the_switch_leads_to_the_same_page_and_keeps_what_the_site_knows_of_its_query(client):
    make_event()
    page = body(client.get("/ko/?q=kim&utm_source=x"))
    assert '<a href="/?q=kim" lang="en" hreflang="en">English</a>' in page
    assert 'href="/ko/?q=kim" lang="ko" hreflang="ko" aria-current="true">한국어</a>' in page
    assert "utm_source" not in page


@pytest.mark.django_db
def test_the_sitemap_names_both(client):
    event = make_event()
    kept.forget()
    part = body(client.get("/sitemap-events.xml"))
    path = event.get_absolute_url()
    assert f"<loc>http://127.0.0.1:8000{path}</loc>" in part
    assert f"<loc>http://127.0.0.1:8000/ko{path}</loc>" in part
    assert part.count('hreflang="ko"') == part.count("<url>") == 2


@pytest.mark.django_db
def test_a_site_may_offer_one_language(client, settings):
    settings.LANGUAGES = [("en", "English")]
    make_event()
    assert client.get("/ko/").status_code == 404
    page = body(client.get("/"))
    assert "hreflang" not in page
    assert "한국어" not in page


@pytest.mark.django_db
def test_an_embed_of_a_korean_page_is_korean(client):
    event = make_event(title="A summit")
    told = client.get(
        "/oembed", {"url": f"http://127.0.0.1:8000/ko{event.get_absolute_url()}"}
    ).json()
    assert 'src="http://127.0.0.1:8000/ko/embed/events/' in told["html"]


@pytest.mark.django_db
def test_the_desk_stays_in_its_language(admin_client):
    page = admin_client.get("/ko/admin/")
    assert '<html lang="ko"' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert 'href="/ko/admin/timeline/event/' in page.text
    switched = admin_client.get("/ko/admin/timeline/event/?q=a&o=-1").text
    assert 'href="/admin/timeline/event/?q=a&amp;o=-1" lang="en"' in switched
    out = Client().get("/ko/admin/timeline/event/")
    assert out.headers["Location"] == "/ko/admin/login/?next=/ko/admin/timeline/event/"


@pytest.mark.django_db
def test_a_passage_in_another_language_than_the_page_says_so(client):
    korean = make_source(
        publisher=make_publisher("Yonhap", language="ko"), title="북한군 파병", language="ko"
    )
    make_event(title="Hwasong-20 is shown", summary="At a parade.", sources=[korean])
    page = body(client.get("/ko/"))
    assert '<span lang="en" class="nb">Hwasong-20</span><span lang="en"> is shown</span>' in page
    assert '<p class="ev-s" lang="en">At a parade.</p>' in page
    assert '<span class="vh">: 북한군 파병</span>' in page
    page = body(client.get("/"))
    assert '<span class="nb">Hwasong-20</span> is shown' in page
    assert '<span class="vh" lang="ko">: 북한군 파병</span>' in page
