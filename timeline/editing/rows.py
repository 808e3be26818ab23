"""A row written again: the same values under a key of its own, for another owner."""

from copy import copy
from typing import Any, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


def fresh(row: Row, **changed: Any) -> Row:
    """A new row, not saved yet, with the values of this one but for what is ``changed``."""
    made = copy(row)
    made.pk, made._state.adding = None, True  # noqa: SLF001  (how Django copies a row)
    for name, value in changed.items():
        setattr(made, name, value)
    return made


def again(row: Row, **changed: Any) -> Row:
    """As ``fresh``, and saved."""
    made = fresh(row, **changed)
    made.save()
    return made
