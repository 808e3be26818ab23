"""Addresses that nobody in good faith would write: never an error of ours, always an answer.

Query strings are drawn from a seed: known names with good and bad values, then mutated as bytes.
A wrong value is answered by a page of status 400 that names it.
"""

import html
import random
from urllib.parse import quote, quote_from_bytes

import pytest
from django.http import QueryDict
from django.test import Client

from tests.browse.test_values import BAD, GOOD
from tests.figures import figure
from tests.index.made import make_record
from timeline.browse import read
from timeline.browse.filters import PARAMETERS
from timeline.index import FACETS, Choice, Selection, answer
from timeline.models import Event

pytestmark = pytest.mark.django_db

REQUESTS = figure(1_000, 10_000)
TRICKS = (
    *("[]", "[0]", "[$ne]", ".x", "__in", "__regex", "__year", "%00", "%5b%5d", " ", "+", ";", "%"),
    *(
        "%u0041",
        "%zz",
        "=",
        "==",
        "&",
        "&&",
        "#",
        "?",
        "/",
        "\\",
        "'",
        '"',
        "<",
        "(",
        "*",
        "-",
        "!",
    ),
)
OFTEN = 8_000
"""Bytes of the longest query strings; servers take no longer ones."""


def addresses():
    """Lists that take the filters: the timeline and pages with a preset."""
    facets = answer(Selection()).facets
    first = {name: facet.values[0].value for name, facet in facets.items() if facet.values}
    return [
        *["/"] * 5,
        f"/actors/{first['actor']}/",
        f"/years/{first['year']}/",
        f"/categories/{first['category']}/",
        f"/places/{first['place']}/",
        f"/publishers/{first['publisher']}/",
        f"/topics/{first['topic']}/",
        *("/sources/", "/actors/", "/about/", "/events/"),
        f"/events/{Event.objects.public().first().public_id}/",
    ]


class Hostile:
    """Draws query strings; the same ones for the same seed."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        facets = answer(Selection()).facets
        self.known = {name: [each.value for each in facet.values] for name, facet in facets.items()}

    def value(self, name):
        chance = self.chance
        kind = chance.random()
        if kind < 0.35:
            return quote(chance.choice(self.known.get(name) or GOOD[name]))
        if kind < 0.45:
            return quote(chance.choice(GOOD[chance.choice(PARAMETERS)]))
        if kind < 0.75:
            return chance.choice(BAD)[:OFTEN]
        if kind < 0.85:
            return quote_from_bytes(chance.randbytes(chance.choice([1, 3, 9, 60, 900])))
        if kind < 0.93:
            points = (
                chance.choice([*range(0x20), *range(0x2000, 0x2070), 0xD5B5]) for _ in "12345"
            )
            return quote("".join(map(chr, points)))
        return quote(str(chance.choice([-1, 1]) * 10 ** chance.randint(0, 400)))

    def pair(self):
        name = self.chance.choice(PARAMETERS)
        shown = name
        if self.chance.random() < 0.1:
            shown += self.chance.choice(TRICKS)
        sign = self.chance.choice(["", "", "", "!", "!!", "%21"])
        return f"{shown}={sign if name in FACETS else ''}{self.value(name)}"

    def query(self):
        chance = self.chance
        pairs = [self.pair() for _ in range(chance.choice([1, 1, 1, 2, 3, 5, 12]))]
        if chance.random() < 0.1:
            pairs += [pairs[0]] * chance.choice([1, 9, 40])
        text = chance.choice(["&", "&", "&", "&&", ";"]).join(pairs)
        for _ in range(chance.choice([0, 0, 1, 3])):
            at = chance.randrange(len(text) + 1)
            cut = chance.choice([0, 1, 4])
            text = text[:at] + chance.choice(["", *TRICKS]) + text[at + cut :]
        return text[:OFTEN]


def test_no_query_string_breaks_a_page():
    make_record(seed=9, events=25)
    hostile, places, client = Hostile(2026), addresses(), Client()
    seen = {200: 0, 302: 0, 400: 0}
    for number in range(REQUESTS):
        place, query = hostile.chance.choice(places), hostile.query()
        response = client.get(place, QUERY_STRING=query)
        assert response.status_code in (200, 301, 302, 400), (number, place, query)
        seen[response.status_code] = seen.get(response.status_code, 0) + 1
        body = response.content.decode()
        assert "Traceback" not in body
        assert not response.cookies
        if response.status_code in (301, 302):
            target = response.headers["Location"]
            assert target.startswith("/"), (number, query)
            assert not target.startswith("//"), (number, query)
        if response.status_code == 400 and "“" in body:
            assert "event-card" not in body
    # The draw holds plenty of each kind.
    assert seen[200] > REQUESTS // 20
    assert seen[400] > REQUESTS // 5
    assert seen[302] > REQUESTS // 50


def test_a_wrong_value_is_named_on_its_page():
    make_record(seed=9, events=5)
    client, chance = Client(), random.Random(4)
    for number in range(60):
        name, value = chance.choice(PARAMETERS), chance.choice(BAD)[:OFTEN]
        reading = read(QueryDict(f"{name}={value}"))
        if reading.selection is not None:
            continue
        response = client.get("/", QUERY_STRING=f"{name}={value}")
        assert response.status_code == 400, (number, name, value)
        body = html.unescape(response.content.decode())
        (error,) = reading.errors
        assert error.sentence in body, (name, value)
        assert 'class="event-card' not in body


def test_a_redirect_leads_to_a_page_that_stands():
    make_record(seed=9, events=10)
    hostile, client = Hostile(7), Client()
    redirected = 0
    for _ in range(figure(150, 1_000)):
        reading = read(QueryDict(hostile.query()))
        if not reading.needs_redirect:
            continue
        redirected += 1
        response = client.get(f"/?{reading.canonical}")
        assert response.status_code == 200, reading.canonical
    assert redirected > 5


def test_a_selection_made_by_other_means_with_strange_values_finds_nothing():
    """The index, too, takes what it is given: unknown values are no values."""
    make_record(seed=9, events=5)
    for facet in set(FACETS) - {"year", "has"}:
        for value in ("", "nothing", "'", "x" * 500, "%", "핵"):
            assert answer(Selection(**{facet: Choice((value,))})).total == 0
