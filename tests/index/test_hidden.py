"""What isn't public is in no page, total, count, bar or accepted value."""

import pytest
from django.http import QueryDict

from tests.loaded import kept
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
    take_part,
)
from timeline.browse import read
from timeline.editing import events
from timeline.index import FACETS, Choice, Selection, answer
from timeline.models import SlugRedirect

pytestmark = pytest.mark.django_db


def hide(event, status):
    if status == "in_review":
        events.send_to_review([event], by=None)
    elif status == "withdrawn":
        events.publish([event], by=None)
        events.withdraw([event], by=None, reason="It was not so.")
    elif status == "merged":
        events.publish([event], by=None)
        kept = make_event(title="kept", date="2024-05-05")
        events.merge(kept, event, by=None)
        # It has all that the merged one had; readers may know it only as long as it is public.
        events.withdraw([kept], by=None, reason="It was not so.")


@kept
def make_hidden(status):
    """A public event, and one that isn't with a thing of every kind of its own."""
    public = make_event(title="public", date="2024-06-12", actors=[make_actor("Seen")])
    state = make_actor("Hidden state")
    draft = make_draft(
        title="canary",
        date="2031-02-03",
        category=make_category("Hidden category"),
        topics=[make_topic("Hidden topic")],
        place=make_place("Hidden place", country="XK", parent=make_place("Hidden land")),
    )
    take_part(draft, make_actor("Hidden actor", parent=state), "mediator")
    hidden = make_publisher("Hidden publisher")
    source = make_source(publisher=hidden, agency=make_publisher("Hidden agency"), language="eu")
    speaker = make_actor("Hidden speaker")
    cite(draft, source, stance="retracts", speaker=speaker)
    count_figure(draft, metric=make_metric(code="hidden-metric"), attributed_to=speaker)
    SlugRedirect.objects.create(kind="actor", old_slug="hidden-old", object_id=state.pk)
    hide(draft, status)
    return public, draft


@pytest.fixture(params=["draft", "in_review", "withdrawn", "merged"])
def hidden(request):
    return make_hidden(request.param)


def hidden_words(page):
    values = [each for facet in page.facets.values() for each in facet.values]
    return [
        each
        for each in values
        if "hidden" in f"{each.value} {each.label}".lower()
        or each.value in ("2031", "XK", "eu", "mediator", "retracts", "hidden-metric")
    ]


def test_it_is_in_no_answer(hidden):
    public, draft = hidden
    for sort in ("date", "-date", "-updated"):
        page = answer(Selection(sort=sort))
        assert public.pk in page.ids
        assert draft.pk not in page.ids
        assert page.total == len(page.ids)
        assert hidden_words(page) == []
        assert {year.year for year in page.density.years} == {2024}
        assert all(bar.rest <= page.total for bar in page.density.bars)


@pytest.mark.parametrize("query", ["canary", "hidden", "hidden*", '"hidden state"'])
@pytest.mark.usefixtures("hidden")
def test_no_search_finds_it(query):
    assert answer(Selection(q=query)).total == 0
    assert answer(Selection(q=f"-{query}")).total == answer(Selection()).total


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("actor", "hidden-actor"),
        ("actor", "hidden-state"),
        ("actor", "hidden-old"),
        ("speaker", "hidden-speaker"),
        ("category", "hidden-category"),
        ("topic", "hidden-topic"),
        ("place", "hidden-place"),
        ("place", "hidden-land"),
        ("country", "XK"),
        ("publisher", "hidden-publisher"),
        ("publisher", "hidden-agency"),
        ("language", "eu"),
        ("metric", "hidden-metric"),
    ],
)
@pytest.mark.usefixtures("hidden")
def test_its_own_values_are_as_unknown_as_any(name, value):
    reading = read(QueryDict(f"{name}={value}"))
    never = read(QueryDict(f"{name}=zz-never"))
    assert reading.selection is None
    assert [error.name for error in reading.errors] == [name]
    assert reading.errors[0].sentence == never.errors[0].sentence.replace("zz-never", value)
    # Even a selection made by other means learns nothing.
    page = answer(Selection(**{name: Choice((value,))}))
    assert (page.total, page.ids) == (0, ())
    assert all(each.count == 0 for each in page.facets[name].values if each.value == value)


@pytest.mark.usefixtures("hidden")
def test_the_years_of_hidden_events_are_empty():
    assert answer(Selection(year=Choice(("2031",)))).total == 0
    assert "2031" not in {each.value for each in answer(Selection()).facets["year"].values}


def test_a_merged_event_leaves_only_what_moved():
    """Its sources and actors are the kept event's from then on; nothing else of it is."""
    kept = make_event(title="kept", date="2024-05-05")
    gone = make_event(
        title="canary",
        date="2031-02-03",
        category=make_category("Hidden category"),
        place=make_place("Hidden place", country="XK", parent=make_place("Hidden land")),
        actors=[make_actor("Seen later")],
    )
    events.merge(kept, gone, by=None)
    page = answer(Selection())
    assert page.ids == (kept.pk,)
    assert hidden_words(page) == []
    assert {year.year for year in page.density.years} == {2024}
    assert answer(Selection(q="canary")).total == answer(Selection(q="hidden")).total == 0
    assert answer(read(QueryDict("actor=seen-later")).selection).ids == (kept.pk,)


def test_withdrawing_takes_everything_back_at_once():
    seen = make_event(actors=[make_actor("Seen")], date="2024-06-12")
    assert answer(Selection()).total == 1
    events.withdraw([seen], by=None, reason="It was not so.")
    page = answer(Selection())
    assert page.total == 0
    assert all(page.facets[name].values == () for name in FACETS)
    assert page.density.bars == ()
