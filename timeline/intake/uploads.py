"""An upload from the file to the record: taken in, read, checked, decided upon, applied once.

Each step can be repeated until the last; what the check found is kept row by row, so that a page
of it is a query. Reading and planning are the pipeline's, the same as for the command. Called by
the desk and by the program that works beside the server; knows no request.
"""

import hashlib
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from timeline import dates
from timeline.editing import bulk
from timeline.editing.publishing import StepRefused
from timeline.intake import beside, pipeline, readers
from timeline.intake.drafts import EventDraft
from timeline.intake.mapping import MappingError
from timeline.intake.pipeline import Plan, Planned
from timeline.intake.readers import mapped
from timeline.models.tongue import tongue
from timeline.models.uploads import Decision, Upload, UploadRow, UploadState, Verdict

KEPT = timedelta(days=7)
"""So long an upload waits for somebody to import it."""
MOST_WAITING = 10
"""Uploads of one person that may wait at a time."""
LARGEST = 25_000_000
AT_ONCE = 200_000
"""Bytes of a file that is checked while the browser waits."""
MAPPED = mapped.NAME
"""The reader that wants to know what the columns are."""

Tell = Callable[[int, int], None]


class Refused(Exception):
    """Why a file isn't taken, in a sentence for whoever uploaded it."""


HINDRANCES = (Refused, MappingError, PermissionDenied, StepRefused)
"""What can keep a file from being read or imported; each says why in a sentence."""


def receive(name: str, content: bytes, *, by: User) -> Upload:
    """Keep a file. Raises ``Refused``."""
    if not content:
        raise Refused(_("The file “%(name)s” is empty. Choose another one.") % {"name": name})
    if len(content) > LARGEST:
        raise Refused(
            _("The file “%(name)s” is larger than 25 MB. Split it, and import its parts in turn.")
            % {"name": name}
        )
    waiting = Upload.objects.filter(by=by).exclude(state=UploadState.APPLIED).count()
    if waiting >= MOST_WAITING:
        raise Refused(
            ngettext(
                "%(count)s file of yours waits to be imported. Import or remove it first.",
                "%(count)s files of yours wait to be imported. Import or remove some first.",
                waiting,
            )
            % {"count": waiting}
        )
    upload = Upload(
        by=by, name=name[:200], size=len(content), sha256=hashlib.sha256(content).hexdigest()
    )
    upload.packed = zlib.compress(content, 1)
    upload.save()
    return upload


def expire(now: datetime) -> None:
    """Remove the uploads that nobody imported in time."""
    old = Upload.objects.filter(at__lt=now - KEPT).exclude(state=UploadState.APPLIED)
    for upload in old.defer("packed"):
        if not beside.alive(upload):
            remove(upload)


def remove(upload: Upload) -> None:
    """Remove an upload that isn't applied, with all that was found and decided."""
    with transaction.atomic():
        UploadRow.objects.filter(upload=upload.pk).delete()
        Upload.objects.filter(pk=upload.pk).exclude(state=UploadState.APPLIED).delete()
    beside.forget(upload.pk)


# --- What it is -----------------------------------------------------------------------------------


def formats() -> list[tuple[str, str]]:
    """What can be read: names for the form, with their words."""
    return [(each.name, str(each.label)) for each in readers.READERS]


def label(name: str) -> str:
    """The words of a format."""
    return dict(formats()).get(name, name)


def recognised(upload: Upload) -> str:
    """The format that the file seems to have; empty when none recognises it."""
    found = readers.recognise(upload.content, upload.name)
    return found.name if found is not None else ""


def wants_mapping(upload: Upload) -> bool:
    """Whether somebody must first say what its columns are."""
    return upload.format == MAPPED and upload.mapping is None


# --- The check ------------------------------------------------------------------------------------

