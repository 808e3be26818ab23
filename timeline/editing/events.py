"""How an event changes: the only code that sets its status, version, slug and verification.

A form saves the event's own fields and its children, then calls :func:`settle`; bulk actions and
commands call the verbs below. Each is one transaction with its Change row, and each refuses a
step that the status doesn't allow.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from timeline import text
from timeline.editing import changes, publishing, rules, versions
from timeline.editing.publishing import StepRefused, User
from timeline.editing.rows import again, fresh
from timeline.editing.versions import Release
from timeline.models import (
    Category,
    Citation,
    Event,
    EventTranslation,
    Figure,
    Participation,
    Relation,
    Step,
    Story,
    Topic,
    VerificationStep,
)
from timeline.models.choices import ChangeKind, Status, VersionKind
from timeline.record import assess_all
from timeline.verification import Label


def hold(pk: int, lock: int | None = None) -> Event:
    """Lock the event's row until the transaction ends, and return it as it is saved now. Raises
    as :func:`publishing.held`."""
    return publishing.held(Event, pk, lock)


@transaction.atomic
def settle(
    event: Event,
    *,
    by: User,
    before: str | None,
    release: Release | None = None,
    written: bool = True,
) -> Event:
    """Finish the save of an event whose fields and children are already written.

    ``before`` is the status that was saved before, None for a new event; ``event.status`` is the
    one wanted; ``release`` says what the publication of a change is, ``written`` whether anything
    but the status was changed. Derives verification and slug, stamps version and times, saves,
    notes the change, writes the version. Raises ``rules.Hindered`` when it can't be published,
    ``StepRefused`` for a step that isn't one; the caller's transaction must then be rolled back.
    """
    publishing.check_step(event, before or Status.DRAFT, event.status)
    made = None
    if event.status == Status.PUBLISHED:
        publishing.refuse_copy(event)
        publishing.require_second(event, by=by, written=written)
        made = publishing.told(event, before, release)
        _stamp(event, made)
    if event.status == Status.WITHDRAWN and before != Status.WITHDRAWN:
        made = publishing.take_back(event, event.withdrawal_reason)
    finish(event, by, ChangeKind.CREATED if before is None else ChangeKind.CHANGED, made)
    return event


def publish_anew(event: Event, *, by: User, release: Release) -> None:
    """Make what was just written onto a public event its next version. In a transaction."""
    _stamp(event, release)
    finish(event, by, ChangeKind.CHANGED, release)


def _stamp(event: Event, release: Release) -> None:
    """Make the saved event public as of now. Raises ``Hindered``."""
    problems = rules.problems(event)
    if sentence := release.problem():
        problems.append(rules.Problem("public_note", sentence))
    if problems:
        raise rules.Hindered(event, problems)
    unschedule(event)
    event.slug = text.slug(event.title)[:80].strip("-")
    publishing.stamp(event)


def unschedule(event: Event) -> None:
    """Let nothing be published by itself any more; not saved yet."""
    event.publish_at = event.publish_by = None
    event.publish_kind = event.publish_note = event.publish_refusal = ""


def finish(event: Event, by: User, kind: ChangeKind, made: Release | None = None) -> None:
    """Save the event and note it; ``made`` writes a version of what is saved."""
    if event.publish_at is not None and event.publish_by_id is None:
        # A day that nobody who may publish stands for would publish what nobody has read.
        unschedule(event)
    outcome, steps = assess_all(event)
    event.verification = event.verification_override or outcome.label.value
    publishing.sign(event, by, new=kind == ChangeKind.CREATED)
    event.save()
    _keep_steps(event, steps)
    step = f"{made.kind}, version {event.version}" if made is not None else None
    changes.note(kind, event, by=event.updated_by_id, what=step)
    if made is not None:
        versions.write(event, made, by=by)


def _keep_steps(event: Event, steps: list[tuple[date, Label]]) -> bool:
    """Keep how the verification came about; whether it was another way before."""
    wanted = [(day, label.value) for day, label in steps]
    if wanted == list(event.verification_steps.values_list("day", "label")):
        return False
    event.verification_steps.all().delete()
    VerificationStep.objects.bulk_create(
        VerificationStep(event=event, day=day, label=label) for day, label in wanted
    )
    return True


@transaction.atomic
def publish(events: Iterable[Event], *, by: User) -> list[Event]:
    """Publish drafts and withdrawn events; all or none. Raises ``Hindered``, ``StepRefused``."""
    done = []
    for given in events:
        event = hold(given.pk)
        if event.status == Status.PUBLISHED:
            continue
        publishing.refuse_copy(event)
        publishing.check_step(event, event.status, Status.PUBLISHED)
        publishing.require_second(event, by=by, written=False)
        made = publishing.told(event, event.status, None)
        _stamp(event, made)
        finish(event, by, ChangeKind.CHANGED, made)
        done.append(event)
    return done


@transaction.atomic
def send_to_review(events: Iterable[Event], *, by: User) -> list[Event]:
    """Mark drafts as ready for review; all or none. Raises ``StepRefused``."""
    done = []
    for given in events:
        event = hold(given.pk)
        publishing.check_step(event, event.status, Status.IN_REVIEW)
        event.status = Status.IN_REVIEW
        finish(event, by, ChangeKind.CHANGED)
        done.append(event)
    return done


@transaction.atomic
def withdraw(events: Iterable[Event], *, by: User, reason: str) -> list[Event]:
    """Take published events from the public; their address answers with the public reason.

    Raises ``StepRefused`` for an event that isn't published, or without a reason.
    """
    done = []
    for given in events:
        event = hold(given.pk)
        publishing.require_public(event)
        finish(event, by, ChangeKind.CHANGED, publishing.take_back(event, reason))
        done.append(event)
    return done


@transaction.atomic
def set_category(events: Iterable[Event], category: Category, *, by: User) -> list[Event]:
    """Give the events this category, where it is another; a published one gets a new version."""
    done = []
    for given in events:
        event = hold(given.pk)
        if event.category_id == category.pk:
            continue
        event.category = category
        _save_again(event, by, Release(VersionKind.MINOR))
        done.append(event)
    return done


@transaction.atomic
def add_topic(events: Iterable[Event], topic: Topic, *, by: User) -> list[Event]:
    """Tag the events with this topic, where it is new; a published one gets a new version."""
    done = []
    for given in events:
        event = hold(given.pk)
        if event.topics.contains(topic):
            continue
        event.topics.add(topic)
        _save_again(event, by, Release(VersionKind.MINOR))
        done.append(event)
    return done


def _save_again(event: Event, by: User, release: Release) -> None:
    made = release if event.status == Status.PUBLISHED else None
    if made is not None:
        publishing.require_second(event, by=by, written=True)
        _stamp(event, made)
    finish(event, by, ChangeKind.CHANGED, made)


@transaction.atomic
def merge(keep: Event, gone: Event, *, by: User) -> Event:
    """Merge an event that was public into another public one; its address then redirects.

    What :func:`brings` tells of is copied to the kept one; the merged one keeps its rows, which
    its versions speak of. Raises ``StepRefused``.
    """
    # Always the lower key first: two merges the other way round don't wait for each other.
    held = {pk: hold(pk) for pk in sorted({keep.pk, gone.pk})}
    keep, gone = held[keep.pk], held[gone.pk]
    if not mergeable(keep) or keep.pk == gone.pk:
        raise StepRefused(_("Choose another, published event to merge into."))
    mergeable(gone)
    _bring(keep, gone)
    gone.status = Status.MERGED
    gone.merged_into = keep
    gone.version = (gone.version or 0) + 1
    finish(gone, by, ChangeKind.CHANGED, Release(VersionKind.MERGED))
    joined = _("Another event that told of the same was merged into this one.")
    _save_again(keep, by, Release(VersionKind.UPDATE, joined))
    return keep


def mergeable(event: Event) -> bool:
    """Whether another event can be merged into this one; else only this one into another.

    Raises ``StepRefused`` for an event that takes no part in a merge.
    """
    publishing.refuse_copy(event)
    if event.status not in (Status.PUBLISHED, Status.WITHDRAWN):
        raise StepRefused(
            _("“%(event)s” was not published; only an event that was can be merged.")
            % {"event": event}
        )
    if Event.objects.filter(revises=event).exists():
        raise StepRefused(
            _("There are changes to “%(event)s”. Publish or discard them first.") % {"event": event}
        )
    return event.status == Status.PUBLISHED


@dataclass(frozen=True, slots=True)
class Brought:
    """What a merge adds to the kept event: rows that it doesn't have yet."""

    citations: list[Citation]
    participations: list[Participation]
    figures: list[Figure]
    topics: list[Topic]
    relations: list[Relation]
    translations: list[EventTranslation]


