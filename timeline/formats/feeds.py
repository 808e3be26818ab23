"""The feed of a selection (Atom): its events that were published or revised last.

An entry's id is its event's address without words, which never changes; what it says is the date
in words, the summary and the sources, as HTML that holds escaped texts and checked links only.
Which events, and in what order, is for the caller to say; a feed is short and written at once.
"""

import html
from collections.abc import Iterable, Iterator

from timeline import dates
from timeline.formats import plain
from timeline.formats.about import About
from timeline.formats.atom import TYPE, FeedEntry, atom
from timeline.record import EventRecord, SourceRecord, spoken
from timeline.record.outside import address_of, page_of

__all__ = ["TYPE", "write"]


def write(about: About, records: Iterable[EventRecord]) -> Iterator[str]:
    """The feed, its entries in the order of the records."""
    yield atom(
        f"{about.site}: {about.words}",
        about.address,
        about.own_address,
        about.language,
        [_entry(record, about) for record in spoken.told(records, about.language)],
        author=about.site,
        rights=about.licence,
        updated=about.updated,
    ).decode()


def _entry(record: EventRecord, about: About) -> FeedEntry:
    when = dates.parse(record.date)
    terms = [record.category.slug] if record.category else []
    return FeedEntry(
        key=address_of(record.public_id, ""),
        title=record.title,
        address=page_of(record.public_id, record.slug),
        at=plain.revised(record, about),
        text="".join(
            (
                f"<p><strong>{_safe(dates.words(when, about.language))}</strong></p>",
                *(f"<p>{_safe(each)}</p>" for each in _paragraphs(record.summary)),
                _sources(record, about.language),
            )
        ),
        published=record.published_at,
        is_html=True,
        terms=(*terms, *(topic.slug for topic in record.topics)),
    )


def _paragraphs(value: str) -> list[str]:
    return [each for each in plain.paragraphs(value).split("\n") if each]


def _sources(record: EventRecord, language: str) -> str:
    found = {each.source.public_id: each.source for each in record.citations}.values()
    lines = "".join(f"<li>{_source(source, language)}</li>" for source in found)
    return f"<ul>{lines}</ul>" if lines else ""


def _source(source: SourceRecord, language: str) -> str:
    name = _safe(source.title or source.reference or source.publisher.name)
    url = plain.link(source.url)
    linked = f'<a href="{html.escape(url)}">{name}</a>' if url else name
    day = dates.words(dates.parse(source.published), language) if source.published else ""
    return ", ".join(part for part in (linked, _safe(source.publisher.name), _safe(day)) if part)


def _safe(value: str) -> str:
    return html.escape(plain.line(value))