TOLD = {
    "title": _lazy("Title"),
    "date": _lazy("Date"),
    "category": _lazy("Category"),
    "place": _lazy("Place"),
    "actors": _lazy("Actors"),
    "sources": _lazy("Sources"),
    "summary": _lazy("Summary"),
}
"""What is shown of a row beside the event that it may be."""


def begin_check(upload: Upload) -> None:
    """Check a small file at once, a large one in a program of its own."""
    Upload.objects.filter(pk=upload.pk, state=UploadState.CHECKED).update(state=UploadState.NEW)
    if upload.size > AT_ONCE:
        beside.start(upload, beside.Step.CHECK)
    else:
        check(upload)


def check(upload: Upload, tell: Tell | None = None) -> None:
    """Read the file, hold it against the record, and keep what was found, row by row."""
    try:
        plan = _planned(upload, upload.by, tell)
    except HINDRANCES as hindered:
        beside.give_up(upload, str(hindered))
        return
    _keep(upload, plan, said="")


def _planned(upload: Upload, by: User | None, tell: Tell | None) -> Plan:
    """What would become of the rows. Raises those of ``HINDRANCES``."""
    reader = readers.named(upload.format)
    if reader is None:
        raise Refused(_("Files of this format can’t be read any more. Upload it as another one."))
    read = reader.read(
        upload.content,
        mapping=upload.mapping,
        background_is_source=bool(upload.options.get("background")),
    )
    return pipeline.plan(
        read,
        by=by,
        today=timezone.localdate(),
        publish=bool(upload.options.get("publish")),
        tell=tell,
    )


def _keep(upload: Upload, plan: Plan, *, said: str) -> None:
    """Put the rows in the place of those of the last check.

    A decision stands as long as the row may still be the same event.
    """
    made = upload.rows.exclude(decision="").values_list("row", "twin", "decision")
    decided = {(row, twin): decision for row, twin, decision in made}
    rows = [_row(upload, each) for each in plan.rows]
    for row in rows:
        if row.verdict == Verdict.DUPLICATE:
            row.decision = decided.get((row.row, row.twin), "")
    counts = {
        **Counter(row.verdict for row in rows),
        "warned": sum(1 for row in rows if row.problems and row.verdict != Verdict.REFUSED),
        "notes": [asdict(each) for each in plan.problems],
    }
    with transaction.atomic():
        UploadRow.objects.filter(upload=upload.pk).delete()
        bulk.insert(rows)
        Upload.objects.filter(pk=upload.pk).exclude(state=UploadState.APPLIED).update(
            state=UploadState.CHECKED, counts=counts, said=said
        )


def _row(upload: Upload, planned: Planned) -> UploadRow:
    draft = planned.draft
    verdict = Verdict(planned.verdict.value)
    return bulk.make(
        UploadRow,
        upload=upload,
        row=planned.row,
        verdict=verdict,
        title=draft.title if draft is not None else "",
        date=_words(draft.date) if draft is not None else "",
        why=planned.why,
        twin=planned.event,
        told=told(draft) if draft is not None and verdict == Verdict.DUPLICATE else {},
        problems=[asdict(each) for each in planned.problems],
    )


def _words(edtf: str) -> str:
    try:
        return dates.words(dates.parse(edtf), tongue())
    except dates.DateError:
        return edtf


def told(draft: EventDraft) -> dict[str, str]:
    """The row in words, by the keys of ``TOLD``."""
    sources = [each.source.title or each.source.url for each in draft.citations]
    return {
        "title": draft.title,
        "date": _words(draft.date),
        "category": draft.category.name if draft.category else "",
        "place": draft.place.name if draft.place else "",
        "actors": ", ".join(each.actor.name for each in draft.participations),
        "sources": "\n".join(sources),
        "summary": draft.summary,
    }


# --- The decisions --------------------------------------------------------------------------------


def decide(upload: Upload, decisions: dict[int, Decision]) -> None:
    """Keep what was decided about possible duplicates, by the keys of their rows."""
    rows = upload.rows.filter(pk__in=decisions, verdict=Verdict.DUPLICATE)
    for decision in Decision:
        chosen = [key for key, value in decisions.items() if value == decision]
        rows.filter(pk__in=chosen).update(decision=decision)


