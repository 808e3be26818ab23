"""Pages as known on a past day: what they show, what they leave out, and what they say of it."""

import json
import re
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from tests.loaded import demo_record, kept
from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_event,
    make_metric,
    make_publisher,
    make_source,
    noted,
    take_part,
)
from tests.web.test_pages import text
from timeline.demo.load import rows
from timeline.editing import events as editing
from timeline.index import Choice, Selection, answer, live, naming, oracle
from timeline.models import Event, Figure, Relation
from timeline.record import assess
from timeline.record.fetching import records_of
from timeline.record.known import as_known

pytestmark = pytest.mark.django_db

DAY = date(2024, 11, 1)


def reassess():
    with transaction.atomic():
        editing.reassess(Event.objects.all())


@pytest.fixture
def plainly(monkeypatch):
    """Without an index."""
    monkeypatch.setattr(live, "ask", lambda _question, plainly: plainly())


@pytest.fixture
@kept
def raid():
    """An event of October 2024 that its target denied in October and admitted in December."""
    north, south = make_actor("Northland"), make_actor("Southland")
    early = make_source(
        title="First report",
        published="2024-10-20",
        publisher=make_publisher("Morning Paper"),
        language="ko",
    )
    event = make_event(
        title="A raid on the harbour",
        date="2024-10-19",
        actors=[(north, "target"), (south, "initiator")],
        sources=[early],
    )
    denial = make_source(title="The denial", published="2024-10-25")
    late = make_source(
        title="The admission",
        published="2024-12-05",
        publisher=make_publisher("Evening Paper"),
        archive_url="https://archive.example.org/3",
        language="fr",
    )
    cite(event, denial, stance="denies", speaker=north)
    admission = cite(event, late, stance="confirms", speaker=north)
    metric = make_metric(label="Killed")
    new = count_figure(event, metric=metric, best=77, citation=admission)
    old = count_figure(event, metric=metric, best=11, subject="Sailors")
    Figure.objects.filter(pk=old.pk).update(state="superseded", superseded_by=new)
    noted(event)
    reassess()
    return event


def test_an_event_page_holds_what_was_known(client, raid):
    address = raid.get_absolute_url()
    today = text(client.get(address))
    assert "Confirmed" in today
    assert "The admission" in today
    then = client.get(f"{address}?known_by=2024-11-01")
    assert then.status_code == 200
    said = text(then)
    assert "As known on 1 November 2024. Titles and summaries are today’s words." in said
    assert "Disputed. Denied by Northland; carried by 1 publisher." in said
    assert "First report" in said
    assert "The denial" in said
    assert "The admission" not in said
    assert "Evening Paper" not in said
    # The number that had replaced the first wasn't known.
    numbers = re.findall(r"\b\d+\b", said)
    assert "11" in numbers
    assert "77" not in numbers
    assert "superseded" not in said
    page = then.content.decode()
    assert f'<a href="{address}">Show what is known today</a>' in page
    assert '<meta name="robots" content="noindex">' in page
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{address}">' in page
    assert "Evening Paper" not in page
    before = text(client.get(f"{address}?known_by=2024-10-24"))
    assert "Single source" in before


def test_an_event_that_was_not_known_is_a_plain_answer(client, raid):
    answered = client.get(f"{raid.get_absolute_url()}?known_by=2024-10-19")
    assert answered.status_code == 404
    said = text(answered)
    assert "This event wasn’t known by 19 October 2024" in said
    assert "The first of its sources became known on 20 October 2024." in said
    assert "raid" not in said
    assert f'href="{raid.get_absolute_url()}?known_by=2024-10-20"' in answered.content.decode()
    undated = make_event(sources=[make_source(published="")])
    answered = client.get(f"{undated.get_absolute_url()}?known_by=2024-11-01")
    assert answered.status_code == 404
    assert "None of its sources says when it was published or read." in text(answered)


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ({"published": "2024-10-31"}, True),
        ({"published": "2024-11-02"}, False),
        ({"published": "2024-11-01"}, True),
        # The last possible day counts.
        ({"published": "2024-10"}, True),
        ({"published": "2024-11"}, False),
        ({"published": "2024"}, False),
        ({"published": "", "accessed_on": date(2024, 10, 30)}, True),
        ({"published": "", "accessed_on": date(2024, 11, 30)}, False),
        ({"published": "2024-12-30", "accessed_on": date(2024, 1, 1)}, False),
        ({"published": ""}, False),
    ],
)
def test_a_source_is_known_from_its_last_possible_day(client, given, known):
    event = make_event(sources=[make_source(**given)])
    assert (event.pk in answer(Selection(known_by=DAY)).ids) == known
    assert (event.pk in oracle.answer(Selection(known_by=DAY)).ids) == known
    status = client.get(f"{event.get_absolute_url()}?known_by={DAY}").status_code
    assert status == (200 if known else 404)


