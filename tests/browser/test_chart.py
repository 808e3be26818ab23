"""The chart in a real browser: by links alone, and what a script adds to them."""

import pytest
from playwright.sync_api import expect

from tests.loaded import demo_record

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = "/chart/?from=2024-07&to=2025-06"


@pytest.fixture(autouse=True)
def demo():
    demo_record()


def heading(page):
    return page.get_by_role("heading", level=1)


def test_without_a_script_every_mark_is_a_link(browser, live_server):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(YEAR)
    marks = page.locator(".lanes g[role=group] a")
    named = [mark.get_attribute("aria-label") for mark in marks.all()]
    assert all(named)
    assert len(named) > 50
    chosen = next(at for at, name in enumerate(named) if "events," not in name)
    marks.nth(chosen).click()
    beside = page.locator("#chosen")
    assert named[chosen].startswith(beside.locator("h3").inner_text())
    assert named[chosen].endswith(beside.locator("time").inner_text())
    beside.get_by_role("link", name="Close").click()
    assert page.url.endswith(YEAR)
    context.close()


def test_keys_move_the_chart_only_while_it_has_the_focus(page):
    page.goto(YEAR)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("+")
    assert page.url.endswith(YEAR)
    page.locator(".lanes").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/chart/?from=2023-07&to=2024-06")
    expect(heading(page)).to_contain_text("from July 2023 to June 2024")
    expect(page.locator("#moved")).to_contain_text("from July 2023 to June 2024")
    expect(page.locator(".lanes")).to_be_focused()
    assert "from July 2023 to June 2024" in page.title()
    page.keyboard.press("+")
    page.wait_for_url("**/chart/?from=2023-11&to=2024-01")
    page.keyboard.press("-")
    page.wait_for_url("**/chart/?from=2023-06&to=2024-05")
    for address, words in (
        ("?from=2023-11&to=2024-01", "from November 2023 to January 2024"),
        ("?from=2023-07&to=2024-06", "from July 2023 to June 2024"),
        ("?from=2024-07&to=2025-06", "87 events from July 2024 to June 2025"),
    ):
        page.go_back()
        page.wait_for_url(f"**/chart/{address}")
        expect(heading(page)).to_contain_text(words)
        assert words in page.title()


def test_dragging_moves_it_and_follows_no_mark(page):
    page.goto(YEAR)
    box = page.locator(".lanes").bounding_box()
    mark = page.locator(".lanes g[role=group] a").first.bounding_box()
    y = mark["y"] + mark["height"] / 2
    x = mark["x"] + mark["width"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + box["width"] / 4, y, steps=4)
    page.mouse.up()
    page.wait_for_url("**/chart/?from=2024-04&to=2025-03")
    expect(heading(page)).to_contain_text("from April 2024 to March 2025")
    expect(page.locator("#chosen")).to_have_count(0)


def test_a_pinch_and_a_wheel_zoom_where_they_are(page):
    page.goto(YEAR)
    box = page.locator(".lanes").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 250)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    page.wait_for_url("**/chart/?from=2025-03&to=2025-05")
    expect(heading(page)).to_contain_text("from March 2025 to May 2025")
    page.evaluate(
        """() => {
          const region = document.querySelector('.lanes');
          const at = (type, id, x) => region.dispatchEvent(new PointerEvent(type, {
            pointerId: id, pointerType: 'touch', clientX: x, clientY: 600, bubbles: true }));
          at('pointerdown', 1, 300); at('pointerdown', 2, 900);
          at('pointermove', 1, 500); at('pointermove', 2, 700);
          at('pointerup', 1, 500); at('pointerup', 2, 700);
        }"""
    )
    page.wait_for_url("**/chart/?from=2024-10&to=2025-09")


def test_a_mark_shows_its_event_beside_the_chart(page):
    page.goto(YEAR)
    mark = page.locator(".lanes g[role=group] a:not([aria-label*='events,'])").first
    name = mark.get_attribute("aria-label")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#chosen h3")).to_be_visible()
    assert name.startswith(page.locator("#chosen h3").inner_text())
    # The way through the marks goes on from where it was.
    expect(page.locator(f'.lanes g[role=group] a[aria-label="{name}"]')).to_be_focused()
    assert "event=" in page.url
    page.go_back()
    expect(page.locator("#chosen")).to_have_count(0)


def test_a_comparison_moves_both_sides(page):
    page.goto(
        "/compare/?a.from=2024-07&a.to=2025-06&a.category=statement"
        "&b.from=2024-07&b.to=2025-06&b.category=deployment"
    )
    page.locator(".lanes").focus()
    page.keyboard.press("+")
    page.wait_for_url("**a.from=2024-11&a.to=2025-01&**b.from=2024-11&b.to=2025-01&**")
    expect(page.locator("#side-B")).to_contain_text("from November 2024 to January 2025")
