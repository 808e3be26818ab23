"""What is done to all that is published in versions, an event or a story alike.

Which statuses a save may lead to, who may publish their own words, what a publication is to
readers, the moments and the number that it gets; and the working copy, which holds what a
published thing will say next. What is peculiar to events is in :mod:`timeline.editing.events` and
``copies``, what is to stories in ``stories`` and ``story_copies``.
"""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone
from django.utils.translation import gettext as _

from timeline import text
from timeline.editing import changes
from timeline.editing.versions import Release
from timeline.models.choices import Status, VersionKind
from timeline.models.published import Published, Thing

STEPS: dict[str, frozenset[str]] = {
    Status.DRAFT: frozenset({Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED}),
    Status.IN_REVIEW: frozenset({Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED}),
    Status.PUBLISHED: frozenset({Status.PUBLISHED, Status.WITHDRAWN, Status.MERGED}),
    Status.WITHDRAWN: frozenset({Status.WITHDRAWN, Status.PUBLISHED, Status.MERGED}),
    Status.MERGED: frozenset({Status.MERGED}),
}
"""From each status, the statuses that a save may lead to. A story is never merged."""

User = AbstractBaseUser | None


class StepRefused(Exception):
    """The status doesn't allow this; the text is a sentence for the editor."""


class Stale(Exception):
    """Somebody saved the thing since the form was opened. ``current`` is what is saved now."""

    def __init__(self, current: Published) -> None:
        self.current = current
        super().__init__(_("Somebody else has saved “%(event)s” meanwhile.") % {"event": current})


class Outdated(StepRefused):
    """The thing got a newer version since the copy was begun. ``copy`` holds what was written."""

    def __init__(self, copy: Published) -> None:
        self.copy = copy
        super().__init__(
            _(
                "“%(event)s” was published anew since these changes were begun. Open them, and "
                "choose what stands."
            )
            % {"event": copy}
        )


def held(model: type[Thing], pk: int, lock: int | None = None) -> Thing:
    """Lock the thing's row until the transaction ends, and return it as it is saved now.

    Raises ``Stale`` when ``lock`` is given and isn't the saved one, ``DoesNotExist`` when it is
    gone. Must run inside a transaction.
    """
    changes.begin()
    rows = model._default_manager.select_for_update(of=("self",))
    thing: Thing = rows.get(pk=pk)
    if lock is not None and thing.lock != lock:
        raise Stale(thing)
    return thing


def check_step(thing: Published, before: str, wanted: str) -> None:
    """Refuse a step that isn't one."""
    if wanted not in STEPS[before]:
        raise StepRefused(
            _("“%(event)s” is %(before)s; it can't become %(wanted)s.")
            % {
                "event": thing,
                "before": str(Status(before).label).lower(),
                "wanted": str(Status(wanted).label).lower(),
            }
        )


def require_second(thing: Published, *, by: User, written: bool) -> None:
    """Where the site asks for two people, refuse who publishes their own words.

    Raises ``StepRefused``. What a command publishes, such as the demo, is nobody's words.
    """
    if not settings.TWO_PEOPLE or by is None:
        return
    last = by.pk if written else thing.updated_by_id
    if last is None or last == by.pk:
        raise StepRefused(
            _(
                "On this site two people publish: you wrote “%(event)s” last. Save it, and let "
                "somebody else publish it."
            )
            % {"event": thing}
        )


def told(thing: Published, before: str | None, release: Release | None) -> Release:
    """What readers are told that a publication is: only a change of public text can be chosen."""
    if thing.published_at is None:
        return Release(VersionKind.FIRST)
    if before == Status.WITHDRAWN:
        return Release(VersionKind.RESTORED, release.note if release else "")
    return release or Release()


def stamp(thing: Published) -> None:
    """Make a thing public as of now, as its next version; not saved yet."""
    now = timezone.now()
    thing.status = Status.PUBLISHED
    thing.version = (thing.version or 0) + 1
    thing.withdrawn_at = None
    thing.withdrawal_reason = ""
    if thing.published_at is None:
        thing.published_at = now
    else:
        thing.revised_at = now


def require_public(thing: Published) -> None:
    """Refuse to withdraw what readers don't see."""
    if thing.status != Status.PUBLISHED:
        raise StepRefused(_("“%(event)s” is not published.") % {"event": thing})


def take_back(thing: Published, reason: str) -> Release:
    """Make a published thing withdrawn as of now; not saved yet. Refuses where nothing says why."""
    if not text.clean_text(reason):
        raise StepRefused(_("Say why it is withdrawn; readers will see the reason."))
    thing.status = Status.WITHDRAWN
    thing.withdrawn_at = timezone.now()
    thing.withdrawal_reason = reason
    thing.version = (thing.version or 0) + 1
    return Release(VersionKind.WITHDRAWN, reason)


def sign(thing: Published, by: User, *, new: bool) -> None:
    """Say who saves it; not saved yet."""
    thing.updated_by_id = by.pk if by else None
    if new and thing.created_by_id is None:
        thing.created_by_id = thing.updated_by_id


def require_unseen(thing: Published) -> None:
    """Refuse to delete what readers saw."""
    if thing.was_public:
        raise StepRefused(
            _("“%(event)s” was public and stays in the record. Withdraw it instead.")
            % {"event": thing}
        )


# --- Working copies ------------------------------------------------------------------------------


def copy_of(thing: Thing) -> Thing | None:
    """The thing's working copy, if somebody has begun one."""
    return type(thing)._default_manager.filter(revises=thing.pk).first()


def refuse_copy(thing: Published) -> None:
    """Refuse to take a working copy for a thing of its own."""
    if thing.revises_id is not None:
        raise StepRefused(
            _("“%(event)s” is a change to a published one. Open it and publish the changes.")
            % {"event": thing}
        )


def held_public(thing: Thing) -> Thing:
    """The thing, held, which can have a working copy. Raises ``StepRefused`` if it can't."""
    found = held(type(thing), thing.pk)
    if found.status != Status.PUBLISHED:
        raise StepRefused(_("“%(event)s” is not published; change it directly.") % {"event": found})
    return found


def held_pair(copy: Thing, *, by: User, written: bool) -> tuple[Thing, Thing]:
    """A published thing and its copy, both held, where the copy may take its place now.

    ``written``: the one who publishes has just changed it. Raises ``Outdated`` and ``StepRefused``.
    """
    if copy.revises_id is None:
        raise StepRefused(_("“%(event)s” is no working copy.") % {"event": copy})
    model = type(copy)
    thing, copy = held(model, copy.revises_id), held(model, copy.pk)
    if thing.status != Status.PUBLISHED:
        raise StepRefused(
            _("“%(event)s” is not public any more. Publish it again first, or discard these.")
            % {"event": thing}
        )
    if thing.version != copy.revises_version:
        raise Outdated(copy)
    require_second(copy, by=by, written=written)
    return thing, copy
