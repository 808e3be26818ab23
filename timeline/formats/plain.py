"""Texts and dates of the record as other forms may hold them.

What is saved now is clean, but rows of an older release may hold anything; forms that a single
wrong character breaks (XML, iCalendar) take their texts through here.
"""

from datetime import date

from timeline import dates, text


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
