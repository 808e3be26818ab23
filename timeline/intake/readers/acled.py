"""ACLED's export, new (31 columns) and old (numbers for the kinds of actors).

ACLED says neither who began nor who was the target, so actors are participants. Its sources are
names without links. A zero among the fatalities means that no number was reported; it is no
figure. The time of ACLED's last change has no field here.
"""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from timeline import dates
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
from timeline.intake.fitting import TITLE, WORDS, cut
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
from timeline.intake.written import Unclear, read_number

NAME = "acled"
SYSTEM = "acled"
NEEDED = ("event_id_cnty", "event_date", "event_type", "actor1")

_ACLED = "Armed Conflict Location & Event Data Project"
_SPELLING = {"demostrations": "Demonstrations"}
_KINDS = {
    "1": "armed_force",
    "state forces": "armed_force",
    "2": "rebel_group",
    "rebel group": "rebel_group",
    "rebel groups": "rebel_group",
    "3": "militia",
    "political militia": "militia",
    "political militias": "militia",
    "4": "group",
    "identity militia": "group",
    "identity militias": "group",
    "5": "group",
    "rioters": "group",
    "6": "group",
    "protesters": "group",
    "7": "group",
    "civilians": "group",
}
_SCALES = {
    "national": "national",
    "subnational": "regional",
    "regional": "regional",
    "international": "international",
    "local partner": "ngo",
    "new media": "new_media",
    "other": "other",
}
_PRECISION = {"1": "settlement", "2": "near", "3": "region"}
_BETWEEN = re.compile(
    r"\bbetween (\d[\d,]*) and (\d[\d,]*) (?:people |civilians |soldiers |fighters |persons )?"
    r"(?:were |was |are )?(?:reportedly )?(?:killed|dead|fatalities|deaths)",
    re.ASCII | re.IGNORECASE,
)


def recognises(header: tuple[str, ...]) -> bool:
    """Whether these are the columns of an export of ACLED."""
    return has(header, NEEDED)


def read(content: bytes, *, categories: Mapping[str, str] | None = None) -> Read:
    """Read an export. ``categories`` maps ACLED's event types to names of ours."""
    return read_rows(read_table(content), categories=categories)


def read_rows(table: Table, *, categories: Mapping[str, str] | None = None) -> Read:
    found = Read(NAME, problems=list(table.problems), rows=table.count)
    ids = Ids()
    read_table_rows(found, table, NEEDED, lambda cells: _draft(cells, ids, categories or {}))
    return found


def _draft(cells: Cells, ids: Ids, categories: Mapping[str, str]) -> EventDraft:
    fitted = cells.fitted
    number = cells.get("event_id_cnty")
    if not number:
        raise Wrong(
            cells.column("event_id_cnty"), "", _("The row has no id of ACLED. Export it anew.")
        )
    value = ids.once(number, fitted, cells.column("event_id_cnty"), twice)
    kind = cells.get("event_type")
    notes = cells.whole("notes")
    citations = _citations(cells, number)
    topics = [cells.get("sub_event_type"), _spelled(cells.get("disorder_type"))]
    crowd = ""
    for tag in cells.list("tags"):
        if tag.casefold().startswith("crowd size="):
            crowd = tag.partition("=")[2].strip()
        else:
            topics.append(tag)
    for name in ("interaction", "civilian_targeting"):
        fitted.keep(name, cells.get(name))
    return EventDraft(
        row=fitted.row,
        title=_title(cells),
        date=_date(cells),
        summary=fitted.summary(notes, cells.column("notes")),
        category=CategoryDraft(categories.get(kind, kind)) if kind else None,
        topics=tuple(CategoryDraft(each) for each in dict.fromkeys(topics) if known(each)),
        place=_place(cells),
        place_precision=_PRECISION.get(cells.get("geo_precision"), ""),
        participations=_participations(cells),
        citations=citations,
        figures=_figures(cells, notes, crowd, cited=bool(citations)),
        external=(ExternalDraft(SYSTEM, value),),
        internal_note=fitted.internal_note,
    )


def _spelled(written: str) -> str:
    return _SPELLING.get(written.casefold(), written)


def _title(cells: Cells) -> str:
    """ACLED has no headline: what happened, who was there, where."""
    actors = " – ".join(each for each in (cells.get("actor1"), cells.get("actor2")) if known(each))
    what = cells.get("sub_event_type", "event_type")
    head = ": ".join(each for each in (what, actors) if each)
    where = cells.get("location", "admin1", "country")
    title = ", ".join(each for each in (head, where) if known(each))
    if not title:
        raise Wrong(
            cells.column("event_type"), "", _("The row says neither what happened nor who, where.")
        )
    return cut(title, TITLE)


