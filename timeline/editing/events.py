"""How an event changes: the only code that sets its status, version, slug and verification.

A form saves the event's own fields and its children, then calls :func:`settle`; bulk actions and
commands call the verbs below. Each is one transaction with its Change row, and each refuses a
step that the status doesn't allow.
"""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from timeline import text
from timeline.editing import changes, rules, versions
from timeline.editing.versions import Release
from timeline.models import Category, Citation, Event, Topic, VerificationStep
from timeline.models.choices import ChangeKind, Status, VersionKind
from timeline.record import assess_all
from timeline.verification import Label

STEPS: dict[str, frozenset[str]] = {
    Status.DRAFT: frozenset({Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED}),
    Status.IN_REVIEW: frozenset({Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED}),
    Status.PUBLISHED: frozenset({Status.PUBLISHED, Status.WITHDRAWN, Status.MERGED}),
    Status.WITHDRAWN: frozenset({Status.WITHDRAWN, Status.PUBLISHED, Status.MERGED}),
    Status.MERGED: frozenset({Status.MERGED}),
}
"""From each status, the statuses that a save may lead to."""

User = AbstractBaseUser | None


class StepRefused(Exception):
    """The status doesn't allow this; the text is a sentence for the editor."""


class Stale(Exception):
    """Somebody saved the event since the form was opened. ``current`` is what is saved now."""

    def __init__(self, current: Event) -> None:
        self.current = current
        super().__init__(_("Somebody else has saved “%(event)s” meanwhile.") % {"event": current})


def hold(pk: int, lock: int | None = None) -> Event:
    """Lock the event's row until the transaction ends, and return it as it is saved now.

    Raises ``Stale`` when ``lock`` is given and isn't the saved one, ``Event.DoesNotExist`` when
    it is gone. Must run inside a transaction.
    """
    changes.begin()
    event = Event.objects.select_for_update(of=("self",)).get(pk=pk)
    if lock is not None and event.lock != lock:
        raise Stale(event)
    return event


@transaction.atomic
def settle(event: Event, *, by: User, before: str | None, release: Release | None = None) -> Event:
    """Finish the save of an event whose fields and children are already written.

    ``before`` is the status that was saved before, None for a new event; ``event.status`` is the
    one wanted; ``release`` says what the publication of a change is. Derives verification and
    slug, stamps version and times, saves, notes the change, writes the version. Raises
    ``rules.Hindered`` when it can't be published, ``StepRefused`` for a step that isn't one; the
    caller's transaction must then be rolled back.
    """
    _check_step(event, before or Status.DRAFT, event.status)
    told = None
    if event.status == Status.PUBLISHED:
        told = _told(event, before, release)
        _stamp(event, told)
    if event.status == Status.WITHDRAWN and before != Status.WITHDRAWN:
        told = _take_back(event, event.withdrawal_reason)
    _finish(event, by, ChangeKind.CREATED if before is None else ChangeKind.CHANGED, told)
    return event


def _told(event: Event, before: str | None, release: Release | None) -> Release:
    """What readers are told that a publication is: only a change of public text can be chosen."""
    if event.published_at is None:
        return Release(VersionKind.FIRST)
    if before == Status.WITHDRAWN:
        return Release(VersionKind.RESTORED, release.note if release else "")
    return release or Release()


def _check_step(event: Event, before: str, wanted: str) -> None:
    if wanted not in STEPS[before]:
        raise StepRefused(
            _("“%(event)s” is %(before)s; it can't become %(wanted)s.")
            % {
                "event": event,
                "before": str(Status(before).label).lower(),
                "wanted": str(Status(wanted).label).lower(),
            }
        )


def _stamp(event: Event, release: Release) -> None:
    """Make the saved event public as of now. Raises ``Hindered``."""
    problems = rules.problems(event)
    if sentence := release.problem():
        problems.append(rules.Problem("public_note", sentence))
    if problems:
        raise rules.Hindered(event, problems)
    now = timezone.now()
    event.status = Status.PUBLISHED
    event.slug = text.slug(event.title)[:80].strip("-")
    event.version = (event.version or 0) + 1
    event.withdrawn_at = None
    event.withdrawal_reason = ""
    if event.published_at is None:
        event.published_at = now
    else:
        event.revised_at = now


