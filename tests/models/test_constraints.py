"""What the database refuses, whatever the path."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_draft,
    make_event,
    make_metric,
    make_place,
    make_publisher,
    make_source,
    take_part,
)
from timeline.models import Event, Figure, PublisherDomain, Relation, Source

pytestmark = pytest.mark.django_db


def refused(change, *args, **kwargs):
    with pytest.raises(IntegrityError), transaction.atomic():
        change(*args, **kwargs)


def test_an_event_derives_its_bounds_and_refuses_wrong_ones():
    event = make_draft(date="2024-23")
    assert [str(day) for day in (event.earliest, event.latest, event.sort_date)] == [
        "2024-09-01",
        "2024-11-30",
        "2024-09-01",
    ]
    assert event.precision == "season"
    refused(Event.objects.filter(pk=event.pk).update, earliest="2025-01-01")


def test_published_needs_its_moment_and_merged_its_target():
    event = make_draft()
    refused(Event.objects.filter(pk=event.pk).update, status="published")
    refused(Event.objects.filter(pk=event.pk).update, status="merged", published_at=timezone.now())


def test_an_override_needs_a_note():
    event = make_draft()
    refused(Event.objects.filter(pk=event.pk).update, verification_override="disproved")


def test_a_citation_stands_once_with_and_without_a_speaker():
    event, source, actor = make_draft(), make_source(), make_actor()
    cite(event, source)
    cite(event, source, stance="denies")
    cite(event, source, stance="denies", speaker=actor)
    refused(cite, event, source)
    refused(cite, event, source, stance="denies", speaker=actor)


def test_an_actor_has_a_role_once():
    event, actor = make_draft(), make_actor()
    take_part(event, actor)
    take_part(event, actor, "speaker")
    refused(take_part, event, actor)


def test_a_figure_needs_a_value():
    event = make_event()
    count_figure(event, best=None, text_value="dozens")
    count_figure(event, best=None, low=Decimal(0))
    refused(count_figure, event, best=None)


def test_a_source_needs_a_link_or_a_reference_and_one_address_once():
    make_source(url="", reference="Evening News, page 3")
    refused(make_source, url="", reference="")
    make_source(url="https://example.org/a?utm_source=x#top")
    refused(make_source, url="https://EXAMPLE.org/a")
    assert Source.objects.filter(canonical_url="").count() == 0


def test_relations_stand_once_and_both_ways_once():
    first, second = make_draft(), make_draft()
    Relation.objects.create(from_event=first, to_event=second, kind="contradicts")
    Relation.objects.create(from_event=second, to_event=first, kind="follows")
    Relation.objects.create(from_event=first, to_event=second, kind="follows")
    refused(Relation.objects.create, from_event=second, to_event=first, kind="contradicts")
    refused(Relation.objects.create, from_event=first, to_event=first, kind="follows")


def test_part_of_has_no_ring():
    first, second, third = make_draft(), make_draft(), make_draft()
    Relation.objects.create(from_event=first, to_event=second, kind="part_of")
    Relation.objects.create(from_event=second, to_event=third, kind="part_of")
    with pytest.raises(ValidationError, match="part of itself"):
        Relation(from_event=third, to_event=first, kind="part_of").full_clean()


def test_an_actor_is_never_part_of_itself_nor_too_deep():
    top = make_actor()
    chain = [top]
    for _level in range(5):
        chain.append(make_actor(parent=chain[-1]))
    top.parent = chain[2]
    with pytest.raises(ValidationError, match="part of itself"):
        top.full_clean()
    with pytest.raises(ValidationError, match="six levels"):
        make_actor().__class__(name="Too deep", parent=chain[-1]).full_clean()


def test_a_figure_keeps_to_its_own_event():
    first, second = make_event(), make_event()
    figure = Figure(
        event=first, metric=make_metric(), best=1, subject="x", citation=second.citations.get()
    )
    with pytest.raises(ValidationError, match="this event cites"):
        figure.full_clean()
    ownerless = Figure(event=first, metric=make_metric(), best=1)
    with pytest.raises(ValidationError, match="who gives this number"):
        ownerless.full_clean()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//x.org", "https://u:p@x.org/"])
def test_a_source_refuses_other_links(url):
    source = Source(url=url, publisher=make_publisher(), title="x")
    with pytest.raises(ValidationError) as error:
        source.full_clean()
    assert "url" in error.value.message_dict


def test_text_is_cleaned_on_every_path():
    event = make_draft(title="A\u202e  title\x00 with\u200b marks")
    assert Event.objects.get().title == "A title with marks"
    Event.objects.filter(pk=event.pk).update(title="B\u202e\x1b")
    assert Event.objects.get().title == "B"


def test_a_refused_date_says_what_to_write():
    with pytest.raises(ValidationError) as error:
        Event(title="x", date="10/11/12").full_clean()
    assert "two ways" in error.value.message_dict["date"][0]


def test_public_ids_are_crockford_and_never_change():
    event = make_draft()
    assert len(event.public_id) == 8
    assert not set(event.public_id) & set("ILOU")
    before = event.public_id
    event.save()
    assert event.public_id == before


def test_a_publisher_is_suggested_by_the_nearest_domain():
    near, far = make_publisher("World"), make_publisher("Whole")
    PublisherDomain.objects.create(publisher=far, domain="example.org")
    PublisherDomain.objects.create(publisher=near, domain="world.example.org")
    found = type(near).objects.for_link("https://www.world.example.org/1")
    assert list(found) == [near, far]


def test_coordinates_stay_on_the_globe():
    with pytest.raises(ValidationError):
        make_place(latitude=Decimal(91)).full_clean()
