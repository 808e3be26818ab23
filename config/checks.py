"""Django system checks about the set-up of this installation; `manage.py check` runs them."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, register
from django.core.checks import Warning as CheckWarning

from config import sqlite


@register()
def check_sqlite_version(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001  (Django's signature)
    **options: Any,  # noqa: ARG001
) -> list[CheckMessage]:
    """SQLite is used, and its library is too old for WAL."""
    version = sqlite.library_version()
    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return []
    if sqlite.wal_is_safe(version):
        return []
    return [CheckWarning(*old_sqlite(version), id="dateline.W001")]


def old_sqlite(version: tuple[int, ...]) -> tuple[str, str]:
    """What is the matter, and the remedy."""
    found = ".".join(str(part) for part in version)
    needed = ".".join(str(part) for part in sqlite.WAL_SAFE_SINCE)
    trouble = (
        f"SQLite {found} can lose data in WAL mode, so the rollback journal is used instead: "
        "readers wait while somebody saves."
    )
    return (
        trouble,
        f"Install a Python whose SQLite is {needed} or newer, or use PostgreSQL (DATABASE_URL).",
    )
