"""Words in PostgreSQL: a table of text vectors beside each table, one row a row.

A table of its own and triggers that name no column: PostgreSQL alters no type of a column that a
generated column or a trigger reads.
The vector holds our tokens as literal lexemes at their places, never what ``to_tsvector`` would
make of them; the bar between two texts is one of them, so that no phrase runs across it. A text
that a vector can't hold exactly has none (NULL) and is looked through as it stands, so that no
limit of vectors changes an answer.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from timeline import text

# {table} is the name of a model's table, never anything from outside. Limits of tsvector, see
# https://www.postgresql.org/docs/15/textsearch-limitations.html: lexemes under 2 kB, positions
# up to 16,383 (later ones are all taken for it), 256 positions a lexeme (later ones are dropped),
# 1 MB in all, of which positions take at most a tenth.
_VECTOR = r"""
CREATE OR REPLACE FUNCTION {table}_words_of(search_tokens text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN octet_length(search_tokens) > 900000 OR max(octet_length(word)) > 2046
      OR max(last) > 16382 OR max(cardinality(places)) > 255 THEN NULL
    ELSE coalesce(string_agg(
      '''' || replace(replace(word, '\', '\\'), '''', '''''') || ''':'
        || array_to_string(places, ','), ' '), '')::tsvector
  END
  FROM (
    SELECT word, array_agg(place) AS places, max(place) AS last
    FROM unnest(string_to_array(btrim(search_tokens), ' ')) WITH ORDINALITY AS t (word, place)
    WHERE word <> ''
    GROUP BY word
  ) AS found
$$
"""
_KEEP = """
CREATE OR REPLACE FUNCTION {table}_words_keep() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO {table}_words (id, words)
      SELECT id, {table}_words_of(search_tokens) FROM fresh
      ON CONFLICT (id) DO UPDATE SET words = excluded.words;
  ELSIF TG_OP = 'UPDATE' THEN
    DELETE FROM {table}_words WHERE id IN (SELECT id FROM gone EXCEPT SELECT id FROM fresh);
    INSERT INTO {table}_words (id, words)
      SELECT id, {table}_words_of(fresh.search_tokens) FROM fresh LEFT JOIN gone USING (id)
      WHERE fresh.search_tokens IS DISTINCT FROM gone.search_tokens
      ON CONFLICT (id) DO UPDATE SET words = excluded.words;
  ELSIF TG_OP = 'DELETE' THEN
    DELETE FROM {table}_words WHERE id IN (SELECT id FROM gone);
  ELSE
    TRUNCATE {table}_words;
  END IF;
  RETURN NULL;
END
$$
"""
# Per statement: a bulk change is one statement here as well.
_TRIGGERS = {
    "insert": "AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh",
    "update": "AFTER UPDATE ON {table} REFERENCING OLD TABLE AS gone NEW TABLE AS fresh",
    "delete": "AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone",
    "truncate": "AFTER TRUNCATE ON {table}",
}
# Triggers before rows: making them locks writers out until all is done.
_STEPS = (
    "CREATE TABLE {table}_words (id bigint PRIMARY KEY, words tsvector)",
    _VECTOR,
    _KEEP,
    *(
        f"CREATE TRIGGER {{table}}_words_{kind} {when} "
        "FOR EACH STATEMENT EXECUTE FUNCTION {table}_words_keep()"
        for kind, when in _TRIGGERS.items()
    ),
    "INSERT INTO {table}_words (id, words) SELECT id, {table}_words_of(search_tokens) FROM {table}",
    # No list of pending entries, which each search would have to read through.
    "CREATE INDEX {table}_words_found ON {table}_words USING gin (words) WITH (fastupdate = off)",
    "CREATE INDEX {table}_words_beyond ON {table}_words (id) WHERE words IS NULL",
)
_DEFINITION = hashlib.sha256("\n".join(_STEPS).encode()).hexdigest()


def match(table: str, column: str, term: text.Term) -> tuple[str, list[str]]:
    """Ask for the term as quoted lexemes in a row, and look through the texts without a vector."""
    lexemes = ["'" + token.replace("\\", "\\\\").replace("'", "''") + "'" for token in term.tokens]
    query = " <-> ".join(lexemes) + (":*" if term.prefix else "")
    rows = "" if column == "id" else f"JOIN {table} USING (id)"
    statement = f"""
        SELECT string_agg({column}::text, ',') FROM (
            SELECT id FROM {table}_words WHERE words @@ %s::tsquery
            UNION ALL
            SELECT id FROM {table}_words JOIN {table} USING (id)
            WHERE words IS NULL AND strpos(search_tokens, %s) > 0
        ) AS found {rows}
    """  # noqa: S608
    return statement, [query, term.pattern]


def scan(table: str, column: str, term: text.Term) -> tuple[str, list[str]]:
    """Look into every row."""
    found = f"{table} WHERE strpos(search_tokens, %s) > 0"
    return (f"SELECT string_agg({column}::text, ',') FROM {found}", [term.pattern])  # noqa: S608


def exists(at: BaseDatabaseWrapper, table: str) -> bool:
    return bool(_count(at, "SELECT count(to_regclass(%s))", [f"{table}_words"]))


def is_complete(at: BaseDatabaseWrapper, table: str) -> bool:
    """Whether the triggers are there, at work, and all as this release writes it."""
    written = _count(
        at,
        "SELECT count(*) FROM pg_description WHERE objoid = to_regclass(%s) "
        "AND classoid = 'pg_class'::regclass AND objsubid = 0 AND description = %s",
        [f"{table}_words", _DEFINITION],
    )
    triggers = _count(
        at,
        "SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass(%s) "
        "AND tgenabled <> 'D' AND tgname = ANY(%s)",
        [table, [f"{table}_words_{kind}" for kind in _TRIGGERS]],
    )
    return written == 1 and triggers == len(_TRIGGERS)


def install(at: BaseDatabaseWrapper, table: str) -> None:
    with at.cursor() as cursor:
        for step in _STEPS:
            cursor.execute(step.replace("{table}", table))
        cursor.execute(f"COMMENT ON TABLE {table}_words IS '{_DEFINITION}'")


def remove(at: BaseDatabaseWrapper, table: str) -> None:
    with at.cursor() as cursor:
        for kind in _TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_words_{kind} ON {table}")
        cursor.execute(f"DROP TABLE IF EXISTS {table}_words")
        cursor.execute(f"DROP FUNCTION IF EXISTS {table}_words_keep()")
        cursor.execute(f"DROP FUNCTION IF EXISTS {table}_words_of(text)")


def agrees(at: BaseDatabaseWrapper, table: str) -> bool:
    """Whether each row has exactly its vector, and each vector its row."""
    wrong = f"""
        SELECT count(*) FROM {table} FULL JOIN {table}_words USING (id)
        WHERE {table}.id IS NULL OR {table}_words.id IS NULL
        OR words IS DISTINCT FROM {table}_words_of(search_tokens)
    """  # noqa: S608
    return _count(at, wrong, []) == 0


def _count(at: BaseDatabaseWrapper, statement: str, parameters: Sequence[Any]) -> int:
    with at.cursor() as cursor:
        cursor.execute(statement, parameters)
        (number,) = cursor.fetchone()
    return int(number)
