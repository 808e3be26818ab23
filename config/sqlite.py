"""Which SQLite library is used, and how a connection to it is set up.

SQLite before 3.51.3 can lose commits or damage the file when several connections write or
checkpoint at the same moment in WAL mode (https://www.sqlite.org/wal.html, "The WAL-reset bug").
This module must not import Django: it runs before it. The warning that goes with it is in
checks.py.
"""

import sqlite3
import sys
from typing import Any

WAL_SAFE_SINCE = (3, 51, 3)
SCHEMA_NEEDS_NO_TRUST_SINCE = (3, 44)
"""Older libraries hold their own JSON functions and FTS5 for unsafe in constraints and triggers,
so that with trusted_schema off no table with JSON can be made and no event saved."""
TIMEOUT_SECONDS = 20
MAPPED = 0x7FFF0000
"""Bytes of the file that are mapped at most: as many as SQLite allows."""


def use_newest() -> None:
    """Let `import sqlite3` mean the bundled pysqlite3 where the system's library is too old."""
    if wal_is_safe(sqlite3.sqlite_version_info):
        return
    try:
        import pysqlite3
    except ModuleNotFoundError:
        return  # no wheel for this platform: connections fall back to the rollback journal
    if pysqlite3.sqlite_version_info > sqlite3.sqlite_version_info:
        sys.modules["sqlite3"] = pysqlite3
        sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def library_version() -> tuple[int, int, int]:
    """The version of the SQLite library that connections will use."""
    import sqlite3 as chosen  # the name may have been given to pysqlite3 meanwhile

    major, minor, patch = chosen.sqlite_version_info
    return major, minor, patch


def wal_is_safe(version: tuple[int, ...]) -> bool:
    return version >= WAL_SAFE_SINCE


def connection_options() -> dict[str, Any]:
    """Django's OPTIONS for a SQLite database; Django itself switches foreign keys on.

    IMMEDIATE: a transaction waits for the write lock at its start instead of failing half-way.
    FULL: what was acknowledged is on disk. The file is mapped into memory for reading, which saves
    a copy of each page; whoever cuts the file short under a running site ends its programs.
    """
    journal = "WAL" if wal_is_safe(library_version()) else "DELETE"
    trust = "OFF" if library_version() >= SCHEMA_NEEDS_NO_TRUST_SINCE else "ON"
    pragmas = (
        f"PRAGMA journal_mode={journal}",
        "PRAGMA synchronous=FULL",
        "PRAGMA journal_size_limit=67108864",
        f"PRAGMA trusted_schema={trust}",
        "PRAGMA cache_size=-20000",
        f"PRAGMA mmap_size={MAPPED}",
    )
    return {
        "timeout": TIMEOUT_SECONDS,
        "transaction_mode": "IMMEDIATE",
        "init_command": ";".join(pragmas),
    }
