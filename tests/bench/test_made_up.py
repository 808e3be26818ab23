"""The made-up record is one that the models themselves could have written."""

import re

import pytest

from tests.bench.made_up import Record, fill
from timeline import dates, text
from timeline.index import words
from timeline.models import (
    Actor,
    ActorName,
    Category,
    Event,
    Figure,
    Place,
    Publisher,
    Source,
    Topic,
    VerificationStep,
)

pytestmark = pytest.mark.django_db
DERIVED = {
    Event: ["earliest", "latest", "sort_date", "precision", "minute", "search_tokens"],
    Source: ["canonical_url", "published_earliest", "published_latest", "search_tokens"],
    **{each: ["folded"] for each in (Actor, ActorName, Category, Place, Publisher, Topic)},
}


def test_what_is_derived_is_what_saving_derives():
    fill(300, seed=3)
    assert Event.objects.count() == Source.objects.count() == 300
    for model, columns in DERIVED.items():
        for row in model.objects.all():
            loaded = [getattr(row, column) for column in columns]
            for field in model._meta.concrete_fields:
                if field.name not in ("lock", "updated_at"):
                    field.pre_save(row, False)
            row.clean_fields(exclude=["category", "parent", "place", "publisher", "agency"])
            assert loaded == [getattr(row, column) for column in columns], row
    assert VerificationStep.objects.values("event").distinct().count() == 300
    for figure in Figure.objects.all():
        assert figure.as_of_latest == dates.parse(figure.as_of).latest
    for event in Event.objects.all():
        assert event.slug == text.slug(event.title)[:80].strip("-")


def test_the_words_are_found_and_followed():
    fill(200)
    assert words.trouble() is None
    event = Event.objects.public()[0]
    Event.objects.filter(pk=event.pk).update(search_tokens=" onlyhere ")
    (term,) = text.query_tokens("onlyhere")
    assert words.event_keys(term).tolist() == [event.pk]


def test_keys_go_on_behind_the_made_up_ones():
    fill(50)
    before = Topic.objects.latest("pk").pk
    assert Topic.objects.create(name="New", slug="new").pk > before


class Kept:
    """Keeps what would be put into tables."""

    def __init__(self):
        self.rows = []

    def put(self, model, count, **given):
        columns = {
            key: value.tolist() if hasattr(value, "tolist") else value
            for key, value in given.items()
        }
        self.rows.append((model, count, columns))
        return 1


def drawn(seed):
    kept = Kept()
    record = Record(100, seed, kept)
    record.put_things()
    record.put_events()
    return kept.rows


def test_the_seed_decides_everything():
    assert drawn(4) == drawn(4)
    assert drawn(4) != drawn(5)


def test_a_database_with_events_is_left_alone():
    fill(20)
    with pytest.raises(SystemExit, match="Choose another DATA_DIR"):
        fill(20)
    assert Event.objects.count() == 20


def test_a_page_of_a_long_record_is_light(client):
    """Every facet has more values than are shown, the years more than a hundred; what has figures
    has the largest cards."""
    fill(1_500)
    for address in ("/", "/?has=figures", "/?has=figures&has=archive&to=2019"):
        page = client.get(address, follow=True).content
        assert page.count(b'class="ev') >= 50
        assert len(re.findall(rb"<[a-z]", page)) <= 3_450, address
