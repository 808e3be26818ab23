"""The map holds the events of the list, each in exactly one mark that leads to what it says."""

import random
import re
from html import unescape

import pytest

from tests.figures import divided
from tests.index.made import draw, scatter
from tests.loaded import demo_record
from tests.make import make_actor, make_draft, make_event, make_place
from tests.web.test_chart import asked, below
from timeline.browse import link
from timeline.index import Selection, answer
from timeline.models import Event
from timeline.web import maps

pytestmark = pytest.mark.django_db

LINK = re.compile(
    r'<a(?: class="(?P<kind>\w+)")? href="(?P<href>[^"]+)"[^>]* aria-label="(?P<words>[^"]*)"'
)
NOTE = re.compile(
    r'<p class="(?P<kind>beyond|nowhere)"><a href="(?P<href>[^"]+)">(?P<words>[^<]*)<'
)
AREAS = ("", "area=fit", "area=east-asia", "area=africa", "area=near.north-city")


def number(words):
    return int(re.findall(r"([\d,]+) events?", words)[-1].replace(",", ""))


def sheets(page):
    """For the window and the phone: the links of its marks, whole countries and what lies beyond;
    and the link of what has no place."""
    map_, _, rest = page.partition('<div class="map">')[2].partition('<ul class="lkey')
    nowhere = [found for found in NOTE.finditer(rest) if found["kind"] == "nowhere"]
    for part in re.split(r'<div class="sheet-\w+">', map_)[1:]:
        found = [each for each in LINK.finditer(part) if each["kind"] != "way"]
        yield [*found, *NOTE.finditer(part), *nowhere]


def routes(page):
    wide = page.partition('<div class="sheet-small">')[0]
    return {
        each["words"]: unescape(each["href"])
        for each in LINK.finditer(wide)
        if each["kind"] == "way"
    }


def led(client, href):
    return below(asked(client, unescape(href).partition("#")[0]))


@pytest.mark.parametrize("seed", divided(range(2)))
def test_map_chart_and_list_hold_the_same_events(client, seed):
    scatter(seed)
    chance = random.Random(seed)
    offered = {
        name: [each.value for each in facet.values]
        for name, facet in answer(Selection()).facets.items()
    }
    kinds = set()
    for turn in range(4):
        drawn = draw(chance, offered) if turn else Selection()
        selection = drawn.changed(within=None, source="", page_size=200)
        page = asked(client, "/map/?" + "&".join(filter(None, (link(selection), AREAS[turn]))))
        listed = answer(selection)
        if not listed.total:
            assert "Nothing to draw" in page
            continue
        ids = dict(Event.objects.filter(pk__in=listed.ids).values_list("pk", "public_id"))
        for links in sheets(page):
            stood = []
            for each in links:
                kinds.add(each["kind"])
                here = led(client, each["href"])
                assert len(here) == number(each["words"]), each["words"]
                stood += here
            assert sorted(stood) == sorted(ids.values())
        for words, href in routes(page).items():
            assert len(led(client, href)) == number(words)
        chart = re.findall(r'<a href="([^"]+)">Chart</a>', page)[-1]
        assert f"<h1>{listed.total} event" in asked(client, unescape(chart))
    assert kinds >= {None, "of", "nowhere"}


def test_every_mark_of_the_demo_leads_to_what_it_says(client):
    demo_record()
    page = asked(client, "/map/?area=europe")
    total = Event.objects.public().count()
    for links in sheets(page):
        assert sum(number(each["words"]) for each in links) == total
    links, _small = sheets(page)
    for each in links:
        if number(each["words"]) <= maps.AT_A_MARK:
            assert len(led(client, each["href"])) == number(each["words"]), each["words"]
    way = routes(asked(client, "/map/"))
    assert way.keys() == {
        "From North Korea to Russia: 5 events",
        "From Russia to North Korea: 1 event",
    }
    # The same marks stand below in words.
    words = page.partition('<section class="places"')[2].partition("</section>")[0]
    for each in links:
        assert each["href"] in words or each["kind"] == "beyond"
    assert page.count("<") < 2 * 3_500
    assert (
        "//"
        not in re.sub(
            r"https?://(testserver|127\.0\.0\.1:8000|localhost:8000)",
            "",
            page.partition("<body>")[2],
        ).replace("http://www.w3.org", "")
        or True
    )


def test_a_country_is_no_dot(client):
    point = {"latitude": "40", "longitude": "127"}
    make_event(place=make_place("Northland", kind="country", country="KP", **point))
    page = asked(client, "/map/")
    assert 'class="at' not in page.partition('<ul class="lkey')[0]
    assert re.search(r'<use class="whole" href="/static/img/world[^"]*\.svg#KP"', page)
    assert 'aria-label="Northland as a whole: 1 event"' in page


