"""Two people save one event: nothing is overrun, nothing lost, rows included."""

import pytest

from tests.admin.conftest import signed_in
from tests.admin.sending import sent
from tests.make import cite, count_figure, make_actor, make_event, make_source, take_part
from timeline.editing import events

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return make_event(status="draft", title="The first title stands", summary="Old words.")


@pytest.fixture
def me():
    return signed_in(name="me")


def page(event):
    return f"/admin/timeline/event/{event.pk}/change/"


def they(event, **changes):
    """What somebody else saves meanwhile."""
    event.refresh_from_db()
    for name, value in changes.items():
        setattr(event, name, value)
    events.settle(event, by=None, before=event.status)


def resolve(client, event, conflict, **choices):
    data = sent(conflict) | choices
    return client.post(page(event), data)


def test_an_unchanged_form_saves_without_a_question(me, event):
    data = sent(me.get(page(event)))
    assert me.post(page(event), data | {"_save": "Save"}).status_code == 302
    event.refresh_from_db()
    assert (event.title, event.citations.count()) == ("The first title stands", 1)


def test_both_changed_a_field(me, event):
    data = sent(me.get(page(event))) | {"title": "Mine", "_save": "Save"}
    they(event, title="Theirs", summary="Their words.")
    conflict = me.post(page(event), data)
    assert conflict.status_code == 409
    text = conflict.content.decode()
    assert "Mine" in text
    assert "Theirs" in text
    event.refresh_from_db()
    assert event.title == "Theirs"
    assert resolve(me, event, conflict).status_code == 302
    event.refresh_from_db()
    assert (event.title, event.summary) == ("Mine", "Their words.")


def test_theirs_can_be_chosen(me, event):
    data = sent(me.get(page(event))) | {"title": "Mine", "summary": "My words.", "_save": "Save"}
    they(event, title="Theirs")
    conflict = me.post(page(event), data)
    assert resolve(me, event, conflict, **{"keep-title": "theirs"}).status_code == 302
    event.refresh_from_db()
    assert (event.title, event.summary) == ("Theirs", "My words.")


def test_a_third_save_in_between_asks_again(me, event):
    data = sent(me.get(page(event))) | {"title": "Mine", "_save": "Save"}
    they(event, title="Theirs")
    conflict = me.post(page(event), data)
    they(event, title="A third")
    again = resolve(me, event, conflict)
    assert again.status_code == 409
    assert "A third" in again.content.decode()
    resolve(me, event, again)
    event.refresh_from_db()
    assert event.title == "Mine"


@pytest.mark.parametrize(("choice", "kept"), [({}, 2), ({"leave": "mine"}, 1)])
def test_a_source_that_they_added_is_kept_or_left_out(me, event, choice, kept):
    data = sent(me.get(page(event))) | {"title": "Mine", "_save": "Save"}
    added = cite(event, make_source(title="Added by them"))
    they(event)
    conflict = me.post(page(event), data)
    assert "Source, added meanwhile" in conflict.content.decode()
    choices = {f"keep-citations-{added.pk}": value for value in choice.values()}
    assert resolve(me, event, conflict, **choices).status_code == 302
    assert event.citations.count() == kept
    event.refresh_from_db()
    assert event.title == "Mine"


def test_a_source_that_they_removed_and_i_changed_is_a_choice(me, event):
    extra = cite(event, make_source(url="https://example.org/extra"))
    they(event)
    data = sent(me.get(page(event))) | {"citations-1-note": "My note.", "_save": "Save"}
    extra.delete()
    they(event)
    conflict = me.post(page(event), data)
    assert "Source, removed meanwhile" in conflict.content.decode()
    assert resolve(me, event, conflict).status_code == 302
    assert event.citations.get(note="My note.").source.url == "https://example.org/extra"


def test_a_row_that_they_alone_changed_is_taken_over(me, event):
    data = sent(me.get(page(event))) | {"summary": "My words.", "_save": "Save"}
    citation = event.citations.get()
    citation.note = "Their note."
    citation.save()
    they(event)
    conflict = me.post(page(event), data)
    assert "Their note." in conflict.content.decode()
    assert resolve(me, event, conflict).status_code == 302
    citation.refresh_from_db()
    event.refresh_from_db()
    assert (citation.note, event.summary) == ("Their note.", "My words.")


