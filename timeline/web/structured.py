"""What machines read of a page: JSON-LD for an event, after schema.org.

Dates keep their precision (``2024-10`` stays a month); a span has both ends. Knows the record
and absolute addresses, nothing of HTML; ``script_json`` makes the text safe inside a script
element, which the policy allows because it is data and never run.
"""

import json
from collections.abc import Mapping

from timeline import dates
from timeline.record import EventRecord


def event(record: EventRecord, address: str, site: str, site_address: str) -> dict[str, object]:
    """An event as schema.org Event, with its sources as what it is based on."""
    date = dates.parse(record.date)
    made: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": address,
        "url": address,
        "identifier": record.public_id,
        "name": record.title,
        "description": record.summary,
        "publisher": {"@type": "Organization", "name": site, "url": site_address},
        "subjectOf": [
            {
                "@type": "CreativeWork",
                "name": citation.source.title or citation.source.publisher.name,
                "inLanguage": citation.source.language or None,
                "url": citation.source.url or None,
                "publisher": {"@type": "Organization", "name": citation.source.publisher.name},
            }
            for citation in record.citations
        ],
    }
    # Each end keeps its own precision; "one of these days" has no start to give.
    if date.precision == "span":
        start, _, end = date.edtf.partition("/")
        if not date.open_start:
            made["startDate"] = dates.iso(dates.parse(start))
        if not date.open_end:
            made["endDate"] = dates.iso(dates.parse(end))
    elif date.precision != "one_of":
        made["startDate"] = dates.iso(date)
    if record.place is not None:
        place: dict[str, object] = {"@type": "Place", "name": record.place.name}
        if record.place.latitude is not None and record.place.longitude is not None:
            place["geo"] = {
                "@type": "GeoCoordinates",
                "latitude": str(record.place.latitude),
                "longitude": str(record.place.longitude),
            }
        made["location"] = place
    if record.participations:
        made["about"] = [
            {
                "@type": "Person" if part.actor.kind == "person" else "Organization",
                "name": part.actor.name,
            }
            for part in record.participations
        ]
    return made


def _without_none(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_none(item) for item in value]
    return value


def script_json(value: Mapping[str, object]) -> str:
    """JSON that can't end the script element or open a comment in it."""
    text = json.dumps(_without_none(value), ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
