"""Memory that answers have freed, given back to the system.

The C library of most Linux systems keeps what large arrays leave behind between small sets that
stay: at a million events some forty megabytes a process. It gives them back when it is asked to.
Costs a few milliseconds; where the library is another, nothing is done.
"""

import ctypes
from functools import cache
from typing import Any


def give_back() -> None:
    """Let the system have every free page."""
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Any:
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
