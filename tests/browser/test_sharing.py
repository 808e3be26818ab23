"""Frames on another page, the share panel and the preview, in a real browser."""

import html
import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import EVERYTHING, sideways, violations
from tests.loaded import demo_record
from timeline.demo.load import rows
from timeline.web.outgoing import FITTING

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def demo():
    demo_record()


def event(key="nis-300-2700"):
    return next(row["public_id"] for row in rows("events") if row["key"] == key)


FRAMES = (
    "/embed/?actor=north-korea&year=2024",
    "/embed/actors/kim-jong-un/",
    "/embed/?theme=dark",
    "/embed/?year=0",
    "/embed/?q=nothinghasthis",
    "/embed/events/nothing/",
)


@pytest.mark.parametrize(("width", "scheme"), [(640, "light"), (320, "dark")])
def test_axe_finds_nothing_in_frames(page, troubles, width, scheme):
    page.set_viewport_size({"width": width, "height": 700})
    page.emulate_media(color_scheme=scheme)
    found = {}
    for address in (*FRAMES, f"/embed/events/{event()}/"):
        page.goto(address)
        if lines := violations(page, tags=EVERYTHING):
            found[address] = lines
        assert sideways(page) <= 0, address
    troubles.clear()  # axe adds a style element, which the policy refuses
    assert found == {}


@pytest.mark.parametrize("address", ["/?actor=north-korea&year=2024", "event"])
def test_axe_finds_nothing_in_an_open_panel(page, troubles, address):
    page.goto(f"/e/{event()}" if address == "event" else address)
    page.locator(".share > summary").click()
    page.locator(".share summary", has_text="Cite").click() if address != "event" else None
    found = violations(page, tags=EVERYTHING)
    troubles.clear()
    assert found == []


def host(context, live_server, frames, script=FITTING):
    """A page of somebody else's, with frames of ours, at an address that isn't ours to answer."""
    body = f"<!doctype html><title>Host</title>{frames}<script>{script}</script>"
    context.route("**/host-page", lambda route: route.fulfill(body=body, content_type="text/html"))
    page = context.new_page()
    page.goto(f"{live_server.url}/host-page")
    return page


def copied(page):
    """The markup of the frame, as it is copied from a page's panel."""
    menu = re.search(r'<textarea id="sh-e"[^>]*>(.*?)</textarea>', page.content(), re.DOTALL)
    return html.unescape(html.unescape(menu[1]))


def test_the_copied_frame_fits_itself_to_its_content(context, live_server, page, settings):
    settings.SITE_URL = live_server.url
    page.goto("/?actor=north-korea&year=2024")
    markup = copied(page)
    other = host(context, live_server, markup)
    frame = other.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text(
        "51 events involving North Korea, in 2024"
    )
    other.wait_for_function("document.querySelector('iframe').height > 1000")
    # Its style sheet came, though a sandboxed document is of no site.
    colour = frame.locator(".emb").evaluate("each => getComputedStyle(each).borderTopStyle")
    assert colour == "solid"
    wide = int(other.locator("iframe").get_attribute("height"))
    other.locator("iframe").evaluate("each => { each.width = 320; }")
    other.wait_for_function(f"document.querySelector('iframe').height > {wide}")
    # All of it is seen.
    assert frame.locator("html").evaluate("each => each.scrollHeight <= innerHeight + 1")


def test_a_link_in_a_frame_opens_the_page_beside_it(context, live_server, page, settings):
    settings.SITE_URL = live_server.url
    page.goto(f"/e/{event()}")
    other = host(context, live_server, copied(page))
    with context.expect_page() as opened:
        other.frame_locator("iframe").get_by_role("heading", level=1).get_by_role("link").click()
    opened.value.wait_for_url(f"**/events/{event()}-**")
    assert other.url.endswith("/host-page")
    assert context.cookies() == []


def test_no_other_page_shows_in_a_frame(context, live_server, page, troubles):
    assert page
    other = host(context, live_server, "<iframe src='/about/'></iframe><iframe src='/embed/'>")
    expect(other.frame_locator("iframe >> nth=1").get_by_role("list").first).to_be_visible()
    assert "About" not in (other.frames[1].content() or "")
    troubles.clear()


def test_what_is_copied_is_what_is_shown(page, context, live_server):
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    page.goto("/?year=2024")
    page.locator(".share > summary").click()
    for label in ("Permanent address", "For your own page"):
        field = page.get_by_label(label, exact=True)
        field.locator("xpath=following-sibling::button").click()
        assert page.evaluate("navigator.clipboard.readText()") == field.input_value()
    # The panel follows the list when a filter is applied without a new page.
    page.get_by_role("link", name="Remove filter: Year: 2024").click()
    expect(page.locator("#said")).to_contain_text("153 events")
    page.locator(".share > summary").click()
    assert "year" not in page.get_by_label("Permanent address").input_value()


def test_a_frame_is_tried_without_script(browser, live_server):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/?actor=north-korea&year=2024")
    page.locator(".share > summary").click()
    page.get_by_role("link", name="Preview and options").click()
    page.get_by_label("Colours").select_option("dark")
    page.get_by_label("Height in pixels").fill("500")
    page.get_by_role("button", name="Show").click()
    assert page.url.endswith("/share/?actor=north-korea&year=2024&theme=dark&height=500")
    assert 'height="500"' in page.get_by_label("Markup of the frame").input_value()
    frame = page.frame_locator("iframe >> nth=0")
    expect(frame.get_by_role("heading", level=1)).to_contain_text("51 events")
    assert page.locator("iframe").count() == 2
    assert context.cookies() == []
    context.close()


def test_pages_of_sharing_and_data_never_scroll_sideways(page):
    for width in (375, 320):
        page.set_viewport_size({"width": width, "height": 700})
        for address in ("/data/", "/share/?year=2024", f"/share/events/{event()}/"):
            page.goto(address)
            assert sideways(page) <= 0, (address, width)
        page.goto("/?year=2024")
        page.locator(".share > summary").click()
        assert sideways(page) <= 0, width
