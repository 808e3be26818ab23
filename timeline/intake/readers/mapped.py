"""Any table, CSV or workbook, read through a mapping of its columns to fields.

Sources may be packed into one cell each for links, titles and dates; they are told apart only
when the lists have equal lengths, else the packed text is kept whole and the row is warned of.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from django.utils.translation import gettext as _

from timeline import dates, text
from timeline.intake import fitting, html
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
from timeline.intake.fitting import Fitted
from timeline.intake.mapping import Mapping, Take, figure, guess, label
from timeline.intake.readers.rows import Ids, Wrong, attempt, stable
from timeline.intake.tables import Row, Table, read_table, shown
from timeline.intake.written import (
    Moment,
    Unclear,
    chosen,
    pieces,
    read_date,
    read_degrees,
    read_number,
    read_time,
)
from timeline.models.choices import (
    DateBasis,
    Importance,
    PlacePrecision,
    Qualifier,
    Role,
    SourceKind,
    Stance,
)

NAME = "table"
PREVIEW = 20

Value = TypeVar("Value")


def read(content: bytes, *, mapping: Mapping | None = None) -> Read:
    """Read a table through the mapping, or through the guess by its header when there is none."""
    return read_rows(open_table(content, mapping), mapping)


def preview(content: bytes, mapping: Mapping | None = None, *, rows: int = PREVIEW) -> Read:
    """The drafts and problems of the first rows, and those of the file as a whole."""
    table = open_table(content, mapping)
    last = table.rows[rows - 1].number if len(table.rows) > rows else None
    found = read_rows(table, mapping, rows=rows)
    if last is not None:
        found.problems = [each for each in found.problems if each.row <= last]
    return found


def open_table(content: bytes, mapping: Mapping | None = None) -> Table:
    """The table as the mapping says it is to be opened."""
    if mapping is None:
        return read_table(content)
    return read_table(
        content, encoding=mapping.encoding, separator=mapping.separator, sheet=mapping.sheet
    )


def read_rows(table: Table, mapping: Mapping | None = None, *, rows: int | None = None) -> Read:
    found = Read(NAME, problems=list(table.problems), rows=table.count)
    if not table.header:
        return found
    mapping = mapping or guess(table.header)
    for sentence in _unusable(mapping, table):
        found.problems.append(Problem(0, "", shown(", ".join(table.header)), sentence))
    if any(each.fatal and each.row == 0 for each in found.problems):
        return found
    reader = _Rows(mapping)
    for row in table.rows[:rows]:
        draft = reader.draft(row, found.problems)
        if draft:
            found.drafts.append(draft)
    return found


def _unusable(mapping: Mapping, table: Table) -> list[str]:
    sentences = list(mapping.problems())
    if missing := mapping.missing(table.header):
        sentences.append(
            _("The file has no column %(columns)s. Choose its columns anew, or rename them there.")
            % {"columns": ", ".join(f"“{shown(column)}”" for column in missing[:5])}
        )
    return sentences


@dataclass
class _Rows:
    mapping: Mapping
    ids: Ids = field(default_factory=Ids)

    def draft(self, row: Row, problems: list[Problem]) -> EventDraft | None:
        def make(fitted: Fitted) -> EventDraft:
            return _Row(self.mapping, row, fitted).draft(self._id)

        return attempt(row.number, problems, make)

    def _id(self, row: "_Row", edtf: str, title: str) -> ExternalDraft:
        given = row.one("id")

        def twice() -> str:
            if given:
                return _("Another row has the same id. Give each event its own.")
            return _("Another row has the same date and title. Is the event there twice?")

        value = given or stable(edtf, title)
        value = self.ids.once(value, row.fitted, row.column("id" if given else "title"), twice)
        return ExternalDraft(self.mapping.system or NAME, value)


class _Row:
    """One row through the mapping."""

    def __init__(self, mapping: Mapping, row: Row, fitted: Fitted) -> None:
        self.mapping, self.row, self.fitted = mapping, row, fitted

    # --- Cells ------------------------------------------------------------------------------

    def column(self, name: str) -> str:
        """How a problem calls the place of a field: its first column, else the field itself."""
        take = self.mapping.fields.get(name, Take())
        return take.columns[0] if take.columns else label(name)

    def raw(self, name: str) -> str:
        take = self.mapping.fields.get(name)
        if take is None:
            return ""
        cells = [self.row.get(column) for column in take.columns]
        return take.joiner.join(cell for cell in cells if cell) or take.constant

    def one(self, name: str) -> str:
        written = self.raw(name)
        return html.line(written) if written else ""

    def many(self, name: str) -> list[str]:
        """The values of a list field; an empty one keeps its place between others."""
        take = self.mapping.fields.get(name)
        if take is None:
            return []
        found: list[str] = []
        for column in take.columns:
            cell = self.row.get(column)
            found += pieces(cell, take.separator) or ([""] if len(take.columns) > 1 else [])
        while found and not found[-1]:
            found.pop()
        return found or ([take.constant] if take.constant else [])

    def read(self, name: str, reading: Callable[[str], Value], empty: Value) -> Value:
        """A value by its reading; raises ``Wrong`` with the column that it stands in."""
        written = self.one(name)
        if not written:
            return empty
        try:
            return reading(written)
        except Unclear as error:
            raise Wrong(self.column(name), written, str(error)) from error

    # --- The draft --------------------------------------------------------------------------

    def draft(self, external: Callable[["_Row", str, str], ExternalDraft]) -> EventDraft:
        moment = self._date()
        summary = html.plain(self.raw("summary"))
        title = self.one("title")
        if not title:
            raise Wrong(self.column("title"), "", _("This row has no title. Write what happened."))
        citations = self._citations(summary.links)
        place, precision = self._place()
        for written in self.many("internal_note"):
            self.fitted.keep(label("internal_note"), written)
        time, zone = self._time(moment)
        return EventDraft(
            row=self.row.number,
            title=self.fitted.title(title, self.column("title")),
            date=moment.edtf,
            summary=self.fitted.summary(summary.text, self.column("summary")),
            date_basis=self.read("date_basis", lambda said: chosen(said, DateBasis), ""),
            time=time,
            time_zone=zone,
            date_note=self.fitted.line(
                self.one("date_note"), fitting.DATE_NOTE, self.column("date_note")
            ),
            category=CategoryDraft(self._name("category")) if self.one("category") else None,
            topics=tuple(CategoryDraft(name) for name in self._names("topics")),
            place=place,
            place_precision=precision,
            importance=self.read("importance", lambda said: chosen(said, Importance), ""),
            participations=self._participations(),
            citations=citations,
            figures=self._figures(bool(citations)),
            external=(external(self, moment.edtf, title),),
            internal_note=self.fitted.internal_note,
        )

    def _date(self) -> Moment:
        start = self._day("date")
        if not self.one("end"):
            return start
        end = self._day("end")
        if end.edtf == start.edtf:
            return start
        try:
            return Moment(dates.parse(f"{start.edtf}/{end.edtf}").edtf, start.time, start.zone)
        except dates.DateError as error:
            raise Wrong(self.column("end"), self.one("end"), str(error)) from error

    def _day(self, name: str) -> Moment:
        take = self.mapping.fields[name]
        if len(take.columns) > 1 and take.joiner == "-":
            self._check_parts(take)
        if not self.one(name):
            raise Wrong(
                self.column(name),
                "",
                _("This row has no date. Write it like 12 June 2018, October 2024 or 2024."),
            )
        return self.read(name, lambda said: read_date(said, take.order), Moment(""))

    def _check_parts(self, take: Take) -> None:
        """Year, month and day in columns of their own: none without the one before it, and no
        month that EDTF would take for a season."""
        cells = [self.row.get(column) for column in take.columns]
        for position, cell in enumerate(cells[1:], start=1):
            if cell and not cells[position - 1]:
                raise Wrong(
                    take.columns[position - 1],
                    "",
                    _("%(column)s is filled in, but %(before)s is empty. Fill in both or neither.")
                    % {"column": take.columns[position], "before": take.columns[position - 1]},
                )
        if cells[1].isdecimal() and not 1 <= int(cells[1]) <= 12:
            raise Wrong(
                take.columns[1],
                cells[1],
                _("There is no month %(month)s. Write one from 1 to 12, or leave it empty.")
                % {"month": cells[1][:20]},
            )

    def _time(self, moment: Moment) -> tuple[dt.time | None, str]:
        time = self.read("time", lambda said: read_time(said), None) or moment.time
        zone = self.one("time_zone") or (moment.zone if time else "")
        if time and dates.parse(moment.edtf).precision is not dates.Precision.DAY:
            self.fitted.keep(label("time"), time.isoformat("minutes"))
            self.fitted.warn(
                self.column("time"),
                str(time),
                _("A time without a day has no place; it is in the internal note."),
            )
            return None, zone
        return time, zone

    def _name(self, name: str) -> str:
        return self.fitted.line(self.one(name), fitting.NAME, self.column(name))

    def _names(self, name: str) -> list[str]:
        if name not in self.mapping.fields:
            return []
        found = (html.line(each) for each in self.many(name))
        named = [self.fitted.line(each, fitting.NAME, self.column(name)) for each in found if each]
        return list(dict.fromkeys(named))

    def _participations(self) -> tuple[ParticipationDraft, ...]:
        found = [ParticipationDraft(ActorDraft(name)) for name in self._names("actors")]
        for role in Role:
            found += [
                ParticipationDraft(ActorDraft(name), role.value)
                for name in self._names(f"actors.{role.value}")
            ]
        return tuple(dict.fromkeys(found))

    # --- Place ------------------------------------------------------------------------------

    def _place(self) -> tuple[PlaceDraft | None, str]:
        around: PlaceDraft | None = None
        code = ""
        if country := self._name("country"):
            if len(country) == 2 and country.isascii() and country.isalpha() and self.one("place"):
                code = country.upper()
            else:
                around = PlaceDraft(country, kind="country")
        if region := self._name("region"):
            around = PlaceDraft(region, kind="region", country=code, parent=around)
        latitude, longitude = self._degrees("latitude", 90), self._degrees("longitude", 180)
        if latitude is None or longitude is None:
            latitude = longitude = None
        precision = self.read("place_precision", lambda said: chosen(said, PlacePrecision), "")
        if name := self._name("place"):
            return PlaceDraft(
                name, country=code, latitude=latitude, longitude=longitude, parent=around
            ), precision
        if latitude is not None:
            self.fitted.warn(
                self.column("latitude"),
                f"{latitude}, {longitude}",
                _("Coordinates without the name of a place have no field; left out."),
            )
        if around is None:
            return None, precision
        return around, precision or ("region" if region else "country")

    def _degrees(self, name: str, limit: int) -> Decimal | None:
        try:
            return self.read(name, lambda said: read_degrees(said, limit), None)
        except Wrong as wrong:
            self.fitted.warn(wrong.column, wrong.value, wrong.sentence)
            return None

    # --- Sources and figures -----------------------------------------------------------------

    def _citations(self, more: tuple[html.Link, ...]) -> tuple[CitationDraft, ...]:
        stance = self.read("stance", lambda said: chosen(said, Stance), "reports")
        kind = self.read("source_kind", lambda said: chosen(said, SourceKind), "")
        language = self.one("source_language")
        urls, references = self.many("source_url"), self.many("source_reference")
        count = max(len(urls), len(references))
        columns = {
            name: self._parallel(name, count)
            for name in ("source_title", "source_publisher", "source_published", "source_authors")
        }
        found: dict[str, CitationDraft] = {}
        for position in range(count):
            said = {name: values[position] if values else "" for name, values in columns.items()}
            source = self._source(
                urls[position] if position < len(urls) else "",
                references[position] if position < len(references) else "",
                said,
                kind,
                language,
            )
            if source:
                key = text.canonical_url(source.url) if source.url else source.reference
                found.setdefault(key, CitationDraft(source, stance))
        for link in more:
            source = SourceDraft(
                url=link.address,
                title=fitting.cut(link.words, fitting.SOURCE_TITLE),
                title_is_description=bool(link.words),
            )
            found.setdefault(text.canonical_url(link.address), CitationDraft(source))
        return tuple(found.values())

    def _parallel(self, name: str, count: int) -> list[str]:
        """The values beside the sources: as many, or one for all; else they are kept packed."""
        values = self.many(name)
        if len(values) == count:
            return values
        if len(self.mapping.fields[name].columns if values else ()) > 1 and len(values) < count:
            return values + [""] * (count - len(values))  # the last columns are empty
        if len(values) == 1 and count and name != "source_title":
            return values * count
        if values:
            packed = "; ".join(values)
            self.fitted.keep(label(name), packed)
            self.fitted.warn(
                self.column(name),
                packed,
                _(
                    "This cell lists %(values)s values for %(sources)s sources, so they can't be "
                    "told apart. They are in the internal note."
                )
                % {"values": len(values), "sources": count},
            )
        return []

    def _source(
        self, url: str, reference: str, said: dict[str, str], kind: str, language: str
    ) -> SourceDraft | None:
        links = html.plain(url).links
        address = links[0].address if links else html.address(url)
        reference = fitting.cut(html.line(reference), fitting.REFERENCE)
        if not address:
            if url and not reference:
                if said["source_publisher"]:
                    self.fitted.warn(
                        self.column("source_url"),
                        url,
                        _("This is no link; it is kept as the source's reference."),
                    )
                reference = fitting.cut(html.line(url), fitting.REFERENCE)
            if not reference:
                return None
        publisher = html.line(said["source_publisher"])
        if not (address or publisher):
            self.fitted.keep(label("source_reference"), reference)
            self.fitted.warn(
                self.column("source_url" if url else "source_reference"),
                reference,
                _("A source without a link needs its publisher. It is in the internal note."),
            )
            return None
        return SourceDraft(
            url=address,
            reference=reference,
            title=fitting.cut(html.line(said["source_title"]), fitting.SOURCE_TITLE),
            publisher=PublisherDraft(publisher[: fitting.NAME]) if publisher else None,
            published=self._published(said["source_published"]),
            authors=fitting.cut(html.line(said["source_authors"]), fitting.AUTHORS),
            language=language,
            kind=kind,
        )

    def _published(self, written: str) -> str:
        if not written:
            return ""
        order = self.mapping.fields["source_published"].order
        try:
            return read_date(written, order).edtf
        except Unclear as error:
            self.fitted.warn(self.column("source_published"), written, str(error))
            self.fitted.keep(label("source_published"), written)
            return ""

    def _figures(self, cited: bool) -> tuple[FigureDraft, ...]:
        values: dict[str, dict[str, Decimal]] = {}
        words: dict[str, str] = {}
        for name in self.mapping.fields:
            named = figure(name)
            written = self.one(name) if named else ""
            if not named or not written:
                continue
            code, which = named
            try:
                values.setdefault(code, {})[which] = read_number(written)
            except Unclear as error:
                if which != "best":
                    raise Wrong(self.column(name), written, str(error)) from error
                words[code] = fitting.cut(written, fitting.WORDS)
                values.setdefault(code, {})
        qualifier = self.read("figure_qualifier", lambda said: chosen(said, Qualifier), "exact")
        subject = fitting.cut(self.one("figure_subject"), fitting.SUBJECT)
        owner = self._name("figure_attributed_to")
        return tuple(
            FigureDraft(
                MetricDraft(code),
                subject=subject,
                low=numbers.get("low"),
                best=numbers.get("best"),
                high=numbers.get("high"),
                text_value=words.get(code, ""),
                qualifier=qualifier,
                attributed_to=ActorDraft(owner) if owner else None,
                citation=0 if cited else None,
            )
            for code, numbers in values.items()
            if numbers or words.get(code)
        )
