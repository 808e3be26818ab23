"""Bytes of a CSV, TSV, XLSX or ODS file → a table of text, with every oddity named.

Encoding and separator are recognised by evidence, never guessed in silence: what was assumed is a
note among the problems. Rows keep the number that a spreadsheet program shows beside them. The
caps keep one upload from filling memory; a workbook is measured before a library opens it.
"""

import contextlib
import csv
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from timeline import text
from timeline.intake import workbooks
from timeline.intake.decoding import decoded
from timeline.intake.drafts import Problem
from timeline.intake.measuring import Unreadable

MAX_BYTES = 25_000_000
MAX_ROWS = 50_000
MAX_COLUMNS = 1_000
MAX_CELL = 100_000
"""Bytes of UTF-8."""

SEPARATORS = {
    ",": "commas",
    ";": "semicolons",
    "\t": "tabs",
    "|": "vertical bars",
}
MAX_HEADER = 90
"""Characters of a column's name that count."""

_SAMPLE = 60_000
"""Characters that are looked at to find the separator."""


class Refused(Exception):
    """The file can't be read as a table at all; the sentence says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.problem = Problem(0, "", "", sentence)


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the header, its cells trimmed. ``number`` is the one that a spreadsheet program
    shows."""

    number: int
    cells: tuple[str, ...]
    columns: Mapping[str, int]

    def get(self, column: str) -> str:
        """The cell below this header; empty when there is no such column."""
        position = self.columns.get(column)
        return "" if position is None else self.cells[position]


@dataclass
class Table:
    """``header`` is trimmed and without repetition. ``rows`` are those that can be read, ``count``
    all that hold anything; refused ones are among the problems."""

    header: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    count: int = 0

    @property
    def refused(self) -> bool:
        """Whether the file as a whole can't be read."""
        return any(each.fatal and each.row == 0 for each in self.problems)


def read_table(
    content: bytes,
    *,
    encoding: str = "",
    separator: str = "",
    sheet: str = "",
    own: bool = False,
) -> Table:
    """Read a file as a table. Never raises for what the file holds.

    ``encoding`` and ``separator`` are recognised when empty. ``sheet`` names one of a workbook,
    else it is the first that is not hidden. ``own``: the file was written by this project, whose
    apostrophes before a sign of a formula are taken back.
    """
    table = Table()
    try:
        _read(table, content, encoding, separator, sheet, own=own)
    except Refused as refused:
        table.problems.append(refused.problem)
    return table


_SEEN = {"\x00": "␀", "\n": "⏎", "\r": "⏎", "\t": "⇥"}


def shown(value: str) -> str:
    """A cell as a problem quotes it."""
    value = value if len(value) <= 60 else f"{value[:59]}…"
    return value if value.isprintable() else "".join(_SEEN.get(each, each) for each in value)


def letter(position: int) -> str:
    """How a spreadsheet program calls a column: 0 is A, 26 is AA."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name


_GUARDED = re.compile(r"''*[=+\-@\t\r]")


def unguarded(text: str) -> str:
    """Take back the apostrophe that our own CSV writes before a sign of a formula."""
    return text[1:] if _GUARDED.match(text) else text


def _read(
    table: Table, content: bytes, encoding: str, separator: str, sheet: str, *, own: bool
) -> None:
    if len(content) > MAX_BYTES:
        raise Refused(
            _("The file is larger than %(limit)s MB. Split it into several files.")
            % {"limit": MAX_BYTES // 1_000_000}
        )
    if not content.strip():
        raise Refused(_("The file is empty. Choose one with a header and rows below it."))
    if workbooks.is_workbook(content):
        found = _sheet_rows(table, content, sheet)
    else:
        found = _csv_rows(table, _text(table, content, encoding), separator)
    _fill(table, found, own=own)
    table.problems.sort(key=lambda each: each.row)


# --- From the file to numbered rows ---------------------------------------------------------


def _sheet_rows(table: Table, content: bytes, sheet: str) -> Iterator[tuple[int, list[str]]]:
    try:
        opened = workbooks.read_sheet(content, sheet)
    except Unreadable as error:
        raise Refused(str(error)) from error
    table.problems += opened.problems
    for number, cells in enumerate(opened.rows, start=1):
        yield number, [_as_text(value) for value in cells]


def _as_text(value: object) -> str:
    """A cell of a workbook as text: days in ISO, whole numbers without a point."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return workbooks.number(value)
        case dt.datetime():
            return value.isoformat(timespec="seconds" if value.second else "minutes")
        case dt.time():
            return value.isoformat(timespec="seconds" if value.second else "minutes")
        case dt.date():
            return value.isoformat()
    return str(value)


