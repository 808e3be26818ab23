"""Files of a selection: the page's events, in its order, refused or confirmed as pages are."""

import csv
import gzip
import html
import io
import json
import re
import zipfile
from dataclasses import replace
from tempfile import TemporaryFile

import frictionless
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.loaded import demo_record
from tests.make import make_actor, make_event, make_source
from timeline.browse import selected
from timeline.editing import events, releases, things
from timeline.formats import package
from timeline.formats.registry import BY_SUFFIX, FORMS, OFFERED
from timeline.formats.releases import whole
from timeline.index import Selection, answer, keys
from timeline.index.selection import Choice
from timeline.models import Event
from timeline.web import streams
from timeline.web.cached import CONTROL, kept
from timeline.web.streams import AT_ONCE

pytestmark = pytest.mark.django_db
QUERY = "actor=north-korea&year=2024"
EACH = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.suffix)
OR_PACKED = pytest.mark.parametrize("form", OFFERED, ids=lambda form: form.suffix)


def body(response):
    assert response.status_code == 200, response.getvalue()
    return response.getvalue().decode()


def listed(client, address, suffix="json"):
    """The public ids of a file's events, in its order."""
    written = body(client.get(address))
    if suffix == "csv":
        return [row["public_id"] for row in csv.DictReader(io.StringIO(written, newline=""))]
    return [each["public_id"] for each in json.loads(written)["events"]]


def shown(**selection):
    page = answer(Selection(page_size=200, **selection))
    found = Event.objects.in_bulk(page.ids)
    return [found[pk].public_id for pk in page.ids]


# --- The same events ------------------------------------------------------------------------


def test_a_file_holds_the_events_of_the_page_in_its_order(client):
    demo_record()
    wanted = shown(actor=Choice(("north-korea",)), year=Choice(("2024",)))
    assert len(wanted) > 50
    for suffix in ("json", "csv"):
        assert listed(client, f"/events.{suffix}?{QUERY}", suffix) == wanted
        assert listed(client, f"/actors/north-korea.{suffix}?year=2024", suffix) == wanted
        oldest = listed(client, f"/years/2024.{suffix}?actor=north-korea&sort=date", suffix)
        assert oldest == wanted[::-1]


@EACH
def test_every_form_names_every_event_of_the_page(client, form):
    """By its public id, or by its title where the form has no place for ids."""
    demo_record()
    written = body(client.get(f"/events.{form.suffix}?{QUERY}")).replace("\r\n ", "")
    wanted = set(shown(actor=Choice(("north-korea",)), year=Choice(("2024",))))
    if form.suffix == "timelinejs.csv":
        rows = list(csv.DictReader(io.StringIO(written, newline="")))[1:]
        page = Event.objects.filter(public_id__in=wanted)
        told = sorted(html.unescape(row["Headline"]).lstrip("'") for row in rows)
        assert told == sorted(event.title for event in page)
        return
    others = set(Event.objects.public().values_list("public_id", flat=True)) - wanted
    assert not [public_id for public_id in wanted if public_id not in written]
    if form.suffix != "json":  # whose relations lead elsewhere
        assert not [public_id for public_id in others if public_id in written]


def test_every_kind_of_list_has_its_file(client):
    demo_record()
    event = Event.objects.public().exclude(place=None).filter(topics__isnull=False).first()
    publisher = event.citations.first().source.publisher
    for path in (
        f"/categories/{event.category.slug}",
        f"/topics/{event.topics.first().slug}",
        f"/places/{event.place.slug}",
        f"/publishers/{publisher.slug}",
        f"/years/{event.sort_date.year}",
        "/events",
    ):
        assert event.public_id in listed(client, f"{path}.json"), path


def test_a_file_says_what_it_holds(client, settings):
    settings.SITE_URL = "https://example.org"
    demo_record()
    told = json.loads(body(client.get("/actors/north-korea.json?year=2024")))
    assert told["selection"].startswith("North Korea: ")
    assert told["selection"].endswith("events in 2024")
    assert told["address"] == "https://example.org/actors/north-korea/?year=2024"
    assert told["total"] == len(told["events"])


def test_as_known_on_a_day(client):
    early = make_event(sources=[make_source(published="2023-05-01")])
    late = make_event(sources=[make_source(published="2024-05-01")])
    assert listed(client, "/events.json?known_by=2023-12-31") == [early.public_id]
    assert body(client.get(f"/events/{early.public_id}.json?known_by=2023-12-31"))
    assert client.get(f"/events/{late.public_id}.json?known_by=2023-12-31").status_code == 404


# --- Headers --------------------------------------------------------------------------------


