"""Editing a published event: its public text stands until the working copy is published."""

import pytest
from django.db import transaction

from tests.admin.conftest import signed_in
from tests.admin.sending import opened, page, publish, save, sent
from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_category,
    make_draft,
    make_event,
    make_source,
    make_topic,
    take_part,
)
from timeline.editing import copies, events, history, merging
from timeline.editing.publishing import StepRefused
from timeline.editing.versions import Release
from timeline.models import Citation, Event, Figure, Participation, Relation, Version
from timeline.models.choices import VersionKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    event = make_event(
        title="The first title stands", summary="Old words.", actors=[make_actor("Kim")]
    )
    count_figure(event, best=10)
    cite(event, make_source(title="Another article"), quote="Said so.")
    events.settle(event, by=None, before="published")
    return event


@pytest.fixture
def me():
    return signed_in("Publisher", name="me")


def test_opening_makes_no_copy_and_saving_does(me, event):
    opened(me, event)
    assert not Event.objects.copies().exists()
    assert save(me, event, title="A better title").status_code == 302
    event.refresh_from_db()
    copy = event.working_copy
    assert (event.title, event.version) == ("The first title stands", 2)
    assert (copy.title, copy.status, copy.created_by) == ("A better title", "draft", me.user)
    assert [each.actor.name for each in copy.participations.all()] == ["Kim"]
    assert copy.figures.get().citation.event == copy
    assert copy.citations.count() == 2
    assert me.get(page(event))["Location"] == page(copy)


def test_publishing_puts_the_copy_onto_the_event(me, event):
    save(me, event, title="A better title")
    copy = event.working_copy
    data = opened(me, copy)
    figure = copy.figures.get()
    row = {"figures-0-id": str(figure.pk), "figures-0-best": "11"}
    response = me.post(
        page(copy),
        data
        | row
        | {
            "release_kind": "correction",
            "release_note": "It was eleven, not ten.",
            "_publish_changes": "Publish changes",
        },
    )
    assert response.status_code == 302
    assert response["Location"] == page(event)
    event = Event.objects.get(pk=event.pk)
    assert (event.title, event.version, event.figures.get().best) == ("A better title", 3, 11)
    assert not Event.objects.copies().exists()
    version = event.versions.get(number=3)
    assert (version.kind, version.author) == ("correction", me.user)
    assert Citation.objects.count() == 2
    assert Figure.objects.count() == Participation.objects.count() == 1
    assert history.verify().wrong == []
    assert event.versions.get(number=2).content()["figures"][0]["best"] == "10"


def test_publishing_at_once_needs_no_save_before(me, event):
    assert publish(me, event, title="Straight to readers").status_code == 302
    event.refresh_from_db()
    assert (event.title, event.version) == ("Straight to readers", 3)
    assert not Event.objects.copies().exists()


def test_a_correction_without_a_sentence_is_refused_and_nothing_is_lost(me, event):
    response = publish(me, event, "correction", title="Nearly right")
    assert response.status_code == 200
    text = response.content.decode()
    assert "Say in a sentence what changed" in text
    assert "Nearly right" in text
    event.refresh_from_db()
    assert event.title == "The first title stands"
    again = me.post(
        page(event.working_copy),
        sent(response)
        | {"release_note": "The title was wrong.", "_publish_changes": "Publish changes"},
    )
    assert again.status_code == 302
    event.refresh_from_db()
    assert event.title == "Nearly right"


def test_a_preview_leaves_no_copy(me, event):
    response = save(me, event, title="Only looked at", _preview="Preview")
    assert "Only looked at" in response.content.decode()
    assert not Event.objects.copies().exists()


def test_a_copy_is_discarded(me, event):
    save(me, event, title="Dropped")
    copy = event.working_copy
    me.post(f"/admin/timeline/event/{copy.pk}/delete/", {"post": "yes"})
    assert list(Event.objects.all()) == [event]
    assert Citation.objects.count() == 2


