"""The one way in: what a reader found is held against the record, decided upon, and written.

``plan`` writes nothing and says of each row what would become of it; ``apply`` writes all of it in
one transaction, or nothing. A row that the record has already changes nothing. One that says
something new changes an event that nobody has seen in public nor saved since it was imported; any
other stays as it is, with a warning. What may be the same as an event that is there waits for a
decision: leave it out, import it as new, or update the event, which adds what the event lacks (to
a published one in its working copy) and overwrites nothing.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from timeline.editing import bulk, changes, copies, imports, rights
from timeline.editing.copies import TEXT
from timeline.editing.imports import NewEvent
from timeline.editing.publishing import Stale
from timeline.intake.building import Builder, Built, fingerprint, when
from timeline.intake.cleaning import clean
from timeline.intake.collecting import without_collecting
from timeline.intake.drafts import EventDraft, Problem, Read
from timeline.intake.matching import Known, Matches
from timeline.intake.relating import Relations
from timeline.intake.tables import MAX_ROWS, shown
from timeline.intake.things import Things, draw_public_ids
from timeline.models import Change, Event, ImportBatch, Source, Term
from timeline.models.choices import Status
from timeline.models.uploads import Decision, Verdict

Tell = Callable[[int, int], None]
_OFTEN = 250
"""Rows between two reports of progress."""
_REPLACED = (*TEXT, "category", "place", "internal_note", "day_order")


class Outdated(Exception):
    """The record changed since the plan, and a row would now become something else."""


@dataclass(slots=True)
class Planned:
    """A row and what would become of it. ``event`` is the key of the one that it is or may be,
    ``why`` what makes it likely."""

    row: int
    verdict: Verdict
    draft: EventDraft | None = None
    problems: tuple[Problem, ...] = ()
    event: int | None = None
    why: str = ""
    built: Built | None = field(default=None, repr=False)


@dataclass
class Plan:
    """Every row in the order of the file; ``problems`` are those of the file as a whole.

    ``seen`` is the last change of the record that the plan knows of.
    """

    read: Read
    by: User | None
    publish: bool
    today: dt.date
    rows: list[Planned]
    problems: tuple[Problem, ...]
    things: Things
    seen: int
    terms: list[Term] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """Rows by verdict."""
        return Counter(each.verdict.value for each in self.rows)

    @property
    def refused(self) -> bool:
        """Whether a row, or the file as a whole, can't be imported."""
        return any(each.fatal for each in self.problems) or any(
            each.verdict == Verdict.REFUSED for each in self.rows
        )

    def all_problems(self) -> list[Problem]:
        """Those of the file and of its rows, in the order of the file."""
        return [*self.problems, *(problem for each in self.rows for problem in each.problems)]

    def differs(self, other: "Plan") -> bool:
        """Whether a row would become something else."""
        mine = [(each.row, each.verdict, each.event) for each in self.rows]
        return mine != [(each.row, each.verdict, each.event) for each in other.rows]


def require_right(by: User | None, *, publish: bool) -> None:
    """Raises ``PermissionDenied`` for a person who may not import, or not publish.

    A command that names nobody may: whoever can run it can do anything.
    """
    if by is None:
        return
    if not by.has_perm("timeline.import_event"):
        raise PermissionDenied(_("You may not import. Ask a publisher."))
    if publish and not rights.may_publish(by):
        raise PermissionDenied(_("You may not publish. Import as drafts."))


@without_collecting()
def plan(
    read: Read,
    *,
    by: User | None,
    today: dt.date,
    publish: bool = False,
    tell: Tell | None = None,
) -> Plan:
    """Hold what a reader found against the record. Writes nothing.

    Raises ``PermissionDenied``, and ``StepRefused`` where the site asks for two people.
    """
    require_right(by, publish=publish)
    if publish:
        imports.require_right_to_publish(by)
    seen = _last_change()
    problems: dict[int, list[Problem]] = {}
    for problem in read.problems:
        problems.setdefault(problem.row, []).append(problem)
    if len(read.drafts) > MAX_ROWS:
        read = Read(read.format, [], list(read.problems), read.rows)
        problems.setdefault(0, []).append(
            Problem(
                0,
                "",
                "",
                _("The file has more than %(limit)s events. Split it into several files.")
                % {"limit": f"{MAX_ROWS:,}"},
            )
        )
    planner = _Planner(read, today=today, publish=publish)
    rows = []
    for number, draft in enumerate(read.drafts):
        rows.append(planner.row(draft, problems.pop(draft.row, [])))
        if tell and number % _OFTEN == 0:
            tell(number, len(read.drafts))
    for row, found in problems.items():
        if row and any(each.fatal for each in found):
            rows.append(Planned(row, Verdict.REFUSED, problems=tuple(found)))
    of_file = [each for row, found in problems.items() if row == 0 for each in found]
    of_file += [
        each
        for row, found in problems.items()
        if row and not any(one.fatal for one in found)
        for each in found
    ]
    rows.sort(key=lambda each: each.row)
    _warn_of_things(planner.things, rows)
    terms, wrong = _terms(read)
    of_file += wrong
    return Plan(read, by, publish, today, rows, tuple(of_file), planner.things, seen, terms)