@OR_PACKED
def test_headers(client, form):
    make_event(actors=[make_actor("Kim")])
    response = client.get(f"/events.{form.suffix}?actor=kim&year=2024")
    assert response["Content-Type"] == form.media_type
    how = "inline" if form.inline else "attachment"
    assert response["Content-Disposition"] == f'{how}; filename="kim-2024.{form.suffix}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == CONTROL
    assert response["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies
    assert not response["ETag"].startswith("W/")


@OR_PACKED
def test_unchanged_is_not_sent_again(client, form):
    event = make_event()
    address = f"/events.{form.suffix}"
    tag = client.get(address)["ETag"]
    again = client.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    events.withdraw([event], by=None, reason="It was not so.")
    later = client.get(address, headers={"if-none-match": tag})
    assert later.status_code == 200
    if form.suffix != "zip":  # which test_leaks.py unpacks
        assert event.title not in body(later)


def test_compressed_when_asked(client):
    make_event()
    plain = client.get("/events.json")
    small = client.get("/events.json", headers={"accept-encoding": "gzip"})
    assert gzip.decompress(small.content) == plain.content
    assert small["ETag"] != plain["ETag"]


def test_head_is_answered_without_reading_an_event(client):
    demo_record()
    address = f"/events.json?{QUERY}"
    client.head(address)  # learns the index
    with CaptureQueriesContext(connection) as asked:
        response = client.head(address)
    assert response.status_code == 200
    assert response.getvalue() == b""
    assert "Content-Length" not in response
    assert not [each for each in asked if "timeline_citation" in each["sql"]]
    assert response["ETag"] == client.get(address)["ETag"]
    assert json.loads(body(client.get(address)))["events"], "HEAD was kept instead of GET"
    for wrong, status in (("/events.json?actor=nobody", 400), ("/actors/nobody.json", 404)):
        assert client.head(wrong).status_code == status


def test_other_methods_are_refused(client):
    assert client.post("/events.json").status_code == 405


def test_a_bom_when_asked(client):
    make_event()
    assert client.get("/events.csv").content.startswith(b"public_id")
    assert client.get("/events.csv?bom=1").content.startswith(b"\xef\xbb\xbfpublic_id")
    assert client.get("/events.csv?bom=0").content.startswith(b"public_id")
    refused = client.get("/events.csv?bom=yes")
    assert refused.status_code == 400
    assert "“yes”" in refused.content.decode()
    assert client.get("/events.json?bom=1").status_code == 400


# --- What can't be answered -----------------------------------------------------------------


def test_unknown_names_are_refused_and_the_nearest_named(client):
    make_event()
    client.get("/events.json")
    client.get("/events.csv")
    response = client.get("/events.json?acter=kim")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    problem = json.loads(response.content)
    assert problem["status"] == 400
    assert problem["errors"][0]["parameter"] == "acter"
    assert "Did you mean “actor”?" in problem["errors"][0]["detail"]
    plain = client.get("/events.csv?acter=kim")
    assert plain.status_code == 400
    assert plain["Content-Type"] == "text/plain; charset=utf-8"
    assert "Did you mean “actor”?" in plain.content.decode()
    assert plain["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["cursor", "page_size", "view"])
def test_what_cuts_out_a_page_is_refused(client, name):
    response = client.get(f"/events.json?{name}=full")
    assert response.status_code == 400
    assert json.loads(response.content)["errors"][0]["parameter"] == name


def test_wrong_values_are_named(client):
    response = client.get("/events.json?year=20245&sort=up")
    assert response.status_code == 400
    errors = json.loads(response.content)["errors"]
    assert {(each["parameter"], each["value"]) for each in errors} == {
        ("year", "20245"),
        ("sort", "up"),
    }


def test_old_slugs_lead_to_the_new_file(client):
    actor = make_actor("Jane Doe")
    make_event(actors=[actor])
    actor.slug = "jane-roe"
    things.store(actor)
    response = client.get("/actors/jane-doe.csv?year=2024")
    assert response.status_code == 301
    assert response["Location"] == "/actors/jane-roe.csv?year=2024"


def test_an_event_alone(client):
    event, other = make_event(title="Leaders meet"), make_event()
    address = f"/events/{event.public_id}"
    assert listed(client, f"{address}.json") == [event.public_id]
    assert listed(client, f"{address}-leaders-meet.csv", "csv") == [event.public_id]
    assert client.get(f"{address}.json")["Content-Disposition"].startswith("inline; ")
    for wrong in (f"{address}-other-words.json", f"/events/{event.public_id.lower()}.json"):
        moved = client.get(wrong)
        if wrong != f"{address}.json":
            assert (moved.status_code, moved["Location"]) == (301, f"{address}-leaders-meet.json")
    assert client.get(f"{address}.json?year=2024").status_code == 400
    assert client.get("/events/00000000.json").status_code == 404
    events.merge(other, event, by=None)
    merged = client.get(f"{address}.json")
    assert merged.status_code == 301
    assert merged["Location"] == f"{other.get_absolute_url().rstrip('/')}.json"


def test_a_withdrawn_event_says_when_and_why(client):
    event = make_event(title="Leaders meet")
    events.withdraw([event], by=None, reason="It was not so.")
    for suffix, media_type in (
        ("json", "application/problem+json"),
        ("csv", "text/plain; charset=utf-8"),
    ):
        response = client.get(f"/events/{event.public_id}.{suffix}")
        assert (response.status_code, response["Content-Type"]) == (410, media_type)
        assert "It was not so." in response.content.decode()
        assert "Leaders" not in response.content.decode()


@pytest.mark.parametrize("address", ["/actors/nobody.json", "/years/0000.json", "/events.pdf"])
def test_what_is_not_there(client, address):
    assert client.get(address).status_code == 404


# --- Streams --------------------------------------------------------------------------------


@pytest.fixture
def streamed(monkeypatch):
    """Everything is large."""
    monkeypatch.setattr(streams, "SMALL", 0)
    monkeypatch.setattr(streams, "_BLOCK", 1)
    monkeypatch.setattr(selected, "AT_ONCE", 2)


@pytest.mark.usefixtures("streamed")
def test_a_stream_has_its_tag_and_is_compressed(client):
    for _number in range(5):
        make_event()
    plain = client.get("/events.json")
    assert plain.streaming
    small = client.get("/events.json", headers={"accept-encoding": "gzip"})
    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.getvalue()) == plain.getvalue()
    assert small["ETag"] != plain["ETag"]
    tag = plain["ETag"]
    assert client.get("/events.json", headers={"if-none-match": tag}).status_code == 304
    for response in (plain, small):
        response.close()
    assert streams._slots._value == AT_ONCE


@pytest.mark.usefixtures("streamed")
def test_what_goes_while_a_stream_is_read_is_left_out(client):
    made = [make_event(date=f"2024-10-{day:02}") for day in range(10, 20)]
    response = client.get("/events.json")
    chunks = iter(response)
    start = b""
    while made[-1].public_id.encode() not in start:
        start += next(chunks)
    events.withdraw([made[0], made[4]], by=None, reason="It was not so.")
    late = make_event(date="2024-10-01")
    told = json.loads(start + b"".join(chunks))
    response.close()
    left = [each.public_id for each in reversed(made) if each not in (made[0], made[4])]
    assert [each["public_id"] for each in told["events"]] == left
    assert late.public_id not in left
    assert told["total"] == 10


@pytest.mark.usefixtures("streamed")
def test_too_many_at_once_are_asked_to_come_again(client):
    make_event()
    under_way = [client.get("/events.json") for _number in range(AT_ONCE)]
    refused = client.get("/events.json")
    assert refused.status_code == 503
    assert refused["Retry-After"] == "60"
    assert client.head("/events.json").status_code == 200
    for response in under_way:
        response.close()
    assert streams._slots._value == AT_ONCE


def test_statements_do_not_depend_on_how_many_events_there_are(client):
    numbers = []
    for _round in range(2):
        for _number in range(10):
            make_event()
        keys(Selection())
        with CaptureQueriesContext(connection) as asked:
            body(client.get("/events.csv"))
        numbers.append(len(asked))
    assert numbers[0] == numbers[1] < 25


# --- The menu -------------------------------------------------------------------------------


def menu(client, address):
    """The files that a page offers."""
    page = client.get(address).content.decode()
    (found,) = re.findall(r'<details class="menu files">(.*?)</details>', page, re.DOTALL)
    return [html.unescape(href) for href in re.findall(r'href="([^"]+)"', found)], found


def test_a_list_offers_its_selection_in_every_form(client):
    demo_record()
    hrefs, found = menu(client, f"/?{QUERY}&sort=date&page_size=20&view=compact")
    wanted = [f"/events.{form.suffix}?{QUERY}&sort=date" for form in OFFERED]
    assert hrefs == wanted
    for href in hrefs:
        assert client.head(href).status_code == 200
    total = len(shown(actor=Choice(("north-korea",)), year=Choice(("2024",))))
    assert f"These {total} events" in found
    assert menu(client, "/actors/russia/")[0][0] == "/actors/russia.csv"
    assert menu(client, "/")[0][0] == "/events.csv"


def test_an_event_offers_itself_as_it_is_shown(client):
    event = make_event(title="Leaders meet", sources=[make_source(published="2023-05-01")])
    page = event.get_absolute_url()
    for query in ("", "?known_by=2024-01-01"):
        hrefs, _found = menu(client, page + query)
        assert hrefs[0] == f"{page.rstrip('/')}.csv{query}"
        for href in hrefs:
            assert client.head(href).status_code == 200


# --- The package ----------------------------------------------------------------------------


def unpacked(response, folder):
    """The files of a package in which Frictionless finds nothing wrong."""
    assert response.status_code == 200, response.getvalue()
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as opened:
        assert opened.testzip() is None
        opened.extractall(folder)
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])[:5]
    return {file.name: file.read_text() for file in folder.iterdir()}


