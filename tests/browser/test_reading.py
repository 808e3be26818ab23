"""A reader's way through the pages in a real browser, on a desk and on a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import EVERYTHING, sideways, violations
from tests.loaded import demo_record
from timeline.demo.load import rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def demo():
    demo_record()


def event_address(key):
    return "/e/" + next(row["public_id"] for row in rows("events") if row["key"] == key)


def test_filter_by_actor_and_year_with_script(page):
    page.goto("/")
    expect(page.get_by_role("heading", level=2).filter(has_text="153 events")).to_be_visible()
    page.locator("input[name=actor][value=north-korea]").check()
    page.locator("input[name=year][value='2024']").check()
    page.get_by_role("button", name="Apply").first.click()
    page.wait_for_url("**/?actor=north-korea&year=2024")
    expect(page.locator("main")).to_contain_text("51 events involving North Korea, in 2024")
    page.go_back()
    expect(page.locator("main")).to_contain_text("153 events")
    page.go_forward()
    expect(page.locator("#said")).to_contain_text("51 events involving North Korea, in 2024")
    page.get_by_role("link", name="Remove filter: Actor: North Korea").click()
    expect(page.locator("#said")).to_contain_text("59 events in 2024")
    assert page.url.endswith("/?year=2024")


def test_the_find_box_knows_every_name(page):
    page.goto("/")
    box = page.locator("#find-actor")
    north = page.locator("label.opt", has=page.locator("input[name=actor][value=north-korea]"))
    other = page.locator("label.opt", has=page.locator("input[name=actor][value=russia]"))
    for name in ("DPRK", "북한", "north"):
        box.fill(name)
        expect(other).to_be_hidden()
        expect(north).to_be_visible()
    # One that is not in the panel comes from the index of all, by its own script too.
    box.fill("문재인")
    page.get_by_label("Moon Jae-in").check()
    page.get_by_role("button", name="Apply").first.click()
    page.wait_for_url("**/?actor=moon-jae-in")
    expect(page.locator("#said")).to_contain_text("involving Moon Jae-in")


def test_look_back_to_a_day_and_return(page):
    page.goto("/")
    page.locator("summary", has_text="As known on").click()
    page.locator("input[name=known_by]").fill("2024-11-15")
    page.get_by_role("button", name="Apply").first.click()
    page.wait_for_url("**/?known_by=2024-11-15")
    expect(page.locator(".then")).to_contain_text("As known on 15 November 2024.")
    expect(page.locator(".counts")).to_contain_text("85 events")
    # Within the day only the list is swapped, and the way back follows it.
    page.locator("input[name=year][value='2024']").check()
    page.get_by_role("button", name="Apply").first.click()
    page.wait_for_url("**/?year=2024&known_by=2024-11-15")
    expect(page.locator("#said")).to_contain_text("43 events in 2024, as known on 15 November 2024")
    expect(page.locator(".then a")).to_have_attribute("href", "/?year=2024")
    page.locator(".chron a[href^='/events/']").first.click()
    expect(page.locator(".then")).to_contain_text("As known on 15 November 2024.")
    page.go_back()
    page.get_by_role("link", name="Remove filter: As known on: 15 November 2024").click()
    page.wait_for_url("**/?year=2024")
    expect(page.locator(".then")).to_have_count(0)
    expect(page.locator(".counts")).to_contain_text("153 events")


def test_filter_without_script_and_follow_a_source(browser, live_server):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.locator("input[name=actor][value=north-korea]").check()
    page.locator("input[name=year][value='2024']").check()
    page.get_by_role("button", name="Apply").first.click()
    assert page.url.endswith("/?actor=north-korea&year=2024")
    assert page.locator("main").get_by_text("51 events involving North Korea, in 2024").count()
    page.locator("article h3 a, .ev h3 a").first.click()
    assert "/events/" in page.url
    links = page.locator("main a[href^='http']")
    assert links.count() >= 1
    assert context.cookies() == []
    context.close()


def test_a_phone_opens_the_filters_and_never_scrolls_sideways(page):
    for width in (375, 320):
        page.set_viewport_size({"width": width, "height": 700})
        for address in (
            "/",
            event_address("nis-300-2700"),
            "/actors/north-korea/",
            "/sources/",
            "/api/",
            "/chart/?from=2024-07&to=2025-06",
            "/compare/?a.actor=north-korea&b.actor=russia",
        ):
            page.goto(address)
            assert sideways(page) <= 0, (address, width)


PAGES = {
    "list": "/",
    "filtered": "/?actor=north-korea&year=2024",
    "compact": "/?view=compact",
    "actor": "/actors/kim-jong-un/",
    "about": "/about/",
    "sources": "/sources/",
    "then": "/?known_by=2024-11-15",
    "wrong": "/?year=0",
    "missing": "/nothing-here/",
    "figures": "/figures/",
    "metric": "/figures/troops_deployed/?year=2024",
    "coverage": "/coverage/",
    "chart": "/chart/?from=2024-07&to=2025-06",
    "lanes of actors": "/chart/by-actor/?year=2024",
    "lanes of publishers": "/chart/by-publisher/?year=2024",
    "comparison": "/compare/?a.category=statement&b.year=2024&b.category=deployment",
    "no comparison yet": "/compare/",
    "map": "/map/",
    "closer map": "/map/?from=2024-07&area=fit&mark=route.KP.RU",
    "data": "/data/",
    "share": "/share/?actor=north-korea&year=2024",
    "api": "/api/",
    "stories": "/stories/",
    "story": "/stories/who-counted-the-dead/",
}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing(page, troubles, width, scheme):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    found = {}
    for name, address in {**PAGES, "event": event_address("nis-300-2700")}.items():
        page.goto(address)
        if lines := violations(page, tags=EVERYTHING):
            found[name] = lines
    troubles.clear()  # axe adds a style element, which the policy refuses
    assert found == {}


def test_print_shows_every_event_and_the_addresses_of_sources(page):
    page.goto("/?actor=north-korea&year=2024")
    events = page.locator(".ev").count()
    page.emulate_media(media="print")
    assert page.locator(".ev:visible").count() == events == 50
    expect(page.locator(".filters").first).to_be_hidden()


def test_korean_and_russian_carry_their_language(page):
    page.goto("/actors/north-korea/")
    expect(page.locator("[lang=ko]", has_text="조선민주주의인민공화국").first).to_be_visible()
    expect(page.locator("[lang=ru]", has_text="КНДР").first).to_be_visible()
