"""oEmbed 1.0, as its specification has it, and addresses that somebody meant to fool it with."""

import html
import re
from xml.etree import ElementTree

import pytest
from django.conf import settings

from tests.make import make_actor, make_draft, make_event
from timeline.editing import events

# On one database: its answers are drawn from what pages read, which is held on both.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

HOST = settings.SITE_URL


def ask(client, url, **more):
    return client.get("/oembed", {"url": url, **more})


def test_a_page_as_json(client):
    made = make_event(title="Kim speaks")
    answer = ask(client, f"{HOST}{made.get_absolute_url()}")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    found = answer.json()
    assert found.pop("html").startswith(f'<iframe src="{HOST}/embed{made.get_absolute_url()}"')
    assert found == {
        "version": "1.0",
        "type": "rich",
        "title": "Kim speaks",
        "provider_name": settings.SITE_NAME,
        "provider_url": HOST,
        "width": 640,
        "height": 420,
    }


def test_the_same_as_xml(client):
    make_event(actors=[make_actor("Kim & <Park>", slug="kim")])
    url = f"{HOST}/?actor=kim&year=2024"
    answer = ask(client, url, format="xml")
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)  # noqa: S314  (our own answer)
    assert root.tag == "oembed"
    found = {each.tag: each.text for each in root}
    as_json = ask(client, url).json()
    assert found == {name: str(value) for name, value in as_json.items()}
    assert found["title"] == "1 event involving Kim & <Park>, in 2024"
    assert "Kim &amp; &lt;Park&gt;" in found["html"]


def test_every_address_of_a_page_will_do(client):
    made = make_event(title="Kim speaks", actors=[make_actor("Kim")])
    short = f"/e/{made.public_id}"
    for address in (short, f"/events/{made.public_id}/", f"/embed{made.get_absolute_url()}"):
        assert ask(client, HOST + address).json()["title"] == "Kim speaks"
    for address in ("/actors/kim/", "/embed/actors/kim/?theme=dark", "/share/actors/kim/"):
        assert ask(client, HOST + address).json()["title"] == "Kim"
    assert ask(client, HOST).json()["title"] == settings.SITE_HEADING
    assert ask(client, f"{HOST}/years/2024/?actor=kim").json()["title"] == (
        "2024: 1 event involving Kim"
    )


@pytest.mark.parametrize(
    ("asked", "width", "height"),
    [
        ({"maxwidth": "400"}, 400, 420),
        ({"maxwidth": "4000", "maxheight": "4000"}, 640, 420),
        ({"maxheight": "100"}, 640, 100),
        ({"maxwidth": "1", "maxheight": "1"}, 1, 1),
    ],
)
def test_it_is_never_larger_than_asked_for(client, asked, width, height):
    made = make_event()
    found = ask(client, HOST + made.get_absolute_url(), **asked).json()
    assert (found["width"], found["height"]) == (width, height)
    assert f'width="{width}" height="{height}"' in found["html"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("url=", 400),
        ("url={page}&maxwidth=wide", 400),
        ("url={page}&maxwidth=-1", 400),
        ("url={page}&maxwidth=0", 400),
        ("url={page}&maxheight=1e3", 400),
        ("url={page}&maxwidth=99999999999999999999", 400),
        ("url={page}&maxwidth=%D9%A1%D9%A9", 400),
        ("url={page}&format=yaml", 501),
        ("url={page}&format=JSON", 501),
        ("url={page}&format=%00", 501),
    ],
)
def test_wrong_values(client, query, status):
    made = make_event()
    answer = client.get("/oembed?" + query.replace("{page}", HOST + made.get_absolute_url()))
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "X-Frame-Options" in answer.headers


