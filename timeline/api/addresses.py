"""Absolute addresses of the API and of the pages beside it, from ``SITE_URL`` alone."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse


def absolute(name: str, pairs: Iterable[tuple[str, str]] = (), **parts: str) -> str:
    """The full address of a named place of this site, under a query."""
    path = reverse(name, kwargs=parts or None)
    query = urlencode(list(pairs), safe="!,")
    return f"{settings.SITE_URL.rstrip('/')}{path}{'?' if query else ''}{query}"
