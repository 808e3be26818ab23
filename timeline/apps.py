"""The one Django app. Holds its name and what it hangs on Django; the staff's desk is in
admin/apps.py."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TimelineConfig(AppConfig):
    name = "timeline"
    verbose_name = "Chronology"

    def ready(self) -> None:
        import_module("config.checks")  # registers itself with Django
        post_migrate.connect(_keep_words, sender=self, dispatch_uid="timeline.words")


def _keep_words(*, using: str, **_sent: Any) -> None:
    from timeline.index import words  # it asks for models, which aren't there at first

    words.ensure(using)
