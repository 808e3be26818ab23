"""The event form: what it saves, what it refuses, and that a refusal leaves nothing behind."""

import pytest

from tests.admin.conftest import event_data
from tests.admin.sending import sent
from tests.make import make_actor, make_category, make_event, make_metric, make_publisher
from timeline.editing import events
from timeline.models import Actor, Change, Event, Place, Publisher, PublisherDomain, Source

pytestmark = pytest.mark.django_db
ADD = "/admin/timeline/event/add/"
LINK = "https://www.example.org/a?utm_source=x"


def change(event):
    return f"/admin/timeline/event/{event.pk}/change/"


def test_a_draft_needs_a_title_and_a_date_only(root):
    response = root.post(ADD, event_data())
    assert response.status_code == 302
    event = Event.objects.get()
    assert (event.status, event.date, event.created_by) == ("draft", "2024-10-20", root.user)
    assert list(Change.objects.values_list("kind", "model")) == [("created", "event")]


def test_everything_in_one_go(root):
    category = make_category(default_role="perpetrator")
    known = make_actor("Known")
    metric = make_metric()
    response = root.post(
        ADD,
        event_data(
            {"link": LINK, "stance": "reports"},
            {"link": "https://other.org/b", "stance": "denies", "speaker": "new:A ministry"},
            figures=[
                {
                    "metric": metric.pk,
                    "subject": "Soldiers",
                    "best": "300",
                    "qualifier": "about",
                    "basis": "cumulative",
                    "state": "current",
                    "attributed_to": known.pk,
                }
            ],
            category=category.pk,
            actors=[known.pk, "new:A new body"],
            place="new:Sudzha",
            status="published",
            date="autumn 2024",
        ),
    )
    assert response.status_code == 302
    event = Event.objects.public().get()
    assert event.date == "2024-23"
    assert [(str(part.actor), part.role) for part in event.participations.all()] == [
        ("Known", "perpetrator"),
        ("A new body", "perpetrator"),
    ]
    assert event.place == Place.objects.get(name="Sudzha")
    assert [each.source.canonical_url for each in event.citations.all()] == [
        "https://www.example.org/a",
        "https://other.org/b",
    ]
    assert event.citations.last().speaker == Actor.objects.get(name="A ministry")
    assert event.verification == "disputed"
    assert str(event.figures.get().best) == "300.000"


def test_a_link_finds_its_source_and_its_publisher(root):
    publisher = make_publisher("Example", language="ko")
    PublisherDomain.objects.create(publisher=publisher, domain="example.org")
    for title in ("One thing happens here", "Quite another thing was said"):
        root.post(ADD, event_data({"link": LINK, "stance": "reports"}, title=title))
    source = Source.objects.get()
    assert (source.publisher, source.language, source.published) == (publisher, "ko", "")
    assert source.citations.count() == 2


def test_a_print_source_needs_its_publisher(root):
    row = {"reference": "Evening edition, page 3", "stance": "reports"}
    response = root.post(ADD, event_data(row))
    assert "Say who published it." in response.content.decode()
    root.post(ADD, event_data({**row, "publisher": "new:The Evening Paper"}))
    source = Event.objects.get().citations.get().source
    assert (source.url, source.reference, str(source.publisher)) == (
        "",
        "Evening edition, page 3",
        "The Evening Paper",
    )


WRONG = [
    ({"date": "10/11/12"}, (), "two ways"),
    ({"date": "yesterday"}, (), "depends on today"),
    ({"title": ""}, (), "Title: Write a title"),
    ({"title": "x" * 141}, (), "at most 140"),
    ({"status": "published"}, (), "Choose a category."),
    ({"status": "published"}, (), "Add a source: paste a link."),
    ({}, ({"link": "javascript:alert(1)", "stance": "reports"},), "http:// or https://"),
    ({}, ({"link": "https://u:p@x.org/", "stance": "reports"},), "no user name or password"),
    ({}, ({"link": LINK, "stance": "denies"},), "Say who denies it"),
    (
        {},
        ({"link": LINK, "stance": "reports"}, {"link": LINK + "#x", "stance": "reports"}),
        "already cited here",
    ),
    ({"verification_override": "disproved"}, (), "set by hand"),
    ({"time_zone": "Moon/Base"}, (), "is not a time zone"),
    ({"status": "merged"}, (), "Select a valid choice"),
]