def test_readers_never_learn_of_a_copy(me, event, client):
    save(me, event, title="Canary in the copy", summary="Canary too")
    copy = event.working_copy
    for address in ("/", f"/e/{copy.public_id}", f"/events/{copy.public_id}/", "/?q=canary"):
        assert b"anary in" not in client.get(address, follow=True).content
    assert client.get(f"/e/{copy.public_id}").status_code == 404


# --- A copy is no event of its own -----------------------------------------------------------


def test_a_copy_is_never_published_as_an_event(me, event):
    save(me, event)
    copy = event.working_copy
    me.post("/admin/timeline/event/", {"action": "publish", "_selected_action": [copy.pk]})
    me.post(page(copy), opened(me, copy) | {"status": "published", "_save": "Save"})
    with pytest.raises(StepRefused, match="Open it"):
        events.publish([copy], by=None)
    copy.refresh_from_db()
    with pytest.raises(StepRefused):
        events.merge(event, copy, by=None)
    copy.status = "published"
    with pytest.raises(StepRefused), transaction.atomic():
        events.settle(copy, by=None, before="draft")
    assert Event.objects.public().count() == 1


def test_a_copy_is_no_twin_and_no_suggestion(me, event):
    save(me, event)
    answer = me.get("/admin/timeline/event/similar/", {"title": event.title, "date": event.date})
    assert len(answer.json()["title"]) == 1
    answer = me.get(
        "/admin/timeline/event/similar/",
        {"title": event.title, "date": event.date, "self": event.working_copy.pk},
    )
    assert answer.json()["title"] == []
    names = me.get(
        "/admin/autocomplete/",
        {
            "term": "first",
            "app_label": "timeline",
            "model_name": "relation",
            "field_name": "to_event",
        },
    ).json()
    assert len(names["results"]) == 1


def test_the_list_says_whose_changes_they_are(me, event):
    save(me, event)
    text = me.get("/admin/timeline/event/?status=changes").content.decode()
    assert "Changes to: The first title stands" in text


# --- Who may ---------------------------------------------------------------------------------


def test_an_editor_writes_changes_and_a_publisher_publishes_them(event):
    editor = signed_in("Editor")
    assert "_publish_changes" not in editor.get(page(event)).content.decode()
    save(editor, event, title="An editor wrote this", status="in_review")
    assert event.working_copy.status == "in_review"
    response = publish(editor, event.working_copy)
    assert "You may not publish" in response.content.decode()
    event.refresh_from_db()
    assert event.title == "The first title stands"


@pytest.mark.parametrize("role", ["Contributor", "Auditor"])
def test_who_may_not_write_public_events_makes_no_copy(role, event):
    client = signed_in(role)
    copy = copies.begin(event, by=None)
    for target in (event, copy):
        data = {"title": "Forged", "_publish_changes": "1", "_save": "1", "revises": event.pk}
        client.post(page(target), data)
        client.post(f"/admin/timeline/event/{target.pk}/delete/", {"post": "yes"})
    event.refresh_from_db()
    copy.refresh_from_db()
    assert event.title == copy.title == "The first title stands"


# --- Somebody else meanwhile -----------------------------------------------------------------


def test_a_bulk_action_meanwhile_is_joined(me, event):
    save(me, event, title="Mine")
    talks = make_category("Talks")
    events.set_category([event], talks, by=None)
    copy = event.working_copy
    response = publish(me, copy)
    assert response.status_code == 409
    text = response.content.decode()
    assert "published anew since you began" in text
    assert "Talks" in text
    event.refresh_from_db()
    assert event.title == "The first title stands"
    assert me.post(page(copy), sent(response)).status_code == 302
    event = Event.objects.get(pk=event.pk)
    assert (event.title, event.category, event.version) == ("Mine", talks, 4)
    assert event.citations.count() == 2


def test_a_merge_of_sources_meanwhile_is_joined(me, event):
    one, other = (each.source for each in event.citations.all())
    save(me, event, title="Mine")
    merging.merge_sources(one, other)
    assert publish(me, event.working_copy).status_code == 302
    event = Event.objects.get(pk=event.pk)
    assert (event.title, event.citations.get().source) == ("Mine", one)


