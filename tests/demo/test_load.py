"""Loading the demo: complete, idempotent, and gone again without a trace."""

import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from tests.changes import noted, undone_without_its_change
from tests.loaded import demo_record
from tests.make import make_event
from timeline.browse import read, words
from timeline.demo.load import _delete, load, remove, rows
from timeline.editing import things
from timeline.index import answer
from timeline.models import (
    Actor,
    Category,
    Change,
    Citation,
    Event,
    Figure,
    Place,
    Publisher,
    Relation,
    SlugRedirect,
    Source,
    Story,
    Term,
    Topic,
    Version,
)
from timeline.record import assess, canonical_json, record, records
from timeline.web.verifying import sentence

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo():
    demo_record()


def by_key(key):
    ids = {row["key"]: row["public_id"] for row in rows("events")}
    return Event.objects.get(public_id=ids[key])


def ask(query):
    reading = read(QueryDict(query))
    page = answer(reading.selection)
    return page.total, words(reading, page.total)


@pytest.mark.usefixtures("demo")
def test_everything_is_there_and_public():
    assert Event.objects.public().count() == Event.objects.count() == 153
    assert Source.objects.public().count() == 429
    assert Actor.objects.public().count() == 113
    assert Citation.objects.count() >= 466
    assert Figure.objects.count() == 121
    assert Relation.objects.public().count() == 178
    assert Change.objects.filter(model="event", kind="created").count() == 153


@pytest.mark.usefixtures("demo")
def test_a_superseded_number_points_to_the_one_that_replaced_it():
    older = Figure.objects.get(state="superseded")
    assert older.superseded_by is not None
    assert (older.best, older.superseded_by.best) == (2000, 6700)
    assert older.superseded_by.event_id == older.event_id


@pytest.mark.usefixtures("demo")
def test_a_second_run_changes_nothing():
    before = (Change.objects.count(), list(Event.objects.values_list("public_id", "lock")))
    assert "0 made, 153 already there" in load()
    assert (Change.objects.count(), list(Event.objects.values_list("public_id", "lock"))) == before


@pytest.mark.usefixtures("demo")
def test_an_edit_made_in_between_stays():
    event = by_key("singapore-summit")
    event.title = "The two meet in Singapore"
    event.save()
    load()
    assert by_key("singapore-summit").title == "The two meet in Singapore"


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("model", "slug"),
    [(Actor, "north-korea"), (Place, "seoul"), (Publisher, "reuters"), (Topic, "kursk")],
)
def test_a_renamed_thing_is_not_made_again(model, slug):
    thing = model.objects.get(slug=slug)
    before = model.objects.count()
    thing.slug = f"{slug}-renamed"
    things.store(thing)
    load()
    assert model.objects.count() == before
    assert not model.objects.filter(slug=slug).exists()
    assert SlugRedirect.objects.get(old_slug=slug).object_id == thing.pk


@pytest.mark.usefixtures("demo")
def test_an_event_made_again_finds_the_renamed_thing():
    actor = Actor.objects.get(slug="singapore")
    actor.slug = "republic-of-singapore"
    things.store(actor)
    summit = by_key("singapore-summit")
    _delete([summit])
    assert "1 made" in load()
    assert by_key("singapore-summit").participations.filter(actor=actor).exists()


@pytest.mark.usefixtures("demo")
def test_the_counts_that_the_record_promises():
    assert ask("actor=north-korea&year=2024") == (51, "51 events involving North Korea, in 2024")
    assert ask("actor=north-korea&year=2024&exact=1")[0] == 16


@pytest.mark.usefixtures("demo")
def test_the_first_units_are_confirmed_for_the_right_reason():
    outcome = assess(by_key("first-units-kursk"))
    assert outcome.label == by_key("first-units-kursk").verification == "confirmed"
    said = sentence(outcome)
    assert "Confirmed by NATO" in said
    assert "confirmed by Russia and North Korea, after denials" in said


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("singapore-summit", "confirmed"),
        ("nis-300-2700", "claimed"),
        ("hanoi-summit", "disputed"),
        ("first-troop-transport", "confirmed"),
    ],
)
def test_labels(key, label):
    assert by_key(key).verification == label


@pytest.mark.usefixtures("demo")
def test_a_list_of_records_takes_the_same_queries_for_one_and_fifty():
    counts = []
    for size in (1, 50):
        events = list(Event.objects.public().in_order()[60 : 60 + size])
        with CaptureQueriesContext(connection) as captured:
            records(events)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 10


@pytest.mark.usefixtures("demo")
def test_the_public_record_is_canonical_json():
    text = canonical_json(record(by_key("nis-300-2700")))
    again = json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert text == again
    assert '"best":"2700"' in text


def verified(capsys):
    call_command("verify_history")
    return capsys.readouterr().out.splitlines()[0]


@pytest.mark.usefixtures("demo")
def test_removing_takes_out_only_what_nothing_else_uses(capsys):
    """And the chain of versions outlives it."""
    assert verified(capsys) == "Verified 153 versions, of which 0 are redacted."
    kept = make_event(
        category=Category.objects.get(slug="summit"), actors=[Actor.objects.get(slug="kim-jong-un")]
    )
    assert remove().startswith("153 events")
    assert list(Event.objects.all()) == [kept]
    assert set(Actor.objects.values_list("slug", flat=True)) == {"kim-jong-un", "north-korea"}
    assert list(Category.objects.values_list("slug", flat=True)) == ["summit"]
    assert list(Publisher.objects.all()) == [kept.citations.get().source.publisher]
    assert not Story.objects.exists()
    # What stays is called as before; Pyongyang went, and so did its name.
    assert "Summit" in Term.objects.filter(kind="category").values_list("original", flat=True)
    assert not Term.objects.filter(kind__in=("place", "topic", "figure", "period")).exists()
    assert Version.objects.listed().get().event == kept
    assert verified(capsys) == "Verified 154 versions, of which 153 are redacted."
    assert load().endswith("153 made, 0 already there.")
    assert verified(capsys) == "Verified 307 versions, of which 153 are redacted."


def test_the_log_tells_of_all_that_is_loaded_and_removed():
    with noted():
        load()
    mine = make_event()
    first = Event.objects.exclude(pk=mine.pk).first()
    Relation.objects.create(from_event=mine, to_event=first, kind="follows")
    with noted():
        remove()
    assert not Relation.objects.exists()


def test_loading_and_removing_are_all_or_nothing():
    undone_without_its_change(load)
    demo_record()
    undone_without_its_change(remove)
