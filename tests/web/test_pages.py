"""The public pages, by what a person sees on them."""

import gzip
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.static import squeezed
from tests.loaded import demo_record, kept
from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_category,
    make_draft,
    make_event,
    make_metric,
    make_place,
    make_publisher,
    make_source,
    make_topic,
    noted,
)
from timeline.editing import events, merging, things
from timeline.index import live
from timeline.models import ActorName, Relation, Source
from timeline.web import indexes

pytestmark = pytest.mark.django_db


def text(response):
    """The words of the page, without its marks."""
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.fixture
@kept
def summit():
    return make_event(
        title="Kim and Trump meet in Singapore",
        summary="They sign a joint statement.",
        date="2018-06-12",
        category=make_category("Summit", shape="two_discs"),
        topics=[make_topic("Summitry")],
        place=make_place("Capella Hotel", dateline="Singapore", kind="building", country="SG"),
        actors=[(make_actor("Kim Jong Un"), "participant"), (make_actor("Singapore"), "host")],
        sources=[
            make_source(
                title="트럼프와 김정은이 만나다",
                language="ko",
                publisher=make_publisher("Yonhap", kind="wire"),
                published="2018-06",
            )
        ],
    )


def test_an_empty_site_says_what_to_do_first(client):
    page = client.get("/")
    assert page.status_code == 200
    assert "/admin/" in page.content.decode()
    assert "0 events" not in text(page)


def test_the_list_holds_events_and_source_links_without_javascript(client, summit):
    html = client.get("/").content.decode()
    assert summit.get_absolute_url() in html
    assert summit.citations.get().source.url in html
    page = text(client.get("/"))
    for part in ("Kim and Trump meet in Singapore", "12 June", "Tue 2018", "Summit", "Yonhap"):
        assert part in page
    assert "They sign a joint statement." in page
    assert "Jun 2018" in page


def test_the_title_is_the_selection_in_words(client, summit):  # noqa: ARG001
    html = client.get("/?actor=kim-jong-un&year=2018").content.decode()
    assert "1 event involving Kim Jong Un, in 2018" in html
    assert re.search(r"<title>[^<]*1 event involving Kim Jong Un, in 2018", html)
    assert 'role="status"' in html


def test_no_match_says_so_and_keeps_the_filters(client, summit):  # noqa: ARG001
    page = client.get("/?year=2001")
    assert page.status_code == 200
    assert "0 events" in text(page) or "No event" in text(page)
    assert "2001" in text(page)


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        ("year=0", "year", "0"),
        ("year=20x4", "year", "20x4"),
        ("from=10/11/12", "from", "10/11/12"),
        ("actor=nobody-here", "actor", "nobody-here"),
        ("sort=upwards", "sort", "upwards"),
        ("page_size=9999", "page_size", "9999"),
        ("cursor=abc", "cursor", "abc"),
        ("verification=surely", "verification", "surely"),
    ],
)
def test_a_wrong_value_is_a_400_page_that_names_it(client, summit, query, name, value):
    page = client.get(f"/?{query}&q=joint")
    assert page.status_code == 400
    html = page.content.decode()
    assert value in text(page)
    assert summit.title not in html
    # What was typed stays in the form.
    assert re.search(r'name="q"[^>]*value="joint"', html)
    assert name


def test_beside_a_wrong_value_the_form_still_offers_what_there_is(client, summit):  # noqa: ARG001
    html = client.get("/?year=0&actor=kim-jong-un&category=!summit").content.decode()
    assert re.search(r'name="actor" value="kim-jong-un" checked', html)
    assert re.search(r'name="actor" value="singapore">', html)
    assert re.search(r'name="category" value="!summit" checked', html)
    assert re.search(r'name="year" value="0" checked', html)
    assert re.search(r'name="year" value="2018">', html)


def test_unknown_names_are_ignored_and_never_reflected(client, summit):
    page = client.get("/?utm_source=<script>newsletter&fbclid=zzz")
    assert page.status_code == 200
    assert summit.title in text(page)
    assert "newsletter" not in page.content.decode()
    assert "zzz" not in page.content.decode()


def test_one_redirect_to_the_canonical_address(client, summit):  # noqa: ARG001
    given = "/?year=2018&actor=kim-jong-un&q=&actors=any&sort=-date"
    response = client.get(given)
    assert response.status_code == 302
    assert response["Location"] == "/?actor=kim-jong-un&year=2018"
    assert client.get(response["Location"]).status_code == 200


