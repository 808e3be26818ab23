"""Query strings that somebody meant to break the site with: no answer of 500 or above.

Known names with good and bad values, drawn from a seed and then bent as bytes; what a server hands
on is those bytes read as Latin-1 (PEP 3333), and so does this. A wrong value is answered by a page
of status 400 that names it. 1,000 requests a database in every run, 10,000 with `make prove`.
"""

import html
import json
import random
from collections import Counter
from itertools import cycle
from urllib.parse import quote, quote_from_bytes

import pytest
from django.http import QueryDict
from django.test import Client

from tests.browse.test_values import BAD, GOOD
from tests.figures import figure
from tests.index.made import make_record
from tests.make import make_story
from timeline.browse import read
from timeline.browse.filters import PARAMETERS
from timeline.formats.registry import OFFERED
from timeline.index import FACETS, Choice, Selection, answer
from timeline.models import Event

pytestmark = pytest.mark.django_db

REQUESTS = figure(1_000, 10_000)
LONGEST = 8_000
"""Bytes of the longest query strings; servers take no longer ones."""

NAMES = (
    *PARAMETERS * 3,
    "theme",
    "height",
    "url",
    "maxwidth",
    "year[]",
    "page",
    "utm_source",
    "__proto__",
    "",
    "id",
    "actor__name",
)
VALUES = (
    *BAD,
    *("", "1" * 4_400, "10" + "0" * 29, "1e3", "²", "-0001-01-01", "9999-12-31", "0001-01-01"),
    *("2024-24", "9999-24", "2024-10/2025-01", "[..2018]", "after 9999", "C%2B%2B", "col:x"),
    *("^(a%2B)%2B$", '"', 'foo"', "AND", "NEAR(", "-x", "*", "eyJhIjoxfQ", "W10", "%ef%bf%be"),
)
"""As they stand in an address; some are not even ASCII there, which browsers never send."""

TRICKS = (
    *("[]", "[0]", "[$ne]", ".x", "__in", "__regex", "__year", "%00", "%5b%5d", " ", "+", ";"),
    *("%", "%u0041", "%zz", "%2500", "=", "==", "&", "&&", "#", "?", "/", "\\", "'", '"', "<"),
    *("(", "*", "-", "!", "\x00", "\n", "\x7f", "\u202e", "😀"),
)


