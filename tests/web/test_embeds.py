"""Frames for other sites: the events of the page, and nothing that a frame must not do."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.loaded import demo_record
from tests.make import make_actor, make_draft, make_event, make_source, noted
from timeline.editing import events
from timeline.models import Event, SlugRedirect
from timeline.web.urls import urlpatterns

# On one database: frames show what pages read, which is held on both.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

EVENT = re.compile(r'<h[23]><a href="/events/([0-9A-Z]{8})-')
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors *"
)


def shown(client, address):
    """The events of a list or frame, of all of its pages."""
    found = []
    while address:
        body = client.get(address).content.decode()
        found += dict.fromkeys(EVENT.findall(body))
        following = re.search(r'rel="next" href="([^"]+)"', body)
        address = following[1].replace("&amp;", "&") if following else ""
    return found


def test_a_frame_holds_the_events_of_the_page(client):
    demo_record()
    for path in ("/?actor=north-korea&year=2024", "/actors/kim-jong-un/?year=2018", "/years/2017/"):
        page = shown(client, path)
        assert len(page) > 3
        assert shown(client, "/embed" + path) == page
    assert len(shown(client, "/embed/?actor=north-korea&year=2024")) == 51


def test_a_frame_is_small(client):
    demo_record()
    first = client.get("/embed/?year=2024")
    assert len(set(EVENT.findall(first.content.decode()))) == 20
    files = [
        (Path(settings.BASE_DIR) / "static/embed" / name).read_bytes()
        for name in ("embed.css", "embed.js")
    ]
    whole = sum(len(gzip.compress(part)) for part in (first.content, *files))
    assert whole < 45_000
    assert len(shown(client, "/embed/?year=2024&page_size=5")) == len(shown(client, "/?year=2024"))


def test_it_leads_to_the_whole_list_and_to_the_sources(client):
    kim = make_actor("Kim Jong Un")
    made = make_event(title="Kim meets Trump", actors=[kim], sources=[make_source()])
    body = client.get("/embed/?actor=kim-jong-un").content.decode()
    assert f'<link rel="canonical" href="{settings.SITE_URL}/?actor=kim-jong-un">' in body
    assert '<meta name="robots" content="noindex">' in body
    assert "1 event involving Kim Jong Un" in body
    assert f'href="{made.citations.get().source.url}"' in body
    links = re.findall(r"<a [^>]+>", body)
    assert len(links) >= 4
    assert all('target="_blank" rel="noopener"' in link for link in links)
    assert not re.search(r"<form|/admin/|style=", body)


def test_one_event(client):
    made = make_event(title="Kim meets Trump", summary="They sign a statement.")
    for address in (f"/embed/events/{made.public_id}/", f"/embed{made.get_absolute_url()}"):
        body = client.get(address).content.decode()
        assert "They sign a statement." in body
        assert f'<link rel="canonical" href="{settings.SITE_URL}{made.get_absolute_url()}">' in body
        assert body.count("<h1>") == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_is_kept_on_the_next_page(client, theme):
    for _number in range(3):
        make_event()
    body = client.get(f"/embed/?page_size=2&theme={theme}").content.decode()
    assert f'<html lang="en" dir="ltr" class="{theme}">' in body
    assert f"theme={theme}" in re.search(r'rel="next" href="([^"]+)"', body)[1]
    wrong = client.get(f"/embed/?year=0&theme={theme}").content.decode()
    assert f'<html lang="en" dir="ltr" class="{theme}">' in wrong
    # Kept bytes of one theme aren't given for another.
    assert 'class="dark"' not in client.get("/embed/?page_size=2").content.decode()


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/embed/?year=0", "“0” is not a year"),
        ("/embed/?theme=blue", "“blue” is no theme"),
        ("/embed/?theme=light&theme=dark", "“dark” is no theme"),
        ("/embed/?theme=%3Cscript%3E&actor=nobody", "“&lt;script&gt;” is no theme"),
        ("/embed/?actor=nobody", "“nobody” is not in the record"),
    ],
)
def test_a_wrong_value_is_named_in_the_frame(client, address, named):
    answer = client.get(address)
    assert answer.status_code == 400
    assert named in answer.content.decode()
    assert "X-Frame-Options" not in answer.headers
    assert "/embed/embed.css" in answer.content.decode()


def test_values_are_put_in_order_and_the_theme_stays(client):
    make_event(date="2024-10-20", actors=[make_actor("Kim")])
    answer = client.get("/embed/?theme=dark&year=2024&actor=kim")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/embed/?actor=kim&year=2024&theme=dark"
    assert client.get(answer.headers["Location"]).status_code == 200


def test_what_is_not_public_is_in_no_frame(client):
    kim = make_actor("Kim")
    draft = make_draft(title="Secret talks")
    for address in (f"/embed/events/{draft.public_id}/", "/embed/actors/kim/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "Secret" not in answer.content.decode()
        assert "X-Frame-Options" not in answer.headers
    made = make_event(title="Kim speaks", actors=[kim])
    assert client.get("/embed/actors/kim/").status_code == 200
    events.withdraw([made], by=None, reason="It was another Kim.")
    gone = client.get(f"/embed/events/{made.public_id}/")
    assert gone.status_code == 410
    assert "It was another Kim." in gone.content.decode()
    assert "Kim speaks" not in gone.content.decode()
    assert "X-Frame-Options" not in gone.headers


def test_what_moved_is_found_by_frames_too(client):
    kim = make_actor("Kim")
    first = make_event(title="Kim speaks", actors=[kim])
    second = make_event(title="Kim speaks again", actors=[kim])
    noted(SlugRedirect.objects.create(kind="actor", old_slug="kim-old", object_id=kim.pk))
    answer = client.get("/embed/actors/kim-old/?year=2024&theme=dark")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/embed/actors/kim/?year=2024&theme=dark"
    events.merge(first, second, by=None)
    answer = client.get(f"/embed/events/{second.public_id}/?theme=dark")
    assert answer.headers["Location"] == f"/embed{first.get_absolute_url()}?theme=dark"
    assert client.get(answer.headers["Location"]).status_code == 200


def test_a_frame_of_a_past_day(client):
    made = make_event(sources=[make_source(published="2024-11-05")], date="2024-10-20")
    early = client.get(f"/embed/events/{made.public_id}/?known_by=2024-11-01")
    assert early.status_code == 404
    assert "wasn’t known by 1 November 2024" in early.content.decode()
    later = client.get(f"/embed/events/{made.public_id}/?known_by=2024-11-06")
    assert f"{made.get_absolute_url()}?known_by=2024-11-06" in later.content.decode()
    assert made.title not in client.get("/embed/?known_by=2024-11-01").content.decode()
    assert made.title in client.get("/embed/?known_by=2024-11-06").content.decode()


def samples():
    """An address of every public view."""
    made = Event.objects.public().first()
    given = {
        "public_id": made.public_id,
        "slug": made.slug,
        "number": 1,
        "named": 1,
        "things": "actors",
        "kind": "actors",
        "year": 2024,
        "code": "killed",
        "part": "pages",
        "form": "json",
        "digest": "0123456789abcdef",
    }
    for pattern in urlpatterns:
        route = pattern.pattern
        address = "/" + str(route)
        for name in route.converters:
            named = "the-road-to-kursk" if "stories" in address else "north-korea"
            value = named if name == "slug" and "events" not in address else given[name]
            address = re.sub(rf"<(\w+:)?{name}>", f"{value}", address)
        yield address


def test_only_embeds_may_be_framed(client):
    demo_record()
    framed = set()
    for address in samples():
        answer = client.get(address)
        answer.getvalue()  # a stream holds its place until then
        assert answer.status_code < 500, address
        assert not answer.cookies
        if "X-Frame-Options" in answer.headers:
            assert answer.headers["X-Frame-Options"] == "DENY"
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        else:
            framed.add(address.split("/")[1])
            assert answer.status_code == 200, address
            assert answer.headers["Content-Security-Policy"] == POLICY
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert framed == {"embed"}


def test_kept_bytes_and_304_may_be_framed_as_well(client):
    make_event()
    first = client.get("/embed/")
    again = client.get("/embed/")
    unchanged = client.get("/embed/", headers={"if-none-match": first.headers["ETag"]})
    assert unchanged.status_code == 304
    for answer in (first, again, unchanged):
        assert "X-Frame-Options" not in answer.headers
        assert answer.headers["Content-Security-Policy"] == POLICY


def test_an_address_below_embed_that_never_was_is_not_framed(client):
    for address in ("/embed/about/", "/embed/admin/", "/embed", "/embed/../about/"):
        assert client.get(address).headers["X-Frame-Options"] == "DENY"


def test_the_sites_that_may_frame_can_be_named(client, settings):
    settings.EMBED_ANCESTORS = ["https://news.example.org", "https://*.example.com"]
    policy = client.get("/embed/").headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors https://news.example.org https://*.example.com")


def test_a_sandboxed_frame_gets_its_style_and_script(client):
    for name in ("embed.css", "embed.js"):
        answer = client.get(f"/static/embed/{name}")
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        answer.close()
    other = client.get("/static/css/site.css")
    assert other.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    other.close()