def test_an_event_page_says_everything(client, summit):
    cite(summit, stance="confirms", speaker=make_actor("White House"), quote="The very words.")
    other = make_event(title="A second meeting follows later", date="2019-02-27/2019-02-28")
    Relation.objects.create(from_event=other, to_event=summit, kind="follows")
    metric = make_metric(label="Meetings")
    count_figure(summit, metric=metric, subject="Trump and Kim", best=1, as_of="2018-06-12")
    response = client.get(summit.get_absolute_url())
    page = text(response)
    for part in (
        "Tuesday 12 June 2018 exact day known",
        "Kim Jong Un",
        "Singapore",
        "Yonhap",
        "June 2018",
        "confirms",
        "White House",
        "The very words.",
        "Meetings",
        "A second meeting follows later",
        "27–28 February 2019",
        "Cite this event",
    ):
        assert part in page
    assert 'lang="ko"' in response.content.decode()
    assert "application/ld+json" in response.content.decode()
    assert 'property="og:title"' in response.content.decode()


def test_the_label_and_its_grounds_are_one_sentence(client, summit):
    """Not "Confirmed. Confirmed by White House"."""
    cite(summit, stance="confirms", speaker=make_actor("White House"))
    cite(summit, stance="confirms", speaker=make_actor("Kremlin"))
    page = text(client.get(summit.get_absolute_url()))
    assert "Confirmed by White House and Kremlin" in page
    assert page.count("Confirmed") == 1


def test_a_source_cited_twice_is_one_source_of_the_card(client, summit):
    source = summit.citations.get().source
    cite(summit, source, stance="denies", speaker=make_actor("Kremlin"))
    page = text(client.get("/"))
    assert "1 source Yonhap" in page
    assert page.count("Yonhap") == 2  # the card's, and the filter's
    assert "denies (Kremlin)" in page


def test_an_own_name_is_one_in_the_own_language(client):
    """What Koreans call the United States is no name that the United States has."""
    korea, states = (
        make_actor("North Korea", country="KP"),
        make_actor("United States", country="US"),
    )
    make_event(actors=[(korea, "host"), (states, "participant")])
    ActorName.objects.create(actor=korea, name="북한", language="ko", kind="short")
    ActorName.objects.create(actor=states, name="미국", language="ko", kind="short")
    index = client.get("/actors/").content.decode()
    assert '<small><span lang="ko">북한</span></small>' in index
    assert '<small><span lang="ko">미국' not in index
    noted(states)
    found = client.get("/actors/suggest", {"q": "미국"}).json()  # found by it all the same
    assert found == {"things": [{"value": states.slug, "label": "United States"}]}
    page = client.get(states.get_absolute_url()).content.decode()
    assert 'class="native"' not in page
    assert "Also written: 미국" in text(client.get(states.get_absolute_url()))


def test_a_range_beside_a_best_value_is_shown_with_it(client, summit):
    figure = {"best": 8000, "low": 8000, "high": 10000, "qualifier": "about"}
    count_figure(summit, metric=make_metric(label="Troops"), **figure)
    for address in ("/", summit.get_absolute_url()):
        assert "about 8,000 (8,000–10,000)" in text(client.get(address))


def test_the_name_of_a_type_is_never_broken_over_two_lines(client):
    event = make_event(title="North Korea shows the Hwasong-20 missile")
    html = client.get(event.get_absolute_url()).content.decode()
    assert 'shows the <span class="nb">Hwasong-20</span> missile</h1>' in html


def test_the_main_page_above_this_one_is_marked(client, summit):
    def marked(address):
        nav = client.get(address).content.decode().partition('class="nav"')[2]
        return re.findall(r'aria-current="(\w+)">([^<]+)', nav.partition("</nav>")[0])

    source = summit.citations.get().source
    assert marked("/actors/") == [("page", "Actors")]
    assert marked("/actors/kim-jong-un/") == [("true", "Actors")]
    assert marked(source.get_absolute_url()) == [("true", "Sources")]
    assert marked(source.publisher.get_absolute_url()) == [("true", "Sources")]
    assert marked(summit.get_absolute_url()) == [("true", "Timeline")]


def test_a_season_is_never_a_first_of_the_month(client):
    event = make_event(title="The first soldiers are sent", date="2024-23")
    for address in (event.get_absolute_url(), "/?year=2024", "/?from=2024-11-15&to=2024-11-15"):
        response = client.get(address)
        page = text(response)
        assert "The first soldiers are sent" in page
        assert "utumn" in page
        assert "2024-09-01" not in response.content.decode()
        assert not re.search(r"(?<!\d)1 Sept?(ember)? 2024", page.replace("1 September –", ""))
    assert "The first soldiers" not in text(client.get("/?year=2025"))


