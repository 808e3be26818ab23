"""`manage.py check_links`: ask the links of sources whether they still work. For cron.

Begins with what was never checked, then with the oldest check, and writes as it goes, so that it
can be stopped and started again at any time. What a state needs is said in intake/checking.py.
"""

import fcntl
import os
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from timeline.editing import links
from timeline.intake import checking
from timeline.intake.checking import Found
from timeline.models.choices import LinkState

AT_ONCE = 25
"""Checks written in one transaction: each makes readers' pages anew."""
SAID = {
    LinkState.OK: "work",
    LinkState.REDIRECTED: "moved",
    LinkState.PAYWALLED: "behind a paywall",
    LinkState.DEAD: "gone",
    LinkState.UNKNOWN: "unclear",
}


class Command(BaseCommand):
    help = "Check whether the links of sources still work."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--older-than",
            type=int,
            default=30,
            metavar="DAYS",
            help="check again what was checked longer ago than this (30)",
        )
        parser.add_argument("--limit", type=int, metavar="N", help="check at most so many links")
        parser.add_argument("--host", default="", help="only links to this site")

    def handle(
        self, *args: Any, older_than: int, limit: int | None, host: str, **options: Any
    ) -> None:
        if not settings.FETCH_LINKS:
            raise CommandError("FETCH_LINKS is off: nothing is fetched from the web.")
        if older_than < 0 or (limit is not None and limit < 1):
            raise CommandError("--older-than can't be negative, and --limit is at least 1.")
        with _alone():
            found = checking.due(
                timezone.now(), older_than=timedelta(days=older_than), host=host, limit=limit
            )
            counted = self._check(found)
        said = ", ".join(f"{counted[state]} {word}" for state, word in SAID.items())
        self.stdout.write(f"Checked {sum(counted.values())} of {len(found)} links: {said}.")

    def _check(self, found: list[checking.Link]) -> Counter[str]:
        counted: Counter[str] = Counter()
        waiting: list[Found] = []
        try:
            for each in checking.look_at_all(found, today=timezone.localdate()):
                waiting.append(each)
                counted[each.state] += 1
                if each.state == LinkState.DEAD and each.link.state != LinkState.DEAD:
                    self.stdout.write(f"Gone: {each.link.url}")
                if len(waiting) >= AT_ONCE:
                    _write(waiting)
        finally:
            _write(waiting)  # what was found is kept, also when somebody stops it
        return counted


def _write(waiting: list[Found]) -> None:
    now = timezone.now()
    with transaction.atomic():
        for each in waiting:
            links.note_check(
                each.link.pk,
                each.link.url,
                each.state,
                at=now,
                missed=each.missed,
                missed_since=each.missed_since,
            )
    waiting.clear()


@contextmanager
def _alone() -> Iterator[None]:
    """Only one check at a time on this machine, so that hosts are asked politely."""
    folder = Path(settings.DATA_DIR) / "fetching"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(folder / "check-links", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise CommandError("Links are being checked already.") from error
    finally:
        os.close(file)
