"""GeoJSON (RFC 7946): a feature for each event, at its place or nowhere.

Positions are WGS 84, longitude first, with the digits of the record and no more. An event without
coordinates has a null geometry. How exactly place and date are known stands in the properties; the
collection's own members name the selection and its licence, as section 6.1 allows.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from timeline import dates
from timeline.formats import plain
from timeline.formats.about import About
from timeline.models.tongue import tongue
from timeline.record import EventRecord, shortest
from timeline.record import plain as in_json
from timeline.record.outside import address_of

TYPE = "application/geo+json; charset=utf-8"


def write(about: About, records: Iterable[EventRecord]) -> Iterator[str]:
    """The collection, a feature at a time, each on a line."""
    head = {
        "type": "FeatureCollection",
        "name": about.words,
        "url": about.address,
        "publisher": about.site,
        "license": about.licence,
    }
    yield "{\n" + "".join(f"{_json(name)}: {_json(value)},\n" for name, value in head.items())
    yield '"features": ['
    before = "\n"
    for record in records:
        yield before + _feature(record)
        before = ",\n"
    yield "\n]\n}\n"


def _feature(record: EventRecord) -> str:
    # Written out by hand, for a decimal that goes through a float may come out with other digits.
    place = record.place
    geometry = "null"
    if place is not None and place.longitude is not None and place.latitude is not None:
        position = f"[{shortest(place.longitude)}, {shortest(place.latitude)}]"
        geometry = f'{{"type": "Point", "coordinates": {position}}}'
    return (
        f'{{"type": "Feature", "id": {_json(record.public_id)}, "geometry": {geometry}, '
        f'"properties": {_json(_properties(record))}}}'
    )


def _properties(record: EventRecord) -> dict[str, Any]:
    when = dates.parse(record.date)
    first, last = plain.bounds(when)
    place = record.place
    return {
        "url": address_of(record.public_id, record.slug),
        "title": record.title,
        "summary": record.summary,
        "date": when.edtf,
        "date_words": dates.words(when, tongue()),
        "date_start": in_json(first),
        "date_end": in_json(last),
        "date_precision": when.precision.value,
        "date_approximate": when.approximate,
        "date_uncertain": when.uncertain,
        "category": record.category.slug if record.category else None,
        "category_name": record.category.name if record.category else None,
        "topics": [topic.slug for topic in record.topics],
        "actors": [
            {"actor": part.actor.slug, "name": part.actor.name, "role": part.role}
            for part in record.participations
        ],
        "place": place.slug if place else None,
        "place_name": place.name if place else None,
        "country": (place.country or None) if place else None,
        "place_precision": record.place_precision,
        "importance": record.importance,
        "verification": record.verification,
        "version": record.version,
        "sources": [
            {
                "source": each.source.public_id,
                "title": each.source.title,
                "publisher": each.source.publisher.name,
                "published": each.source.published,
                "url": each.source.url,
                "stance": each.stance,
            }
            for each in record.citations
        ],
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
