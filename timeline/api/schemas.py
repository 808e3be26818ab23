"""The record's types as JSON Schema: what an object of the API holds, and what it may hold.

Read from the dataclasses of :mod:`timeline.record` and the enumerations of the models, so that
the document can't say anything else than the record does. Fields may be added within version 1,
so objects aren't closed.
"""

import datetime as dt
import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline import dates
from timeline.api.parameters import Schema
from timeline.index import FACETS
from timeline.models import choices
from timeline.record import EventRecord, SourceRecord, TopicRecord
from timeline.record.things import (
    ActorInFull,
    CategoryInFull,
    MetricInFull,
    PlaceInFull,
    PublisherInFull,
)

ENUMERATIONS: Mapping[tuple[str, str], list[str]] = {
    ("EventRecord", "precision"): [each.value for each in dates.Precision],
    ("EventRecord", "date_basis"): choices.DateBasis.values,
    ("EventRecord", "place_precision"): choices.PlacePrecision.values,
    ("EventRecord", "importance"): choices.Importance.values,
    ("EventRecord", "status"): [choices.Status.PUBLISHED.value],
    ("EventRecord", "verification"): choices.VerificationLabel.values,
    ("EventRecord", "verification_override"): ["", *choices.VerificationLabel.values],
    ("EventBrief", "verification"): choices.VerificationLabel.values,
    ("CategoryRecord", "shape"): choices.Shape.values,
    ("CategoryRecord", "family"): choices.Family.values,
    ("CategoryInFull", "shape"): choices.Shape.values,
    ("CategoryInFull", "family"): choices.Family.values,
    ("CategoryInFull", "default_role"): choices.Role.values,
    ("ActorRecord", "kind"): choices.ActorKind.values,
    ("ActorInFull", "kind"): choices.ActorKind.values,
    ("NameRecord", "kind"): choices.NameKind.values,
    ("PublisherRecord", "kind"): choices.PublisherKind.values,
    ("PublisherInFull", "kind"): choices.PublisherKind.values,
    ("PlaceRecord", "kind"): choices.PlaceKind.values,
    ("PlaceInFull", "kind"): choices.PlaceKind.values,
    ("ParticipationRecord", "role"): choices.Role.values,
    ("SourceRecord", "kind"): choices.SourceKind.values,
    ("SourceRecord", "link_state"): choices.LinkState.values,
    ("CitationRecord", "stance"): choices.Stance.values,
    ("CitationRecord", "supports"): choices.Support.values,
    ("FigureRecord", "qualifier"): choices.Qualifier.values,
    ("FigureRecord", "basis"): choices.Basis.values,
    ("FigureRecord", "state"): choices.FigureState.values,
    ("RelationRecord", "kind"): choices.RelationKind.values,
}
"""Fields whose values are a short list, by record and field."""

MEANINGS: Mapping[str, Promise] = {
    "url": _("The address of the event's page."),
    "public_id": _("Eight letters and digits that name the event for good."),
    "slug": _("The end of its page's address, made from the title."),
    "title": _("A sentence that says what happened."),
    "label": _("A word or two for charts; empty where none is given."),
    "summary": _("What happened, in a few sentences."),
    "date": _(
        "The date as exactly as it is known, in EDTF: 2024-10, 2024-10-20~, 2024-10/2024-12."
    ),
    "earliest": _("The first day on which it can have happened."),
    "latest": _("The last day on which it can have happened."),
    "sort_date": _("The day under which it stands in the order of time."),
    "precision": _("How exactly the date is known."),
    "date_basis": _("Whether it happened then, or was announced, first reported or recorded."),
    "time": _("The local time, where known."),
    "time_zone": _("The time zone of the place, such as Asia/Seoul."),
    "date_note": _("Why the day is not known, or who gives which."),
    "category": _("What kind of event it is."),
    "topics": _("What it is about."),
    "place": _("Where it happened; null where that isn't recorded."),
    "place_precision": _("How exactly the place is known."),
    "importance": _("How much weight the editors give it."),
    "status": _("Always published."),
    "verification": _("The label that the stances of its sources add up to."),
    "verification_reasons": _("The grounds of the label."),
    "verification_override": _("The label where editors set it by hand, else empty."),
    "verification_note": _("Why they did."),
    "participations": _("Who takes part, in which role; alleged where only others say so."),
    "citations": _("Its sources: each with the stance it takes and in whose voice."),
    "figures": _("Numbers, each with who gives it, as of when, and its source."),
    "relations": _("Other events that it follows, answers, contradicts or is part of."),
    "published_at": _("When it was first published."),
    "revised_at": _("When it was last published again; null where it never was."),
    "version": _("The number of its last version."),
    "external_ids": _("What other systems call the event."),
    "translations": _(
        "Title, summary and short label in further languages, and whether they are outdated."
    ),
    "day_order": _("The order among events of one day; lower numbers come first."),
}
"""What the fields of an event mean."""

