"""Addresses of pages by their names. A list writes hundreds of them, most for the first time, so
their forms are learnt from Django once and then filled in."""

import re
from collections.abc import Callable
from functools import cache, lru_cache

from django.urls import get_script_prefix, reverse

from timeline.models.addresses import bare

_SAMPLES = {"public_id": "0SAMPLE0", "slug": "a-sample-of-a-slug"}
_OF_NO_LANGUAGE = frozenset({"oembed", "sitemap", "sitemap_part"})
_PLAIN = re.compile(r"[\w-]+", re.ASCII).fullmatch


def address(name: str, **parts: str) -> str:
    """The path of a named address: address("event", public_id=..., slug=...)."""
    here = get_script_prefix()
    return located(here, name, **parts) if parts else _fixed(here, name)


def located(here: str, name: str, **parts: str) -> str:
    """The same below the script prefix of the moment; finding that out takes as long as the rest,
    so who asks often does it once."""
    form = _form(here, name, tuple(parts))
    if form is None or not all(map(_PLAIN, parts.values())):
        return _reversed(here, name, **parts)
    return form(**parts)


@cache
def way(here: str, name: str, part: str) -> Callable[[str], str]:
    """The same for many things of a kind: what gives the path of each by its id or slug."""
    form = _form(here, name, (part,))
    before, behind = form(**{part: "\0"}).split("\0") if form is not None else ("", "")

    def path(value: str) -> str:
        if form is None or not _PLAIN(value):
            return _reversed(here, name, **{part: value})
        return f"{before}{value}{behind}"

    return path


def href(path: str, query: str) -> str:
    """The address of a page under a query, which may be empty."""
    return f"{path}?{query}" if query else path


def path_of(page: str, suffix: str) -> str:
    """The address of a page's events in a form."""
    if bare(page) == "/":
        page = f"{page}events"
    return f"{page.rstrip('/')}.{suffix}"


def below(folder: str, page: str) -> str:
    """The address of a page's counterpart below a folder of the site, such as ``/embed``."""
    return f"{get_script_prefix()[:-1]}{folder}{bare(page)}"


@cache
def _form(prefix: str, name: str, parts: tuple[str, ...]) -> Callable[..., str] | None:
    """How an address is written, in the language of a prefix, whose parts are of the kinds that
    records have."""
    if not _SAMPLES.keys() >= set(parts):
        return None
    path = _reversed(prefix, name, **{part: _SAMPLES[part] for part in parts})
    for part in parts:
        path = path.replace(_SAMPLES[part], f"{{{part}}}")
    return path.format


@cache
def _fixed(here: str, name: str) -> str:
    return located(here, name)


@lru_cache(maxsize=1000)
def _reversed(prefix: str, name: str, **parts: str) -> str:
    path = reverse(name, kwargs=parts or None)
    return bare(path) if name in _OF_NO_LANGUAGE else f"{prefix}{path[len(prefix) :]}"
