"""The desk's pages hold no barrier that axe finds, and none scrolls sideways on a phone."""

import pytest

from tests.browser.accessibility import sideways, violations
from tests.browser.desk import sign_in
from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_category,
    make_draft,
    make_event,
    make_place,
    make_story,
)
from timeline.editing import copies, events
from timeline.models import Event

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = {
    "index": "/admin/",
    "list": "/admin/timeline/event/",
    "add": "/admin/timeline/event/add/",
    "change": "/admin/timeline/event/{pk}/change/",
    "actor": "/admin/timeline/actor/add/",
    "sources": "/admin/timeline/source/",
    "source": "/admin/timeline/source/{source}/change/",
    "draft": "/admin/timeline/event/{draft}/delete/",
    "account": "/admin/auth/user/add/",
    "worklists": "/admin/worklists/",
    "terms": "/admin/timeline/term/",
    "term": "/admin/timeline/term/add/",
    "missing": "/admin/timeline/term/missing/ko/",
    "category": "/admin/timeline/category/add/",
    "versions": "/admin/timeline/event/{pk}/versions/",
    "changes": "/admin/timeline/change/",
    "releases": "/admin/timeline/datasetrelease/",
    "release": "/admin/timeline/datasetrelease/add/",
    "new story": "/admin/timeline/story/add/",
    "story": "/admin/timeline/story/{story}/change/",
    "withdraw a story": "/admin/timeline/story/{story}/withdraw/",
    "period": "/admin/timeline/period/add/",
}


@pytest.fixture
def event():
    made = make_event(
        title="Something happens with everything",
        category=make_category("Summit"),
        actors=[make_actor("북한"), make_actor("Russia")],
        place=make_place("Sudzha"),
    )
    cite(made, stance="denies", speaker=make_actor("Kremlin"))
    count_figure(made)
    return Event.objects.get(pk=made.pk)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe(page, event, troubles, width, scheme):
    sign_in(page)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    source, draft = event.citations.first().source_id, make_draft().pk
    story = make_story(event, make_draft()).pk
    found = {}
    for name, address in PAGES.items():
        page.goto(address.format(pk=event.pk, source=source, draft=draft, story=story))
        if name in ("add", "change", "story"):
            page.wait_for_selector("select[data-mended]", state="attached")
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        if lines := violations(page, ("serious", "critical")):
            found[name] = lines
        assert sideways(page) <= 0, name
    # axe writes a style element of its own, which the policy refuses.
    troubles.clear()
    assert found == {}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_where_two_are_merged_and_with_what_waits(page, event, troubles, width, scheme):
    other = make_event(title="The same, told again", actors=[make_actor("Kim")])
    copies.begin(make_event(title="An event that is being changed"), by=None)
    events.send_to_review([make_draft(title="A draft to be read")], by=None)
    sign_in(page)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto("/admin/")
    page.get_by_role("heading", name="In review").wait_for()
    page.get_by_role("heading", name="Changes to published events").wait_for()
    assert violations(page, ("serious", "critical")) == []
    assert sideways(page) <= 0
    page.goto("/admin/timeline/event/")
    for each in (event, other):
        page.locator(f"input[name=_selected_action][value='{each.pk}']").check()
    page.locator("select[name=action]").select_option("merge_events")
    page.get_by_role("button", name="Run").or_(page.get_by_role("button", name="Go")).click()
    page.get_by_text("Which one stays?").wait_for()
    assert violations(page, ("serious", "critical")) == []
    assert sideways(page) <= 0
    troubles.clear()


def test_axe_with_errors_and_an_open_list_of_names(page, event, troubles):  # noqa: ARG001
    sign_in(page)
    page.goto("/admin/timeline/event/add/")
    page.wait_for_selector("select[data-mended]", state="attached")
    page.locator("#id_status_2").check()
    page.locator("[name=_save]").click()
    page.wait_for_selector("#problems")
    page.wait_for_selector("select[data-mended]", state="attached")
    assert violations(page, ("serious", "critical")) == []
    page.locator("#id_actors + .select2 .select2-search__field").click()
    page.keyboard.type("Kreml")
    page.wait_for_selector(".select2-results__option--highlighted")
    assert violations(page, ("serious", "critical")) == []
    assert sideways(page) <= 0
    troubles.clear()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (375, "light")])
def test_axe_with_a_conflict_and_with_a_form_that_is_kept(page, event, troubles, width, scheme):
    sign_in(page)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto(PAGES["change"].format(pk=event.pk))
    page.locator("#id_title").fill("My title stands here now")
    event.title = "Their title stands here now"
    event.save()
    page.locator("[name=_save]").click()
    page.wait_for_selector(".dl-both")
    assert violations(page, ("serious", "critical")) == []
    assert sideways(page) <= 0
    page.context.clear_cookies(name="dateline-session")
    page.get_by_role("button", name="Save with these choices").click()
    page.wait_for_selector(".dl-kept")
    assert violations(page, ("serious", "critical")) == []
    assert sideways(page) <= 0
    troubles.clear()
