"""The one Django app, and what follows each migration; the staff's desk is in admin/apps.py."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TimelineConfig(AppConfig):
    name = "timeline"
    verbose_name = "Chronology"

    def ready(self) -> None:
        import_module("config.checks")  # registers itself with Django
        post_migrate.connect(_prepare_words, sender=self)


def _prepare_words(**_: Any) -> None:
    """A migration may have rebuilt a table, and the triggers went with the old one."""
    from timeline.index import words

    words.prepare()
