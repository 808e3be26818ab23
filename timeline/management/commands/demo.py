"""`manage.py demo`: everything that a first look needs, again and again without harm.

Migrates, loads the demo's content, makes an administrator if there is none, and serves. What the
content is stands in timeline/demo/.
"""

import secrets
from argparse import ArgumentParser
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Load the demo's content and serve it; --remove takes the content out again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--remove", action="store_true", help="take the demo's content out")
        parser.add_argument("--no-serve", action="store_true", help="don't start the server")

    def handle(self, *args: Any, remove: bool, no_serve: bool, **options: Any) -> None:  # noqa: ARG002
        call_command("migrate", interactive=False, verbosity=0)
        content = import_module("timeline.demo.load")
        if remove:
            self.stdout.write(content.remove())
            return
        self.stdout.write(content.load())
        made = make_administrator()
        if made:
            name, password = made
            self.stdout.write(f"\nAdministrator: {name}\nPassword:      {password}")
            self.stdout.write("It is shown only this once. Another: manage.py changepassword\n")
        if no_serve:
            return
        self.stdout.write(f"\nDateline is at {settings.SITE_URL}/ and its desk at /admin/.")
        self.stdout.write("Stop it with Ctrl+C.\n")
        call_command("serve")


def make_administrator() -> tuple[str, str] | None:
    """Make an administrator unless there is one; returns the name and the password."""
    users = get_user_model().objects
    if users.filter(is_superuser=True).exists():
        return None
    name = "admin"
    while users.filter(username=name).exists():
        name = f"admin-{secrets.token_hex(2)}"
    password = secrets.token_urlsafe(15)
    users.create_superuser(username=name, email="", password=password)
    return name, password
