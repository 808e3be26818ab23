"""The North Korea missile test database of CNS, one row for each missile.

Its times are UTC, while the record's day is the local one, so a date with a time moves to
Pyongyang's day and both are kept. Missiles of one salvo become one event that counts them.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline import dates, text
from timeline.intake import html
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
    Problem,
    PublisherDraft,
    Read,
    SourceDraft,
)
from timeline.intake.fitting import NAME as NAME_LENGTH
from timeline.intake.fitting import REFERENCE, TITLE, WORDS, Fitted, cut
from timeline.intake.readers.rows import Cells, Ids, Wrong, bare, known, twice
from timeline.intake.tables import Row, Table, read_table, shown
from timeline.intake.written import Unclear, read_date, read_number, read_time
from timeline.models.tongue import tongue

NAME = "cns-missiles"
SYSTEM = "cns-nk"
ZONE = "Asia/Pyongyang"
SALVO = dt.timedelta(minutes=60)
"""Two launches further apart are two events."""

_CNS = "James Martin Center for Nonproliferation Studies"
_ID = ("f1", "eventid", "id")
_DATE = ("date", "dateoccurred")
_TIME = ("launchtimeutc", "timeoftest", "launchtime")
_SOURCES = ("sources", "source")
_MISSILE = ("missilename", "missile")
_KIND = ("missiletype", "missilefamily")


def recognises(header: tuple[str, ...]) -> bool:
    """Whether these are the columns of the database, in one of its spellings."""
    names = {bare(each) for each in header}
    return (
        {"missilename", "facilityname", "testoutcome"} <= names
        and bool(names & set(_ID))
        and bool(names & set(_DATE))
    )


def read(content: bytes, *, order: str = "") -> Read:
    """Read the database. ``order`` is that of its dates where they are numbers alone."""
    return read_rows(read_table(content), order=order)


def read_rows(table: Table, *, order: str = "") -> Read:
    found = Read(NAME, problems=list(table.problems), rows=table.count)
    if not table.header:
        return found
    if not recognises(table.header):
        found.problems.append(
            Problem(
                0,
                "",
                shown(", ".join(table.header)),
                _(
                    "These are not the columns of the missile test database. Choose another "
                    "format, or read the file through a mapping."
                ),
            )
        )
        return found
    names = {bare(column): column for column in reversed(table.header)}
    launches = list(_launches(table.rows, names, found, order))
    for salvo in _salvos(launches):
        draft = _draft(salvo)
        for launch in salvo:
            found.problems += launch.cells.fitted.problems
        for launch in salvo[1:]:
            found.skipped += 1
            _note_salvo(found, launch, salvo[0])
        found.drafts.append(draft)
    return found


def _note_salvo(found: Read, launch: "_Launch", first: "_Launch") -> None:
    found.problems.append(
        Problem(
            launch.row,
            launch.cells.column(*_ID),
            shown(launch.number),
            _("Part of the salvo in row %(row)s; counted there.") % {"row": first.row},
            fatal=False,
        )
    )


@dataclass(frozen=True)
class _Launch:
    """One row: a missile, with its day and time in Pyongyang where a time is given."""

    row: int
    cells: Cells
    number: str
    date: str
    at: dt.datetime | None
    date_note: str

    @property
    def alike(self) -> tuple[str, ...]:
        """What launches of one salvo have in common."""
        get = self.cells.get
        common = (get("facilityname"), get(*_MISSILE), get("testoutcome"))
        return (self.date, *(each.casefold() for each in common))


def _launches(rows: list[Row], names: dict[str, str], found: Read, order: str) -> Iterator[_Launch]:
    ids = Ids()
    for row in rows:
        cells = Cells(row, names, Fitted(row.number))
        try:
            yield _launch(cells, ids, order)
        except Wrong as wrong:
            found.problems += cells.fitted.problems
            found.problems.append(
                Problem(row.number, wrong.column, shown(wrong.value), wrong.sentence)
            )


def _launch(cells: Cells, ids: Ids, order: str) -> _Launch:
    number = cells.get(*_ID)
    if not number:
        raise Wrong(cells.column(*_ID), "", _("The row has no id. Give each test its own."))
    number = ids.once(number, cells.fitted, cells.column(*_ID), twice)
    written = cells.get(*_DATE)
    try:
        moment = read_date(written, order)
    except Unclear as error:
        raise Wrong(cells.column(*_DATE), written, str(error)) from error
    day = dates.parse(moment.edtf)
    time = _time(cells) or moment.time
    if time is None or day.precision is not dates.Precision.DAY:
        return _Launch(cells.row.number, cells, number, moment.edtf, None, "")
    in_utc = dt.datetime.combine(day.earliest, time, dt.UTC)
    try:
        local = in_utc.astimezone(ZoneInfo(ZONE))
    except OverflowError:  # the last hours of the year 9999
        return _Launch(cells.row.number, cells, number, moment.edtf, None, "")
    note = _("%(time)s UTC on %(date)s.") % {
        "time": time.strftime("%H:%M"),
        "date": dates.words(day, tongue()),
    }
    return _Launch(cells.row.number, cells, number, local.date().isoformat(), local, note)


def _time(cells: Cells) -> dt.time | None:
    written = cells.get(*_TIME)
    # A spreadsheet may keep a time as one of its first days.
    written = re.sub(r"^\d{4}-\d{2}-\d{2}[T ]", "", written)
    written = re.sub(r"\s*(?:UTC|Z|GMT)$", "", written, flags=re.IGNORECASE)
    if not known(written):
        return None
    try:
        return read_time(written)
    except Unclear as error:
        cells.fitted.warn(cells.column(*_TIME), written, str(error))
        cells.fitted.keep(cells.column(*_TIME), written)
        return None


def _salvos(launches: list[_Launch]) -> Iterator[list[_Launch]]:
    """Launches alike within an hour of each other, in the order of the file."""
    salvos: list[list[_Launch]] = []
    latest: dict[tuple[str, ...], list[_Launch]] = {}
    for launch in launches:
        salvo = latest.get(launch.alike)
        if salvo is not None and _near(salvo[-1], launch):
            salvo.append(launch)
        else:
            latest[launch.alike] = salvo = [launch]
            salvos.append(salvo)
    yield from salvos


def _near(one: _Launch, other: _Launch) -> bool:
    if len(one.date) < 10 or not known(one.alike[1]):
        return False  # of no known day or place: nothing says that they belong together
    if one.at is None or other.at is None:
        return one.at is other.at
    return abs(one.at - other.at) <= SALVO


# --- The draft ----------------------------------------------------------------------------------


def _draft(salvo: list[_Launch]) -> EventDraft:
    first = salvo[0]
    cells, fitted = first.cells, first.cells.fitted
    citations = _citations(salvo)
    notes = dict.fromkeys(launch.cells.whole("additionalinformation") for launch in salvo)
    for name in ("othername", "landinglocation", "launchagencyauthority", "dateenteredupdated"):
        fitted.keep(cells.column(name), cells.get(name))
    override, note = _verification(cells)
    column = cells.column("additionalinformation")
    return EventDraft(
        row=first.row,
        title=_title(salvo),
        date=first.date,
        time=first.at.time() if first.at else None,
        time_zone=ZONE if first.at else "",
        date_note=first.date_note,
        summary=fitted.summary("\n".join(each for each in notes if known(each)), column),
        category=CategoryDraft("Weapons test", slug="weapons-test"),
        topics=tuple(CategoryDraft(each) for each in _topics(cells)),
        place=_place(cells),
        place_precision="exact" if _place_is_exact(cells) else "",
        verification_override=override,
        verification_note=note,
        participations=_participations(cells),
        citations=citations,
        figures=tuple(_figures(salvo, 0 if citations else None)),
        external=tuple(ExternalDraft(SYSTEM, launch.number) for launch in salvo),
        internal_note=fitted.internal_note,
    )


def _title(salvo: list[_Launch]) -> str:
    cells, count = salvo[0].cells, len(salvo)
    missile = cells.get(*_MISSILE)
    title = ngettext(
        "North Korea launches %(missile)s", "North Korea launches %(count)s × %(missile)s", count
    ) % {"missile": missile if known(missile) else _("an unidentified missile"), "count": count}
    place = cells.get("facilityname", "facilitylocation")
    if known(place):
        title = _("%(what)s from %(place)s") % {"what": title, "place": place}
    return cut(title, TITLE)


def _topics(cells: Cells) -> Iterator[str]:
    for written in (cells.get(*_MISSILE), cells.get(*_KIND)):
        if known(written):
            yield cut(written, NAME_LENGTH)
    outcome = cells.get("testoutcome").casefold()
    if outcome.startswith("success"):
        yield _("Test succeeded")
    elif outcome.startswith("fail"):
        yield _("Test failed")


def _degrees(cells: Cells) -> tuple[Decimal | None, Decimal | None]:
    latitude = cells.degrees("facilitylatitude", limit=90)
    longitude = cells.degrees("facilitylongitude", limit=180)
    return (None, None) if latitude is None or longitude is None else (latitude, longitude)


def _place(cells: Cells) -> PlaceDraft | None:
    name, around = cells.get("facilityname"), cells.get("facilitylocation")
    parent = PlaceDraft(cut(around, NAME_LENGTH), kind="area") if known(around) else None
    if not known(name):
        return parent
    latitude, longitude = _degrees(cells)
    return PlaceDraft(
        cut(name, NAME_LENGTH), kind="site", latitude=latitude, longitude=longitude, parent=parent
    )


def _place_is_exact(cells: Cells) -> bool:
    return known(cells.get("facilityname")) and known(cells.get("facilitylatitude"))


def _participations(cells: Cells) -> tuple[ParticipationDraft, ...]:
    state = ParticipationDraft(ActorDraft("North Korea", slug="north-korea", kind="state"))
    agency = cells.get("launchagencyauthority")
    if not known(agency):
        return (state,)
    return state, ParticipationDraft(ActorDraft(cut(agency, NAME_LENGTH)))


def _verification(cells: Cells) -> tuple[str, str]:
    status = cells.get("confirmationstatus")
    label = {"confirmed": "confirmed", "unconfirmed": "unverified"}.get(status.casefold(), "")
    if not label:
        if known(status):
            cells.fitted.keep(cells.column("confirmationstatus"), status)
        return "", ""
    return label, _("The missile test database of CNS says: %(status)s.") % {"status": status}


def _citations(salvo: list[_Launch]) -> tuple[CitationDraft, ...]:
    found: dict[str, CitationDraft] = {}
    for launch in salvo:
        for written in launch.cells.list(next(_present(launch.cells), "sources")):
            links = html.plain(written).links
            if links:
                for link in links:
                    source = SourceDraft(url=link.address)
                    found.setdefault(text.canonical_url(link.address), CitationDraft(source))
            else:
                reference = cut(written, REFERENCE)
                source = SourceDraft(reference=reference, publisher=PublisherDraft(_CNS))
                found.setdefault(reference, CitationDraft(source))
    return tuple(found.values())


def _present(cells: Cells) -> Iterator[str]:
    return (name for name in _SOURCES if name in cells.names)


_AMOUNT = re.compile(
    r"(?P<sign>[<>≤≥~≈]|about |approximately |approx\.? |at least |more than |over |up to |"
    r"less than |under )?\s*(?P<low>\d[\d,.]*)(?:\s*(?:-|–|to)\s*(?P<high>\d[\d,.]*))?\s*"
    r"(?:km|kilometers|kilometres)?\.?",
    re.ASCII | re.IGNORECASE,
)
_SIGNS = {
    "<": "less_than",
    "less than": "less_than",
    "under": "less_than",
    ">": "more_than",
    "more than": "more_than",
    "over": "more_than",
    "≤": "up_to",
    "up to": "up_to",
    "≥": "at_least",
    "at least": "at_least",
}


def _figures(salvo: list[_Launch], citation: int | None) -> Iterator[FigureDraft]:
    if len(salvo) > 1:
        yield FigureDraft(
            MetricDraft("missiles_launched", label=_("Missiles launched"), unit="missiles"),
            best=Decimal(len(salvo)),
            citation=citation,
            attributed_to=_owner(citation),
        )
    for column, metric in (
        ("apogee", MetricDraft("missile_apogee", _("Highest point of the flight"), "km")),
        ("distancetravelled", MetricDraft("missile_distance", _("Distance flown"), "km")),
    ):
        found = [
            amount
            for launch in salvo
            if (amount := _amount(launch.cells, column, metric, citation)) is not None
        ]
        yield from dict.fromkeys(found)


def _amount(
    cells: Cells, column: str, metric: MetricDraft, citation: int | None
) -> FigureDraft | None:
    written = cells.get(column, "distance" if column == "distancetravelled" else column)
    if not known(written):
        return None
    match = _AMOUNT.fullmatch(written)
    try:
        low = read_number(match["low"]) if match else None
        high = read_number(match["high"]) if match and match["high"] else None
    except Unclear:
        low = high = None
    figure = FigureDraft(metric, citation=citation, attributed_to=_owner(citation))
    if match is None or low is None:
        return replace(figure, text_value=cut(written, WORDS))
    sign = (match["sign"] or "").strip().casefold()
    qualifier = _SIGNS.get(sign, "about" if sign else "exact")
    if high is not None:
        return replace(figure, low=low, high=high, qualifier=qualifier)
    return replace(figure, best=low, qualifier=qualifier)


def _owner(citation: int | None) -> ActorDraft | None:
    """Who gives a number that no source of the row gives: the database itself."""
    return None if citation is not None else ActorDraft(_CNS, kind="research_institute")
