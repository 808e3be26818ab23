"""Shared links have a picture of their page: right, small, safe, and gone with what it shows."""

import re
import struct
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.loaded import demo_record
from tests.make import (
    make_actor,
    make_draft,
    make_event,
    make_place,
    make_source,
    make_story,
    noted,
)
from timeline.editing import events, stories
from timeline.index import Choice, Selection, live, naming
from timeline.models import Event, EventTranslation
from timeline.web import letters, pictures, raster, svg
from timeline.web.letters import FACES, SANS, SERIF, STRONG
from timeline.web.pictures import HEIGHT, WIDTH, Bars, Column, Picture, Sign, draw

SVG = "{http://www.w3.org/2000/svg}"
LARGEST = 80_000


def named(client, path):
    """The picture that a page's head names, as a path, and its words."""
    page = client.get(path).content.decode()
    found = re.search(r'property="og:image" content="http://[^/]+(/[^"]*)"', page)[1]
    alt = re.search(r'property="og:image:alt" content="([^"]*)"', page)[1]
    assert 'name="twitter:card" content="summary_large_image"' in page
    return found.replace("&amp;", "&"), alt


def size_of(image):
    assert image.startswith(b"\x89PNG\r\n")
    return struct.unpack(">II", image[16:24])


def read(drawn):
    return ElementTree.fromstring(drawn)  # noqa: S314  # what we drew ourselves


def an_event(**changes):
    said = {"site": "Dateline", "host": "example.org", "title": "They meet", "ring": ""}
    return Picture(**said | changes)


# --- On pages -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_kind_of_page_has_its_own(client):
    demo_record()
    event = Event.objects.public().filter(importance="key").first()
    found = {}
    for path in (
        "/",
        "/?actor=north-korea&year=2024",
        "/actors/north-korea/",
        "/categories/summit/",
        "/years/2024/",
        "/chart/?from=2024-07&to=2025-06",
        "/?known_by=2024-11-01",
        "/stories/the-road-to-kursk/",
        event.get_absolute_url(),
        event.get_absolute_url() + "?known_by=2026-01-01",
    ):
        place, alt = named(client, path)
        found[place] = alt
        now = client.get(re.sub(r"/[0-9a-f]{16}\.png", ".png", place))
        assert now.headers["Location"] == place
        if path not in ("/", "/actors/north-korea/", "/stories/the-road-to-kursk/"):
            continue  # drawn as these are
        response = client.get(place)
        assert response.status_code == 200, place
        assert response.headers["Content-Type"] == "image/png"
        assert "immutable" in response.headers["Cache-Control"]
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert size_of(response.content) == (WIDTH, HEIGHT)
        assert len(response.content) < LARGEST
        assert not response.cookies
    assert len(found) == 10
    assert "51 events involving North Korea, in 2024" in " ".join(found.values())
    # Pages of the same events show the same.
    for path in ("/?from=2024-07&to=2025-06", "/map/?from=2024-07&to=2025-06"):
        assert named(client, path)[0] in found


@pytest.mark.django_db
def test_an_old_address_leads_to_the_present_one(client):
    actor = make_actor("Northland")
    event = make_event(title="They meet", actors=[actor])
    before, _alt = named(client, event.get_absolute_url())
    listed, _alt = named(client, "/actors/northland/")
    assert client.get(f"/picture/events/{event.public_id}.png").headers["Location"] == before
    assert (
        client.get(f"/picture/events/{event.public_id.lower()}.png").headers["Location"] == before
    )
    event.title = "They met"
    event.save()
    events.settle(event, by=None, before="published")
    after, alt = named(client, event.get_absolute_url())
    assert before != after
    assert alt.endswith(": They met")
    assert client.get(before).headers["Location"] == after
    assert client.get(listed).status_code == 200  # of which nothing changed
    make_event(title="Another", actors=[actor])
    assert client.get(listed).status_code == 302


@pytest.mark.django_db
def test_it_is_drawn_once(client, monkeypatch):
    make_event()
    place, _alt = named(client, "/")
    first = client.get(place)

    def never(*_given):
        raise AssertionError("drawn again")

    monkeypatch.setattr(pictures, "png", never)
    assert client.get(place).content == first.content
    unchanged = client.get(place, headers={"If-None-Match": first.headers["ETag"]})
    assert unchanged.status_code == 304
    assert not unchanged.content


@pytest.mark.django_db
def test_drafts_and_withdrawn_events_have_none(client):
    draft, event = make_draft(title="Not yet"), make_event(title="Once there")
    assert client.get(f"/picture/events/{draft.public_id}.png").status_code == 404
    place, _alt = named(client, event.get_absolute_url())
    assert client.get(place).status_code == 200
    events.withdraw([event], by=None, reason="It was not so.")
    gone = client.get(place)
    assert gone.status_code == 410
    assert b"Once there" not in gone.content
    assert client.get("/picture/actors/nobody.png").status_code == 404
    assert client.get("/picture/years/0000.png").status_code == 404


