"""Answers that are kept: the bytes of public pages, as long as nothing changed.

A public page is the same for everybody and follows from its address, the release, the settings,
the language, the day and the state of the record; these make its ETag. So a reader who has the
page gets 304 without a page being made, and one who hasn't may get the bytes that were made for
somebody else, compressed once. Whatever changes the record changes the ETag: what was taken out
is gone at the next request. Kept bytes are at most ``ROOM`` a process. Who asks to the letter what
was asked before is answered by :mod:`timeline.web.again`, before Django is.
"""

import hashlib
import re
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import cast
from urllib.parse import parse_qsl

import deflate
from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from timeline.browse.filters import PARAMETERS
from timeline.index import live

ROOM = 32 * 1024 * 1024
"""Bytes that are kept at most."""

# A cache in front may answer by itself for a minute, and for a day while we are down.
CONTROL = "public, max-age=0, s-maxage=60, stale-while-revalidate=30, stale-if-error=86400"

_SHORTEST = 200
_LEVEL = 6
_PACKED = frozenset({"application/zip", "image/png"})
_TRIES = 3
_GZIP = re.compile(r"\bgzip\b")
_NO_GZIP = re.compile(r"\bgzip\s*;\s*q=0(\.0*)?\s*(,|$)")
_SHARING = ("theme", "height", "url", "format", "maxwidth", "maxheight")
_API = ("facets", "fields", "updated_since")
_DRAWN = ("mark", "area", "event", *(f"{side}.{name}" for side in "ab" for name in PARAMETERS))
_KNOWN = frozenset({*PARAMETERS, "page", "since", "before", "bom", *_DRAWN, *_SHARING, *_API})
_SETTINGS = (
    *("SITE_URL", "SITE_NAME", "SITE_HEADING", "SITE_DESCRIPTION", "CONTACT", "LICENCE"),
    *("TIMELINE_ORDER", "TIME_ZONE", "LANGUAGES"),
)


_MADE_OF = (
    *(("timeline", "*.py"), ("config", "*.py"), ("templates/pages", "*"), ("static", "*")),
    ("locale", "*.mo"),
)