def _terms(read: Read) -> tuple[list[Term], list[Problem]]:
    """The terms of a file, and what is wrong with those that are left out."""
    terms, wrong = [], []
    for each in read.terms:
        term = bulk.make(
            Term,
            kind=each.kind,
            original=each.original,
            language=each.language,
            words=each.words,
        )
        problems = clean(term, 0, "glossary: ")
        wrong += [replace(problem, fatal=False) for problem in problems]
        if not problems:
            terms.append(term)
    return terms, wrong


def _last_change() -> int:
    return Change.objects.aggregate(last=Max("pk"))["last"] or 0


def _warn_of_things(things: Things, rows: list[Planned]) -> None:
    """What a file says of a shared record is told once, at the row that first names it."""
    by_row: dict[int, list[Problem]] = {}
    for problem in things.warnings:
        by_row.setdefault(problem.row, []).append(problem)
    for each in rows:
        each.problems += tuple(by_row.get(each.row, ()))


class _Planner:
    """Gives one draft after the other its verdict."""

    def __init__(self, read: Read, *, today: dt.date, publish: bool) -> None:
        self.things = Things(read.drafts)
        self.matches = Matches(read.drafts)
        self.builder = Builder(self.things, publish=publish)
        self.today = today
        self._rows_of: dict[object, int] = {}

    def row(self, draft: EventDraft, problems: list[Problem]) -> Planned:
        again = self._again(draft)
        if again is not None:
            return Planned(draft.row, Verdict.REFUSED, draft, (*problems, again))
        try:
            known = self.matches.event(draft)
        except LookupError:
            sentence = _("Its ids belong to two events of the record. Merge those first.")
            problem = Problem(draft.row, "id", shown(draft.public_id), sentence)
            return Planned(draft.row, Verdict.REFUSED, draft, (*problems, problem))
        if known is not None and known.imported == fingerprint(draft):
            return Planned(draft.row, Verdict.SAME, draft, tuple(problems), known.pk)
        built = self.builder.build(draft)
        found = [*problems, *built.problems, *self._future(draft)]
        if built.new is None:
            return Planned(draft.row, Verdict.REFUSED, draft, tuple(found))
        if known is not None:
            return self._known(draft, known, built, found)
        twin = self.matches.twin(draft)
        if twin is not None:
            return Planned(
                draft.row, Verdict.DUPLICATE, draft, tuple(found), twin.pk, twin.why, built
            )
        return Planned(draft.row, Verdict.CREATED, draft, tuple(found), built=built)

    def _known(
        self, draft: EventDraft, known: Known, built: Built, problems: list[Problem]
    ) -> Planned:
        if known.untouched and not known.was_public and known.status != Status.MERGED:
            return Planned(
                draft.row, Verdict.UPDATED, draft, tuple(problems), known.pk, built=built
            )
        if known.imported or (known.title, known.date) != (draft.title, draft.date):
            problems.append(
                Problem(
                    draft.row,
                    "",
                    shown(known.title),
                    _(
                        "This event is in the record and was published or edited since; it stays "
                        "as it is. Change it at the desk."
                    ),
                    fatal=False,
                )
            )
        return Planned(draft.row, Verdict.SAME, draft, tuple(problems), known.pk)

    def _again(self, draft: EventDraft) -> Problem | None:
        """A row whose id another row of the file has."""
        ids: list[tuple[object, str]] = [
            ((each.system.strip(), each.value.strip()), each.value) for each in draft.external
        ]
        if draft.public_id:
            ids.append((draft.public_id, draft.public_id))
        for key, value in ids:
            other = self._rows_of.setdefault(key, draft.row)
            if other != draft.row:
                return Problem(
                    draft.row,
                    "id",
                    shown(value),
                    _("Row %(row)s has the same id. Take one of them out.") % {"row": other},
                )
        return None

    def _future(self, draft: EventDraft) -> list[Problem]:
        found = when(draft)
        if found is None or found.earliest <= self.today:
            return []
        sentence = _("This day is still to come. It is imported as it is.")
        return [Problem(draft.row, "date", draft.date, sentence, fatal=False)]


# --- Writing --------------------------------------------------------------------------------


