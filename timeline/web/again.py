"""Answers that are given again before Django is asked.

A request that is to the letter one that was answered before gets the same answer, as long as the
moment lasts that it was made in (:func:`timeline.web.cached.moment`); so thousands who follow one
link, and whoever reloads a page, cost a look at the change log and no more. Only what ``answered``
marks is remembered, so nothing that depends on who asks: public pages, as they are kept, and that
a reader has them already. Whatever is not certain is left to Django.
"""

import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import DatabaseError

from timeline.web.cached import AT, Moment, kept, moment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse

    from config.whole import Application

MOST = 4096
"""Answers that are remembered at most: their headers, beside the kept bytes of their pages."""

# Everything of a request that an answer may follow from: what is not here, nothing looks at.
_ASKED = (
    *("wsgi.url_scheme", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "SCRIPT_NAME", "PATH_INFO"),
    *("QUERY_STRING", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH"),
)
_VARY = ("Vary", "Accept-Encoding")

Key = tuple[str | None, ...]


class _Given(NamedTuple):
    """An answer; ``tag`` names the kept bytes of its page, empty where it has none."""

    at: Moment
    status: str
    headers: list[tuple[str, str]]
    tag: str


class Again:
    """An application in front of another, whose marked answers it remembers."""

    def __init__(self, application: "Application") -> None:
        self._application = application
        self._given: dict[Key, _Given] = {}
        self._lock = threading.Lock()

    def __call__(
        self, environ: dict[str, Any], start_response: "StartResponse"
    ) -> "Iterable[bytes]":
        if environ["REQUEST_METHOD"] != "GET":
            return self._application(environ, start_response)
        key = tuple([environ.get(name) for name in _ASKED])
        given = self._given.get(key)
        body = _body(given) if given is not None else None
        if given is not None and body is not None:
            start_response(given.status, list(given.headers))
            return [body]
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            started.append((status, headers))
            return start_response(status, headers, *more)

        answer = self._application(environ, start)
        if AT in environ and started:
            self._remember(key, environ[AT], *started[-1])
        return answer

    def _remember(self, key: Key, at: Moment, status: str, headers: list[tuple[str, str]]) -> None:
        tag = "" if status.startswith("304") else dict(headers).get("ETag", "")
        if _VARY not in headers or (not tag and not status.startswith("304")):
            return
        with self._lock:
            self._given.pop(key, None)
            self._given[key] = _Given(at, status, list(headers), tag)
            while len(self._given) > MOST:
                del self._given[next(iter(self._given))]


def _body(given: _Given) -> bytes | None:
    """The bytes of an answer, if it is still the right one."""
    try:
        if moment() != given.at:
            return None
    except DatabaseError:
        return None  # Django finds out whether there is a connection, and says so
    return kept.body(given.tag) if given.tag else b""
