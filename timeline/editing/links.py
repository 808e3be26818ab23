"""How a pasted link, or the reference of a print, becomes a source.

A link that is known is that source; a new one becomes a source of the publisher whose domain it
is, which is made if nobody knows the domain. Title and date stay empty until somebody fills them
in. Nothing is fetched here. Must run in the transaction of the save.
"""

from datetime import date

from timeline import text
from timeline.editing import things
from timeline.models import Publisher, PublisherDomain, Source
from timeline.models.choices import SourceKind

UNKNOWN_LANGUAGE = "und"
"""BCP 47 for a language that nobody has recorded."""


def source_for_link(link: str, *, today: date) -> Source:
    """The source of this link, made if it isn't known. Raises ``text.LinkError``."""
    url = text.clean_url(link)
    known = Source.objects.for_link(url)
    if known is not None:
        return known
    publisher = publisher_for_link(url)
    source = Source(
        url=url,
        publisher=publisher,
        kind=SourceKind.NEWS,
        language=publisher.language or UNKNOWN_LANGUAGE,
        accessed_on=today,
    )
    things.store(source)
    return source


def publisher_for_link(link: str) -> Publisher:
    """The publisher whose domain the link lies in; a new one named by its host if none is."""
    known = Publisher.objects.for_link(link).first()
    if known is not None:
        return known
    host = text.host(link).removeprefix("www.")
    publisher = Publisher(name=host)
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