class Hostile:
    """Draws query strings as bytes; the same ones for the same seed."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        facets = answer(Selection()).facets
        self.known = {name: [each.value for each in facet.values] for name, facet in facets.items()}

    def value(self, name):
        chance = self.chance
        kind = chance.random()
        if kind < 0.35 and name in GOOD:
            return quote(chance.choice(self.known.get(name) or GOOD[name]))
        if kind < 0.45:
            return quote(chance.choice(GOOD[chance.choice(PARAMETERS)]))
        if kind < 0.75:
            return chance.choice(VALUES)[:LONGEST]
        if kind < 0.85:
            return quote_from_bytes(chance.randbytes(chance.choice([1, 3, 9, 60, 900])))
        if kind < 0.93:
            strange = [*range(0x20), *range(0x2000, 0x2070), 0xD5B5]
            return quote("".join(map(chr, chance.choices(strange, k=5))))
        return quote(str(chance.choice([-1, 1]) * 10 ** chance.randint(0, 400)))

    def pair(self):
        name = self.chance.choice(NAMES)
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
        raw = text.encode()
        if chance.random() < 0.05:
            at = chance.randrange(len(raw) + 1)
            raw = raw[:at] + chance.randbytes(3) + raw[at:]
        return raw[:LONGEST]


def get(client, place, query):
    """Ask as a server hands it on: the bytes of the query string, read as Latin-1."""
    return client.get(place, QUERY_STRING=query.decode("latin-1"))


def addresses():
    """Pages that take the filters, most often the timeline itself, and some that take none."""
    facets = answer(Selection()).facets
    first = {name: facet.values[0].value for name, facet in facets.items() if facet.values}
    event = Event.objects.public().first().public_id
    make_story(Event.objects.public().first(), slug="told")
    return [
        *["/"] * 5,
        f"/actors/{first['actor']}/",
        f"/years/{first['year']}/",
        f"/categories/{first['category']}/",
        f"/places/{first['place']}/",
        f"/publishers/{first['publisher']}/",
        f"/topics/{first['topic']}/",
        *("/sources/", "/actors/", "/about/", "/events/", "/chart/", "/map/"),
        *("/map/", "/chart/by-actor/", "/compare/"),
        *(f"{below}/events/{event}/" for below in ("", "/embed", "/share")),
        *("/stories/", "/stories/told/", "/embed/stories/told/", "/share/stories/told/"),
        *("/embed/", "/share/", "/oembed", f"/embed/actors/{first['actor']}/"),
        f"/share/years/{first['year']}/",
        *("/picture.png", f"/picture/years/{first['year']}.png", f"/picture/events/{event}.png"),
    ]


def test_no_query_string_breaks_a_page(record_property):
    make_record(seed=9, events=25)
    hostile, places, client = Hostile(2026), addresses(), Client()
    seen = Counter()
    for number in range(REQUESTS):
        place, query = hostile.chance.choice(places), hostile.query()
        if place == "/compare/":
            sides = zip(cycle((b"a.", b"b.")), query.split(b"&"), strict=False)
            query = b"&".join(side + part for side, part in sides)
        response = get(client, place, query)
        # An event that wasn't known by a day isn't found then, nor an address that isn't ours.
        unknown = place == "/oembed" or ("/events/" in place and b"known_by" in query)
        expected = {200, 301, 302, 400} | ({404} if unknown else set())
        assert response.status_code in expected, (number, place, query)
        seen[response.status_code] += 1
        assert not response.cookies, (number, place, query)
        body = response.content.decode()
        assert "Traceback" not in body, (number, place, query)
        if response.status_code in (301, 302):
            # It stays on the site, and it is the last: what it leads to stands.
            target = response.headers["Location"]
            assert target.startswith("/"), (number, place, query)
            assert not target.startswith("//"), (number, place, query)
        if response.status_code == 302:
            assert client.get(target).status_code == 200, (number, place, query)
        if response.status_code == 400:
            assert 'class="event-card' not in body, (number, place, query)
    record_property("answers", dict(seen))
    # The draw holds plenty of each kind.
    assert seen[200] > REQUESTS // 20, seen
    assert seen[400] > REQUESTS // 5, seen
    assert seen[302] > REQUESTS // 50, seen


def test_no_query_string_breaks_a_file(record_property):
    """Files say no more than that a name or value is wrong; they redirect nobody for it."""
    make_record(seed=9, events=25)
    hostile, client = Hostile(2027), Client()
    event = Event.objects.public().first()
    files = [f"/events.{form.suffix}" for form in OFFERED]
    files += ["/chart.svg", "/years/2024.csv", f"/events/{event.public_id}.json"]
    seen = Counter()
    for number in range(REQUESTS // 2):
        place, query = hostile.chance.choice(files), hostile.query()
        response = get(client, place, query)
        # An event's file has nothing to say of a day before it was known.
        assert response.status_code in (200, 400, 404), (number, place, query)
        seen[response.status_code] += 1
        assert not response.cookies, (number, place, query)
        body = response.content.decode(errors="replace")
        assert "Traceback" not in body, (number, place, query)
        if response.status_code == 400 and "json" in response["Content-Type"]:
            assert json.loads(body)["errors"], (number, place, query)
    record_property("answers", dict(seen))
    assert seen[200] > REQUESTS // 50, seen
    assert seen[400] > REQUESTS // 5, seen
    assert seen[404] < REQUESTS // 50, seen


def test_no_query_string_breaks_the_api(record_property):
    """Programs are told what is wrong in a problem document, and nothing else is said."""
    make_record(seed=9, events=25)
    hostile, client = Hostile(2028), Client()
    event = Event.objects.public().first().public_id
    below = [*["events"] * 6, f"events/{event}", f"events/{event}/versions", "removed", "actors"]
    below += ["publishers", "metrics", "sources", "nowhere"]
    own = ("facets", "fields", "updated_since", "since", "cursor", "q", "page_size")
    strange = (
        "",
        "actor,year",
        "title,,url",
        "2024",
        "9999-12-31T23:59:59Z",
        "0001",
        "W10",
        "WzFd",
    )
    seen = Counter()
    for number in range(REQUESTS // 2):
        place, query = f"/api/v1/{hostile.chance.choice(below)}", hostile.query()
        if hostile.chance.random() < 0.5:
            values = (*strange, *VALUES)
            named = f"{hostile.chance.choice(own)}={hostile.chance.choice(values)[:LONGEST]}"
            query = (
                named.encode() if hostile.chance.random() < 0.7 else query + b"&" + named.encode()
            )
        response = get(client, place, query[:LONGEST])
        assert response.status_code in (200, 400, 404), (number, place, query)
        seen[response.status_code] += 1
        assert not response.cookies, (number, place, query)
        told = json.loads(response.content)
        if response.status_code == 200:
            assert "results" in told or "public_id" in told, (number, place, query)
        else:
            assert response.headers["Content-Type"] == "application/problem+json"
            assert told["status"] == response.status_code
            assert "results" not in told
    record_property("answers", dict(seen))
    assert seen[200] > REQUESTS // 100, seen
    assert seen[400] > REQUESTS // 10, seen


def test_a_wrong_value_is_named_on_its_page():
    make_record(seed=9, events=5)
    client = Client()
    wrong = 0
    for name in PARAMETERS:
        for value in random.Random(name).sample(VALUES, 6):
            query = f"{name}={value[:LONGEST]}".encode()
            reading = read(QueryDict(query))
            if reading.selection is not None:
                continue
            wrong += 1
            response = get(client, "/", query)
            assert response.status_code == 400, query
            body = html.unescape(response.content.decode())
            (error,) = reading.errors
            assert error.sentence in body, query
            assert 'class="event-card' not in body
    assert wrong > 2 * len(PARAMETERS)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("year=0", "“0”"),
        ("year=10000", "“10000”"),
        ("year=%D9%A1%D9%A9%D9%A9%D9%A4", "“١٩٩٤”"),
        ("from=2024-02-30", "“2024-02-30”"),
        ("sort=password", "“password”"),
        ("page_size=201", "201"),
        ("role=king", "“king”"),
        ("has=money", "“money”"),
        ("exact=yes", "“yes”"),
        ("actors=some", "“some”"),
        ("language=xx", "“xx”"),
        ("year=" + "&year=".join(map(str, range(2000, 2011))), "At most 10 values"),
    ],
)
def test_what_is_wrong_is_named(client, query, named):
    response = client.get(f"/?{query}")
    assert response.status_code == 400
    assert named in response.content.decode()


def test_a_selection_made_by_other_means_with_strange_values_finds_nothing():
    """The index, too, takes what it is given: unknown values are no values."""
    make_record(seed=9, events=5)
    for facet in set(FACETS) - {"year", "has"}:
        for value in ("", "nothing", "'", "x" * 500, "%", "핵"):
            assert answer(Selection(**{facet: Choice((value,))})).total == 0
