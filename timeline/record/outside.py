"""An event's record as the JSON object that everybody outside gets: API, exports, downloads.

The fields are those of :class:`timeline.record.EventRecord`, with the event's address before
them. Texts, dates and decimals are written as in canonical JSON.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse

from timeline.models.addresses import identifier
from timeline.record import EventRecord, plain


def address_of(public_id: str, slug: str) -> str:
    """The absolute address of an event's page, one for all languages."""
    if slug:
        return identifier("event", public_id, slug)
    return identifier("event_bare", public_id)


def page_of(public_id: str, slug: str) -> str:
    """The same in the language of the moment: where somebody who reads on goes."""
    path = reverse("event", args=[public_id, slug]) if slug else None
    path = path or reverse("event_bare", args=[public_id])
    return settings.SITE_URL.rstrip("/") + path


def as_object(record: EventRecord) -> dict[str, Any]:
    """The record as an object of JSON."""
    return {"url": address_of(record.public_id, record.slug), **plain(record)}