def brings(keep: Event, gone: Event) -> Brought:
    """What merging would add to the kept event: sources that it doesn't cite, roles, figures and
    topics that it doesn't have, relations to third events, languages that it isn't told in."""
    cited = set(keep.citations.values_list("source", flat=True))
    parts = set(keep.participations.values_list("actor", "role"))

    def value(figure: Figure) -> tuple[object, ...]:
        names = ("metric_id", "subject", "low", "best", "high", "text_value", "as_of")
        return tuple(getattr(figure, name) for name in names)

    figures = {value(each) for each in keep.figures.all()}
    related = set(keep.relations.values_list("kind", "to_event"))
    related |= set(keep.related_from.values_list("kind", "from_event"))
    own = gone.relations.exclude(to_event=keep).select_related("to_event")
    others = gone.related_from.exclude(from_event=keep).select_related("from_event")
    return Brought(
        [each for each in gone.citations.select_related("source") if each.source_id not in cited],
        [
            each
            for each in gone.participations.select_related("actor")
            if (each.actor_id, each.role) not in parts
        ],
        [each for each in gone.figures.select_related("metric") if value(each) not in figures],
        list(gone.topics.exclude(pk__in=keep.topics.values("pk"))),
        [
            *(each for each in own if (each.kind, each.to_event_id) not in related),
            *(each for each in others if (each.kind, each.from_event_id) not in related),
        ],
        list(gone.translations.exclude(language__in=keep.translations.values("language"))),
    )


