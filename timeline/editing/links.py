"""How a pasted link, or the reference of a print, becomes a source, and what became of its link.

A link that is known is that source, also an archive's copy of it, which is then kept with it; a
new one becomes a source of the publisher whose domain it is, which is made if nobody knows the
domain. Title and date stay empty until somebody fills them in. Nothing is fetched here. Must run
in the transaction of the save.
"""

from dataclasses import dataclass
from datetime import date, datetime

from timeline import archives, text
from timeline.editing import changes, events, things
from timeline.editing.publishing import User
from timeline.models import Citation, Event, Publisher, PublisherDomain, Source
from timeline.models.choices import ChangeKind, SourceKind, Stance

UNKNOWN_LANGUAGE = "und"
"""BCP 47 for a language that nobody has recorded."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says of itself, or an editor of it. ``published`` is EDTF; all may be empty."""

    title: str = ""
    authors: str = ""
    published: str = ""
    language: str = ""
    publisher: Publisher | None = None
    """Saved already; None for the one whose domain it is."""


def source_for_link(link: str, *, today: date, told: Told | None = None) -> Source:
    """The source of this link, made if it isn't known. Raises ``text.LinkError``.

    A new one is as ``told``; what is known is left as it stands.
    """
    told = told or Told()
    url = text.clean_url(link)
    known = Source.objects.for_link(url)
    copy = archives.copy_of(url)
    if known is not None:
        if copy is not None and not known.archive_url:
            known.archive_url, known.archived_at = copy.url, copy.at
            things.store(known)
        return known
    publisher = told.publisher or publisher_for_link(archives.original_of(url))
    source = Source(
        url=url,
        publisher=publisher,
        kind=SourceKind.NEWS,
        title=told.title,
        authors=told.authors,
        published=told.published,
        language=told.language or publisher.language or UNKNOWN_LANGUAGE,
        accessed_on=today,
    )
    source.take_copy_apart()
    things.store(source)
    return source


def draft_on(source: Source, *, title: str, day: str, public_id: str, by: User) -> Event:
    """A draft of an event that rests on this source. ``day`` is EDTF."""
    event = Event(title=title, date=day, public_id=public_id)
    event.save()
    Citation(event=event, source=source, stance=Stance.REPORTS).save()
    return events.settle(event, by=by, before=None)


def publisher_for_link(link: str, *, name: str = "") -> Publisher:
    """The publisher whose domain the link lies in; a new one named by its host if none is.

    With a ``name``, a new one of that name, although others may have the domain.
    """
    known = None if name else Publisher.objects.for_link(link).first()
    if known is not None:
        return known
    host = text.host(link).removeprefix("www.")
    publisher = Publisher(name=name or host)
    things.store(publisher)
    domain = PublisherDomain(publisher=publisher, domain=host)
    domain.clean()
    domain.save()
    return publisher


def source_in_print(reference: str, publisher: Publisher) -> Source:
    """The publisher's source without a link under this reference, made if it isn't known."""
    reference = text.clean_line(reference)
    known = Source.objects.filter(url="", reference=reference, publisher=publisher).first()
    if known is not None:
        return known
    source = Source(
        reference=reference,
        publisher=publisher,
        kind=SourceKind.NEWS,
        language=publisher.language or UNKNOWN_LANGUAGE,
    )
    things.store(source)
    return source


def note_check(
    pk: int, url: str, state: str, *, at: datetime, missed: int, missed_since: date | None
) -> bool:
    """Write what a check of a source's link found; no event gets a new version by it.

    Nothing is written, and False returned, if the link has been changed or removed meanwhile.
    """
    changes.begin()
    source = Source.objects.select_for_update(of=("self",)).filter(pk=pk, url=url).first()
    if source is None:
        return False
    source.link_state, source.checked_at = state, at
    source.missed, source.missed_since = missed, missed_since
    source.save(update_fields=["link_state", "checked_at", "missed", "missed_since"])
    changes.note(ChangeKind.CHANGED, source, what=f"link: {state}")
    return True