def decide_all(upload: Upload, decision: Decision) -> int:
    """Decide alike about every possible duplicate; how many there are."""
    return upload.rows.filter(verdict=Verdict.DUPLICATE).update(decision=decision)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would become of the rows, by the verdicts and the decisions so far."""

    new: int
    changed: int
    refused: int
    duplicates: int
    warned: int

    unreadable: bool
    """Whether something is wrong with the file as a whole."""

    @property
    def writes(self) -> int:
        return 0 if self.unreadable else self.new + self.changed


def outlook(upload: Upload) -> Outlook:
    counts = upload.counts
    decided = Counter(
        upload.rows.filter(verdict=Verdict.DUPLICATE).values_list("decision", flat=True)
    )
    return Outlook(
        new=counts.get(Verdict.CREATED, 0) + decided[Decision.IMPORT],
        changed=counts.get(Verdict.UPDATED, 0) + decided[Decision.UPDATE],
        refused=counts.get(Verdict.REFUSED, 0),
        duplicates=decided.total(),
        warned=counts.get("warned", 0),
        unreadable=any(each["fatal"] for each in counts.get("notes", [])),
    )


def problem_rows(upload: Upload) -> Iterator[tuple[int, str, str, str, str]]:
    """Every problem: row, column, value, sentence, and what it means for the row."""
    refused, warning = _("refused"), _("warning")
    notes = [(0, each) for each in upload.counts.get("notes", [])]
    rows = upload.rows.exclude(problems=[]).values_list("row", "problems").iterator(1_000)
    for row, each in chain(notes, ((row, each) for row, found in rows for each in found)):
        outcome = refused if each["fatal"] else warning
        yield row, each["column"], each["value"], each["sentence"], outcome


# --- The import -----------------------------------------------------------------------------------


def begin_import(upload: Upload, *, by: User) -> bool:
    """Start the import beside the server; False if somebody else was quicker."""
    return beside.start(upload, beside.Step.APPLY, importer=by)


def apply(upload: Upload, tell: beside.Tell | None = None) -> None:
    """Plan anew, and if nothing differs from what was shown, write all of it in one transaction.

    The upload becomes applied in that same transaction, so that it is applied once, whoever
    presses what how often, and never half.
    """
    by = upload.importer
    try:
        plan = _planned(upload, by, tell)
        if _differs(upload, plan):
            _keep(upload, plan, said=_changed())
        else:
            _write(upload, plan, by, partial(tell, writing=True) if tell else None)
    except pipeline.Outdated:
        _keep(upload, _planned(upload, by, tell), said=_changed())
    except HINDRANCES as hindered:
        beside.give_up(upload, str(hindered))


def _changed() -> str:
    return _(
        "The record has changed since this was checked, and some rows would become something else "
        "than you saw. Look at the check once more."
    )


def _write(upload: Upload, plan: Plan, by: User | None, tell: Tell | None) -> None:
    decided = upload.rows.filter(verdict=Verdict.DUPLICATE).exclude(decision="")
    decisions = dict(decided.values_list("row", "decision"))
    with transaction.atomic():
        held = Upload.objects.select_for_update().defer("packed").get(pk=upload.pk)
        if held.state != UploadState.APPLYING:
            return
        held.batch = pipeline.apply(
            plan, decisions, by=by, name=upload.name, sha256=upload.sha256, tell=tell
        )
        held.state, held.packed = UploadState.APPLIED, None
        held.save(update_fields=["state", "batch", "packed"])
    # What is kept of it is the list of problems.
    upload.rows.filter(problems=[]).delete()


def _differs(upload: Upload, plan: Plan) -> bool:
    shown = set(upload.rows.values_list("row", "verdict", "twin"))
    return shown != {(each.row, each.verdict, each.event) for each in plan.rows}