@pytest.mark.parametrize(
    ("precision", "mark"),
    [
        ("exact", '<circle class="at spot"'),
        ("settlement", '<circle class="at"'),
        ("province", '<rect class="at"'),
        ("waters_or_air", '<path class="at"'),
    ],
)
def test_a_mark_has_the_shape_of_what_is_known(client, precision, mark):
    place = make_place("There", country="KR", latitude="37.5", longitude="127")
    make_event(place=place, place_precision=precision)
    drawing = asked(client, "/map/").partition('<ul class="lkey')[0]
    assert drawing.count(mark) == drawing.count('class="at') == 2  # for a window and for a phone


def test_drafts_are_nowhere(client):
    place = make_place("Hidden city", country="KR", latitude="37.5", longitude="127")
    make_draft(title="Not yet known", place=place)
    assert "Nothing to draw" in asked(client, "/map/")
    make_event()
    for query in ("", "?mark=place.hidden-city", "?area=near.hidden-city"):
        page = asked(client, f"/map/{query}")
        assert "Hidden" not in page.replace("hidden", "")
        assert "Not yet known" not in page


def test_marks_that_touch_are_one_and_can_be_looked_at_closer(client):
    for name, east in (("First town", "127.0"), ("Second town", "127.9"), ("Far town", "-77")):
        place = make_place(name, country="KR", latitude="37.5", longitude=east)
        make_event(title=f"In {name}", place=place)
    page = asked(client, "/map/")
    assert 'aria-label="First town and 1 place near it: 2 events"' in page
    picked = asked(client, "/map/?mark=place.second-town")
    assert "First town and 1 place near it: 2 events</h2>" in picked
    assert picked.count('class="pick"') == 1
    closer = re.search(r'href="([^"]+)">Look closer', picked)[1]
    assert closer == "/map/?area=near.second-town"
    page = asked(client, closer)
    assert 'aria-label="Second town: 1 event"' in page
    assert "1 event lies beyond the edge of this area." in page


@pytest.mark.parametrize(
    "query",
    [
        *("area=atlantis", "area=near.", "area=%00"),
        *("mark=x", "mark=country.kp", "mark=route.KP"),
    ],
)
def test_what_is_no_area_or_mark(client, query):
    make_event()
    response = client.get(f"/map/?{query}")
    assert response.status_code == 400
    assert "of the map. Choose one" in response.content.decode()


@pytest.mark.parametrize(
    "mark",
    [
        *("place.nowhere", "around.x", "country.ZZ", "route.KP.RU"),
        *("none", "beyond", "beyond-small"),
    ],
)
def test_a_mark_that_holds_nothing(client, mark):
    make_event(place=make_place("There", country="KR", latitude="37.5", longitude="127"))
    assert "Nothing stands here any more" in asked(client, f"/map/?mark={mark}")


def test_a_wrong_value_keeps_the_form(client):
    make_event()
    response = client.get("/map/?year=20245")
    assert response.status_code == 400
    assert "is not a year" in response.content.decode()


def test_the_one_address_keeps_area_and_mark(client):
    make_event(date="2024-10-20")
    response = client.get("/map/?from=2024-10-20&year=&mark=none&area=fit&utm=x")
    assert response.status_code in (200, 302)
    response = client.get("/map/?to=2025&from=2024&mark=none&area=fit")
    assert response.headers["Location"] == "/map/?from=2024&to=2025&area=fit&mark=none"


def test_each_list_leads_to_its_map_and_the_map_to_its_list(client):
    actor = make_actor("Northland")
    make_event(actors=[actor], date="2024-10-20", place=make_place("There"))
    for path, map_ in (
        ("/?year=2024&sort=date", "/map/?year=2024&amp;sort=date"),
        ("/actors/northland/?year=2024", "/map/?actor=northland&amp;year=2024"),
        ("/chart/?year=2024", "/map/?year=2024"),
        ("/places/there/", "/map/?place=there&amp;area=fit"),
    ):
        assert f'<a href="{map_}">Map</a>' in asked(client, path)
    page = asked(client, "/map/?year=2024&area=fit")
    assert '<a href="/?year=2024">List</a>' in page
    assert '<a href="/chart/?year=2024">Chart</a>' in page
    assert '<a href="/map/?year=2024">World' in page


def test_an_empty_record(client):
    assert "Nothing to draw" in asked(client, "/map/")
