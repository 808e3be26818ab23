"""What a search finds: words, phrases, beginnings, exclusions; in every script, by every name."""

import pytest

from tests.loaded import kept
from tests.make import (
    cite,
    make_actor,
    make_category,
    make_event,
    make_place,
    make_publisher,
    make_source,
    make_topic,
)
from timeline.index import Selection, answer
from timeline.models import Event, PublisherName

pytestmark = pytest.mark.django_db


def found(query):
    titles = dict(Event.objects.values_list("pk", "title"))
    return {titles[pk] for pk in answer(Selection(q=query)).ids}


TITLES = {
    "Summit in Singapore": "",
    "Missile tested": "A summit was near.",
    "북한 탄도미사일 발사": "",
    "핵실험": "",
    "Встреча в Москве": "",
    "Kyïv's C++ talks": "Anti-tank 100% _x_",
}


@pytest.fixture
@kept
def talks():
    for title, summary in TITLES.items():
        make_event(title=title, summary=summary)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("summit", {"Summit in Singapore", "Missile tested"}),
        ("SUMMIT singapore", {"Summit in Singapore"}),
        ('"summit in"', {"Summit in Singapore"}),
        ('"in summit"', set()),
        ('"tested a"', set()),  # no phrase runs from the title into the summary
        ("“summit in”", {"Summit in Singapore"}),
        ("sum", set()),
        ("sum*", {"Summit in Singapore", "Missile tested"}),
        ("summ* sing*", {"Summit in Singapore"}),
        ("ummit*", set()),
        ("summit -singapore", {"Missile tested"}),
        ("-summit", set(TITLES) - {"Summit in Singapore", "Missile tested"}),
        ('summit -"was near"', {"Summit in Singapore"}),
        ("미사일", {"북한 탄도미사일 발사"}),
        ("북한", {"북한 탄도미사일 발사"}),
        ("탄도 미사일", {"북한 탄도미사일 발사"}),
        ('"북한 탄도미사일"', {"북한 탄도미사일 발사"}),
        ("도미", {"북한 탄도미사일 발사"}),
        ("미도", set()),
        ("미사*", {"북한 탄도미사일 발사"}),
        ("핵", {"핵실험"}),
        ("험", {"핵실험"}),
        ("москве", {"Встреча в Москве"}),
        ("москв*", {"Встреча в Москве"}),
        ("kyiv", {"Kyïv's C++ talks"}),
        ("Kyïv", {"Kyïv's C++ talks"}),
        ("C++", {"Kyïv's C++ talks"}),
        ("anti-tank", {"Kyïv's C++ talks"}),
        ("100%", {"Kyïv's C++ talks"}),
        ("1%", set()),  # a wildcard of LIKE is no wildcard here
        ("s_mmit", set()),
        ("OR summit", set()),  # words of other search languages are words
    ],
)
@pytest.mark.usefixtures("talks")
def test_a_search(query, titles):
    assert found(query) == titles


def test_every_kind_of_name_is_searched():
    outlet, agency = make_publisher("Ilbo"), make_publisher("Tongsin")
    PublisherName.objects.create(publisher=outlet, name="일보", language="ko")
    make_event(
        title="event",
        category=make_category("Parade"),
        topics=[make_topic("Artillery")],
        place=make_place("Kaesong"),
        actors=[make_actor("Guards")],
        sources=[make_source(publisher=outlet, agency=agency, title="Frontpage")],
    )
    make_event(title="other", category=make_category("Speech"))
    names = "Parade artillery Kaesong guards Ilbo 일보 tongsin frontpage event"
    for word in names.split(" "):
        assert found(word) == {"event"}, word
        assert found(f"-{word}") == {"other"}, word


def test_words_may_stand_in_different_places_but_phrases_in_one():
    cite(make_event(title="Soldiers leave"), make_source(title="Troops on the move"))
    assert found("soldiers troops") == {"Soldiers leave"}
    assert found('"soldiers troops"') == set()
    assert found('"leave troops"') == set()


def test_a_name_of_a_thing_of_another_event_finds_nothing():
    make_event(title="one", actors=[make_actor("Guards")])
    make_event(title="two")
    assert found("guards two") == set()
