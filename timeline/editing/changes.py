"""The change log's one writer.

On PostgreSQL the rows are written under one advisory lock of the transaction, so that their
order is the order in which the changes became visible; SQLite has one writer anyway.
"""

from django.db import connection, models

from timeline.models import Change
from timeline.models.choices import ChangeKind

_LOCK = 0x64617465
"""Key of the advisory lock; any constant that nobody else uses ("date" in ASCII)."""


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


def note(kind: ChangeKind, *things: models.Model) -> None:
    """Write that the things changed. Must run in the transaction of the change itself.

    Raises ``RuntimeError`` outside a transaction.
    """
    begin()
    Change.objects.bulk_create(
        Change(kind=kind, model=type(thing)._meta.model_name or "", object_id=thing.pk)
        for thing in things
    )
