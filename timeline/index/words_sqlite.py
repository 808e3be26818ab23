"""Words in SQLite: an FTS5 table beside each table, without a second copy of the text.

External content: FTS5 keeps postings only and reads no text, except to rebuild and to check. The
triggers hand it the old tokens to take out, which every version of FTS5 understands (contentless
tables that delete by key need 3.43). The tokenizer is ``ascii``: ASCII letters and digits and
everything beyond ASCII make tokens, which is just what :mod:`timeline.text` writes between
spaces; ``unicode61`` would cut by Unicode tables of its own, which change with the version. The
bar between two texts is a token too, so that no phrase runs across it.
"""

from collections.abc import Iterator

from django.db import DatabaseError, OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from timeline import text

# {table} is the name of a model's table, never anything from outside.
_INDEX = (
    "CREATE VIRTUAL TABLE {table}_words USING fts5(search_tokens, content='{table}', "
    "content_rowid='id', columnsize=0, detail=full, tokenize=\"ascii tokenchars '|'\")"
)
_OUT = (
    "INSERT INTO {table}_words ({table}_words, rowid, search_tokens) "
    "VALUES ('delete', old.id, old.search_tokens);"
)
_IN = "INSERT INTO {table}_words (rowid, search_tokens) VALUES (new.id, new.search_tokens);"
_TRIGGERS = {
    "insert": f"AFTER INSERT ON {{table}} BEGIN {_IN} END",
    # Django writes every column at each save; most saves change no word.
    "update": (
        "AFTER UPDATE OF id, search_tokens ON {table} "
        "WHEN old.id <> new.id OR old.search_tokens <> new.search_tokens "
        f"BEGIN {_OUT} {_IN} END"
    ),
    "delete": f"AFTER DELETE ON {{table}} BEGIN {_OUT} END",
}


def match(table: str, column: str, term: text.Term) -> tuple[str, list[str]]:
    """Ask FTS5 for the term as one quoted string, in which nothing is an operator."""
    quoted = '"' + " ".join(term.tokens).replace('"', '""') + '"'
    found = f"{table}_words WHERE {table}_words MATCH %s"
    statement = f"SELECT group_concat(rowid) FROM {found}"  # noqa: S608
    if column != "id":
        statement = (
            f"SELECT group_concat({column}) FROM {table} WHERE id IN (SELECT rowid FROM {found})"  # noqa: S608
        )
    return statement, [f"{quoted} *" if term.prefix else quoted]


def scan(table: str, column: str, term: text.Term) -> tuple[str, list[str]]:
    """Look into every row."""
    return (
        f"SELECT group_concat({column}) FROM {table} WHERE instr(search_tokens, %s) > 0",  # noqa: S608
        [term.pattern],
    )


def exists(at: BaseDatabaseWrapper, table: str) -> bool:
    return f"{table}_words" in _made(at, table)


def is_complete(at: BaseDatabaseWrapper, table: str) -> bool:
    """Whether index and triggers are there and as this release writes them."""
    return _made(at, table) == dict(_definitions(table))


def install(at: BaseDatabaseWrapper, table: str) -> None:
    with at.cursor() as cursor:
        for _name, definition in _definitions(table):
            cursor.execute(definition)
        cursor.execute(f"INSERT INTO {table}_words ({table}_words) VALUES ('rebuild')")  # noqa: S608


def remove(at: BaseDatabaseWrapper, table: str) -> None:
    with at.cursor() as cursor:
        for kind in _TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_words_{kind}")
        cursor.execute(f"DROP TABLE IF EXISTS {table}_words")


def agrees(at: BaseDatabaseWrapper, table: str) -> bool:
    """Whether FTS5 finds its postings sound and equal to the rows; holds the write lock."""
    check = f"INSERT INTO {table}_words ({table}_words, rank) VALUES ('integrity-check', 1)"  # noqa: S608
    try:
        with transaction.atomic(using=at.alias), at.cursor() as cursor:
            cursor.execute(check)
    except OperationalError:
        raise  # the check couldn't run, which says nothing about the words
    except DatabaseError:
        return False  # FTS5 answers "malformed", for damage and for disagreement alike
    return True


def _definitions(table: str) -> Iterator[tuple[str, str]]:
    yield f"{table}_words", _INDEX.format(table=table)
    for kind, body in _TRIGGERS.items():
        name = f"{table}_words_{kind}"
        yield name, f"CREATE TRIGGER {name} {body}".format(table=table)


def _made(at: BaseDatabaseWrapper, table: str) -> dict[str, str]:
    """The definitions that the database holds, by name."""
    names = [name for name, _definition in _definitions(table)]
    marks = ", ".join(["%s"] * len(names))
    with at.cursor() as cursor:
        cursor.execute(f"SELECT name, sql FROM sqlite_master WHERE name IN ({marks})", names)  # noqa: S608
        return dict(cursor.fetchall())
