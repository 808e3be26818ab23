"""XLSX and ODS read as rows of values by python-calamine, after :mod:`measuring` let them pass.

The library gives the value that a formula had when the file was saved; that there are formulas,
and which have no value, is found in the packed text and said.
"""

import html
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

import python_calamine
from django.utils.translation import gettext as _

from timeline.intake.drafts import Problem
from timeline.intake.measuring import REFERENCE, Unreadable, damaged, locked, measured

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass
class Sheet:
    """``rows`` begin at the sheet's first row and column, so that numbers are those on screen."""

    rows: list[list[object]]
    problems: list[Problem] = field(default_factory=list)


def is_workbook(content: bytes) -> bool:
    return content.startswith((_ZIP, _OLE))


def number(value: float) -> str:
    """A number as a spreadsheet program shows it: 15 digits, no exponent, no trailing point."""
    text = f"{Decimal(f'{value:.15g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def names(content: bytes) -> tuple[str, ...]:
    """The names of a workbook's sheets, to choose among. Raises ``Unreadable``."""
    measured(_zipped(content))
    return tuple(_open(content).sheet_names)


def read_sheet(content: bytes, sheet: str = "") -> Sheet:
    """Return a sheet, the first one that is not hidden when none is named.

    Raises ``Unreadable``.
    """
    parts = measured(_zipped(content))
    workbook = _open(content)
    chosen = _chosen(workbook, sheet)
    rows = _rows(workbook, chosen)
    if "content.xml" in parts:
        found = _Formulas(parts["content.xml"].count(b"table:formula="))
    else:
        found = _formulas(_part_of(parts, chosen))
    return Sheet(rows, found.problems())


def _zipped(content: bytes) -> bytes:
    if not content.startswith(_OLE):
        return content
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Unreadable(locked())
    raise Unreadable(_("This is an old .xls workbook. Save it as .xlsx, or as CSV in UTF-8."))


def _open(content: bytes) -> python_calamine.CalamineWorkbook:
    with _failures_named():
        return python_calamine.CalamineWorkbook.from_object(io.BytesIO(content))


def _rows(workbook: python_calamine.CalamineWorkbook, sheet: str) -> list[list[object]]:
    with _failures_named():
        rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        return [list(row) for row in rows]


@contextmanager
def _failures_named() -> Iterator[None]:
    try:
        yield
    except python_calamine.PasswordError as error:
        raise Unreadable(locked()) from error
    except (python_calamine.CalamineError, ValueError, OverflowError, OSError) as error:
        raise Unreadable(damaged()) from error
    except BaseException as error:
        # A panic of the Rust library is no Exception. Anything else, such as Ctrl-C, goes on.
        if type(error).__name__ != "PanicException":
            raise
        raise Unreadable(damaged()) from error


def _chosen(workbook: python_calamine.CalamineWorkbook, sheet: str) -> str:
    found = workbook.sheet_names
    if sheet and sheet not in found:
        raise Unreadable(
            _("The workbook has no sheet “%(sheet)s”. It has: %(names)s.")
            % {"sheet": sheet[:60], "names": ", ".join(found)[:200]}
        )
    visible = [
        each.name
        for each in workbook.sheets_metadata
        if each.visible == python_calamine.SheetVisibleEnum.Visible
        and each.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    if not found:
        raise Unreadable(_("The workbook has no sheet. Save it anew with the table in one."))
    return sheet or (visible or found)[0]


# --- Formulas -------------------------------------------------------------------------------


@dataclass
class _Formulas:
    count: int = 0
    first: str = ""
    empty: dict[int, str] = field(default_factory=dict)
    """Row → its first cell whose formula has no value."""

    def problems(self) -> list[Problem]:
        found = []
        if self.count:
            sentence = _(
                "%(count)s cells hold formulas; the values that were calculated last are read, "
                "not the formulas."
            ) % {"count": self.count}
            found.append(Problem(0, "", self.first, sentence, fatal=False))
        for row, cell in self.empty.items():
            sentence = _(
                "Cell %(cell)s holds a formula whose value was never stored. Open the workbook "
                "in a spreadsheet program and save it."
            ) % {"cell": cell}
            found.append(Problem(row, cell.rstrip("0123456789"), cell, sentence))
        return found


def _formulas(part: bytes) -> _Formulas:
    found = _Formulas()
    if b"<f" not in part:
        return found
    for cell in part.split(b"<c ")[1:]:
        body = cell.partition(b"</c>")[0]
        if not re.search(rb"<f[\s>/]", body):
            continue
        match = REFERENCE.search(b" " + body.partition(b">")[0])
        name = (match[1] + match[2]).decode("ascii").upper() if match else ""
        found.count += 1
        found.first = found.first or name
        if match and not re.search(rb"<v>[^<]", body) and b't="str"' not in body:
            found.empty.setdefault(int(match[2]), name)
    return found


def _part_of(parts: dict[str, bytes], sheet: str) -> bytes:
    """The packed text of a sheet of an XLSX, by its name."""
    book = parts.get("xl/workbook.xml", b"").decode(errors="replace")
    links = parts.get("xl/_rels/workbook.xml.rels", b"").decode(errors="replace")
    targets = {
        _attribute(tag, "Id"): _attribute(tag, "Target")
        for tag in re.findall(r"<Relationship\b[^>]*>", links)
    }
    for tag in re.findall(r"<sheet\b[^>]*>", book):
        if _attribute(tag, "name") == sheet:
            target = targets.get(_attribute(tag, "r:id"), "").lstrip("/").removeprefix("xl/")
            return parts.get(f"xl/{target}", b"")
    return b""


def _attribute(tag: str, name: str) -> str:
    match = re.search(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return html.unescape(match[1] or match[2] or "") if match else ""
