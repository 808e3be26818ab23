"""The one Django app. Holds its name and nothing else; the staff's desk is in admin/apps.py."""

from importlib import import_module

from django.apps import AppConfig


class TimelineConfig(AppConfig):
    name = "timeline"
    verbose_name = "Chronology"

    def ready(self) -> None:
        import_module("config.checks")  # registers itself with Django