EVENT_FIELDS = ("url", *(each.name for each in fields(EventRecord)))


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def name_of(kind: type) -> str:
    """What a type is called in the document: ``EventRecord`` is Event, ``ActorInFull`` stays."""
    return kind.__name__.removesuffix("Record")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _described(kind: type) -> str:
    doc = (kind.__doc__ or "").strip()
    # Dataclasses without a text of their own get their signature.
    if doc.startswith(f"{kind.__name__}("):
        return ""
    first = re.split(r"(?<=\.)\s", doc)[0] if ":func:" in doc else doc
    return " ".join(first.replace("``", "").split())


def _of(hint: Any, among: list[str] | None, inside: list[type]) -> Schema:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        (plain,) = (each for each in get_args(hint) if each is not type(None))
        return {"anyOf": [_of(plain, among, inside), {"type": "null"}]}
    if origin is tuple:
        return {"type": "array", "items": _of(get_args(hint)[0], among, inside)}
    if is_dataclass(hint):
        inside.append(hint)  # type: ignore[arg-type]
        return _ref(name_of(hint))  # type: ignore[arg-type]
    if hint is Decimal:
        return {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
    if hint is dt.datetime:
        return {"type": "string", "format": "date-time"}
    if hint is dt.date:
        return {"type": "string", "format": "date"}
    if hint is dt.time:
        return {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}:[0-9]{2}"}
    made: Schema = {"type": {str: "string", int: "integer", bool: "boolean"}[hint]}
    return made | ({"enum": list(among)} if among else {})


def _object(kind: type, inside: list[type], more: Mapping[str, Schema]) -> Schema:
    properties: dict[str, Schema] = {}
    for each in fields(kind):
        among = ENUMERATIONS.get((kind.__name__, each.name))
        properties[each.name] = _of(_hints(kind)[each.name], among, inside)
        if kind is EventRecord:
            properties[each.name] |= {"description": str(MEANINGS.get(each.name, ""))}
    # What is added stands around the record's own fields, as in the objects themselves.
    first = {name: schema for name, schema in more.items() if name in ("url", "page")}
    properties = {**first, **properties, **more}
    made: Schema = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
    }
    if described := _described(kind):
        made["description"] = described
    return made


URL: Schema = {"type": "string", "format": "uri"}
PAGE: Schema = URL | {"description": "Its page on this site."}
_COUNT: Schema = {
    "type": "integer",
    "minimum": 0,
    "description": "How many events hold it, or anything that is part of it.",
}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_SHA: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_TEXT: Schema = {"type": "string"}


def _plain(properties: Mapping[str, Schema], *optional: str) -> Schema:
    needed = [name for name in properties if name not in optional]
    return {"type": "object", "properties": dict(properties), "required": needed}


def _listed(results: Schema, **more: Schema) -> Schema:
    link = {"anyOf": [URL, {"type": "null"}]}
    envelope: dict[str, Schema] = {"count": {"type": "integer", "minimum": 0}, "next": link}
    return _plain({**envelope, **more, "results": {"type": "array", "items": results}}, "facets")