def test_a_source_that_came_in_by_a_merge_of_events_stays(me, event):
    save(me, event, title="Mine")
    gone = make_event()
    topic = make_topic("Arms")
    gone.topics.add(topic)
    with pytest.raises(StepRefused, match="Publish or discard"):
        events.merge(event, gone, by=None)
    copy = event.working_copy
    # The same happens where the event changed past the refusal: an import, another program.
    cite(event, gone.citations.get().source)
    with transaction.atomic():
        held = events.hold(event.pk)
        events.settle(held, by=None, before="published")
    response = publish(me, copy)
    assert response.status_code == 409
    assert me.post(page(copy), sent(response)).status_code == 302
    event = Event.objects.get(pk=event.pk)
    assert (event.title, event.citations.count()) == ("Mine", 3)


def test_the_copy_was_published_while_somebody_typed(me, event):
    you = signed_in("Publisher", name="you")
    save(me, event, summary="Mine, saved.")
    copy = event.working_copy
    typed = opened(you, copy) | {"title": "Yours", "_save": "Save"}
    assert publish(me, copy, summary="Mine, published.").status_code == 302
    response = you.post(page(copy), typed)
    assert response.status_code == 409
    text = response.content.decode()
    assert "Yours" in text
    event = Event.objects.get(pk=event.pk)
    assert you.post(page(event.working_copy), sent(response)).status_code == 302
    fresh = Event.objects.get(pk=event.working_copy.pk)
    assert (fresh.title, fresh.summary) == ("Yours", "Mine, published.")
    assert fresh.citations.count() == 2
    event.refresh_from_db()
    assert event.title == "The first title stands"


def test_the_copy_was_discarded_while_somebody_typed(me, event):
    you = signed_in("Publisher", name="you")
    save(me, event, summary="Mine, saved.")
    copy = event.working_copy
    typed = opened(you, copy) | {"title": "Yours", "_save": "Save"}
    me.post(f"/admin/timeline/event/{copy.pk}/delete/", {"post": "yes"})
    response = you.post(page(copy), typed)
    assert response.status_code == 409
    assert "Yours" in response.content.decode()


def test_two_open_the_public_event_and_both_save(me, event):
    you = signed_in("Publisher", name="you")
    mine = opened(me, event) | {"title": "Mine", "_save": "Save"}
    yours = opened(you, event) | {"summary": "Yours", "_save": "Save"}
    assert me.post(page(event), mine).status_code == 302
    response = you.post(page(event), yours)
    assert response.status_code == 409
    copy = Event.objects.copies().get()
    assert you.post(page(copy), sent(response)).status_code == 302
    copy.refresh_from_db()
    assert (copy.title, copy.summary, copy.citations.count()) == ("Mine", "Yours", 2)


def test_the_event_was_withdrawn_meanwhile(me, event):
    save(me, event, title="Mine")
    events.withdraw([event], by=None, reason="Wrong.")
    response = publish(me, event.working_copy)
    assert "is not public any more" in response.content.decode()
    assert event.working_copy.title == "Mine"


# --- Relations, older versions, two people ----------------------------------------------------


def test_relations_keep_both_ends(me, event):
    other = make_event(title="The other end")
    Relation.objects.create(from_event=event, to_event=other, kind="follows")
    Relation.objects.create(from_event=other, to_event=event, kind="response_to")
    publish(me, event, title="Still related")
    assert {(each.from_event_id, each.to_event_id) for each in Relation.objects.all()} == {
        (event.pk, other.pk),
        (other.pk, event.pk),
    }


