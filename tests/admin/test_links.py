"""Pasted links at the desk: what a page says fills what is empty, and drafts are made of many."""

import json
import re

import pytest
from django.contrib.messages import get_messages

from tests.admin.conftest import event_data, signed_in
from tests.admin.sending import sent
from tests.changes import noted
from tests.intake import stand_in
from tests.intake.stand_in import answer
from tests.make import make_draft, make_event, make_publisher, make_source
from timeline.intake import fetching, turns
from timeline.models import Event, Publisher, PublisherDomain, Source

pytestmark = pytest.mark.django_db

READ = "/admin/timeline/event/read-link/"
MANY = "/admin/timeline/event/from-links/"
ONE = f"{MANY}one/"
ADD = "/admin/timeline/source/add/"
LINK = "http://paper.example/a"
ARTICLE = answer(
    body=(
        '<!doctype html><html lang="ko"><head><title>정상회담이 열렸다</title>'
        '<meta property="og:site_name" content="The Paper">'
        '<meta name="author" content="Jane Doe">'
        '<meta property="article:published_time" content="2024-03-05T10:00:00Z">'
        "</head><body><p>Words.</p></body></html>"
    ).encode()
)


@pytest.fixture
def web(monkeypatch, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    settings.FETCH_LINKS = True
    monkeypatch.setattr(turns, "A_MINUTE", 500)
    with stand_in.web() as stand:
        monkeypatch.setattr(fetching, "PUBLIC_NET", stand.net())
        stand.pages["/a"] = ARTICLE
        yield stand


def said(response):
    return [str(each) for each in get_messages(response.wsgi_request)]


# --- The event's form ---------------------------------------------------------------------------


def read(client, link=LINK, **typed):
    return json.loads(client.post(READ, {"link": link, **typed}).content)


def test_the_page_fills_what_is_empty_and_says_so(web, root):
    found = read(root, title="", date="")
    assert found["ok"]
    assert found["fill"] == {"title": "정상회담이 열렸다", "date": "2024-03-05"}
    assert "5 March 2024" in found["said"]
    assert "the title and the date" in found["said"]
    assert "The day is the article's" in found["said"]
    assert len(web.requests) == 1


@pytest.mark.usefixtures("web")
def test_what_was_typed_is_left(root):
    assert read(root, title="Mine", date="")["fill"] == {"date": "2024-03-05"}
    assert read(root, title="Mine", date="soon")["fill"] == {}


def test_the_source_is_made_as_the_page_says(web, root):
    seal = read(root)["found"]
    row = {"link": LINK, "stance": "reports", "found": seal}
    with noted():
        root.post("/admin/timeline/event/add/", event_data(row))
    source = Event.objects.get().citations.get().source
    assert (source.title, source.authors) == ("정상회담이 열렸다", "Jane Doe")
    assert (source.published, source.language) == ("2024-03-05", "ko")
    assert source.publisher.name == "paper.example"  # a page may say any name of itself
    assert len(web.requests) == 1


@pytest.mark.usefixtures("web")
@pytest.mark.parametrize("link", ["http://paper.example/b", "http://paper.example/known"])
def test_what_was_found_is_for_its_link_and_for_a_new_source(root, link):
    known = make_source(url="http://paper.example/known", title="", published="")
    seal = read(root)["found"]
    root.post(
        "/admin/timeline/event/add/",
        event_data({"link": link, "stance": "reports", "found": seal}),
    )
    assert Event.objects.get().citations.get().source.title == ""
    known.refresh_from_db()
    assert known.title == ""


@pytest.mark.usefixtures("web")
@pytest.mark.parametrize("seal", ["x", "a:b:c", json.dumps([LINK, "T", "", "", ""])])
def test_a_seal_that_is_not_ours_says_nothing(root, seal):
    row = {"link": LINK, "stance": "reports", "found": seal}
    root.post("/admin/timeline/event/add/", event_data(row))
    assert Event.objects.get().citations.get().source.title == ""


@pytest.mark.usefixtures("web")
def test_what_was_found_comes_back_with_errors(root):
    seal = read(root)["found"]
    row = {"link": LINK, "stance": "reports", "found": seal}
    page = root.post("/admin/timeline/event/add/", event_data(row, title=""))
    assert sent(page)["citations-0-found"] == [seal]


def test_a_known_link_is_not_fetched(web, root):
    make_source(url=LINK, title="Known", published="2020-01-01")
    found = read(root)
    assert "a source already, as “Known”" in found["said"]
    assert (found["fill"], found["found"]) == ({"title": "Known", "date": "2020-01-01"}, "")
    assert web.requests == []


@pytest.mark.parametrize("link", ["http://127.0.0.1/", "http://10.0.0.1/", "file:///x", "", "a"])
def test_a_hostile_link_is_refused_in_a_sentence(web, root, link):
    found = read(root, link=link)
    assert not found["ok"]
    assert found["said"].endswith(".")
    assert web.connected == []


@pytest.mark.usefixtures("web")
def test_only_a_post_of_somebody_who_may_write(root, settings):
    assert root.get(READ).status_code == 405
    assert root.get(ONE).status_code == 405
    auditor = signed_in("Auditor")
    for address in (READ, ONE, MANY):
        assert auditor.post(address, {"link": LINK}).status_code == 403
    assert auditor.get(MANY).status_code == 403
    assert read(signed_in("Contributor"))["ok"]
    settings.FETCH_LINKS = False
    assert "FETCH_LINKS" in read(root)["said"]
    root.handler.enforce_csrf_checks = True
    for address in (READ, ONE, MANY, ADD):
        assert root.post(address, {"link": LINK, "_fill": "1"}).status_code == 403


# --- The source's form ----------------------------------------------------------------------------


def test_a_new_source_is_filled_in_and_not_saved(web, root):
    page = root.post(ADD, {"url": LINK, "authors": "Mine", "language": "en", "_fill": "x"})
    form = sent(page)
    assert form["title"] == ["정상회담이 열렸다"]
    assert form["authors"] == ["Mine"]
    assert form["published"] == ["2024-03-05"]
    assert form["language"] == ["ko"]
    assert form["url"] == [LINK]
    assert "title, published and language" in said(page)[0]
    assert Source.objects.count() == 0
    assert len(web.requests) == 1


@pytest.mark.usefixtures("web")
def test_a_source_keeps_what_it_has_and_what_was_typed(root):
    source = make_source(url=LINK, title="Its title", authors="", published="", language="en")
    address = f"/admin/timeline/source/{source.pk}/change/"
    form = sent(root.get(address))
    page = root.post(address, {**form, "reference": "Typed", "_fill": "x"})
    again = sent(page)
    assert again["title"] == ["Its title"]
    assert again["reference"] == ["Typed"]
    assert again["authors"] == ["Jane Doe"]
    assert again["language"] == ["en"]
    assert again["opened"] == form["opened"]
    assert "Look for copies in the Wayback Machine" in page.content.decode()
    source.refresh_from_db()
    assert source.authors == ""
    with noted():
        root.post(address, {**again, "_save": "x"})
    source.refresh_from_db()
    assert (source.authors, source.published, source.reference) == (
        "Jane Doe",
        "2024-03-05",
        "Typed",
    )


@pytest.mark.usefixtures("web")
def test_a_source_that_is_known_is_named(root):
    make_source(url=LINK, title="Known one")
    page = root.post(ADD, {"url": LINK, "_fill": "x"})
    assert any("Known one" in each for each in said(page))


def test_a_page_that_cannot_be_fetched_leaves_the_form(web, root):
    web.pages["/a"] = answer(404)
    page = root.post(ADD, {"url": LINK, "title": "Typed", "_fill": "x"})
    assert "no such page" in said(page)[0]
    assert sent(page)["title"] == ["Typed"]


@pytest.mark.usefixtures("web")
def test_an_archive_s_address_is_taken_apart(root):
    copy = f"http://web.archive.org/web/20240305102030/{LINK}"
    form = sent(root.post(ADD, {"url": copy, "_fill": "x"}))
    assert (form["url"], form["archive_url"]) == ([LINK], [copy])
    publisher = make_publisher()
    data = {"url": copy, "publisher": publisher.pk, "language": "en", "kind": "news"}
    data |= {"link_state": "unknown", "_save": "x"}
    root.post(ADD, data)
    source = Source.objects.get()
    assert (source.url, source.archive_url) == (LINK, copy)
    assert source.archived_at.isoformat() == "2024-03-05T10:20:30+00:00"


def test_the_archive_is_offered_and_not_asked(web, root):
    source = make_source(url=LINK)
    page = root.get(f"/admin/timeline/source/{source.pk}/change/").content.decode()
    assert f'href="https://web.archive.org/web/*/{LINK}"' in page
    assert f'href="https://web.archive.org/save/{LINK}"' in page
    assert web.requests == []


def test_who_may_not_change_a_source_fills_in_none(web):
    source = make_source(url=LINK)
    client = signed_in("Contributor")
    page = client.post(f"/admin/timeline/source/{source.pk}/change/", {"url": LINK, "_fill": "x"})
    assert page.status_code == 403
    assert web.requests == []


# --- Many links -----------------------------------------------------------------------------------


def look(client, *links, **rows):
    return client.post(MANY, {"links": "\n".join(links), "_look": "x", **rows})


def make(client, page, **changed):
    return client.post(MANY, {**sent(page), **changed, "_make": "x"})


def test_drafts_are_made_of_links(web, root):
    page = look(root, LINK)
    form = sent(page)
    assert form["row-0-headline"] == ["정상회담이 열렸다"]
    assert form["row-0-publisher"] == ["The Paper"]
    assert form["row-0-make"] == ["draft"]
    assert form["links"] == [""]
    refused = make(root, page)
    assert "This is the day of the article. Tick it" in refused.content.decode()
    assert Event.objects.count() == 0
    with noted():
        done = make(root, page, **{"row-0-sure": "on", "row-0-title": "A summit is held"})
    assert done.status_code == 302
    event = Event.objects.get()
    assert (event.title, event.date, event.status) == ("A summit is held", "2024-03-05", "draft")
    assert event.created_by == root.user
    source = event.citations.get().source
    assert (source.title, source.language) == ("정상회담이 열렸다", "ko")
    assert source.publisher.name == "The Paper"
    assert PublisherDomain.objects.get().domain == "paper.example"
    assert "1 draft, 1 new source" in said(done)[0]
    assert len(web.requests) == 1


@pytest.mark.usefixtures("web")
def test_a_page_that_is_sent_twice_makes_nothing_twice(root):
    page = look(root, LINK)
    for _ in range(2):
        make(root, page, **{"row-0-date": "4 March 2024"})
    event = Event.objects.get()
    assert event.date == "2024-03-04"
    assert Source.objects.count() == 1


@pytest.mark.usefixtures("web")
def test_only_the_source_or_nothing(root):
    page = look(root, LINK, "http://paper.example/b")
    make(root, page, **{"row-0-make": "source", "row-1-make": "nothing"})
    assert [each.url for each in Source.objects.all()] == [LINK]
    assert Event.objects.count() == 0


@pytest.mark.usefixtures("web")
def test_one_wrong_row_keeps_all_out(root):
    page = look(root, LINK, "http://paper.example/b")
    answered = make(
        root,
        page,
        **{"row-0-date": "2024-03-04", "row-1-date": "month 13", "row-1-published": "soon"},
    )
    assert answered.status_code == 200
    assert (Event.objects.count(), Source.objects.count()) == (0, 0)
    # What was typed is still there.
    assert sent(answered)["row-1-date"] == ["month 13"]


def test_duplicates_are_shown_and_not_made_again(web, root):
    used = make_source(url=LINK, title="Known one")
    make_event(title="An event of old", sources=[used])
    page = look(root, LINK)
    body = page.content.decode()
    assert "Known one" in body
    assert "An event of old" in body
    assert sent(page)["row-0-make"] == ["nothing"]
    assert "row-0-headline" not in sent(page)
    assert web.requests == []


@pytest.mark.usefixtures("web")
def test_a_draft_that_somebody_may_not_see_is_not_named(root):
    source = make_source(url=LINK)
    draft = make_draft(title="A secret draft")
    draft.citations.create(source=source)
    Event.objects.filter(pk=draft.pk).update(created_by=root.user)
    assert "secret" not in look(signed_in("Contributor"), LINK).content.decode()


def test_a_page_without_script_asks_ten_and_keeps_the_rest(web, root):
    links = [f"http://paper.example/{number}" for number in range(13)]
    page = look(root, *links)
    assert len(web.requests) == 10
    assert sent(page)["links"] == ["\n".join(links[10:])]
    page = root.post(MANY, {**sent(page), "_look": "x"})
    assert len(web.requests) == 13
    assert sent(page)["links"] == [""]
    assert len(re.findall("<fieldset", page.content.decode())) == 13


def test_no_more_than_a_minute_allows(web, root, monkeypatch):
    monkeypatch.setattr(turns, "A_MINUTE", 2)
    page = look(root, *(f"http://paper.example/{number}" for number in range(4)))
    assert len(web.requests) == 2
    assert sent(page)["links"] == ["http://paper.example/2\nhttp://paper.example/3"]
    busy = root.post(ONE, {"link": LINK, "number": "3"})
    assert busy.status_code == 429
    assert 0 < int(busy["Retry-After"]) <= 60


def test_one_row_for_the_script(web, root):
    page = root.post(ONE, {"link": LINK, "number": "7"})
    assert sent(page)["row-7-headline"] == ["정상회담이 열렸다"]
    assert root.post(ONE, {"link": "file:///x", "number": "7"}).status_code == 400
    assert root.post(ONE, {"link": LINK, "number": "x"}).status_code == 403
    assert len(web.requests) == 1


def test_an_error_is_a_sentence_and_the_row_can_be_filled_by_hand(web, root):
    web.pages["/a"] = answer(404)
    page = look(root, LINK, "http://10.0.0.1/", "nonsense")
    assert page.content.decode().count("no such page") == 1
    assert "not an address on the public internet" in page.content.decode()
    assert sent(page)["links"] == ["nonsense"]
    by_hand = {"row-0-title": "By hand", "row-0-date": "2024", "row-1-make": "nothing"}
    make(root, page, **by_hand)
    assert Event.objects.get().title == "By hand"


@pytest.mark.usefixtures("web")
def test_a_hostile_page_is_only_text(root, web):
    web.pages["/a"] = answer(
        body=b"<title>&lt;script&gt;alert(1)&lt;/script&gt; \xe2\x80\xaeevil</title>"
    )
    body = root.post(ONE, {"link": LINK, "number": "0"}).content.decode()
    assert "<script>" not in body
    assert "\u202e" not in body


@pytest.mark.usefixtures("web")
def test_a_known_publisher_is_taken(root):
    paper = make_publisher("The Real Paper")
    PublisherDomain.objects.create(publisher=paper, domain="paper.example")
    page = look(root, LINK)
    assert sent(page)["row-0-publisher"] == ["The Real Paper"]
    make(root, page, **{"row-0-make": "source"})
    assert Source.objects.get().publisher == paper
    assert Publisher.objects.count() == 1
