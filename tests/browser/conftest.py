"""A real browser: `page` is a fresh tab in Chromium, `live_server` the site that it looks at.

Every test in this folder gets the marker `browser`. A page that meets a violation of the content
security policy, a script error or a request to another host fails its test.
"""

import os
from pathlib import Path

import pytest

from tests import at_hand
from tests.figures import figure

HERE = Path(__file__).parent

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


PATIENCE = 30_000
"""Milliseconds: others may need the processors meanwhile, and who finds at once doesn't wait."""

# Needs npm and a package registry; `make prove` only.
collect_ignore = [] if figure(0, 1) else ["test_timelinejs.py"]


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser():
    program = at_hand.chromium()
    if program is None:
        pytest.skip("Chromium is not at hand")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)

    # Playwright keeps an event loop in this thread; Django would refuse the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def troubles():
    """What went wrong in any page so far; a test that provokes something clears it."""
    return []


@pytest.fixture
def context(browser, live_server, troubles):
    """A browser without memory."""
    made = browser.new_context(
        base_url=live_server.url, viewport={"width": 1280, "height": 900}, locale="en-GB"
    )
    made.set_default_timeout(PATIENCE)

    def hear(message):
        if message.type == "error" and "Content Security Policy" in message.text:
            troubles.append(message.text)

    def see(request):
        if not request.url.startswith((live_server.url, "data:", "blob:")):
            troubles.append(f"request to another host: {request.url}")

    made.on("console", hear)
    made.on("weberror", lambda error: troubles.append(str(error.error)))
    made.on("request", see)
    yield made
    made.close()
    assert troubles == []


@pytest.fixture
def page(context):
    return context.new_page()