def test_a_figure_without_a_source_is_known_from_its_own_day(client):
    event = make_event(sources=[make_source(published="2024-10-20")])
    actor = make_actor("Northland")
    for best, as_of in ((1111, "2024-10"), (2222, "2024-11"), (3333, "")):
        figure = count_figure(event, best=best, attributed_to=actor, as_of=as_of)
        Figure.objects.filter(pk=figure.pk).update(citation=None)
    noted(event)
    said = text(client.get(f"{event.get_absolute_url()}?known_by=2024-11-01"))
    assert [number for number in ("1,111", "2,222", "3,333") if number in said] == ["1,111"]


@pytest.mark.usefixtures("raid")
def test_a_list_holds_what_was_known_and_says_so(client):
    response = client.get("/?known_by=2024-11-01")
    said, page = text(response), response.content.decode()
    assert "1 event as known on 1 November 2024" in said
    assert "As known on 1 November 2024. Titles and summaries are today’s words." in said
    assert '<a href="/">Show what is known today</a>' in page
    assert "Disputed" in said
    assert "Evening Paper" not in said
    assert "The admission" not in said
    assert "French" not in said
    assert "Archived" not in said.partition("Has")[2][:40]
    assert 'type="date" name="known_by" value="2024-11-01"' in page
    # The chip takes the day away; every other link of the list keeps it.
    assert re.search(r'<a class="chip" href="/">.*?As known on: .*?1 November 2024', page)
    lists = re.findall(r'href="(/\?[^"]*)"', page)
    assert lists
    assert all("known_by=2024-11-01" in each for each in lists)
    onward = re.findall(r'href="(/(?:events|actors|categories)/[^"]+)"', page)
    assert onward
    assert all(each.endswith("?known_by=2024-11-01") for each in onward)
    for href in {*lists, *onward}:
        assert client.get(href.replace("&amp;", "&")).status_code == 200, href


@pytest.mark.usefixtures("raid")
def test_a_card_of_one_day_is_not_that_of_another(client):
    """Cards are drawn once and kept."""
    addresses = ("/", "/?known_by=2024-11-01", "/?known_by=2024-10-20", "/?known_by=2025-01-01")
    for _again in range(2):
        labels = [
            re.search('class="ver ([a-z_]+)"|#(confirmed|disputed|single_source)"', page)
            for page in (client.get(address).content.decode() for address in addresses)
        ]
        assert all(labels)
        found = [label.group(1) or label.group(2) for label in labels]
        assert found == ["confirmed", "disputed", "single_source", "confirmed"]


@pytest.mark.usefixtures("raid")
def test_a_label_is_found_as_of_then(client):
    assert "1 event" in text(client.get("/?verification=disputed&known_by=2024-11-01"))
    assert "0 events" in text(client.get("/?verification=disputed"))
    assert "0 events" in text(client.get("/?verification=confirmed&known_by=2024-11-01"))
    assert "0 events" in text(client.get("/?language=fr&known_by=2024-11-01"))
    assert "0 events" in text(client.get("/?q=admission&known_by=2024-11-01"))
    assert "1 event" in text(client.get("/?q=raid&known_by=2024-11-01"))
    assert "0 events" in text(client.get("/?has=archive&known_by=2024-11-01"))


