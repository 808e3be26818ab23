"""Many new events at once: written in bulk, in one transaction that is all or nothing.

What is stored was cleaned and weighed before, outside the transaction, by
:mod:`timeline.intake`; here it gets its keys, its Change rows and, where it is published, its
versions. An event that an import changes goes through the same steps as one that is saved by hand.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, cast

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from timeline import text
from timeline.editing import bulk, changes, events, rules, things, versions
from timeline.editing.publishing import StepRefused, User
from timeline.editing.versions import Release
from timeline.models import (
    Citation,
    Event,
    EventTranslation,
    ExternalId,
    Figure,
    ImportBatch,
    ImportedEvent,
    Participation,
    Relation,
    Term,
    Topic,
    VerificationStep,
)
from timeline.models.choices import ChangeKind, Status, VersionKind
from timeline.verification import Label

Tell = Callable[[int, int], None]
AT_ONCE = 1_000


@dataclass(slots=True)
class NewEvent:
    """An unsaved event with its unsaved rows, in their order.

    ``superseding`` pairs the places of figures: the first is replaced by the second. ``label`` and
    ``steps`` are what its verification comes to. ``public_note`` stands at its first version.
    """

    event: Event
    topics: list[Topic] = field(default_factory=list)
    participations: list[Participation] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    superseding: list[tuple[int, int]] = field(default_factory=list)
    external_ids: list[ExternalId] = field(default_factory=list)
    translations: list[EventTranslation] = field(default_factory=list)
    label: str = Label.UNVERIFIED.value
    steps: list[tuple[date, Label]] = field(default_factory=list)
    public_note: str = ""
    fingerprint: str = ""


def hindrances(new: NewEvent) -> list[str]:
    """What keeps the event from being published, as :func:`rules.problems` says of a saved one."""
    found: list[str | None] = []
    if new.event.category is None:
        found.append(_("Choose a category."))
    if not new.citations:
        found.append(_("Add a source: a link, or the reference of a print."))
    found += [
        rules.stance_problem(
            citation.stance, has_speaker=citation.speaker is not None, note=citation.note
        )
        for citation in new.citations
    ]
    found += [
        rules.figure_problem(
            unit=figure.metric.unit,
            subject=figure.subject,
            has_source=figure.citation is not None,
            has_owner=figure.attributed_to is not None,
        )
        for figure in new.figures
    ]
    return [each for each in dict.fromkeys(found) if each]


def require_right_to_publish(by: User) -> None:
    """Raises ``StepRefused`` where nobody publishes their own words."""
    if settings.TWO_PEOPLE and by is not None:
        raise StepRefused(
            _(
                "On this site two people publish. Import as drafts, and let somebody else publish "
                "them."
            )
        )


Others = Callable[[models.Model], Iterable[models.Model]]


def store_things(fresh: Iterable[models.Model], parts: Others, below: Others) -> None:
    """Store new shared records with their ``parts``, such as other names; each after what it
    rests on, which is ``below`` it. They come in an order in which that stands first.

    Must run in a transaction.
    """
    waiting = list(fresh)
    level_of: dict[int, int] = {}
    rounds: defaultdict[tuple[int, str], list[models.Model]] = defaultdict(list)
    for thing in waiting:
        levels = [level_of[id(other)] for other in below(thing) if id(other) in level_of]
        level_of[id(thing)] = max(levels, default=-1) + 1
        rounds[level_of[id(thing)], thing._meta.label].append(thing)
    for key in sorted(rounds):
        for start in range(0, len(rounds[key]), AT_ONCE):
            things.store_new(rounds[key][start : start + AT_ONCE])
    rows: defaultdict[Any, list[models.Model]] = defaultdict(list)
    for thing in waiting:
        for part in parts(thing):
            rows[type(part)].append(part)
    for some in rows.values():
        bulk.insert(some)


def store_terms(given: Iterable[Term]) -> None:
    """Store the terms that the glossary hasn't got; what it has stays as it is.

    Must run in a transaction.
    """
    known = set(Term.objects.order_by().values_list("kind", "original", "language"))
    fresh = {(each.kind, each.original, each.language): each for each in given}
    new = [term for key, term in fresh.items() if key not in known]
    for start in range(0, len(new), AT_ONCE):
        things.store_new(new[start : start + AT_ONCE])


def store_events(
    batch: ImportBatch, given: Sequence[NewEvent], *, by: User, progress: Tell | None = None
) -> None:
    """Write new events with their rows, but for relations and versions, which come after all.

    Must run in a transaction that has begun to write.
    """
    done = 0
    for start in range(0, len(given), AT_ONCE):
        some = given[start : start + AT_ONCE]
        _store(batch, some, by)
        done += len(some)
        if progress:
            progress(done, len(given))


def _store(batch: ImportBatch, given: Sequence[NewEvent], by: User) -> None:
    now = timezone.now()
    who = by.pk if by else None
    for new in given:
        event = new.event
        event.verification = event.verification_override or new.label
        event.created_by_id = event.updated_by_id = who
        if event.status == Status.PUBLISHED:
            event.slug = text.slug(event.title)[:80].strip("-")
            event.version = event.version or 1
            event.published_at = event.published_at or now
    bulk.insert([new.event for new in given])
    tagged = Event.topics.through
    bulk.insert(
        tagged(event_id=new.event.pk, topic_id=topic.pk) for new in given for topic in new.topics
    )
    _store_rows(given)
    bulk.insert(
        bulk.make(VerificationStep, event=new.event, day=day, label=label.value)
        for new in given
        for day, label in new.steps
    )
    note(batch, given)
    changes.note(ChangeKind.CREATED, *(new.event for new in given), by=who, what=_what(batch))


def tell(given: Iterable[NewEvent], *, by: User) -> None:
    """Write the first version of each new event that is public, with its relations."""
    told = [
        (new.event, Release(VersionKind.FIRST, new.public_note))
        for new in given
        if new.event.status == Status.PUBLISHED
    ]
    versions.write_all(told, by=by)


def _store_rows(given: Iterable[NewEvent]) -> None:
    given = list(given)
    bulk.insert(part for new in given for part in new.participations)
    bulk.insert(each for new in given for each in new.citations)
    bulk.insert(figure for new in given for figure in new.figures)
    replaced = []
    for new in given:
        for place, successor in new.superseding:
            new.figures[place].superseded_by = new.figures[successor]
            replaced.append(new.figures[place])
    Figure.objects.bulk_update(replaced, ["superseded_by"])
    bulk.insert(each for new in given for each in new.external_ids)
    bulk.insert(each for new in given for each in new.translations)


def note(batch: ImportBatch, given: Iterable[NewEvent]) -> None:
    """Keep that the import left these events as they are now."""
    bulk.insert(
        bulk.make(
            ImportedEvent,
            batch=batch,
            event=new.event,
            lock=new.event.lock,
            fingerprint=new.fingerprint,
        )
        for new in given
    )


def _what(batch: ImportBatch) -> str:
    return f"import {batch.pk}"


def relate(batch: ImportBatch, relations: Sequence[Relation], *, made: set[int]) -> None:
    """Write relations; those of their ends that weren't made just now changed by it."""
    bulk.insert(relations)
    ends = {
        each.pk: each
        for relation in relations
        for each in (relation.from_event, relation.to_event)
        if each.pk not in made
    }
    changes.note(ChangeKind.CHANGED, *ends.values(), what=_what(batch))


