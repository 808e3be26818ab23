"""Coverage: every number is what its definition says, and what its link shows."""

import re
from datetime import date

import pytest

from tests.loaded import kept
from tests.make import cite, make_actor, make_draft, make_event, make_publisher, make_source, noted
from timeline.index import coverage, live
from timeline.index.coverage import MEASURES
from timeline.models import Actor
from timeline.web import cached
from timeline.web.coverage import percent

pytestmark = pytest.mark.django_db
TODAY = date(2024, 12, 31)


def words(html):
    html = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def row(found, at, rows="years"):
    (one,) = [each for each in getattr(found, rows) if each.at == at]
    return one.events, dict(zip(MEASURES, one.having, strict=True))


@pytest.fixture
@kept
def record():
    """Six public events and a draft; what each has is said beside it."""
    reuters, ap = make_publisher("Reuters"), make_publisher("AP")
    papers = [make_publisher(name) for name in ("Post", "Times")]
    russia = make_actor("Russia")
    kremlin = make_actor("Kremlin", parent=russia)
    # Two origins, a day.
    make_event(date="2024-03-01", sources=[make_source(publisher=each) for each in (reuters, ap)])
    # Two papers with one agency's text are one origin; a month.
    carried = [make_source(publisher=each, agency=reuters) for each in papers]
    make_event(date="2024-03", sources=carried)
    # A denial and background carry nothing: one origin; archived; spoken by a part of Russia.
    denied = make_event(
        date="2023-12-30/2024-01-02",
        sources=[make_source(publisher=ap, archive_url="https://archive.example/1")],
    )
    cite(denied, make_source(publisher=reuters), stance="denies", speaker=kremlin)
    cite(denied, make_source(publisher=papers[0]), stance="background")
    # A primary document, in Korean.
    document = make_source(kind="official_document", language="ko")
    make_event(date="2023-05-05", sources=[document])
    # Statement and archive; no earlier year than 2022.
    statement = make_source(kind="statement", archive_url="https://archive.example/2")
    make_event(date="2022", sources=[statement, make_source(agency=ap)])
    make_event(date="2024-12-31")
    draft = make_draft(date="2024-03-01")
    cite(draft, make_source(kind="statement", language="fr"), speaker=make_actor("Secretland"))
    return denied


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize("with_index", [True, False], ids=["index", "plain"])
def test_every_number_by_hand(with_index, monkeypatch):
    if not with_index:
        monkeypatch.setattr(live, "ask", lambda _question, plainly: plainly())
    found = coverage.coverage(TODAY)
    everything = dict(zip(MEASURES, found.whole.having, strict=True))
    assert found.whole.events == 6
    assert everything == {"origins": 2, "archive": 2, "day": 3, "primary": 2}
    assert [each.at for each in found.years] == [2022, 2023, 2024]
    assert row(found, 2024) == (4, {"origins": 1, "archive": 1, "day": 2, "primary": 0})
    assert row(found, 2023) == (2, {"origins": 0, "archive": 1, "day": 1, "primary": 1})
    assert row(found, 2022) == (1, {"origins": 1, "archive": 1, "day": 0, "primary": 1})
    assert row(found, 2024 * 12 + 2, "months")[0] == 2
    assert min(each.at for each in found.months) >= 2023 * 12
    assert [(each.value, each.events) for each in found.languages] == [("en", 5), ("ko", 1)]
    assert [(each.value, each.label, each.events) for each in found.sides] == [
        ("russia", "Russia", 1)
    ]


def test_the_index_follows_changes(record):
    before = coverage.coverage(TODAY).whole
    for citation in record.citations.filter(source__archive_url__gt=""):
        citation.source.archive_url = ""
        citation.source.save()
        noted(citation.source)
    make_event(date="2024-06-01", sources=[make_source(kind="statement"), make_source()])
    after = coverage.coverage(TODAY).whole
    changes = [new - old for new, old in zip(after.having, before.having, strict=True)]
    assert changes == [1, -1, 1, 1]
    plain = coverage._plainly(TODAY)
    assert plain == coverage.coverage(TODAY)


def test_years_and_months_after_today_are_not_shown():
    make_event(date="2024-12-31")
    make_event(date="2031-01-01")
    found = coverage.coverage(TODAY)
    assert [each.at for each in found.years] == [2024]
    assert [each.at for each in found.months] == [2024 * 12 + 11]
    assert found.whole.events == 2


@pytest.mark.usefixtures("record")
def test_each_link_shows_as_many_events_as_the_number_says(client):
    html = client.get("/coverage/").content.decode()
    links = re.findall(r'<td class="r">\s*<a href="([^"]+)">([\d,]+)</a>', html)
    assert len(links) >= 10
    for href, number in links:
        page = client.get(href.replace("&amp;", "&"))
        assert page.status_code == 200, href
        said = re.search(
            r'<div role="status" id="said"><h2>([\d,]+) events?', page.content.decode()
        )
        assert said is not None, href
        assert said.group(1) == number, href
    assert {"/?has=archive", "/years/2024/", "/?language=ko", "/?speaker=russia"} <= {
        href for href, _ in links
    }
    assert "/years/2024/?has=archive" in {href for href, _ in links}
    assert "Secretland" not in html
    assert "French" not in html
    assert "style=" not in html


@pytest.mark.usefixtures("record")
def test_sides_are_called_as_readers_do_and_languages_are_no_actors(
    client, django_assert_max_num_queries
):
    Actor.objects.get(slug="russia").names.create(name="러시아", language="ko", kind="short")
    # An actor whose address is the code of a language.
    namesake = make_actor("Ko", slug="ko")
    namesake.names.create(name="다른 것", language="ko", kind="official")
    noted(namesake)
    client.get("/ko/coverage/")
    cached.kept.forget()
    # Whether something changed: once for each side and language would be more.
    with django_assert_max_num_queries(4):
        page = words(client.get("/ko/coverage/").content.decode())
    assert "러시아" in page
    assert "한국어" in page
    assert "다른 것" not in page


def test_an_empty_record_has_a_page_too(client):
    page = client.get("/coverage/")
    assert page.status_code == 200
    assert "Nothing is published here yet" in words(page.content.decode())


def test_a_large_record_is_not_counted_without_its_index(client, monkeypatch):
    make_event()
    monkeypatch.setattr(live, "ask", lambda _question, plainly: plainly())
    monkeypatch.setattr(coverage, "FILE_ABOVE", 0)
    page = client.get("/coverage/")
    assert page.status_code == 503
    assert page["Retry-After"]
    assert "being counted" in words(page.content.decode())


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 0, "–"),
        (0, 5, "0 %"),
        (5, 5, "100 %"),
        (999, 1000, "99 %"),
        (1, 1000, "under 1 %"),
        (1, 3, "33 %"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_nothing(part, whole, said):
    assert percent(part, whole) == said
