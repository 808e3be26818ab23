"""Pages of the API's plain lists: a cursor says after which row the next ones begin."""

import base64
import binascii
import json
import re
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from timeline import browse
from timeline.browse import ParameterError

_LONGEST = 200
_HIGHEST = 2**62


def written(*key: str | int) -> str:
    """The cursor after a row with this key."""
    text = json.dumps(key, ensure_ascii=True, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(
    params: QueryDict, kinds: tuple[type, ...], errors: list[ParameterError]
) -> tuple[Any, ...] | None:
    """The key that a cursor holds, of these types; None where none is given or it is wrong."""
    cursor = params.get("cursor")
    if not cursor:
        return None
    try:
        return _key(cursor, kinds)
    except (binascii.Error, ValueError, TypeError, RecursionError):
        shown = browse.shown(cursor)
        said = _("“%(value)s” is not a place in this list. Go back to its first page.")
        errors.append(ParameterError("cursor", shown, said % {"value": shown}))
        return None


def _key(cursor: str, kinds: tuple[type, ...]) -> tuple[Any, ...]:
    if len(cursor) > _LONGEST or not re.fullmatch(r"[A-Za-z0-9_-]+", cursor, re.ASCII):
        raise ValueError(cursor)
    key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    if not isinstance(key, list) or [type(each) for each in key] != list(kinds):
        raise ValueError(cursor)
    if any(isinstance(each, int) and not 0 <= each < _HIGHEST for each in key):
        raise ValueError(cursor)
    if any(isinstance(each, str) and not re.fullmatch(r"[\w-]*", each, re.ASCII) for each in key):
        raise ValueError(cursor)
    # Only as it was written: one place has one cursor.
    if written(*key) != cursor:
        raise ValueError(cursor)
    return tuple(key)
