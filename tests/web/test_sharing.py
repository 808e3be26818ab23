"""The share panel of lists and events, and the page that tries a frame."""

import html
import re

import pytest
from django.conf import settings

from tests.make import make_actor, make_draft, make_event, make_source
from timeline.formats.registry import BY_SUFFIX
from timeline.models import SlugRedirect

# On one database: they say how to show what pages read, which is held on both.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NASTY = "\"><script>alert('x')</script><iframe onload=x> & </textarea>"


def panel(client, address):
    """What can be copied from a page's panel, by the labels of its fields."""
    body = client.get(address).content.decode()
    menu = body[body.index('<details class="menu end share">') :]
    fields = {
        words: html.unescape(value)
        for words, value in re.findall(
            r'<label for="[\w-]+">([^<]+)</label><input[^>]*value="([^"]*)"', menu
        )
    }
    markup = re.search(r"<textarea[^>]*>(.*?)</textarea>", menu, re.DOTALL)
    return fields, html.unescape(markup[1]) if markup else "", menu


def test_a_list_offers_its_address_and_a_frame(client):
    make_event(date="2024-10-20", actors=[make_actor("Kim")])
    fields, markup, menu = panel(client, "/?actor=kim&year=2024")
    address = f"{settings.SITE_URL}/?actor=kim&year=2024"
    assert fields == {"Permanent address": address}
    assert f'src="{settings.SITE_URL}/embed/?actor=kim&amp;year=2024"' in markup
    assert 'title="1 event involving Kim, in 2024"' in markup
    assert f'<a href="{html.escape(address)}">' in markup
    for part in ('loading="lazy"', "allow-scripts", 'referrerpolicy="strict-origin'):
        assert part in markup
    assert "allow-same-origin" not in markup
    assert 'href="/share/?actor=kim&amp;year=2024"' in menu
    if "atom" in BY_SUFFIX:
        assert 'href="/events.atom?actor=kim&amp;year=2024"' in menu


def test_a_list_shares_its_first_page_in_full(client):
    for _number in range(3):
        make_event(actors=[make_actor("Kim")])
    body = client.get("/?page_size=2&view=compact").content.decode()
    following = html.unescape(re.search(r'rel="next" href="([^"]+)"', body)[1])
    fields, _markup, _menu = panel(client, following)
    assert fields["Permanent address"] == f"{settings.SITE_URL}/?page_size=2"


def test_the_frame_of_a_list_is_one_that_works(client):
    make_event(date="2024-10-20", actors=[make_actor("Kim")])
    make_event(date="2023-10-20", actors=[make_actor("Park")])
    for address in ("/", "/actors/kim/", "/actors/kim/?year=2024", "/years/2024/?q=happens"):
        _fields, markup, menu = panel(client, address)
        source = html.unescape(re.search(r'src="([^"]+)"', markup)[1])
        assert client.get(source.removeprefix(settings.SITE_URL)).status_code == 200
        preview = html.unescape(re.search(r'href="(/share/[^"]*)"', menu)[1])
        assert client.get(preview).status_code == 200


def test_an_event_offers_its_short_address_too(client):
    made = make_event(title="Kim speaks")
    fields, markup, menu = panel(client, made.get_absolute_url())
    assert fields == {
        "Permanent address": settings.SITE_URL + made.get_absolute_url(),
        "Short address": f"{settings.SITE_URL}/e/{made.public_id}",
    }
    assert f"/embed{made.get_absolute_url()}" in markup
    assert "Follow" not in menu[: menu.index("</div></details>")]


def test_a_title_can_break_nothing(client):
    made = make_event(title=NASTY, actors=[make_actor(NASTY[:100], slug="nasty")])
    for address in (made.get_absolute_url(), "/?actor=nasty"):
        _fields, markup, _menu = panel(client, address)
        title = re.search(r'title="([^"]*)"', markup)[1]
        assert NASTY[:100] in html.unescape(title)
        assert "<script>" not in markup
        assert len(re.findall("<iframe", markup)) == 1
        for prefix in ("/embed", "/share"):
            body = client.get(prefix + address).content.decode()
            assert "<script>alert" not in body
            assert "<iframe onload" not in body


