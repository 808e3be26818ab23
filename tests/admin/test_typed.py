"""What is typed is kept: sent twice, too much of it, numbers as a newsroom writes them."""

import pytest

from tests.admin.conftest import event_data
from tests.admin.sending import sent
from tests.make import make_actor, make_event, make_metric, make_source
from timeline.editing import events
from timeline.models import Event

pytestmark = pytest.mark.django_db
ADD = "/admin/timeline/event/add/"
LINK = {"link": "https://example.org/a", "stance": "reports"}


def figure(**fields):
    common = {"qualifier": "exact", "basis": "this_event", "state": "current"}
    return {"metric": make_metric().pk, **common, **fields}


def typed(page, **fields):
    """A filled add form that carries what the page gave it."""
    return event_data(opened=sent(page)["opened"][0], **fields)


def test_a_form_that_is_sent_twice_makes_one_event(root):
    data = typed(root.get(ADD), title="A double click happens here")
    assert root.post(ADD, data).status_code == 302
    again = root.post(ADD, data, follow=True)
    assert "“A double click happens here” is saved, once." in again.content.decode()
    assert Event.objects.count() == 1


def test_a_form_that_was_saved_and_is_then_changed_asks_first(root):
    data = typed(root.get(ADD), title="The first one is saved")
    root.post(ADD, data)
    page = root.post(ADD, {**data, "title": "Another one is typed", "summary": "With care."})
    text = page.content.decode()
    assert "This form is saved already, as “The first one is saved”." in text
    assert "Another one is typed" in text
    assert "With care." in text
    assert Event.objects.count() == 1
    data = {**data, "opened": sent(page)["opened"][0], "title": "Another one is typed"}
    assert root.post(ADD, data).status_code == 302
    assert Event.objects.count() == 2


def test_a_preview_does_not_use_the_form_up(root):
    data = typed(root.get(ADD), title="A preview comes before it is saved")
    del data["_save"]
    assert root.post(ADD, {**data, "_preview": "1"}).status_code == 200
    assert root.post(ADD, {**data, "_save": "1"}).status_code == 302
    assert root.post(ADD, {**data, "_preview": "1"}).status_code == 200
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("11000", "11000"),
        ("11,000", "11000"),
        ("1 234 567", "1234567"),
        ("6.3", "6.3"),
        ("-2", "-2"),
    ],
)
def test_numbers_as_a_newsroom_writes_them(root, written, number):
    assert root.post(ADD, event_data(LINK, figures=[figure(best=written)])).status_code == 302
    event = Event.objects.get()
    assert f"{event.figures.get().best.normalize():f}" == number
    page = root.get(f"/admin/timeline/event/{event.pk}/change/")
    assert sent(page)["figures-0-best"] == [number]
    assert root.post(page.request["PATH_INFO"], {**sent(page), "_save": "1"}).status_code == 302
    assert f"{Event.objects.get().figures.get().best.normalize():f}" == number


@pytest.mark.parametrize("written", ["1e3", "11.000,5", "1,00", "dozens", "٣", "NaN", "1_000"])
def test_other_numbers_are_refused_and_kept(root, written):
    page = root.post(ADD, event_data(LINK, figures=[figure(best=written)]))
    assert "Write a number, such as 11,000 or 6.3." in page.content.decode()
    assert sent(page)["figures-0-best"] == [written]


def test_a_figure_of_words_only(root):
    root.post(ADD, event_data(LINK, figures=[figure(text_value="dozens")]))
    assert Event.objects.get().figures.get().text_value == "dozens"
    page = root.post(ADD, event_data(LINK, figures=[figure(note="Nothing counted.")]))
    assert "A figure needs a number or its words, such as dozens." in page.content.decode()


def test_very_many_rows_are_saved(root):
    citations = [
        {"link": f"https://example.org/{number}", "stance": "reports", "locator": "", "quote": ""}
        | {"reference": "", "publisher": "", "note": "", "speaker": "", "id": "", "event": ""}
        for number in range(110)
    ]
    assert root.post(ADD, event_data(*citations)).status_code == 302
    assert Event.objects.get().citations.count() == 110


def test_what_is_to_be_mended_stands_in_the_order_of_the_page(root):
    data = event_data(
        {"link": "x", "stance": "denies"}, title="", date="10/11/12", status="published"
    )
    page = root.post(ADD, data).content.decode()
    sentences = ["Write a title", "two ways", "Choose a category", "A link begins with"]
    places = [page.index(each) for each in sentences]
    assert places == sorted(places)


def test_a_merged_event_is_shown_and_not_changed(root):
    event = make_event(title="The kept one is here")
    gone = make_event(title="The merged one is here")
    Event.objects.filter(pk=gone.pk).update(status="merged", merged_into=event)
    page = root.get(f"/admin/timeline/event/{gone.pk}/change/")
    assert page.status_code == 200
    assert b'name="_save"' not in page.content


def test_actors_keep_their_order_through_a_refusal(root):
    known = make_actor("Aardvark")
    given = ["new:Zebra", str(known.pk), "new:Beaver"]
    page = root.post(ADD, event_data(title="", actors=given))
    assert sent(page)["actors"] == given


def test_the_first_page_begins_with_events(root):
    page = root.get("/admin/").content.decode()
    places = [page.index(f">{name}<") for name in ("Events", "Sources", "Actors", "Users")]
    assert places == sorted(places)


def test_what_deserves_a_look_is_saved_and_said(root):
    old = make_source(url="https://example.org/old", published="2024-08")
    wrong = figure(low="9", best="5", as_of="2024-09", subject="Soldiers")
    data = event_data(
        {"link": old.url, "stance": "reports"}, figures=[wrong], title="\u0420utin travels there"
    )
    page = root.post(ADD, data, follow=True).content.decode()
    event = Event.objects.get()
    assert (event.figures.get().low, event.figures.get().best) == (9, 5)
    sentences = ["mixes Latin", "not in order", "before the event", "30 days older"]
    again = root.get(f"/admin/timeline/event/{event.pk}/change/").content.decode()
    for sentence in sentences:
        assert sentence in page
        assert sentence in again


def test_what_was_withdrawn_can_be_published_again(root):
    event = make_event()
    address = f"/admin/timeline/event/{event.pk}/change/"

    def save(**fields):
        return root.post(address, {**sent(root.get(address)), "_save": "Save", **fields})

    events.withdraw([event], by=None, reason="Wrong.")
    assert not Event.objects.public().exists()
    assert save(status="published").status_code == 302
    event.refresh_from_db()
    assert (event.status, event.version, event.withdrawal_reason) == ("published", 3, "")
