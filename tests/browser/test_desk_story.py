"""A story in a real browser: its steps by keyboard, and by dragging."""

import pytest

from tests.browser.desk import sign_in
from tests.make import make_event, make_story
from timeline.models import Story
from timeline.models.choices import Status

pytestmark = pytest.mark.django_db(transaction=True)


def titles(story):
    return [step.event.title for step in story.steps.order_by("order")]


def test_a_story_by_keyboard_alone(page):
    make_event(title="They meet in Singapore", date="2018-06-12")
    sign_in(page)
    page.goto("/admin/timeline/story/add/")
    page.wait_for_selector("select[data-mended]", state="attached")
    page.get_by_label("Title", exact=True).first.focus()
    page.keyboard.type("Two summits")
    page.locator("#id_steps-0-order").focus()
    page.keyboard.type("1")
    page.keyboard.press("Tab")
    page.keyboard.type("singapore")
    page.locator(".select2-results__option--highlighted", has_text="12 Jun 2018").wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("It begins.")
    page.get_by_label("Status").select_option("published")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".messagelist .success")
    story = Story.objects.get()
    assert (story.status, titles(story)) == ("published", ["They meet in Singapore"])
    assert story.steps.get().note == "It begins."


def test_steps_are_dragged_into_another_order(page):
    story = make_story(*(make_event(title=name) for name in "ABC"), status=Status.DRAFT)
    sign_in(page)
    page.goto(f"/admin/timeline/story/{story.pk}/change/")
    page.wait_for_selector("select[data-mended]", state="attached")
    page.set_viewport_size({"width": 1280, "height": 3200})
    handle = page.locator("#steps-2 .dl-drag").bounding_box()
    page.mouse.move(handle["x"] + 5, handle["y"] + 8)
    page.mouse.down()
    page.mouse.move(handle["x"] + 8, handle["y"] - 20, steps=3)
    page.wait_for_selector(".dl-sorting")
    first = page.locator("#steps-0").bounding_box()
    page.mouse.move(first["x"] + 40, first["y"] + 20, steps=5)
    page.mouse.move(first["x"] + 40, first["y"] + 4, steps=2)
    page.mouse.up()
    assert page.locator("#id_steps-2-order").input_value() == "1"
    page.locator("input[name=_save]").click()
    page.wait_for_selector(".messagelist .success")
    assert titles(story) == ["C", "A", "B"]
