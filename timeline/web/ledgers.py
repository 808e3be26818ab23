"""The pages, feeds and machine form of what happened to the record.

What is told, and of whom, is decided in :mod:`timeline.web.ledger`; here an address becomes a
stretch of it.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from timeline import dates
from timeline.browse.filters import shown
from timeline.formats.atom import TYPE, FeedEntry, atom
from timeline.web import doors, ledger
from timeline.web.addresses import address
from timeline.web.presentation import page
from timeline.web.site import site

_FED = 100
"""Entries of a feed."""
_JSON = 500


Told = Callable[
    [dt.datetime | None, ledger.Place | None], tuple[list[ledger.Entry], ledger.Place | None]
]


class Unreadable(Exception):
    """A value of the address that can't be read; the text is a sentence."""


def _since(written: str) -> dt.datetime | None:
    """The moment that a reader wrote: a day, month or year in any form, or a time with its zone.
    Raises ``Unreadable``."""
    if not written:
        return None
    try:
        moment = parse_datetime(written) if "T" in written else None
    except ValueError:
        moment = None
    if moment is not None:
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment, dt.UTC)
    try:
        day = dates.single(written).earliest
    except dates.DateError as error:
        raise Unreadable(str(error)) from error
    if not dt.date.min < day < dt.date.max:
        raise Unreadable(
            gettext("“%(value)s” is out of reach. Write a day such as 2026-01-31.")
            % {"value": shown(written)}
        )
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _before(written: str) -> ledger.Place | None:
    if not written:
        return None
    try:
        return ledger.Place.read(written)
    except ValueError as error:
        raise Unreadable(
            gettext("“%(value)s” is no place of this list. Go back to its first page.")
            % {"value": shown(written)}
        ) from error


@dataclass(frozen=True)
class Ledger:
    """What a page of the ledger is called, where it stands, and what it leads to."""

    title: str
    description: str
    nothing: str
    href: str
    feed_href: str
    json_href: str
    other_href: str
    other_words: str
    asks: bool


@doors.public_page
def corrections(request: HttpRequest) -> HttpResponse:
    """What was wrong or unclear, what was withdrawn, newest first."""
    return _shown(
        request,
        Ledger(
            title=gettext("Corrections"),
            description=gettext(
                "What was wrong or unclear in a published event or story and is put right, and "
                "what was withdrawn. Newest first."
            ),
            nothing=gettext("Nothing has been corrected yet."),
            href=address("corrections"),
            feed_href=address("corrections_feed"),
            json_href="",
            other_href=address("changes"),
            other_words=gettext("Everything that changed"),
            asks=False,
        ),
        lambda _since, before: ledger.corrections(before),
    )


@doors.public_page
def changes(request: HttpRequest) -> HttpResponse:
    """Everything that happened to the record, newest first, from a day on if one is given."""
    return _shown(
        request,
        Ledger(
            title=gettext("Added or corrected lately"),
            description=gettext(
                "Every publication, correction and withdrawal of an event or a story, and every "
                "edit of what events share: actors, places, publishers, sources."
            ),
            nothing=gettext("Nothing has changed since then."),
            href=address("changes"),
            feed_href=address("changes_feed"),
            json_href=address("changes_json"),
            other_href=address("corrections"),
            other_words=gettext("Corrections only"),
            asks=True,
        ),
        ledger.changes,
    )


def _shown(request: HttpRequest, shown: Ledger, told: Told) -> HttpResponse:
    asked = _asked(request) if shown.asks else {}
    problem = ""
    entries: list[ledger.Entry] = []
    rest = None
    try:
        before = _before(request.GET.get("before", ""))
        entries, rest = told(_since(asked.get("since", "")), before)
    except Unreadable as error:
        problem = str(error)
    return page(
        "ledger.html",
        {
            "ledger": shown,
            "title": shown.title,
            "entries": entries,
            "problem": problem,
            "since": asked.get("since", "")[:40],
            "noindex": bool(request.GET),
            "newest_href": _with(shown.href, asked) if request.GET.get("before") else "",
            "next_href": _with(shown.href, asked, rest) if rest is not None else "",
            "section": "",
        },
        status=400 if problem else 200,
    )


def _asked(request: HttpRequest) -> dict[str, str]:
    return {"since": request.GET["since"]} if request.GET.get("since") else {}


def _with(href: str, asked: Mapping[str, str], rest: ledger.Place | None = None) -> str:
    """An address with what was asked, and where the next stretch begins."""
    query = urlencode({**asked, **({"before": str(rest)} if rest is not None else {})})
    return f"{href}?{query}" if query else href


@doors.public_page
def corrections_feed(request: HttpRequest) -> HttpResponse:
    """The corrections as a feed."""
    entries, _rest = ledger.corrections(None, _FED)
    return _feed(request, gettext("Corrections"), address("corrections"), entries)


@doors.public_page
def changes_feed(request: HttpRequest) -> HttpResponse:
    """Everything that changed as a feed."""
    entries, _rest = ledger.changes(None, None, _FED)
    return _feed(request, gettext("Added or corrected lately"), address("changes"), entries)


def _feed(
    request: HttpRequest, title: str, path: str, entries: Sequence[ledger.Entry]
) -> HttpResponse:
    here = site()
    fed = [
        FeedEntry(
            key=here.absolute(f"{path}#{entry.key}"),
            title=f"{entry.word}: {entry.title or entry.event or entry.story}",
            address=here.absolute(entry.what_href or entry.href),
            at=entry.at,
            text=" ".join(
                part
                for part in (
                    entry.sentence,
                    *(f"{name}: {before} → {after}." for name, before, after in entry.lines),
                )
                if part
            ),
        )
        for entry in entries
    ]
    written = atom(
        f"{here.name}: {title}",
        here.absolute(path),
        here.absolute(request.path),
        translation.get_language() or "en",
        fed,
        author=here.name,
    )
    return HttpResponse(written, content_type=TYPE)


@doors.public_page
def changes_json(request: HttpRequest) -> HttpResponse:
    """Everything that changed, for programs: since a moment, with what must no longer be shown."""
    try:
        since = _since(request.GET.get("since", ""))
        entries, rest = ledger.changes(since, _before(request.GET.get("before", "")), _JSON)
    except Unreadable as error:
        return _json({"error": str(error)}, 400)
    following = _with(request.path, _asked(request), rest) if rest is not None else ""
    return _json(
        {
            "changes": ledger.machine(entries),
            "next": site().absolute(following) if following else None,
        }
    )


def _json(told: dict[str, Any], status: int = 200) -> HttpResponse:
    written = json.dumps(told, ensure_ascii=False, indent=1)
    return HttpResponse(written, content_type="application/json; charset=utf-8", status=status)
