"""Python's search for rings of garbage, put off while an import is under way.

It begins anew whenever many objects were made, and looks at all of them each time: hundreds of
thousands of rows, which are held until the end anyway. What nobody holds goes without it.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Don't look for rings in here; one inside another changes nothing."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
