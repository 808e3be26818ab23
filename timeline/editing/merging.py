"""Merging two records of one actor or one source. There is no undo.

Everything that named the merged one names the kept one; what would then stand twice is joined;
the merged one's addresses redirect. All in one transaction.
"""

from django.db import models, transaction
from django.utils.translation import gettext as _

from timeline.editing import addresses, amendments, changes, events, things
from timeline.editing.versions import User
from timeline.models import (
    Actor,
    ActorName,
    Citation,
    Event,
    Figure,
    Publisher,
    Source,
)
from timeline.models.choices import ChangeKind, NameKind


class MergeRefused(Exception):
    """The two can't be merged; the text says why."""


@transaction.atomic
def merge_actors(keep: Actor, gone: Actor, *, by: User = None) -> Actor:
    """Move all that ``gone`` is part of to ``keep``; a role held twice stays alleged only if both
    were. Raises ``MergeRefused``."""
    changes.begin()
    if keep.pk == gone.pk:
        raise MergeRefused(_("Choose two different actors."))
    if gone in keep.ancestors() or keep in gone.ancestors():
        raise MergeRefused(
            _("One is part of the other. Change “part of” first, if they are the same.")
        )
    known = amendments.state(gone)
    touched = list(things.resting_on(gone)) + list(
        Event.objects.filter(figures__attributed_to=gone).distinct()
    )
    for part in gone.participations.all():
        twin = keep.participations.filter(event=part.event_id, role=part.role).first()
        if twin is None:
            part.actor = keep
            part.save()
        else:
            twin.alleged = twin.alleged and part.alleged
            twin.save()
            part.delete()
    for citation in gone.spoken.all():
        _move_citation(citation, {"speaker": keep})
    Figure.objects.filter(attributed_to=gone).update(attributed_to=keep)
    moved = _hand_over(gone, keep)
    for name in [ActorName(name=gone.name, kind=NameKind.ALIAS), *gone.names.all()]:
        has = keep.name == name.name or keep.names.filter(name=name.name).exists()
        if not has:
            ActorName.objects.create(
                actor=keep, name=name.name, language=name.language, kind=name.kind
            )
    gone.names.all().delete()
    addresses.move(gone, keep)
    addresses.lead(gone.slug, keep)
    changes.note(ChangeKind.REMOVED, gone)
    amendments.write_merge(keep, gone, known, by=by)
    gone.delete()
    changes.note(ChangeKind.CHANGED, keep, *moved)
    _touch(touched)
    return keep


@transaction.atomic
def merge_sources(keep: Source, gone: Source, *, by: User = None) -> Source:
    """Cite ``keep`` wherever ``gone`` was cited. Raises ``MergeRefused``."""
    changes.begin()
    if keep.pk == gone.pk:
        raise MergeRefused(_("Choose two different sources."))
    known = amendments.state(gone)
    touched = list(Event.objects.filter(citations__source=gone).distinct())
    for citation in gone.citations.all():
        _move_citation(citation, {"source": keep})
    addresses.move(gone, keep)
    addresses.lead(gone.public_id, keep)
    changes.note(ChangeKind.REMOVED, gone)
    amendments.write_merge(keep, gone, known, by=by)
    gone.delete()
    changes.note(ChangeKind.CHANGED, keep)
    _touch(touched)
    return keep


def _move_citation(citation: Citation, change: dict[str, models.Model]) -> None:
    """Point the citation elsewhere; where the same one stands already, join the two."""
    wanted = {
        "source": citation.source_id,
        "speaker": citation.speaker_id,
        **{name: thing.pk for name, thing in change.items()},
    }
    twin = (
        Citation.objects.filter(event=citation.event_id, stance=citation.stance, **wanted)
        .exclude(pk=citation.pk)
        .first()
        if wanted["speaker"] is not None
        else Citation.objects.filter(
            event=citation.event_id,
            stance=citation.stance,
            source=wanted["source"],
            speaker__isnull=True,
        )
        .exclude(pk=citation.pk)
        .first()
    )
    if twin is None:
        for name, thing in change.items():
            setattr(citation, name, thing)
        citation.save()
        return
    twin.supports = list(dict.fromkeys([*twin.supports, *citation.supports]))
    for name in ("locator", "quote", "note"):
        setattr(twin, name, getattr(twin, name) or getattr(citation, name))
    twin.save()
    citation.figures.update(citation=twin)
    citation.delete()


def _hand_over(gone: Actor, keep: Actor) -> list[models.Model]:
    """Give what belongs to ``gone`` to ``keep``: its parts and the publishers that it controls."""
    parts = list(Actor.objects.filter(parent=gone))
    controlled = list(Publisher.objects.filter(controlled_by=gone))
    Actor.objects.filter(parent=gone).update(parent=keep)
    Publisher.objects.filter(controlled_by=gone).update(controlled_by=keep)
    return [*parts, *controlled]


def _touch(touched: list[Event]) -> None:
    for event in dict.fromkeys(touched):
        held = events.hold(event.pk)
        held.save()
        changes.note(ChangeKind.CHANGED, held)
    events.reassess(dict.fromkeys(touched))
