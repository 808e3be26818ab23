"""The database that migrations make: made once in a run of the tests, then copied.

Applying every migration takes seconds, and each process of a run needs a database of its own, as
do programs that a test starts beside it.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

_NAME = "migrated"


def of_this_run(name: str) -> Path:
    """A file that all processes of the run know."""
    return Path(os.environ["DATA_DIR"]) / name


def _file() -> Path:
    """On SQLite the copy itself, on PostgreSQL a sign that it is there."""
    return of_this_run(f"{_NAME}.sqlite3")


@contextmanager
def alone(file: Path) -> Iterator[bool]:
    """No other process of the run is in this block; whether it is the first, which makes the file
    for the others."""
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it is closed
        yield not file.exists()


@contextmanager
def made_once() -> Iterator[None]:
    """Django sets the test database up in this block: the first process by every migration, each
    other one from a copy of what came of it."""
    with alone(_file()) as first:
        test = connection.settings_dict["TEST"]
        if not first and connection.vendor == "sqlite":
            shutil.copy(_file(), test["NAME"])
        elif not first:
            test["TEMPLATE"] = _NAME
        yield
        if first:
            _keep()


def _keep() -> None:
    # SQLite then writes its log back into the file; PostgreSQL copies nothing that is open.
    connection.close()
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        shutil.copy(name, _file())
        return
    quoted = connection.ops.quote_name
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {quoted(_NAME)} TEMPLATE {quoted(name)}")
    _file().touch()


def new_site(folder: Path) -> None:
    """A database on SQLite for a program with this DATA_DIR, as `manage.py migrate` makes it.

    For tests on SQLite that may open a database.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(_file(), folder / "dateline.sqlite3")
