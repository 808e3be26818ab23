"""Events through the API: the page's, in its order, each once, and only what may be seen."""

import datetime as dt
import json
import random
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from tests.api.test_document import wrong
from tests.index.made import draw, make_record
from tests.loaded import demo_record
from tests.make import make_actor, make_draft, make_event, make_source
from timeline.browse.links import pairs_of
from timeline.editing import events as editing
from timeline.index import FACETS, Selection, answer, live, oracle
from timeline.models import Event

pytestmark = pytest.mark.django_db


def get(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.content
    return response.json()


def ids(body):
    return [each["public_id"] for each in body["results"]]


def shown(selection):
    page = answer(selection)
    found = Event.objects.in_bulk(page.ids)
    return [found[pk].public_id for pk in page.ids]


def local(address):
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


# --- The page's events ----------------------------------------------------------------------


def test_random_selections_give_the_events_of_the_page_as_the_document_says(client):
    make_record(seed=4, events=40)
    facets = answer(Selection()).facets
    values = {name: [each.value for each in facet.values] for name, facet in facets.items()}
    chance, some = random.Random(20), 0
    for _ in range(60):
        selection = draw(chance, values).changed(within=None, page_size=chance.choice([1, 7, 50]))
        query = QueryDict(mutable=True)
        for name, value in pairs_of(selection):
            query.appendlist(name, value)
        query["facets"] = ",".join(FACETS)
        body = get(client, f"/api/v1/events?{query.urlencode()}")
        page = answer(selection, 100)
        assert (ids(body), body["count"]) == (shown(selection), page.total)
        for name in FACETS:
            told = [(each["value"], each["count"]) for each in body["facets"][name]["values"]]
            assert told == [(each.value, each.count) for each in page.facets[name].values]
            for each in body["facets"][name]["values"]:
                narrowed = [*pairs_of(selection.narrowed(name, each["value"]))]
                narrowed.append(("facets", ",".join(FACETS)))
                assert parse_qsl(urlsplit(each["url"]).query) == narrowed
        assert wrong("events", body) == []
        some += page.total
    assert some > 100


def test_the_count_beside_a_value_is_that_of_its_link(client):
    demo_record()
    body = get(client, "/api/v1/events?actor=north-korea&facets=actor,year,stance&page_size=1")
    for facet in body["facets"].values():
        for each in facet["values"][:6]:
            assert get(client, local(each["url"]))["count"] == each["count"]
    (own,) = [each for each in body["facets"]["actor"]["values"] if each["selected"]]
    assert own["value"] == "north-korea"


@pytest.mark.parametrize("sort", ["date", "-date", "-updated"])
def test_following_next_gives_each_event_once(client, sort):
    make_record(seed=5, events=40)
    wanted = shown(Selection(sort=sort, page_size=200))
    address, found, pages = f"/api/v1/events?sort={sort}&page_size=7&fields=public_id", [], []
    while address:
        response = client.get(address)
        body = response.json()
        assert body["count"] == len(wanted)
        found += ids(body)
        pages.append(ids(body))
        following = body["next"]
        assert (f'<{following}>; rel="next"' in response["Link"]) == bool(following)
        before, address = body["previous"], following and local(following)
    assert found == wanted
    assert ids(get(client, local(before))) == pages[-2]


def test_fields_are_those_that_are_wanted(client):
    make_event()
    (found,) = get(client, "/api/v1/events?fields=title,url,date")["results"]
    assert list(found) == ["url", "title", "date"]
    whole = get(client, "/api/v1/events")["results"][0]
    assert found == {name: whole[name] for name in found}
    one = f"/api/v1/events/{whole['public_id']}"
    assert get(client, one) == whole
    assert list(get(client, f"{one}?fields=label")) == ["label"]


def test_one_event_and_fifty_take_the_same_queries(client):
    demo_record()
    counts = []
    for size in (1, 50):
        client.get(f"/api/v1/events?page_size={size}&facets=actor")  # names are learnt once
        with CaptureQueriesContext(
            connection,
        ) as queries:
            get(client, f"/api/v1/events?page_size={size}&facets=actor&fields=url,title,figures")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] < 25, counts


# --- What changed ---------------------------------------------------------------------------


def moment(event):
    return event.revised_at or event.published_at


def test_updated_since_is_exact_on_the_index_and_plainly():
    make_record(seed=6, events=30)
    rows = sorted(Event.objects.public(), key=moment)
    chance = random.Random(1)
    for row in chance.sample(rows, 8):
        for nudge in (0, 1):
            since = moment(row) + dt.timedelta(microseconds=nudge)
            wanted = {each.pk for each in rows if moment(each) >= since}
            selection = Selection(updated_since=since, page_size=200)
            found = answer(selection)
            assert set(found.ids) == wanted
            plainly = oracle.answer(selection)
            assert (found.ids, found.facets, found.total) == (
                plainly.ids,
                plainly.facets,
                plainly.total,
            )