def part(batch: ImportBatch, relations: Sequence[Relation]) -> None:
    """Take relations out; both of their ends changed by it."""
    ends = {
        each.pk: each for relation in relations for each in (relation.from_event, relation.to_event)
    }
    Relation.objects.filter(pk__in=[each.pk for each in relations]).delete()
    changes.note(ChangeKind.CHANGED, *ends.values(), what=_what(batch))


@transaction.atomic
def replace(
    batch: ImportBatch, event: Event, new: NewEvent, values: Sequence[str], *, by: User
) -> None:
    """Let an unpublished event say what its file says now, field by field and row by row."""
    held = events.hold(event.pk, event.lock)
    for name in values:
        setattr(held, name, getattr(new.event, name))
    held.figures.all().delete()
    held.citations.all().delete()
    held.participations.all().delete()
    held.translations.all().delete()
    held.topics.set(new.topics)
    _adopt(held, new)
    _finish(batch, held, by)
    _note(batch, held, new, held.lock)


@transaction.atomic
def fill(batch: ImportBatch, event: Event, new: NewEvent, *, by: User) -> None:
    """Add to an event what it lacks; what stands there stays as it is."""
    held = events.hold(event.pk)
    for name in ("label", "summary", "time_zone", "date_note", "verification_note"):
        if not getattr(held, name):
            setattr(held, name, getattr(new.event, name))
    for name in ("time", "category", "place"):
        if getattr(held, name) is None:
            setattr(held, name, getattr(new.event, name))
            if name == "place" and new.event.place is not None:
                held.place_precision = new.event.place_precision
    if not held.verification_override:
        held.verification_note = ""
    held.topics.add(*new.topics)
    cited = {each.source_id: each for each in held.citations.all()}
    acting = set(held.participations.values_list("actor", flat=True))
    fresh = [each for each in new.citations if each.source.pk not in cited]
    kept = {id(each): cited.get(each.source.pk, each) for each in new.citations}
    figures = [] if held.figures.exists() else new.figures
    for figure in figures:
        if figure.citation is not None:
            figure.citation = kept[id(figure.citation)]
    taken = held.citations.count()
    for citation in fresh:
        citation.order += taken
    parts = [each for each in new.participations if each.actor.pk not in acting]
    told = set(held.translations.values_list("language", flat=True))
    _adopt(
        held,
        NewEvent(
            new.event,
            participations=parts,
            citations=fresh,
            figures=figures,
            superseding=new.superseding if figures else [],
            external_ids=[] if held.revises_id else new.external_ids,
            translations=[each for each in new.translations if each.language not in told],
        ),
    )
    if held.revises_id is not None:
        _call(held.revises_id, new.external_ids)
    _finish(batch, held, by)
    # Most of it isn't the file's, so no later file may put its own words in their place.
    _note(batch, cast("Event", held.revises or held), new, 0)


