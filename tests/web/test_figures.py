"""Figures: on the event's page, on the page of their metric, and as CSV."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_draft,
    make_event,
    make_metric,
    make_publisher,
    make_source,
    noted,
)
from timeline.editing import events
from timeline.formats.sheets import cell
from timeline.index import Selection, live
from timeline.index.figures import given
from timeline.models import Figure
from timeline.web import metrics
from timeline.web.metrics import COLUMNS

pytestmark = pytest.mark.django_db


def words(response):
    body = response.content.decode()
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", body, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def table(response):
    body = response.getvalue().decode()
    return list(csv.DictReader(io.StringIO(body, newline="")))


@pytest.fixture
def killed():
    return make_metric(code="killed", label="Soldiers killed", headline=True)


@pytest.fixture
def battle(killed):
    """Three voices, one of whom took an earlier number back and one a number altogether."""
    event = make_event(
        title="A battle is fought at a river",
        date="2024-12-14",
        actors=[make_actor("North Korea")],
        sources=[make_source(publisher=make_publisher("Yonhap"), published="2025-01-13")],
    )
    nis, kyiv = make_actor("NIS"), make_actor("Kyiv")
    old = {"state": "superseded", "best": 100, "as_of": "2024-12-19", "attributed_to": nis}
    count_figure(event, metric=killed, **old)
    count_figure(event, metric=killed, best=300, as_of="2025-01-13", attributed_to=nis)
    more = {"low": 4000, "best": None, "qualifier": "more_than", "as_of": "2025-01-27"}
    count_figure(event, metric=killed, attributed_to=kyiv, **more)
    count_figure(event, metric=killed, best=1200, qualifier="about", as_of="2025-01")
    wrong = {"state": "retracted", "best": 9999, "as_of": "2025-02-01"}
    count_figure(event, metric=killed, attributed_to=make_actor("A blog"), **wrong)
    return event


def test_an_event_shows_the_span_of_the_numbers_that_stand(client, battle):
    page = client.get(battle.get_absolute_url())
    assert "between 300 and more than 4,000, 3 voices" in words(page)
    assert 'href="/figures/killed/"' in page.content.decode()


def test_what_was_replaced_or_taken_back_is_struck_and_says_so(client, battle):
    html = client.get(battle.get_absolute_url()).content.decode()
    assert re.search(r"<del>100</del> <small>superseded</small>", html)
    assert re.search(r"<del>9,999</del> <small>retracted</small>", html)
    assert "<del>300</del>" not in html
    # The plot of what stands has three rows, and a retracted number is none of them.
    plot = html.partition('class="plot-g"')[2].partition("</ol>")[0]
    assert plot.count("<time") == 3
    assert "9,999" not in plot


def test_numbers_of_one_voice_have_no_span(client, killed):
    event = make_event()
    for number in (10, 20):
        count_figure(event, metric=killed, best=number, attributed_to=None)
    assert "voice" not in words(client.get(event.get_absolute_url()))


def test_ways_of_counting_are_not_mixed_in_a_span(client, killed):
    event = make_event()
    for number, basis in ((10, "this_event"), (20, "this_event"), (5000, "cumulative")):
        who = make_actor()
        count_figure(event, metric=killed, best=number, basis=basis, attributed_to=who)
    page = words(client.get(event.get_absolute_url()))
    assert "between 10 and 20, 2 voices" in page
    assert "5,000, " not in page


def test_the_page_of_a_metric_says_who_said_what_and_when(client, battle):
    page = client.get("/figures/killed/")
    text = words(page)
    assert "Soldiers killed: who said what, when" in text
    assert "5 figures in 1 event" in text
    rows = re.findall(r"<tr.*?</tr>", page.content.decode(), re.DOTALL)[1:]
    said = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    # January 2025 can stand for its last day.
    assert [re.sub(r" Soldiers .*", "", row) for row in said] == [
        "1 Feb 2025 A blog 9,999 retracted",
        "Jan 2025 Yonhap about 1,200",
        "27 Jan 2025 Kyiv more than 4,000",
        "13 Jan 2025 NIS 300",
        "19 Dec 2024 NIS 100 superseded",
    ]
    assert all("A battle is fought at a river" in row and "Yonhap" in row for row in said)
    html = page.content.decode()
    assert html.count("<figure") == 1
    assert "style=" not in html
    assert html.count("<g><title>") == 3  # what stands
    assert battle.get_absolute_url() in html


def test_the_filters_choose_the_events(client, battle, killed):
    count_figure(make_event(date="2023-05-01"), metric=killed, best=7, as_of="2023-05-01")
    assert "6 figures in 2 events" in words(client.get("/figures/killed/"))
    page = client.get("/figures/killed/?actor=north-korea&year=2024")
    assert "5 figures in 1 event involving North Korea, in 2024" in words(page)
    html = page.content.decode()
    assert 'href="/figures/killed.csv?actor=north-korea&amp;year=2024"' in html
    assert 'href="/?actor=north-korea&amp;year=2024&amp;metric=killed"' in html
    assert "No figure matches" in words(client.get("/figures/killed/?year=2001"))
    assert battle.title not in words(client.get("/figures/killed/?year=2023"))


@pytest.mark.parametrize(
    ("query", "value"), [("year=20x4", "20x4"), ("page=0", "0"), ("page=99", "99"), ("page=x", "x")]
)
def test_a_wrong_value_is_named_with_400(client, battle, query, value):
    page = client.get(f"/figures/killed/?{query}")
    assert page.status_code == 400
    assert value in words(page)
    assert battle.title not in words(page)


@pytest.mark.parametrize("address", ["/figures/killed/", "/figures/killed.csv"])
def test_only_what_is_public_is_shown_and_known(client, killed, address):
    draft = make_draft(title="A secret battle")
    cite(draft)
    count_figure(draft, metric=killed, best=123456)
    assert client.get(address).status_code == 404
    assert "Soldiers killed" not in words(client.get("/figures/"))
    shown = make_event(title="A known battle")
    count_figure(shown, metric=killed, best=5)
    page = client.get(address)
    body = page.getvalue() if page.streaming else page.content
    assert b"A known battle" in body
    assert b"123456" not in body
    assert b"123,456" not in body
    assert b"A secret battle" not in body
    events.withdraw([shown], by=None, reason="It was none.")
    assert client.get(address).status_code == 404


def test_pages_follow_each_other_without_a_gap(client, killed, monkeypatch):
    monkeypatch.setattr(metrics, "LINES_ON_A_PAGE", 2)
    event = make_event()
    for day in range(1, 6):
        count_figure(event, metric=killed, best=day, as_of=f"2024-03-0{day}")
    seen, address = [], "/figures/killed/"
    while address:
        html = client.get(address).content.decode()
        seen += re.findall(r'class="st-n">(\d+)</td>', html)
        found = re.search(r'rel="next" href="([^"]+)"', html)
        address = found.group(1).replace("&amp;", "&") if found else ""
    assert seen == ["5", "4", "3", "2", "1"]


def test_many_figures_take_as_many_queries_as_one(client, killed):
    counts = []
    for more in (1, 30):
        for number in range(more):
            event = make_event(actors=[make_actor()])
            count_figure(event, metric=killed, best=number + 1, as_of="2024-10-20")
        client.get("/figures/killed/")  # the index reads what is new
        with CaptureQueriesContext(connection) as captured:
            client.get("/figures/killed/?importance=normal")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_index_and_the_plain_answer_give_the_same_figures(client, battle, killed, monkeypatch):
    for number in range(12):
        event = make_event(date=f"20{10 + number}")
        count_figure(
            event, metric=killed, best=number, as_of=f"20{10 + number}-05" if number % 3 else ""
        )
    queries = ["", "year=2012", "from=2015&to=2021", "actor=north-korea", "q=battle"]
    fast = [table(client.get(f"/figures/killed.csv?{query}")) for query in queries]
    monkeypatch.setattr(live, "ask", lambda _question, plainly: plainly())
    assert [table(client.get(f"/figures/killed.csv?{query}")) for query in queries] == fast
    assert len(fast[0]) == Figure.objects.count() == 17
    assert battle.pk


def test_a_changed_figure_is_seen_at_once(client, battle):
    assert "9,999" in words(client.get("/figures/killed/"))
    Figure.objects.filter(best=9999).delete()
    noted(battle)
    assert "9,999" not in words(client.get("/figures/killed/"))


@pytest.mark.parametrize("with_index", [True, False], ids=["index", "plain"])
def test_what_could_be_known_on_a_day(killed, with_index, monkeypatch):
    if not with_index:
        monkeypatch.setattr(live, "ask", lambda _question, plainly: plainly())
    event = make_event(date="2024-01-01")
    dated = cite(event, make_source(published="2024-02"))
    read = cite(event, make_source(published="", accessed_on=date(2024, 3, 5)))
    never = cite(event, make_source(published=""))
    nis = make_actor("NIS")
    known = {
        count_figure(event, metric=killed, citation=dated, as_of="2024-01-01"): "2024-02-29",
        count_figure(event, metric=killed, citation=read, as_of="2024-01-02"): "2024-03-05",
        count_figure(event, metric=killed, citation=never, as_of="2024-01-03"): "9999-12-31",
    }
    alone = count_figure(event, metric=killed, attributed_to=nis, as_of="2024-04")
    alone.citation = None
    alone.save()
    noted(event)
    known[alone] = "2024-04-30"
    for figure, first in known.items():
        day = date.fromisoformat(first)
        assert figure.pk in given(killed.pk, Selection(), day)
        assert figure.pk not in given(killed.pk, Selection(), day - timedelta(days=1))
    assert len(given(killed.pk, Selection())) == 4


def test_the_page_of_a_metric_stays_on_a_past_day(client, killed):
    event = make_event(date="2024-01-01", sources=[make_source(published="2024-02-01")])
    nis = make_actor("NIS")
    later = cite(event, make_source(published="2024-06-01"))
    new = count_figure(event, metric=killed, best=98_765, citation=later, attributed_to=nis)
    old = {"state": "superseded", "superseded_by": new, "attributed_to": nis}
    count_figure(event, metric=killed, best=100, as_of="2024-01-02", **old)
    today = client.get("/figures/killed/")
    assert "<del>100</del>" in today.content.decode()
    assert "98,765" in words(today)
    page = client.get("/figures/killed/?known_by=2024-03-01")
    text = words(page)
    assert "As known on 1 March 2024" in text
    assert "1 figure in 1 event" in text
    assert "98,765" not in text
    assert "<del>" not in page.content.decode()
    assert f"{event.get_absolute_url()}?known_by=2024-03-01" in page.content.decode()
    (row,) = table(client.get("/figures/killed.csv?known_by=2024-03-01"))
    assert (row["best"], row["state"]) == ("100", "current")
    assert table(client.get("/figures/killed.csv?known_by=2024-01-01")) == []


def test_the_csv_has_documented_columns_and_every_line(client, battle):
    response = client.get("/figures/killed.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="killed.csv"' in response["Content-Disposition"]
    rows = table(response)
    assert list(rows[0]) == [name for name, _ in COLUMNS]
    page = words(client.get("/figures/killed/"))
    assert all(name in page and str(meaning) in page for name, meaning in COLUMNS)
    assert [(row["given_by"], row["best"], row["low"], row["state"]) for row in rows] == [
        ("A blog", "9999", "", "retracted"),
        ("Yonhap", "1200", "", "current"),
        ("Kyiv", "", "4000", "current"),
        ("NIS", "300", "", "current"),
        ("NIS", "100", "", "superseded"),
    ]
    assert rows[0]["event_url"].endswith(f"/e/{battle.public_id}")
    assert {row["publisher"] for row in rows} == {"Yonhap"}


def test_no_cell_of_the_csv_is_a_formula(client, killed):
    event = make_event(title='=HYPERLINK("https://example.org")')
    given = {"subject": "@SUM(A1)", "note": "+1", "best": -5}
    count_figure(event, metric=killed, **given)
    (row,) = table(client.get("/figures/killed.csv"))
    assert row["event_title"] == '\'=HYPERLINK("https://example.org")'
    assert row["subject"] == "'@SUM(A1)"
    assert row["note"] == "'+1"
    assert row["best"] == "-5"


@pytest.mark.parametrize("written", ["=1", "+1", "-1", "@x", "\tx", "'=1", "''=1", "'tis", "plain"])
def test_what_is_done_to_a_cell_can_be_undone(written):
    held = cell(written)
    assert not re.match(r"[=+\-@\t\r]", held)
    assert (held[1:] if re.match(r"'+[=+\-@\t\r]", held) else held) == written


def test_a_download_refuses_what_it_does_not_know(client, battle):
    page = client.get("/figures/killed.csv?actr=north-korea")
    assert page.status_code == 400
    assert "actr" in page.content.decode()
    assert "“actor”" in page.content.decode()
    wrong = client.get("/figures/killed.csv?year=20x4")
    assert wrong.status_code == 400
    assert "year: " in wrong.content.decode()
    assert battle.title not in wrong.content.decode()


def test_the_ways_to_a_metric(client, battle):
    assert 'href="/figures/killed/"' in client.get("/").content.decode()
    assert 'href="/figures/"' in client.get("/").content.decode()
    assert 'href="/figures/killed/"' in client.get("/figures/").content.decode()
    chosen = client.get("/?actor=north-korea&metric=killed").content.decode()
    assert 'href="/figures/killed/?actor=north-korea"' in chosen
    assert battle.pk
