"""Making, checking and closing releases of the data: a row and a file that belong together.

What goes into a release is for :mod:`timeline.formats.releases` to say; here the file is written,
forced to disk and named before its row is committed, so that a row without its file can't come to
be. A file without a row, left when the machine stopped in between, is named by ``verify``.
"""

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from timeline import text
from timeline.editing import changes
from timeline.models import DatasetRelease
from timeline.models.choices import ChangeKind
from timeline.record.releases import Build, packed, unpacked

_UNFINISHED = ".unfinished-"


class ReleaseRefused(Exception):
    """A release that can't be made or closed; the text says what to do."""


def folder() -> Path:
    """Where the files of releases are."""
    return Path(settings.DATA_DIR) / "releases"


def make(build: Build, at: datetime, *, note: str = "", by: int | None = None) -> DatasetRelease:
    """Make a release of the public record as it is; takes as long as reading all of it.

    Raises ``ReleaseRefused`` when nothing changed since the last one, or another was made
    meanwhile.
    """
    last = DatasetRelease.objects.first()
    number = last.number + 1 if last else 1
    folder().mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder(), prefix=_UNFINISHED, suffix=".zip") as written:
        before = unpacked(last.manifest) if last else None
        made = build(number, at, before, cast("BinaryIO", written))
        if last and not made.changes:
            raise ReleaseRefused(
                _("Nothing changed since release %(number)s. Cite that one.")
                % {"number": last.number}
            )
        if not made.events:
            raise ReleaseRefused(_("There is no public event. Publish one first."))
        written.flush()
        os.fsync(written.fileno())
        path = Path(written.name)
        digest, size = _hash(path), path.stat().st_size
        file = folder() / f"dateline-{number}-{digest[:12]}.zip"
        with transaction.atomic():
            changes.begin()
            _still_free(number)
            _keep(path, file)
            release = DatasetRelease.objects.create(
                number=number,
                at=at,
                by_id=by,
                note=text.clean_text(note),
                events=made.events,
                file=file.name,
                size=size,
                sha256=digest,
                manifest=packed(made.rows),
                changes=made.changes.stored(),
            )
            changes.note(ChangeKind.CREATED, release, by=by)
    return release


def _still_free(number: int) -> None:
    if DatasetRelease.objects.filter(number=number).exists():
        raise ReleaseRefused(
            _("Release %(number)s was made meanwhile. Look at it first.") % {"number": number}
        )


def _keep(path: Path, file: Path) -> None:
    """Give a file its name for good, on disk too."""
    if file.exists() and _hash(file) == _hash(path):
        return  # left by one that stopped before its row was written
    path.chmod(0o644)
    os.link(path, file)  # fails, and overwrites nothing, when the name is taken
    descriptor = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def close(number: int, reason: str, at: datetime, *, by: int | None = None) -> DatasetRelease:
    """Take a release's file away for good; its page stays and says why.

    Closing again takes away a file that is still there. Raises ``ReleaseRefused``.
    """
    reason = text.clean_line(reason)
    with transaction.atomic():
        changes.begin()
        release = DatasetRelease.objects.filter(number=number).first()
        if release is None:
            raise ReleaseRefused(_("There is no release %(number)s.") % {"number": number})
        if release.closed_at is None:
            if not reason:
                raise ReleaseRefused(_("Say why it is closed; readers see the reason."))
            release.closed_at, release.closed_reason = at, reason
            release.save(update_fields=["closed_at", "closed_reason"])
            changes.note(ChangeKind.CHANGED, release, by=by)
    # Nobody is given it from here on, so it may go.
    (folder() / release.file).unlink(missing_ok=True)
    return release


def verify() -> Iterator[str]:
    """What is wrong with the releases' files, a sentence each."""
    known = set()
    for release in DatasetRelease.objects.defer("manifest").order_by("number"):
        known.add(release.file)
        file = folder() / release.file
        if release.closed_at is not None:
            if file.exists():
                yield _(
                    "Release %(number)s is closed, but %(file)s is still there: close it again."
                ) % {"number": release.number, "file": file}
        elif not file.is_file():
            yield _("Release %(number)s has lost its file: bring %(file)s back from a backup.") % {
                "number": release.number,
                "file": file,
            }
        elif _hash(file) != release.sha256:
            yield _("%(file)s is not what release %(number)s was: bring it back from a backup.") % {
                "number": release.number,
                "file": file,
            }
    for file in sorted(folder().glob("*")) if folder().is_dir() else ():
        if file.name not in known:
            yield _("%(file)s is of no release: delete it if none is being made.") % {"file": file}


def _hash(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
