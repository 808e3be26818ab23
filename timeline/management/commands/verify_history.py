"""`manage.py verify_history`: whether every version is what was published; exits 1 if one isn't."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from timeline.editing import history
from timeline.models import Version


class Command(BaseCommand):
    help = "Check the chain of versions, and public events against their newest version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="name every row that is wrong, not only the first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = history.verify(everything=options["all"])
        if verdict.wrong:
            raise CommandError("The history was tampered with.\n" + "\n".join(verdict.wrong))
        versions = "1 version" if verdict.verified == 1 else f"{verdict.verified:,} versions"
        self.stdout.write(f"Verified {versions}, of which {verdict.redacted:,} are redacted.")
        last = Version.objects.order_by("-pk").values_list("sha256", flat=True).first()
        if last is not None:
            self.stdout.write(f"The chain ends with {last}; keep that somewhere else.")