@pytest.mark.usefixtures("raid")
def test_the_title_block_counts_what_was_known(client):
    said = text(client.get("/?known_by=2024-11-01"))
    assert "1 event 2 sources 2 publishers 2 languages" in said
    assert "Latest figures" not in said


def test_totals_are_the_same_without_an_index(raid, monkeypatch):
    make_event(sources=[make_source(published="2024-12-31")])
    mine = naming.totals_then(DAY)
    roles = naming.roles(raid.participations.first().actor_id, DAY)
    labels = naming.labelled(None, DAY)
    monkeypatch.setattr(live, "ask", lambda _question, plainly: plainly())
    assert naming.totals_then(DAY) == mine
    assert naming.roles(raid.participations.first().actor_id, DAY) == roles == [("target", 1)]
    assert naming.labelled(None, DAY) == labels


@pytest.mark.parametrize(
    "written",
    [
        "2024-11",
        "2024",
        "autumn 2024",
        "0000-01-01",
        "-0001-01-01",
        "2024-02-30",
        "x",
        "2024-11-01~",
    ],
)
def test_what_is_not_a_day_is_named(client, raid, written):
    for address in ("/", raid.get_absolute_url(), "/actors/northland/"):
        answered = client.get(address, {"known_by": written})
        assert answered.status_code == 400, address
        said = text(answered)
        assert f"known_by={written}" in said
        assert "is not a day. Write one such as 2024-11-01." in said
        assert "raid" not in said
    form = client.get("/", {"known_by": written}).content.decode()
    assert f'name="known_by" value="{written}"' in form
    answered = client.get("/actors/suggest", {"q": "north", "known_by": written})
    assert answered.status_code == 400


def test_today_and_later_are_todays_record(client, raid):
    today = timezone.localdate()
    address = raid.get_absolute_url()
    for day in (today, today + timedelta(days=1), date(9999, 12, 31)):
        for path in ("/", address):
            answered = client.get(path, {"known_by": day.isoformat()})
            assert (answered.status_code, answered["Location"]) == (302, path)
    yesterday = today - timedelta(days=1)
    assert client.get("/", {"known_by": yesterday.isoformat()}).status_code == 200
    answered = client.get(address, {"known_by": "1 November 2024"})
    assert (answered.status_code, answered["Location"]) == (302, f"{address}?known_by=2024-11-01")
    answered = client.get(address, {"known_by": ["2024-11-01", "2024-11-02"]})
    assert answered.status_code == 400
    assert "“known_by” is given 2 times. Give it once." in text(answered)


def test_each_day_is_a_page_of_its_own_to_caches(client, raid):
    tags = {
        client.get(raid.get_absolute_url(), query)["ETag"]
        for query in ({}, {"known_by": "2024-11-01"}, {"known_by": "2024-11-02"})
    }
    assert len(tags) == 3


def test_an_actor_is_shown_as_known(client, raid):
    north = raid.participations.get(role="target").actor
    later = make_event(actors=[(north, "host")], sources=[make_source(published="2025-03-01")])
    figure = count_figure(later, best=999, attributed_to=north)
    assert "999" in text(client.get("/actors/northland/"))
    said = text(client.get("/actors/northland/?known_by=2024-11-01"))
    assert "1 event 2024" in said
    assert str(figure.best) not in said
    assert "Roles in events was its target 1 Often with" in said
    said = text(client.get("/publishers/evening-paper/?known_by=2024-11-01"))
    assert "0 events" in said


@pytest.mark.parametrize("way", ["index", "plainly"])
def test_find_boxes_offer_what_was_known(client, raid, way, request):
    take_part(
        make_event(sources=[make_source(published="2025-03-01")]), make_actor("Northern fleet")
    )
    speaker = make_actor("Northern spokesman")
    cite(raid, make_source(published="2024-10-22"), stance="disputes", speaker=speaker)
    if way == "plainly":
        request.getfixturevalue("plainly")

    def offered(things, query):
        found = json.loads(client.get(f"/{things}/suggest", query).content)["things"]
        return {each["label"] for each in found}

    every = {"Northland", "Northern fleet", "Northern spokesman"}
    assert offered("actors", {"q": "north"}) == every
    then = {"q": "north", "known_by": "2024-11-01"}
    assert offered("actors", then) == every - {"Northern fleet"}
    assert offered("publishers", {"q": "paper"}) == {"Morning Paper", "Evening Paper"}
    assert offered("publishers", {"q": "paper", "known_by": "2024-11-01"}) == {"Morning Paper"}
    page = client.get("/?known_by=2024-11-01").content.decode()
    assert all("?known_by=2024-11-01" in each for each in re.findall('data-suggest="(.*?)"', page))


