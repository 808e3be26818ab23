"""An event's past: its history, what changed between two versions, and each version as it was.

Views and what they show. The current event decides who may look: of one that was withdrawn no
version answers, of one that was merged all lead to the event that it became part of.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.formats import date_format
from django.utils.translation import gettext

from timeline.models import Event, Version
from timeline.models.tongue import tongue
from timeline.record import EventRecord, brief, spoken
from timeline.record.reading import read
from timeline.record.told import title_of, titles
from timeline.web import doors, ledger, wording
from timeline.web.addresses import address
from timeline.web.article import DESCRIPTION, Related, article, article_page, related
from timeline.web.cards import Name, shortened
from timeline.web.differences import Difference, Tie, differences
from timeline.web.errors import message
from timeline.web.presentation import page
from timeline.web.site import site

SHOWN = 5
"""Versions that the event's own page lists."""


@dataclass(frozen=True)
class Choice:
    """A version in the lists to compare."""

    number: int
    label: str
    chosen: bool


@dataclass(frozen=True)
class Banner:
    """What stands above a past version."""

    number: int
    current: int
    current_href: str
    day: str
    word: str
    sentence: str
    history_href: str
    json_href: str
    sha256: str
    previous_href: str
    next_href: str


def _versions(event: Event) -> list[Version]:
    """The versions of a public event, newest first, without their records."""
    return list(Version.objects.listed().filter(event=event).defer("record").order_by("-number"))


def history(event: Event) -> list[ledger.Entry]:
    """The last versions of an event, for its own page."""
    rows = Version.objects.listed().filter(event=event).defer("record").select_related("event")
    return [ledger.version_entry(row) for row in rows.order_by("-number")[:SHOWN]]


def _found(request: HttpRequest, public_id: str, below: str) -> Event:
    """The public event, at its one address; raises what :func:`doors.event` raises."""
    found = doors.event(public_id)
    if request.path != (right := f"{found.get_absolute_url()}{below}"):
        raise doors.Moved(right)
    return found


def _recorded(version: Version) -> tuple[EventRecord, list[dict[str, str]]]:
    """What a version holds: the record, and its relations by public id."""
    content = version.content()
    ties = content.pop("relations")
    return read(EventRecord, content | {"relations": []}), ties


def _known(ties: list[dict[str, str]]) -> dict[str, Event]:
    """The events named there that are public today, as they are called here."""
    rows = list(Event.objects.public().filter(public_id__in=[tie["event"] for tie in ties]))
    called = titles([row.pk for row in rows], tongue())
    for row in rows:
        row.title = called.get(row.pk, row.title)
    return {row.public_id: row for row in rows}


def _ties(ties: list[dict[str, str]], known: dict[str, Event]) -> list[Tie]:
    return [
        Tie(
            tie["kind"],
            tie["event"],
            known[tie["event"]].title if tie["event"] in known else tie["event"],
        )
        for tie in ties
    ]


