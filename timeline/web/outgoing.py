"""The page on data: every form in which the record goes out, and what each field means.

Its tables are the registry of forms and the codebook themselves, so they can't say anything else
than what is sent. Values that several fields share are listed once, and the fields lead there.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from timeline.formats import citing, codebook
from timeline.formats.registry import OFFERED
from timeline.index import naming
from timeline.record.releases import releases
from timeline.web import doors
from timeline.web.addresses import address, path_of
from timeline.web.presentation import page
from timeline.web.releases import href_of
from timeline.web.shared import Shared, embedding, snippet
from timeline.web.site import site

# The line of an event holds its first sources in columns that are alike.
_REPEATED = re.compile(r"source_(?!1_)\d+_")

FITTING = """\
addEventListener("message", (event) => {
  for (const frame of document.querySelectorAll("iframe")) {
    if (event.source !== frame.contentWindow) continue;
    const { dateline, height } = event.data ?? {};
    if (typeof dateline === "string" && height > 0 && height < 20000) frame.height = height;
  }
});"""
"""What a page needs that fits its frames to their content. A sandboxed frame has no origin that
could be compared, so it is known by its window."""


@dataclass(frozen=True)
class FormLine:
    """A form with the file of the whole record in it, and what it leaves out."""

    label: str
    suffix: str
    note: str
    href: str
    losses: str


@dataclass(frozen=True)
class ReleaseLine:
    """A release of the whole record; a closed one has no file."""

    number: int
    href: str
    made: str
    made_iso: str
    events: int
    size: str
    sha256: str
    closed: bool


@dataclass(frozen=True)
class FieldLine:
    """A field; its values stand at ``values_anchor``, if it has such."""

    name: str
    type: str
    meaning: str
    values_anchor: str


@dataclass(frozen=True)
class BookLine:
    """A table or a kind of object."""

    anchor: str
    title: str
    file: str
    fields: tuple[FieldLine, ...]


@dataclass(frozen=True)
class ValuesLine:
    """Values that one or more fields may have, under the name of the first and of what it is a
    field."""

    anchor: str
    field: str
    of: str
    values: tuple[codebook.Value, ...]


def _forms() -> tuple[FormLine, ...]:
    return tuple(
        FormLine(
            str(form.label),
            form.suffix,
            str(form.note),
            path_of(address("home"), form.suffix),
            str(form.losses),
        )
        for form in OFFERED
    )


def _releases() -> tuple[ReleaseLine, ...]:
    """Every release, the last first."""
    made = []
    for each in releases():
        day = timezone.localdate(each.at)
        made.append(
            ReleaseLine(
                each.number,
                href_of(each.number),
                date_format(day),
                day.isoformat(),
                each.events,
                filesizeformat(each.size),
                each.sha256,
                each.closed_at is not None,
            )
        )
    return tuple(made)


def _book(books: Iterable[codebook.Book]) -> tuple[list[BookLine], list[ValuesLine]]:
    """The books and, apart from them, each list of values once."""
    listed: dict[tuple[codebook.Value, ...], ValuesLine] = {}
    made = []
    for book in books:
        lines = []
        for field in book.fields:
            if _REPEATED.match(field.name):
                continue
            if field.values and field.values not in listed:
                anchor = f"values-{len(listed) + 1}"
                listed[field.values] = ValuesLine(anchor, field.name, book.title, field.values)
            anchor = listed[field.values].anchor if field.values else ""
            lines.append(FieldLine(field.name, field.type, field.meaning, anchor))
        made.append(BookLine(f"book-{book.name}", book.title, book.file, tuple(lines)))
    return made, list(listed.values())


@doors.public_page
def outgoing(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view)
    """Files, feeds, the API, frames, the codebook, the licence, how to cite."""
    here = site()
    totals = naming.totals()
    home = Shared(here.name, address("home"), "", totals.events)
    books, values = _book(codebook.codebook())
    return page(
        "outgoing.html",
        {
            "here": "outgoing",
            "title": gettext("Data"),
            "description": gettext(
                "Files, feeds and frames of the events and sources of %(name)s, with the meaning "
                "of every field."
            )
            % {"name": here.name},
            "canonical": address("outgoing"),
            "forms": _forms(),
            "total": totals.events,
            "releases": _releases(),
            "example": here.absolute(f"{path_of(address('home'), 'csv')}?importance=key"),
            "example_page": here.absolute(f"{address('home')}?importance=key"),
            "api_href": address("api"),
            "embedding": embedding(),
            "snippet": snippet(home),
            "fitting": FITTING,
            "oembed": here.absolute(address("oembed")),
            "tables": [book for book in books if book.file],
            "objects": [book for book in books if not book.file],
            "values": values,
            "styles": citing.selection_citations(
                here.name,
                totals.events,
                here.name,
                here.absolute(address("home")),
                timezone.localdate(),
            ),
        },
    )
