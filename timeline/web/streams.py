"""Downloads: small ones like any page, large ones as a stream that leaves room for readers.

A stream holds a thread of the server for as long as its reader takes, so at most half of a
process's threads may be at it; who comes then is asked to come again.
"""

import os
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext

from timeline.web import errors

SMALL = 1_000_000
"""Bytes up to which a download is no stream."""
AT_ONCE = 2
"""Streams of a process at a time: half of its threads (see ``manage.py serve``)."""

_BLOCK = 64 * 1024
_slots = threading.BoundedSemaphore(AT_ONCE)


class _Held:
    """The chunks of a stream, which hold a slot, and a file if there is one, until they are
    closed, read or not."""

    def __init__(self, chunks: Iterator[bytes], file: BinaryIO | None = None) -> None:
        self._chunks = chunks
        self._file = file
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def close(self) -> None:
        if self._open:
            self._open = False
            _slots.release()
        if isinstance(self._chunks, Generator):
            self._chunks.close()  # and with it the file that it reads
        if self._file is not None:
            self._file.close()


def download(
    name: str, content_type: str, chunks: Iterator[str], *, inline: bool = False
) -> HttpResponse:
    """Answer with a file of this name; 503 with Retry-After when too many are under way.

    An ``inline`` one is shown, or taken by whoever subscribed to it, and not saved.
    """
    start: list[bytes] = []
    size = 0
    response: HttpResponse | StreamingHttpResponse
    blocks = _blocks(chunks)
    for block in blocks:
        start.append(block)
        size += len(block)
        if size > SMALL:
            if not _slots.acquire(blocking=False):
                return _busy()
            whole = _Held(chain(start, blocks))
            response = StreamingHttpResponse(whole, content_type=content_type)
            break
    else:
        response = HttpResponse(b"".join(start), content_type=content_type)
    return _described(response, name, inline=inline)


def stored(name: str, content_type: str, file: Path) -> HttpResponse:
    """Answer with a file that is there, in blocks; 503 as for any other download."""
    response: HttpResponse | StreamingHttpResponse
    if file.stat().st_size <= SMALL:
        response = HttpResponse(file.read_bytes(), content_type=content_type)
    elif not _slots.acquire(blocking=False):
        return _busy()
    else:
        response = StreamingHttpResponse(_Held(_read(file)), content_type=content_type)
    return _described(response, name, inline=False)


def built(name: str, content_type: str, build: Callable[[BinaryIO], object]) -> HttpResponse:
    """Answer with a file that ``build`` writes first, on disk and without a name there, so that
    it is gone when it was sent, when its reader went away and when the process was killed; 503 as
    for any other download."""
    if not _slots.acquire(blocking=False):
        return _busy()
    response: HttpResponse | StreamingHttpResponse
    with ExitStack() as undone:
        undone.callback(_slots.release)
        file = cast("BinaryIO", undone.enter_context(TemporaryFile(prefix="dateline-")))
        build(file)
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        if size <= SMALL:
            response = HttpResponse(file.read(), content_type=content_type)
        else:
            held = _Held(_of(file), file)
            response = StreamingHttpResponse(held, content_type=content_type)
            undone.pop_all()  # left to the stream
        response.headers["Content-Length"] = str(size)
    return _described(response, name, inline=False)


def _read(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        yield from _of(opened)


def _of(opened: BinaryIO) -> Iterator[bytes]:
    while block := opened.read(_BLOCK):
        yield block


def announced(name: str, content_type: str, *, inline: bool = False) -> HttpResponse:
    """What HEAD is told of such a file, which nobody makes for it."""
    nothing: Iterator[bytes] = iter(())
    # Of a stream nobody says that its length is nought.
    response = StreamingHttpResponse(nothing, content_type=content_type)
    return _described(response, name, inline=inline)


def _described(
    response: HttpResponse | StreamingHttpResponse, name: str, *, inline: bool
) -> HttpResponse:
    how = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    response.headers["Cache-Control"] = "no-cache"
    return response  # type: ignore[return-value]  # as all of its users ask it nothing else


def _blocks(chunks: Iterator[str]) -> Iterator[bytes]:
    """The chunks in blocks that are worth sending."""
    waiting: list[str] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= _BLOCK:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    if waiting:
        yield "".join(waiting).encode()


def _busy() -> HttpResponse:
    return errors.message(
        gettext("Too many large downloads at once"),
        gettext("Others are being sent just now. Ask again in a minute."),
        status=503,
        retry=True,
    )
