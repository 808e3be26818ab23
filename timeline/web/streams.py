"""Downloads: small ones like any page, large ones as a stream that leaves room for readers.

A stream holds a thread of the server for as long as its reader takes, so at most half of a
process's threads may be at it; who comes then is asked to come again.
"""

import threading
from collections.abc import Iterator
from itertools import chain

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext

from timeline.web import errors

SMALL = 1_000_000
"""Bytes up to which a download is no stream."""
AT_ONCE = 2
"""Streams of a process at a time: half of its threads (see ``manage.py serve``)."""

_slots = threading.BoundedSemaphore(AT_ONCE)


class _Held:
    """The chunks of a stream, which hold a slot until they are closed, read or not."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def close(self) -> None:
        if self._open:
            self._open = False
            _slots.release()


def download(name: str, content_type: str, chunks: Iterator[str]) -> HttpResponse:
    """Answer with a file of this name; 503 with Retry-After when too many are under way."""
    start: list[bytes] = []
    size = 0
    response: HttpResponse | StreamingHttpResponse
    for chunk in chunks:
        start.append(chunk.encode())
        size += len(start[-1])
        if size > SMALL:
            if not _slots.acquire(blocking=False):
                return _busy()
            rest = (each.encode() for each in chunks)
            response = StreamingHttpResponse(_Held(chain(start, rest)), content_type=content_type)
            break
    else:
        response = HttpResponse(b"".join(start), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-cache"
    return response  # type: ignore[return-value]  # as all of its users ask it nothing else


def _busy() -> HttpResponse:
    return errors.message(
        gettext("Too many large downloads at once"),
        gettext("Others are being sent just now. Ask again in a minute."),
        status=503,
        retry=True,
    )