@pytest.mark.parametrize(("fields", "citations", "sentence"), WRONG)
def test_wrong_input_says_what_to_mend_and_saves_nothing(root, fields, citations, sentence):
    typed = {"summary": "Typed with care.", "actors": ["new:Somebody new"], **fields}
    response = root.post(ADD, event_data(*citations, **typed))
    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in page
    assert "to mend" in page
    assert "Typed with care." in page
    assert "Somebody new" in page
    for model in (Event, Actor, Source, Publisher, Change):
        assert not model.objects.exists()


def test_a_figure_without_an_owner_takes_the_only_source(root):
    figure = {"metric": make_metric().pk, "best": "7", "qualifier": "exact", "basis": "this_event"}
    figure["state"] = "current"
    response = root.post(ADD, event_data({"link": LINK, "stance": "reports"}, figures=[figure]))
    assert response.status_code == 302
    event = Event.objects.get()
    assert event.figures.get().citation == event.citations.get()


def test_the_last_source_of_a_published_event_stays(root):
    event = make_event()
    data = sent(root.get(change(event))) | {"citations-0-DELETE": "on"}
    response = root.post(change(event), data | {"_publish_changes": "Publish changes"})
    assert "Add a source: a link" in response.content.decode()
    assert event.citations.count() == 1


def test_withdrawing_needs_a_public_reason(root):
    event = make_event()
    events.withdraw([event], by=None, reason="Wrong.")
    data = sent(root.get(change(event))) | {"withdrawal_reason": "", "_save": "Save"}
    assert "Say why it is withdrawn" in root.post(change(event), data).content.decode()
    assert root.post(change(event), {**data, "withdrawal_reason": "Untrue."}).status_code == 302
    event.refresh_from_db()
    assert (event.status, event.withdrawal_reason) == ("withdrawn", "Untrue.")


def test_names_may_be_typed_where_there_is_no_script(root):
    known = make_actor("Known")
    root.post(ADD, event_data(actors_typed="known\nSomebody new\n\n", place_typed="Sudzha"))
    event = Event.objects.get()
    assert {str(part.actor) for part in event.participations.all()} == {"Known", "Somebody new"}
    assert event.participations.first().actor == known
    assert event.place.name == "Sudzha"


def test_a_preview_is_the_public_page_and_leaves_nothing(root):
    response = root.post(ADD, event_data(title="Only a preview is wanted", _preview="1"))
    assert response.status_code == 200
    assert "Only a preview is wanted" in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert not Event.objects.exists()
    event = make_event(title="The public title stands here")
    version = Event.objects.get().version
    data = sent(root.get(change(event))) | {"title": "A new title is tried out", "_preview": "1"}
    response = root.post(change(event), data)
    assert response.status_code == 200
    assert "A new title is tried out" in response.content.decode()
    assert Event.objects.get().title == "The public title stands here"
    assert Event.objects.get().version == version


def test_the_date_is_read_back_by_the_same_parser(root):
    answer = root.get("/admin/timeline/event/read-date/?q=autumn 2024").json()
    assert answer == {
        "ok": True,
        "words": "autumn 2024",
        "how": "season precision, 1 September – 30 November 2024",
        "ring": "wide",
    }
    answer = root.get("/admin/timeline/event/read-date/?q=05.10.2024").json()
    assert answer["ok"] is False
    assert "two ways" in answer["why"]


def test_events_like_it_are_shown(root):
    event = make_event(title="Kim and Trump meet in Singapore", date="2018-06-12")
    link = event.citations.get().source.url
    answer = root.get(
        "/admin/timeline/event/similar/",
        {"title": "Trump and Kim meet in Singapore", "date": "13 June 2018", "link": link},
    ).json()
    assert answer["title"][0]["title"] == event.title
    assert answer["link"][0]["why"] == "same link"
    assert answer["source"]["known"] is True


def test_suggestions_search_every_name_and_end_with_the_new_one(root):
    actor = make_actor("North Korea")
    actor.names.create(name="북한", language="ko")
    busy = make_actor("North Sea Fleet")
    make_event(actors=[busy])
    query = {"app_label": "timeline", "model_name": "participation", "field_name": "actor"}
    address = "/admin/autocomplete/"
    found = root.get(address, {**query, "term": "북"}).json()["results"]
    assert [row["text"] for row in found] == ["North Korea (북한)"]
    found = root.get(address, {**query, "term": "north"}).json()["results"]
    assert [row["text"] for row in found] == [
        "North Sea Fleet",
        "North Korea",
        "north (new actor)",
    ]
    found = root.get(address, {**query, "term": "NORTH KOREA"}).json()["results"]
    assert [row["id"] for row in found] == [str(actor.pk)]
