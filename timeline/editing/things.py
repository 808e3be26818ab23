"""How shared records change: actors, places, publishers, sources, categories, topics, metrics.

A renamed slug leaves a redirect behind; a change that touches what an event rests on (a source's
date, agency or kind; what an actor is part of) derives the verification of those events anew.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from timeline.editing import addresses, amendments, bulk, changes, events
from timeline.models import Actor, Event, Metric, Source, Topic
from timeline.models.choices import ChangeKind, LinkState
from timeline.models.named import MAX_DEPTH, Named

User = AbstractBaseUser | None


@contextmanager
def amending(thing: models.Model, *, by: User) -> Iterator[None]:
    """What is done to the thing inside is one edit: readers get one entry if they can see it.

    For a record with rows of its own, such as other names, that are written beside it.
    """
    with transaction.atomic():
        changes.begin()
        before = amendments.state(thing)
        yield
        amendments.write(thing, before, by=by)


@transaction.atomic
def store(thing: models.Model, *, by: User = None, told: bool = True) -> None:
    """Save a shared record, and note the change; readers are told of a public one.

    ``told`` is False inside :func:`amending`, which tells of the record with its other names.
    """
    changes.begin()
    if told:
        with amending(thing, by=by):
            _store(thing)
    else:
        _store(thing)


def _store(thing: models.Model) -> None:
    made = thing.pk is None
    before = None if made else type(thing)._default_manager.filter(pk=thing.pk).first()
    if isinstance(thing, Source) and isinstance(before, Source):
        _forget_check(thing, before)
    if isinstance(thing, Named) and not thing.slug:
        thing.slug = thing.free_slug()
    thing.save()
    if isinstance(thing, Named):
        _keep_old_slug(thing, before.slug if isinstance(before, Named) else thing.slug)
    changes.note(ChangeKind.CREATED if made else ChangeKind.CHANGED, thing)
    if before is not None:
        _reassess_events(thing, before)


@transaction.atomic
def store_new(things: Sequence[models.Model]) -> None:
    """Save many new records of one kind at once, and note them. Slugs must be set."""
    if things:
        changes.begin()
        bulk.insert(things)
        changes.note(ChangeKind.CREATED, *things)


@transaction.atomic
def remove(thing: models.Model) -> None:
    """Delete a shared record that nothing uses. Raises ``ProtectedError`` when something does."""
    used = users(thing)
    if used:
        raise models.ProtectedError(_("Events use it."), set(used))
    changes.note(ChangeKind.REMOVED, thing)
    if isinstance(thing, Metric):
        changes.note(ChangeKind.CHANGED, *thing.stories.all())
    addresses.forget(thing)
    thing.delete()


def users(thing: models.Model) -> list[Event]:
    """The events that hold the thing without a key that the database protects: its tags."""
    return list(thing.events.all()) if isinstance(thing, Topic) else []


def _forget_check(source: Source, before: Source) -> None:
    """What was found at another address says nothing of this one."""
    if source.url == before.url:
        return
    source.missed, source.missed_since = 0, None
    if (source.link_state, source.checked_at) == (before.link_state, before.checked_at):
        source.link_state, source.checked_at = LinkState.UNKNOWN, None


def _keep_old_slug(thing: Named, old: str) -> None:
    addresses.claim(thing.slug, thing)
    if old != thing.slug:
        addresses.lead(old, thing)


def _reassess_events(thing: models.Model, before: models.Model) -> None:
    if isinstance(thing, Source) and isinstance(before, Source):
        counted = ("agency_id", "publisher_id", "published_latest", "accessed_on", "kind")
        if any(getattr(thing, name) != getattr(before, name) for name in counted):
            events.reassess(Event.objects.filter(citations__source=thing).distinct())
    if (
        isinstance(thing, Actor)
        and isinstance(before, Actor)
        and thing.parent_id != before.parent_id
    ):
        events.reassess(resting_on(thing))


def resting_on(actor: Actor) -> models.QuerySet[Event]:
    """Events in which the actor or anything below it takes part or speaks."""
    family, level = {actor.pk}, {actor.pk}
    for _step in range(MAX_DEPTH):
        level = set(Actor.objects.filter(parent__in=level).values_list("pk", flat=True))
        family |= level
    return Event.objects.filter(
        Q(participations__actor__in=family) | Q(citations__speaker__in=family)
    ).distinct()
