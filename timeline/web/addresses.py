"""Addresses of pages by their names, each worked out once: a list writes hundreds of them."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=50_000)
def address(name: str, **parts: object) -> str:
    """The path of a named address: address("event", public_id=..., slug=...)."""
    return reverse(name, kwargs=parts or None)
