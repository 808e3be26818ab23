"""Where the words are: the full text of events and of their sources' titles, in the database.

Both databases are fed the tokens of :mod:`timeline.text`, as ``search_tokens`` holds them, and
nothing else splits or folds text, so both find the same. SQLite keeps them in FTS5 tables over
the rows' own column, followed by triggers; PostgreSQL in a generated column of lexemes with
positions. Django knows of neither: :func:`prepare` makes them after each migration, and makes
again what a rebuilt table has lost.

Invariant: a row's words are those of its ``search_tokens``, on every path that writes it.
"""

from collections.abc import Iterable

import numpy as np
from django.db import DatabaseError, connection

from timeline import text
from timeline.index.arrays import Array

_TABLES = ("timeline_event", "timeline_source")
_LONGEST = 500
"""Letters of a token that PostgreSQL keeps; a lexeme has at most 2,046 bytes, and a search at
most 200 letters."""


def event_keys(term: text.Term) -> Array:
    """Keys of all events, public or not, whose own text holds the term."""
    return _keys("timeline_event", term)


def source_keys(term: text.Term) -> Array:
    """Keys of all sources whose title holds the term."""
    return _keys("timeline_source", term)


def _keys(table: str, term: text.Term) -> Array:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT array_agg(id) FROM {table} WHERE search_words @@ %s::tsquery",
                [_tsquery(term)],
            )
            (found,) = cursor.fetchone() or (None,)
            return np.array(found or (), np.int64)
        cursor.execute(
            f"SELECT group_concat(rowid) FROM {table}_words WHERE {table}_words MATCH %s",
            [_match(term)],
        )
        (listed,) = cursor.fetchone() or (None,)
    return np.fromstring(listed, np.int64, sep=",") if listed else np.empty(0, np.int64)


def _match(term: text.Term) -> str:
    """A phrase of FTS5; tokens are letters and digits, so nothing in them ends the quotation."""
    return f'"{" ".join(term.tokens)}"{" *" if term.prefix else ""}'


def _tsquery(term: text.Term) -> str:
    quoted = [f"'{token}'" for token in term.tokens]
    if term.prefix:
        quoted[-1] += ":*"
    return " <-> ".join(quoted)


# --- Making them ----------------------------------------------------------------------------


def prepare() -> None:
    """Make what is missing; words that were not followed are read from their rows again."""
    present = set(connection.introspection.table_names())
    for table in _TABLES:
        if table in present:
            if connection.vendor == "postgresql":
                _prepare_postgres(table)
            else:
                _prepare_sqlite(table)


def _triggers(table: str) -> dict[str, str]:
    put = f"INSERT INTO {table}_words(rowid, search_tokens) VALUES (new.id, new.search_tokens);"
    take = (
        f"INSERT INTO {table}_words({table}_words, rowid, search_tokens) "
        "VALUES ('delete', old.id, old.search_tokens);"
    )
    return {
        f"{table}_words_insert": f"AFTER INSERT ON {table} BEGIN {put} END",
        f"{table}_words_delete": f"AFTER DELETE ON {table} BEGIN {take} END",
        f"{table}_words_update": (
            f"AFTER UPDATE OF id, search_tokens ON {table} BEGIN {take} {put} END"
        ),
    }


def _prepare_sqlite(table: str) -> None:
    triggers = _triggers(table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE name IN (%s, %s, %s, %s)",
            [f"{table}_words", *triggers],
        )
        present = {name for (name,) in cursor.fetchall()}
        if len(present) == 1 + len(triggers):
            return
        # Only ASCII separates tokens in this tokeniser, so no version of Unicode but ours decides
        # what a word is; the bar between two texts is a token, which no phrase can cross.
        cursor.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {table}_words USING fts5("
            f"search_tokens, content='{table}', content_rowid='id', "
            "tokenize=\"ascii tokenchars '|'\")"
        )
        for name, body in triggers.items():
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {body}")
        cursor.execute(f"INSERT INTO {table}_words({table}_words) VALUES ('rebuild')")


def _prepare_postgres(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema() "
            "AND table_name = %s AND column_name = 'search_words'",
            [table],
        )
        if cursor.fetchone():
            return
        # Tokens are letters and digits, or the bar, which keeps phrases from crossing texts.
        cursor.execute(
            "CREATE OR REPLACE FUNCTION dateline_words(tokens text) RETURNS tsvector "
            "LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ "
            "SELECT COALESCE(string_agg('''' || left(token, "
            f"{_LONGEST}) || ''':' || place, ' '), '')::tsvector "
            "FROM regexp_split_to_table(trim(tokens), ' +') WITH ORDINALITY AS found(token, place) "
            "WHERE token <> '' $$"
        )
        cursor.execute(
            f"ALTER TABLE {table} ADD COLUMN search_words tsvector "
            "GENERATED ALWAYS AS (dateline_words(search_tokens)) STORED"
        )
        cursor.execute(f"CREATE INDEX {table}_words ON {table} USING gin (search_words)")


def trouble() -> str:
    """What is wrong with the words; empty when they are those of their rows."""
    return " ".join(_troubles())


def _troubles() -> Iterable[str]:
    for table in _TABLES if connection.vendor == "sqlite" else ():
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {table}_words({table}_words, rank) VALUES ('integrity-check', 1)"
                )
        except DatabaseError as error:
            yield f"The words of {table} are not those of its rows: {error}."
