"""The site in Korean and from right to left, in a real browser: nothing runs out of the page, no
word of Hangul is broken, and the switch leads to the same page."""

import re

import pytest
from playwright.sync_api import expect

from tests import pseudo
from tests.browser.accessibility import EVERYTHING, sideways, violations
from tests.loaded import demo_record
from timeline.models import Event

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = (320, 1280)


@pytest.fixture(autouse=True)
def demo():
    demo_record()


def pages():
    event = Event.objects.get(title__startswith="Trump and Kim hold their first")
    return ("/?year=2018", event.get_absolute_url(), "/chart/?from=2024-07&to=2025-06", "/data/")


def test_from_right_to_left_nothing_runs_out_of_the_page(page):
    with pseudo.offered(rtl=True):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for address in pages():
                page.goto(pseudo.PREFIX + address)
                assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
                assert sideways(page) <= 0, f"{address} at {width}"
        # The brand begins the line, the record's own words run from left to right.
        brand = page.locator(".brand").bounding_box()
        assert brand["x"] + brand["width"] > 1200
        page.goto(pseudo.PREFIX + pages()[1])
        title = page.locator(".native [lang=en]").first
        assert title.evaluate("each => getComputedStyle(each).direction") == "ltr"


# A line of a text ends where its last letter's box does; a word lies in two where its letters do.
_BROKEN = """() => {
  const broken = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (!node.parentElement.checkVisibility()) continue;
    for (const word of node.data.matchAll(/[\\uac00-\\ud7af]{2,}/g)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const boxes = [...range.getClientRects()].filter((box) => box.width > 1);
      if (new Set(boxes.map((box) => Math.round(box.top))).size > 1) broken.push(word[0]);
    }
  }
  return broken;
}"""


def test_no_korean_word_is_broken(page):
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for address in pages():
            page.goto(f"/ko{address}")
            assert page.evaluate(_BROKEN) == [], f"{address} at {width}"
            assert sideways(page) <= 0, f"{address} at {width}"


def test_korean_pages_are_accessible(page, troubles):
    page.set_viewport_size({"width": 320, "height": 900})
    for address in pages():
        page.goto(f"/ko{address}")
        assert violations(page, tags=EVERYTHING) == [], address
    troubles.clear()  # axe adds a style element, which the policy refuses


def test_a_reader_changes_the_language_and_back(page):
    page.goto("/?year=2018")
    page.get_by_role("navigation", name="Language").get_by_role("link", name="한국어").click()
    expect(page).to_have_url(re.compile(r"/ko/\?year=2018$"))
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    page.get_by_role("banner").get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