def test_other_addresses_of_an_event_redirect(client, summit):
    right = summit.get_absolute_url()
    for address in (
        f"/events/{summit.public_id}/",
        f"/events/{summit.public_id}-another-slug/",
        f"/e/{summit.public_id}",
        f"/e/{summit.public_id.lower()}",
    ):
        assert client.get(address, follow=True).redirect_chain[-1][0] == right


def test_withdrawn_is_410_with_the_reason_and_no_title(client, summit):
    address = summit.get_absolute_url()
    events.withdraw([summit], by=None, reason="The ministry took it back.")
    response = client.get(address)
    assert response.status_code == 410
    assert "The ministry took it back." in text(response)
    assert "Kim and Trump meet" not in text(response)


def test_merged_redirects(client, summit):
    other = make_event()
    address = other.get_absolute_url()
    events.merge(summit, other, by=None)
    assert client.get(address, follow=True).redirect_chain[-1] == (summit.get_absolute_url(), 301)


def test_renamed_and_merged_actors_redirect(client, summit):  # noqa: ARG001
    actor = make_actor("Old Name")
    make_event(actors=[actor])
    actor.slug = "new-name"
    things.store(actor)
    assert client.get("/actors/old-name/").status_code == 301
    assert client.get("/actors/old-name/")["Location"] == "/actors/new-name/"
    assert client.get("/?actor=old-name")["Location"] == "/?actor=new-name"
    keep = make_actor("Kept")
    make_event(actors=[keep])
    merging.merge_actors(keep, actor)
    assert client.get("/actors/old-name/")["Location"] == "/actors/kept/"


PAGES = {
    "/actors/": "Kim Jong Un",
    "/actors/kim-jong-un/": "Kim and Trump meet in Singapore",
    "/sources/": "Yonhap",
    "/publishers/": "Yonhap",
    "/publishers/yonhap/": "Kim and Trump meet in Singapore",
    "/categories/": "Summit",
    "/categories/summit/": "Kim and Trump meet in Singapore",
    "/topics/": "Summitry",
    "/topics/summitry/": "Kim and Trump meet in Singapore",
    "/places/": "Capella Hotel",
    "/places/capella-hotel/": "Kim and Trump meet in Singapore",
    "/years/": "2018",
    "/years/2018/": "Kim and Trump meet in Singapore",
    "/about/": "verif",
    "/figures/": "Figures",
    "/coverage/": "Two independent origins",
}


@pytest.mark.parametrize(("address", "said"), PAGES.items())
def test_every_page(client, summit, address, said):  # noqa: ARG001
    response = client.get(address)
    html = response.content.decode()
    assert response.status_code == 200
    assert said in html
    assert html.count("<h1") == 1
    assert not response.cookies
    assert "style=" not in re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)
    assert not re.search(r"<script(?![^>]*(src=|application/ld\+json))", html)
    assert not re.search(r"\son[a-z]+=", html)
    for found in re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', html):
        assert found.startswith(("/static/", "http://testserver", "http://127.0.0.1", "/"))


@pytest.mark.parametrize(
    "address",
    [
        "/nothing/",
        "/actors/nobody/",
        "/events/00000000/",
        "/years/20244/",
        "/sources/ZZZZZZZZ/",
        "/e/%00",
        "/maps/",
        "/stories/nothing/",
    ],
)
def test_unknown_addresses_are_404_in_the_sites_own_look(client, address):
    response = client.get(address)
    assert response.status_code == 404
    assert "Dateline" in text(response)


@pytest.mark.parametrize("value", ["0", "x", "2", "-1", "1" * 30])
def test_a_page_that_the_sources_do_not_have_is_named(client, value):
    response = client.get(f"/sources/?page={value}")
    assert response.status_code == 400
    assert f"“{value}” is not a page of this list. Write a number from 1 to 1." in text(response)


def test_other_methods_are_refused(client, summit):
    for address in ("/", summit.get_absolute_url(), "/actors/"):
        assert client.post(address).status_code in (403, 405)
        assert client.delete(address).status_code in (403, 405)
        assert client.head(address).status_code == 200


def test_an_unchanged_page_is_304(client, summit):  # noqa: ARG001
    tag = client.get("/")["ETag"]
    assert client.get("/", headers={"if-none-match": tag}).status_code == 304


