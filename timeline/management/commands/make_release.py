"""`manage.py make_release`: pack the public record as a numbered release, and look after those
that were made.

For whoever runs the site. A release is kept for ever and never changed. What must not be read any
more is taken away with `--close`, and readers are told why.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.utils import timezone

from timeline.editing import releases
from timeline.formats.releases import whole


class Command(BaseCommand):
    help = "Make a numbered release of the data; or check or close those that were made."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--note", default="", help="what is new in it; readers see it")
        parser.add_argument(
            "--verify", action="store_true", help="check all files against their hashes instead"
        )
        parser.add_argument(
            "--close", type=int, metavar="N", help="take away the file of release N instead"
        )
        parser.add_argument("--reason", default="", help="why it is closed; readers see it")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verify"]:
            self._verify()
        elif options["close"] is not None:
            self._close(options["close"], options["reason"])
        else:
            self._make(options["note"])

    def _make(self, note: str) -> None:
        try:
            made = releases.make(whole, timezone.now().replace(microsecond=0), note=note)
        except releases.ReleaseRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"Made release {made.number}: {made.events:,} events, {made.size:,} bytes, "
            f"SHA-256 {made.sha256}. It is {releases.folder() / made.file}; back it up."
        )

    def _close(self, number: int, reason: str) -> None:
        try:
            closed = releases.close(number, reason, timezone.now().replace(microsecond=0))
        except releases.ReleaseRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"Release {number} is closed: {closed.closed_reason} Its file is gone from this "
            "server; take it out of the backups too."
        )

    def _verify(self) -> None:
        wrong = list(releases.verify())
        if wrong:
            raise CommandError("\n".join(wrong))
        self.stdout.write("Every release is what it was.")
