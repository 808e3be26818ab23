"""`manage.py backup FILE`: a checked copy of the database while the site runs.

Writes beside FILE first and gives it its name only when it is complete and sound. Never
overwrites.
"""

import os
import shutil
import sqlite3
import subprocess
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient


class Command(BaseCommand):
    help = "Copy the database into FILE; the site may keep running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if file.exists():
            raise CommandError(f"{file} exists already; choose another name.")
        if not file.parent.is_dir():
            raise CommandError(f"There is no folder {file.parent}; make it first.")
        draft = file.with_name(f"{file.name}.unfinished")
        try:
            # Readable by its owner only: it holds drafts and password hashes.
            os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError as error:
            raise CommandError(
                f"{draft} is there from another backup; delete it if none is running."
            ) from error
        except OSError as error:
            raise CommandError(f"Can't write {draft}: {error.strerror}.") from error
        try:
            if connection.vendor == "sqlite":
                copy_sqlite(draft)
                remedy = "see docs/running.md"
            else:
                dump_postgres(draft)
                remedy = "pg_restore --clean --if-exists --no-owner --dbname=NAME"
            _to_disk(draft)
            if file.exists():
                raise CommandError(f"{file} appeared meanwhile; choose another name.")
            draft.rename(file)
        finally:
            draft.unlink(missing_ok=True)
        size = file.stat().st_size
        self.stdout.write(f"Wrote {file} ({size:,} bytes, checked). To restore: {remedy}.")


def copy_sqlite(target: Path) -> None:
    """Copy with SQLite's online backup, then check the copy; raises CommandError."""
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        found = [row[0] for row in copy.execute("PRAGMA integrity_check")]
        orphans = copy.execute("PRAGMA foreign_key_check").fetchall()
    if found != ["ok"] or orphans:
        trouble = "; ".join(found[:3]) if found != ["ok"] else f"{len(orphans)} dangling references"
        raise CommandError(f"The copy is not sound ({trouble}), so it was not kept.")


def dump_postgres(target: Path) -> None:
    """Dump with PostgreSQL's own program; raises CommandError."""
    program = shutil.which("pg_dump")
    if program is None:
        raise CommandError(
            "pg_dump is not installed; install PostgreSQL's client programs "
            "(Debian: apt install postgresql-client) and try again."
        )
    arguments, variables = DatabaseClient.settings_to_cmd_args_env(
        connection.settings_dict, ["--format=custom", "--no-owner", f"--file={target}"]
    )
    done = subprocess.run(  # noqa: S603  (no shell; the arguments are the settings)
        [program, *arguments[1:]],
        env=os.environ | (variables or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(f"pg_dump failed: {done.stderr.strip()}")


def _to_disk(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
