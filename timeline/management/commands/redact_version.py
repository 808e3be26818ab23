"""`manage.py redact_version`: empty a past version that must not be read, for good.

For whoever runs the site, as an order of a court or a name that endangers somebody; the hash, the
reason and the moment stay, and the chain still holds.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from timeline.editing import versions
from timeline.models import Version


class Command(BaseCommand):
    help = "Empty a past version of an event for good. Take a backup first; there is no undo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("event", help="the event's public id, such as 7K3Q9FZX")
        parser.add_argument("number", type=int, help="the number of the version")
        parser.add_argument("--reason", required=True, help="why; readers see it")

    def handle(self, *args: Any, event: str, number: int, reason: str, **options: Any) -> None:
        version = (
            Version.objects.filter(public_id=event.upper(), number=number)
            .select_related("event")
            .order_by("-pk")
            .first()
        )
        if version is None:
            raise CommandError(f"There is no version {number} of an event {event.upper()}.")
        if version.is_redacted:
            raise CommandError(f"Version {number} of {event.upper()} is redacted already.")
        try:
            versions.redact([version], reason=reason)
        except versions.RedactionRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Version {number} of {event.upper()} is redacted: {reason}")
