"""Texts, links and dates of the record as other forms may hold them.

What is saved now is clean, but rows of an older release may hold anything; forms that a single
wrong character breaks (XML, iCalendar) take their texts through here.
"""

from datetime import UTC, date, datetime

from timeline import dates, text
from timeline.formats.about import About
from timeline.record import EventRecord

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The moment of what has none, where a form can't do without."""


def line(value: str) -> str:
    """One line without any character that XML or a line-based form forbids."""
    return text.clean_line(value)


def paragraphs(value: str) -> str:
    """The same, with its line breaks."""
    return text.clean_text(value)


def link(url: str) -> str:
    """The address if it is one that a reader may follow, else an empty text."""
    try:
        return text.clean_url(url) if url else ""
    except text.LinkError:
        return ""


def bounds(when: dates.FuzzyDate) -> tuple[date | None, date | None]:
    """The first and last day that the date allows; None where it is open."""
    return (
        None if when.open_start else when.earliest,
        None if when.open_end else when.latest,
    )


def revised(record: EventRecord, about: About) -> datetime:
    """The moment of the event's last change for readers."""
    return record.revised_at or record.published_at or about.updated or NEVER
