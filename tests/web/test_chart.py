"""The chart holds the events of the list, each as a mark that leads to what it says."""

import random
import re
from datetime import date, timedelta

import pytest
from django.utils.html import escape

from tests.figures import divided
from tests.index.made import draw, make_record
from tests.loaded import demo_record
from tests.make import (
    make_actor,
    make_category,
    make_draft,
    make_event,
    make_publisher,
    make_source,
)
from timeline.browse import link
from timeline.editing import stories
from timeline.index import Selection, answer
from timeline.models import Event, Period
from timeline.models.choices import Family

pytestmark = pytest.mark.django_db

MARK = re.compile(r'<a href="([^"]+)" aria-label="([^"]*)"')
CHARTS = ("/chart/", "/chart/by-actor/", "/chart/by-country/", "/chart/by-publisher/")


def asked(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def lanes_of(page):
    """For each lane, its number and the addresses and words of its marks."""
    drawn = page[page.index('<div class="lanes"') : page.index('<ul class="lkey">')]
    found = []
    for part in drawn.split('<g role="group"')[1:]:
        number = re.search(r'class="lane-n">(\d+)<', part)[1]
        found.append(
            (
                int(number),
                [(href.replace("&amp;", "&"), words) for href, words in MARK.findall(part)],
            )
        )
    return found


def below(page):
    """Public ids of the events in the list below the chart."""
    return re.findall(r'id="e-([0-9A-Z]{8})"', page)


def of(href):
    return re.search(r"[?&]event=([0-9A-Z]{8})#chosen$", href)[1]


def stands(client, page):
    """The public ids of each lane, from its marks and from the lists behind its rings."""
    for number, marks in lanes_of(page):
        ids = []
        for href, words in marks:
            if "mark=" in href:
                count = int(re.search(r"(\d+) events?", words)[1])
                ring = below(asked(client, href.partition("#")[0]))
                assert len(ring) == count
                ids += ring
            else:
                ids.append(of(href))
        assert len(ids) == len(set(ids)) == number
        yield ids


@pytest.mark.parametrize("seed", divided(range(4)))
def test_chart_and_list_hold_the_same_events(client, seed):
    make_record(seed)
    chance = random.Random(seed)
    offered = {
        name: [each.value for each in facet.values]
        for name, facet in answer(Selection()).facets.items()
    }
    for _turn in range(4):
        selection = draw(chance, offered).changed(within=None, source="", page_size=200)
        query = link(selection)
        total = answer(selection).total
        found = Event.objects.filter(pk__in=answer(selection).ids)
        listed = list(found.values_list("public_id", flat=True))
        page = asked(client, f"/chart/?{query}")
        if not total:
            assert "Nothing to draw" in page
            continue
        inside = [public_id for ids in stands(client, page) for public_id in ids]
        assert sorted(inside) == sorted(listed)
        assert set(below(page)) <= set(listed)


def test_the_demo_in_its_busiest_year(client):
    demo_record()
    page = asked(client, "/chart/?from=2024-07&to=2025-06")
    assert "<h1>87 events from July 2024 to June 2025</h1>" in page
    assert [number for number, _marks in lanes_of(page)] == [28, 25, 21, 11, 2]
    listed = asked(client, "/?from=2024-07&to=2025-06&page_size=200")
    assert sorted(public_id for ids in stands(client, page) for public_id in ids) == sorted(
        below(listed)
    )
    summit = 'aria-label="North Korea and Russia sign'
    assert page.count("<use") > 60
    assert summit not in page  # June 2024 lies before the window
    assert 'aria-current="true">1 year</a>' in page
    assert "Jul 2024" in page


def test_an_event_of_two_actors_stands_in_both_lanes_and_is_joined(client):
    first, second = make_actor("Northland"), make_actor("Southland")
    event = make_event(title="They meet", actors=[first, second])
    make_event(title="One alone", actors=[first])
    page = asked(client, "/chart/by-actor/")
    lanes = dict(zip(("Northland", "Southland"), stands(client, page), strict=True))
    assert set(lanes["Southland"]) == {event.public_id}
    assert event.public_id in lanes["Northland"]
    (ties,) = re.findall(r'<path class="tie" d="([^"]+)"', page)
    assert ties.count("M") == 1


def test_an_event_that_two_sides_report_stands_in_both_lanes(client):
    state = make_actor("Northland")
    office = make_actor("Office", parent=state)
    theirs, ours, nobodys = (
        make_source(publisher=make_publisher(**given))
        for given in ({"country": "NL", "controlled_by": office}, {"country": "SL"}, {})
    )
    both = make_event(sources=[theirs, ours])
    make_event(sources=[ours], date="2024-10-24")
    alone = make_event(sources=[nobodys], date="2024-10-28")
    page = asked(client, "/chart/by-publisher/")
    names = re.findall(r'<text class="lane"[^>]*>([^<]+) <', page)
    assert names == ["Published in Sierra Leone", "Country not recorded", "Controlled by Office"]
    one, two, three = stands(client, page)
    assert both.public_id in one
    assert (two, three) == ([alone.public_id], [both.public_id])
    assert len(one) == 2
    assert page.count('<path class="tie"') == 1


def test_a_mark_says_title_and_date_and_leads_to_its_event(client):
    event = make_event(title="Talks <b> end", date="2024-10")
    page = asked(client, "/chart/")
    (_number, marks), *_others = [lane for lane in lanes_of(page) if lane[1]]
    ((href, words),) = marks
    assert words == escape("Talks <b> end, October 2024")
    beside = asked(client, href.partition("#")[0])
    beside = beside[beside.index('id="chosen"') :]
    assert f'<a href="{event.get_absolute_url()}">Talks &lt;b&gt; end</a>' in beside
    assert ">October 2024</time>" in beside
    assert '<a class="btn" href="/chart/">Close</a>' in beside
    assert 'class="bar-r"' in page
    assert 'fill="url(#s-' in page


@pytest.mark.parametrize("path", CHARTS)
def test_nothing_matches(client, path):
    make_event()
    page = asked(client, f"{path}?q=unheard")
    assert "Nothing to draw" in page
    assert 'href="/chart/' in page


@pytest.mark.parametrize("path", CHARTS)
def test_an_empty_record(client, path):
    assert "Nothing to draw" in asked(client, path)


def test_drafts_are_in_no_lane(client):
    category = make_category()
    make_event(category=category)
    make_draft(title="Not yet known", category=category)
    assert "Not yet known" not in asked(client, "/chart/")


def test_scales_and_moves_lead_to_their_dates(client):
    for when in ("2018-06-12", "2022-03-01", "2024-10-20", "2024-10-21", "2025-02-03"):
        make_event(date=when)
    page = asked(client, "/chart/")
    assert 'href="/chart/?from=2024-10&amp;to=2024-10">1 month</a>' in page
    page = asked(client, "/chart/?from=2024-10&to=2024-10")
    assert (
        '<a class="btn" rel="prev" href="/chart/?from=2024-09&amp;to=2024-09">Earlier</a>' in page
    )
    assert '<a class="btn" rel="next" href="/chart/?from=2024-11&amp;to=2024-11">Later</a>' in page
    assert 'href="/chart/" >' not in page
    assert 'href="/chart/">All years</a>' in page
    assert 'href="/?from=2024-10&amp;to=2024-10">List</a>' in page
    page = asked(client, "/chart/?from=2025-02&to=2025-02")
    assert ">Later</a>" not in page


def test_an_event_of_a_ring_is_chosen_in_its_ring(client):
    category = make_category()
    made = [make_event(date="2024-10-20", category=category) for _each in range(6)]
    page = asked(client, f"/chart/?event={made[0].public_id}")
    (_number, ((_href, words),)), *_others = [lane for lane in lanes_of(page) if lane[1]]
    assert "6 events" in words
    assert page.count('<circle class="pick"') == 1
    assert 'aria-current="true"><title>' in page


def test_an_event_that_the_chart_does_not_hold(client):
    make_event(date="2024-10-20")
    draft, other = make_draft(title="Not yet known"), make_event(date="2023-10-20")
    for public_id in (draft.public_id, other.public_id, "x", "\x00"):
        response = client.get("/chart/", {"year": "2024", "event": public_id})
        assert response.status_code == 400
        page = response.content.decode()
        assert "This is no event of this chart" in page
        assert "Not yet known" not in page
        assert 'href="/chart/?year=2024"' in page


@pytest.mark.sqlite  # what is drawn was counted by the index, which is held elsewhere
def test_a_chart_is_light_however_dense_the_record_is(client):
    """Every kind of lane, in months and in a month, with something chosen."""
    chance = random.Random(7)
    people = [make_actor(f"Actor {number}") for number in range(8)]
    kinds = [make_category(family=family) for family in Family.values]
    start = date(2015, 1, 1)
    made = [
        make_event(
            date=(start + timedelta(days=chance.randrange(3600))).isoformat()
            if number % 3
            else f"{chance.randrange(2015, 2025)}-{chance.randrange(1, 13):02}",
            category=chance.choice(kinds),
            actors=chance.sample(people, 3),
            label=f"Label {number}",
            importance="key",
        )
        for number in range(170)
    ]
    for path in CHARTS:
        for query in (f"event={made[0].public_id}", "from=2022&to=2023"):
            page = asked(client, f"{path}?{query}")
            assert len(re.findall(r"<[a-z]", page)) <= 1500, (path, query)


def test_periods_lie_behind_the_events_and_stand_in_words_below(client):
    make_event(date="2024-10-20")
    make_event(date="2024-11-20")
    for title, when, shown in (
        *((f"Month {number}", f"2024-{number:02}", True) for number in range(1, 13)),
        ("All of the year", "2024", True),
        ("Before it", "2022/2023", True),
        ("Not yet told", "2024-09/2024-12", False),
    ):
        stories.store_period(Period(title=title, date=when, shown=shown))
    page = asked(client, "/chart/?year=2024")
    listed = re.findall(r"<li[^>]*><b>([^<]+)</b> <span>([^<]+)</span>", page)
    assert ("All of the year", "2024") in listed
    assert len(listed) == page.count('<rect class="band"') == 8
    assert "Before it" not in page
    assert "Not yet told" not in page
    named = re.findall(r'<text class="kd"[^>]*>([^<]+)<', page)
    assert sorted(named) == sorted(title for title, _when in listed)


@pytest.mark.parametrize(
    "mark", ["x", "military.2024-13-01.2024-01-01", "nobody.2024-01-01.2024-01-02"]
)
def test_a_ring_that_is_none(client, mark):
    make_event()
    response = client.get(f"/chart/?mark={mark}")
    assert response.status_code == 400
    assert "This is no ring of the chart" in response.content.decode()


def test_a_wrong_value_keeps_the_form(client):
    make_event()
    response = client.get("/chart/?year=20245")
    assert response.status_code == 400
    assert "is not a year" in response.content.decode()


def test_what_was_known_then(client):
    make_event(title="Known early")
    page = asked(client, "/chart/?known_by=2019-01-01")
    assert "Known early" not in page


@pytest.mark.sqlite
def test_a_full_record_is_drawn_with_few_marks(client):
    category = make_category()
    for day in range(1, 29, 2):
        for month in range(1, 13):
            make_event(date=date(2024, month, day).isoformat(), category=category)
    page = asked(client, "/chart/")
    (_number, marks), *_others = [lane for lane in lanes_of(page) if lane[1]]
    assert len(marks) <= 60
    count = page.count('<li class="ev')
    assert f"The first {count} of the same 168 events as a list" in page


def test_each_list_leads_to_its_chart(client):
    korea = make_actor("Northland")
    make_event(actors=[korea], date="2024-10-20")
    make_event(date="2024-10-20")
    for path, chart in (
        ("/?year=2024&sort=date", "/chart/?year=2024&amp;sort=date"),
        ("/actors/northland/?year=2024", "/chart/?actor=northland&amp;year=2024"),
        ("/years/2024/", "/chart/?year=2024"),
    ):
        assert f'<a href="{chart}">Chart</a>' in asked(client, path)
    page = asked(client, "/actors/northland/?actor=northland")
    assert ">Chart</a></li></ul></nav><details" not in page
