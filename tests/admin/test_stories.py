"""Stories at the desk: written, numbered, previewed, published, withdrawn, by who may."""

import pytest

from tests.admin.conftest import rows, signed_in
from tests.admin.sending import sent
from tests.changes import noted
from tests.make import make_draft, make_event, make_metric, make_period, make_story
from timeline.editing import stories
from timeline.editing.permissions import TABLE
from timeline.models import Change, Event, Period, Story, StoryVersion
from timeline.models.choices import Status

pytestmark = pytest.mark.django_db
LIST = "/admin/timeline/story/"
PUBLISH = {"_publish_changes": "Publish changes"}


def story_data(*steps, periods=(), **fields):
    """What the add form of a story sends."""
    return {
        "title": "Two summits",
        "language": "en",
        "translation_of": "",
        "description": "",
        "introduction": "",
        "byline": "",
        "slug": "",
        "status": "draft",
        "withdrawal_reason": "",
        **rows("steps", *steps),
        **rows("periods", *periods),
        "_save": "Save",
        **fields,
    }


def change(story):
    return f"{LIST}{story.pk}/change/"


def titles(story):
    return [step.event.title for step in story.steps.order_by("order")]


def test_a_story_with_its_steps_and_a_period_is_written_and_published_at_once(root):
    first, second = make_event(title="They meet"), make_event(title="They part")
    metric = make_metric(label="Killed")
    data = story_data(
        {"order": "", "event": second.pk, "note": "And ends."},
        {"order": "1", "event": first.pk, "heading": "The start", "opening": "One.", "note": ""},
        periods=[{"title": "Both", "date": "2018 to 2019", "family": "", "order": "0"}],
        compared=[metric.pk],
        status="published",
    )
    with noted():
        response = root.post(f"{LIST}add/", data, follow=True)
    story = Story.objects.get()
    assert (story.status, story.slug, story.version) == ("published", "two-summits", 1)
    assert titles(story) == ["They meet", "They part"]
    assert [step.order for step in story.steps.all()] == [1, 2]
    assert story.periods.get().date == "2018/2019"
    assert list(story.compared.all()) == [metric]
    assert story.created_by == root.user
    assert "See its public page" in response.content.decode()


@pytest.mark.parametrize(
    ("numbers", "order"),
    [
        (("1", "2", "3", "4"), "ABCD"),
        (("3", "2", "3", "4"), "BCAD"),
        (("1", "2", "3", "1"), "DABC"),
        (("1", "", "3", "4"), "ACDB"),
        (("40", "30", "20", "10"), "DCBA"),
    ],
)
def test_numbers_put_steps_in_order(root, numbers, order):
    story = make_story(*(make_event(title=name) for name in "ABCD"), status=Status.DRAFT)
    data = sent(root.get(change(story)))
    for place, number in enumerate(numbers):
        data[f"steps-{place}-order"] = number
    with noted():
        root.post(change(story), data | {"_save": "Save"})
    assert titles(story) == list(order)
    assert [step.order for step in story.steps.all()] == [1, 2, 3, 4]


def test_a_removed_step_closes_the_gap(root):
    story = make_story(*(make_event(title=name) for name in "ABC"), status=Status.DRAFT)
    data = sent(root.get(change(story)))
    root.post(change(story), data | {"steps-1-DELETE": "on", "_save": "Save"})
    assert titles(story) == ["A", "C"]
    assert [step.order for step in story.steps.all()] == [1, 2]


def test_publishing_changes_says_what_the_change_is(root):
    story = make_story(make_event())
    data = sent(root.get(change(story)))
    told = {"title": "Another title", "release_kind": "correction", **PUBLISH}
    refused = root.post(change(story), data | told)
    assert "Say in a sentence what changed" in refused.content.decode()
    # What was typed stands in the working copy.
    told = sent(refused) | PUBLISH | {"release_note": "It named the wrong city."}
    with noted():
        root.post(change(Story.objects.copies().get()), told)
    assert not Story.objects.copies().exists()
    last = StoryVersion.objects.last()
    assert (last.number, last.kind, last.public_note) == (
        *(2, "correction"),
        "It named the wrong city.",
    )
    assert last.author == root.user
    assert StoryVersion.objects.count() == 2


def test_what_hinders_publishing_comes_back_with_everything_typed(root):
    data = story_data({"event": make_draft().pk, "note": "Kept words"}, status="published")
    body = root.post(f"{LIST}add/", data).content.decode()
    assert "Add a step to a published event" in body
    assert "Kept words" in body
    assert not Story.objects.exists()


