"""Public edits of actors, places, publishers and sources: one entry for readers, if there is
anything to tell.

Take ``state`` before the change and hand it to ``write`` after it, in one transaction. Only what
readers may see is compared: a thing that no public event uses leaves no entry, nor does an edit
of what its page doesn't show.
"""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from timeline.editing import changes
from timeline.models import Actor, Amendment, Place, Publisher, Source
from timeline.models.choices import AmendmentKind, ChangeKind
from timeline.record import canonical_json

State = dict[str, Any]
User = AbstractBaseUser | None

_FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    Actor: ("name", "slug", "kind", "country", "description", "wikidata_id"),
    Place: (
        *("name", "slug", "kind", "country", "latitude", "longitude"),
        *("dateline", "geonames_id"),
    ),
    Publisher: ("name", "slug", "kind", "country", "language", "note"),
    Source: (
        *("url", "reference", "title", "title_is_description", "authors", "published"),
        *("accessed_on", "language", "kind", "archive_url", "archived_at"),
    ),
}
_RELATED: dict[type[models.Model], tuple[str, ...]] = {
    Actor: ("parent",),
    Place: ("parent",),
    Publisher: ("controlled_by",),
    Source: ("publisher", "agency"),
}


def state(thing: models.Model) -> State | None:
    """What readers may know of the thing as it is saved now; None when that is nothing."""
    model = type(thing)
    if model not in _FIELDS or thing.pk is None:
        return None
    manager: Any = model._default_manager
    saved = manager.filter(pk=thing.pk).first()
    if saved is None or not manager.public().filter(pk=thing.pk).exists():
        return None
    found: State = {name: getattr(saved, name) for name in _FIELDS[model]}
    for name in _RELATED[model]:
        other = getattr(saved, name)
        if other is not None and not type(other)._default_manager.public().filter(pk=other.pk):
            other = None
        found[name] = other.name if other is not None else None
    if isinstance(saved, Actor | Publisher):
        found["names"] = sorted([each.name, each.language, each.kind] for each in saved.names.all())
    return found


def write(thing: models.Model, before: State | None, *, by: User) -> Amendment | None:
    """Tell readers what of the thing differs from ``before``; None when nothing does."""
    after = state(thing) if before is not None else None
    if before is None or after is None:
        return None
    differing = [name for name in after if after[name] != before[name]]
    if not differing:
        return None
    return _entry(
        thing,
        AmendmentKind.CHANGED,
        {name: before[name] for name in differing},
        {name: after[name] for name in differing},
        by,
    )


def write_merge(
    keep: models.Model, gone: models.Model, before: State | None, *, by: User
) -> Amendment | None:
    """Tell readers that ``gone``, of which they knew ``before``, is ``keep`` from now on.

    What was told of ``gone`` before is told of ``keep``.
    """
    entries = Amendment.objects.filter(model=_name(gone), object_id=gone.pk)
    moved = list(entries)
    entries.update(object_id=keep.pk)
    changes.note(ChangeKind.CHANGED, *moved)
    if before is None:
        return None
    kept = {"key": key(keep), "name": str(keep)}
    return _entry(keep, AmendmentKind.MERGED, {"key": key(gone), "name": str(gone)}, kept, by)


def key(thing: Any) -> str:
    """What the thing's address ends in."""
    return str(thing.public_id if isinstance(thing, Source) else thing.slug)


def _name(thing: models.Model) -> str:
    return thing._meta.model_name or ""


def _entry(
    thing: models.Model, kind: AmendmentKind, before: State, after: State, by: User
) -> Amendment:
    amendment = Amendment.objects.create(
        kind=kind,
        model=_name(thing),
        object_id=thing.pk,
        key=key(thing),
        name=str(thing)[:400],
        before=canonical_json(before),
        after=canonical_json(after),
        author_id=by.pk if by else None,
    )
    changes.note(ChangeKind.CREATED, amendment)
    return amendment
