"""`manage.py import_events FILE`: bring the events of a file in, all of them or none.

What the desk does in steps, in one: the file is read, held against the record and, if nothing in
it is refused, written in one transaction. Exits 1 when anything is refused, and writes nothing.
"""

import csv
import hashlib
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.utils import timezone

from timeline.editing.publishing import StepRefused
from timeline.formats import sheets
from timeline.intake import pipeline, readers
from timeline.intake.collecting import without_collecting
from timeline.intake.drafts import Problem, Read
from timeline.intake.mapping import MappingError
from timeline.intake.pipeline import Outdated, Plan
from timeline.intake.tables import MAX_BYTES
from timeline.models import SavedMapping
from timeline.models.uploads import Decision, Verdict

_FIRST = 20
"""Problems that are printed; ``--problems`` writes all."""
_TRIES = 3


class Command(BaseCommand):
    help = "Import events from a file. What is refused is named, and then nothing is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = [reader.name for reader in readers.READERS]
        parser.add_argument("file", help="the file; - reads the standard input")
        parser.add_argument("--format", choices=names, help="what it is, if it isn't recognised")
        parser.add_argument("--mapping", metavar="NAME", help="a mapping of columns, as saved")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")
        parser.add_argument("--publish", action="store_true", help="publish new events at once")
        parser.add_argument(
            "--duplicates",
            choices=["skip", "import", "stop"],
            default="skip",
            help="possible duplicates: leave them out (as without this), import them, or stop",
        )
        parser.add_argument("--by", metavar="USER", help="whose import it is")
        parser.add_argument("--problems", metavar="FILE", help="write every problem there, as CSV")
        parser.add_argument(
            "--background-is-source",
            action="store_true",
            help="TimelineJS: the column Background holds the link of the source",
        )

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        content = _content(file)
        by = _person(options["by"])
        try:
            with without_collecting():
                self._go(_read(content, file, options), content, by, file, options)
        except (PermissionDenied, StepRefused, Outdated, MappingError) as refused:
            raise CommandError(str(refused)) from refused

    def _go(
        self, read: Read, content: bytes, by: User | None, file: str, options: dict[str, Any]
    ) -> None:
        for last in range(_TRIES):
            plan = pipeline.plan(
                read,
                by=by,
                today=timezone.localdate(),
                publish=options["publish"],
                tell=self._tell("Checked"),
            )
            self._say(plan, options["problems"])
            if plan.refused:
                raise CommandError("Nothing was written. Mend what is refused, and import again.")
            if options["duplicates"] == "stop" and plan.counts[Verdict.DUPLICATE]:
                raise CommandError("Nothing was written: there are possible duplicates.")
            if options["dry_run"]:
                self.stdout.write("Nothing was written; this was a dry run.")
                return
            try:
                self._apply(plan, content, by, file, options["duplicates"])
            except Outdated:
                if last + 1 == _TRIES:
                    raise
                self.stderr.write("The record changed meanwhile; checking once more.")
            else:
                return

    def _apply(
        self, plan: Plan, content: bytes, by: User | None, file: str, duplicates: str
    ) -> None:
        decisions = {
            each.row: Decision.IMPORT
            for each in plan.rows
            if duplicates == "import" and each.verdict == Verdict.DUPLICATE
        }
        batch = pipeline.apply(
            plan,
            decisions,
            by=by,
            name=Path(file).name,
            sha256=hashlib.sha256(content).hexdigest(),
            tell=self._tell("Written"),
        )
        self.stdout.write(
            f"Imported: {batch.created:,} new, {batch.updated:,} changed, {batch.same:,} left as "
            f"they are, {batch.refused:,} left out."
        )

    def _say(self, plan: Plan, file: str | None) -> None:
        counts = plan.counts
        words = {
            Verdict.CREATED: "new",
            Verdict.UPDATED: "to be changed",
            Verdict.SAME: "there already",
            Verdict.DUPLICATE: "possible duplicates",
            Verdict.REFUSED: "refused",
        }
        told = ", ".join(f"{counts[each]:,} {word}" for each, word in words.items())
        self.stdout.write(f"{len(plan.rows):,} rows: {told}.")
        problems = plan.all_problems()
        # What is refused first, each in the order of the file.
        problems.sort(key=lambda each: not each.fatal)
        for each in problems[:_FIRST]:
            self.stdout.write(_line(each))
        if len(problems) > _FIRST:
            self.stdout.write(f"… and {len(problems) - _FIRST:,} more; --problems=FILE writes all.")
        for row in [each for each in plan.rows if each.verdict == Verdict.DUPLICATE][:_FIRST]:
            title = row.draft.title if row.draft else ""
            self.stdout.write(f"row {row.row}: “{title}” may be event {row.event} ({row.why}).")
        if file:
            _write(Path(file), plan.all_problems())

    def _tell(self, word: str) -> pipeline.Tell | None:
        if not sys.stderr.isatty():
            return None

        def tell(done: int, of: int) -> None:
            self.stderr.write(f"\r{word} {done:,} of {of:,}", ending="\n" if done == of else "")

        return tell


def _content(file: str) -> bytes:
    try:
        content = (
            sys.stdin.buffer.read(MAX_BYTES + 1)
            if file == "-"
            else _head(Path(file), MAX_BYTES + 1)
        )
    except OSError as error:
        raise CommandError(f"{file} can't be read: {error.strerror}.") from error
    if len(content) > MAX_BYTES:
        raise CommandError(f"{file} is larger than {MAX_BYTES // 1_000_000} MB. Split it.")
    if not content:
        raise CommandError(f"{file} is empty.")
    return content


def _head(path: Path, size: int) -> bytes:
    with path.open("rb") as stream:
        return stream.read(size)


def _person(name: str | None) -> User | None:
    if name is None:
        return None
    person = User.objects.filter(username=name, is_active=True).first()
    if person is None:
        raise CommandError(f"There is no active user “{name}”.")
    return person


def _read(content: bytes, file: str, options: dict[str, Any]) -> Read:
    mapping = None
    if options["mapping"]:
        saved = SavedMapping.objects.filter(name=options["mapping"]).first()
        if saved is None:
            known = ", ".join(
                f"“{name}”" for name in SavedMapping.objects.values_list("name", flat=True)
            )
            raise CommandError(
                f"There is no mapping “{options['mapping']}”. Saved are: {known or 'none'}."
            )
        mapping = saved.mapping
    name = options["format"] or ("table" if mapping is not None else None)
    reader = readers.named(name) if name else readers.recognise(content, file)
    if reader is None:
        names = ", ".join(each.name for each in readers.READERS)
        raise CommandError(f"What {file} is can't be told. Say --format, one of {names}.")
    return reader.read(
        content, mapping=mapping, background_is_source=options["background_is_source"]
    )


def _line(problem: Problem) -> str:
    where = f"row {problem.row}" if problem.row else "the file"
    column = f", {problem.column}" if problem.column else ""
    value = f" “{problem.value}”" if problem.value else ""
    kind = "" if problem.fatal else "note: "
    return f"{where}{column}{value}: {kind}{problem.sentence}"


def _write(path: Path, problems: Iterable[Problem]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["row", "column", "value", "problem", "outcome"])
        for each in problems:
            outcome = "refused" if each.fatal else "note"
            told = (each.row, each.column, each.value, each.sentence, outcome)
            rows.writerow([sheets.cell(value) for value in told])