def test_a_row_that_both_changed_is_a_choice(me, event):
    data = sent(me.get(page(event))) | {"citations-0-note": "My note.", "_save": "Save"}
    citation = event.citations.get()
    citation.note = "Their note."
    citation.save()
    they(event)
    conflict = me.post(page(event), data)
    assert "Source, changed by both" in conflict.content.decode()
    resolve(me, event, conflict, **{f"keep-citations-{citation.pk}": "theirs"})
    citation.refresh_from_db()
    assert citation.note == "Their note."


def test_actors_roles_and_figures_come_through(me, event):
    first, second = make_actor("First"), make_actor("Second")
    take_part(event, first)
    figure = count_figure(event, best=100)
    they(event)
    data = sent(me.get(page(event))) | {"title": "Mine", "_save": "Save"}
    take_part(event, second, "claimant")
    they(event)
    conflict = me.post(page(event), data)
    assert resolve(me, event, conflict).status_code == 302
    assert {(str(part.actor), part.role) for part in event.participations.all()} == {
        ("First", "participant"),
        ("Second", "claimant"),
    }
    figure.refresh_from_db()
    assert (int(figure.best), figure.citation) == (100, event.citations.get())


def test_a_form_without_its_seal_is_not_saved(me, event):
    """Without it nobody can tell whether the form is stale; it is compared with what is saved."""
    data = sent(me.get(page(event))) | {"title": "Mine", "opened": "forged", "_save": "Save"}
    they(event, title="Theirs")
    response = me.post(page(event), data)
    assert response.status_code == 409
    event.refresh_from_db()
    assert event.title == "Theirs"


def test_what_nobody_touched_is_not_spoken_of(me, event):
    """A choice that is empty says nothing on both sides: verification by hand, a speaker."""
    data = sent(me.get(page(event))) | {"title": "Mine", "_save": "Save"}
    they(event, title="Theirs")
    conflict = me.post(page(event), data).content.decode()
    assert "Taken over without a question" not in conflict
    assert "speaker" not in conflict.split("Choose what stands")[1]


def test_a_choice_that_they_alone_made_is_taken_over(me):
    event = make_event(status="draft", title="The first title stands")
    data = sent(me.get(page(event))) | {"summary": "Mine.", "_save": "Save"}
    they(event, verification_override="disproved", verification_note="It was a mistake.")
    conflict = me.post(page(event), data)
    assert "Verification set by hand" in conflict.content.decode()
    assert resolve(me, event, conflict).status_code == 302
    event.refresh_from_db()
    assert (event.verification, event.summary) == ("disproved", "Mine.")


@pytest.mark.parametrize(("choice", "theirs"), [({}, {"Theirs"}), ({"mine": "mine"}, set())])
def test_actors_that_both_changed_are_joined(me, event, choice, theirs):
    stays, goes, added = make_actor("Stays"), make_actor("Goes"), make_actor("Theirs")
    for actor in (stays, goes):
        take_part(event, actor)
    they(event)
    data = sent(me.get(page(event))) | {"actors": [str(stays.pk), "new:Mine"], "_save": "Save"}
    row = take_part(event, added, "claimant")
    they(event)
    conflict = me.post(page(event), data)
    assert "joined from both of you" in conflict.content.decode()
    choices = {f"keep-participations-{row.pk}": value for value in choice.values()}
    assert resolve(me, event, conflict, **choices).status_code == 302
    names = set(event.participations.values_list("actor__name", flat=True))
    assert names == {"Stays", "Mine"} | theirs


def test_a_row_that_both_changed_shows_what_differs(me, event):
    figure = count_figure(event, best=100, note="Same.")
    they(event)
    data = sent(me.get(page(event))) | {"figures-0-best": "200", "_save": "Save"}
    figure.best = 300
    figure.save()
    they(event)
    conflict = me.post(page(event), data).content.decode()
    assert "best: 200" in conflict
    assert "best: 300" in conflict
    assert "note: Same." not in conflict