def _call(event: int, external_ids: Sequence[ExternalId]) -> None:
    """An external id is the event's own, never its working copy's."""
    owner = Event.objects.get(pk=event)
    for each in external_ids:
        each.event = owner
    ExternalId.objects.bulk_create(external_ids, ignore_conflicts=True)
    changes.note(ChangeKind.CHANGED, owner)


def _adopt(held: Event, new: NewEvent) -> None:
    """Give the new rows to the saved event; external ids that it has already stay."""
    rows: tuple[Sequence[Any], ...] = (
        *(new.participations, new.citations, new.figures),
        *(new.external_ids, new.translations),
    )
    for row in chain.from_iterable(rows):
        row.event = held
    known = set(held.external_ids.values_list("system", "value"))
    new.external_ids = [each for each in new.external_ids if (each.system, each.value) not in known]
    _store_rows([new])


def _finish(batch: ImportBatch, held: Event, by: User) -> None:
    changes.say(_what(batch))
    events.finish(held, by, ChangeKind.CHANGED)


def _note(batch: ImportBatch, event: Event, new: NewEvent, lock: int) -> None:
    ImportedEvent.objects.update_or_create(
        batch=batch, event=event, defaults={"lock": lock, "fingerprint": new.fingerprint}
    )


def settle_in() -> None:
    """Let the database look at what came in: without, PostgreSQL plans for the tables of before."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