def _number(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else None


@doors.public_page
def event_history(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:  # noqa: ARG001
    """All versions of an event, and what changed between two of them."""
    found = _found(request, public_id, "history/")
    rows = _versions(found)
    numbers = [row.number for row in rows if not row.is_redacted]
    first, last = (numbers[1], numbers[0]) if len(numbers) > 1 else (None, None)
    problem = ""
    if request.GET.get("from") or request.GET.get("to"):
        first, last = (_number(request.GET.get(name, "")) for name in ("from", "to"))
        if first not in numbers or last not in numbers:
            problem = gettext("Choose two versions of the list that can be read.")
            first = last = None
    called = title_of(found)
    compared: tuple[Difference, ...] | None = None
    if first is not None and last is not None:
        compared = _compared(found, first, last)
    return page(
        "history.html",
        {
            "section": "home",
            "above": Name(gettext("Timeline"), address("home")),
            "event": Name(called, found.get_absolute_url()),
            "title": gettext("History of “%(title)s”") % {"title": called},
            "entries": [ledger.version_entry(_with(row, found)) for row in rows],
            "chooses": [
                (name, words, _choices(rows, chosen))
                for name, words, chosen in (
                    ("from", gettext("Before"), first),
                    ("to", gettext("After"), last),
                )
            ]
            if len(numbers) > 1
            else [],
            "first": first,
            "last": last,
            "compared": compared,
            "problem": problem,
        },
        status=400 if problem else 200,
    )


def _with(row: Version, event: Event) -> Version:
    row.event = event
    return row


def _choices(rows: list[Version], chosen: int | None) -> list[Choice]:
    return [
        Choice(
            row.number,
            gettext("Version %(number)s, %(day)s")
            % {"number": row.number, "day": date_format(row.at)},
            row.number == chosen,
        )
        for row in rows
        if not row.is_redacted
    ]


def _compared(event: Event, first: int, last: int) -> tuple[Difference, ...]:
    rows = {
        row.number: row
        for row in Version.objects.public().filter(event=event, number__in=[first, last])
    }
    before, ties_before = _recorded(rows[first])
    after, ties_after = _recorded(rows[last])
    known = _known([*ties_before, *ties_after])
    before, after = spoken.record(before), spoken.record(after)
    return differences(before, after, _ties(ties_before, known), _ties(ties_after, known))


def _version(found: Event, number: int) -> Version:
    row = Version.objects.listed().filter(event=found, number=number).first()
    if row is None:
        raise Http404("There is no such version.")
    return row


@doors.public_page
def event_version(
    request: HttpRequest,
    public_id: str,
    number: int,
    slug: str = "",  # noqa: ARG001
) -> HttpResponse:
    """A version of an event as it was published."""
    found = _found(request, public_id, f"v/{number}/")
    version = _version(found, number)
    if version.is_redacted:
        return _taken_out(version)
    record, ties = _recorded(version)
    made = article(spoken.record(record), (), None, None)
    href = found.get_absolute_url()
    entry = ledger.version_entry(_with(version, found))
    last = found.version or number
    return article_page(
        made,
        canonical=href,
        past=Banner(
            number=number,
            current=last,
            current_href=href,
            day=entry.day,
            word=entry.word,
            sentence=entry.sentence,
            history_href=f"{href}history/",
            json_href=f"{href}v/{number}.json",
            sha256=version.sha256,
            previous_href=f"{href}v/{number - 1}/" if number > 1 else "",
            next_href=f"{href}v/{number + 1}/" if number < last else "",
        ),
        ties=_related(ties),
        description=shortened(made.summary or made.title, DESCRIPTION),
        report=site().report_href(made.title, request.path),
    )


def _related(ties: list[dict[str, str]]) -> list[Related]:
    known = _known(ties)
    return [
        related(
            wording.relation_word(tie["kind"], True),
            brief(known[tie["event"]]),
            against=tie["kind"] == "contradicts",
        )
        for tie in ties
        if tie["event"] in known
    ]


@doors.public_page
def version_short(request: HttpRequest, public_id: str, number: int) -> HttpResponse:  # noqa: ARG001
    """The short form of a version's address, which is what a citation gives."""
    return HttpResponseRedirect(f"{doors.event(public_id).get_absolute_url()}v/{number}/")


@doors.public_page
def event_version_json(
    request: HttpRequest,
    public_id: str,
    number: int,
    slug: str = "",  # noqa: ARG001
) -> HttpResponse:
    """A version for programs: the record as it was hashed, and all that its hash is made of."""
    found = _found(request, public_id, f"v/{number}.json")
    version = _version(found, number)
    if version.is_redacted:
        return _taken_out(version)
    told: dict[str, Any] = {
        "event": version.public_id,
        "number": version.number,
        "kind": version.kind,
        "public_note": version.public_note,
        "record": version.record,
        "at": version.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "author_seal": version.author_seal,
        "content_sha256": version.content_sha256,
        "previous": version.previous,
        "sha256": version.sha256,
    }
    written = json.dumps(told, ensure_ascii=False, indent=1)
    return HttpResponse(written, content_type="application/json; charset=utf-8")


def _taken_out(version: Version) -> HttpResponse:
    """410 with the reason: the content of a redacted version is nowhere kept."""
    day = date_format(version.redacted_at) if version.redacted_at else ""
    return message(
        gettext("What this version said was taken out"),
        gettext("Taken out on %(day)s.") % {"day": day} if day else "",
        version.redaction_reason,
        status=410,
    )
