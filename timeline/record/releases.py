"""Releases as readers may see them, and what they hold, by event.

A manifest says of each event of a release its version and what its record was, as a digest; it is
kept in the release's row, sorted and packed, twenty bytes an event before that. Two manifests say
what changed from one release to the next, also where the file of one of them is gone.
"""

import datetime as dt
import hashlib
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from timeline import dates
from timeline.models import DatasetRelease, Event, Version
from timeline.record import EventBrief, EventRecord, brief, canonical_json

LISTED = 200
"""Events of each kind that a list of changes names; all of them stand in the package."""

_ROW = np.dtype([("id", "S8"), ("version", "<u4"), ("digest", "S8")])
Rows = NDArray[Any]


# --- Manifests ------------------------------------------------------------------------------


class Manifest:
    """What is in a release: an entry for each event, added in any order."""

    def __init__(self) -> None:
        self._packed = bytearray()

    def add(self, record: EventRecord) -> None:
        """Take in an event as it goes into the release."""
        digest = hashlib.sha256(canonical_json(record).encode()).digest()[:6].hex()[:8]
        row = (record.public_id.encode(), record.version or 0, digest.encode())
        self._packed += np.array([row], _ROW).tobytes()

    def rows(self) -> Rows:
        """The entries in order of public id."""
        return np.sort(np.frombuffer(bytes(self._packed), _ROW), order="id")


def packed(rows: Rows) -> bytes:
    return zlib.compress(rows.tobytes(), 6)


def unpacked(manifest: bytes | memoryview) -> Rows:
    return np.frombuffer(zlib.decompress(bytes(manifest)), _ROW)


@dataclass(frozen=True)
class Changes:
    """What changed from one release to the next. ``added``, ``touched`` and ``removed`` are
    public ids; ``changed`` also has the version before and after. Touched events have the same
    version, but what they share with others changed, such as the name of an actor."""

    added: tuple[str, ...] = ()
    changed: tuple[tuple[str, int, int], ...] = ()
    touched: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.touched or self.removed)

    def rows(self) -> list[tuple[str, str, int | None, int | None]]:
        """Each event that changed: its id, how, and the version before and after."""
        return [
            *((each, "added", None, None) for each in self.added),
            *((each, "changed", before, after) for each, before, after in self.changed),
            *((each, "touched", None, None) for each in self.touched),
            *((each, "removed", None, None) for each in self.removed),
        ]

    def stored(self) -> dict[str, Any]:
        """How many of each kind, and the first of them."""
        kinds = ("added", "changed", "touched", "removed")
        return {
            "count": {kind: len(getattr(self, kind)) for kind in kinds},
            "first": {kind: list(getattr(self, kind)[:LISTED]) for kind in kinds},
        }


def compared(before: Rows, after: Rows) -> Changes:
    """What changed between two manifests."""
    ids, old, new = np.intersect1d(
        before["id"], after["id"], assume_unique=True, return_indices=True
    )
    was, now = before[old], after[new]
    other = was["version"] != now["version"]
    touched = ~other & (was["digest"] != now["digest"])
    return Changes(
        added=_ids(np.setdiff1d(after["id"], ids, assume_unique=True)),
        changed=tuple(
            (each.decode(), int(one), int(two))
            for each, one, two in zip(
                ids[other], was["version"][other], now["version"][other], strict=True
            )
        ),
        touched=_ids(ids[touched]),
        removed=_ids(np.setdiff1d(before["id"], ids, assume_unique=True)),
    )


@dataclass(frozen=True)
class Made:
    """What was written into a release's file."""

    events: int
    rows: Rows
    changes: Changes


Build = Callable[[int, dt.datetime, Rows | None, BinaryIO], Made]
"""Writes the package of a release, given its number, its moment and the manifest before it."""


def _ids(found: Rows) -> tuple[str, ...]:
    return tuple(each.decode() for each in found.tolist())


# --- For readers ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """A release as readers may know it. ``first`` is the very first, which has no one before it;
    ``count`` says how many events were added, changed, touched and removed since that one."""

    number: int
    at: dt.datetime
    note: str
    events: int
    size: int
    sha256: str
    file: str
    first: bool
    count: Mapping[str, int]
    closed_at: dt.datetime | None
    closed_reason: str


@dataclass(frozen=True, slots=True)
class ChangedEvent:
    """An event of a list of changes. ``event`` is None where readers can't see it any more."""

    public_id: str
    before: int | None
    after: int | None
    event: EventBrief | None


@dataclass(frozen=True, slots=True)
class ReleaseInFull:
    """``lists`` are the first events of each kind of change. ``gone`` of its events were withdrawn
    or merged since, ``redacted`` of its versions were emptied."""

    release: ReleaseRecord
    lists: Mapping[str, tuple[ChangedEvent, ...]]
    gone: int
    redacted: int


def releases() -> list[ReleaseRecord]:
    """All releases, the newest first."""
    return [_record(row) for row in DatasetRelease.objects.defer("manifest")]


def release(number: int) -> ReleaseInFull | None:
    """One release with its list of changes; None where there is no such release."""
    row = DatasetRelease.objects.filter(number=number).first()
    if row is None:
        return None
    first = row.changes["first"]
    named = [*first["added"], *(each[0] for each in first["changed"]), *first["touched"]]
    shown = {
        event.public_id: brief(event)
        for event in Event.objects.public().filter(public_id__in=named).select_related("category")
    }

    def listed(kind: str) -> tuple[ChangedEvent, ...]:
        given = [each if kind == "changed" else (each, None, None) for each in first[kind]]
        found = [
            ChangedEvent(public_id, before, after, shown.get(public_id))
            for public_id, before, after in given
        ]
        return tuple(sorted(found, key=_in_order))

    held = unpacked(row.manifest)
    return ReleaseInFull(
        release=_record(row),
        lists={kind: listed(kind) for kind in ("added", "changed", "touched", "removed")},
        gone=_held(held, [(each, None) for each in _gone()]),
        redacted=_held(held, _redacted()),
    )


def _in_order(changed: ChangedEvent) -> tuple[dt.date, str]:
    """By date, those that can't be seen at last."""
    event = changed.event
    return (dates.parse(event.date).sort_date if event else dt.date.max), changed.public_id


def _gone() -> list[str]:
    return list(Event.objects.gone().values_list("public_id", flat=True))


def _redacted() -> list[tuple[str, int | None]]:
    emptied = Version.objects.exclude(redacted_at=None)
    return list(emptied.values_list("public_id", "number"))


def _held(rows: Rows, wanted: list[tuple[str, int | None]]) -> int:
    """How many of these events, in these versions, are in a manifest."""
    found = 0
    for public_id, version in wanted:
        place = int(np.searchsorted(rows["id"], public_id.encode()))
        if place < len(rows) and rows["id"][place] == public_id.encode():
            found += version is None or int(rows["version"][place]) == version
    return found


def _record(row: DatasetRelease) -> ReleaseRecord:
    return ReleaseRecord(
        number=row.number,
        at=row.at,
        note=row.note,
        events=row.events,
        size=row.size,
        sha256=row.sha256,
        file=row.file,
        first=row.number == 1,
        count=row.changes["count"],
        closed_at=row.closed_at,
        closed_reason=row.closed_reason,
    )
