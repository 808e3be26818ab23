"""Every parameter with good and bad values: a defined reading, or an error that helps."""

import re
from urllib.parse import quote, urlencode

import pytest
from django.http import QueryDict

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
from timeline.browse import read, read_day
from timeline.browse.filters import MAX_QUERY, PARAMETERS
from timeline.editing import merging
from timeline.index import FACETS, Choice
from timeline.models import Actor

pytestmark = pytest.mark.django_db

GOOD = {
    "q": ["summit", '"first summit"', "-summit", "sum*", "북한", "C++", "OR", "2024-01-01", "it's"],
    "actor": ["north-korea", "!north-korea"],
    "actors": ["any", "all"],
    "exact": ["1", "0"],
    "role": ["host", "!host"],
    "year": ["2024", "!2024", "0001", "9999"],
    "from": [
        "2024",
        "2024-10",
        "2024-10-20",
        "autumn 2024",
        "2024-23",
        "c. 2019",
        "202X",
        " 2024 ",
    ],
    "to": ["2024", "12 June 2018", "2018년 6월 12일", "1990s", "2024?", "202X"],
    "certainly": ["1", "0"],
    "category": ["talks", "!talks"],
    "topic": ["arms", "!arms"],
    "country": ["KP", "kp", "!KP"],
    "place": ["hall", "!hall"],
    "publisher": ["paper", "!paper", "wire"],
    "language": ["ko", "!ko"],
    "stance": ["denies", "!denies"],
    "speaker": ["north-korea", "!north-korea"],
    "verification": ["single_source", "!disproved"],
    "has": ["figures", "archive", "place", "!place", "correction"],
    "metric": ["killed", "!killed"],
    "importance": ["key", "normal", "minor", "!minor"],
    "known_by": ["2024-11-01", "1 November 2024", "9999-12-31", "0001-01-01"],
    "sort": ["date", "-date", "-updated"],
    "page_size": ["1", "50", "200", "007"],
    "view": ["compact", "full"],
    "cursor": ["WyItZGF0ZSIsZmFsc2UsIjIwMjQtMDEtMDEiLCIyMDI0LTAxLTAxIiwxNDQwLDAsIkFCQ0RFRkdIIl0"],
}

# The values that crash a careless view, as they stand in an address.
BAD = [
    *("0", "10000", "-500", "1e3", "abc", "0x10", "1.5", "+1", "٢٠٢٤", "²", "1" * 25, "9" * 4400),
    *("%00", "a%00b", "%01%1b", "%ff", "%ed%a0%80", "%e2%80%ae", "%ef%bf%be", "é"),
    *("%0d%0aSet-Cookie:x", "0000-00-00", "2024-02-30", "-0001-01-01", "2024-13", "10%2f11%2f12"),
    *("yesterday", "10000-01-01", "2024%2f2025", "[2024-01-01..2024-02-01]", "2024%2f.."),
    *("!", "!!x", "!!", "!%00", "..", "../..", "%25", "_", "%27%20OR%201=1--", "<script>"),
    *("{{7*7}}", "%25s", "%25(value)s", "%s", "\\", "null", "password", "-id;", "id", "regex=("),
    *("[]", "{}", "[" * 2000, "x" * 50_000, "%f0%9f%92%a9" * 200),
]


@pytest.fixture(autouse=True)
@kept
def record():
    north = make_actor("North Korea")
    event = make_event(
        date="2024-10-20",
        category=make_category("Talks"),
        topics=[make_topic("Arms")],
        place=make_place("Hall", country="KP"),
        actors=[(north, "host")],
    )
    source = make_source(
        publisher=make_publisher("Paper"), agency=make_publisher("Wire"), language="ko"
    )
    cite(event, source, stance="denies", speaker=north)
    count_figure(event, metric=make_metric(code="killed"))


def ask(name, value):
    """Read a parameter whose value is given as it stands in an address."""
    return read(QueryDict(f"{name}={value}"))


def test_every_parameter_is_tried():
    assert GOOD.keys() == set(PARAMETERS)