def test_an_event_that_changes_comes_again(client):
    first, second = make_event(), make_event()
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    Event.objects.filter(pk__in=[first.pk, second.pk]).update(published_at=long_ago)
    live.forget()
    address = "/api/v1/events?updated_since=2021-01-01"
    assert ids(get(client, address)) == []
    editing.withdraw([first], by=None, reason="It was not so.")
    editing.publish([first], by=None)
    assert ids(get(client, address)) == [first.public_id]
    assert "changed since 2021-01-01" in get(client, address)["words"]
    assert set(ids(get(client, "/api/v1/events?updated_since=2019"))) == {
        first.public_id,
        second.public_id,
    }


def test_what_left_is_told_without_its_title(client):
    gone, kept, merged, draft = make_event(), make_event(), make_event(), make_draft()
    editing.withdraw([gone], by=None, reason="The source was forged.")
    editing.merge(kept, merged, by=None)
    body = get(client, "/api/v1/removed")
    assert wrong("removed", body) == []
    assert [(each["public_id"], each["kind"], each["merged_into"]) for each in body["results"]] == [
        (gone.public_id, "withdrawn", None),
        (merged.public_id, "merged", kept.public_id),
    ]
    assert body["results"][0]["reason"] == "The source was forged."
    assert gone.title not in json.dumps(body)
    assert draft.public_id not in json.dumps(body)
    first = get(client, "/api/v1/removed?page_size=1")
    second = get(client, local(first["next"]))
    assert [*first["results"], *second["results"]] == body["results"]
    assert second["next"] is None
    assert get(client, "/api/v1/removed?since=2999-01-01")["results"] == []
    editing.publish([gone], by=None)
    assert ids(get(client, "/api/v1/removed")) == [merged.public_id]


# --- One event ------------------------------------------------------------------------------


def test_gone_and_moved(client, settings):
    settings.SITE_URL = "https://example.org"
    gone, kept, merged, draft = make_event(), make_event(), make_event(), make_draft()
    editing.withdraw([gone], by=None, reason="The source was forged.")
    editing.merge(kept, merged, by=None)
    for below in ("", "/versions", "/versions/1"):
        response = client.get(f"/api/v1/events/{gone.public_id}{below}")
        assert response.status_code == 410
        said = response.json()
        assert said["reason"] == "The source was forged."
        assert said["type"] == "https://example.org/api/#withdrawn"
        assert gone.title not in response.content.decode()
        response = client.get(f"/api/v1/events/{merged.public_id}{below}")
        assert response.status_code == 301
        wanted = f"https://example.org/api/v1/events/{kept.public_id}{below}"
        assert response["Location"] == wanted
        assert client.get(f"/api/v1/events/{draft.public_id}{below}").status_code == 404


def test_as_known_on_a_day(client):
    early = make_event(sources=[make_source(published="2023-05-01")])
    late = make_event(sources=[make_source(published="2024-05-01")])
    assert ids(get(client, "/api/v1/events?known_by=2023-12-31")) == [early.public_id]
    address = f"/api/v1/events/{early.public_id}?known_by=2023-12-31"
    assert get(client, address)["public_id"] == early.public_id
    assert client.get(f"/api/v1/events/{late.public_id}?known_by=2023-12-31").status_code == 404
    assert client.get(f"/api/v1/events/{late.public_id}?known_by=never").status_code == 400


def test_a_renamed_thing_redirects(client, settings):
    settings.SITE_URL = "https://example.org"
    from timeline.models import SlugRedirect

    actor = make_actor("Kim")
    make_event(actors=[actor])
    SlugRedirect.objects.create(kind="actor", old_slug="kym", object_id=actor.pk)
    response = client.get("/api/v1/actors/kym")
    assert (response.status_code, response["Location"]) == (
        301,
        "https://example.org/api/v1/actors/kim",
    )


# --- Things ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["actors", "topics", "places", "publishers", "sources", "metrics"])
def test_following_next_gives_each_thing_once(client, kind):
    demo_record()
    address, found = f"/api/v1/{kind}?page_size=9", []
    while address:
        body = get(client, address)
        found += [json.dumps(each) for each in body["results"]]
        address = body["next"] and local(body["next"])
    assert len(found) == len(set(found)) == body["count"] > 9


def test_a_thing_is_found_by_a_name_in_any_script(client):
    demo_record()
    for written in ("north korea", "북한", "NORTH%20KOREA"):
        slugs = [each["slug"] for each in get(client, f"/api/v1/actors?q={written}")["results"]]
        assert "north-korea" in slugs, written
    assert get(client, "/api/v1/actors?q=zzz")["count"] == 0
