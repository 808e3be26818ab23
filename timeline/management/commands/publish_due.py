"""`manage.py publish_due`: publish what has a moment that has come.

Run by cron every minute, or by ``manage.py serve`` beside the server with ``--every``, where it
ends when the server does.
"""

import logging
import os
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from timeline.editing import schedule

_log = logging.getLogger("timeline.schedule")


class Command(BaseCommand):
    help = "Publish events and changes whose chosen moment has come."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--every", type=int, metavar="SECONDS", help="keep on while the parent program runs"
        )
        parser.add_argument(
            "--parent", type=int, metavar="PID", help="the program to end with, if another by then"
        )

    def handle(self, *args: Any, every: int | None, parent: int | None, **options: Any) -> None:
        if every is None:
            self._once()
            return
        # Told rather than asked for: a server that ends at once may be gone before this begins.
        parent = parent or os.getppid()
        while os.getppid() == parent:
            try:
                self._once()
            except DatabaseError:
                # Locked or away for a while; the server has its own pages for that.
                _log.exception("Nothing could be published just now; trying again.")
            close_old_connections()
            for _second in range(max(every, 1)):
                if os.getppid() != parent:
                    return
                time.sleep(1)

    def _once(self) -> None:
        done = schedule.publish_due(timezone.now())
        for title in done.published:
            self.stdout.write(f"Published: {title}")
        for title, why in done.refused:
            self.stderr.write(f"Not published: {title}: {why}")