def test_a_past_day_is_kept(client):
    made = make_event(sources=[make_source(published="2024-11-05")])
    address = f"{made.get_absolute_url()}?known_by=2024-12-01"
    fields, markup, _menu = panel(client, address)
    assert fields["Permanent address"] == settings.SITE_URL + address
    assert fields["Short address"].endswith("?known_by=2024-12-01")
    assert f"/embed{address}" in markup


def test_where_frames_are_not_allowed_none_is_offered(client, settings):
    settings.EMBED_ANCESTORS = ["'none'"]
    made = make_event()
    _fields, markup, _menu = panel(client, "/")
    assert markup == ""
    assert "oembed" not in client.get(made.get_absolute_url()).content.decode()
    assert client.get("/share/").status_code == 404
    asked = client.get("/oembed", {"url": settings.SITE_URL + made.get_absolute_url()})
    assert asked.status_code == 404


def test_the_page_that_tries_a_frame(client):
    made = make_event(title="Kim speaks")
    answer = client.get(f"/share/events/{made.public_id}/?theme=dark&height=300")
    body = answer.content.decode()
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    source = f"/embed{made.get_absolute_url()}?theme=dark"
    assert re.findall(r'<iframe src="([^"]+)"[^>]*width="(\d+)" height="(\d+)"', body) == [
        (source, "320", "300"),
        (source, "640", "300"),
    ]
    markup = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", body, re.DOTALL)[1])
    assert f'src="{settings.SITE_URL}{source}"' in markup
    assert 'height="300"' in markup
    assert '<option value="dark" selected>' in body
    assert '<meta name="robots" content="noindex">' in body


def test_its_form_keeps_the_selection(client):
    make_event(date="2024-10-20", actors=[make_actor("Kim"), make_actor("Park")])
    body = client.get("/share/?actor=kim&actor=park&year=2024").content.decode()
    kept = re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', body)
    assert kept == [("actor", "kim"), ("actor", "park"), ("year", "2024")]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("theme=blue", 400),
        ("height=1", 400),
        ("height=99999999", 400),
        ("height=%00", 400),
        ("height=640&theme=light", 200),
        ("height=&theme=", 200),
        ("year=0", 400),
    ],
)
def test_wrong_values_of_the_page(client, query, status):
    make_event()
    assert client.get(f"/share/?{query}").status_code == status


def test_what_moved_or_is_not_public(client):
    kim = make_actor("Kim")
    draft = make_draft()
    assert client.get("/share/actors/kim/").status_code == 404
    assert client.get(f"/share/events/{draft.public_id}/").status_code == 404
    make_event(actors=[kim])
    SlugRedirect.objects.create(kind="actor", old_slug="old", object_id=kim.pk)
    answer = client.get("/share/actors/old/?theme=dark")
    assert (answer.status_code, answer.headers["Location"]) == (
        301,
        "/share/actors/kim/?theme=dark",
    )


def test_the_heads_say_where_to_ask(client):
    made = make_event(title="Kim speaks", actors=[make_actor("Kim")])
    for address in ("/", "/?year=2024", "/actors/kim/", made.get_absolute_url()):
        body = client.get(address).content.decode()
        found = re.search(
            r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', body
        )
        asked = html.unescape(found[1])
        assert asked.startswith(f"{settings.SITE_URL}/oembed?url=")
        answer = client.get(asked.removeprefix(settings.SITE_URL))
        assert answer.status_code == 200
        assert f"/embed{address}" in html.unescape(answer.json()["html"])
    for address in ("/about/", "/actors/", "/sources/"):
        assert "oembed" not in client.get(address).content.decode()


def test_an_unchanged_preview_may_still_show_its_frames(client):
    """A 304 brings headers too, which replace those that the browser has."""
    make_event()
    first = client.get("/share/")
    unchanged = client.get("/share/", headers={"if-none-match": first.headers["ETag"]})
    assert unchanged.status_code == 304
    for answer in (first, unchanged, client.get("/share/")):
        assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
