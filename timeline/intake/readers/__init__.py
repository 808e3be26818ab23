"""One module for each format that can be read. None touches the database or the network.

``READERS`` is the list of them: what the desk offers, what the command takes as ``--format`` and
what a file is held against to find out what it is.
"""

import codecs
from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline.intake.decoding import decoded
from timeline.intake.drafts import Read
from timeline.intake.mapping import Mapping
from timeline.intake.readers import (
    acled,
    cns_missiles,
    mapped,
    own_csv,
    own_json,
    timelinejs_json,
    timelinejs_sheet,
    ucdp_ged,
)
from timeline.intake.tables import read_table
from timeline.intake.workbooks import is_workbook

_WIDE = (codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)
_HEAD = 200_000
"""Bytes at the beginning of a text that are looked at to find out what it is."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as far as is needed to recognise it: ``head`` is the text of a document that isn't a
    table, ``header`` that of a table, trimmed; the other is empty."""

    name: str
    head: str = ""
    header: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """One format. ``recognises`` says whether a file is of it; ``reads`` takes the content and
    options that it may not know of: ``mapping``, ``background_is_source``, ``categories`` (of
    theirs to the names of ours) and the ``order`` of dates in numbers."""

    name: str
    label: "str | Promise"
    suffixes: tuple[str, ...]
    recognises: Callable[[File], bool]
    reads: Callable[..., Read]
    options: tuple[str, ...] = ()

    def read(
        self,
        content: bytes,
        *,
        mapping: Any = None,
        background_is_source: bool = False,
        categories: Table[str, str] | None = None,
        order: str = "",
    ) -> Read:
        """The drafts and problems of a file; ``mapping`` is the JSON of one.

        Raises ``MappingError`` for a mapping that can't be used.
        """
        given: dict[str, Any] = {
            "mapping": Mapping.from_json(mapping) if mapping is not None else None,
            "background_is_source": background_is_source,
            "categories": categories,
            "order": order,
        }
        return self.reads(content, **{name: given[name] for name in self.options})


_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".ods")

READERS: tuple[Reader, ...] = (
    Reader(
        own_json.NAME,
        _("Dateline, JSON"),
        (".json",),
        lambda file: own_json.recognises(file.head),
        own_json.read,
    ),
    Reader(
        own_csv.NAME,
        _("Dateline, CSV"),
        _TABLES,
        lambda file: own_csv.recognises(file.header),
        own_csv.read,
    ),
    Reader(
        timelinejs_sheet.NAME,
        _("TimelineJS, spreadsheet"),
        _TABLES,
        lambda file: timelinejs_sheet.recognises(file.header),
        timelinejs_sheet.read,
        ("background_is_source",),
    ),
    Reader(
        timelinejs_json.NAME,
        _("TimelineJS, JSON"),
        (".json", ".js"),
        lambda file: timelinejs_json.recognises(file.head),
        timelinejs_json.read,
        ("background_is_source",),
    ),
    Reader(
        acled.NAME,
        _("ACLED, export"),
        _TABLES,
        lambda file: acled.recognises(file.header),
        acled.read,
        ("categories",),
    ),
    Reader(
        ucdp_ged.NAME,
        _("UCDP, georeferenced events"),
        _TABLES,
        lambda file: ucdp_ged.recognises(file.header),
        ucdp_ged.read,
        ("categories",),
    ),
    Reader(
        cns_missiles.NAME,
        _("CNS, missile tests of North Korea"),
        _TABLES,
        lambda file: cns_missiles.recognises(file.header),
        cns_missiles.read,
        ("order",),
    ),
    Reader(
        mapped.NAME,
        _("Any other table, through a mapping of its columns"),
        _TABLES,
        lambda file: len(file.header) > 1,
        mapped.read,
        ("mapping",),
    ),
)
"""In the order in which they are tried; the last takes any table."""


def named(name: str) -> Reader | None:
    """The reader with this name."""
    return next((reader for reader in READERS if reader.name == name), None)


def recognise(content: bytes, name: str) -> Reader | None:
    """The first reader whose format the file seems to have."""
    file = _file(content, name)
    return next((reader for reader in READERS if reader.recognises(file)), None)


def _file(content: bytes, name: str) -> File:
    if is_workbook(content):
        return File(name, header=read_table(content).header)
    head = content[:_HEAD]
    if len(content) > _HEAD:
        head = head[: head.rfind(b"\n") + 1] or head
        # Of UTF-16 the end of a line is two bytes.
        head = head[: len(head) // 2 * 2] if head[:2] in _WIDE else head
    text = decoded(head).text
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[") or name.lower().endswith((".json", ".js")):
        return File(name, head=text)
    return File(name, header=read_table(head).header)
