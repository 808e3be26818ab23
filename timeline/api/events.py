"""Events, one and many; their versions; and what left the record."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import quote_plus

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.http import Http404, QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from timeline import browse
from timeline.api import paging, problems
from timeline.api.addresses import absolute
from timeline.api.answers import Answer, found_event
from timeline.api.parameters import listed, moment, page_size
from timeline.api.problems import Problem
from timeline.api.schemas import EVENT_FIELDS
from timeline.browse import ParameterError
from timeline.browse.links import pairs_of
from timeline.browse.selected import told
from timeline.index import FACETS, Facet, Selection, answer
from timeline.index.page import AT_MOST
from timeline.models import Event, Version
from timeline.models.choices import Status, VersionKind
from timeline.record import EventRecord, plain
from timeline.record.outside import address_of, as_object

_COUNTED = 100
"""Values of a facet that come along at most, where the facet isn't listed whole."""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


# --- Events ---------------------------------------------------------------------------------


def events(params: QueryDict) -> Answer:
    """A page of a selection, with the counts that are wanted."""
    errors: list[ParameterError] = []
    facets = listed(params, "facets", FACETS, errors)
    fields = listed(params, "fields", EVENT_FIELDS, errors)
    since = moment(params, "updated_since", errors)
    reading = browse.read(params)
    if reading.selection is None or errors:
        raise problems.wrong([*reading.errors, *errors])
    selection = reading.selection.changed(updated_since=since, cursor=reading.selection.cursor)
    found = answer(selection, _COUNTED if facets else AT_MOST)

    extra = [
        *([("updated_since", plain(since))] if since is not None else []),
        *([("facets", ",".join(facets))] if facets else []),
        *([("fields", ",".join(fields))] if fields else []),
    ]

    def link(asked: Selection) -> str:
        return absolute("api_events", [*pairs_of(asked), *extra])

    following, before = (
        link(selection.changed(cursor=cursor)) if cursor is not None else None
        for cursor in (found.next_cursor, found.previous_cursor)
    )
    words = browse.words(reading, found.total)
    if since is not None:
        words = _("%(words)s, changed since %(moment)s") % {"words": words, "moment": plain(since)}
    body: dict[str, Any] = {
        "count": found.total,
        "next": following,
        "previous": before,
        "words": words,
        "results": [part(each, fields) for each in told(found.ids, selection.known_by).values()],
    }
    if facets:
        body["facets"] = {name: _facet(found.facets[name], selection, link) for name in facets}
    links = {
        "canonical": link(selection),
        "first": link(selection.changed()),
        **({"next": following} if following else {}),
        **({"prev": before} if before else {}),
        "alternate": absolute("home", pairs_of(selection.changed())),
    }
    return Answer(body, links)


def part(record: EventRecord, fields: Sequence[str]) -> dict[str, Any]:
    """An event's object, or what is wanted of it."""
    if not fields:
        return as_object(record)
    return {
        name: address_of(record.public_id, record.slug)
        if name == "url"
        else plain(getattr(record, name))
        for name in EVENT_FIELDS
        if name in fields
    }


def _facet(facet: Facet, selection: Selection, link: Callable[[Selection], str]) -> dict[str, Any]:
    link_of = _links(facet.name, selection, link)
    return {
        "values": [
            {
                "value": each.value,
                "label": each.label,
                "count": each.count,
                "selected": each.state == "on",
                "excluded": each.state == "excluded",
                "url": link_of(each.value),
            }
            for each in facet.values
        ],
        "more": facet.more,
    }


def event(params: QueryDict, public_id: str) -> Answer:
    """One event, as it is or as it could be known on a day."""
    errors: list[ParameterError] = []
    fields = listed(params, "fields", EVENT_FIELDS, errors)
    asked = browse.read_day(QueryDict(f"known_by={params.get('known_by', '')}"))
    if asked.error is not None:
        errors.append(asked.error)
    if errors:
        raise problems.wrong(errors)
    found = found_event(public_id)
    record = told([found.pk], asked.day).get(found.pk)
    if record is None:
        raise Http404("It wasn't known by then.")
    links = {
        "canonical": absolute("api_event", public_id=found.public_id),
        "alternate": as_object(record)["url"],
        "version-history": absolute("api_versions", public_id=found.public_id),
    }
    return Answer(part(record, fields), links)


_PLACE = "0value0"


def _links(
    facet: str, selection: Selection, link: Callable[[Selection], str]
) -> Callable[[str], str]:
    """A function that gives the address of a facet's value, for the many of an answer: one is
    made, and each value is put in its place."""

    def made(value: str) -> str:
        return link(selection.narrowed(facet, value))

    # All of several actors are asked for in the order of their names.
    if facet == "actor" and selection.actors_all:
        return made
    before, after = made(_PLACE).split(f"{facet}={_PLACE}")
    excluded = selection.chosen(facet).exclude

    def filled(value: str) -> str:
        if value in excluded:
            return made(value)
        return f"{before}{facet}={quote_plus(value)}{after}"

    return filled


