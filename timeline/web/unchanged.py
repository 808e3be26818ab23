"""What pages work out once as long as the record stays as it is.

For what follows from the record, the language and a few arguments and stands on many pages, such
as the marks of categories. Whatever changes the record drops it; where the state of the record
isn't known, nothing is kept.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from django.conf import settings
from django.utils.translation import get_language

from timeline.index import live

MOST = 500
"""Results of one function that are kept at most."""

P = ParamSpec("P")
Made = TypeVar("Made")


def while_unchanged(make: Callable[P, Made]) -> Callable[P, Made]:
    """A function that remembers what it gave since the last change; not to be changed by who
    gets it."""
    of: list[str] = [""]
    held: dict[object, object] = {}

    @wraps(make)
    def made(*about: P.args, **named: P.kwargs) -> Made:
        state = None if settings.DEBUG else live.state()
        if state is None:
            return make(*about, **named)
        if state != of[0] or len(held) >= MOST:
            held.clear()
            of[0] = state
        key = (state, get_language(), about, tuple(named.items()))
        if key not in held:
            held[key] = make(*about, **named)
        return cast("Made", held[key])

    return made
