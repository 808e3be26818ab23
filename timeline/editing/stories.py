"""How a story changes: the only code that sets its status, version and moments.

A form saves the story's own fields, its steps and its periods, then calls :func:`settle`. What a
published story will say next is written in its working copy (:mod:`timeline.editing.story_copies`).
Every step is one transaction with its Change row.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from timeline.editing import addresses, changes, editions, publishing
from timeline.editing.publishing import StepRefused, User
from timeline.editing.versions import Release
from timeline.models import Event, Period, Step, Story, StoryVersion
from timeline.models.choices import ChangeKind, Status
from timeline.record.stories import story_record
from timeline.record.stories import written as as_kept


def hold(pk: int) -> Story:
    """Lock the story's row until the transaction ends, and return it as it is saved now."""
    return publishing.held(Story, pk)


@transaction.atomic
def settle(
    story: Story,
    *,
    by: User,
    before: str | None,
    release: Release | None = None,
    written: bool = True,
) -> Story:
    """Finish the save of a story whose fields, steps and periods are already written.

    ``before`` is the status that was saved before, None for a new story; ``story.status`` is the
    one wanted; ``written`` says whether anything but the status was changed. Raises
    ``StepRefused`` for a step that isn't one and for a story that can't be published; the
    caller's transaction must then be rolled back.
    """
    changes.begin()
    publishing.check_step(story, before or Status.DRAFT, story.status)
    if sentence := story.wrong_edition():
        raise StepRefused(sentence)
    made = None
    if story.status == Status.PUBLISHED and (written or before != Status.PUBLISHED):
        publishing.refuse_copy(story)
        publishing.require_second(story, by=by, written=written)
        made = publishing.told(story, before, release)
        _stamp(story, made)
    if story.status == Status.WITHDRAWN and before != Status.WITHDRAWN:
        made = publishing.take_back(story, story.withdrawal_reason)
    finish(story, by, ChangeKind.CREATED if before is None else ChangeKind.CHANGED, made)
    return story


def publish_anew(story: Story, *, by: User, release: Release) -> None:
    """Make what was just written onto a public story its next version. In a transaction."""
    _stamp(story, release)
    finish(story, by, ChangeKind.CHANGED, release)


def problems(story: Story) -> list[str]:
    """What hinders the saved story from being published, a sentence each."""
    found = []
    if not Step.objects.filter(story=story, event__in=Event.objects.public()).exists():
        found.append(
            _("Add a step to a published event; a story tells of events that readers can see.")
        )
    if left := editions.left_to_translate(story):
        found.append(
            _("Translate what still stands in the words of the original: %(texts)s.")
            % {"texts": ", ".join(f"“{each}”" for each in left)}
        )
    return found


def hidden_steps(story: Story) -> list[Step]:
    """The steps that readers don't see, because their event isn't public."""
    rows = Step.objects.filter(story=story).select_related("event").order_by("order", "pk")
    return [step for step in rows if step.event.status != Status.PUBLISHED]


def _stamp(story: Story, release: Release) -> None:
    found = problems(story)
    if sentence := release.problem():
        found.append(sentence)
    if found:
        raise StepRefused(" ".join(found))
    publishing.stamp(story)


def finish(story: Story, by: User, kind: ChangeKind, made: Release | None = None) -> None:
    """Save the story and note it; ``made`` writes a version of what is saved."""
    publishing.sign(story, by, new=kind == ChangeKind.CREATED)
    if story.revises_id is None:
        _keep_address(story)
    story.save()
    step = f"{made.kind}, version {story.version}" if made is not None else None
    changes.note(kind, story, by=story.updated_by_id, what=step)
    if made is not None:
        version = StoryVersion(
            story=story,
            number=story.version or 1,
            kind=made.kind,
            public_note=made.note,
            record=as_kept(story_record(story)),
            at=timezone.now().replace(microsecond=0),
            author_id=by.pk if by else None,
        )
        version.sha256 = version.hash_of_record()
        version.save()


def _keep_address(story: Story) -> None:
    """An address that readers knew leads on to the new one."""
    if not story.slug:
        story.slug = story.free_slug()
    if story.has_twin():
        raise StepRefused(_("Another story has this address. Choose another one."))
    last = story.versions.order_by("-number").first() if story.pk else None
    known = str(last.content()["slug"]) if last is not None else story.slug
    addresses.claim(story.slug, story)
    if known != story.slug:
        addresses.lead(known, story)


@transaction.atomic
def publish(stories: Iterable[Story], *, by: User) -> list[Story]:
    """Publish drafts and withdrawn stories; all or none. Raises ``StepRefused``."""
    return _each(stories, Status.PUBLISHED, by)


@transaction.atomic
def send_to_review(stories: Iterable[Story], *, by: User) -> list[Story]:
    """Mark drafts as ready for review; all or none. Raises ``StepRefused``."""
    return _each(stories, Status.IN_REVIEW, by)


def _each(stories: Iterable[Story], wanted: Status, by: User) -> list[Story]:
    done = []
    for given in stories:
        story = hold(given.pk)
        before = story.status
        if before == wanted:
            continue
        story.status = wanted
        done.append(settle(story, by=by, before=before, written=False))
    return done


@transaction.atomic
def withdraw(story: Story, *, by: User, reason: str) -> Story:
    """Take a published story from the public; its address answers with the reason.

    Raises ``StepRefused`` for a story that isn't published, or without a reason.
    """
    story = hold(story.pk)
    publishing.require_public(story)
    finish(story, by, ChangeKind.CHANGED, publishing.take_back(story, reason))
    return story


@transaction.atomic
def delete(story: Story) -> None:
    """Delete a story that readers never saw, or discard a working copy. Raises ``StepRefused``
    for any other."""
    story = hold(story.pk)
    publishing.require_unseen(story)
    remove([story])


def remove(stories: Iterable[Story]) -> None:
    """Take stories out with all that is theirs, as the demo does; their editions become stories
    by themselves. In a transaction."""
    for story in stories:
        remove(Story.objects.filter(revises=story))
        changes.note(ChangeKind.CHANGED, *story.editions.all())
        changes.note(ChangeKind.REMOVED, *story.periods.all(), story)
        addresses.forget(story)
        story.delete()


def let_go(events: Iterable[Event]) -> None:
    """Take every step to events that are about to be removed out of its story. In a transaction."""
    steps = Step.objects.filter(event__in=events)
    stories = Story.objects.filter(pk__in=steps.values("story"))
    changes.note(ChangeKind.CHANGED, *stories)
    steps.delete()


def store_period(period: Period) -> None:
    """Save a period and note it; its story's page shows it. In a transaction."""
    made = period.pk is None
    period.save()
    changes.note(ChangeKind.CREATED if made else ChangeKind.CHANGED, period)
