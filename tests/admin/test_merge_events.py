"""Merging events that tell of the same: what moves is shown before, and moves."""

import pytest

from tests.admin.conftest import signed_in
from tests.admin.sending import sent
from tests.changes import noted as noting
from tests.loaded import kept
from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_draft,
    make_event,
    make_source,
    make_topic,
)
from timeline.editing import copies, events, history
from timeline.models import Event, EventTranslation, Relation

pytestmark = pytest.mark.django_db
LIST = "/admin/timeline/event/"


@pytest.fixture
@kept
def pair():
    """Two public events of one thing; the second has what the first lacks."""
    shared, kim, putin = make_source(), make_actor("Kim"), make_actor("Putin")
    keep = make_event(title="It stays", sources=[shared], actors=[kim])
    gone = make_event(title="It goes", sources=[shared], actors=[kim, (putin, "host")])
    cite(gone, make_source(title="Only there"), quote="Said so.")
    gone.topics.add(make_topic("Arms"))
    figure = count_figure(gone, best=10, citation=gone.citations.last())
    count_figure(gone, best=11, metric=figure.metric, citation=gone.citations.first())
    for event, language in ((gone, "ko"), (gone, "fr"), (keep, "ko")):
        EventTranslation.objects.create(event=event, language=language, title=f"Of {event.pk}")
    third = make_event(title="A third")
    Relation.objects.create(from_event=gone, to_event=third, kind="follows")
    Relation.objects.create(from_event=third, to_event=gone, kind="response_to")
    Relation.objects.create(from_event=gone, to_event=keep, kind="same_series")
    return keep, gone, third


def test_what_the_merged_one_had_moves(pair):
    keep, gone, third = pair
    with noting():
        events.merge(keep, gone, by=None)
    keep, gone = Event.objects.get(pk=keep.pk), Event.objects.get(pk=gone.pk)
    assert [str(each.source) for each in keep.citations.all()][1:] == ["Only there"]
    assert {(str(each.actor), each.role) for each in keep.participations.all()} == {
        ("Kim", "participant"),
        ("Putin", "host"),
    }
    assert [(int(each.best), each.citation.event) for each in keep.figures.all()] == [
        (10, keep),
        (11, keep),
    ]
    assert [each.name for each in keep.topics.all()] == ["Arms"]
    assert list(keep.translations.values_list("language", "title")) == [
        ("fr", f"Of {gone.pk}"),
        ("ko", f"Of {keep.pk}"),
    ]
    assert [(each.kind, each.to_event) for each in keep.relations.all()] == [("follows", third)]
    assert [
        (each.kind, each.from_event) for each in keep.related_from.exclude(from_event=gone)
    ] == [("response_to", third)]
    assert (gone.status, gone.merged_into) == ("merged", keep)
    assert keep.versions.get(number=2).content()["citations"][1]["quote"] == "Said so."
    assert history.verify().wrong == []


def test_the_page_shows_what_moves_and_warns(pair, client):
    keep, gone, _third = pair
    publisher = signed_in("Publisher")
    chosen = {"action": "merge_events", "_selected_action": [keep.pk, gone.pk]}
    page = publisher.post(LIST, chosen)
    text = page.content.decode()
    for said in (
        "There is no undo",
        "source: Only there",
        "actor: Putin",
        "topic: Arms",
        "translation: fr: ",
    ):
        assert said in text
    assert publisher.post(LIST, sent(page)).status_code == 200  # nobody said which one stays
    answer = publisher.post(LIST, sent(page) | {"keep": keep.pk}, follow=True)
    assert "Merged into “It stays”: 1 event." in answer.content.decode()
    moved = client.get(f"/events/{gone.public_id}/", follow=True)
    assert moved.redirect_chain[-1][0].startswith(f"/events/{keep.public_id}")


def test_who_saved_meanwhile_is_not_overrun(pair):
    keep, gone, _third = pair
    publisher = signed_in("Publisher")
    page = publisher.post(LIST, {"action": "merge_events", "_selected_action": [keep.pk, gone.pk]})
    events.add_topic([gone], make_topic("New"), by=None)
    answer = publisher.post(LIST, sent(page) | {"keep": keep.pk})
    assert "Somebody else has saved" in answer.content.decode()
    gone.refresh_from_db()
    assert gone.status == "published"


@pytest.mark.parametrize("role", ["Contributor", "Editor", "Auditor"])
def test_who_may_not_merge(pair, role):
    keep, gone, _third = pair
    data = {
        "action": "merge_events",
        "_selected_action": [keep.pk, gone.pk],
        "_apply": "1",
        "keep": keep.pk,
        f"lock-{keep.pk}": keep.lock,
        f"lock-{gone.pk}": gone.lock,
    }
    signed_in(role).post(LIST, data)
    gone.refresh_from_db()
    assert gone.status == "published"


@pytest.mark.parametrize("make", [make_draft, lambda: copies.begin(make_event(), by=None)])
def test_what_was_never_published_is_not_offered(pair, make):
    keep, other, publisher = pair[0], make(), signed_in("Publisher")
    chosen = {"action": "merge_events", "_selected_action": [keep.pk, other.pk]}
    answer = publisher.post(LIST, chosen, follow=True).content.decode()
    assert "Nothing was merged." in answer
    assert "Which one stays?" not in answer
    forged = chosen | {"_apply": "1", "keep": other.pk}
    publisher.post(LIST, forged)
    keep.refresh_from_db()
    assert keep.status == "published"


def test_a_withdrawn_one_goes_but_never_stays(pair):
    keep, gone, _third = pair
    events.withdraw([gone], by=None, reason="Told twice.")
    publisher = signed_in("Publisher")
    chosen = {"action": "merge_events", "_selected_action": [keep.pk, gone.pk]}
    page = publisher.post(LIST, chosen)
    assert f'id="keep-{keep.pk}"' in page.content.decode()
    assert f'id="keep-{gone.pk}"' not in page.content.decode()
    publisher.post(LIST, sent(page) | {"keep": keep.pk})
    gone.refresh_from_db()
    assert gone.merged_into == keep


def test_two_withdrawn_ones_have_nowhere_to_go(pair):
    keep, gone, _third = pair
    events.withdraw([keep, gone], by=None, reason="Both wrong.")
    chosen = {"action": "merge_events", "_selected_action": [keep.pk, gone.pk]}
    answer = signed_in("Publisher").post(LIST, chosen, follow=True).content.decode()
    assert "Choose a published event to merge into as well." in answer
