"""The one Django app. Holds its name and what it hangs on Django; the staff's desk is in
admin/apps.py."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils.translation import gettext, gettext_lazy

from timeline.text import Refusal


class TimelineConfig(AppConfig):
    name = "timeline"
    verbose_name = gettext_lazy("Chronology")

    def ready(self) -> None:
        import_module("config.checks")  # registers itself with Django
        Refusal.say = gettext
        post_migrate.connect(_keep_words, sender=self, dispatch_uid="timeline.words")
        post_migrate.connect(_begin_history, sender=self, dispatch_uid="timeline.history")


def _keep_words(*, using: str, **_sent: Any) -> None:
    from timeline.index import words  # it asks for models, which aren't there at first

    words.ensure(using)


def _begin_history(*, using: str, **_sent: Any) -> None:
    """Records from before there were versions get their first ones once all tables are there.

    Not in a migration: what is written is what today's code reads from today's tables.
    """
    from timeline.editing import versions
    from timeline.models import Version

    if using == "default" and Version._meta.db_table in connection.introspection.table_names():
        versions.begin_history()
