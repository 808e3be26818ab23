"""JSON-LD after schema.org: an event for its page, and a selection as a dataset of events.

Dates keep their precision: ``startDate`` and ``endDate`` are given only where ISO 8601 says as
much as is known (``2024-10`` stays a month, a season has none), and ``edtf`` always says all of
it, as Dublin Core's ``date``. A document is one graph, a node on each line: the dataset, the
events in the selection's order, and at last what time they cover, as a second node of the
dataset's name, for by then it is known. Nodes of one name are one thing, by JSON-LD itself.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from timeline import dates
from timeline.formats import plain
from timeline.formats.about import About
from timeline.models.addresses import identifier
from timeline.record import ActorRecord, EventRecord, PlaceRecord, SourceRecord, shortest
from timeline.record.outside import address_of
from timeline.record.stories import StoryRecord

TYPE = "application/ld+json; charset=utf-8"

CONTEXT: tuple[object, ...] = (
    "https://schema.org",
    {
        "edtf": {
            "@id": "http://purl.org/dc/terms/date",
            "@type": "http://id.loc.gov/datatypes/edtf/EDTF",
        }
    },
)
_WORKS = {
    "news": "NewsArticle",
    "analysis": "Article",
    "dataset": "Dataset",
    "video": "VideoObject",
    "imagery": "ImageObject",
    "social_post": "SocialMediaPosting",
    "book": "Book",
}
"""What schema.org calls a kind of source; the others are plain creative works."""

Node = dict[str, Any]


def write(about: About, records: Iterable[EventRecord]) -> Iterator[str]:
    """The document, a node at a time."""
    name = about.own_address
    yield '{\n"@context": ' + _json(CONTEXT) + ',\n"@graph": [\n' + _json(_dataset(about))
    covered = _Coverage()
    for record in records:
        covered.add(dates.parse(record.date))
        node = event(record, address_of(record.public_id, record.slug))
        yield ",\n" + _json({**node, "subjectOf": [{"@id": name}, *node.get("subjectOf", [])]})
    if covered.text:
        yield ",\n" + _json({"@id": name, "temporalCoverage": covered.text})
    yield "\n]\n}\n"


def page(record: EventRecord, address: str, site: str, site_address: str) -> Node:
    """The document of one event's page."""
    return {
        "@context": CONTEXT,
        **event(record, address),
        "publisher": organization(site, site_address),
    }


def organization(name: str, address: str) -> Node:
    """Who publishes."""
    return {"@type": "Organization", "name": name, "url": address}


def story(
    told: StoryRecord,
    events: Iterable[EventRecord],
    description: str,
    address: str,
    site: Node,
    editions: Iterable[tuple[str, str, bool]] = (),
) -> Node:
    """The document of a story's page: an article that tells of its events, in their order.

    ``editions`` are the language, the address, and whether it is the original, of each other one.
    """
    others = [
        (original, {"@type": "Article", "@id": place, "url": place, "inLanguage": language})
        for language, place, original in editions
    ]
    changed = told.revised_at or told.published_at
    return {
        "@context": CONTEXT,
        **_without_nothing(
            {
                "@type": "Article",
                "@id": address,
                "url": address,
                "identifier": told.public_id,
                "headline": told.title,
                "inLanguage": told.language,
                "translationOfWork": next((node for original, node in others if original), ""),
                "workTranslation": [node for original, node in others if not original],
                "description": description,
                "creditText": told.byline,
                "datePublished": told.published_at.isoformat() if told.published_at else "",
                "dateModified": changed.isoformat() if changed else "",
                "about": [
                    {
                        "@type": "Event",
                        "@id": address_of(each.public_id, each.slug),
                        "name": each.title,
                        "edtf": each.date,
                        **_days(dates.parse(each.date)),
                    }
                    for each in events
                ],
            }
        ),
        "publisher": site,
    }


def event(record: EventRecord, address: str) -> Node:
    """An event as a node, with its sources as works about it. Things that were never saved, as in
    a preview, have no address to be known by."""
    when = dates.parse(record.date)
    node: Node = {
        "@type": "Event",
        "@id": address,
        "url": address,
        "identifier": record.public_id,
        "name": record.title,
        "description": record.summary,
        "edtf": when.edtf,
        **_days(when),
    }
    if record.place is not None:
        node["location"] = _place(record.place)
    if record.participations:
        node["about"] = [_actor(part.actor) for part in record.participations]
    words = [record.category.name] if record.category else []
    node["keywords"] = [*words, *(topic.name for topic in record.topics)]
    node["subjectOf"] = _works(record)
    return _without_nothing(node)


