"""The change log's one writer.

On PostgreSQL the rows are written under one advisory lock of the transaction, so that their
order is the order in which the changes became visible; SQLite has one writer anyway. Who acts is
said once, by ``acting``, around all that a person's request does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, models

from timeline.editing import bulk
from timeline.models import Change
from timeline.models.choices import ChangeKind

_LOCK = 0x64617465
"""Key of the advisory lock; any constant that nobody else uses ("date" in ASCII)."""

_who: ContextVar[int | None] = ContextVar("who", default=None)
_what: ContextVar[str] = ContextVar("what", default="")


@contextmanager
def acting(who: int | None) -> Iterator[None]:
    """What is changed inside is changed by the person with this key."""
    token, told = _who.set(who), _what.set("")
    try:
        yield
    finally:
        _what.reset(told)
        _who.reset(token)


def say(what: str) -> None:
    """Let the changes from here on carry what was done, such as the fields of a form."""
    _what.set(what)


def begin() -> None:
    """Become the one who writes until the transaction ends. First thing in every change.

    Whoever took a row before the log could wait for somebody who has the log and wants the row.
    Raises ``RuntimeError`` outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A change and its row in the log belong to one transaction.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def note(
    kind: ChangeKind, *things: models.Model, by: int | None = None, what: str | None = None
) -> None:
    """Write that the things changed. Must run in the transaction of the change itself.

    ``by`` and ``what`` say more than ``acting`` and ``say`` did. Raises ``RuntimeError`` outside a
    transaction.
    """
    begin()
    who = by if by is not None else _who.get()
    told = _what.get() if what is None else what
    bulk.insert(
        bulk.make(
            Change,
            kind=kind,
            model=type(thing)._meta.model_name or "",
            object_id=thing.pk,
            by_id=who,
            name=str(thing)[:200],
            what=told[:300],
        )
        for thing in things
    )