@pytest.mark.parametrize("name", PARAMETERS)
def test_good_values_are_read_and_their_canonical_form_is_a_fixed_point(name):
    for value in GOOD[name]:
        reading = ask(name, quote(value))
        assert reading.errors == (), value
        again = read(QueryDict(reading.canonical))
        assert again.selection == reading.selection, value
        assert again.canonical == reading.canonical, value
        assert not again.needs_redirect, value


@pytest.mark.parametrize("name", PARAMETERS)
def test_bad_values_are_named_with_a_remedy(name):
    refused = 0
    for value in BAD:
        reading = ask(name, value)
        if reading.selection is not None:
            # A defined reading is one that can be written back.
            again = read(QueryDict(reading.canonical))
            assert (again.selection, again.needs_redirect) == (reading.selection, False), value
            continue
        refused += 1
        (error,) = reading.errors
        assert error.name == name
        assert len(error.value) <= 41
        assert error.value.isprintable()
        assert len(error.sentence) < 300
        assert error.sentence.endswith(".")
        assert error.sentence.isprintable(), value
        # What is wrong, and after it what is right.
        assert re.search(r"[.:;,] \w+", error.sentence), error.sentence
        assert reading.canonical == ""
        assert not reading.needs_redirect
    assert refused >= {"q": 3, "page_size": 50}.get(name, len(BAD) - 12)


@pytest.mark.parametrize("name", ["q", "from", "to"])
@pytest.mark.parametrize("value", ["", "%20%20", "%00", "%01%1b", "%e2%80%ae"])
def test_nothing_that_can_be_seen_is_nothing(name, value):
    reading = ask(name, value)
    assert reading.selection is not None
    assert reading.canonical == ""


def test_nul_and_controls_are_taken_out_of_a_search():
    reading = ask("q", "su%00mmit%07%20%20now")
    assert reading.selection.q == "summit now"
    assert (reading.canonical, reading.needs_redirect) == ("q=summit+now", True)


def test_lone_surrogates_are_no_trouble():
    for value in ("%ed%a0%80", "%ed%b0%80x", "x%ed%a0%80"):
        for name in PARAMETERS:
            ask(name, value)
    params = QueryDict(mutable=True)
    for name in PARAMETERS:
        params[name] = "\ud800x\udfff"
    assert {error.name for error in read(params).errors} == set(PARAMETERS) - {"q"}
    for error in read(params).errors:
        error.sentence.encode()
        error.value.encode()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("year=0", "“0” is not a year. Write four digits, such as 2024."),
        ("year=!10000", "“10000” is not a year. Write four digits, such as 2024."),
        ("actor=nobody", "“nobody” is not in the record. Choose one from the list."),
        ("actor=North-Korea", "“North-Korea” is not in the record. Choose one from the list."),
        (
            "has=wings",
            "“wings” is none of the values. Choose among figures, archive, place, correction.",
        ),
        ("sort=title", "“title” is none of the values. Choose among date, -date, -updated."),
        ("page_size=201", "“201” is not a page size. Write a number from 1 to 200."),
        ("exact=yes", "“yes” is neither 1 nor empty. Write 1 to switch it on."),
        ("cursor=5", "“5” is not a place in this list. Go back to its first page."),
        ("q=%2B%2B", "“++” holds no letter or digit to search for. Write a word."),
        ("q=" + "x" * 201, "The search is longer than 200 characters. Shorten it."),
        ("q=" + "x+" * 13, "The search has more than 12 words. Leave some out."),
        ("sort=date&sort=-date", "“sort” is given 2 times. Give it once."),
        ("year=2024&year=!2024", "“2024” is both chosen and excluded. Keep one of the two."),
        ("sort=date&" + f"cursor={GOOD['cursor'][0]}", None),
    ],
)
def test_the_sentences(query, sentence):
    reading = read(QueryDict(query))
    (error,) = reading.errors
    assert error.name == query.partition("=")[0] or error.name == "cursor"
    assert error.sentence == (
        sentence or "This place belongs to another order of the list. Go back to its first page."
    )


def test_every_wrong_value_is_named_at_once():
    reading = read(QueryDict("year=0&actor=nobody&q=summit&page_size=x&from=2024-02-30"))
    assert {error.name for error in reading.errors} == {"actor", "year", "from", "page_size"}