def _bring(keep: Event, gone: Event) -> None:
    """Copy onto the kept event what only the merged one has."""
    brought = brings(keep, gone)

    taken = keep.citations.count()
    cited = {
        each.pk: again(each, event=keep, order=taken + each.order) for each in brought.citations
    }
    sources = {each.source_id: each for each in keep.citations.all()}
    known = {each.pk: sources[each.source_id] for each in gone.citations.all()} | cited
    taken = keep.participations.count()
    for part in brought.participations:
        again(part, event=keep, order=taken + part.order)
    taken = keep.figures.count()
    made = {}
    for figure in brought.figures:
        at = known.get(figure.citation_id or 0)
        made[figure.pk] = again(
            figure, event=keep, citation=at, superseded_by=None, order=taken + figure.order
        )
    for figure in brought.figures:
        successor = made.get(figure.superseded_by_id or 0)
        if successor is not None:
            made[figure.pk].superseded_by = successor
            made[figure.pk].save()
    keep.topics.add(*brought.topics)
    ends = []
    for relation in brought.relations:
        mine = relation.from_event_id == gone.pk
        moved = fresh(relation, **{"from_event" if mine else "to_event": keep})
        try:
            moved.full_clean()
        except ValidationError:
            continue  # it would make an event part of itself, or say again what is said
        moved.save()
        ends.append(moved.to_event if mine else moved.from_event)
    for translation in brought.translations:
        # Its seal is of the merged one's words, so that the desk says to look at it.
        again(translation, event=keep)
    # Whoever imports the merged one's file again means the kept one, and so does a story.
    gone.external_ids.update(event=keep)
    changes.note(ChangeKind.CHANGED, *Story.objects.filter(steps__event=gone).distinct())
    gone.steps.update(event=keep)
    changes.note(ChangeKind.CHANGED, *ends)


@transaction.atomic
def delete(event: Event) -> None:
    """Delete a draft that readers never saw. Raises ``StepRefused`` for any other."""
    event = hold(event.pk)
    publishing.require_unseen(event)
    for step in Step.objects.filter(event=event).select_related("story")[:1]:
        raise StepRefused(
            _("“%(event)s” stands in the story “%(story)s”. Take it out of the story first.")
            % {"event": event, "story": step.story}
        )
    changes.note(ChangeKind.REMOVED, event)
    changes.note(ChangeKind.CHANGED, *related(event))
    # A figure holds on to its source, so it goes first.
    event.figures.all().delete()
    event.delete()


def related(event: Event) -> list[Event]:
    """The other ends of the event's relations; a relation is shown on both."""
    return list(
        Event.objects.filter(Q(relations__to_event=event) | Q(related_from__from_event=event))
        .exclude(pk=event.pk)
        .distinct()
    )


def reassess(events: Iterable[Event]) -> list[Event]:
    """Derive the verification of events anew after a shared record changed. In a transaction."""
    done = []
    for given in events:
        event = hold(given.pk)
        outcome, steps = assess_all(event)
        label = event.verification_override or outcome.label.value
        if _keep_steps(event, steps) or label != event.verification:
            event.verification = label
            event.save()
            changes.note(ChangeKind.CHANGED, event)
            done.append(event)
    return done