HOSTILE = (
    "https://elsewhere.example/",
    "//{host}/",
    "/",
    "{host}/",
    "{scheme}://elsewhere.example/?{site}/",
    "{scheme}://elsewhere.example#{site}/",
    "{scheme}://{host}@elsewhere.example/",
    "{scheme}://elsewhere.example@{host}/",
    "{scheme}://user:password@{host}/",
    "{scheme}://{host}.elsewhere.example/",
    "{scheme}://{host}\\@elsewhere.example/",
    "{scheme}://elsewhere.example\\@{host}/",
    "{scheme}:/{host}/",
    "{scheme}:///{host}/",
    "{scheme}:\\\\{host}\\",
    "{scheme}://{host}:1/",
    "{scheme}://{host}%00.elsewhere.example/",
    "{scheme}://{host}%2f@elsewhere.example/",
    "{scheme}://[::1]/",
    "{scheme}://[/",
    "{scheme}://",
    "javascript:alert(1)//{site}/",
    "data:text/html,{site}/",
    "file://{host}/etc/passwd",
    "ftp://{host}/",
    " {site}/",
    "{site}/\n",
    "{site}/\t",
    "\x00{site}/",
    "{site}/admin/",
    "{site}/admin/login/",
    "{site}/healthz",
    "{site}/oembed?url={site}/",
    "{site}/static/css/site.css",
    "{site}/events/../admin/",
    "{site}/embed/admin/",
    "{site}/embed/embed/",
    "{site}/embed/share/admin/",
    "{site}/share/oembed",
    "{site}/%2e%2e/admin/",
    "{site}/%61dmin/",
    "{site}/events/%00/",
    "{site}//elsewhere.example/",
    "{site}/actors/",
    "{site}/actors/nobody/",
    "{site}/years/0000/",
    "{site}/years/20245/",
    "{site}/events/00000000/",
    "{site}/sources/",
    "{site}/about/",
    "{site}/?year=0",
    "{site}/?actor=nobody",
    "{site}/?q=%FF%FE",
    "{site}/?known_by=never",
    "{site}/?" + "q=x" * 900,
    "{site}/é",
    "{site}/\u202e",
)


@pytest.mark.parametrize("form", HOSTILE)
def test_hostile_addresses_find_nothing(client, form):
    make_event()
    scheme, _, host = HOST.partition("://")
    url = form.replace("{site}", HOST).replace("{scheme}", scheme).replace("{host}", host)
    answer = ask(client, url)
    assert answer.status_code == 404, url
    assert b"elsewhere" not in answer.content
    assert b"<iframe" not in answer.content


def test_what_is_not_public_is_as_unknown_as_what_never_was(client):
    draft = make_draft(title="Secret talks")
    made = make_event(title="Kim speaks", actors=[make_actor("Kim")])
    events.withdraw([made], by=None, reason="It was another Kim.")
    never = ask(client, f"{HOST}/events/00000000/")
    for address in (
        f"/events/{draft.public_id}/",
        f"/e/{draft.public_id}",
        f"/events/{made.public_id}/",
        "/actors/kim/",
    ):
        answer = ask(client, HOST + address)
        assert (answer.status_code, answer.content) == (404, never.content)


def test_a_merged_event_is_the_one_that_it_went_into(client):
    first, second = make_event(title="Kim speaks"), make_event(title="Kim talks")
    events.merge(first, second, by=None)
    assert ask(client, f"{HOST}/events/{second.public_id}/").json()["title"] == "Kim speaks"


def test_a_title_is_escaped_wherever_it_stands(client):
    nasty = "\"><script>alert('x')</script> & ]]> </html><![CDATA["
    made = make_event(title=nasty)
    url = HOST + made.get_absolute_url()
    found = ask(client, url).json()
    assert found["title"] == nasty
    assert "<script>" not in found["html"]
    assert html.unescape(re.search(r'title="([^"]*)"', found["html"])[1]) == nasty
    root = ElementTree.fromstring(ask(client, url, format="xml").content)  # noqa: S314  (our own answer)
    assert {each.tag: each.text for each in root}["title"] == nasty


def test_what_is_asked_for_makes_the_answer(client):
    """Answers are kept by all that they follow from."""
    made = make_event()
    url = HOST + made.get_absolute_url()
    assert ask(client, url).json()["width"] == 640
    assert ask(client, url, maxwidth="300").json()["width"] == 300
    assert ask(client, url, format="xml").headers["Content-Type"].startswith("text/xml")
    assert ask(client, HOST).json()["title"] != made.title


def test_an_unchanged_answer_is_as_open_as_the_first(client):
    first = ask(client, HOST)
    unchanged = client.get(
        "/oembed", {"url": HOST}, headers={"if-none-match": first.headers["ETag"]}
    )
    assert unchanged.status_code == 304
    for answer in (first, unchanged):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
