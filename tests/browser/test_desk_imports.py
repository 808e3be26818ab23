"""An import by keyboard alone, without script too, and its pages without barriers."""

import pytest

from tests.browser.accessibility import sideways, violations
from tests.browser.desk import focused, sign_in, tab
from tests.commands import database_url
from tests.make import make_draft
from timeline.intake import beside
from timeline.models import Event
from timeline.models.uploads import Upload

pytestmark = pytest.mark.django_db(transaction=True)

SHEET = """Year,Month,Day,Headline,Text
2024,10,20,An event that was there,Words.
2024,10,21,A new event of the file,Words.
2024,13,1,An event of a thirteenth month,Words.
"""
WIDTHS = [(1280, "light"), (320, "dark")]


@pytest.fixture(autouse=True)
def place(monkeypatch, settings, tmp_path):
    """Programs beside the server work on the database of the tests."""
    monkeypatch.setenv("DATABASE_URL", database_url())
    settings.DATA_DIR = tmp_path


def choose(page, content=SHEET, name="events.csv"):
    file = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    page.locator("#id_file").set_input_files(files=[file])


def upload(page, content=SHEET, name="events.csv"):
    page.goto("/admin/imports/new/")
    choose(page, content, name)
    page.get_by_role("button", name="Upload and check").click()


def until(page, wanted):
    """Press Tab until this is in focus; what was passed on the way."""
    passed = []
    while (at := tab(page)) != wanted:
        passed.append(at)
        assert len(passed) < 60, passed
    return passed


def test_by_keyboard_alone(page):
    make_draft(title="An event that was there", date="2024-10-20")
    sign_in(page)
    page.goto("/admin/imports/new/")
    page.locator("#id_file").focus()
    choose(page)  # the dialog of the system is out of a test's reach
    assert [tab(page) for _stop in range(4)] == ["id_format", "id_publish", "id_background", ""]
    page.keyboard.press("Enter")
    page.wait_for_selector(".dl-rows")
    until(page, page.locator(".dl-choose input").first.get_attribute("id"))
    page.keyboard.press("ArrowRight")
    assert focused(page).endswith("-import")
    until(page, "leave_out")
    page.keyboard.press("Space")
    # The decision is kept by the button that stands beside it.
    page.keyboard.press("Shift+Tab")
    page.get_by_role("button", name="Keep these decisions").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Import 2 events as drafts").wait_for()
    until(page, "leave_out")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".dl-counts")
    assert Event.objects.count() == 3


def test_without_script_the_progress_asks_for_itself(browser, live_server, page):
    sign_in(page)
    upload(page)
    page.wait_for_selector(".dl-rows")
    address = page.url
    state = page.context.storage_state()
    plain = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=state
    )
    Upload.objects.update(state="applying", host="elsewhere", started_at="2999-01-01T00:00Z")
    tab_without = plain.new_page()
    tab_without.goto(address)
    tab_without.get_by_text("is being imported").wait_for()
    Upload.objects.update(state="checked")
    tab_without.wait_for_selector(".dl-rows")
    plain.close()


def test_with_script_the_progress_moves_and_ends(page):
    sign_in(page)
    upload(page)
    page.wait_for_selector(".dl-rows")
    made = Upload.objects.get()
    lock = beside._locked(made.pk)
    Upload.objects.update(state="applying", host=beside.here(), started_at="2026-01-01T00:00Z")
    page.reload()
    page.get_by_text("Starting").wait_for()
    beside.teller(lock)(1_200, 50_000)
    page.get_by_text("1200 of 50000 rows checked once more").wait_for()
    Upload.objects.update(state="checked")
    page.wait_for_selector(".dl-rows")


@pytest.mark.parametrize(("width", "scheme"), WIDTHS)
def test_axe(page, troubles, width, scheme):
    make_draft(title="An event that was there", date="2024-10-20", summary="")
    sign_in(page)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)

    def hold(what):
        assert violations(page, ("serious", "critical")) == [], what
        assert sideways(page) <= 0, what

    page.goto("/admin/imports/")
    hold("nothing imported yet")
    page.goto("/admin/imports/new/")
    hold("upload")
    page.get_by_role("button", name="Upload and check").click()
    page.wait_for_selector("#problems")
    hold("upload with a problem")
    upload(page)
    page.wait_for_selector(".dl-rows")
    page.locator(".dl-choose").wait_for()
    page.locator(".dl-det summary").click()
    hold("check with both side by side")
    address = page.url
    page.goto("/admin/imports/")
    hold("waiting")
    Upload.objects.update(state="applying", host="elsewhere", started_at="2999-01-01T00:00Z")
    page.goto(address)
    hold("progress")
    Upload.objects.update(state="checked", said="It stopped before its end.")
    page.goto(address)
    hold("stopped")
    page.locator("#leave_out").check()
    page.get_by_role("button", name="as draft").click()
    page.wait_for_selector(".dl-counts")
    hold("past import")
    page.goto("/admin/imports/")
    hold("list")
    troubles.clear()


@pytest.mark.parametrize(("width", "scheme"), WIDTHS)
def test_axe_over_the_columns(page, troubles, width, scheme):
    sign_in(page)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    upload(page, "When,What,Who\n3/4/2024,Something,A; B\n2024,Something else,\n", "things.csv")
    page.wait_for_selector(".dl-columns")
    for button in ("Show twenty rows", "Check the rows"):
        page.locator("#columns details").evaluate("group => { group.open = true; }")
        page.locator("#id_system").fill("things" if button.startswith("Show") else "")
        page.get_by_role("button", name=button).click()
        page.wait_for_selector("#preview" if button.startswith("Show") else "#problems")
        assert violations(page, ("serious", "critical")) == [], button
        assert sideways(page) <= 0, button
    troubles.clear()