def _date(cells: Cells) -> str:
    """The day; with precision 2 the week around it, about; with 3 its month."""
    edtf = cells.day("event_date")
    precision = cells.get("time_precision") or "1"
    day = dates.parse(edtf)
    if precision == "1" or day.precision is not dates.Precision.DAY:
        return edtf
    if precision == "2":
        monday = day.earliest - dt.timedelta(days=day.earliest.weekday())
        # The calendar ends on a Friday.
        sunday = monday + min(dt.timedelta(days=6), dates.LAST_DAY - monday)
        return f"{monday.isoformat()}~/{sunday.isoformat()}~"
    if precision == "3":
        return edtf[:7]
    raise Wrong(
        cells.column("time_precision"),
        precision,
        _("ACLED's time precision is 1 (day), 2 (week) or 3 (month). Correct it."),
    )


def _place(cells: Cells) -> PlaceDraft | None:
    around = nested(
        (cells.get("country"), "country"),
        (cells.get("admin1"), "province"),
        (cells.get("admin2"), "district"),
        (cells.get("admin3"), "district"),
    )
    name = cells.get("location")
    if not known(name):
        return around
    if around and alike(around.name, name):
        around = around.parent
    latitude = cells.degrees("latitude", limit=90)
    longitude = cells.degrees("longitude", limit=180)
    if latitude is None or longitude is None:
        latitude = longitude = None
    return PlaceDraft(
        cut(name, NAME_LENGTH),
        kind="settlement",
        latitude=latitude,
        longitude=longitude,
        parent=around,
    )


def _participations(cells: Cells) -> tuple[ParticipationDraft, ...]:
    found: dict[str, ParticipationDraft] = {}
    attack = cells.get("sub_event_type").casefold() == "attack"
    for side in ("1", "2"):
        name = cells.get(f"actor{side}")
        if known(name):
            kind = _KINDS.get(cells.get(f"inter{side}").casefold(), "")
            role = "initiator" if attack and side == "1" else "participant"
            found.setdefault(
                name.casefold(),
                ParticipationDraft(ActorDraft(cut(name, NAME_LENGTH), kind=kind), role),
            )
        for ally in cells.list(f"assoc_actor_{side}"):
            found.setdefault(
                ally.casefold(),
                ParticipationDraft(ActorDraft(cut(ally, NAME_LENGTH)), "participant"),
            )
            cells.fitted.keep(_("Associated with %(actor)s") % {"actor": name}, ally)
    return tuple(found.values())


def _citations(cells: Cells, number: str) -> tuple[CitationDraft, ...]:
    names = list(dict.fromkeys(cells.list("source")))
    scales = cells.list("source_scale", "-")
    kinds = [_SCALES.get(each.casefold(), "") for each in scales]
    if len(kinds) == 1:
        kinds *= len(names)
    if len(kinds) != len(names):
        cells.fitted.keep("source_scale", cells.get("source_scale"))
        if kinds:
            cells.warn(
                "source_scale",
                _(
                    "There are %(scales)s scales for %(sources)s sources, so they can't be told "
                    "apart. They are in the internal note."
                )
                % {"scales": len(kinds), "sources": len(names)},
            )
        kinds = [""] * len(names)
    return tuple(
        CitationDraft(
            SourceDraft(
                reference=f"ACLED {number}",
                publisher=PublisherDraft(cut(name, NAME_LENGTH), kind=kind),
            )
        )
        for name, kind in zip(names, kinds, strict=True)
    )


def _figures(cells: Cells, notes: str, crowd: str, *, cited: bool) -> tuple[FigureDraft, ...]:
    citation = 0 if cited else None
    owner = None if cited else ActorDraft(_ACLED, kind="research_institute")
    found = []
    written = cells.get("fatalities")
    if known(written):
        try:
            best = read_number(written)
        except Unclear as error:
            raise Wrong(cells.column("fatalities"), written, str(error)) from error
        if best:
            low, high = _range(notes)
            found.append(
                FigureDraft(
                    MetricDraft("killed", label=_("Killed"), unit="people"),
                    subject=_("All sides"),
                    low=low,
                    best=best,
                    high=high,
                    citation=citation,
                    attributed_to=owner,
                )
            )
    if known(crowd) and crowd.casefold() != "no report":
        found.append(
            FigureDraft(
                MetricDraft("crowd_size", label=_("Crowd"), unit="people"),
                subject=_("People in the crowd"),
                text_value=cut(crowd, WORDS),
                citation=citation,
                attributed_to=owner,
            )
        )
    return tuple(found)


def _range(notes: str) -> tuple[Decimal | None, Decimal | None]:
    match = _BETWEEN.search(notes)
    if match is None:
        return None, None
    low, high = (Decimal(each.replace(",", "").rstrip(",")) for each in match.groups())
    return (low, high) if low <= high else (None, None)
