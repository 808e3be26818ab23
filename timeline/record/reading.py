"""A record read back from its canonical JSON: what a version holds becomes what pages show.

The inverse of :func:`timeline.record.canonical_json` for the records of this package. A field that
a later release adds must have a default, so that versions written before it can still be read.
"""

import datetime as dt
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Read = TypeVar("Read")


def read(kind: type[Read], value: Mapping[str, Any]) -> Read:
    """Return the ``kind`` of record that ``value``, an object of canonical JSON, describes.

    Names that the record doesn't have are left out. Raises ``KeyError`` for a field that is
    missing and has no default, ``ValueError`` for a text that isn't of its type.
    """
    hints = _hints(kind)  # type: ignore[arg-type]  # a class can be hashed
    found = {}
    for field in fields(kind):  # type: ignore[arg-type]  # a dataclass, as is said above
        if field.name in value:
            found[field.name] = _value(hints[field.name], value[field.name])
    missing = [
        field.name
        for field in fields(kind)  # type: ignore[arg-type]
        if field.name not in found and field.default is field.default_factory
    ]
    if missing:
        raise KeyError(missing[0])
    return kind(**found)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        (hint,) = (each for each in get_args(hint) if each is not type(None))
        return _value(hint, value)
    if origin is tuple:
        inner = get_args(hint)[0]
        return tuple(_value(inner, each) for each in value)
    if is_dataclass(hint):
        return read(hint, value)  # type: ignore[arg-type]
    if hint is Decimal:
        return Decimal(value)
    if hint is dt.datetime:
        return dt.datetime.fromisoformat(value)
    if hint in (dt.date, dt.time):
        return hint.fromisoformat(value)
    return value
