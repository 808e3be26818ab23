"""Work on an upload in a program of its own, beside the server.

A large import takes seconds of computing, in which a server's process would answer nobody, and
must not depend on a browser or a proxy that waits for it. The program holds a lock on a file in
DATA_DIR for as long as it lives and writes there how far it is: not into the database, which on
SQLite has one writer, the import itself. Whether it still lives is asked of that lock, so that a
program that was killed is noticed at once. What the program does is in uploads.py.
"""

import fcntl
import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from timeline.models.uploads import Upload, UploadState


class Step(Enum):
    """What a program does: the state in which it begins, and the one while it is at work."""

    CHECK = (UploadState.NEW, UploadState.CHECKING)
    APPLY = (UploadState.CHECKED, UploadState.APPLYING)

    @property
    def begins(self) -> str:
        return self.value[0]

    @property
    def during(self) -> str:
        return self.value[1]


ELSEWHERE = timedelta(minutes=15)
"""A program on another machine can't be seen from here; after so long it is held for ended."""
_EVERY_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Progress:
    """Rows done and rows in all; an import checks them once more before it writes."""

    done: int = 0
    of: int = 0
    writing: bool = False


class Tell(Protocol):
    def __call__(self, done: int, of: int, *, writing: bool = False) -> None: ...


def place(upload: int) -> Path:
    """The file with the lock and the progress of the work on an upload."""
    return Path(settings.DATA_DIR) / "imports" / f"{upload}.progress"


def start(upload: Upload, step: Step, importer: User | None = None) -> bool:
    """Start the program that takes this step; False if somebody else was quicker.

    The lock is taken here and handed on, so that there is no moment without it; the state is
    moved only from where the step begins, so that a second press starts nothing.
    """
    lock = _locked(upload.pk)
    if lock is None:
        return False
    try:
        if not moved(upload, step, importer):
            return False
        manage = Path(settings.BASE_DIR) / "manage.py"
        program = subprocess.Popen(  # noqa: S603  (its words are ours)
            [
                *(sys.executable, str(manage), "work_on_upload", str(upload.pk), f"--lock={lock}"),
                # What it finds is told to whoever started it.
                f"--language={get_language() or settings.LANGUAGE_CODE}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[lock],
            # A server that is told to stop lets it come to its end.
            start_new_session=True,
        )
    finally:
        os.close(lock)
    threading.Thread(target=program.wait, daemon=True).start()  # leaves no dead process behind
    return True


def moved(upload: Upload, step: Step, importer: User | None = None) -> bool:
    """Whether this call took the step; a second one finds the state changed."""
    taken = Upload.objects.filter(pk=upload.pk, state=step.begins).update(
        state=step.during, importer=importer, host=here(), started_at=timezone.now(), said=""
    )
    return bool(taken)


def _locked(upload: int) -> int | None:
    """An open file that holds the lock, or None if somebody else has it."""
    file = place(upload)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    for _again in range(10):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)  # somebody may only be asking whether it is held
        else:
            os.ftruncate(lock, 0)
            return lock
    os.close(lock)
    return None


def teller(lock: int) -> Tell:
    """What the program calls with its progress; it writes a few times a second."""
    last = 0.0

    def tell(done: int, of: int, *, writing: bool = False) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < _EVERY_SECONDS and done < of:
            return
        last = now
        # Of one length, so that what is read is never half of the one and half of the other.
        os.pwrite(lock, f"{done:>12}{of:>12}{writing:d}".encode(), 0)

    return tell


def progress(upload: Upload) -> Progress:
    """How far the program is, as far as it is known here."""
    try:
        written = place(upload.pk).read_text(encoding="ascii")
    except FileNotFoundError:
        return Progress()
    if len(written) != 25:
        return Progress()
    return Progress(int(written[:12]), int(written[12:24]), written[24] == "1")


def alive(upload: Upload) -> bool:
    """Whether the program that was started for the upload is still at work."""
    if upload.host != here():
        begun = upload.started_at
        return begun is not None and timezone.now() - begun < ELSEWHERE
    try:
        lock = os.open(place(upload.pk), os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def settle(upload: Upload) -> Upload:
    """The upload as it stands, put back to where its step began if the program came to nothing."""
    at_work = any(each.during == upload.state for each in Step)
    if at_work and not alive(upload):
        give_up(upload, _("It stopped before its end, and nothing was written. Start it again."))
        upload.refresh_from_db(fields=["state", "said", "batch", "counts"])
    return upload


def give_up(upload: Upload, said: str) -> None:
    """Back to where the step began, with a sentence why; not if it came to its end after all.

    A check that is done while the browser waits is in no state of its own.
    """
    this = Upload.objects.filter(pk=upload.pk, started_at=upload.started_at)
    for step in Step:
        this.filter(state=step.during).update(state=step.begins, said=said)
    this.filter(state=UploadState.NEW).update(said=said)


def forget(upload: int) -> None:
    """Remove the file of an upload that nobody works on any more."""
    place(upload).unlink(missing_ok=True)


def here() -> str:
    return socket.gethostname()