def _days(when: dates.FuzzyDate) -> Node:
    """Each end at its own precision; "one of these days" has no start to give."""
    if when.precision is dates.Precision.ONE_OF:
        return {}
    if when.precision is not dates.Precision.SPAN:
        return {"startDate": dates.iso(when)}
    start, _, end = when.edtf.partition("/")
    return {
        "startDate": "" if when.open_start else dates.iso(dates.parse(start)),
        "endDate": "" if when.open_end else dates.iso(dates.parse(end)),
    }


def _actor(actor: ActorRecord) -> Node:
    return _without_nothing(
        {
            "@type": "Person" if actor.kind == "person" else "Organization",
            "@id": _absolute("actor", actor.slug),
            "name": actor.name,
        }
    )


def _place(place: PlaceRecord) -> Node:
    node: Node = {"@type": "Place", "@id": _absolute("place", place.slug), "name": place.name}
    if place.country:
        node["address"] = {"@type": "PostalAddress", "addressCountry": place.country}
    if place.latitude is not None and place.longitude is not None:
        node["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": shortest(place.latitude),
            "longitude": shortest(place.longitude),
        }
    return _without_nothing(node)


def _works(record: EventRecord) -> list[Node]:
    """Each source once, however often it is cited."""
    return list({_key(each.source): _work(each.source) for each in record.citations}.values())


def _key(source: SourceRecord) -> str:
    return source.public_id or source.url or source.reference


def _work(source: SourceRecord) -> Node:
    name = source.title or source.reference or source.publisher.name
    kind = _WORKS.get(source.kind, "CreativeWork")
    return _without_nothing(
        {
            "@type": kind,
            "@id": _absolute("source", source.public_id),
            "name": name,
            "headline": source.title if kind == "NewsArticle" else "",
            "datePublished": _published(source),
            "inLanguage": source.language,
            "creditText": source.authors,
            "publisher": {"@type": "Organization", "name": source.publisher.name},
            "sourceOrganization": (
                {"@type": "Organization", "name": source.agency.name} if source.agency else None
            ),
            "url": plain.link(source.url),
            "archivedAt": plain.link(source.archive_url),
        }
    )


def _published(source: SourceRecord) -> str:
    return dates.iso(dates.parse(source.published)) if source.published else ""


def _dataset(about: About) -> Node:
    return _without_nothing(
        {
            "@type": "Dataset",
            "@id": about.own_address,
            "name": f"{about.site}: {about.words}",
            "description": about.words,
            "url": about.address,
            "license": about.licence,
            "inLanguage": about.language,
            "dateModified": about.updated.isoformat() if about.updated else "",
            "distribution": {
                "@type": "DataDownload",
                "contentUrl": about.own_address,
                "encodingFormat": TYPE.partition(";")[0],
            },
            "creator": {"@type": "Organization", "name": about.site, "url": about.site_address},
        }
    )


class _Coverage:
    """The time from the first to the last day of all dates; an open end stays open."""

    def __init__(self) -> None:
        self._first: date | None = None
        self._last: date | None = None
        self._open_start = self._open_end = False

    def add(self, when: dates.FuzzyDate) -> None:
        first, last = plain.bounds(when)
        self._open_start |= first is None
        self._open_end |= last is None
        known = [each for each in (first, last) if each is not None]
        self._first = min([*known, *([self._first] if self._first else [])])
        self._last = max([*known, *([self._last] if self._last else [])])

    @property
    def text(self) -> str:
        """As schema.org writes a time: ``1994-07-08/2024-10-31``, ``..`` for an open end."""
        if self._first is None or self._last is None:
            return ""
        first = ".." if self._open_start else self._first.isoformat()
        last = ".." if self._open_end else self._last.isoformat()
        return f"{first}/{last}"


@lru_cache(maxsize=8192)
def _absolute(name: str, argument: str) -> str:
    if not argument:
        return ""
    return identifier(name, argument)


def _without_nothing(node: Mapping[str, Any]) -> Node:
    return {name: value for name, value in node.items() if value not in (None, "", [])}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def script_json(value: Mapping[str, object]) -> str:
    """JSON that can't end a script element or open a comment in it."""
    return _json(value).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