def test_a_story_is_withdrawn_with_a_reason_and_published_again(root):
    story = make_story(make_event())
    page = f"{LIST}{story.pk}/withdraw/"
    assert page in root.get(change(story)).content.decode()
    assert "readers will see the reason" in root.post(page, {"reason": " "}).content.decode()
    with noted():
        root.post(page, {"reason": "Two days were mixed up."})
    story.refresh_from_db()
    assert (story.status, story.withdrawal_reason) == ("withdrawn", "Two days were mixed up.")
    data = sent(root.get(change(story))) | {"status": "published", "_save": "Save"}
    root.post(change(story), data)
    story.refresh_from_db()
    assert (story.status, story.withdrawal_reason, story.version) == ("published", "", 3)


def test_the_desk_says_which_steps_readers_do_not_see(root):
    hidden = make_draft(title="Not yet")
    story = make_story(make_event(), hidden)
    said = "Readers don’t see step 2: “Not yet” is draft."
    assert said in root.get(change(story)).content.decode()
    data = sent(root.get(change(story))) | {"_save": "Save"}
    assert said in root.post(change(story), data, follow=True).content.decode()


def test_a_preview_is_the_public_page_and_leaves_nothing_behind(root):
    event = make_event(title="They meet")
    before = Change.objects.count()
    data = story_data({"event": event.pk, "note": "It *begins*."}, _preview="Preview")
    del data["_save"]
    response = root.post(f"{LIST}add/", data)
    body = response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"
    for said in ("Two summits", "They meet", "It <em>begins</em>.", "noindex"):
        assert said in body
    assert not Story.objects.exists()
    assert Change.objects.count() == before
    story = make_story(event, title="Public title")
    data = sent(root.get(change(story))) | {"title": "Previewed title", "_preview": "Preview"}
    assert "Previewed title" in root.post(change(story), data).content.decode()
    story.refresh_from_db()
    assert (story.title, story.version) == ("Public title", 1)


def test_two_people_at_one_story_are_asked_what_stands():
    story = make_story(make_event(), status=Status.DRAFT)
    me, you = signed_in("Editor", "me"), signed_in("Editor", "you")
    mine, yours = sent(me.get(change(story))), sent(you.get(change(story)))
    you.post(change(story), yours | {"title": "Theirs", "byline": "You", "_save": "Save"})
    conflict = me.post(change(story), mine | {"title": "Mine", "_save": "Save"})
    assert conflict.status_code == 409
    assert "Theirs" in conflict.content.decode()
    assert me.post(change(story), sent(conflict)).status_code == 302
    story.refresh_from_db()
    assert (story.title, story.byline) == ("Mine", "You")


def test_events_are_offered_with_their_date_and_drafts_too(root):
    make_event(title="They meet in Singapore", date="2018-06-12")
    asked = {"app_label": "timeline", "model_name": "step", "field_name": "event"}
    found = root.get("/admin/autocomplete/", asked | {"term": "singapore"}).json()["results"]
    assert [each["text"] for each in found] == ["12 Jun 2018: They meet in Singapore"]
    story = make_story(Event.objects.get())
    assert "12 Jun 2018: They meet in Singapore" in root.get(change(story)).content.decode()


def test_a_draft_in_a_story_is_not_deleted(root):
    event = make_draft()
    make_story(event, title="The story", status=Status.DRAFT)
    page = f"/admin/timeline/event/{event.pk}/delete/"
    assert "Step 1 of the story “The story”" in root.get(page).content.decode()
    root.post(page, {"post": "yes"})
    assert Event.objects.filter(pk=event.pk).exists()


def test_what_waits_for_a_reader_is_on_the_first_page(root):
    make_story(make_event(), title="Read me", status=Status.IN_REVIEW)
    assert "Read me" in root.get("/admin/").content.decode()


def test_a_form_that_is_sent_twice_makes_one_story(root):
    add = f"{LIST}add/"
    step = {"order": "1", "event": make_event().pk, "note": "Once."}
    data = story_data(step, title="Sent twice", opened=sent(root.get(add))["opened"][0])
    assert root.post(add, data).status_code == 302
    again = root.post(add, data, follow=True).content.decode()
    assert "“Sent twice” is saved, once." in again
    changed = root.post(add, data | {"title": "Another one"}).content.decode()
    assert "This form is saved already, as “Sent twice”." in changed
    assert Story.objects.count() == 1


def test_the_list_offers_no_state_that_a_story_can_not_have(root):
    page = root.get(LIST).content.decode()
    assert "?status=withdrawn" in page
    assert "?status=merged" not in page


