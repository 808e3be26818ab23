"""The index as a file: plain frames of numbers behind a header, checked before they are used.

Layout: the magic text, the schema version and the header's length as two 32-bit numbers, the
header as JSON with its CRC-32 behind it, then the frames, each at a multiple of 64 bytes. The
header names each frame with its type, place, length and CRC-32, and says which change of which
database the index is as of. Nothing in a file is ever executed. A file is written beside its
place, forced to disk and then put there in one step, so that a reader finds the old one or the
new one, whole.

Loading maps the arrays and copies only the sets, in a few tenths of a second a million events.
"""

import json
import mmap
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.db import connection
from pyroaring import BitMap

from timeline.index import reading
from timeline.index.arrays import Array, Segment
from timeline.index.documents import DIMENSIONS, Documents, Keys, Sets
from timeline.index.reading import Tags
from timeline.index.things import KINDS, Kind, glossary

MAGIC = b"Dateline index.\n"
SCHEMA = 5
"""Raised whenever anything about the arrays, sets or enumerations changes."""

_LENGTHS = struct.Struct("<II")
_CHECK = struct.Struct("<I")
_ALIGNED = 64
_WRITTEN = "keys"
"""The one frame that a process writes to, on pages of its own."""


class Unusable(Exception):
    """A file that isn't an index of this record; the text says why."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What an index is as of: the last change, and its entry, in a database."""

    number: int
    entry: str
    database: str


def mark(number: int) -> Mark:
    """The mark of a change of the present database; its entry is empty when there is none."""
    settings = connection.settings_dict
    database = f"{connection.vendor} {settings['HOST']} {settings['PORT']} {settings['NAME']}"
    return Mark(number, reading.entry(number), database)


def write(path: Path, documents: Documents, at: Mark) -> None:
    """Write an index without a tail to a file."""
    if documents.tail.length:
        raise ValueError("Only an index that was just built is written.")
    frames = list(_frames(documents))
    entries: list[dict[str, Any]] = []
    place = 0
    for name, values in frames:
        content = np.ascontiguousarray(values).tobytes()
        entries.append(
            {
                "name": name,
                "type": values.dtype.str,
                "place": place,
                "length": len(values),
                "check": zlib.crc32(content),
            }
        )
        place += -(-values.nbytes // _ALIGNED) * _ALIGNED
    header = {
        "number": at.number,
        "entry": at.entry,
        "database": at.database,
        "languages": list(documents.languages),
        "countries": list(documents.countries),
        "frames": entries,
        "size": place,
    }
    written = json.dumps(header).encode()
    start = _start(len(written))
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(MAGIC + _LENGTHS.pack(SCHEMA, len(written)))
            file.write(written + _CHECK.pack(zlib.crc32(written)))
            for (_name, values), entry in zip(frames, entries, strict=True):
                file.seek(start + entry["place"])
                file.write(np.ascontiguousarray(values).tobytes())
            file.truncate(start + place)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _start(header: int) -> int:
    """Where the frames begin behind a header of this length."""
    behind = len(MAGIC) + _LENGTHS.size + header + _CHECK.size
    return -(-behind // _ALIGNED) * _ALIGNED


def _frames(documents: Documents) -> Iterator[tuple[str, Array]]:
    for name in documents.core.names:
        yield f"array/{name}", documents.core.array(name)
    yield _WRITTEN, documents.keys.by_key
    for name in KINDS:
        yield f"things/{name}", np.array(documents.things[name].pks, "i8")
    for dimension in DIMENSIONS:
        sets = documents.sets[dimension]
        written = [docs.serialize() for docs in sets.values()]
        yield f"codes/{dimension}", np.array(list(sets), "i8")
        yield f"lengths/{dimension}", np.array([len(each) for each in written], "u4")
        yield f"sets/{dimension}", np.frombuffer(b"".join(written), "u1")


def header(path: Path) -> dict[str, Any]:
    """The header of a file. Raises ``Unusable``, or ``OSError`` where there is no file."""
    with path.open("rb") as file:
        begin = file.read(len(MAGIC) + _LENGTHS.size)
        if len(begin) < len(MAGIC) + _LENGTHS.size or not begin.startswith(MAGIC):
            raise Unusable("it is not an index file")
        schema, length = _LENGTHS.unpack(begin[len(MAGIC) :])
        if schema != SCHEMA:
            raise Unusable(f"it was written by another release (schema {schema}, not {SCHEMA})")
        written = file.read(length)
        check = file.read(_CHECK.size)
    if len(check) < _CHECK.size or _CHECK.unpack(check)[0] != zlib.crc32(written):
        raise Unusable("its header is damaged")
    found: dict[str, Any] = json.loads(written)
    found["start"] = _start(length)
    return found


def marked(path: Path) -> Mark:
    """What the index in a file is as of. Raises ``Unusable``, ``OSError``."""
    found = header(path)
    return Mark(found["number"], found["entry"], found["database"])


def read(path: Path) -> tuple[Documents, int]:
    """The documents of a file, and the number of the change that they are as of.

    Raises ``Unusable`` for a file that is damaged, foreign or of another release, ``OSError``
    where there is none.
    """
    found = header(path)
    at = Mark(found["number"], found["entry"], found["database"])
    if mark(at.number) != at:
        raise Unusable("it is of another database, or of another state of this one")
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size != found["start"] + found["size"]:
            raise Unusable("it is cut short")
        # What is written to is this process's own; only the documents of keys are.
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    frames = {}
    for entry in found["frames"]:
        dtype = np.dtype(entry["type"])
        start, size = found["start"] + entry["place"], entry["length"] * dtype.itemsize
        content = memoryview(mapped)[start : start + size]
        if zlib.crc32(content) != entry["check"]:
            raise Unusable(f"its part {entry['name']} is damaged")
        frames[entry["name"]] = frame = np.frombuffer(content, dtype)
        frame.flags.writeable = entry["name"] == _WRITTEN
    return _documents(found, frames), at.number


def _documents(found: dict[str, Any], frames: dict[str, Array]) -> Documents:
    things = {name: Kind(name, frames[f"things/{name}"].tolist()) for name in KINDS}
    told = glossary()
    for kind in things.values():
        kind.load(told)
    sets: Sets = {}
    for dimension in DIMENSIONS:
        content = frames[f"sets/{dimension}"]
        sets[dimension] = held = {}
        at = 0
        codes, lengths = frames[f"codes/{dimension}"], frames[f"lengths/{dimension}"]
        for code, length in zip(codes.tolist(), lengths.tolist(), strict=True):
            held[code] = BitMap.deserialize(content[at : at + length].tobytes())
            at += length
    arrays = {
        name.removeprefix("array/"): values
        for name, values in frames.items()
        if name.startswith("array/")
    }
    documents = Documents(
        Segment(0, arrays),
        things,
        _tags(found["languages"]),
        _tags(found["countries"]),
        sets,
        Keys(frames[_WRITTEN]),
    )
    documents.label(reading.labels(None))
    return documents


def _tags(listed: list[str]) -> Tags:
    return Tags({tag: code for code, tag in enumerate(listed)})
