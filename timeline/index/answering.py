"""The index of this process: where it comes from, how it stays true, what stands in for it.

A small record is read at the first question. Above ``FILE_ABOVE`` events a program of its own
(:mod:`timeline.management.commands.index`) reads the record and writes the file that all
processes load; a worn index is replaced the same way, while the old one goes on answering. Only
reading a small record anew happens between two answers.

Whatever goes wrong with the index is named in the log, and the plain answer of
:mod:`timeline.index.oracle` stands in, so readers get slow pages and no wrong ones. One lock
keeps the answers of a process apart: they are work for one processor anyway.
"""

import gc
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np
from django.conf import settings
from django.db import DatabaseError

from timeline.index import edits, oracle, reading, store
from timeline.index.arrays import Array
from timeline.index.edits import Index, Lost
from timeline.index.page import AT_MOST, Page, spoken
from timeline.index.selection import Selection
from timeline.models import Event

log = logging.getLogger("dateline.index")

FILE_ABOVE = 50_000
"""Above so many events the index is kept in a file and built by a program of its own."""
_RETRY_SECONDS = 60
Found = TypeVar("Found")


def file() -> Path:
    """Where the index file lies."""
    return Path(settings.DATA_DIR) / "index.dateline"


def save(index: Index) -> None:
    """Write a built index to its file."""
    store.write(file(), index.documents, store.mark(index.number))


class Live:
    """The one index of a process."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._index: Index | None = None
        self._builder: subprocess.Popen[bytes] | None = None
        self._retry_at = 0.0
        self._held = threading.local()
        self.trouble = ""
        """Why there is no index; empty while there is one."""

    def ask(self, question: Callable[[Index], Found], plainly: Callable[[], Found]) -> Found:
        """Put a question to the index as it is after the latest change, or ask ``plainly``."""
        with self._lock:
            try:
                index = self._current()
                if index is not None:
                    return question(index)
            except DatabaseError:
                log.exception("The index couldn't ask the database; asking it plainly instead.")
            except Exception:
                log.exception("The index failed; answering from the database for now.")
                self._index = None
                self._give_up("it failed; the log says how")
        return plainly()

    @contextmanager
    def steady(self) -> Iterator[None]:
        """In this thread the index is taken as it is until the end of the block, instead of asking
        before each question whether the record changed. For who asks :meth:`state` before and
        behind it, and starts anew where these differ."""
        outside, self._held.steady = self._is_steady, True
        try:
            yield
        finally:
            self._held.steady = outside

    @property
    def _is_steady(self) -> bool:
        return getattr(self._held, "steady", False)

    def state(self) -> str | None:
        """What answers depend on: the last change of the record; None while they don't hold a
        bulk change yet, or may hold what is never committed, so must not be kept."""
        if not reading.settled():
            return None
        with self._lock:
            index = self._current()
            if index is None:
                return reading.entry(reading.last_change())
            return None if index.waiting else index.entry

    def forget(self) -> None:
        """Start anew at the next question."""
        with self._lock:
            self._index, self._builder, self._retry_at, self.trouble = None, None, 0.0, ""

    def _give_up(self, why: str) -> None:
        self.trouble = why
        self._retry_at = time.monotonic() + _RETRY_SECONDS

    def _current(self) -> Index | None:
        if self._index is None:
            self._index = self._begin()
            if self._index is None:
                return None
        if self._is_steady or not reading.settled():
            return self._index
        try:
            self._index.catch_up()
        except Lost:
            log.warning("The database was put back to an earlier state; reading it anew.")
            self.forget()
            self._index = self._begin()
            return self._index
        if self._index.worn and time.monotonic() >= self._retry_at:
            self._renew(self._index)
        return self._index

    def _begin(self) -> Index | None:
        if time.monotonic() < self._retry_at or self._building() or not reading.settled():
            return None
        if Event.objects.public().count() <= FILE_ABOVE:
            self.trouble = ""
            return edits.build()
        found = self._loaded()
        if found is None and not self.trouble:
            self._order_file(0, "it is being built")
        return found

    def _loaded(self) -> Index | None:
        """The index of the file, caught up; None where there is none that can be used."""
        try:
            documents, number = store.read(file())
        except FileNotFoundError:
            return None
        except (store.Unusable, OSError) as error:
            log.warning("The index file is not used: %s. It is written anew.", error)
            return None
        index = Index(documents, number)
        index.catch_up()
        self.trouble = ""
        # It is large and stays: the collector would walk through all of it while a reader waits.
        gc.collect()
        gc.freeze()
        return index

    def _renew(self, index: Index) -> None:
        """Replace a worn index by a new one, at once where the record is small."""
        if len(index.documents.live) + len(index.waiting) <= FILE_ABOVE:
            self._index = edits.build()
        elif not self._building():
            try:
                newer = store.marked(file()).number > index.begun
            except (store.Unusable, OSError):
                newer = False
            self._index = (self._loaded() if newer else None) or index
            if self._index is index:
                self._order_file(index.number)

    def _building(self) -> bool:
        """Whether the program that writes the file is still at work."""
        if self._builder is None:
            return False
        ended = self._builder.poll()
        if ended is None:
            return True
        self._builder = None
        self.trouble = ""
        if ended:
            log.error("Building the index file ended with status %s.", ended)
            self._give_up("building its file failed; the log says how")
            return self._index is None
        return False

    def _order_file(self, number: int, trouble: str = "") -> None:
        """Let a program of its own write a file that is as of this change or a later one."""
        self.trouble = trouble
        manage = Path(settings.BASE_DIR) / "manage.py"
        self._builder = subprocess.Popen(  # noqa: S603  (its words are ours)
            [sys.executable, str(manage), "index", "--write", f"--since={number}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )


live = Live()


def answer(selection: Selection, at_most: int = AT_MOST) -> Page:
    """Answer a selection: its page, its total, every facet and the density.

    Open facets list their ``at_most`` most frequent values, as they are called in the language of
    the moment.
    """
    return spoken(
        live.ask(
            lambda index: index.answer(selection, at_most),
            lambda: oracle.answer(selection, at_most),
        )
    )


def keys(selection: Selection) -> Array:
    """The keys of all events of a selection, in its order: eight bytes each."""
    return live.ask(
        lambda index: index.keys(selection), lambda: np.array(oracle.keys(selection), np.int64)
    )
