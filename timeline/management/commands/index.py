"""`manage.py index`: how the index of the read path stands, whether it is right, and its file.

A process of its own has an index of its own: this one reads the file, or the record where there
is none, as a server's worker does. ``--write`` is also what a server runs when it needs a new
file; only one such program works at a time.
"""

import fcntl
import random
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import connection

from timeline.index import Choice, Selection, edits, oracle, store, words
from timeline.index.answering import FILE_ABOVE, file, save
from timeline.index.edits import Index
from timeline.index.selection import FACETS
from timeline.index.verifying import differences
from timeline.models import Citation, Event

_SELECTIONS = 20
_NAMED = 20


class Command(BaseCommand):
    help = "Show the index; --verify holds it against the database, --write writes its file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="build the file anew")
        parser.add_argument(
            "--since", type=int, default=None, help="with --write: a file as of this change will do"
        )
        parser.add_argument("--verify", action="store_true", help="compare with the database")
        parser.add_argument(
            "--rebuild", action="store_true", help="make the words and the file anew"
        )

    def handle(
        self,
        *args: Any,
        write: bool,
        since: int | None,
        verify: bool,
        rebuild: bool,
        **options: Any,
    ) -> None:
        if rebuild:
            words.install(connection)
            if Event.objects.public().count() > FILE_ABOVE:
                save(edits.build())
        if write:
            with _alone():
                if since is None or not _as_of(since):
                    save(edits.build())
            return
        started = time.perf_counter()
        index = self._index()
        took = time.perf_counter() - started
        documents = index.documents
        self.stdout.write(f"Events      {len(documents.live):,}, as of change {index.number:,}")
        self.stdout.write(f"Tail        {documents.tail.length:,} changed since it was built")
        sets = sum(len(held) for held in documents.sets.values())
        self.stdout.write(f"Sets        {sets:,}")
        self.stdout.write(f"Memory      {documents.size / 1e6:,.1f} MB of arrays and sets")
        self.stdout.write(f"Read in     {took:.2f} s")
        self._show_file()
        if verify:
            self._verify(index)

    def _index(self) -> Index:
        try:
            documents, number = store.read(file())
        except FileNotFoundError:
            return edits.build()
        except (store.Unusable, OSError) as error:
            self.stderr.write(f"The file {file()} is not used: {error}.")
            return edits.build()
        index = Index(documents, number)
        index.catch_up()
        return index

    def _show_file(self) -> None:
        try:
            status = file().stat()
        except FileNotFoundError:
            self.stdout.write(f"File        none; written above {FILE_ABOVE:,} events")
            return
        at = datetime.fromtimestamp(status.st_mtime).astimezone()
        self.stdout.write(
            f"File        {file()}, {status.st_size / 1e6:,.1f} MB, of {at:%Y-%m-%d %H:%M:%S}"
        )

    def _verify(self, index: Index) -> None:
        """Compare every set with what the record says now, and some answers with the ORM's."""
        wrong = list(differences(index.documents, edits.build().documents))
        if trouble := words.trouble():
            wrong.append(trouble)
        selections = list(_selections(index))
        wrong += [
            f"{selection} is answered otherwise by the database"
            for selection in selections
            if index.answer(selection) != oracle.answer(selection)
        ]
        if wrong:
            more = [f"and {len(wrong) - _NAMED:,} more"] if len(wrong) > _NAMED else []
            raise CommandError("The index is wrong:\n" + "\n".join([*wrong[:_NAMED], *more]))
        self.stdout.write(
            f"Verified    every set and row, the words and {len(selections)} answers agree "
            "with the database"
        )


def _as_of(number: int) -> bool:
    """Whether the file is usable and of this change or a later one."""
    try:
        documents, at = store.read(file())
    except (store.Unusable, OSError):
        return False
    return at >= number and documents.live is not None


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other program writes the file."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with file().with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _selections(index: Index) -> Iterator[Selection]:
    """The whole record, as known on a day of its own too, and a few random selections."""
    yield Selection()
    first = Citation.objects.exclude(source__published_latest=None).order_by("pk").first()
    if first is not None:
        yield Selection(known_by=first.source.published_latest)
    chance = random.Random(index.number)  # noqa: S311  (a draw, no secret)
    facets = index.answer(Selection()).facets
    for _ in range(_SELECTIONS if len(index.documents.live) <= FILE_ABOVE else 2):
        changes = {}
        for name in chance.sample(FACETS, 2):
            if values := [each.value for each in facets[name].values]:
                changes[name] = Choice((chance.choice(values),))
        yield Selection(**changes)  # type: ignore[arg-type]
