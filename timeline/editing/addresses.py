"""Old addresses of named things: kept when one is renamed or merged, given up when it is removed.

Each redirect that is written or removed leaves a Change of its own, since it decides what an old
link or query string means. Must run in the transaction of the change that it belongs to.
"""

from django.db import models

from timeline.editing import changes
from timeline.models import SlugRedirect
from timeline.models.choices import ChangeKind


def lead(old_slug: str, thing: models.Model) -> None:
    """Let the old slug mean the thing from now on."""
    redirect, made = SlugRedirect.objects.update_or_create(
        kind=_kind(thing), old_slug=old_slug, defaults={"object_id": thing.pk}
    )
    changes.note(ChangeKind.CREATED if made else ChangeKind.CHANGED, redirect)


def move(gone: models.Model, keep: models.Model) -> None:
    """Let every old slug of the one mean the other."""
    for redirect in _of(gone):
        redirect.object_id = keep.pk
        redirect.save()
        changes.note(ChangeKind.CHANGED, redirect)


def claim(slug: str, thing: models.Model) -> None:
    """The slug is the thing's own: an address in use is never a redirect as well."""
    _forget(SlugRedirect.objects.filter(kind=_kind(thing), old_slug=slug))


def forget(thing: models.Model) -> None:
    """Give up the old slugs of a thing that is removed."""
    _forget(_of(thing))


def _kind(thing: models.Model) -> str:
    return thing._meta.model_name or ""


def _of(thing: models.Model) -> models.QuerySet[SlugRedirect]:
    return SlugRedirect.objects.filter(kind=_kind(thing), object_id=thing.pk)


def _forget(redirects: models.QuerySet[SlugRedirect]) -> None:
    changes.note(ChangeKind.REMOVED, *redirects)
    redirects.delete()