def test_an_edition_is_begun_at_the_desk(root):
    story = make_story((make_event(), {"note": "A note of many words, to translate"}), slug="two")
    page = root.get(change(story)).content.decode()
    assert "Begin an edition in Korean" in page
    assert "Begin an edition in English" not in page
    with noted():
        answer = root.post(f"{LIST}{story.pk}/edition/", {"language": "ko"})
    made = Story.objects.get(translation_of=story)
    assert answer.headers["Location"] == change(made)
    page = root.get(change(made)).content.decode()
    assert "Begin an edition in" not in page
    assert f'<a href="{change(story)}" lang="en">' in page
    data = sent(root.get(change(made))) | {"status": "published", "_save": "Save"}
    assert "Translate what still stands" in root.post(change(made), data).content.decode()
    told = {"title": "두 번", "steps-0-note": "번역한 글", "language": "en"}
    assert "already" in root.post(change(made), data | told).content.decode()
    root.post(change(made), data | told | {"language": "ko"})
    assert Story.objects.public().get(language="ko") == made
    root.post(f"{LIST}{story.pk}/edition/", {"language": "ko"})
    assert root.post(f"{LIST}{story.pk}/edition/", {"language": "xx"}).status_code == 403
    assert root.get(f"{LIST}{story.pk}/edition/").status_code == 405
    assert Story.objects.count() == 2


# --- Who may ----------------------------------------------------------------------------------

STATES = {
    "own draft": lambda user: make_story(make_event(), status=Status.DRAFT, created_by=user),
    "another's draft": lambda _user: make_story(make_event(), status=Status.DRAFT),
    "published": lambda _user: make_story(make_event()),
    "withdrawn": lambda _user: stories.withdraw(make_story(make_event()), by=None, reason="Wrong."),
}


def may(role, codename):
    return f"timeline.{codename}" in TABLE[role]


@pytest.mark.sqlite
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", TABLE)
def test_every_role_at_every_story(role, state):
    client, root = signed_in(role), signed_in(name="boss")
    story = STATES[state](client.user)
    make_period(story=story)
    own, everything = state == "own draft", may(role, "change_any_story")
    publishes = may(role, "publish_story")
    sees = everything or not may(role, "change_story") or own or state == "published"
    assert (client.get(change(story)).status_code == 200) is sees
    assert (client.get(f"{LIST}{story.pk}/history/").status_code == 200) is sees
    assert (change(story) in client.get(LIST).content.decode()) is sees
    assert (client.get(f"{LIST}add/").status_code == 200) is may(role, "add_story")
    if state == "withdrawn":
        writes = publishes
    else:
        writes = may(role, "change_story") and (everything or (own and state != "published"))
    data = sent(root.get(change(story)))
    client.post(change(story), data | {"title": "Forged", "_save": "Save"})
    story.refresh_from_db()
    # What readers see changes only when it is published; until then it is written beside it.
    held = Story.objects.copies().first() if state == "published" else story
    assert (held is not None and held.title == "Forged") is writes
    assert state != "published" or story.title != "Forged"
    if held not in (None, story):
        client.post(change(held), sent(root.get(change(held))) | PUBLISH)
        story.refresh_from_db()
        assert (story.title == "Forged") is publishes
    before = story.status
    client.post(f"{LIST}{story.pk}/withdraw/", {"reason": "" if publishes else "Forged"})
    for status in ("published", "withdrawn", "merged", "nonsense"):
        forged = sent(root.get(change(story)))
        forged |= {"status": status, "withdrawal_reason": "x", "_save": "Save"}
        assert client.post(change(story), forged).status_code < 500
        story.refresh_from_db()
        if not publishes:
            assert story.status == before
    client.post(f"{LIST}{story.pk}/edition/", {"language": "ko"})
    assert story.editions.exists() is (sees and may(role, "add_story"))
    story.editions.all().delete()
    client.post(f"{LIST}{story.pk}/delete/", {"post": "yes"})
    gone = not Story.objects.filter(pk=story.pk).exists()
    assert gone is ("draft" in state and not publishes and writes)


@pytest.mark.sqlite
@pytest.mark.parametrize("role", TABLE)
def test_a_new_story_is_published_only_by_who_may(role):
    client = signed_in(role)
    client.post(f"{LIST}add/", story_data({"event": make_event().pk}, status="published"))
    assert Story.objects.public().exists() is may(role, "publish_story")
    client.post(f"{LIST}add/", story_data({"event": make_event().pk}, title="A draft"))
    assert Story.objects.filter(title="A draft").exists() is may(role, "add_story")


def test_the_periods_of_a_story_are_not_among_those_of_every_chart(root):
    own = make_period(title="Of the story", story=make_story(make_event()))
    make_period(title="Of everything")
    body = root.get("/admin/timeline/period/").content.decode()
    assert "Of everything" in body
    assert "Of the story" not in body
    assert root.get(f"/admin/timeline/period/{own.pk}/change/").status_code == 302
    page = f"/admin/timeline/period/{Period.objects.get(title='Of everything').pk}/change/"
    with noted():
        root.post(page, sent(root.get(page)) | {"date": "autumn 2024", "_save": "Save"})
    assert Period.objects.get(title="Of everything").date == "2024-23"
