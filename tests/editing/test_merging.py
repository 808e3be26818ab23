"""Merging actors and sources: nothing is lost, nothing stands twice."""

import pytest

from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_event,
    make_publisher,
    make_source,
    take_part,
)
from timeline.editing import merging, things
from timeline.models import Actor, ActorName, Change, Citation, SlugRedirect, Source

pytestmark = pytest.mark.django_db


def test_everything_moves_to_the_kept_actor():
    keep, gone = make_actor("North Korea"), make_actor("DPRK")
    ActorName.objects.create(actor=gone, name="북한", language="ko")
    child = make_actor(parent=gone)
    publisher = make_publisher(controlled_by=gone)
    event = make_event(actors=[(gone, "participant")])
    citation = cite(event, stance="denies", speaker=gone)
    figure = count_figure(event, attributed_to=gone)
    merging.merge_actors(keep, gone)
    for thing in (child, publisher, citation, figure):
        thing.refresh_from_db()
    assert child.parent == publisher.controlled_by == citation.speaker == keep
    assert figure.attributed_to == keep
    assert [part.actor for part in event.participations.all()] == [keep]
    assert set(keep.names.values_list("name", flat=True)) == {"DPRK", "북한"}
    assert not Actor.objects.filter(pk=gone.pk).exists()
    redirect = SlugRedirect.objects.get(kind="actor", old_slug="dprk")
    assert redirect.object_id == keep.pk
    assert Change.objects.filter(model="event", object_id=event.pk, kind="changed").exists()


def test_a_role_held_twice_stays_alleged_only_if_both_were():
    keep, gone = make_actor(), make_actor()
    first, second = make_event(), make_event()
    take_part(first, keep, alleged=True)
    take_part(first, gone, alleged=False)
    take_part(second, keep, alleged=True)
    take_part(second, gone, alleged=True)
    merging.merge_actors(keep, gone)
    assert [first.participations.get().alleged, second.participations.get().alleged] == [
        False,
        True,
    ]


def test_a_citation_that_would_stand_twice_is_joined():
    keep, gone = make_source(), make_source()
    event = make_event(sources=[keep])
    twin = cite(event, gone, quote="The words.", supports=["date"])
    figure = count_figure(event, citation=twin)
    merging.merge_sources(keep, gone)
    citation = Citation.objects.get(event=event)
    figure.refresh_from_db()
    assert (citation.source, citation.quote, citation.supports) == (keep, "The words.", ["date"])
    assert figure.citation == citation
    assert list(Source.objects.all()) == [keep]


def test_the_address_of_a_merged_source_leads_to_the_kept_one(client):
    first, second, third = make_source(), make_source(), make_source()
    make_event(sources=[first, third])
    gone = first.public_id, second.public_id
    merging.merge_sources(second, first)
    merging.merge_sources(third, second)
    for public_id in gone:
        for address in (f"/sources/{public_id}/", f"/sources/{public_id.lower()}/"):
            answer = client.get(address)
            assert (answer.status_code, answer["Location"]) == (
                301,
                f"/sources/{third.public_id}/",
            )
        answer = client.get(f"/api/v1/sources/{public_id}")
        assert answer.status_code == 301
        assert answer["Location"].endswith(f"/api/v1/sources/{third.public_id}")
    assert client.get("/sources/ZZZZZZZZ/").status_code == 404


def test_what_cannot_be_merged():
    top = make_actor()
    body = make_actor(parent=top)
    source = make_source()
    with pytest.raises(merging.MergeRefused):
        merging.merge_actors(top, top)
    with pytest.raises(merging.MergeRefused, match="part of the other"):
        merging.merge_actors(top, body)
    with pytest.raises(merging.MergeRefused):
        merging.merge_sources(source, source)


def test_a_renamed_slug_keeps_its_old_address():
    actor = make_actor("Ukraine")
    actor.slug = "ukraine-state"
    things.store(actor)
    assert SlugRedirect.objects.get(old_slug="ukraine").object_id == actor.pk
    actor.slug = "ukraine"
    things.store(actor)
    assert list(SlugRedirect.objects.values_list("old_slug", flat=True)) == ["ukraine-state"]


def test_chains_of_merges_redirect_to_the_last():
    first, second, third = make_actor("A"), make_actor("B"), make_actor("C")
    merging.merge_actors(second, first)
    merging.merge_actors(third, second)
    assert set(SlugRedirect.objects.values_list("old_slug", "object_id")) == {
        ("a", third.pk),
        ("b", third.pk),
    }
