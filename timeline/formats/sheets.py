"""Tables as CSV: UTF-8, a header, CRLF, and no cell that a spreadsheet would take for a formula.

A text that begins with a sign of a formula gets an apostrophe in front, and so does one that
begins with apostrophes and then such a sign: taking one apostrophe away gives the text back.
Numbers are written as they are. Rows are written as they are asked for, so memory stays small.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TextIO

from timeline.record import shortest

TYPE = "text/csv; charset=utf-8"

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_AT_ONCE = 200


class _Line:
    """What a writer of CSV writes to: it gives back the line."""

    def write(self, line: str) -> str:
        return line


def cell(value: object) -> str:
    """A value as a cell holds it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return shortest(value)
    text = str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def adding(file: TextIO, columns: Sequence[str]) -> Callable[[Iterable[Sequence[object]]], None]:
    """What adds rows to a table in a file, whose header it writes at once."""
    writer = csv.writer(file)
    writer.writerow(columns)

    def add(rows: Iterable[Sequence[object]]) -> None:
        writer.writerows([cell(value) for value in row] for row in rows)

    return add


def lines(
    columns: Sequence[str], rows: Iterable[Sequence[object]], at_once: int = _AT_ONCE
) -> Iterator[str]:
    """The table, some lines at a time; fewer where they are long."""
    writer = csv.writer(_Line())
    waiting = [writer.writerow(columns)]
    for row in rows:
        waiting.append(writer.writerow([cell(value) for value in row]))
        if len(waiting) >= at_once:
            yield "".join(waiting)
            waiting = []
    yield "".join(waiting)
