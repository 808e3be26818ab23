"""Atom feeds (RFC 4287), written by Django's own generator.

Entries are plain text, which the generator calls HTML, so it is escaped once more. Characters that
XML forbids never reach a record, whose texts are cleaned when they are saved.
"""

import html
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.feedgenerator import Atom1Feed

TYPE = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True)
class FeedEntry:
    """One entry. ``key`` is its permanent id, an absolute address that is never another's."""

    key: str
    title: str
    address: str
    at: datetime
    text: str


def atom(
    title: str, address: str, own_address: str, language: str, entries: Iterable[FeedEntry]
) -> bytes:
    """A feed, newest entry first. ``address`` is the page that says the same, ``own_address``
    that of the feed; both are absolute."""
    feed = Atom1Feed(
        title=title, link=address, description="", language=language, feed_url=own_address
    )
    for entry in entries:
        feed.add_item(
            title=entry.title,
            link=entry.address,
            description=html.escape(entry.text, quote=False),
            unique_id=entry.key,
            pubdate=entry.at,
            updateddate=entry.at,
        )
    written: str = feed.writeString("utf-8")
    return written.encode()
