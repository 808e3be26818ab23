"""The words of events, their translations and sources: which rows hold a term of a search.

A full-text index of the database beside each table, fed by triggers from ``search_tokens``, so
that every way of writing a row is seen. It holds the tokens of :mod:`timeline.text` as they are
and answers exactly as ``search_tokens LIKE '%pattern%'`` would. One module a database makes and
asks it: :mod:`words_sqlite`, :mod:`words_postgres`. Nothing here knows what is public.
"""

from collections.abc import Iterable
from typing import Protocol

import numpy as np
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from numpy.typing import NDArray

from timeline import text
from timeline.index import words_postgres, words_sqlite
from timeline.models import Event, EventTranslation, Source

LONGEST = 2046
"""Bytes of a pattern that the index is asked for; longer ones are looked for row by row.

The longest lexeme of PostgreSQL. FTS5 cuts tokens at 32,768 bytes.
"""

_MODELS: tuple[type[Model], ...] = (Event, Source, EventTranslation)


def event_keys(term: text.Term) -> NDArray[np.int64]:
    """Keys of all events, public or not, whose title or summary holds the term, in no order.

    ``term`` comes from :func:`timeline.text.query_tokens`; ``exclude`` is left to the caller.
    Costs one statement: on SQLite about 0.06 µs a hit, on PostgreSQL 0.4 to 0.8 µs; a phrase of
    two frequent words 0.5 and 2.4 µs.
    """
    return _keys(Event, term)


def source_keys(term: text.Term) -> NDArray[np.int64]:
    """Keys of all sources whose title holds the term, like :func:`event_keys`."""
    return _keys(Source, term)


def translated_keys(term: text.Term) -> NDArray[np.int64]:
    """Keys of all events with a title or summary in a further language that holds the term, like
    :func:`event_keys`; of an event with several, more than once."""
    return _keys(EventTranslation, term, "event_id")


def _keys(model: type[Model], term: text.Term, column: str = "id") -> NDArray[np.int64]:
    kept = _kept(connection)
    ask = kept.scan if len(term.pattern.encode()) > LONGEST else kept.match
    statement, parameters = ask(model._meta.db_table, column, term)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        (joined,) = cursor.fetchone()
    # One text of all keys: a row each costs four times as much, and with four threads six times,
    # because each row takes Python's lock anew.
    return np.fromstring(joined, dtype=np.int64, sep=",") if joined else np.empty(0, np.int64)


def ensure(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the words anew where they are kept but no longer by the triggers that they need.

    Runs after each migrate: Django changes a table of SQLite by copying it, and drops its
    triggers with the old one. Cheap when nothing is amiss. Before the migration that brings the
    words, and after it is reversed, there is nothing to do.
    """
    at = connections[using]
    for table in _tables():
        if _kept(at).exists(at, table) and not _kept(at).is_complete(at, table):
            _install(at, table)


def install(at: BaseDatabaseWrapper, tables: Iterable[str] = ()) -> None:
    """Make the words of all rows anew, or those of some tables, whatever is there; others can't
    write meanwhile. A table that a later migration will bring has none yet.

    About 18 s for 1,000,000 events on SQLite, 11 s for 200,000 on PostgreSQL.
    """
    there = at.introspection.table_names()
    for table in tables or _tables():
        if table in there:
            _install(at, table)


def _install(at: BaseDatabaseWrapper, table: str) -> None:
    with transaction.atomic(using=at.alias):
        _kept(at).remove(at, table)
        _kept(at).install(at, table)


def remove(at: BaseDatabaseWrapper, tables: Iterable[str] = ()) -> None:
    """Take the words of all tables away, or those of some."""
    there = at.introspection.table_names()
    for table in tables or _tables():
        if table in there:
            _kept(at).remove(at, table)


def trouble() -> str | None:
    """Say in a sentence whether words and rows disagree; None when every word is in its place.

    Reads everything: 3 to 5 s for 1,000,000 events on SQLite, where others can't write meanwhile;
    9 s for 200,000 on PostgreSQL.
    """
    kept = _kept(connection)
    for table in _tables():
        if not kept.exists(connection, table):
            return f"The words of {table} are not there; run: manage.py migrate"
        if not kept.is_complete(connection, table):
            return f"The words of {table} are no longer kept; run: manage.py migrate"
        if not kept.agrees(connection, table):
            return f"The words of {table} are not those of its rows; run: manage.py index --rebuild"
    return None


def _tables() -> list[str]:
    return [model._meta.db_table for model in _MODELS]


class _Kept(Protocol):
    """What the module of a database does; ``table`` is the one that holds the rows, ``column``
    that of it which is asked for."""

    def match(self, table: str, column: str, term: text.Term) -> tuple[str, list[str]]: ...
    def scan(self, table: str, column: str, term: text.Term) -> tuple[str, list[str]]: ...
    def exists(self, at: BaseDatabaseWrapper, table: str) -> bool: ...
    def is_complete(self, at: BaseDatabaseWrapper, table: str) -> bool: ...
    def install(self, at: BaseDatabaseWrapper, table: str) -> None: ...
    def remove(self, at: BaseDatabaseWrapper, table: str) -> None: ...
    def agrees(self, at: BaseDatabaseWrapper, table: str) -> bool: ...


def _kept(at: BaseDatabaseWrapper) -> _Kept:
    return words_sqlite if at.vendor == "sqlite" else words_postgres
