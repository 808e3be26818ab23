"""Addresses of pages by their names. A list writes hundreds of them, most for the first time, so
their forms are learnt from Django once and then filled in."""

import re
from collections.abc import Callable
from functools import cache, lru_cache

from django.urls import reverse

_SAMPLES = {"public_id": "0SAMPLE0", "slug": "a-sample-of-a-slug"}
_PLAIN = re.compile(r"[\w-]+", re.ASCII).fullmatch


def address(name: str, **parts: str) -> str:
    """The path of a named address: address("event", public_id=..., slug=...)."""
    form = _form(name, tuple(parts))
    if form is None or not all(map(_PLAIN, parts.values())):
        return _reversed(name, **parts)
    return form(**parts)


def href(path: str, query: str) -> str:
    """The address of a page under a query, which may be empty."""
    return f"{path}?{query}" if query else path


def path_of(page: str, suffix: str) -> str:
    """The address of a page's events in a form."""
    return f"{page.rstrip('/') or '/events'}.{suffix}"


@cache
def _form(name: str, parts: tuple[str, ...]) -> Callable[..., str] | None:
    """How an address is written whose parts are of the kinds that records have."""
    if not _SAMPLES.keys() >= set(parts):
        return None
    path = reverse(name, kwargs={part: _SAMPLES[part] for part in parts} or None)
    for part in parts:
        path = path.replace(_SAMPLES[part], f"{{{part}}}")
    return path.format


@lru_cache(maxsize=1000)
def _reversed(name: str, **parts: str) -> str:
    return reverse(name, kwargs=parts or None)