def test_a_package_holds_the_events_of_the_page_and_names_them(client, tmp_path, settings):
    settings.SITE_URL = "https://example.org"
    settings.LICENCE = "CC BY 4.0"
    demo_record()
    wanted = shown(actor=Choice(("north-korea",)), year=Choice(("2024",)))
    response = client.get("/actors/north-korea.zip?year=2024")
    assert response["Content-Length"] == str(len(response.getvalue()))
    files = unpacked(response, tmp_path)
    assert [each["public_id"] for each in json.loads(files["events.json"])["events"]] == wanted
    rows = csv.DictReader(io.StringIO(files["events.csv"], newline=""))
    assert [row["public_id"] for row in rows] == wanted
    page = "https://example.org/actors/north-korea/?year=2024"
    for name in ("citation.txt", "citation.bib", "README.md"):
        assert page in files[name], name
        assert f"{len(wanted)} events in 2024" in files[name], name
    assert "CC BY 4.0" in files["LICENCE.txt"]
    described = json.loads(files["datapackage.json"])
    assert described["homepage"] == page
    assert described["id"] == "https://example.org/actors/north-korea.zip?year=2024"
    assert described["name"].endswith("north-korea-2024")


def test_a_package_of_one_event_cites_the_event(client, tmp_path):
    event = make_event(title="Leaders meet", sources=[make_source(published="2023-05-01")])
    address = event.get_absolute_url().rstrip("/")
    for number, query in enumerate(("", "?known_by=2024-01-01")):
        files = unpacked(client.get(f"{address}.zip{query}"), tmp_path / str(number))
        assert "“Leaders meet.” 20 October 2024" in files["citation.txt"]
        assert f"{address}/{query}" in files["citation.txt"]
        assert "Events: 1\n" in files["README.md"]


