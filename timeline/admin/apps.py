"""Loads the staff's desk: the site in site.py and then every other module of this room."""

from importlib import import_module
from pkgutil import iter_modules

from django.contrib.admin.apps import AdminConfig

import timeline.admin


class DeskConfig(AdminConfig):
    default_site = "timeline.admin.site.DeskSite"

    def ready(self) -> None:
        super().ready()
        for module in iter_modules(timeline.admin.__path__, "timeline.admin."):
            import_module(module.name)