# --- Versions -------------------------------------------------------------------------------


def versions(params: QueryDict, public_id: str) -> Answer:
    """The versions of an event, newest first."""
    errors: list[ParameterError] = []
    size = page_size(params, errors)
    after = paging.read(params, (int,), errors)
    if errors:
        raise problems.wrong(errors)
    found = found_event(public_id)
    rows = Version.objects.listed().filter(event=found).defer("record").order_by("-number")
    shown = list((rows.filter(number__lt=after[0]) if after else rows)[: size + 1])
    more = len(shown) > size
    shown = shown[:size]
    name = {"public_id": found.public_id}
    return _list(
        "api_versions",
        rows.count(),
        [_version(row) for row in shown],
        paging.written(shown[-1].number) if more else None,
        _kept(params),
        name,
    )


def version(params: QueryDict, public_id: str, number: str) -> Answer:  # noqa: ARG001
    """A version with the record as it was."""
    found = found_event(public_id)
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
    row = Version.objects.listed().filter(event=found, number=wanted).first()
    if row is None or str(wanted) != number:
        raise Http404("There is no such version.")
    if row.redacted_at is not None:
        day = date_format(row.redacted_at)
        said = _("Taken out on %(day)s.") % {"day": day}
        more = {"withdrawn_at": plain(row.redacted_at), "reason": row.redaction_reason}
        raise Problem(problems.GONE, f"{said} {row.redaction_reason}".strip(), more=more)
    return Answer({**_version(row), "record": json.loads(row.record)})


def _version(row: Version) -> dict[str, Any]:
    return {
        "url": absolute("api_version", public_id=row.public_id, number=str(row.number)),
        "event": row.public_id,
        "number": row.number,
        "kind": row.kind,
        "at": plain(row.at),
        "public_note": row.public_note,
        "author_seal": row.author_seal,
        "content_sha256": row.content_sha256,
        "previous": row.previous,
        "sha256": row.sha256,
        "redacted_at": plain(row.redacted_at),
        "redaction_reason": row.redaction_reason,
    }


# --- What left ------------------------------------------------------------------------------


def removed(params: QueryDict) -> Answer:
    """Events that were withdrawn or merged, and versions that were taken out, oldest first."""
    errors: list[ParameterError] = []
    size = page_size(params, errors)
    after = paging.read(params, (int, int), errors)
    since = moment(params, "since", errors)
    if errors:
        raise problems.wrong(errors)
    # What an event is now was written by its last version.
    left = Q(
        event__status__in=[Status.WITHDRAWN, Status.MERGED],
        kind__in=[VersionKind.WITHDRAWN, VersionKind.MERGED],
        number=F("event__version"),
    )
    taken_out = Q(event__status=Status.PUBLISHED, redacted_at__isnull=False)
    rows = (
        Version.objects.told()
        .filter(left | taken_out)
        .annotate(moment=Coalesce("redacted_at", "at"))
        .defer("record")
        .select_related("event__merged_into")
        .order_by("moment", "pk")
    )
    if since is not None:
        rows = rows.filter(moment__gte=since)
    count = rows.count()
    if after:
        then = _EPOCH + dt.timedelta(microseconds=min(after[0], 10**17))
        rows = rows.filter(Q(moment__gt=then) | Q(moment=then, pk__gt=after[1]))
    shown: list[Any] = list(rows[: size + 1])
    following = None
    if len(shown) > size:
        shown = shown[:size]
        last = shown[-1]
        following = paging.written((last.moment - _EPOCH) // _MICROSECOND, last.pk)
    results = [_removal(row) for row in shown]
    return _list("api_removed", count, results, following, _kept(params, since=since))


def _removal(row: Any) -> dict[str, Any]:
    event: Event = row.event
    if event.status == Status.PUBLISHED:
        kind, reason = "redacted", row.redaction_reason
    else:
        kind, reason = event.status, event.withdrawal_reason
    into = event.merged_into
    return {
        "public_id": row.public_id,
        "when": plain(row.moment),
        "kind": str(kind),
        "reason": reason,
        "merged_into": into.public_id if kind == Status.MERGED and into is not None else None,
        "version": row.number if kind == "redacted" else None,
    }


def _kept(params: QueryDict, **moments: dt.datetime | None) -> list[tuple[str, str]]:
    """What the next page asks again."""
    size = [("page_size", params["page_size"])] if "page_size" in params else []
    return [(name, plain(each)) for name, each in moments.items() if each is not None] + size


def _list(
    name: str,
    count: int,
    results: Iterable[Any],
    cursor: str | None,
    pairs: list[tuple[str, str]],
    parts: dict[str, str] | None = None,
) -> Answer:
    following = absolute(name, [*pairs, ("cursor", cursor)], **(parts or {})) if cursor else None
    links = {"next": following} if following else {}
    first = absolute(name, pairs, **(parts or {}))
    return Answer(
        {"count": count, "next": following, "results": list(results)}, {"first": first, **links}
    )