def test_a_package_is_not_compressed_twice(client):
    make_event()
    response = client.get("/events.zip", headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in response
    assert zipfile.is_zipfile(io.BytesIO(response.content))


def test_neither_head_nor_an_unchanged_package_is_built(client, monkeypatch):
    make_event()
    tag = client.get("/events.zip")["ETag"]
    kept.forget()

    def fail(*_given):
        raise AssertionError("It was built.")

    monkeypatch.setattr(package, "build", fail)
    head = client.head("/events.zip")
    assert (head.status_code, head.getvalue(), head["ETag"]) == (200, b"", tag)
    assert client.get("/events.zip", headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_package_has_a_limit_and_the_refusal_says_what_else_there_is(
    client, monkeypatch, tmp_path, settings, method
):
    settings.DATA_DIR, settings.SITE_URL = tmp_path, "https://example.org"
    for year in (2023, 2024, 2024):
        make_event(date=f"{year}-10-20")
    small = replace(BY_SUFFIX["zip"], at_most=2)
    monkeypatch.setitem(BY_SUFFIX, "zip", small)
    ask = getattr(client, method)
    refused = ask("/events.zip")
    assert (refused.status_code, refused["Cache-Control"]) == (400, "no-store")
    assert ask("/events.zip?year=2024").status_code == 200
    said = client.get("/events.zip").content.decode()
    assert "has 3 events, and a package holds 2 at most" in said
    assert "#releases" not in said
    releases.make(whole, timezone.now())
    assert "https://example.org/data/#releases" in client.get("/events.zip").content.decode()


@pytest.mark.usefixtures("streamed")
def test_a_package_that_nobody_reads_frees_slot_and_file(client, monkeypatch):
    make_event()
    opened = []

    def kept_in_mind(**given):
        opened.append(TemporaryFile(**given))  # noqa: SIM115  (whose end is what is tried)
        return opened[-1]

    monkeypatch.setattr(streams, "TemporaryFile", kept_in_mind)
    read = client.get("/events.zip")
    assert zipfile.is_zipfile(io.BytesIO(read.getvalue()))
    assert opened[0].closed
    unread, begun = (client.get("/events.zip") for _number in range(AT_ONCE))
    assert unread.streaming
    next(iter(begun))
    assert client.get("/events.zip").status_code == 503
    assert len(opened) == 1 + AT_ONCE
    for response in (unread, begun):
        response.close()
    assert all(file.closed for file in opened)
    assert streams._slots._value == AT_ONCE


def test_a_package_that_fails_frees_slot_and_file(client, monkeypatch):
    make_event()

    def fail(*_given):
        raise ZeroDivisionError

    monkeypatch.setattr(package, "build", fail)
    with pytest.raises(ZeroDivisionError):
        client.get("/events.zip")
    assert streams._slots._value == AT_ONCE
