"""A selection in words and chips, as a person reads them."""

import random

import pytest
from django.http import QueryDict

from tests.figures import figure
from tests.index.made import draw, make_record
from tests.loaded import kept
from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_category,
    make_event,
    make_metric,
    make_place,
    make_publisher,
    make_source,
    make_topic,
)
from timeline.browse import chips, link, query_of, read, words
from timeline.index import FACETS, Choice, Selection, answer

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def record():
    north, russia = make_actor("North Korea"), make_actor("Russia")
    land = make_place("Russia", kind="country", country="RU")
    event = make_event(
        date="2024-10-20",
        category=make_category("Missile test"),
        topics=[make_topic("Arms")],
        place=make_place("Kursk", country="RU", parent=land),
        actors=[(north, "host"), russia, make_actor("Ukraine")],
    )
    cite(event, make_source(publisher=make_publisher("Yonhap"), language="ko"), speaker=russia)
    count_figure(event, metric=make_metric(code="killed", label="soldiers killed"))


@pytest.mark.parametrize(
    ("query", "total", "said"),
    [
        ("", 153, "153 events"),
        ("", 1, "1 event"),
        ("", 0, "0 events"),
        ("", 12345, "12,345 events"),
        ("actor=north-korea&year=2024", 51, "51 events involving North Korea, in 2024"),
        (
            "actor=north-korea&year=2024&exact=1",
            16,
            "16 events involving North Korea itself, in 2024",
        ),
        ("year=2024", 9, "9 events in 2024"),
        ("year=2018&year=2019&year=2024", 9, "9 events in 2018, 2019 or 2024"),
        (
            "actor=north-korea&actor=russia&actors=all&year=2024",
            37,
            "37 events involving North Korea and Russia, in 2024",
        ),
        ("actor=north-korea&actor=russia", 40, "40 events involving North Korea or Russia"),
        (
            "actor=north-korea&actor=russia&actor=ukraine&actors=all&exact=1",
            1,
            "1 event involving North Korea, Russia and Ukraine themselves",
        ),
        ("actor=north-korea&role=host", 2, "2 events involving North Korea, as host"),
        ("role=host&role=target", 2, "2 events with an actor as host or target"),
        ("actor=!russia", 3, "3 events without Russia"),
        ("actor=north-korea&actor=!russia", 3, "3 events involving North Korea, without Russia"),
        ("year=!2024", 3, "3 events not in 2024"),
        ("from=2024-10", 3, "3 events from October 2024"),
        ("to=autumn+2024", 3, "3 events up to autumn 2024"),
        ("from=2024&to=2024", 3, "3 events in 2024"),
        ("from=2018-06-12&to=2024-10", 3, "3 events from 12 June 2018 to October 2024"),
        ("year=2024&certainly=1", 3, "3 events surely in 2024"),
        ("category=missile-test", 3, "3 events in the category Missile test"),
        ("category=!missile-test", 3, "3 events not in the category Missile test"),
        ("topic=arms", 3, "3 events about Arms"),
        ("country=RU", 3, "3 events in Russia"),
        ("place=kursk", 3, "3 events at Kursk"),
        ("publisher=yonhap", 3, "3 events with a source of Yonhap"),
        ("language=ko", 3, "3 events with a source in Korean"),
        ("language=!ko", 3, "3 events without a source in Korean"),
        (
            "stance=denies&stance=background",
            3,
            "3 events with a source that gives background or denies",
        ),
        (
            "stance=confirms&speaker=russia",
            3,
            "3 events confirmed by Russia",
        ),
        ("verification=single_source", 3, "3 events marked as single source"),
        ("has=figures&has=!place", 3, "3 events with figures, without a place"),
        ("metric=killed", 3, "3 events with figures of soldiers killed"),
        ("importance=key", 3, "3 events of key importance"),
        ("q=summit+-korea", 3, "3 events matching “summit -korea”"),
        ("year=0", 3, "No events: a filter has a wrong value"),
    ],
)
@pytest.mark.usefixtures("record")
def test_words(query, total, said):
    assert words(read(QueryDict(query)), total) == said