def _take_back(event: Event, reason: str) -> Release:
    """Make a published event withdrawn as of now."""
    event.status = Status.WITHDRAWN
    event.withdrawn_at = timezone.now()
    event.withdrawal_reason = reason
    event.version = (event.version or 0) + 1
    return Release(VersionKind.WITHDRAWN, reason)


def _finish(event: Event, by: User, kind: ChangeKind, told: Release | None = None) -> None:
    """Save the event and note it; ``told`` writes a version of what is saved."""
    outcome, steps = assess_all(event)
    event.verification = event.verification_override or outcome.label.value
    event.updated_by_id = by.pk if by else None
    if event.created_by_id is None and kind == ChangeKind.CREATED:
        event.created_by_id = event.updated_by_id
    event.save()
    _keep_steps(event, steps)
    changes.note(kind, event)
    if told is not None:
        versions.write(event, told, by=by)


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
        _check_step(event, event.status, Status.PUBLISHED)
        told = _told(event, event.status, None)
        _stamp(event, told)
        _finish(event, by, ChangeKind.CHANGED, told)
        done.append(event)
    return done


@transaction.atomic
def send_to_review(events: Iterable[Event], *, by: User) -> list[Event]:
    """Mark drafts as ready for review; all or none. Raises ``StepRefused``."""
    done = []
    for given in events:
        event = hold(given.pk)
        _check_step(event, event.status, Status.IN_REVIEW)
        event.status = Status.IN_REVIEW
        _finish(event, by, ChangeKind.CHANGED)
        done.append(event)
    return done


@transaction.atomic
def withdraw(events: Iterable[Event], *, by: User, reason: str) -> list[Event]:
    """Take published events from the public; their address answers with the public reason.

    Raises ``StepRefused`` for an event that isn't published, or without a reason.
    """
    if not text.clean_text(reason):
        raise StepRefused(_("Say why it is withdrawn; readers will see the reason."))
    done = []
    for given in events:
        event = hold(given.pk)
        if event.status != Status.PUBLISHED:
            raise StepRefused(_("“%(event)s” is not published.") % {"event": event})
        _finish(event, by, ChangeKind.CHANGED, _take_back(event, reason))
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
    told = release if event.status == Status.PUBLISHED else None
    if told is not None:
        _stamp(event, told)
    _finish(event, by, ChangeKind.CHANGED, told)


@transaction.atomic
def merge(keep: Event, gone: Event, *, by: User) -> Event:
    """Merge an event that was public into another public one; its address then redirects.

    Sources that only the merged event cites are cited by the kept one too. Raises
    ``StepRefused``.
    """
    keep, gone = hold(keep.pk), hold(gone.pk)
    if keep.pk == gone.pk or keep.status != Status.PUBLISHED:
        raise StepRefused(_("Choose another, published event to merge into."))
    if gone.status not in (Status.PUBLISHED, Status.WITHDRAWN):
        raise StepRefused(_("Only an event that was published can be merged."))
    cited = set(keep.citations.values_list("source", flat=True))
    Citation.objects.bulk_create(
        Citation(
            event=keep,
            source_id=each.source_id,
            stance=each.stance,
            speaker_id=each.speaker_id,
            locator=each.locator,
            quote=each.quote,
            supports=each.supports,
            note=each.note,
            order=each.order + len(cited),
        )
        for each in gone.citations.exclude(source__in=cited)
    )
    gone.status = Status.MERGED
    gone.merged_into = keep
    gone.version = (gone.version or 0) + 1
    _finish(gone, by, ChangeKind.CHANGED, Release(VersionKind.MERGED))
    joined = _("Another event that told of the same was merged into this one.")
    _save_again(keep, by, Release(VersionKind.UPDATE, joined))
    return keep


@transaction.atomic
def delete(event: Event) -> None:
    """Delete a draft that readers never saw. Raises ``StepRefused`` for any other."""
    event = hold(event.pk)
    if event.was_public:
        raise StepRefused(
            _("“%(event)s” was public and stays in the record. Withdraw it instead.")
            % {"event": event}
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
