"""The language of an answer, which its address says and nothing else.

``/ko/...`` is the site in Korean. The prefix moves from the path into the script prefix, so views
find their own addresses and ``reverse`` keeps every link in the language; the default language has
no prefix. Neither ``Accept-Language`` nor a cookie is looked at: an address has the same bytes for
everybody. What programs ask for has one address only, without a language.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast
from urllib.parse import quote

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    StreamingHttpResponse,
)
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation
from django.utils.http import escape_leading_slashes

_OF_NO_LANGUAGE = re.compile(
    r"/(?:static/|api/v1/|oembed$|healthz$|robots\.txt$|sitemap(?:-[\w-]+)?\.xml$)", re.ASCII
)
_LOCALES = {"en": "en_GB", "ko": "ko_KR"}

# The path below the language and the query of the request that is being answered.
_asked: ContextVar[tuple[str, str]] = ContextVar("asked", default=("/", ""))

Respond = Callable[[HttpRequest], HttpResponseBase]


def split(path: str) -> tuple[str, str]:
    """The language that begins a path, empty for none, and the path below it, empty where the
    slash is missing."""
    code, slash, rest = path[1:].partition("/")
    if any(code == known for known, _name in settings.LANGUAGES):
        return code, f"{slash}{rest}"
    return "", path


def prefixed(path: str, language: str) -> str:
    """A path without a language in one."""
    if language == settings.LANGUAGE_CODE or _OF_NO_LANGUAGE.match(path):
        return path
    return f"/{language}{path}"


def locale_of(language: str) -> str:
    """A language and the country whose way of writing it is meant, as Open Graph names them."""
    return _LOCALES.get(language, language.replace("-", "_"))


def asked() -> tuple[str, str]:
    """The path, without a language, and the query that are being answered."""
    return _asked.get()


def switch(request: HttpRequest) -> dict[str, Any]:
    """For templates of the desk: the page that is being answered, in the other languages."""
    path, query = asked()
    now = translation.get_language()
    return {
        "tongues": [
            (code, name, f"{prefixed(quote(path), code)}{'?' if query else ''}{query}")
            for code, name in settings.LANGUAGES
            if code != now
        ]
        # A form that was sent would be lost.
        if request.method == "GET"
        else []
    }


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Words and addresses in a language, until the end of the block."""
    before = get_script_prefix()
    with translation.override(language):
        set_script_prefix("/" if language == settings.LANGUAGE_CODE else f"/{language}/")
        try:
            yield
        finally:
            set_script_prefix(before)


def languages(respond: Respond) -> Respond:
    def in_its_language(request: HttpRequest) -> HttpResponseBase:
        language, path = split(request.path_info)
        here = prefixed(path or "/", language) if language else path
        if here != request.path_info:
            return _moved(request, here)
        request.path_info = path
        _asked.set((path, request.META.get("QUERY_STRING", "")))
        with speaking(language or settings.LANGUAGE_CODE):
            response = respond(request)
        if language and response.streaming:
            stream = cast("StreamingHttpResponse", response)
            stream.streaming_content = _spoken(language, cast("Iterable[bytes]", iter(stream)))
        return response

    return in_its_language


def _moved(request: HttpRequest, path: str) -> HttpResponseBase:
    """To the one address of what has no language, has the default one, or lacks its slash."""
    query = request.META.get("QUERY_STRING", "")
    there = escape_leading_slashes(path)
    return HttpResponsePermanentRedirect(f"{there}?{query}" if query else there)


def _spoken(language: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """A stream whose parts are written in a language, though they are asked for later."""
    parts = iter(chunks)
    while True:
        with speaking(language):
            part = next(parts, None)
        if part is None:
            return
        yield part
