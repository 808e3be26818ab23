"""UCDP's georeferenced event data, 42 to 49 columns, of which the names are the same.

UCDP gives no headline, so one is composed of the sides and the place. The sources of an event are
packed into parallel lists; a headline may hold the sign that separates them, so lists of unequal
lengths are kept packed as one source.
"""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from timeline import dates, text
from timeline.intake.drafts import (
    ActorDraft,
    CategoryDraft,
    CitationDraft,
    EventDraft,
    ExternalDraft,
    FigureDraft,
    MetricDraft,
    ParticipationDraft,
    PlaceDraft,
    PublisherDraft,
    Read,
    SourceDraft,
)
from timeline.intake.fitting import NAME as NAME_LENGTH
from timeline.intake.fitting import REFERENCE, SOURCE_TITLE, SUBJECT, TITLE, cut
from timeline.intake.readers.rows import (
    Cells,
    Ids,
    Wrong,
    alike,
    has,
    known,
    nested,
    read_table_rows,
    twice,
)
from timeline.intake.tables import Table, read_table
from timeline.intake.written import Unclear, read_date, read_number

NAME = "ucdp-ged"
SYSTEM = "ucdp-ged"
NEEDED = ("id", "type_of_violence", "side_a", "side_b", "date_start", "date_end", "best")

_CATEGORIES = {
    "1": "State-based conflict",
    "2": "Non-state conflict",
    "3": "One-sided violence",
}
_PRECISION = {
    "1": "exact",
    "2": "near",
    "3": "district",
    "4": "province",
    "5": "region",
    "6": "country",
    "7": "waters_or_air",
}
_UCDP = "Uppsala Conflict Data Program"


def recognises(header: tuple[str, ...]) -> bool:
    """Whether these are the columns of GED."""
    return has(header, NEEDED)


def read(content: bytes, *, categories: Mapping[str, str] | None = None) -> Read:
    """Read a table of GED. ``categories`` maps its types of violence (1, 2, 3) to names of ours."""
    return read_rows(read_table(content), categories=categories)


def read_rows(table: Table, *, categories: Mapping[str, str] | None = None) -> Read:
    found = Read(NAME, problems=list(table.problems), rows=table.count)
    ids = Ids()
    named = {**_CATEGORIES, **(categories or {})}
    read_table_rows(found, table, NEEDED, lambda cells: _draft(cells, ids, named))
    return found


def _draft(cells: Cells, ids: Ids, categories: Mapping[str, str]) -> EventDraft:
    fitted = cells.fitted
    number = cells.get("id")
    if not number:
        raise Wrong(cells.column("id"), "", _("The row has no id of UCDP. Export it anew."))
    value = ids.once(number, fitted, cells.column("id"), twice)
    kind = cells.get("type_of_violence")
    if kind not in _CATEGORIES:
        raise Wrong(
            cells.column("type_of_violence"),
            kind,
            _("UCDP's type of violence is 1, 2 or 3. Correct it."),
        )
    for name in ("conflict_name", "dyad_name", "where_description"):
        fitted.keep(name, cells.get(name))
    status = cells.get("code_status")
    if status and status.casefold() != "clear":
        cells.warn("code_status", _("UCDP has not finished checking this event."))
        fitted.keep("code_status", status)
    citations = _citations(cells, number)
    summary = cells.get("event_clarity") == "2"
    return EventDraft(
        row=fitted.row,
        title=_title(cells),
        date=_date(cells),
        category=CategoryDraft(categories[kind]),
        topics=(CategoryDraft(_("Summary event")),) if summary else (),
        place=_place(cells),
        place_precision=_PRECISION.get(cells.get("where_prec"), ""),
        participations=_participations(cells, kind),
        citations=citations,
        figures=_figures(cells),
        external=(ExternalDraft(SYSTEM, value),),
        internal_note=fitted.internal_note,
    )


def _title(cells: Cells) -> str:
    sides = " – ".join(each for each in (cells.get("side_a"), cells.get("side_b")) if known(each))
    where = cells.get("where_description", "where_coordinates", "country")
    title = ", ".join(each for each in (sides, where) if known(each))
    if not title:
        raise Wrong(cells.column("side_a"), "", _("The row names no side. Fill one in."))
    return cut(title, TITLE)


def _date(cells: Cells) -> str:
    """A day, a span, or the month or year that the span fills and the precision claims no more."""
    start, end = cells.day("date_start"), cells.day("date_end")
    precision = cells.get("date_prec")
    if precision not in ("", "1", "2", "3", "4", "5"):
        raise Wrong(
            cells.column("date_prec"),
            precision,
            _("UCDP's date precision is a number from 1 (day) to 5 (year). Correct it."),
        )
    if start == end:
        return start
    try:
        span = dates.parse(f"{start}/{end}")
    except dates.DateError as error:
        raise Wrong(cells.column("date_end"), cells.get("date_end"), str(error)) from error
    if precision == "1":
        cells.warn("date_prec", _("The day is called exact, but start and end differ."))
    for part in (start[:7], start[:4]) if precision in ("4", "5") else ():
        whole = dates.parse(part)
        if (whole.earliest, whole.latest) == (span.earliest, span.latest):
            return part
    return span.edtf


