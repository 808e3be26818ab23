"""What is read of a page: its own word on title, site, day, language and authors, cleaned."""

import datetime as dt
import subprocess
import sys
import time

import pytest

from timeline.intake import article
from timeline.intake.fetching import Answer

NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
URL = "https://www.paper.example/news/1"


def read(page, charset="utf-8"):
    body = page if isinstance(page, bytes) else page.encode()
    return article.read(Answer(URL, 200, "text/html", charset, body), now=NOW)


def whole(head, lang="en"):
    return (
        f'<!doctype html><html lang="{lang}"><head>{head}</head><body><p>Words.</p></body></html>'
    )


def test_an_article_says_what_it_is():
    found = read(
        whole(
            """<title>Talks begin | The Paper</title>
            <meta property="og:title" content="Talks begin &amp; go on">
            <meta property="og:site_name" content="The Paper">
            <link rel="canonical" href="/news/1/talks">
            <script type="application/ld+json">{"@context": "https://schema.org",
            "@type": "NewsArticle", "headline": "Talks begin",
            "datePublished": "2024-03-05T23:30:00+09:00",
            "author": [{"@type": "Person", "name": "Jane Doe"},
                       {"@type": "Person", "name": "Kim Min"}]}</script>""",
            lang="en-GB",
        )
    )
    assert found == article.Article(
        url=URL,
        title="Talks begin & go on",
        site="The Paper",
        published="2024-03-05",
        language="en",
        authors="Jane Doe, Kim Min",
        canonical="https://www.paper.example/news/1/talks",
    )


def test_a_page_that_says_nothing_gives_nothing():
    for page in ("", "<p>", "\0" * 500, "<html", "nothing here"):
        assert read(page).says_nothing


@pytest.mark.parametrize(
    ("day", "kept"),
    [
        ("2026-05-01", "2026-05-01"),
        ("2026-05-02", "2026-05-02"),  # it is tomorrow already in the Pacific
        ("2026-05-03", ""),
        ("2031-01-01", ""),
        ("2024-02-30", ""),
        ("2024-02", ""),
        ("2024-02-01", "2024-02-01"),
        ("March 5, 2024", "2024-03-05"),
        ("5 March 2024", "2024-03-05"),
        ("March 2024", ""),
        ("2024", ""),
        ("soon", ""),
    ],
)
def test_a_day_to_come_or_none_is_left_out(day, kept):
    page = whole(
        f'<title>Talks begin</title><meta property="article:published_time" content="{day}">'
    )
    assert read(page).published == kept


def test_a_day_is_not_guessed_from_the_text():
    assert (
        read("<html><title>Talks</title><p>On 2 May 2019 talks began. © 2015</p>").published == ""
    )


@pytest.mark.parametrize(
    ("lang", "kept"),
    [
        ("ko", "ko"),
        ("ko_KR", "ko"),
        ("EN-us", "en"),
        ("zh-TW", "zh-Hant"),
        ("zh-cn", "zh-Hans"),
        ("sr-Latn-RS", "sr-Latn"),
        ("", ""),
        ("x-klingon", ""),
        ("klingonese", ""),
    ],
)
def test_the_language_is_the_declared_one(lang, kept):
    assert read(whole("<title>Talks</title>", lang=lang)).language == kept


@pytest.mark.parametrize(
    ("encoding", "header", "meta"),
    [
        ("utf-8", "utf-8", ""),
        ("utf-8", "", "utf-8"),
        ("utf-8", "", ""),
        ("cp949", "euc-kr", ""),
        ("cp949", "", "ks_c_5601-1987"),
        ("utf-16", "", ""),
        ("utf-8", "punycode", ""),
        ("utf-8", "hex", "utf-8"),
    ],
)
def test_letters_are_read_in_the_encoding_of_the_page(encoding, header, meta):
    page = whole(f'<meta charset="{meta}"><title>정상회담이 열렸다</title>', lang="ko")
    assert read(page.encode(encoding), charset=header).title == "정상회담이 열렸다"


def test_values_are_cleaned_and_cut():
    long = "word " * 200
    found = read(
        whole(
            f'<meta property="og:title" content="A\u202e\u0007 {long}">'
            f'<meta name="author" content="{"; ".join(f"Ann Author {n}" for n in range(60))}">'
        )
    )
    assert len(found.title) <= article.TITLE
    assert found.title.startswith("A word")
    assert found.title.endswith("word…")
    assert len(found.authors) <= article.AUTHORS
    assert "\u202e" not in found.title


@pytest.mark.parametrize(
    "href", ["https://evil.example/", "javascript:alert(1)", "http://[::1", "https://a@b/", ""]
)
def test_an_address_of_another_site_is_not_its_own(href):
    assert read(whole(f'<title>T</title><link rel=canonical href="{href}">')).canonical in (
        "",
        URL,
    )


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 400_000,
        "<p>2024-01-01 " * 150_000,
        "<meta name=author content='" + "a; " * 600_000 + "'>",
        "<title>" + " " * 1_900_000,
        '<script type="application/ld+json">' + "[" * 1_900_000,
        '<script type="application/ld+json">{"author":' * 40_000,
        "<link " * 300_000,
        "<html " + "lang " * 300_000,
        "<meta " * 300_000,
        "&amp" * 400_000,
        "<!--" * 400_000,
        "<a href='" * 200_000,
        "(" * 1_900_000,
    ],
    ids=lambda page: page[:20],
)
def test_a_hostile_page_takes_little_time(page):
    read("<title>warm</title>")
    start = time.process_time()
    read(page)
    assert time.process_time() - start < 1.5


def test_what_reads_pages_is_not_loaded_with_the_server():
    code = (
        "import django, sys; django.setup(); import timeline.intake.article, config.urls;"
        "import django.urls; django.urls.get_resolver().url_patterns;"
        "sys.exit('trafilatura' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
