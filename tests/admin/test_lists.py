"""Lists of the desk: filters, search, actions, and no way in by the address bar."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.make import (
    make_actor,
    make_category,
    make_draft,
    make_event,
    make_place,
    make_source,
    make_topic,
)
from timeline.editing import things
from timeline.models import Actor, Change, Event, SlugRedirect, Source

pytestmark = pytest.mark.django_db
LIST = "/admin/timeline/event/"


def titles(client, query):
    page = client.get(f"{LIST}?{query}").content.decode()
    return {event.title for event in Event.objects.all() if event.title in page}


@pytest.mark.parametrize(
    "query",
    [
        "title__regex=^(a%2B)%2B$",
        "status__regex=(",
        "category__events__internal_note__contains=x",
        "created_by__password__startswith=p",
        "id__in=1,2",
    ],
)
@pytest.mark.parametrize("model", ["event", "actor", "source", "publisher", "place"])
def test_lookups_that_no_filter_offers_are_refused(root, model, query):
    response = root.get(f"/admin/timeline/{model}/?{query}")
    assert response.status_code in (302, 400)


def test_users_cannot_be_fished_for(root):
    assert root.get("/admin/auth/user/?password__startswith=p").status_code in (302, 400)


@pytest.mark.parametrize("value", ["0", "99999", "x", "²", "", "9" * 50, "\x00"])
@pytest.mark.parametrize("name", ["year", "status", "missing", "category", "q", "p", "o"])
def test_odd_values_are_no_crash(root, name, value):
    make_event()
    assert root.get(LIST, {name: value}).status_code in (200, 302, 400)


def test_the_filters(root):
    summit = make_category("Summit")
    make_event(title="A public summit takes place", category=summit, date="2018-06-12")
    make_event(title="Something lasts over the year", date="2018-12-30/2019-01-02", category=summit)
    make_draft(title="A draft lacks nearly everything", category=None, date="2024")
    assert titles(root, "status=draft") == {"A draft lacks nearly everything"}
    assert titles(root, "missing=source") == {"A draft lacks nearly everything"}
    assert titles(root, "missing=category") == {"A draft lacks nearly everything"}
    assert titles(root, "year=2019") == {"Something lasts over the year"}
    assert len(titles(root, "category=summit")) == 2


def test_search_takes_any_name_in_any_script(root):
    actor = make_actor("North Korea")
    actor.names.create(name="북한", language="ko")
    make_event(title="A launch is seen", actors=[actor], place=make_place("Sohae"))
    make_event(title="Nothing of the kind happens")
    for query in ("북한", "sohae", "launch north", "laun"):
        assert titles(root, f"q={query}") == {"A launch is seen"}
    assert titles(root, "q=launch nothing") == set()


def act(client, action, *things, model="event", **fields):
    return client.post(
        f"/admin/timeline/{model}/",
        {"action": action, "_selected_action": [thing.pk for thing in things], **fields},
        follow=True,
    ).content.decode()


def stands(page):
    """What a page of two to merge carries of each."""
    return dict(re.findall(r'name="(stand-\d+)" value="(\w+)"', page))


def test_publishing_several_at_once_is_all_or_none(root):
    ready, unready = make_event(status="draft"), make_draft(title="This lacks a source")
    page = act(root, "publish", ready, unready)
    assert "Nothing was changed" in page
    assert "This lacks a source" in page
    assert not Event.objects.public().exists()
    assert "Published: 1 event." in act(root, "publish", ready)
    assert list(Event.objects.public()) == [ready]


def test_review_category_topic_and_withdrawal(root):
    event, category, topic = make_event(status="draft"), make_category(), make_topic()
    assert "Ready for review: 1 event." in act(root, "send_to_review", event)
    assert "This concerns 1 event" in act(root, "set_category", event)
    act(root, "set_category", event, _apply="1", given=category.pk)
    act(root, "add_topic", event, _apply="1", given=topic.pk)
    act(root, "publish", event)
    page = act(root, "withdraw", event, _apply="1", given="")
    assert "This field is required" in page
    act(root, "withdraw", event, _apply="1", given="It was not so.")
    event.refresh_from_db()
    assert (event.category, list(event.topics.all())) == (category, [topic])
    assert (event.status, event.withdrawal_reason) == ("withdrawn", "It was not so.")


def test_a_refused_step_names_its_event(root):
    event, draft = make_event(title="This one is public"), make_draft(title="This one is a draft")
    assert "“This one is public” is published; it can&#x27;t become in review." in act(
        root, "send_to_review", draft, event
    )
    assert Event.objects.get(pk=draft.pk).status == "draft"
    page = act(root, "withdraw", draft, _apply="1", given="It was not so.")
    assert "“This one is a draft” is not published." in page


def test_a_category_in_use_is_not_deleted(root):
    category = make_category("Summit")
    make_event(title="A summit takes place", category=category)
    page = root.get(f"/admin/timeline/category/{category.pk}/delete/").content.decode()
    assert "A summit takes place" in page
    assert "permission" not in page


@pytest.mark.parametrize("action", ["publish", "send_to_review"])
def test_an_action_is_about_what_the_list_showed(root, action):
    draft = make_event(status="draft")
    listed = root.get(LIST).content.decode()
    shown = dict(re.findall(r'name="(lock-\d+)" value="(\d+)"', listed))
    assert shown == {f"lock-{draft.pk}": str(draft.lock)}
    draft.title = "Somebody writes another title"
    draft.save()
    assert "Somebody else has saved" in act(root, action, draft, **shown)
    draft.refresh_from_db()
    assert draft.status == "draft"
    shown = {f"lock-{draft.pk}": draft.lock}
    assert "1 event" in act(root, action, draft, **shown)


@pytest.mark.parametrize(("model", "make"), [("actor", make_actor), ("source", make_source)])
def test_what_was_changed_meanwhile_is_not_merged(root, model, make):
    keep, gone = make(), make()
    page = act(root, f"merge_{model}s", keep, gone, model=model)
    shown = stands(page)
    if model == "actor":
        gone.description = "Somebody writes a description."
    else:
        gone.title = "Somebody writes another title"
    things.store(gone)
    chosen = {"_apply": "1", "keep": keep.pk}
    page = act(root, f"merge_{model}s", keep, gone, model=model, **chosen, **shown)
    assert "Somebody else has saved" in page
    assert type(gone).objects.filter(pk=gone.pk).exists()
    act(root, f"merge_{model}s", keep, gone, model=model, **chosen, **stands(page))
    assert not type(gone).objects.filter(pk=gone.pk).exists()


def test_a_bulk_change_overruns_nobody(root):
    event, category = make_event(), make_category()
    old = {f"lock-{event.pk}": event.lock}
    event.save()
    page = act(root, "set_category", event, _apply="1", given=category.pk, **old)
    assert "Somebody else has saved" in page
    event.refresh_from_db()
    assert event.category != category


def test_merging_actors_asks_first(root):
    keep, gone = make_actor("North Korea"), make_actor("DPRK")
    make_event(actors=[gone])
    page = act(root, "merge_actors", keep, gone, model="actor")
    assert "There is no undo." in page
    page = act(root, "merge_actors", keep, gone, model="actor", _apply="1")
    assert "Choose the one that stays." in page
    chosen = {"_apply": "1", "keep": keep.pk, **stands(page)}
    act(root, "merge_actors", keep, gone, model="actor", **chosen)
    assert list(Actor.objects.all()) == [keep]
    assert SlugRedirect.objects.get().old_slug == "dprk"


def test_merging_sources(root):
    keep, gone = make_source(), make_source()
    event = make_event(sources=[gone])
    page = act(root, "merge_sources", keep, gone, model="source")
    chosen = {"_apply": "1", "keep": keep.pk, **stands(page)}
    act(root, "merge_sources", keep, gone, model="source", **chosen)
    assert list(Source.objects.all()) == [keep]
    assert event.citations.get().source == keep


def test_a_shared_record_is_saved_through_the_log(root):
    response = root.post(
        "/admin/timeline/actor/add/",
        {
            "name": "Ukraine",
            "kind": "state",
            "country": "ua",
            "names-TOTAL_FORMS": "1",
            "names-INITIAL_FORMS": "0",
            "names-0-name": "Україна",
            "names-0-language": "uk",
            "names-0-kind": "short",
        },
    )
    assert response.status_code == 302
    actor = Actor.objects.get()
    assert (actor.slug, actor.country, actor.names.get().name) == ("ukraine", "UA", "Україна")
    assert Change.objects.filter(model="actor", kind="created").exists()


def test_the_number_of_queries_does_not_grow(root):
    counts = []
    for more in (1, 20):
        for _event in range(more):
            make_event(place=make_place(), actors=[make_actor()])
        with CaptureQueriesContext(connection) as captured:
            root.get(LIST)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_source_is_found_by_its_pasted_link(root):
    source = make_source(url="https://example.org/a", title="The wanted one")
    make_source(title="Another one")
    page = root.get("/admin/timeline/source/", {"q": source.url + "?utm_source=x"}).content.decode()
    assert "The wanted one" in page
    assert "Another one" not in page
