"""Pasted links in a browser: the event form fills in place, many links are asked one by one."""

import os

import pytest

from tests.browser.accessibility import sideways, violations
from tests.browser.desk import sign_in
from tests.intake import stand_in
from tests.intake.stand_in import answer
from tests.make import make_event, make_source
from timeline.intake import fetching, turns
from timeline.models import Event

SHOTS = os.environ.get("SHOTS", "")
LINK = "http://paper.example/a"
ARTICLE = answer(
    body=(
        b'<!doctype html><html lang="ko"><head><title>Leaders sign a treaty in the capital</title>'
        b'<meta property="og:site_name" content="The Paper">'
        b'<meta name="author" content="Jane Doe">'
        b'<meta property="article:published_time" content="2024-03-05T10:00:00Z">'
        b"</head><body><p>Words.</p></body></html>"
    )
)


@pytest.fixture
def web(monkeypatch, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    settings.FETCH_LINKS = True
    with stand_in.web() as stand:
        monkeypatch.setattr(fetching, "PUBLIC_NET", stand.net())
        stand.pages["/a"] = ARTICLE
        yield stand


def shot(page, name):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-{page.viewport_size['width']}.png", full_page=True)


@pytest.mark.usefixtures("web")
def test_the_event_form_is_filled_in_place(page, troubles):
    sign_in(page)
    page.goto("/admin/timeline/event/add/")
    button = page.get_by_role("button", name="Fill in from the link").first
    assert not button.is_visible()
    page.get_by_label("Link to start from").fill(LINK)
    page.keyboard.press("Tab")
    page.locator("#id_summary").fill("Mine")
    button.click()
    page.get_by_text("The page says:").wait_for()
    assert page.locator("#id_title").input_value() == "Leaders sign a treaty in the capital"
    assert page.locator("#id_date").input_value() == "2024-03-05"
    assert page.locator("#id_summary").input_value() == "Mine"
    assert violations(page) == []
    troubles.clear()  # axe itself styles the page
    shot(page, "event")
    page.locator("#id_title").fill("A treaty is signed")
    button.click()
    page.get_by_text("The page says:").wait_for()
    assert page.locator("#id_title").input_value() == "A treaty is signed"
    page.locator("[name=_save]").click()
    page.wait_for_url("**/event/")
    source = Event.objects.get().citations.get().source
    assert (source.title, source.authors) == ("Leaders sign a treaty in the capital", "Jane Doe")


@pytest.mark.parametrize("width", [1280, 375])
def test_many_links_are_asked_one_by_one(page, web, monkeypatch, troubles, width):
    monkeypatch.setattr(turns, "A_MINUTE", 3)
    now = [0.0]

    def clock():  # a minute passes with each question that has to wait
        now[0] += 25
        return now[0]

    monkeypatch.setattr(turns.time, "time", clock)
    known = make_source(url="http://paper.example/known", title="A source that is known")
    make_event(title="An event that uses it", sources=[known])
    web.pages["/gone"] = answer(404)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page)
    page.goto("/admin/timeline/event/from-links/")
    shot(page, "links-empty")
    page.get_by_label("Links").fill(
        f"{LINK}\nhttp://paper.example/gone\nhttp://paper.example/known\nnonsense"
    )
    page.get_by_role("button", name="Ask the pages").click()
    page.get_by_text("left in the box").wait_for()
    assert page.locator("fieldset.dl-link").count() == 3
    assert page.get_by_label("Links").input_value() == "nonsense"
    shot(page, "links-rows")
    assert violations(page) == []
    troubles.clear()  # axe itself styles the page
    assert not sideways(page)
    page.locator("#id_row-1-make").select_option("nothing")
    page.get_by_role("button", name="Make the drafts").click()
    page.get_by_text("This is the day of the article").wait_for()
    shot(page, "links-error")
    assert violations(page) == []
    troubles.clear()  # axe itself styles the page
    page.get_by_label("It happened on this day").first.check()
    page.get_by_role("button", name="Make the drafts").click()
    page.get_by_text("Made: 1 draft, 1 new source.").wait_for()
    assert Event.objects.filter(status="draft").get().date == "2024-03-05"


@pytest.mark.usefixtures("web")
@pytest.mark.parametrize("width", [1280, 375])
def test_a_source_is_filled_in_by_a_post(page, troubles, width):
    source = make_source(url=LINK, title="", authors="", published="")
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page)
    page.goto(f"/admin/timeline/source/{source.pk}/change/")
    page.get_by_role("button", name="Fill in from the link").click()
    page.get_by_text("nothing is saved yet").wait_for()
    assert page.get_by_label("Title", exact=True).input_value() == (
        "Leaders sign a treaty in the capital"
    )
    page.locator("details").first.evaluate("each => each.open = true")
    shot(page, "source")
    assert violations(page) == []
    troubles.clear()  # axe itself styles the page
    assert not sideways(page)