@pytest.mark.parametrize("facet", FACETS)
def test_ten_values_of_a_facet_are_the_most(facet):
    query = "&".join(f"{facet}=v{number}" for number in range(11))
    (error,) = read(QueryDict(query)).errors
    assert "At most 10 values can be chosen; these are 11." in error.sentence
    assert error.name == facet


def test_a_repeated_value_counts_once():
    reading = read(QueryDict("&".join(["actor=north-korea"] * 30)))
    assert reading.selection.actor == Choice(("north-korea",))
    assert reading.canonical == "actor=north-korea"
    assert reading.needs_redirect


@pytest.mark.parametrize(
    "query",
    [
        *("year[]=0", "year[0]=x", "YEAR=0", "actor__slug=x", "status=draft", "utm_source=x", "=x"),
        *("%00=1", "page=-1", "id=10", "source=ABC", "within=x", "\ud800=1"),
    ],
)
def test_unknown_names_are_ignored_and_never_repeated(query):
    reading = read(QueryDict(query))
    assert reading.errors == ()
    assert reading.canonical == ""
    assert not reading.needs_redirect
    beside = read(QueryDict(f"{query}&year=2024"))
    assert (beside.canonical, beside.needs_redirect) == ("year=2024", False)


@pytest.mark.parametrize("name", [each for each in PARAMETERS if each not in FACETS])
def test_a_single_parameter_given_twice(name):
    first = GOOD[name][0]
    assert read(QueryDict(f"{name}={quote(first)}&{name}={quote(first)}")).errors == ()
    twice = read(QueryDict(f"{name}={quote(first)}&{name}=other"))
    assert f"“{name}” is given 2 times. Give it once." in [e.sentence for e in twice.errors]
    assert {error.name for error in twice.errors} == {name}


@pytest.mark.parametrize("written", ["100%", "%s", "%(value)s", "%\ufffd", "50 % of 2024"])
def test_a_wrong_day_with_a_percent_sign_is_named_as_it_is(written):
    day = read_day(QueryDict(urlencode({"known_by": written})))
    assert day.error.sentence == f"“{written}” is not a day. Write one such as 2024-11-01."
    (error,) = read(QueryDict(urlencode({"known_by": written}))).errors
    assert error == day.error


def test_an_old_slug_leads_to_the_present_thing():
    make_event(actors=[make_actor("DPRK")])
    keep, gone = Actor.objects.get(slug="north-korea"), Actor.objects.get(slug="dprk")
    merging.merge_actors(keep, gone)
    reading = read(QueryDict("actor=dprk"))
    assert reading.selection.actor == Choice(("north-korea",))
    assert (reading.canonical, reading.needs_redirect) == ("actor=north-korea", True)
    both = read(QueryDict("actor=dprk&actor=!north-korea"))
    assert both.errors[0].name == "actor"


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""),
        ("q=&actor=&year=", ""),
        ("sort=-date&page_size=50&view=full&exact=0&actors=any", ""),
        ("year=2024&actor=north-korea", "actor=north-korea&year=2024"),
        ("year=2024&year=2018", "year=2018&year=2024"),
        ("year=!2024&year=2018", "year=2018&year=!2024"),
        ("actors=all&actor=north-korea", "actor=north-korea"),
        ("from=October+2024", "from=2024-10"),
        ("from=2024-23", "from=autumn+2024"),
        ("to=0044-21", "to=0044-21"),
        ("country=kp", "country=KP"),
        ("view=compact&page_size=10&sort=date", "sort=date&page_size=10&view=compact"),
    ],
)
def test_canonical_form(query, canonical):
    reading = read(QueryDict(query))
    assert reading.canonical == canonical
    assert reading.needs_redirect == (query != canonical)


def test_the_longest_search_is_as_long_as_promised():
    assert ask("q", "x" * MAX_QUERY).errors == ()
    assert ask("q", "%20" * 5000 + "x").errors == ()
    assert ask("q", "x" * (MAX_QUERY + 1)).errors != ()
