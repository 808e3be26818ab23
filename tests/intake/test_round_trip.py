"""A site's record goes out, into an empty site, and out again: the same bytes.

Whatever the database at either end, whatever the texts. An empty site here is the same database
without its rows, and for the other database a program of its own.
"""

import datetime as dt
import json

import pytest
from django.apps import apps
from django.conf import settings as site_settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.commands import PRODUCTION, manage
from tests.figures import figure
from tests.loaded import demo_record
from timeline.editing import history
from timeline.index import live
from timeline.intake import pipeline, readers
from timeline.models import Event, ImportBatch, Version
from timeline.web import drawn
from timeline.web.cached import kept

TODAY = dt.date(2026, 11, 26)


def exported():
    answer = Client().get("/events.json")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def emptied():
    """Take every row of the record out, past the rules that forbid it."""
    tables = [model._meta.db_table for model in apps.get_app_config("timeline").get_models()]
    tables.append(Event.topics.through._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        else:
            with connection.constraint_checks_disabled():
                for table in tables:
                    cursor.execute(f"DELETE FROM {table}")  # noqa: S608  (names of our models)
    assert not Event.objects.exists()
    # The log of changes begins anew, which never happens to a site.
    for held in (live, kept, drawn.kept):
        held.forget()


def imported(content, **options):
    read = readers.named("dateline-json").read(content)
    assert read.problems == []
    plan = pipeline.plan(read, by=None, today=TODAY, publish=True)
    assert plan.all_problems() == []
    return pipeline.apply(plan, by=None, **options)


@pytest.mark.django_db(transaction=True)
def test_the_demo_comes_back_byte_for_byte():
    demo_record()
    first = exported()
    emptied()
    batch = imported(first)
    assert batch.created == Event.objects.public().count() == len(json.loads(first)["events"])
    assert exported() == first
    assert history.verify(everything=True).wrong == []
    # Once more changes nothing.
    plan = pipeline.plan(
        readers.named("dateline-json").read(first), by=None, today=TODAY, publish=True
    )
    assert plan.counts == {"same": batch.created}
    pipeline.apply(plan, by=None)
    assert exported() == first


@pytest.mark.django_db(transaction=True)
def test_from_one_database_into_the_other_and_back(tmp_path):
    """On the tests' PostgreSQL this crosses over twice; on SQLite it goes through a second file."""
    demo_record()
    first = exported()
    here, there = tmp_path / "first.json", tmp_path / "second.json"
    here.write_bytes(first)
    site = {"DATA_DIR": tmp_path / "site", "SECRET_KEY": PRODUCTION["SECRET_KEY"]}
    site |= {"SITE_URL": site_settings.SITE_URL, "ALLOWED_HOSTS": "testserver", "DEBUG": "1"}
    assert manage("migrate", "--verbosity=0", **site).returncode == 0
    told = manage("import_events", str(here), "--publish", **site)
    assert told.returncode == 0, told.stderr
    script = (
        "from django.test import Client; from pathlib import Path; "
        f"Path({str(there)!r}).write_bytes(Client().get('/events.json').getvalue())"
    )
    told = manage("shell", "--verbosity=0", "--command", script, **site)
    assert told.returncode == 0, told.stderr
    assert there.read_bytes() == first
    emptied()
    call_command("import_events", str(there), "--publish")
    assert exported() == first


# --- Made-up records with hostile texts -----------------------------------------------------

LINES = st.text(max_size=30).map(lambda text: f"{text}x")
HOSTILE = st.sampled_from(
    [
        "=cmd|'/c calc'!A0",
        "<script>alert(1)</script>",
        "'; DROP TABLE timeline_event; --",
        "‮evil⁦",
        "a\u0000b\u001fc",
        '"}],"x":[',
        "\ufeff\u200b\u200d",
        "{{ 7*7 }} {% x %}",
        "\\u0000 \\n",
        "제11군단 — Курск é",
        "🇰🇵🧨",
        "line\nbreak\r\n\u2028more",
    ]
)
TEXTS = st.one_of(HOSTILE, LINES)
SLUGS = st.integers(1, 5).map(lambda number: f"thing-{number}")
DATES = st.sampled_from(
    ["2024", "2024-10", "2024-10-20", "2024-21", "202X", "2024-10-20?", "2024-10~", "2024/2025"]
)


def name_of(slug, text):
    return f"{slug} {text}"


@st.composite
def documents(draw):
    """What a site could have written: each thing with one name, wherever it is named."""
    actors = {
        slug: {
            "slug": slug,
            "kind": "state",
            "native": "",
            "native_language": "",
            "name": name_of(slug, draw(TEXTS)),
        }
        for slug in draw(st.sets(SLUGS, min_size=1))
    }
    publishers = {
        slug: {"slug": slug, "name": name_of(slug, draw(TEXTS)), "kind": "wire", "language": "ko"}
        for slug in draw(st.sets(SLUGS, min_size=1))
    }
    category = {"slug": "cat", "name": "Category", "shape": "disc", "family": "military"}
    metric = {"code": "troops", "label": "Troops", "unit": "", "headline": False}
    some_actor = st.sampled_from(sorted(actors)).map(actors.get)
    some_publisher = st.sampled_from(sorted(publishers)).map(publishers.get)
    events = [
        _event(draw, number, category, metric, some_actor, some_publisher)
        for number in range(draw(st.integers(1, 3)))
    ]
    return {
        "format": "dateline",
        "format_version": 1,
        "events": events,
        "actors": [
            {
                "slug": each["slug"],
                "name": each["name"],
                "kind": each["kind"],
                "country": "KP",
                "parent": "",
                "wikidata_id": "Q423",
                "description": draw(TEXTS),
                "names": [{"name": draw(TEXTS), "language": "ko", "kind": "alias"}],
            }
            for each in actors.values()
        ],
    }


def _event(draw, number, category, metric, some_actor, some_publisher):
    sources = [
        {
            "public_id": f"S000{number}00{at}",
            "url": f"https://news.example/{number}/{at}",
            "reference": draw(TEXTS),
            "title": draw(TEXTS),
            "title_is_description": False,
            "publisher": draw(some_publisher),
            "agency": None,
            "authors": draw(TEXTS),
            "published": draw(DATES),
            "accessed_on": None,
            "language": "ko",
            "kind": "news",
            "archive_url": "",
            "archived_at": None,
            "link_state": "unknown",
        }
        for at in range(draw(st.integers(1, 3)))
    ]
    actors = {each["slug"]: each for each in draw(st.lists(some_actor, max_size=3))}
    bare = {"earliest": "2024-01-01", "latest": "2024-01-01", "sort_date": "2024-01-01"}
    return {
        "public_id": f"E000000{number}",
        "slug": "",
        "title": draw(TEXTS),
        "label": "",
        "summary": draw(TEXTS),
        "date": draw(DATES),
        **bare,
        "precision": "day",
        "date_basis": "occurred",
        "time": None,
        "time_zone": "",
        "date_note": draw(TEXTS),
        "category": category,
        "topics": [],
        "place": None,
        "place_precision": "unknown",
        "importance": "normal",
        "status": "published",
        "verification": "reported",
        "verification_reasons": [],
        "verification_override": "",
        "verification_note": "",
        "participations": [
            {"actor": each, "role": "participant", "alleged": draw(st.booleans())}
            for each in actors.values()
        ],
        "citations": [
            {
                "source": each,
                "stance": "reports",
                "speaker": None,
                "locator": draw(TEXTS),
                "quote": draw(TEXTS),
                "supports": ["date"],
                "note": draw(TEXTS),
            }
            for each in sources
        ],
        "figures": [
            {
                "metric": metric,
                "subject": draw(TEXTS),
                "low": None,
                "best": "11000.5",
                "high": None,
                "text_value": "",
                "qualifier": "about",
                "basis": "this_event",
                "period_start": "",
                "as_of": draw(DATES),
                "attributed_to": draw(some_actor),
                "source": sources[0],
                "state": "current",
                "note": draw(TEXTS),
                "superseded_by": None,
            }
        ],
        "relations": [],
        "published_at": "2025-01-02T03:04:05Z",
        "revised_at": None,
        "version": number + 1,
        "external_ids": [{"system": "acled", "value": f"{number} {draw(TEXTS)}", "url": ""}],
    }


def importable(document):
    """As JSON, unless a text is nothing but what no text keeps."""
    return json.dumps(document).encode()


@pytest.mark.django_db(transaction=True)
@given(documents())
@settings(
    max_examples=figure(15, 150),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_hostile_texts_come_back_byte_for_byte(document):
    emptied()
    read = readers.named("dateline-json").read(importable(document))
    assert read.problems == []
    plan = pipeline.plan(read, by=None, today=TODAY, publish=True)
    # A text that is nothing but controls is an empty one, which a title can't be.
    pipeline.apply(plan, by=None)
    first = exported()
    emptied()
    imported(first)
    assert exported() == first
    assert history.verify(everything=True).wrong == []


@pytest.mark.django_db
def test_what_an_import_did_is_kept(tmp_path):
    demo_record()
    path = tmp_path / "events.json"
    path.write_bytes(exported())
    call_command("import_events", str(path))
    batch = ImportBatch.objects.get()
    assert (batch.name, batch.format, len(batch.sha256)) == ("events.json", "dateline-json", 64)
    assert (batch.created, batch.same) == (0, Event.objects.count())
    assert Version.objects.count() == Event.objects.count()