@pytest.mark.usefixtures("record")
def test_on_an_actors_page_a_role_is_that_actors():
    page = Selection(actor=Choice(("north-korea",)))
    assert words(read(QueryDict("role=host"), page), 2) == "2 events as host"


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("", []),
        ("year=0", []),
        ("sort=date&page_size=9&view=compact", []),
        ("actor=north-korea", [("Actor", "North Korea")]),
        ("actor=!russia", [("Actor", "not Russia")]),
        (
            "q=summit&year=2024&from=2024-10&to=2024-11&certainly=1",
            [
                ("Search", "“summit”"),
                ("Year", "2024"),
                ("Date", "from October 2024"),
                ("Date", "up to November 2024"),
                ("Date", "surely within the dates"),
            ],
        ),
        (
            "actor=north-korea&exact=1&language=ko&importance=key&has=place",
            [
                ("Actor", "North Korea"),
                ("Actor", "Without their bodies and people"),
                ("Language of a source", "Korean"),
                ("Has", "a place"),
                ("Importance", "Key event"),
            ],
        ),
        ("metric=killed", [("Figures of", "soldiers killed")]),
    ],
)
@pytest.mark.usefixtures("record")
def test_chips(query, labels):
    made = chips(read(QueryDict(query)))
    assert [(chip.facet_label, chip.label) for chip in made] == labels
    assert [chip.excluded for chip in made] == [label.startswith("not ") for _f, label in labels]


@pytest.mark.usefixtures("record")
def test_removing_one_of_two_actors_asks_no_longer_for_all():
    reading = read(QueryDict("actor=north-korea&actor=russia&actors=all&year=2024&view=compact"))
    assert [chip.remove_href for chip in chips(reading)] == [
        "actor=russia&year=2024&view=compact",
        "actor=north-korea&year=2024&view=compact",
        "actor=north-korea&actor=russia&actors=all&view=compact",
    ]


def weight(selection):
    """How many filters a selection holds."""
    singles = (
        *(selection.q, selection.exact, selection.from_, selection.to, selection.certainly),
        selection.known_by,
    )
    facets = (selection.chosen(facet) for facet in FACETS)
    chosen = sum(len(choice.include) + len(choice.exclude) for choice in facets)
    return chosen + sum(bool(each) for each in singles)


def test_the_canonical_form_is_a_fixed_point_and_each_chip_takes_one_filter_off():
    make_record(seed=5, events=30)
    page = answer(Selection())
    values = {name: [each.value for each in page.facets[name].values] for name in FACETS}
    chance = random.Random(2)
    removed = 0
    for _ in range(figure(80, 1000)):
        selection = draw(chance, values)._replace(page_size=chance.choice([50, 7]))
        compact = chance.random() < 0.3
        query = query_of(selection, compact=compact)
        reading = read(QueryDict(query), selection.within)
        assert (reading.errors, reading.selection) == ((), selection)
        assert (reading.canonical, reading.needs_redirect) == (query, False)
        assert link(selection, compact=compact) == query
        made = chips(reading)
        assert len(made) == weight(selection)
        for chip in chance.sample(made, min(2, len(made))):
            rest = read(QueryDict(chip.remove_href), selection.within)
            assert (rest.errors, rest.needs_redirect) == ((), False)
            assert weight(rest.selection) == weight(selection) - 1
            assert rest.compact == compact
            removed += 1
        assert words(reading, 5).startswith("5 events")
    assert removed > 50


@pytest.mark.usefixtures("record")
def test_a_shuffled_query_is_led_to_the_one_canonical_form():
    pairs = ["year=2024", "actor=north-korea", "actor=russia", "q=summit", "has=place", "view=full"]
    chance = random.Random(1)
    for _ in range(20):
        chance.shuffle(pairs)
        reading = read(QueryDict("&".join(pairs)))
        assert reading.canonical == "q=summit&actor=north-korea&actor=russia&year=2024&has=place"
        assert reading.needs_redirect
