"""Turns to fetch something: few at once and few a minute for the whole site, all its processes.

Kept as locked files in the data folder: a lock goes with the process that held it, so that a
killed one leaves no turn taken. Servers on several machines count each for itself.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from timeline.intake.internet import Refused


class Busy(Refused):
    """All turns are taken; ``wait`` is after how many seconds to ask again."""

    def __init__(self, sentence: str, wait: int) -> None:
        super().__init__(sentence)
        self.wait = wait


AT_ONCE = 4
A_MINUTE = 20


def _folder() -> Path:
    folder = Path(settings.DATA_DIR) / "fetching"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def one() -> Iterator[None]:
    """A turn, given back at the end. Raises ``Busy`` when all are taken."""
    place = _place()
    try:
        _count()
        yield
    finally:
        os.close(place)


def _place() -> int:
    for number in range(AT_ONCE):
        file = os.open(_folder() / f"place-{number}", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
        else:
            return file
    raise Busy(_("Other pages are being fetched just now. Try again in a few seconds."), 3)


def _count() -> None:
    """Write down that a turn was taken now. Raises ``Busy`` when the minute is full."""
    file = os.open(_folder() / "minute", os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(file, "r+", encoding="ascii") as kept:
        fcntl.flock(kept, fcntl.LOCK_EX)
        now = time.time()
        recent = [each for each in kept.read().split() if now - 60 < float(each) < now + 1]
        if len(recent) >= A_MINUTE:
            wait = max(1, round(60 - (now - float(recent[0]))))
            raise Busy(
                _("%(count)s pages were fetched in the last minute. Try again in %(wait)s seconds.")
                % {"count": A_MINUTE, "wait": wait},
                wait,
            )
        kept.seek(0)
        kept.truncate()
        kept.write(" ".join([*recent, f"{now:.3f}"]))
