"""A comparison holds exactly the events of its two selections, each under its letter."""

import random
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from tests.figures import divided
from tests.index.made import draw, make_record
from tests.loaded import demo_record
from tests.make import make_actor, make_category, make_draft, make_event
from tests.web.test_chart import MARK, asked, below
from timeline.browse import compared
from timeline.index import Bar, Selection, answer
from timeline.index.lanes import Window
from timeline.models import Event
from timeline.web import comparing
from timeline.web.cached import kept

pytestmark = pytest.mark.django_db

BOTH = re.compile(
    r'<p class="ev-m"><b class="side-of">(A and B|A|B)</b>.*?<a href="/events/([0-9A-Z]{8})',
    re.DOTALL,
)


def public_ids(selection):
    found = answer(selection.changed(page_size=200)).ids
    return set(Event.objects.filter(pk__in=found).values_list("public_id", flat=True))


def stands(client, page):
    """The public ids of the lanes of each side, from its marks and the lists of its rings."""
    drawn = page[page.index('<div class="lanes"') : page.index('<ul class="lkey">')]
    ids = {"A": [], "B": []}
    for part in drawn.split('<g role="group"')[1:]:
        letter = re.search(r'aria-label="([AB]): ', part)[1]
        for href, words in MARK.findall(part):
            if "mark=" not in href:
                ids[letter].append(re.match(r"/events/([0-9A-Z]{8})", href)[1])
                continue
            ring = below(asked(client, href.replace("&amp;", "&").partition("#")[0]))
            assert len(ring) == int(re.search(r"(\d+) events?", words)[1])
            ids[letter] += ring
    return ids


@pytest.mark.parametrize("seed", divided(range(3)))
def test_each_side_holds_the_events_of_its_list(client, seed):
    make_record(seed)
    chance = random.Random(seed)
    offered = {
        name: [each.value for each in facet.values]
        for name, facet in answer(Selection()).facets.items()
    }
    for _turn in range(3):
        one, other = (draw(chance, offered).changed(within=None, source="") for _side in range(2))
        page = asked(client, f"/compare/?{compared(one, other)}")
        expected = {"A": public_ids(one), "B": public_ids(other)}
        if not any(expected.values()) or not compared(one, other):
            continue
        found = stands(client, page)
        for letter, ids in found.items():
            assert len(ids) == len(set(ids))
            assert set(ids) == expected[letter]
        common = len(expected["A"] & expected["B"])
        assert re.search(rf"{common or 'No'} events? (is|are) in both\.", page)
        for sides, public_id in BOTH.findall(page):
            holding = [letter for letter, ids in expected.items() if public_id in ids]
            assert sides == " and ".join(holding)


def test_announcements_and_deployments(client):
    demo_record()
    page = asked(client, "/compare/?a.category=statement&b.year=2024&b.category=deployment")
    assert "events in the category Statement" in page
    assert 'href="/?category=statement">List<' in page
    assert 'href="/chart/?year=2024&amp;category=deployment">Chart<' in page
    swapped = "/compare/?a.year=2024&amp;a.category=deployment&amp;b.category=statement"
    assert f'href="{swapped}">Swap A and B' in page
    assert 'href="/compare/?a.category=statement">Remove<' in page
    assert '<input type="hidden" name="b.year" value="2024">' in page
    assert len(re.findall(r"<[a-z]", page)) <= 1500


RUNG = re.compile(
    r'<li><a href="(/compare/[^"]*)"><span>[^<]*</span><svg height="16" role="img" '
    r'aria-label="A (\d+), B (\d+)">'
)


@pytest.mark.parametrize(
    ("days", "unit"),
    [
        (("2024-01-10", "2024-02-03/2024-04-05", "2024-06-12"), "month"),
        (("2014-12-31/2016-01-01", "2018", "2024-05"), "year"),
        (("1912-06", "1918-01-02", "1939-09-01/1945-05-08", "1961"), "decade"),
    ],
)
def test_each_rung_leads_to_as_many_events_as_it_says(client, days, unit):
    actor = make_actor("Northland")
    for at, day in enumerate(days):
        make_event(date=day, actors=[actor] if at % 2 else [])
        make_event(date=day)
    page = asked(client, "/compare/?a.actor=northland&b.importance=normal")
    assert f"Counts by {unit}" in page
    rungs = RUNG.findall(page)
    assert len(rungs) > 5
    assert sum(one != "0" for _, one, _ in rungs) >= 1
    for href, *said in rungs:
        there = asked(client, href.replace("&amp;", "&"))
        heads = re.findall(r'<b class="side-of">[AB]</b> (\d+|No) events?', there)
        assert [number.replace("No", "0") for number in heads] == said


