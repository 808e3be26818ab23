"""The project's own CSV, as :mod:`timeline.formats.table` writes its first table: a line an event.

A line holds less than the record: no figures, no relations, the first ten sources. Events keep
their public ids. What was derived, such as the verification, is derived anew.
"""

import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from timeline.formats.table import EVENTS, SOURCES
from timeline.intake.drafts import (
    ActorDraft,
    CategoryDraft,
    CitationDraft,
    EventDraft,
    ParticipationDraft,
    PlaceDraft,
    Problem,
    PublisherDraft,
    Read,
    SourceDraft,
)
from timeline.intake.tables import Row, read_table, shown
from timeline.models.fields import CROCKFORD, PUBLIC_ID_LENGTH

NAME = "dateline-csv"
_NEEDED = ("public_id", "date_edtf", "headline")
_ACTOR = re.compile(r"(?P<name>.*\S)\s*\[(?P<role>[a-z_]*)\]", re.DOTALL)


def recognises(header: tuple[str, ...]) -> bool:
    """Whether these are the columns of the own table."""
    return set(_NEEDED) <= set(header)


def read(content: bytes) -> Read:
    """Read a table. Never raises for what it holds."""
    table = read_table(content, own=True)
    found = Read(NAME, problems=list(table.problems), rows=table.count)
    if not table.header:
        return found
    missing = [name for name in _NEEDED if name not in table.header]
    if missing:
        sentence = _("The file has no column %(columns)s. Export it anew.")
        found.problems.append(
            Problem(0, "", shown(", ".join(table.header)), sentence % {"columns": missing[0]})
        )
        return found
    known = {column.name for column in EVENTS.columns}
    other = [name for name in table.header if name not in known]
    if other:
        sentence = _("These columns are not of this table and were left out: %(columns)s.")
        columns = shown(", ".join(other))
        found.problems.append(Problem(1, columns, "", sentence % {"columns": columns}, fatal=False))
    for row in table.rows:
        problems: list[Problem] = []
        draft = _event(row, problems)
        found.problems += problems
        if not any(each.fatal for each in problems):
            found.drafts.append(draft)
    return found


def _event(row: Row, problems: list[Problem]) -> EventDraft:
    public_id = row.get("public_id")
    if public_id and not (len(public_id) == PUBLIC_ID_LENGTH and set(public_id) <= set(CROCKFORD)):
        sentence = _("A public id has eight characters, such as 7K3Q9FZX; new events have none.")
        problems.append(Problem(row.number, "public_id", shown(public_id), sentence))
    category = row.get("category")
    citations = tuple(
        cited for number in range(1, SOURCES + 1) if (cited := _citation(row, number)) is not None
    )
    count = row.get("source_count")
    if count.isdecimal() and len(count) < 9 and int(count) > len(citations):
        sentence = _("The event has %(count)s sources; those on this line are imported.")
        problems.append(
            Problem(row.number, "source_count", count, sentence % {"count": count}, fatal=False)
        )
    return EventDraft(
        row=row.number,
        title=row.get("headline"),
        date=row.get("date_edtf"),
        summary=row.get("summary"),
        category=CategoryDraft(category) if category else None,
        topics=tuple(CategoryDraft(name) for name in _pieces(row.get("topics"))),
        place=_place(row, problems),
        place_precision=row.get("place_precision"),
        participations=tuple(_part(each) for each in _pieces(row.get("actors"))),
        citations=citations,
        public_id=public_id,
        address=row.get("url"),
    )


def _pieces(written: str) -> list[str]:
    return [piece for each in written.split("; ") if (piece := each.strip())]


def _part(written: str) -> ParticipationDraft:
    match = _ACTOR.fullmatch(written)
    if match is None:
        return ParticipationDraft(ActorDraft(written))
    return ParticipationDraft(ActorDraft(match["name"]), match["role"])


def _place(row: Row, problems: list[Problem]) -> PlaceDraft | None:
    name = row.get("place")
    if not name:
        return None
    return PlaceDraft(
        name,
        country=row.get("countries"),
        latitude=_degrees(row, "lat", problems),
        longitude=_degrees(row, "lon", problems),
    )


def _degrees(row: Row, column: str, problems: list[Problem]) -> Decimal | None:
    written = row.get(column)
    try:
        value = Decimal(written) if written else None
    except InvalidOperation:
        value = Decimal("NaN")
    if value is not None and not value.is_finite():
        sentence = _("This is no number of degrees. Write it such as 39.01667.")
        problems.append(Problem(row.number, column, shown(written), sentence))
        return None
    return value


def _citation(row: Row, number: int) -> CitationDraft | None:
    title, url = row.get(f"source_{number}_title"), row.get(f"source_{number}_url")
    if not (title or url):
        return None
    publisher, date, archive, stance = (
        row.get(f"source_{number}_{name}")
        for name in ("publisher", "date", "archive_url", "stance")
    )
    source = SourceDraft(
        url=url,
        reference="" if url else title,
        title=title if url else "",
        publisher=PublisherDraft(publisher) if publisher else None,
        published=date,
        archive_url=archive,
    )
    return CitationDraft(source, stance or "reports")
