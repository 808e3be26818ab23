"""The editor's work in a real browser: an event by keyboard, a conflict, a preview."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import PASSWORD, focused, sign_in, tab
from tests.make import make_actor, make_category, make_event
from timeline.models import Event, Source

pytestmark = pytest.mark.django_db(transaction=True)

LINK = "https://news.example.org/2018/06/12/summit"


@pytest.fixture
def desk(page):
    make_category("Summit", order=1)
    make_category("Weapons test", order=2, default_role="perpetrator")
    kim = make_actor("Kim Jong Un", kind="person")
    kim.names.create(name="김정은", language="ko", folded="김정은")
    make_actor("Donald Trump", kind="person")
    sign_in(page)
    page.goto("/admin/timeline/event/add/")
    page.wait_for_selector(".select2-selection")
    return page


def choose(page, name, shown):
    page.keyboard.type(name)
    page.locator(".select2-results__option", has_text=shown).first.wait_for()
    page.locator(".select2-results__option--highlighted", has_text=shown).wait_for()
    page.keyboard.press("Enter")


def test_the_singapore_summit_by_keyboard(desk):
    page = desk
    assert focused(page) == "id_citations-0-link"
    page.keyboard.type(LINK)
    stops = [tab(page)]
    page.keyboard.type("Kim Jong Un and Donald Trump meet in Singapore")
    stops.append(tab(page))
    page.keyboard.type("12 June 2018")
    expect(page.locator("[data-say=date]")).to_contain_text("12 June 2018")
    stops.append(tab(page))
    page.keyboard.type("summ")
    stops.append(tab(page))
    choose(page, "김정은", "Kim Jong Un")
    choose(page, "trump", "Donald Trump")
    stops.append(tab(page))
    page.keyboard.type("They sign a joint statement.")
    stops.append(tab(page))
    choose(page, "Singapore", "Singapore (new place)")
    stops += [tab(page) for _stop in range(4)]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-say=publish]")).to_have_text("Ready. Saving publishes it.")
    expect(page.locator(".select2-selection__choice [lang=ko]")).to_have_text("김정은")
    stops.append(tab(page))
    assert stops == [
        "id_title",
        "id_date",
        "id_category",
        "id_actors",
        "id_summary",
        "id_place",
        "id_citations-0-stance",
        "Speaker, quote, place in the text (source 1)",
        "Add another Source",
        "id_status_0",
        "_save",
    ]
    assert len(stops) <= 12
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/timeline/event/")
    event = Event.objects.get()
    assert (event.status, event.date, event.place.name) == ("published", "2018-06-12", "Singapore")
    assert [str(part) for part in event.participations.all()] == [
        "Kim Jong Un (Participant)",
        "Donald Trump (Participant)",
    ]
    assert event.citations.get().source.publisher.name == "news.example.org"
    page.goto("/")
    expect(
        page.get_by_role("link", name="Kim Jong Un and Donald Trump meet in Singapore")
    ).to_be_visible()


def test_the_date_reads_back_and_a_wrong_one_says_what_to_write(desk):
    page = desk
    date = page.locator("#id_date")
    back = page.locator("[data-say=date]")
    date.fill("autumn 2024")
    expect(back).to_contain_text("autumn 2024")
    expect(back).to_contain_text("season precision, 1 September – 30 November 2024")
    date.fill("10/11/12")
    expect(back).to_contain_text("two ways")


def test_refusals_keep_everything_typed_and_take_the_focus(desk):
    page = desk
    page.locator("#id_title").fill("Something without a source happens")
    page.locator("#id_date").fill("October 2024")
    page.locator("#id_actors + .select2 .select2-search__field").click()
    choose(page, "A new committee", "A new committee (new actor)")
    page.locator("#id_status_2").check()
    page.keyboard.press("Control+Enter")
    problems = page.locator("#problems")
    expect(problems).to_contain_text("Not published: 2 things to mend")
    expect(problems).to_contain_text("Choose a category.")
    expect(problems).to_contain_text("Add a source")
    assert focused(page) == "problems"
    expect(page.locator("#id_title")).to_have_value("Something without a source happens")
    expect(page.locator("#id_date")).to_have_value("October 2024")
    expect(page.locator(".select2-selection__choice")).to_contain_text("A new committee")
    assert Event.objects.count() == 0


def test_saving_from_a_field_of_names_and_pressing_twice_makes_one_event(desk):
    page = desk
    page.locator("#id_title").fill("Somebody is impatient today")
    page.locator("#id_date").fill("October 2024")
    page.locator("#id_actors + .select2 .select2-search__field").click()
    choose(page, "trump", "Donald Trump")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/admin/timeline/event/")
    assert [str(each.actor) for each in Event.objects.get().participations.all()] == [
        "Donald Trump"
    ]


def test_going_back_brings_the_text_and_says_that_it_is_saved(desk):
    page = desk
    page.locator("#id_citations-0-link").fill(LINK)
    page.locator("#id_title").fill("Somebody goes back to the form")
    page.locator("#id_date").fill("October 2024")
    page.locator("[name=_save]").click()
    page.wait_for_url("**/admin/timeline/event/")
    page.go_back()
    expect(page.locator("#id_date")).to_have_value("October 2024")
    expect(page.locator("[data-say=date]")).to_contain_text("month precision")
    expect(page.locator("[data-say=title]")).to_contain_text("100 % alike")
    expect(page.locator("[data-say=link]")).to_contain_text("same link")


def test_a_sign_in_that_ends_costs_no_word(desk):
    page = desk
    page.locator("#id_title").fill("The sign-in ends while I type")
    page.locator("#id_date").fill("October 2024")
    page.locator("#id_actors + .select2 .select2-search__field").click()
    choose(page, "A new committee", "A new committee (new actor)")
    page.context.clear_cookies(name="dateline-session")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to go on")
    assert focused(page) == "id_again-username"
    page.keyboard.type("ada")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/timeline/event/")
    event = Event.objects.get()
    assert event.title == "The sign-in ends while I type"
    assert event.participations.get().actor.name == "A new committee"


def test_a_preview_shows_the_public_page_and_saves_nothing(desk):
    page = desk
    page.locator("#id_citations-0-link").fill(LINK)
    page.locator("#id_title").fill("A preview shows this title")
    page.locator("#id_date").fill("autumn 2024")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview").click()
    preview = opened.value
    expect(preview.get_by_role("heading", level=1)).to_contain_text("A preview shows this title")
    expect(preview.locator("body")).to_contain_text("utumn 2024")
    assert Event.objects.count() == Source.objects.count() == 0


def test_two_people_save_one_event(page, browser, live_server):
    make_category("Summit")
    event = make_event(title="The first title stands here", summary="Old.")
    address = f"/admin/timeline/event/{event.pk}/change/"
    sign_in(page)
    page.goto(address)
    page.locator("#id_title").fill("My title stands here now")
    page.locator("#id_summary").fill("My summary.")
    other = browser.new_context(base_url=live_server.url).new_page()
    sign_in(other, "jae")
    other.goto(address)
    other.locator("#id_title").fill("Their title stands here now")
    other.locator("#id_date").fill("autumn 2024")
    other.locator("[name=_save]").click()
    other.wait_for_url("**/admin/timeline/event/")
    other.context.close()
    page.locator("[name=_save]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Someone else saved this event")
    expect(page.locator(".dl-both")).to_have_count(1)
    expect(page.locator(".dl-both")).to_contain_text("Their title stands here now")
    expect(page.locator(".dl-auto")).to_contain_text(
        re.compile("Summary.*only you changed it", re.DOTALL)
    )
    expect(page.locator(".dl-auto")).to_contain_text("Date")
    page.get_by_role("button", name="Save with these choices").click()
    page.wait_for_url("**/admin/timeline/event/")
    event = Event.objects.copies().get()
    assert (event.title, event.summary, event.date) == (
        "My title stands here now",
        "My summary.",
        "2024-23",
    )
