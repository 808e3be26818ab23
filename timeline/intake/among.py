"""Rows of the record whose column holds one of very many values, in one query.

``IN`` with a place for each value is limited on both databases, and Django prepares every value by
itself; a file of 50,000 rows asks for hundreds of thousands. Here all of them go as one.
"""

import json
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.expressions import RawSQL

Found = TypeVar("Found", bound=models.Model)


def among(
    rows: "models.QuerySet[Found]", column: str, values: Iterable[Any]
) -> "models.QuerySet[Found]":
    """The rows whose ``column``, which may lead over relations, is one of these texts or keys."""
    wanted = list(values)
    if not wanted:
        return rows.none()
    if connection.vendor == "postgresql":
        kind = "bigint" if isinstance(wanted[0], int) else "text"
        held = RawSQL(f"SELECT unnest(%s::{kind}[])", [wanted])  # noqa: S611  (two words of ours)
    else:
        held = RawSQL("SELECT value FROM json_each(%s)", [json.dumps(wanted)])
    return rows.filter(**{f"{column}__in": held})
