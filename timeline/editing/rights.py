"""Which events and stories a person may see, change, publish and delete.

The table in permissions.py says what a group may do at all; here it meets the single event or
story: a contributor's own drafts, an editor's all drafts, a publisher's published ones. An
auditor, who may change nothing, sees everything.
"""

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from timeline.models import Event
from timeline.models.choices import Status
from timeline.models.published import Published, Thing

DRAFTS = (Status.DRAFT, Status.IN_REVIEW)


Person = User
"""Whoever is signed in."""


def _may(person: Person, verb: str, kind: type[Published]) -> bool:
    """Whether the person has a right such as ``change_any`` to events or to stories."""
    return person.has_perm(f"timeline.{verb}_{kind._meta.model_name}")


def _owns(person: Person, thing: Published) -> bool:
    return thing.created_by_id is not None and thing.created_by_id == person.pk


def visible(person: Person, things: QuerySet[Thing]) -> QuerySet[Thing]:
    """Those among these that the person may see: own ones, public ones, or all."""
    if not _may(person, "view", things.model):
        return things.none()
    if sees_all(person, things.model):
        return things
    return things.filter(Q(created_by=person.pk) | Q(status=Status.PUBLISHED))


def sees_all(person: Person, kind: type[Published]) -> bool:
    """Editors see what others write; so does who can change nothing."""
    return _may(person, "change_any", kind) or not _may(person, "change", kind)


def may_see(person: Person, thing: Published) -> bool:
    kind = type(thing)
    if not _may(person, "view", kind):
        return False
    public = thing.status == Status.PUBLISHED
    return sees_all(person, kind) or _owns(person, thing) or public


def may_change(person: Person, thing: Published) -> bool:
    """Whether the person may save the thing. A merged one is never changed again.

    Saving what is published or withdrawn changes what readers see, so it needs the right to
    publish.
    """
    kind = type(thing)
    if thing.status == Status.MERGED or not _may(person, "change", kind):
        return False
    if thing.status in DRAFTS and not thing.was_public:
        return _owns(person, thing) or _may(person, "change_any", kind)
    return may_publish(person, kind)


def may_revise(person: Person, thing: Published) -> bool:
    """Whether the person may write what a published thing will say next, in its working copy."""
    kind = type(thing)
    revises = _may(person, "change", kind) and _may(person, "change_any", kind)
    return thing.status == Status.PUBLISHED and revises


def may_write(person: Person, thing: Published) -> bool:
    """Whether the thing's form is for writing: into the thing, or into its working copy."""
    if thing.status == Status.PUBLISHED:
        return may_revise(person, thing)
    return may_change(person, thing)


def may_publish(person: Person, kind: type[Published] = Event) -> bool:
    return _may(person, "publish", kind)


def may_delete(person: Person, thing: Published) -> bool:
    """Only what readers never saw, by who may change it."""
    if thing.was_public or not _may(person, "delete", type(thing)):
        return False
    return may_change(person, thing)
