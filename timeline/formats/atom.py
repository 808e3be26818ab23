"""Atom feeds (RFC 4287), written by Django's own generator.

An entry says a plain text, which is escaped once more because the generator calls it HTML, or
HTML that is already safe. Characters that XML forbids are taken out here, for a single one of them
would make the whole feed unreadable.
"""

import html
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.feedgenerator import Atom1Feed

from timeline.formats import plain

TYPE = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True)
class FeedEntry:
    """One entry. ``key`` is its permanent id, an absolute address that is never another's.

    ``at`` is when it was last updated, ``published`` when first published, if that differs.
    ``text`` is plain, or HTML when ``is_html``; ``terms`` are its categories.
    """

    key: str
    title: str
    address: str
    at: datetime
    text: str
    published: datetime | None = None
    is_html: bool = False
    terms: tuple[str, ...] = ()


class _Feed(Atom1Feed):
    """A feed without entries was updated when it is said to have been, and not just now."""

    updated: datetime | None = None

    def latest_post_date(self) -> datetime:
        if self.updated is not None or not self.items:
            return self.updated or plain.NEVER
        latest: datetime = super().latest_post_date()
        return latest


def atom(
    title: str,
    address: str,
    own_address: str,
    language: str,
    entries: Iterable[FeedEntry],
    *,
    author: str,
    rights: str = "",
    updated: datetime | None = None,
) -> bytes:
    """A feed, newest entry first. ``address`` is the page that says the same, ``own_address``
    that of the feed; both are absolute. ``updated`` is that of its newest entry if not given."""
    feed = _Feed(
        title=plain.line(title),
        link=address,
        description="",
        language=language,
        feed_url=own_address,
        author_name=plain.line(author),
        feed_copyright=plain.line(rights) or None,
    )
    feed.updated = updated
    for entry in entries:
        text = plain.paragraphs(entry.text)
        feed.add_item(
            title=plain.line(entry.title),
            link=entry.address,
            description=text if entry.is_html else html.escape(text, quote=False),
            unique_id=entry.key,
            pubdate=entry.published or entry.at,
            updateddate=entry.at,
            categories=entry.terms,
        )
    written: str = feed.writeString("utf-8")
    return written.encode()