@without_collecting()
def apply(
    plan: Plan,
    decisions: Mapping[int, str] | None = None,
    *,
    by: User | None,
    name: str = "",
    sha256: str = "",
    tell: Tell | None = None,
) -> ImportBatch:
    """Write the plan, refused rows left out; ``decisions`` are by row. All or nothing.

    Where the record changed since the plan, it is planned once more under the lock: raises
    ``Outdated`` if a row would become something else now, ``PermissionDenied`` for who may not.
    """
    require_right(by, publish=plan.publish)
    decided = {row: Decision(each) for row, each in (decisions or {}).items()}
    try:
        with transaction.atomic():
            changes.begin()
            if _last_change() != plan.seen:
                plan = _again(plan)
            batch = ImportBatch(
                by=by,
                format=plan.read.format,
                name=name[:200],
                sha256=sha256,
                decisions={str(row): each.value for row, each in decided.items()},
            )
            with changes.acting(by.pk if by else None):
                return _Writer(plan, decided, batch, by, tell).written()
    except (IntegrityError, Stale) as error:
        raise Outdated(_outdated()) from error


def _outdated() -> str:
    return _(
        "The record has changed since this was checked, and some rows would become something else "
        "than you saw. Check the file once more."
    )


def _again(given: Plan) -> Plan:
    fresh = plan(given.read, by=given.by, today=given.today, publish=given.publish)
    if given.differs(fresh):
        raise Outdated(_outdated())
    return fresh


class _Writer:
    """Writes a plan in the transaction that has begun."""

    def __init__(
        self,
        plan: Plan,
        decided: Mapping[int, Decision],
        batch: ImportBatch,
        by: User | None,
        tell: Tell | None,
    ) -> None:
        self.plan, self.decided, self.batch, self.by, self.tell = plan, decided, batch, by, tell

    def written(self) -> ImportBatch:
        created, updated, filled = self._chosen()
        counts, batch = self.plan.counts, self.batch
        batch.created, batch.updated = len(created), len(updated) + len(filled)
        batch.same = counts[Verdict.SAME]
        batch.refused = len(self.plan.rows) - batch.created - batch.updated - batch.same
        batch.save()
        new = [_built(each) for each in created]
        self._store_things([*created, *updated, *filled])
        if created or updated or filled:
            imports.store_terms(self.plan.terms)
        draw_public_ids((each.event for each in new), Event)
        imports.store_events(batch, new, by=self.by, progress=self.tell)
        for each in updated:
            event = Event.objects.get(pk=each.event or 0)
            imports.replace(batch, event, _built(each), _REPLACED, by=self.by)
        for each in filled:
            self._fill(each)
        self._relate([*created, *updated], {each.event.pk for each in new})
        imports.tell(new, by=self.by)
        if len(new) >= 1_000:
            imports.settle_in()
        return batch

    def _chosen(self) -> tuple[list[Planned], list[Planned], list[Planned]]:
        """The rows that make an event, change one, and add to one."""
        created, updated, filled = [], [], []
        for each in self.plan.rows:
            decision = self.decided.get(each.row, Decision.SKIP)
            duplicate = each.verdict == Verdict.DUPLICATE
            if each.verdict == Verdict.CREATED or (duplicate and decision == Decision.IMPORT):
                created.append(each)
            elif each.verdict == Verdict.UPDATED:
                updated.append(each)
            elif duplicate and decision == Decision.UPDATE:
                filled.append(each)
        return created, updated, filled

    def _store_things(self, chosen: list[Planned]) -> None:
        """Only what the chosen rows use, and what that rests on."""
        things = self.plan.things
        wanted: set[int] = set()
        waiting: list[models.Model] = [
            thing for each in chosen if each.built for thing in each.built.uses
        ]
        while waiting:
            thing = waiting.pop()
            if id(thing) in wanted or id(thing) not in things.fresh:
                continue
            wanted.add(id(thing))
            waiting += things.below[id(thing)]
        fresh = [thing for key, thing in things.fresh.items() if key in wanted]
        draw_public_ids((each for each in fresh if isinstance(each, Source)), Source)
        imports.store_things(
            fresh,
            lambda thing: things.parts.get(id(thing), ()),
            lambda thing: things.below.get(id(thing), ()),
        )

    def _fill(self, each: Planned) -> None:
        event = Event.objects.get(pk=each.event or 0)
        if event.status == Status.PUBLISHED:
            event = copies.begin(event, by=self.by)
        imports.fill(self.batch, event, _built(each), by=self.by)

    def _relate(self, chosen: list[Planned], made: set[int]) -> None:
        given, replaced = [], []
        for each in chosen:
            updated = each.verdict == Verdict.UPDATED
            if each.draft is not None and (updated or each.draft.relations):
                key = (each.event if updated else _built(each).event.pk) or 0
                given.append((key, each.draft))
                if updated:
                    replaced.append(key)
        if not given:
            return
        relations = Relations(given)
        if gone := relations.gone(replaced):
            imports.part(self.batch, gone)
        imports.relate(self.batch, relations.rows(), made=made)


def _built(each: Planned) -> NewEvent:
    """The unsaved event of a row that makes or changes one."""
    built: Any = each.built
    found: NewEvent = built.new
    return found
