"""The chart as a file stands by itself: title, marks, sources and address, and nothing loaded."""

import re
import struct
from xml.etree import ElementTree

import pytest
from django.conf import settings

from tests.loaded import demo_record
from tests.make import make_actor, make_draft, make_event, make_publisher, make_source
from timeline.web import letters, plate, raster
from timeline.web.letters import Face

# On one database: they draw what charts hold, which is held on both.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

SVG = "{http://www.w3.org/2000/svg}"
FILES = ("/chart.svg", "/chart/by-actor.svg", "/chart/by-country.svg")
ALLOWED = {
    *("svg", "g", "defs", "symbol", "circle", "path", "rect", "line", "text", "tspan", "use"),
    *("a", "title", "linearGradient", "stop"),
}


def drawn(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    assert response.headers["Content-Type"] == "image/svg+xml"
    return ElementTree.fromstring(response.content)  # noqa: S314  # what we drew ourselves


def said(root):
    """The lines of a drawing."""
    return ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]


def test_it_holds_all_that_its_page_draws(client):
    demo_record()
    page = client.get("/chart/?from=2024-07&to=2025-06").content.decode()
    svg, png = re.findall(r'href="(/chart\.(?:svg|png)\?[^"]+)" rel="nofollow"', page)
    root = drawn(client, svg.replace("&amp;", "&"))
    lines = said(root)
    assert lines[1] == "87 events from July 2024 to June 2025"
    assert f"{settings.SITE_URL}/chart/?from=2024-07&to=2025-06" in lines
    assert "Fighting in Kursk" in lines  # a period
    for words in ("Military", "Intelligence", "28", "25", "NATO confirms", "Jul 2024"):
        assert words in lines
    assert any(line.startswith("Sources, with the events that rest on each: ") for line in lines)
    assert any("more publishers." in line for line in lines)
    assert any(line.startswith("Drawn by Dateline on ") for line in lines)
    shown = set(re.findall(r'<a href="([^"]+)" aria-label="', page[: page.index("lkey")]))
    linked = {each.get("href") for each in root.iter(f"{SVG}a")}
    assert len(shown) > 50
    for href in shown:
        # A ring leads to the list below the chart, on its page; a mark to its event.
        asked = re.search(r"event=([0-9A-Z]{8})", href)
        there = f"/events/{asked[1]}" if asked else href.replace("&amp;", "&")
        assert any(each.startswith(settings.SITE_URL + there) for each in linked), href
    image = client.get(png.replace("&amp;", "&"))
    assert image.headers["Content-Type"] == "image/png"
    wide, high = struct.unpack(">II", image.content[16:24])
    assert (wide, high) == tuple(pictures_size(root))
    assert len(image.content) < 400_000
    assert client.get(png.replace("&amp;", "&")).content == image.content


def pictures_size(root):
    return (2 * int(root.get(name)) for name in ("width", "height"))


@pytest.mark.parametrize("path", FILES)
def test_it_loads_and_runs_nothing(client, path):
    hostile = '</text><script>alert(1)</script><image href="http://127.0.0.1:9/x"/>&x;\x00'
    publisher = make_publisher('"><style>@import "http://127.0.0.1:9/"')
    northland = make_actor("North <b> 'land'")
    for when in ("2024-10", "2024-10-02/2024-10-09", "2024-11-01"):
        make_event(
            title=hostile.replace("\x00", ""),
            label="<key>",
            importance="key",
            date=when,
            actors=[northland, make_actor("South")],
            sources=[make_source(publisher=publisher)],
        )
    root = drawn(client, f"{path}?q=alert")
    for each in root.iter():
        name = each.tag.removeprefix(SVG)
        assert name in ALLOWED
        assert not [key for key in each.attrib if key.startswith("on") or key == "style"]
        href = each.get("href", "#")
        assert href.startswith("#" if name != "a" else f"{settings.SITE_URL}/")
        assert re.fullmatch(r"(?!.*url\(\w*:).*", each.get("fill", ""))
    text = "\n".join(said(root))
    assert "<key>" in text
    assert '"><style>@import' in text


@pytest.mark.parametrize("path", FILES)
def test_nothing_matches(client, path):
    assert "Nothing in the record matches all of this at once." in said(drawn(client, path))


def test_a_draft_is_in_no_file(client):
    make_event(title="Known")
    make_draft(title="Not yet known")
    found = client.get("/chart.svg").content
    assert b"Known, " in found
    assert b"Not yet" not in found


@pytest.mark.parametrize(
    "query", ["bogus=1", "cursor=x", "view=compact", "page_size=10", "year=20245", "mark=x"]
)
def test_what_it_does_not_know_is_refused(client, query):
    response = client.get(f"/chart.png?{query}")
    assert response.status_code == 400
    assert query.partition("=")[0].encode() in response.content
    assert response.headers["Content-Type"].startswith("text/plain")


def test_under_a_publisher_only_that_one_is_named(client):
    one, other = make_publisher("The One"), make_publisher("The Other")
    make_event(sources=[make_source(publisher=one), make_source(publisher=other)])
    lines = said(drawn(client, f"/chart.svg?publisher={one.slug}"))
    assert "Sources, with the events that rest on each: The One (1)." in lines
    lines = said(drawn(client, f"/chart.svg?publisher=!{one.slug}"))
    assert not any(line.startswith("Sources") for line in lines)


def test_too_many_at_once(client):
    make_event()
    for _turn in range(raster.AT_ONCE):
        assert raster._turns.acquire(blocking=False)
    try:
        refused = client.get("/chart.png")
    finally:
        for _turn in range(raster.AT_ONCE):
            raster._turns.release()
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "60"


def test_a_line_is_as_wide_as_it_was_measured(client):
    make_event(actors=[make_actor("북한")])
    for each in drawn(client, "/chart/by-actor.svg").iter(f"{SVG}text"):
        family = each.get("font-family").split(",")[0].strip("'")
        face = next(
            face
            for face in letters.FACES
            if face.family == family and str(face.weight) == each.get("font-weight")
        )
        assert isinstance(face, Face)
        wide = letters.width("".join(each.itertext()), face, float(each.get("font-size")))
        assert float(each.get("textLength")) == pytest.approx(wide, abs=0.01)
        assert wide <= plate.WIDTH


def test_it_is_named_after_its_selection(client):
    make_event()
    response = client.get("/chart.svg?year=2024&importance=!key")
    named = 'attachment; filename="chart-2024-not-key.svg"'
    assert response.headers["Content-Disposition"] == named
