"""The project's own JSON: everything that readers may know of some events, to be taken in again.

One document, written as it is asked for, that another site can be filled from; a second export of
equal content has equal bytes, so it holds no time of writing, no key of a row, and every list has
an order of its own. Every event and thing is one line. In this order::

    {
    "format": "dateline", "format_version": 1,
    "site": {"name": ..., "address": ...}, "licence": ..., "language": ...,
    "selection": "37 events involving Russia", "address": "https://.../?actor=russia", "total": 37,
    "events": [each as timeline.record.outside.as_object gives it],
    "categories": [CategoryInFull], "topics": [TopicRecord], "metrics": [MetricInFull],
    "places": [PlaceInFull], "actors": [ActorInFull], "publishers": [PublisherInFull],
    "glossary": [TermRecord]
    }

What an event names by slug, a metric by code, stands in full in the lists behind the events, with
everything above it in its tree, parents before children; behind these, what the glossary says of
all these words in further languages: see :mod:`timeline.record.things`. Dates
are EDTF, decimals text, moments UTC to the second, what isn't known is an empty text or null.
Inside an event, lists are in its own order; a figure's ``source`` is that of one of its citations
and ``superseded_by`` the place, from 0, of another of its figures. A relation names its other
event, which need not be in the document; one between two of its events stands at both, with
``outgoing`` true where it starts. ``total`` may be more than the events there are when one was
withdrawn meanwhile.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from timeline.formats.about import About
from timeline.record import EventRecord, plain
from timeline.record.outside import as_object
from timeline.record.things import Used, in_full

TYPE = "application/json; charset=utf-8"
FORMAT = "dateline"
FORMAT_VERSION = 1


def write(
    about: About,
    records: Iterable[EventRecord],
    things: Callable[[Used], Iterable[tuple[str, Iterable[Any]]]] = in_full,
) -> Iterator[str]:
    """The document, a line or a few at a time; ``things`` gives the lists behind the events."""
    head = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "site": {"name": about.site, "address": about.site_address},
        "licence": about.licence,
        "language": about.language,
        "selection": about.words,
        "address": about.address,
        "total": about.total,
    }
    yield "{\n" + "".join(f"{_json(name)}: {_json(value)},\n" for name, value in head.items())
    used = Used()

    def told() -> Iterator[dict[str, Any]]:
        for record in records:
            used.add(record)
            yield as_object(record)

    yield from _list("events", told())
    for name, rows in things(used):
        yield ",\n"
        yield from _list(name, map(plain, rows))
    yield "\n}\n"


def _list(name: str, values: Iterable[Any]) -> Iterator[str]:
    yield f"{_json(name)}: ["
    before = "\n"
    for value in values:
        yield before + _json(value)
        before = ",\n"
    yield "\n]"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