@pytest.mark.django_db
def test_it_speaks_the_language_of_its_page(client):
    event = make_event(title="They meet", date="2018-06-12")
    EventTranslation.objects.create(event=event, language="ko", title="두 정상이 만나다")
    noted(event)
    place, alt = named(client, f"/ko{event.get_absolute_url()}")
    other = named(client, event.get_absolute_url())
    assert place.startswith("/ko/picture/events/")
    assert place.removeprefix("/ko") != other[0]
    assert alt == "2018년 6월 12일: 두 정상이 만나다"
    assert other[1] == "12 June 2018: They meet"
    assert client.get(place).status_code == 200


@pytest.mark.django_db
def test_a_story_has_one_while_it_is_told(client):
    first, second = make_event(title="They meet", date="2018-06-12"), make_event(date="2019-02")
    story = make_story(first, second, title="From here to there")
    place, alt = named(client, story.get_absolute_url())
    assert client.get(place).status_code == 200
    assert "2018 to 2019, under the heading “From here to there”" in alt
    now = client.get(f"/picture/stories/{story.slug}.png")
    assert now.headers["Location"] == place
    hidden = make_story(first, title="Not yet", status="draft")
    assert client.get(f"/picture/stories/{hidden.slug}.png").status_code == 404
    stories.withdraw(story, by=None, reason="It was not so.")
    gone = client.get(place)
    assert gone.status_code == 410
    assert b"From here" not in gone.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/picture.png?year=20245", "/picture.png?actor=nobody", "/picture/events/{}.png?known_by=x"],
)
def test_a_wrong_value_is_refused(client, path):
    assert client.get(path.format(make_event().public_id)).status_code == 400


@pytest.mark.django_db
def test_an_event_not_known_by_then_has_none(client):
    event = make_event()
    path = f"/picture/events/{event.public_id}.png?known_by=1990-01-01"
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_a_merged_event_leads_to_the_one_that_it_became_part_of(client):
    kept, merged = make_event(title="Kept"), make_event(title="Merged")
    place, _alt = named(client, merged.get_absolute_url())
    events.merge(kept, merged, by=None)
    response = client.get(place, follow=True)
    assert response.status_code == 200
    assert response.redirect_chain[-1][0] == named(client, kept.get_absolute_url())[0]


@pytest.mark.django_db
def test_who_comes_too_many_is_asked_to_come_again(client):
    make_event()
    place, _alt = named(client, "/")
    for _turn in range(raster.AT_ONCE):
        assert raster._turns.acquire(blocking=False)
    try:
        refused = client.get(place)
    finally:
        for _turn in range(raster.AT_ONCE):
            raster._turns.release()
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "60"
    assert client.get(place).status_code == 200


@pytest.mark.django_db
def test_it_counts_the_sources_of_its_events(monkeypatch):
    shared, place = make_source(), make_place("Kursk")
    make_event(sources=[shared, make_source()], place=place)
    make_event(sources=[shared])
    assert naming.sources_of(Selection()) == 2
    assert naming.sources_of(Selection(place=Choice(("kursk",)))) == 2
    assert naming.sources_of(Selection(q="nothing")) == 0
    then = Selection(known_by=date(2001, 1, 1))
    assert naming.sources_of(then) == 0
    monkeypatch.setattr(live, "ask", lambda _question, plainly: plainly())
    assert naming.sources_of(Selection(place=Choice(("kursk",)))) == 2
    assert naming.sources_of(then) == 0


def test_the_program_draws_the_same_and_is_given_up_when_late(monkeypatch):
    drawn = draw(an_event())
    assert pictures.png(drawn) == png(drawn)
    assert size_of(pictures.png(drawn, 2)) == (2 * WIDTH, 2 * HEIGHT)
    monkeypatch.setattr(raster, "LONGEST", 0.001)
    with pytest.raises(raster.Busy):
        pictures.png(drawn)
    assert raster._turns._value == raster.AT_ONCE


# --- What they are drawn with -------------------------------------------------------------------


