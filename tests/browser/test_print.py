"""On paper a page has every event whole, its sources with their addresses, and nothing to press."""

import re
import unicodedata

import pytest

from tests.browser.paper import read
from tests.browser.test_reading import event_address
from tests.loaded import demo_record

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = {
    "list": "/?actor=north-korea&year=2024",
    "compact": "/?view=compact&from=2024-07&to=2025-06",
    "actor": "/actors/kim-jong-un/?from=2025",
    "chart": "/chart/?from=2024-07&to=2025-06",
    "compare": "/compare/?a.category=statement&b.year=2024&b.category=deployment",
    "map": "/map/?from=2024-07&to=2025-06",
    "story": "/stories/the-road-to-kursk/",
    "figures": "/figures/killed/",
    "coverage": "/coverage/",
}
SIZES = {"A4": (596, 843, 680), "Letter": (612, 792, 703)}
"""Points of the paper, and CSS pixels between its margins."""
PRESSED = ("Skip to content", "Search events", "Apply", "Download", "Newest first", "Clear all")
CARDS = """() => [...document.querySelectorAll(".ev, .step")].map((card) => [
    card.querySelector("h2, h3, h4").innerText,
    ...[...card.querySelectorAll(".src a[href^=http]")].map((link) => link.getAttribute("href")),
])"""
WIDER = """(wide) => {
    document.documentElement.style.width = `${wide}px`;
    return [...document.querySelectorAll("main *, header *, footer *")]
        .filter((each) => !each.closest(".vh, .lbl, symbol, .map svg") && each.checkVisibility())
        // The last mark of a drawing may reach into the margin.
        .filter((a) => a.getBoundingClientRect().right > wide + (a.closest("svg") ? 14 : 1))
        .map((each) => `${each.tagName} ${each.getAttribute("class")} ${each.textContent}`);
}"""


@pytest.fixture(autouse=True)
def demo():
    demo_record()


def squeezed(text):
    """Its letters and digits: lines break anywhere, and a font may draw two signs alike."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text))


def printed(page, size, wide):
    """The pages of its PDF, after looking at what would stand beyond the edge."""
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 794, "height": 1100})
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(WIDER, wide) == []
    page.evaluate("document.documentElement.style.width = ''")
    return read(page.pdf(format=size))


def test_everything_stands_on_paper(page):
    for name, size in (*((name, "A4") for name in PAGES), ("chart", "Letter")):
        page.goto(PAGES[name])
        cards = page.evaluate(CARDS)
        titles = page.locator(":is(.ev, .step) h3 a")
        hrefs = titles.evaluate_all("all => all.map((a) => a.href)")
        width, height, wide = SIZES[size]
        papers = printed(page, size, wide)
        assert {(round(each.width), round(each.height)) for each in papers} == {(width, height)}
        for number, each in enumerate(papers, 1):
            assert f"{number} / {len(papers)}" in each.text
            assert len(each.text) > 40, f"an empty page: {name}"
        texts = [squeezed(each.text) for each in papers]
        for title, *sources in cards:
            # A card is whole: its title and the addresses of its sources are on one page.
            assert any(
                squeezed(title) in text and all(squeezed(source) in text for source in sources)
                for text in texts
            ), f"{name}: {title}"
        assert set(hrefs) <= {link for each in papers for link in each.links}, name
        whole = " ".join(each.text for each in papers)
        assert re.search(r"Printed on \d+ \w+ \d{4} from http://", whole), name
        assert not [words for words in PRESSED if words in whole], name
        for url in page.locator("[data-url]").evaluate_all("all => all.map((a) => a.dataset.url)"):
            assert any(squeezed(url) in text for text in texts), f"{name}: {url}"
        if name in ("list", "compact"):
            assert len(cards) == 50
        if name in ("chart", "map", "story"):
            assert len(cards) > 10
        if name == "list":
            assert "51 events involving North Korea, in 2024" in papers[0].text


def test_an_event_with_all_that_it_rests_on(page):
    page.goto(event_address("nis-300-2700"))
    links = page.locator(".slist h3 a")
    sources = links.evaluate_all("all => all.map((a) => [a.innerText, a.getAttribute('href')])")
    headings = page.locator("main h2").all_inner_texts()
    papers = printed(page, "A4", SIZES["A4"][2])
    texts = [squeezed(each.text) for each in papers]
    assert sources
    for title, href in sources:
        assert any(squeezed(title) in text and squeezed(href) in text for text in texts)
    whole = "".join(texts)
    assert squeezed(page.locator("h1").inner_text()) in whole
    assert any(heading.startswith("Sources ") for heading in headings)
    for text in texts:
        # No heading is the last of its page.
        assert not any(text.endswith(squeezed(heading)) for heading in headings)
    assert "Events resting on it" not in " ".join(each.text for each in papers)