def _place(cells: Cells) -> PlaceDraft | None:
    around = nested(
        (cells.get("country"), "country"),
        (cells.get("adm_1"), "province"),
        (cells.get("adm_2"), "district"),
    )
    name = cells.get("where_coordinates")
    if not known(name):
        return around
    latitude = cells.degrees("latitude", limit=90)
    longitude = cells.degrees("longitude", limit=180)
    if latitude is None or longitude is None:
        latitude = longitude = None
    while around and alike(around.name, name):
        around = around.parent
    return PlaceDraft(
        cut(name, NAME_LENGTH),
        kind="water" if cells.get("where_prec") == "7" else "",
        latitude=latitude,
        longitude=longitude,
        parent=around,
    )


def _participations(cells: Cells, kind: str) -> tuple[ParticipationDraft, ...]:
    found: dict[str, ParticipationDraft] = {}
    for side, role in (("side_a", "perpetrator"), ("side_b", "victim")):
        name = cells.get(side)
        if known(name):
            actor = ActorDraft(cut(name, NAME_LENGTH), kind=_kind(name, kind, side))
            part = ParticipationDraft(actor, role if kind == "3" else "participant")
            found.setdefault(name.casefold(), part)
    return tuple(found.values())


def _kind(name: str, kind: str, side: str) -> str:
    if name.startswith("Government of "):
        return "state"
    if name == "Civilians":
        return "group"
    return "rebel_group" if kind == "1" and side == "side_b" else ""


def _citations(cells: Cells, number: str) -> tuple[CitationDraft, ...]:
    offices, days, headlines = (
        cells.get(name).split(";") if cells.get(name) else []
        for name in ("source_office", "source_date", "source_headline")
    )
    original = cells.get("source_original")
    speaker = ActorDraft(cut(original, NAME_LENGTH)) if known(original) else None
    if not (len(offices) == len(days) == len(headlines)):
        cells.warn(
            "source_headline",
            _(
                "The lists of sources have %(offices)s offices, %(days)s dates and %(headlines)s "
                "headlines, so they can't be told apart. They are kept as one source."
            )
            % {"offices": len(offices), "days": len(days), "headlines": len(headlines)},
        )
        offices = days = headlines = []
    found = [
        CitationDraft(_source(cells, *each), speaker=speaker)
        for each in zip(offices, days, headlines, strict=True)
        if known(each[0].strip()) or known(each[2].strip())
    ]
    packed = cells.get("source_article", "source_headline", "source_office")
    if not found and packed:
        cells.fitted.keep("source_article", packed)
        found = [
            CitationDraft(
                SourceDraft(
                    reference=cut(f"UCDP {number}: {packed}", REFERENCE),
                    publisher=PublisherDraft(_UCDP, kind="academic"),
                    kind="dataset",
                ),
                speaker=speaker,
            )
        ]
    return tuple(found)


def _source(cells: Cells, office: str, day: str, headline: str) -> SourceDraft:
    office, day, headline = (text.clean_line(each) for each in (office, day, headline))
    published = ""
    if known(day):
        try:
            published = read_date(day).edtf
        except Unclear as error:
            cells.fitted.warn(cells.column("source_date"), day, str(error))
            cells.fitted.keep("source_date", day)
    return SourceDraft(
        reference=cut(", ".join(each for each in (office, day, headline) if each), REFERENCE),
        title=cut(headline, SOURCE_TITLE),
        publisher=PublisherDraft(cut(office if known(office) else _UCDP, NAME_LENGTH)),
        published=published,
    )


def _figures(cells: Cells) -> tuple[FigureDraft, ...]:
    numbers = {name: _number(cells, name) for name in ("low", "best", "high")}
    found = []
    if any(numbers.values()):
        found.append(_killed(_("All sides"), **numbers))
    for column, subject in (
        ("deaths_a", cells.get("side_a")),
        ("deaths_b", cells.get("side_b")),
        ("deaths_civilians", _("Civilians")),
        ("deaths_unknown", _("People of an unknown side")),
    ):
        best = _number(cells, column)
        if best:
            found.append(_killed(subject or column, best=best))
    return tuple(found)


def _number(cells: Cells, column: str) -> Decimal | None:
    written = cells.get(column)
    if not known(written):
        return None
    try:
        return read_number(written)
    except Unclear as error:
        raise Wrong(cells.column(column), written, str(error)) from error


def _killed(
    subject: str,
    best: Decimal | None,
    low: Decimal | None = None,
    high: Decimal | None = None,
) -> FigureDraft:
    return FigureDraft(
        MetricDraft("killed", label=_("Killed"), unit="people"),
        subject=cut(subject, SUBJECT),
        low=low,
        best=best,
        high=high,
        attributed_to=ActorDraft(_UCDP, kind="research_institute"),
    )