def test_the_fonts_are_small_and_free():
    files = [face.path for face in FACES]
    assert sum(file.stat().st_size for file in files) < 4_000_000
    licence = (files[0].parent / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in licence


def png(drawn):
    """The picture without the program around it, which takes its time to begin."""
    return raster.rendered(drawn, [face.path for face in FACES])


def ink(image_of):
    """A drawing of a text as bytes that can be compared."""
    return png(svg.drawing(60, 60, svg.text(image_of[1], image_of[0], 40, 8, 46)))


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize(
    "letter", ["북", "뷁", "갂", "Ж", "ї", "ә", "ź", "Ş", "ệ", "ẖ", "€", "–", "“"]
)
def test_letters_of_three_scripts_are_no_boxes(face, letter):
    box = ink((face, "\ue000"))
    assert len(ink((face, " "))) < len(box)
    drawn = letters.face_of(letter, face)
    assert drawn.has(letter)
    assert ink((face, letter)) not in (box, ink((face, " ")), ink((drawn, "\ue000")))


def test_nothing_is_read_but_the_fonts_that_are_named():
    def shown(inside):
        opening = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60">'
        return raster.rendered(f"{opening}{inside}</svg>", [SANS.path])

    for element in ("image", "svg:image", "feImage"):
        with pytest.raises(ValueError, match="picture"):
            shown(f'<{element} href="static/img/share.png" width="60" height="60"/>')
    outside = (
        '<use href="/etc/hostname#x"/>',
        '<style>@import "static/css/site.css"; rect { fill: url(static/favicon.svg#x) }</style>',
        '<text y="40" font-family="DejaVu Sans, Noto Sans CJK KR">Ag</text>',
    )
    assert {shown(each) for each in outside[:2]} == {shown("")}
    assert shown(outside[2]) == shown(outside[2].replace("DejaVu Sans, Noto Sans CJK KR", "None"))


def test_a_letter_that_no_font_has_is_a_box():
    assert letters.face_of("ع", SERIF) is SERIF
    assert ink((SERIF, "ع")) == ink((SERIF, "中")) != ink((SERIF, " "))


def test_widths_are_those_of_the_fonts():
    # A line as wide as it is measured touches both edges and is not cut.
    for face, text in ((SERIF, "Summit in Hanoi"), (SANS, "정상회담"), (STRONG, "Саммит")):
        wide = letters.width(text, face, 40)
        tight, roomy = (
            png(svg.drawing(round(wide) + more, 60, svg.text(text, face, 40, 0, 46)))
            for more in (2, 42)
        )
        assert size_of(roomy)[0] - size_of(tight)[0] == 40
        assert abs(len(tight) - len(roomy)) < 300


@given(st.text(max_size=80), st.sampled_from(FACES), st.integers(20, 90))
@example("북한군 파병 규모를 둘러싸고 국가정보원과 정부가 다른 숫자를 발표했다", SERIF, 60)
@example("W" * 90, SERIF, 80)
def test_lines_hold_the_text_and_fit(text, face, size):
    text, room = letters.written(text), 400.0
    made = letters.lines(text, face, size, room)
    assert "".join(made).replace(" ", "") == text.replace(" ", "")
    assert all(len(line) == 1 or letters.width(line, face, size) <= room + 0.01 for line in made)
    short = [word for word in text.split(" ") if letters.width(word, face, size) <= room]
    assert all(any(word in line for line in made) for word in short)
    cut = letters.cut(made, 2, face, size, room)
    assert len(cut) <= 2
    assert len(made) <= 2 or cut[-1].endswith("…")


HOSTILE = (
    '</text><script>alert(1)</script><image href="http://127.0.0.1:9/x.png"/>',
    '"/><use href="file:///etc/passwd"/><a xlink:href="javascript:x">',
    "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>&x;&amp;&#x3c;",
    "]]><![CDATA[<foreignObject>",
    "\x00\x01\x0b\ufffe\ud800 \u202e",
    "url(http://127.0.0.1:9/) @import 'x'; </style>",
)
ALLOWED = {"svg", "defs", "symbol", "circle", "path", "rect", "text", "tspan", "use"}


@settings(max_examples=30)
@given(st.text(alphabet=st.characters(), max_size=60) | st.sampled_from(HOSTILE))
def test_no_text_is_more_than_text(text):
    sign = Sign("disc", "dip", text)
    for picture in (
        an_event(site=text, host=text, title=text, above=text, signs=(sign,), counts=(text,)),
        Picture(text, text, text, text, text, counts=(text, text)),
    ):
        drawn = draw(picture)
        root = read(drawn)
        for each in root.iter():
            assert each.tag.removeprefix(SVG) in ALLOWED
            assert not [name for name in each.attrib if name.startswith("on") or "style" in name]
            assert each.get("href", "#").startswith("#")
        assert "<!" not in drawn
        assert len(picture.hash) == 16


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_title_is_drawn_quickly_and_small(text):
    image = png(draw(an_event(title=text * 20)))
    assert size_of(image) == (WIDTH, HEIGHT)
    assert len(image) < LARGEST


@given(
    st.integers(1, 9999),
    st.integers(0, 400),
    st.sampled_from((1, 12)),
    st.lists(st.tuples(st.integers(0, 4800), st.integers(0, 10**6)), max_size=20),
)
def test_any_bars_are_drawn_inside(first, more, per_year, given_columns):
    last = min(first + more, 9999)
    end = (last - first + 1) * per_year
    columns = tuple(Column(at, (("mil", count),), 1) for at, count in given_columns if at < end)
    made = Picture(
        "Dateline", "example.org", "All", bars=Bars(first, last, per_year, (0, 1), made=columns)
    )
    for each in read(draw(made)).iter(f"{SVG}path"):
        for x, y in re.findall(r"M([\d.]+) (-?[\d.]+)h", each.get("d")):
            assert 0 < float(x) < WIDTH
            assert 100 < float(y) < HEIGHT