def test_an_event_of_both_is_joined(client):
    first, second = make_actor("Northland"), make_actor("Southland")
    make_event(actors=[first, second])
    make_event(actors=[first], date="2023-02-03")
    page = asked(client, "/compare/?a.actor=northland&b.actor=southland")
    assert page.count('<path class="tie"') == 1
    assert "1 event is in both." in page
    assert "A and B" in page


def test_more_events_ask_no_more_questions(client):
    path = "/compare/?a.from=2024-10&a.to=2024-10"
    make_event(date="2024-10-01")
    asked_for = []
    for more in (0, 7):
        for _one in range(more):
            make_event(date="2024-10-02")
        client.get(path)
        kept.forget()
        with CaptureQueriesContext(connection) as queries:
            asked(client, path)
        asked_for.append(len(queries))
    assert asked_for[0] == asked_for[1]


def test_a_side_without_filters_is_the_whole_record(client):
    make_event(actors=[make_actor("Northland")])
    make_event()
    page = asked(client, "/compare/?a.actor=northland")
    assert '<b class="side-of">B</b> 2 events</h2>' in page


def test_scales_move_both(client):
    for when in ("2018-06-12", "2024-10-20", "2024-10-21"):
        make_event(date=when)
    page = asked(client, "/compare/?a.from=2024-10&a.to=2024-10&b.q=x&b.from=2024-10&b.to=2024-10")
    earlier = "a.from=2024-09&amp;a.to=2024-09&amp;b.q=x&amp;b.from=2024-09&amp;b.to=2024-09"
    assert f'<a class="btn" rel="prev" href="/compare/?{earlier}">Earlier</a>' in page


def test_without_selections_it_offers_some(client):
    make_event(actors=[make_actor("Northland"), make_actor("Southland")])
    make_draft(title="Not yet known", category=make_category("Secret"))
    page = asked(client, "/compare/")
    assert 'href="/compare/?a.actor=northland&amp;b.actor=southland"' in page
    assert "Secret" not in page


@pytest.mark.parametrize(
    ("query", "name"),
    [("b.year=20245", "b.year"), ("a.actor=%21x%22%3E", "a.actor"), ("mark=a.x", "mark")],
)
def test_a_wrong_value_says_its_side_and_keeps_what_was_typed(client, query, name):
    make_event()
    response = client.get(f"/compare/?a.q=talks&{query}")
    assert response.status_code == 400
    page = response.content.decode()
    assert f"<b>{name}=" in page
    assert 'name="a.q" value="talks"' in page


def test_the_address_is_canonical_and_keeps_the_ring(client):
    make_event()
    response = client.get("/compare/?b.q=two&a.q=one&mark=a.military.2024-10-20.2024-10-21&utm=x")
    assert response.status_code == 302
    mark = "mark=a.military.2024-10-20.2024-10-21"
    assert response.headers["Location"] == f"/compare/?a.q=one&b.q=two&{mark}"
    # Of a list's order and page, a comparison knows nothing.
    assert client.get("/compare/?a.q=one&a.sort=date").status_code == 200


def test_limits_hold_on_each_side(client):
    make_event()
    many = "&".join(f"b.year={year}" for year in range(2000, 2011))
    response = client.get(f"/compare/?{many}")
    assert response.status_code == 400
    assert escape("At most 10 values can be chosen") in response.content.decode()


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=24))
def test_both_densities_have_one_scale(counts):
    """A bar is as high as it stands for events, above as below; the highest fills its room."""
    window = Window(date(2020, 1, 1), date(2021, 12, 31))
    spans = [
        (date(2020 + at // 12, at % 12 + 1, 1), date(2020 + at // 12, at % 12 + 1, 28))
        for at in range(len(counts))
    ]
    most = max(max(pair) for pair in counts)
    for side, up in ((0, True), (1, False)):
        bars = {
            start: Bar(start, end, (("military", pair[side]),), pair[side], sum(pair))
            for (start, end), pair in zip(spans, counts, strict=True)
        }
        made = comparing.layers_of(bars, spans, window, most, 100, up=up)
        path = made[0].path if made else ""
        found = re.findall(r"M\d+ ([\d.]+)h\d+v([\d.]+)h", path)
        drawn = [pair[side] for pair in counts if pair[side]]
        for (top, tall), count in zip(found, drawn, strict=True):
            assert abs(float(tall) - comparing.TALL * count / most) <= 0.06
            assert abs(float(top) + up * float(tall) - 100) <= 0.11
