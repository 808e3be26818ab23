"""The data package: the tables, the document and all that explains them, in one ZIP.

Described by ``datapackage.json`` after Frictionless Data's Data Package (version 1), so that
programs know the types and keys of the tables. The record is read once: while the document is
written, each event's rows go into files of their own, and all are packed at the end. Memory stays
flat, and equal content gives equal bytes: entries have one order, no moment and no owner. On disk
the unpacked files take their room until the package is done.
"""

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from django.utils import translation
from django.utils.translation import gettext

from timeline.formats import codebook, document, sheets, table
from timeline.formats.about import About
from timeline.formats.citing import Style
from timeline.formats.registry import FORMS, PACKAGE
from timeline.record import EventRecord

TYPE = PACKAGE.media_type

_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The first that a ZIP can say; of every entry."""
_MODE = 0o644 << 16
_BLOCK = 1 << 16
_DOCUMENT = "events.json"
_KEYS = {
    "events": ["public_id"],
    "figures": ["public_id", "figure"],
    "sources": ["public_id", "citation"],
    "participations": ["public_id", "actor", "role"],
}
_TYPES = {"url": "string"}


@dataclass(frozen=True)
class Labelled:
    """What a package says of itself beside what it is about: its ``name`` in lower case letters
    and digits, the ``version`` of a release, its day and how to cite it."""

    name: str
    version: str = ""
    released: str = ""
    citations: tuple[Style, ...] = ()


def build(
    target: BinaryIO,
    about: About,
    records: Iterable[EventRecord],
    labelled: Labelled,
    more: Callable[[], Mapping[str, Iterable[str]]] = dict,
    unpacked: Path | None = None,
) -> int:
    """Write the package and return how many events it holds.

    ``more`` gives further files once all records were read; ``unpacked`` is a folder with room
    for the files before they are packed, by default that of the system.
    """
    with (
        translation.override(about.language),
        TemporaryDirectory(prefix="dateline-package-", dir=unpacked) as folder,
    ):
        place = Path(folder)
        events = _unpack(place, about, records)
        for name, chunks in _explained(about, labelled, events).items():
            _write(place / name, chunks)
        added = more()
        for name, chunks in added.items():
            _write(place / name, chunks)
        described = _described(place, about, labelled)
        _write(place / "datapackage.json", [json.dumps(described, ensure_ascii=False, indent=1)])
        _pack(target, place)
    return events


# --- Files ----------------------------------------------------------------------------------


def _unpack(place: Path, about: About, records: Iterable[EventRecord]) -> int:
    events = 0
    with ExitStack() as files:
        adding = [
            (
                each,
                sheets.adding(
                    files.enter_context(_open(place / f"{each.name}.csv")),
                    [column.name for column in each.columns],
                ),
            )
            for each in table.TABLES
        ]

        def passing() -> Iterator[EventRecord]:
            nonlocal events
            for record in records:
                events += 1
                for each, add in adding:
                    add(each.rows(record))
                yield record

        _write(place / _DOCUMENT, document.write(about, passing()))
    return events


def _open(file: Path) -> Any:
    # Line ends are the writers' own.
    return file.open("w", encoding="utf-8", newline="")


def _write(file: Path, chunks: Iterable[str]) -> None:
    with _open(file) as opened:
        opened.writelines(chunks)


def _pack(target: BinaryIO, place: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for file in sorted(place.iterdir(), key=_order):
            entry = zipfile.ZipInfo(file.name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _MODE
            entry.create_system = 3  # the same on every system
            entry.file_size = file.stat().st_size
            with file.open("rb") as read, package.open(entry, "w") as packed:
                shutil.copyfileobj(read, packed, _BLOCK)


def _order(file: Path) -> tuple[bool, str]:
    """What explains the package stands first in it."""
    return file.name != "README.md", file.name


# --- What explains them ---------------------------------------------------------------------


def _explained(about: About, labelled: Labelled, events: int) -> dict[str, Iterable[str]]:
    books = codebook.codebook()
    files: dict[str, Iterable[str]] = {
        "README.md": _readme(about, labelled, events),
        "LICENCE.txt": [_licence(about)],
        "codebook.md": codebook.as_markdown(books),
        "codebook.csv": codebook.as_csv(books),
        "CITATION.cff": _citation_file(about, labelled),
    }
    for style in labelled.citations:
        if style.verbatim:
            files["citation.bib"] = [style.text, "\n"]
    if labelled.citations:
        files["citation.txt"] = [
            f"{style.name}: {style.text}\n\n" for style in labelled.citations if not style.verbatim
        ]
    return files


def _readme(about: About, labelled: Labelled, events: int) -> Iterator[str]:
    title = f"{about.site}: {labelled.version or about.words}"
    yield f"# {title}\n\n"
    yield gettext("%(words)s, from %(site)s.") % {
        "words": f"{about.words[:1].upper()}{about.words[1:]}",
        "site": f"{about.site} ({about.site_address})",
    }
    yield "\n\n"
    facts = (
        (gettext("Events"), f"{events:,}"),
        (gettext("Release"), labelled.version),
        (gettext("Made on"), labelled.released),
        (gettext("Address"), about.own_address),
        (gettext("The same events as a page"), about.address),
        (gettext("Licence"), about.licence or gettext("none given; ask before you publish it")),
    )
    yield "".join(f"- {name}: {value}\n" for name, value in facts if value)
    yield "\n## " + gettext("Files") + "\n\n"
    for book in codebook.codebook():
        if book.file:
            yield f"- `{book.file}`: {book.title}\n"
    for name, said in (
        (_DOCUMENT, gettext("Everything, to be taken in by another site")),
        ("codebook.md", gettext("What each field and value means")),
        ("datapackage.json", gettext("Types and keys of the tables, for programs")),
        ("codebook.csv", gettext("The same as a table")),
        ("LICENCE.txt", gettext("Terms of use")),
        ("CITATION.cff", gettext("How to cite it, for programs")),
    ):
        yield f"- `{name}`: {said}\n"
    yield "\n## " + gettext("How to read them") + "\n\n"
    for sentence in (
        gettext(
            "Tables are UTF-8 with commas and a header line; they are joined on `public_id`. Empty "
            "cells say that it isn’t known or doesn’t apply."
        ),
        gettext(
            "Dates are as exact as they are known, in EDTF (ISO 8601-2): `2024-10` is a month, "
            "`2024-23` autumn, `[2024-10-08..2024-10-13]` one day among six. `date_start` and "
            "`date_end` are the first and last day that such a date allows; they claim no more."
        ),
        gettext(
            "A text that a spreadsheet would take for a formula has an apostrophe in front; take "
            "one apostrophe away and it is the text again."
        ),
        gettext(
            "How well an event is established stands in `verification`; who says so, denies it or "
            "claims it, in the sources’ `stance`. A figure belongs to whoever gives it: two "
            "figures of one event may both stand."
        ),
    ):
        yield f"{sentence}\n\n"
    yield "## " + gettext("What other forms leave out") + "\n\n"
    yield gettext("The same events are at their address in other forms, each with its losses:")
    yield "\n\n"
    for form in FORMS:
        yield f"- {form.label} (`.{form.suffix}`): {form.losses}\n"
    if labelled.citations:
        yield "\n## " + gettext("How to cite it") + "\n\n"
        yield "".join(f"{style.text}\n\n" for style in labelled.citations if not style.verbatim)


def _licence(about: About) -> str:
    if about.licence:
        said = gettext("The data of this package are under this licence: %(licence)s") % {
            "licence": about.licence
        }
    else:
        said = gettext("No licence was given for this data. Ask before you publish it:")
        said = f"{said} {about.site_address}"
    quoted = gettext(
        "Titles and quoted passages of sources belong to their authors and publishers."
    )
    return f"{said}\n\n{quoted}\n"


def _citation_file(about: About, labelled: Labelled) -> Iterator[str]:
    """Citation File Format 1.2.0; its texts are JSON, which is YAML."""
    title = f"{about.site}: {about.words}"
    yield "cff-version: 1.2.0\ntype: dataset\n"
    yield 'message: "If you use this data, please cite it as below."\n'
    yield f"title: {json.dumps(title)}\nauthors:\n  - name: {json.dumps(about.site)}\n"
    if labelled.version:
        yield f"version: {json.dumps(labelled.version)}\n"
    if labelled.released:
        yield f"date-released: {labelled.released}\n"
    yield f"url: {json.dumps(about.own_address)}\n"


# --- What programs read ---------------------------------------------------------------------


def _described(place: Path, about: About, labelled: Labelled) -> dict[str, Any]:
    """The descriptor of the package."""
    given: dict[str, Any] = {
        "profile": "data-package",
        "name": labelled.name,
        "id": about.own_address,
        "title": f"{about.site}: {about.words}",
        "homepage": about.address,
        "version": labelled.version,
        "created": f"{labelled.released}T00:00:00Z" if labelled.released else "",
        "licenses": _licences(about.licence),
        "contributors": [
            {"title": about.site, "path": about.site_address, "role": "publisher"},
        ],
        "resources": [
            *(_table(place, book) for book in codebook.codebook() if book.file),
            _resource(
                place / _DOCUMENT,
                {
                    "name": "document",
                    "title": gettext("Everything, to be taken in by another site"),
                    "profile": "data-resource",
                    "format": "json",
                    "mediatype": "application/json",
                },
            ),
        ],
    }
    return {name: value for name, value in given.items() if value}


def _licences(licence: str) -> list[dict[str, str]]:
    if not licence:
        return []
    if re.match(r"https?://\S+$", licence):
        return [{"path": licence}]
    return [{"name": re.sub(r"[^A-Za-z0-9._]+", "-", licence).strip("-"), "title": licence}]


def _table(place: Path, book: codebook.Book) -> dict[str, Any]:
    keys = _KEYS[book.name]
    schema: dict[str, Any] = {
        "fields": [_field(field, keys) for field in book.fields],
        "missingValues": [""],
        "primaryKey": keys,
    }
    if book.name != "events":
        schema["foreignKeys"] = [
            {"fields": "public_id", "reference": {"resource": "events", "fields": "public_id"}}
        ]
    return _resource(
        place / book.file,
        {
            "name": book.name,
            "title": book.title,
            "profile": "tabular-data-resource",
            "format": "csv",
            "mediatype": "text/csv",
            "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
            "schema": schema,
        },
    )


def _field(field: codebook.Field, keys: list[str]) -> dict[str, Any]:
    given: dict[str, Any] = {
        "name": field.name,
        "type": _TYPES.get(field.type, field.type),
        "description": field.meaning,
    }
    constraints: dict[str, Any] = {}
    if field.name in keys:
        constraints["required"] = True
    if field.values:
        constraints["enum"] = [value.value for value in field.values]
    if constraints:
        given["constraints"] = constraints
    return given


def _resource(file: Path, given: dict[str, Any]) -> dict[str, Any]:
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return {
        **given,
        "path": file.name,
        "encoding": "utf-8",
        "bytes": file.stat().st_size,
        "hash": f"sha256:{digest}",
    }
