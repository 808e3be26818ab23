"""The sitemap, robots.txt, and what the heads of pages tell crawlers and other sites."""

import html
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from tests.loaded import demo_record
from tests.make import make_actor, make_draft, make_event, make_source, noted
from timeline.editing import events
from timeline.formats.registry import BY_SUFFIX
from timeline.models import Event, Source
from timeline.web import sitemap
from timeline.web.cached import kept

pytestmark = pytest.mark.django_db

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
SITE = settings.SITE_URL


def places(client, address):
    """The addresses of an index or a part, with their days of change."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    root = etree.fromstring(answer.content)
    found = {}
    for each in root:
        where = each.findtext("s:loc", namespaces=NAMES)
        assert where.startswith(SITE + "/")
        found[where.removeprefix(SITE)] = each.findtext("s:lastmod", namespaces=NAMES)
    return found


def everything(client):
    found = {}
    for part in places(client, "/sitemap.xml"):
        here = places(client, part)
        assert not found.keys() & here.keys()
        found |= here
    return found


def test_every_public_page_is_in_it_once_and_answers_as_itself(client):
    demo_record()
    found = everything(client)
    assert {one.get_absolute_url() for one in Event.objects.public()} <= found.keys()
    assert {one.get_absolute_url() for one in Source.objects.public()} <= found.keys()
    for address in ("/", "/actors/north-korea/", "/years/2024/", "/figures/killed/", "/about/"):
        assert address in found
    for address in list(found)[::9]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        body = answer.content.decode()
        assert f'<link rel="canonical" href="{SITE}{address}">' in body, address
        assert 'name="robots"' not in body, address


def test_the_day_of_change_is_the_true_one(client):
    made = make_event()
    Event.objects.filter(pk=made.pk).update(
        published_at=datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC), revised_at=None
    )
    noted(made)
    assert everything(client)[made.get_absolute_url()] == "2024-01-02T03:04:05Z"
    Event.objects.filter(pk=made.pk).update(revised_at=datetime(2024, 2, 3, tzinfo=UTC))
    noted(made)
    found = everything(client)
    assert found[made.get_absolute_url()] == found["/"] == "2024-02-03T00:00:00Z"


def test_what_is_not_public_is_not_in_it(client):
    make_event(actors=[make_actor("Kim")])
    draft = make_draft()
    gone = make_event(actors=[make_actor("Park")], sources=[make_source()])
    source = gone.citations.get().source
    assert "/actors/park/" in everything(client)
    events.withdraw([gone], by=None, reason="It was not so.")
    found = everything(client)
    assert not [
        address
        for address in found
        if draft.public_id in address
        or gone.public_id in address
        or source.public_id in address
        or "park" in address
    ]


def test_an_empty_site_has_pages_only(client):
    assert list(places(client, "/sitemap.xml")) == ["/sitemap-pages.xml"]


def test_a_large_record_is_divided(client, monkeypatch):
    for number in range(40):
        make_event(actors=[make_actor(f"Actor number {number}")])
    whole = everything(client)
    monkeypatch.setattr(sitemap, "AT_MOST", 7)
    kept.forget()
    parts = places(client, "/sitemap.xml")
    assert "/sitemap-events-7.xml" in parts
    assert "/sitemap-actors-6.xml" in parts
    assert everything(client) == whole


def test_a_part_costs_the_same_at_any_size(client):
    counts = []
    for number in (1, 12):
        for _each in range(number):
            make_event()
        client.get("/sitemap.xml")
        for address in ("/sitemap-events.xml", "/sitemap-sources.xml", "/sitemap-publishers.xml"):
            kept.forget()
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            counts.append(len(asked))
    assert counts[:3] == counts[3:]


@pytest.mark.parametrize(
    "part", ["events-0", "actors-2", "actors-", "admin", "events-~", "EVENTS", "events-0-0", "-"]
)
def test_parts_that_never_were(client, part):
    make_event()
    assert client.get(f"/sitemap-{part}.xml").status_code == 404


def test_robots_name_the_sitemap_and_keep_out_of_combinations(client):
    text = client.get("/robots.txt").content.decode()
    assert f"Sitemap: {SITE}/sitemap.xml\n" in text
    groups = [group.splitlines() for group in text.split("\n\n")]
    (rules,) = [group for group in groups if "User-agent: *" in group]
    forbidden = [line.removeprefix("Disallow: ") for line in rules if line.startswith("Dis")]

    def closed(address):
        patterns = (re.escape(path).replace(r"\*", ".*") for path in forbidden)
        return any(re.match(pattern, address) for pattern in patterns)

    for address in ("/", "/actors/kim/", "/?actor=kim", "/sources/?page=2", "/sitemap.xml"):
        assert not closed(address), address
    for address in (
        *("/admin/", "/embed/?actor=kim", "/share/", "/oembed?url=x", "/?q=kim", "/events.csv"),
        *("/?actor=kim&year=2024", "/actors/kim/?cursor=x", "/?known_by=2024-01-01"),
    ):
        assert closed(address), address


def head(client, address):
    body = client.get(address).content.decode()
    return body[: body.index("</head>")]


@pytest.mark.parametrize(
    ("address", "canonical", "found_by"),
    [
        ("/", "/", True),
        ("/actors/kim/", "/actors/kim/", True),
        # A filter that has a page of its own is that page.
        ("/?actor=kim", "/actors/kim/", True),
        ("/?year=2024", "/years/2024/", True),
        ("/?importance=normal", "/?importance=normal", True),
        ("/?q=happens", "/?q=happens", False),
        ("/?actor=!kim", "/?actor=!kim", False),
        ("/?actor=kim&year=2024", "/?actor=kim&year=2024", False),
        ("/?actor=kim&actor=park", "/?actor=kim&actor=park", False),
        ("/actors/kim/?year=2024", "/actors/kim/?year=2024", False),
        ("/?from=2024", "/?from=2024", False),
        ("/?known_by=2024-12-01", "/?known_by=2024-12-01", False),
        ("/?view=compact", "/?view=compact", False),
        ("/?sort=date", "/?sort=date", False),
    ],
)
def test_which_lists_crawlers_keep(client, address, canonical, found_by):
    make_event(actors=[make_actor("Kim"), make_actor("Park")])
    written = html.unescape(head(client, address))
    assert f'<link rel="canonical" href="{SITE}{canonical}">' in written
    assert f'<meta property="og:url" content="{SITE}{canonical}">' in written
    assert ('<meta name="robots" content="noindex, follow">' not in written) == found_by


def test_a_further_page_stands_for_itself_and_is_not_kept(client):
    for _number in range(3):
        make_event()
    body = client.get("/?page_size=2").content.decode()
    following = html.unescape(re.search(r'rel="next" href="([^"]+)"', body)[1])
    written = html.unescape(head(client, following))
    assert f'<link rel="canonical" href="{SITE}{following}">' in written
    assert "noindex, follow" in written


def test_a_wrong_value_is_not_kept(client):
    assert "noindex" in head(client, "/?year=0")


def test_heads_name_the_other_forms(client):
    made = make_event(actors=[make_actor("Kim")])
    for address in ("/?year=2024", "/actors/kim/?year=2024", made.get_absolute_url()):
        written = html.unescape(head(client, address))
        path, _, query = address.partition("?")
        for kind, suffix in (
            ("application/atom+xml", "atom"),
            ("application/json", "json"),
            ("text/calendar", "ics"),
        ):
            if suffix not in BY_SUFFIX or (suffix == "atom" and "/events/" in path):
                continue
            file = f"{path.rstrip('/') or '/events'}.{suffix}" + (f"?{query}" if query else "")
            assert f'<link rel="alternate" type="{kind}" href="{file}"' in written
            answer = client.get(file)
            answer.getvalue()
            assert answer.status_code == 200, file
            assert answer.headers["Content-Type"].startswith(kind)


PREVIEWED = ("/", "/actors/", "/actors/kim/", "/sources/", "/about/", "/coverage/", "/changes/")


def test_other_sites_can_show_what_they_link_to(client):
    made = make_event(title='Kim says "no" <now>', summary="In short.", actors=[make_actor("Kim")])
    source = made.citations.get().source
    for address in (*PREVIEWED, made.get_absolute_url(), source.get_absolute_url()):
        written = head(client, address)
        found = dict(re.findall(r'<meta (?:property|name)="([\w:]+)" content="([^"]*)">', written))
        for name in ("og:title", "og:description", "og:site_name", "og:type", "og:url"):
            assert found[name], (address, name)
        assert found["og:url"] == SITE + address
        assert re.fullmatch(
            rf"{SITE}(/static/img/share|(/[\w-]+)*/picture(/[\w-]+)*/[0-9a-f]{{16}})\.png",
            found["og:image"],
        )
        assert found["twitter:card"] == "summary_large_image"
    event = html.unescape(head(client, made.get_absolute_url()))
    assert '<meta property="og:type" content="article">' in event
    assert re.search(r'"article:published_time" content="\d{4}-\d\d-\d\dT[\d:]{8}Z"', event)
    assert 'content="Kim says "no" <now>"' in event


def test_the_picture_is_of_the_size_that_is_said():
    picture = (Path(settings.BASE_DIR) / "static/img/share.png").read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (1200, 630)
    assert len(picture) < 20_000


@pytest.mark.parametrize("most", [3, 1])
def test_parts_by_letters_leave_nothing_out(client, monkeypatch, most):
    """The first and the last letters included, on either database."""
    ids = ["00000000", "0ZZZZZZZ", "10000000", "Z0000000", "ZZZZZZZZ", "AZ000000", "B0000000"]
    made = [make_event(public_id=each, sources=[make_source(public_id=each)]) for each in ids]
    monkeypatch.setattr(sitemap, "AT_MOST", most)
    found = everything(client)
    assert {each.get_absolute_url() for each in made} <= found.keys()
    assert {f"/sources/{each}/" for each in ids} <= found.keys()
