"""Addresses without the language of the moment: what stands for a thing wherever it is read.

Where a site has several languages, ``reverse`` gives the address of a page in the one that is
spoken (see ``config.languages``). What goes out as data, is hashed or cited by programs has one
address for all, which is made here.
"""

from functools import cache
from typing import Any

from django.conf import settings
from django.urls import get_script_prefix, reverse


def bare(path: str) -> str:
    """A path as ``reverse`` gives it, without its language."""
    prefix = get_script_prefix()
    return path[len(prefix) - 1 :] if path.startswith(prefix) else path


def permanent(name: str, *args: Any, **kwargs: Any) -> str:
    """The path of a named address in no language."""
    if not args and not kwargs:
        return _fixed(get_script_prefix(), name)
    return bare(reverse(name, args=args or None, kwargs=kwargs or None))


@cache
def _fixed(_prefix: str, name: str) -> str:
    return bare(reverse(name))


def identifier(name: str, *args: Any, **kwargs: Any) -> str:
    """The same with the site's address before it."""
    return settings.SITE_URL.rstrip("/") + permanent(name, *args, **kwargs)