class _Kept:
    """The pages that were asked for last, by their tags."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: OrderedDict[str, tuple[bytes, tuple[tuple[str, str], ...]]] = OrderedDict()
        self._size = 0

    def get(self, tag: str) -> HttpResponse | None:
        with self._lock:
            found = self._pages.get(tag)
            if found is None:
                return None
            self._pages.move_to_end(tag)
        return HttpResponse(found[0], headers=dict(found[1]))

    def body(self, tag: str) -> bytes | None:
        """The bytes of a page, if they are kept."""
        with self._lock:
            found = self._pages.get(tag)
            if found is not None:
                self._pages.move_to_end(tag)
        return found[0] if found else None

    def put(self, tag: str, response: HttpResponse) -> None:
        content = response.content
        with self._lock:
            if tag not in self._pages:
                self._size += len(content)
            self._pages[tag] = (content, tuple(response.items()))
            while self._size > ROOM:
                _tag, (oldest, _headers) = self._pages.popitem(last=False)
                self._size -= len(oldest)

    def forget(self) -> None:
        with self._lock:
            self._pages.clear()
            self._size = 0


kept = _Kept()


Moment = tuple[str, str]
"""What a page follows from beside its address: the state of the record, and the day."""

AT = "dateline.at"
"""Where a request carries the moment of an answer that may be given again as long as it lasts."""


def moment() -> Moment | None:
    """The moment that it is; None while no answer may be kept."""
    state = None if settings.DEBUG else live.state()
    return None if state is None else (state, timezone.localdate().isoformat())


def _has(request: HttpRequest, tag: str) -> bool:
    """Whether the reader says to have the page of this tag."""
    return tag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))


@cache
def release() -> str:
    """What this process makes pages with: its code, templates and settings, in a few letters."""
    digest = hashlib.blake2b(digest_size=8)
    base = Path(settings.BASE_DIR)
    for folder, pattern in _MADE_OF:
        for file in sorted((base / folder).rglob(pattern)):
            if file.is_file():
                digest.update(file.read_bytes())
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for name in _SETTINGS:
                digest.update(f"{name}={getattr(settings, name)}\0".encode())
    return digest.hexdigest()


def _tag(request: HttpRequest, now: Moment | None, *, small: bool) -> str:
    parts = (
        now,
        release(),
        translation.get_language(),
        request.path,
        understood(request.META.get("QUERY_STRING", "")),
        small,
    )
    # The text may hold halves of characters, as hostile addresses do.
    written = repr(parts).encode("utf-8", "backslashreplace")
    return f'"{hashlib.blake2b(written, digest_size=15).hexdigest()}"'


@lru_cache(maxsize=4096)
def understood(query: str) -> tuple[tuple[str, str], ...]:
    """What the site knows of a query: tracking marks, for one, make no other page."""
    return tuple(pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] in _KNOWN)


def answered(request: HttpRequest, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The kept page of a request, or the one that ``make`` gives."""
    now = moment()
    if now is None:
        return _plain(request, make())
    small = _takes_gzip(request)
    tag = _tag(request, now, small=small)
    if _has(request, tag):
        answer = HttpResponseNotModified()
        _describe(answer, tag)
        request.META[AT] = now
        return answer
    found = kept.get(tag)
    if found is not None:
        request.META[AT] = now
        return found
    for _try in range(_TRIES):
        with live.steady():
            response = make()
        if response.streaming:
            return _streamed(response, _tag(request, now, small=small), small=small)
        # A change that came while the page was made may be in one part of it and not in another.
        before, now = now, moment()
        if now == before:
            break
    if response.status_code != 200 or now is None or now != before:
        return _plain(request, response)
    if small:
        _compress(response)
    tag = _tag(request, now, small=small)
    _describe(response, tag)
    kept.put(tag, response)
    request.META[AT] = now
    return response


def _streamed(response: HttpResponse, tag: str, *, small: bool) -> HttpResponse:
    """An answer that is too large to be kept. Its tag is that of the state before it was begun,
    which nobody is told again once there is a later one."""
    if small:
        _compress(response)
    _describe(response, tag)
    return response


def _describe(response: HttpResponse, tag: str) -> None:
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = CONTROL
    patch_vary_headers(response, ["Accept-Encoding"])


def _plain(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An answer that isn't kept, compressed if it is worth it."""
    if _takes_gzip(request):
        _compress(response)
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _takes_gzip(request: HttpRequest) -> bool:
    return _offers_gzip(request.META.get("HTTP_ACCEPT_ENCODING", ""))


@lru_cache(maxsize=256)
def _offers_gzip(written: str) -> bool:
    offered = written.lower()
    return bool(_GZIP.search(offered)) and not _NO_GZIP.search(offered)


def _compress(response: HttpResponse) -> None:
    if response.headers.get("Content-Type") in _PACKED:
        return
    if response.streaming:
        stream = cast("StreamingHttpResponse", response)
        stream.streaming_content = _squeezed(iter(stream))
        response.headers["Content-Encoding"] = "gzip"
        return
    if len(response.content) < _SHORTEST or response.has_header("Content-Encoding"):
        return
    # By libdeflate, in less than half of zlib's time and a fiftieth smaller.
    response.content = bytes(deflate.gzip_compress(response.content, _LEVEL))
    response.headers["Content-Encoding"] = "gzip"
    if response.has_header("Content-Length"):
        response.headers["Content-Length"] = str(len(response.content))


def _squeezed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """A stream compressed as it goes."""
    squeezer = zlib.compressobj(level=_LEVEL, wbits=zlib.MAX_WBITS | 16)
    for chunk in chunks:
        if squeezed := squeezer.compress(chunk):
            yield squeezed
    yield squeezer.flush()
