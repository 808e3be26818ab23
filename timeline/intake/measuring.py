"""How large an XLSX or ODS is once it is unpacked and laid out, found out without doing so.

A library that reads workbooks unpacks what the file claims, copies a shared text into every cell
that names it and lays out the whole rectangle around the outermost cells, so a few kilobytes could
ask for all memory. Here parts are unpacked with a cap, and cells are counted in the packed text.
"""

import io
import re
import zipfile
import zlib

from django.utils.translation import gettext as _

MAX_UNPACKED = 100_000_000
MAX_ENTRIES = 5_000
MAX_CELLS = 5_000_000
"""Of the rectangle from A1 to the outermost cell."""

_CHUNK = 1 << 20
_LOCAL = b"PK\x03\x04"


class Unreadable(Exception):
    """The workbook can't be read; the message says why and what to do."""


def damaged() -> str:
    return _("The workbook is damaged or is not one. Open it, and save it anew as .xlsx or CSV.")


def locked() -> str:
    return _("The workbook is protected by a password. Save it without one.")


def _too_large() -> str:
    return _(
        "The workbook unpacks to more than %(limit)s MB. Take out pictures and unused sheets, or "
        "save the sheet as CSV."
    ) % {"limit": MAX_UNPACKED // 1_000_000}


def _too_wide() -> str:
    return _(
        "A cell lies so far out that the sheet has more than %(limit)s cells. Delete the empty "
        "rows and columns after the table, or save the sheet as CSV."
    ) % {"limit": f"{MAX_CELLS:,}"}


def measured(content: bytes) -> dict[str, bytes]:
    """The parts of a workbook that is safe to open, unpacked. Raises ``Unreadable``."""
    parts = _unpacked(content)
    shared = parts.get("xl/sharedStrings.xml", b"")
    longest = _longest(shared)
    for name, part in parts.items():
        if name == "content.xml":
            _measure_ods(part)
        elif name.startswith("xl/worksheets/"):
            _measure_xlsx(part, longest)
    return parts


# --- Unpacking ------------------------------------------------------------------------------


def _unpacked(content: bytes) -> dict[str, bytes]:
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise Unreadable(damaged()) from error
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable(locked())
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Unreadable(_too_large())
    parts: dict[str, bytes] = {}
    left = MAX_UNPACKED
    for entry in entries:
        part = _inflated(content, entry, left)
        left -= len(part)
        if entry.filename.endswith((".xml", ".rels")):
            if b"\x00" in part:
                raise Unreadable(damaged())
            parts[entry.filename] = part
    return parts


def _inflated(content: bytes, entry: zipfile.ZipInfo, left: int) -> bytes:
    """One part, by what is packed and not by what the directory says of it."""
    start = entry.header_offset
    head = content[start : start + 30]
    if len(head) < 30 or head[:4] != _LOCAL:
        raise Unreadable(damaged())
    names = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    begin = start + 30 + names
    packed = content[begin : begin + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        if len(packed) > left:
            raise Unreadable(_too_large())
        return packed
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise Unreadable(damaged())
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    pieces: list[bytes] = []
    size = 0
    try:
        while packed and not unpacking.eof:
            piece = unpacking.decompress(packed, _CHUNK)
            size += len(piece)
            if size > left:
                raise Unreadable(_too_large())
            pieces.append(piece)
            packed = unpacking.unconsumed_tail
    except zlib.error as error:
        raise Unreadable(damaged()) from error
    if not unpacking.eof or size != entry.file_size:
        raise Unreadable(damaged())
    return b"".join(pieces)


# --- XLSX -----------------------------------------------------------------------------------

REFERENCE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{0,7})(\d{1,12})""")


def _measure_xlsx(part: bytes, longest: int) -> None:
    rows = columns = cells = 0
    for match in REFERENCE.finditer(part):
        rows = max(rows, int(match[2]))
        if match[1]:
            columns = max(columns, _column(match[1]))
        cells += 1
    # A cell may leave out where it stands; then it follows the one before it.
    rows = max(rows, part.count(b"<row"))
    columns = max(columns, 1)
    if rows * columns > MAX_CELLS:
        raise Unreadable(_too_wide())
    if longest * max(cells, part.count(b"<c")) > 10 * MAX_UNPACKED:
        raise Unreadable(_too_large())


def _column(letters: bytes) -> int:
    number = 0
    for each in letters.upper():
        number = number * 26 + each - 64
    return number


def _longest(shared: bytes) -> int:
    """Bytes of the longest text that many cells may share."""
    return max((len(each) for each in shared.split(b"<si")[1:]), default=0)


# --- ODS ------------------------------------------------------------------------------------

_REPEATED = re.compile(rb"""number-(?:columns|rows)-repeated\s*=\s*["']\s*(\d{1,12})""")


def _times(tag: bytes) -> int:
    match = _REPEATED.search(tag)
    return int(match[1]) if match else 1


def _measure_ods(part: bytes) -> None:
    """Rows and cells say how often they stand there; what is empty at the end doesn't count."""
    for sheet in part.split(b"<table:table ")[1:]:
        rows = outermost_row = outermost_column = weight = 0
        for row in sheet.split(b"<table:table-row")[1:]:
            times = _times(row.partition(b">")[0])
            rows += times
            column, last = 0, 0
            for cell in re.split(rb"<table:(?:covered-)?table-cell", row)[1:]:
                tag = cell.partition(b">")[0]
                wide = _times(tag)
                column += wide
                if b"office:" in tag or not tag.endswith(b"/"):
                    last = column
                    weight += times * wide * len(cell)
            if last:
                outermost_row = rows
                outermost_column = max(outermost_column, last)
        if outermost_row * outermost_column > MAX_CELLS:
            raise Unreadable(_too_wide())
        if weight > 2 * MAX_UNPACKED:
            raise Unreadable(_too_large())