def test_an_older_version_stands_again(event):
    part = take_part(event, make_actor("Putin"), "host")
    with transaction.atomic():
        held = events.hold(event.pk)
        held.title = "A worse title"
        held.citations.exclude(figures__isnull=False).delete()
        held.participations.exclude(pk=part.pk).delete()
        events.settle(held, by=None, before="published")
    copy, lost = copies.restore(event.versions.get(number=2), by=None)
    assert (copy.title, lost, copy.citations.count()) == ("The first title stands", [], 2)
    assert [each.actor.name for each in copy.participations.all()] == ["Kim"]
    assert copy.figures.get().best == 10
    copies.publish(copy, by=None, release=Release(copies.usual(copy)))
    event = Event.objects.get(pk=event.pk)
    assert (event.title, event.versions.get(number=4).kind) == (
        "The first title stands",
        VersionKind.RESTORED,
    )
    old, new = (event.versions.get(number=each).content() for each in (2, 4))
    changed = {name for name in old if old[name] != new[name]}
    assert changed - {"revised_at"} == {"version"}
    assert history.verify().wrong == []


def test_two_people(settings, me, event):
    settings.TWO_PEOPLE = True
    response = publish(me, event, title="My own words")
    assert "two people publish" in response.content.decode()
    copy = Event.objects.copies().get()
    assert save(me, copy, title="My own words").status_code == 302
    assert publish(me, copy).status_code == 200
    you = signed_in("Publisher", name="you")
    assert publish(you, copy, title="Yours now").status_code == 200
    assert publish(you, copy).status_code == 302
    event.refresh_from_db()
    assert event.title == "My own words"
    draft = make_draft()
    cite(draft)
    events.send_to_review([draft], by=me.user)
    with pytest.raises(StepRefused, match="two people"):
        events.publish([draft], by=me.user)
    events.publish([draft], by=you.user)
    assert Version.objects.filter(event=draft).exists()


def test_who_takes_the_reason_of_a_withdrawal_out_writes_no_words(settings, me, event):
    events.withdraw([event], by=me.user, reason="It was not so.")
    settings.TWO_PEOPLE = True
    told = {"status": "published", "withdrawal_reason": "", "_save": "Save"}
    for who, status in ((me, "withdrawn"), (signed_in("Publisher", name="you"), "published")):
        who.post(page(event), opened(who, event) | told)
        event.refresh_from_db()
        assert event.status == status


def test_the_page_of_versions_starts_changes_from_one(me, event):
    publish(me, event, "correction", "The title was wrong.", title="A worse title")
    address = f"/admin/timeline/event/{event.pk}/versions/"
    text = me.get(address).content.decode()
    assert "The title was wrong." in text
    assert "Start changes from version 2" in text
    assert "Start changes from version 3" not in text
    response = me.post(address, {"number": "2"})
    copy = Event.objects.copies().get()
    assert response["Location"] == page(copy)
    assert (copy.title, copy.restores) == ("The first title stands", 2)
    assert publish(me, copy, "restored").status_code == 302
    event.refresh_from_db()
    assert event.versions.get(number=4).kind == "restored"
    assert me.post(address, {"number": "x"}).status_code == 403
    auditor = signed_in("Auditor")
    assert auditor.post(address, {"number": "2"}).status_code == 403
    assert auditor.get(address).status_code == 200


def test_an_older_version_is_joined_with_what_came_since(me, event):
    address = f"/admin/timeline/event/{event.pk}/versions/"
    me.post(address, {"number": "1"})
    copy = Event.objects.copies().get()
    talks = make_category("Talks")
    events.set_category([event], talks, by=None)
    response = publish(me, copy, "restored")
    assert response.status_code == 409
    assert me.post(page(copy), sent(response)).status_code == 302
    event = Event.objects.get(pk=event.pk)
    assert event.category == talks
    # Version 1 had one source and no figure; each row that stands is there once.
    assert event.versions.get(number=4).content()["category"]["name"] == "Talks"


def test_the_form_says_what_stands_in_the_way_before_one_tries(me):
    draft = make_draft(category=None)
    count_figure(draft, citation=None, attributed_to=None)
    citation = cite(draft, stance="denies")
    text = me.get(page(draft)).content.decode()
    assert '<a class="t" href="#id_category">A category</a>' in text
    assert '<a href="#citations-group">Say who denies it' in text
    citation.delete()
    assert (
        '<a class="t" href="#citations-group">A source</a>' in me.get(page(draft)).content.decode()
    )