def test_what_only_a_draft_uses_is_on_no_page(client):
    make_event(title="Something public happens")
    hidden = make_draft(
        title="Secret things happen",
        category=make_category("Veiled category"),
        topics=[make_topic("Veiled topic")],
        place=make_place("Veiled place"),
        date="1999",
    )
    hidden.participations.create(actor=make_actor("Veiled actor"))
    source = make_source(title="Veiled source", publisher=make_publisher("Veiled publisher"))
    cite(hidden, source)
    for address in ("/", *[address for address in PAGES if address.count("/") == 2], "/?q=veiled"):
        page = client.get(address).content.decode()
        assert "eiled " not in page
        assert "Secret" not in page
    for address in (
        f"/events/{hidden.public_id}/",
        f"/e/{hidden.public_id}",
        "/actors/veiled-actor/",
        "/categories/veiled-category/",
        "/topics/veiled-topic/",
        "/places/veiled-place/",
        "/publishers/veiled-publisher/",
        f"/sources/{source.public_id}/",
    ):
        never = (
            re.sub(r"[\w-]+/?$", "never-was/", address) if "veiled" in address else "/e/00000000"
        )
        assert client.get(address).status_code == 404
        if "veiled" in address:
            assert text(client.get(address)) == text(client.get(never))
    for query in ("actor=veiled-actor", "category=veiled-category", "place=veiled-place"):
        assert client.get(f"/?{query}").status_code == 400
    assert "1999" not in text(client.get("/"))


HOSTILE = [
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ settings.SECRET_KEY }}{% debug %}",
    "<!--<script>",
    "' OR 1=1 --",
    "%(x)s %s {0}",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_text_stays_text(client, words):
    event = make_event(
        title=words,
        summary=words,
        sources=[make_source(title=words, publisher=make_publisher(words, slug="p"))],
        actors=[make_actor(words, slug="a")],
        place=make_place(words) if "OR" in words else None,
        date_note=words,
    )
    for address in ("/", event.get_absolute_url(), "/actors/a/", "/publishers/p/", "/sources/"):
        html = client.get(address).content.decode()
        assert "<img src=x" not in html
        assert "<script>" not in html
        assert "settings.SECRET_KEY }}" in html or "SECRET" not in words
    page = client.get("/", {"q": words})
    assert page.status_code in (200, 302, 400)
    assert "<script>" not in page.content.decode()


def test_a_page_costs_the_same_queries_for_one_event_and_fifty(client):
    counts = {}
    actor = make_actor("Everywhere")
    for more in (1, 49):
        for _number in range(more):
            event = make_event(
                actors=[actor, make_actor()], place=make_place(), topics=[make_topic()]
            )
            count_figure(event, attributed_to=make_actor())
        live.state()  # what the index reads of the changes isn't the pages'
        for address in (
            *("/", "/actors/everywhere/", "/actors/", "/sources/", "/?view=compact"),
            *("/?known_by=2024-12-31", "/actors/everywhere/?known_by=2024-12-31"),
        ):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts.setdefault(address, []).append(len(captured))
    assert all(first == last for first, last in counts.values()), counts


def test_weights(client):
    demo_record()
    for address in ("/", "/?actor=north-korea&year=2024", "/actors/north-korea/"):
        response = client.get(address, headers={"accept-encoding": "gzip"})
        assert response["Content-Encoding"] == "gzip"
        assert len(response.content) <= 40 * 1024
        # Their end tags aside, what a browser must lay out.
        assert len(re.findall(rb"<[a-z]", gzip.decompress(response.content))) <= 3_500
    root = Path(__file__).resolve().parent.parent.parent / "static"
    sent = squeezed((root / "css" / "site.css").read_text(encoding="utf-8"))
    assert len(gzip.compress(sent.encode())) <= 12_000
    assert len(gzip.compress((root / "js" / "site.mjs").read_bytes())) <= 12 * 1024


def test_every_source_stands_once_on_the_pages_of_sources(client, monkeypatch):
    """Pages cut through publishers; a publisher may fill several of them."""
    monkeypatch.setattr(indexes, "SOURCES_ON_A_PAGE", 4)
    outlets = [make_publisher(f"Outlet {letter}") for letter in "CAB"]
    for number in range(15):
        outlet = outlets[min(number // 3, 2)]
        day = f"2024-10-{10 + number % 7:02}" if number % 5 else ""
        make_event(sources=[make_source(publisher=outlet, published=day)])
    make_source(publisher=outlets[0])  # no event rests on it
    listed = []
    for page in range(1, 5):
        body = client.get(f"/sources/?page={page}").content.decode()
        listed += re.findall(r'href="/sources/([0-9A-Z]{8})/"', body)
    public = Source.objects.public().order_by(
        "publisher__folded", "publisher_id", "-published_latest", "pk"
    )
    expected = list(public.values_list("public_id", flat=True))
    assert list(dict.fromkeys(listed)) == expected
    assert len(expected) == 15
    assert client.get("/sources/?page=5").status_code == 400