def _text(table: Table, content: bytes, encoding: str) -> str:
    read = decoded(content, encoding)
    if read.refusal:
        raise Refused(read.refusal)
    if read.note:
        table.problems.append(Problem(0, "", read.encoding, read.note, fatal=False))
    return read.text


def _csv_rows(table: Table, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV, blank ones included, so that the numbers are those of a spreadsheet."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    named = re.fullmatch(r'"?sep=(.)"?', lines[0])
    if named:
        lines[0] = ""
        separator = separator or named[1]
    separator = separator or _separator(text)
    if separator != ",":
        table.problems.append(
            Problem(
                0,
                "",
                "",
                _("Read as a table whose cells are separated by %(separator)s.")
                % {"separator": SEPARATORS.get(separator, f"“{separator}”")},
                fatal=False,
            )
        )
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator, strict=True)
    number, began = 0, 0
    while True:
        number, began = number + 1, reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            table.problems.append(_broken(number, str(error), lines[began]))
            table.count += 1
            if reader.line_num != began + 1 or "end of data" in str(error):
                return  # what follows can't be told apart from what the quote swallowed
            continue
        yield number, cells


def _broken(number: int, error: str, line: str) -> Problem:
    if "field larger" in error:
        sentence = _(
            "Row %(row)s holds a cell larger than %(limit)s kB, or a quotation mark that is never "
            "closed. Shorten the cell, or close the mark."
        ) % {"row": number, "limit": MAX_CELL // 1000}
    else:
        sentence = _(
            "A quotation mark in row %(row)s is not closed, or not doubled inside its cell. Write "
            '"" for a mark inside a quoted cell, and close the cell with ".'
        ) % {"row": number}
    return Problem(number, "", shown(line), sentence)


def _separator(text: str) -> str:
    """The separator that gives the header most cells and most rows the same number of them."""
    sample = text[:_SAMPLE]
    whole = len(sample) == len(text)

    def evidence(candidate: str) -> tuple[int, int]:
        widths: list[int] = []
        reader = csv.reader(sample.splitlines(keepends=True), delimiter=candidate)
        with contextlib.suppress(csv.Error):  # a cell too large: what came before is enough
            widths.extend(len(cells) for cells in reader if cells)
        if not whole and len(widths) > 1:
            widths.pop()
        if not widths or widths[0] == 1:
            return 0, 0
        return sum(width == widths[0] for width in widths), widths[0]

    best = max(SEPARATORS, key=evidence)
    return best if evidence(best) > (0, 0) else ","


# --- From numbered rows to the table --------------------------------------------------------


def _fill(table: Table, found: Iterator[tuple[int, list[str]]], *, own: bool) -> None:
    header: list[str] = []
    kept: list[tuple[int, list[str]]] = []
    for number, cells in found:
        if not any(cell.strip() for cell in cells):
            continue
        if own:
            cells = [unguarded(cell) for cell in cells]
        if not header:
            header = [_folded(cell) for cell in cells]
            if len(header) > MAX_COLUMNS:
                raise Refused(
                    _("The table has more than %(limit)s columns. Take out what isn't needed.")
                    % {"limit": MAX_COLUMNS}
                )
            continue
        table.count += 1
        if table.count > MAX_ROWS:
            raise Refused(
                _("The table has more than %(limit)s rows. Split it into several files.")
                % {"limit": f"{MAX_ROWS:,}"}
            )
        kept.append((number, cells))
    if not header:
        if not table.problems:
            raise Refused(_("The table holds no text. Choose another sheet or file."))
        return
    _cut(table, header, kept)


def _folded(cell: str) -> str:
    return text.clean_line(cell)[:MAX_HEADER]


def _cut(table: Table, header: list[str], kept: list[tuple[int, list[str]]]) -> None:
    """Bring every row to the width of the header, and refuse those that can't be."""
    while header and not header[-1] and not any(_beyond(cells, len(header)) for _n, cells in kept):
        header.pop()
    table.header = _names(table, header)
    columns = {name: position for position, name in enumerate(table.header)}
    width = len(header)
    short = _Short()
    refused = {each.row for each in table.problems if each.fatal}
    for number, cells in kept:
        if number in refused:
            continue
        problem = _wrong(number, cells, table.header)
        if problem:
            table.problems.append(problem)
            continue
        if len(cells) < width:
            short.add(number)
            cells = [*cells, *[""] * (width - len(cells))]
        table.rows.append(Row(number, tuple(map(str.strip, cells[:width])), columns))
    table.problems += short.problems(width)


def _beyond(cells: list[str], width: int) -> bool:
    return any(cell.strip() for cell in cells[width - 1 :])


def _names(table: Table, header: list[str]) -> tuple[str, ...]:
    """The header without empty names and repetitions, each of which is named as a problem."""
    names: dict[str, None] = {}
    again: dict[str, int] = {}
    for position, written in enumerate(header):
        name = written
        if not name:
            name = _("Column %(letter)s") % {"letter": letter(position)}
            table.problems.append(
                Problem(
                    1,
                    name,
                    "",
                    _("Column %(letter)s has no header; it is called “%(name)s” here.")
                    % {"letter": letter(position), "name": name},
                    fatal=False,
                )
            )
        unique = name
        while unique in names:
            again[name] = again.get(name, 1) + 1
            unique = f"{name} ({again[name]})"
        if unique != name and written:
            table.problems.append(
                Problem(
                    1,
                    name,
                    letter(position),
                    _(
                        "“%(name)s” heads more than one column; the one in %(letter)s is called "
                        "“%(unique)s” here. Rename it when that is the one that is meant."
                    )
                    % {"name": shown(name), "letter": letter(position), "unique": shown(unique)},
                    fatal=False,
                )
            )
        names[unique] = None
    return tuple(names)


def _wrong(number: int, cells: list[str], header: tuple[str, ...]) -> Problem | None:
    if any(cell.strip() for cell in cells[len(header) :]):
        return Problem(
            number,
            "",
            shown(next(cell for cell in cells[len(header) :] if cell.strip())),
            _(
                "Row %(row)s has %(cells)s cells, the header %(header)s. Put a cell that holds a "
                "separator between quotation marks."
            )
            % {"row": number, "cells": len(cells), "header": len(header)},
        )
    for name, cell in zip(header, cells, strict=False):
        if len(cell) > MAX_CELL // 4 and len(cell.encode(errors="replace")) > MAX_CELL:
            return Problem(
                number,
                name,
                shown(cell),
                _("This cell is larger than %(limit)s kB. Shorten it.")
                % {"limit": MAX_CELL // 1000},
            )
        if "\x00" in cell:
            return Problem(
                number,
                name,
                shown(cell),
                _("This cell holds a NUL, which no text has. Save the file anew as UTF-8."),
            )
    return None


class _Short:
    """Rows with fewer cells than the header: the first ones are named, the rest counted."""

    NAMED = 20

    def __init__(self) -> None:
        self.numbers: list[int] = []

    def add(self, number: int) -> None:
        self.numbers.append(number)

    def problems(self, width: int) -> Iterator[Problem]:
        for number in self.numbers[: self.NAMED]:
            yield Problem(
                number,
                "",
                "",
                _("This row has fewer cells than the header's %(header)s; the last are empty.")
                % {"header": width},
                fatal=False,
            )
        if len(self.numbers) > self.NAMED:
            yield Problem(
                0,
                "",
                "",
                _("%(count)s rows have fewer cells than the header; their last are empty.")
                % {"count": len(self.numbers)},
                fatal=False,
            )
