"""Feeds of selections, read back by feedparser, a strict XML parser and the rules of RFC 4287."""

from dataclasses import replace

import feedparser
from hypothesis import given, settings
from lxml import etree
from lxml import html as lxml_html

from tests.formats.records import ABOUT, DATES, HOSTILE, hostile_records, plain_record
from timeline.formats import feeds

ATOM = "{http://www.w3.org/2005/Atom}"


def read(*records, about=ABOUT):
    """The feed's entries; everything that RFC 4287 asks for is there."""
    raw = "".join(feeds.write(about, records)).encode()
    root = etree.fromstring(raw, etree.XMLParser(resolve_entities=False, recover=False))
    assert root.tag == ATOM + "feed"
    for name in ("id", "title", "updated", "author"):
        assert len(root.findall(ATOM + name)) == 1, name
    assert root.find(f"{ATOM}author/{ATOM}name").text
    for entry in root.findall(ATOM + "entry"):
        for name in ("id", "title", "updated"):
            assert len(entry.findall(ATOM + name)) == 1, name
    parsed = feedparser.parse(raw)
    assert not parsed.bozo
    assert len(parsed.entries) == len(records)
    return parsed


def test_an_entry_says_the_date_the_summary_and_the_sources():
    feed = read(plain_record("2018-06"))
    (entry,) = feed.entries
    assert entry.id.endswith("/events/A1B2C3D4/")
    assert entry.link.endswith("/events/A1B2C3D4-summit-in-singapore/")
    assert entry.title == "Kim and Trump meet in Singapore"
    assert entry.updated == "2024-11-02T10:00:00+00:00"
    assert entry.published == "2024-01-02T03:04:05+00:00"
    assert [tag.term for tag in entry.tags] == ["meetings", "talks"]
    said = lxml_html.fromstring(f"<div>{entry.summary}</div>")
    assert "June 2018" in said.text_content()
    assert "They shook hands." in said.text_content()
    assert [link.get("href") for link in said.iter("a")] == ["https://example.org/1?a=b&c=d"]
    assert "They met, Yonhap, June 2018" in said.text_content()


def test_the_id_stays_when_the_title_changes():
    before, after = (read(plain_record(slug=slug)).entries[0].id for slug in ("one", "two"))
    assert before == after


def test_an_empty_feed_was_updated_when_nothing_was():
    assert read(about=replace(ABOUT, updated=None)).feed.updated == "1970-01-01T00:00:00+00:00"


def test_a_link_that_no_reader_may_follow_is_no_link():
    record = plain_record()
    citation = record.citations[0]
    bad = replace(citation, source=replace(citation.source, url="javascript:alert(1)"))
    (entry,) = read(replace(record, citations=(bad,))).entries
    assert "javascript" not in entry.summary
    assert "They met" in entry.summary


def test_every_character_in_every_field_and_markup_stays_text():
    text = f"<script>alert(1)</script><b>{HOSTILE}"
    (entry,) = read(plain_record(text=text)).entries
    said = lxml_html.fromstring(f"<div>{entry.summary}</div>")
    assert {each.tag for each in said.iter()} == {"div", "p", "strong", "ul", "li", "a"}
    assert "<script>alert(1)</script>" in said.text_content()


def test_every_date_can_be_said():
    assert len(read(*map(plain_record, DATES)).entries) == len(DATES)


@settings(max_examples=150)
@given(hostile_records)
def test_any_record_is_one_entry(record):
    (entry,) = read(record).entries
    assert entry.id.endswith(f"/events/{record.public_id}/")
