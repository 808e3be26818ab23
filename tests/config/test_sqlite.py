"""How connections to SQLite are set up, and what happens where its library is too old."""

import platform
import sys

import pytest
from django.conf import settings
from django.db import connection

from config import checks, sqlite

here = sys.platform == "linux" and platform.machine() == "x86_64"


@pytest.mark.sqlite
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal" if here else None),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 20_000),
        ("trusted_schema", 0 if here else None),
    ],
)
def test_a_connection_is_set_up(pragma, value):
    with connection.cursor() as cursor:
        found = cursor.execute(f"PRAGMA {pragma}").fetchone()[0]
    # Elsewhere journal and trust depend on the library that is there.
    assert found == value if value is not None else found in {"wal", "delete", 0, 1}


@pytest.mark.sqlite
def test_transactions_take_the_write_lock_at_their_start():
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert connection.settings_dict["ATOMIC_REQUESTS"] is False


@pytest.mark.sqlite
@pytest.mark.skipif(not here, reason="a safe library is promised where its wheel exists")
@pytest.mark.django_db
def test_the_library_in_use_is_safe():
    with connection.cursor() as cursor:
        version = cursor.execute("SELECT sqlite_version()").fetchone()[0]
    assert tuple(int(part) for part in version.split(".")) >= (3, 51, 3)


@pytest.mark.parametrize(
    ("version", "journal"),
    [((3, 40, 1), "DELETE"), ((3, 51, 2), "DELETE"), ((3, 51, 3), "WAL"), ((4, 0, 0), "WAL")],
)
def test_an_old_library_gets_the_rollback_journal(monkeypatch, version, journal):
    monkeypatch.setattr(sqlite, "library_version", lambda: version)
    assert f"journal_mode={journal};" in sqlite.connection_options()["init_command"]


@pytest.mark.parametrize(
    ("version", "trust"), [((3, 40, 1), "ON"), ((3, 43, 2), "ON"), ((3, 44, 0), "OFF")]
)
def test_an_old_library_gets_a_schema_that_it_can_use(monkeypatch, version, trust):
    monkeypatch.setattr(sqlite, "library_version", lambda: version)
    assert f"trusted_schema={trust};" in sqlite.connection_options()["init_command"]


def test_an_old_library_is_reported_with_the_remedy(monkeypatch):
    monkeypatch.setattr(sqlite, "library_version", lambda: (3, 40, 1))
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    (warning,) = checks.check_sqlite_version(None)
    assert warning.id == "dateline.W001"
    assert "SQLite 3.40.1" in warning.msg
    assert "3.51.3 or newer" in warning.hint
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    assert checks.check_sqlite_version(None) == []
