"""Absolute addresses of the API and of the pages beside it, from ``SITE_URL`` alone."""

from collections.abc import Iterable
from urllib.parse import urlencode

from timeline.models.addresses import identifier


def absolute(name: str, pairs: Iterable[tuple[str, str]] = (), /, **parts: str) -> str:
    """The full address of a named place of this site, under a query."""
    query = urlencode(list(pairs), safe="!,")
    return f"{identifier(name, **parts)}{'?' if query else ''}{query}"