def test_relations_and_neighbours_are_those_that_were_known(client, raid):
    known = make_event(
        title="A known one", date="2024-10-10", sources=[make_source(published="2024-10-11")]
    )
    unknown = make_event(
        title="A later find", date="2024-10-12", sources=[make_source(published="2025-01-01")]
    )
    for other in (known, unknown):
        Relation.objects.create(from_event=raid, to_event=other, kind="follows")
        noted(raid)
    today = text(client.get(raid.get_absolute_url()))
    assert today.count("A later find") == 2
    said = text(client.get(f"{raid.get_absolute_url()}?known_by=2024-11-01"))
    assert "A later find" not in said
    assert said.count("A known one") == 2


def test_a_label_set_by_hand_is_a_word_of_today(client, raid):
    raid.verification_override = "disproved"
    raid.verification_note = "It was another harbour."
    raid.save()
    with transaction.atomic():
        editing.settle(raid, by=None, before="published")
    said = text(client.get(f"{raid.get_absolute_url()}?known_by=2024-11-01"))
    assert "Disputed. Denied by Northland" in said
    assert "another harbour" not in said
    assert "The verification is the one that follows from its sources by then." in said
    assert answer(Selection(known_by=DAY)).facets["verification"].values[0].value == "disputed"


# --- The demo --------------------------------------------------------------------------------


DEPLOYMENT = ("first-troop-transport", "nis-confirms-dispatch", "first-units-kursk")


@pytest.fixture
def demo():
    demo_record()
    return {each["key"]: each["public_id"] for each in rows("events")}


def test_the_demo_holds_no_event_of_the_deployment_before_it_was_known(client, demo):
    page = answer(Selection(known_by=date(2024, 10, 1), page_size=200))
    assert 50 < page.total < len(demo)
    assert not Event.objects.filter(pk__in=page.ids, earliest__gt="2024-10-01").exists()
    held = client.get("/?page_size=200&known_by=2024-10-01").content.decode()
    for key in DEPLOYMENT:
        event = Event.objects.get(public_id=demo[key])
        assert event.pk not in page.ids
        assert demo[key] not in held
        assert client.get(f"{event.get_absolute_url()}?known_by=2024-10-01").status_code == 404


@pytest.mark.parametrize("key", DEPLOYMENT)
def test_the_demo_was_disputed_and_then_confirmed(client, demo, key):
    event = Event.objects.get(public_id=demo[key])
    address = event.get_absolute_url()
    disputed = text(client.get(f"{address}?known_by=2024-11-15"))
    assert re.search(r"Disputed\. [^.]*[Dd]enied by [^.]*North Korea", disputed)
    confirmed = text(client.get(f"{address}?known_by=2025-05-01"))
    assert re.search(r"Confirmed by [^.]* (which had denied it before|after denials)", confirmed)
    for day, label in (("2024-11-15", "disputed"), ("2025-05-01", "confirmed")):
        wanted = Selection(
            known_by=date.fromisoformat(day), verification=Choice((label,)), page_size=200
        )
        assert event.pk in answer(wanted).ids


def test_the_kept_steps_are_what_follows_from_the_sources(demo):
    """What lists read and what an event's page derives agree on any day."""
    compared = 0
    for event in Event.objects.filter(public_id__in=demo.values()):
        for day, label in event.verification_steps.values_list("day", "label"):
            for each in (day, day - timedelta(days=1), day + timedelta(days=40)):
                for then in as_known(records_of([event.pk]), each).values():
                    assert then.verification == assess(event, each).label.value
                    compared += 1
            assert assess(event, day).label.value == label
    assert compared > 2 * len(demo)