def listed(name: str) -> Schema:
    """A page of a list of things."""
    return _listed(_ref(name))


IN_FULL: Mapping[str, type] = {
    "actors": ActorInFull,
    "categories": CategoryInFull,
    "metrics": MetricInFull,
    "places": PlaceInFull,
    "publishers": PublisherInFull,
    "sources": SourceRecord,
    "topics": TopicRecord,
}
"""What the API tells of each kind of thing."""


def thing_name(kind: str) -> str:
    """What the objects of a list of things are called in the document."""
    return {"categories": "CategoryEntry"}.get(kind, f"{kind.capitalize()[:-1]}Entry")


def _facets() -> Schema:
    value = _plain(
        {
            "value": _TEXT,
            "label": _TEXT,
            "count": {"type": "integer", "minimum": 0},
            "selected": {"type": "boolean"},
            "excluded": {"type": "boolean"},
            "url": URL,
        }
    )
    facet = _plain(
        {
            "values": {"type": "array", "items": value},
            "more": {
                "type": "integer",
                "minimum": 0,
                "description": "Other values that have events too.",
            },
        }
    )
    return {"type": "object", "properties": dict.fromkeys(FACETS, facet)}


def _own() -> Iterator[tuple[str, Schema]]:
    """What the API says beside the record."""
    link = {"anyOf": [URL, {"type": "null"}]}
    part: Schema = {"anyOf": [_ref("Event"), _ref("EventInPart")]}
    yield (
        "EventList",
        _listed(part, previous=link, words=_TEXT, facets=_facets()),
    )
    version = {
        "url": URL,
        "event": _TEXT,
        "number": {"type": "integer", "minimum": 1},
        "kind": {"type": "string", "enum": choices.VersionKind.values},
        "at": _MOMENT,
        "public_note": _TEXT,
        "author_seal": _SHA,
        "content_sha256": _SHA,
        "previous": _SHA,
        "sha256": _SHA,
        "redacted_at": {"anyOf": [_MOMENT, {"type": "null"}]},
        "redaction_reason": _TEXT,
    }
    yield "Version", _plain(version)
    record = {
        "type": "object",
        "description": (
            "The public record as it was. Written with sorted keys and without spaces it is the "
            "text that content_sha256 was made of."
        ),
    }
    yield "VersionInFull", _plain({**version, "record": record})
    yield "VersionList", listed("Version")
    removed = {
        "public_id": _TEXT,
        "when": _MOMENT,
        "kind": {"type": "string", "enum": ["withdrawn", "merged", "redacted"]},
        "reason": _TEXT,
        "merged_into": {"anyOf": [_TEXT, {"type": "null"}]},
        "version": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
    }
    yield "Removed", _plain(removed)
    yield "RemovedList", listed("Removed")
    error = _plain({"parameter": _TEXT, "value": _TEXT, "detail": _TEXT})
    yield (
        "Problem",
        _plain(
            {
                "type": URL,
                "title": _TEXT,
                "status": {"type": "integer"},
                "detail": _TEXT,
                "errors": {"type": "array", "items": error},
                "withdrawn_at": {"anyOf": [_MOMENT, {"type": "null"}]},
                "reason": _TEXT,
            },
            "errors",
            "withdrawn_at",
            "reason",
        ),
    )


def components() -> dict[str, Schema]:
    """Every schema of the document, by name."""
    inside: list[type] = []
    url = URL | {"description": str(MEANINGS["url"])}
    event = _object(EventRecord, inside, {"url": url})
    found: dict[str, Schema] = {
        "Event": event,
        "EventInPart": {key: value for key, value in event.items() if key != "required"},
    }
    for name, kind in IN_FULL.items():
        found[thing_name(name)] = _object(kind, inside, {"page": PAGE, "event_count": _COUNT})
        found[f"{thing_name(name)}List"] = listed(thing_name(name))
    for kind in inside:  # grows while it is read
        if name_of(kind) not in found:
            found[name_of(kind)] = _object(kind, inside, {})
    return found | dict(_own())
