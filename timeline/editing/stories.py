"""How a story changes: the only code that sets its status, version and moments.

A form saves the story's own fields, its steps and its periods, then calls :func:`settle`. The
rows of a published story are its public text: saving one publishes its next version, which needs
the right to publish. Every step is one transaction with its Change row.
"""

import hashlib
from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from timeline import text
from timeline.editing import addresses, changes, editions
from timeline.editing.events import STEPS, StepRefused, require_second
from timeline.editing.versions import Release
from timeline.models import Event, Period, Step, Story, StoryVersion
from timeline.models.choices import ChangeKind, Status, VersionKind
from timeline.record.stories import story_record, written

User = AbstractBaseUser | None


def hold(pk: int) -> Story:
    """Lock the story's row until the transaction ends, and return it as it is saved now."""
    changes.begin()
    return Story.objects.select_for_update(of=("self",)).get(pk=pk)


@transaction.atomic
def settle(
    story: Story,
    *,
    by: User,
    before: str | None,
    release: Release | None = None,
    changed: bool = True,
) -> Story:
    """Finish the save of a story whose fields, steps and periods are already written.

    ``before`` is the status that was saved before, None for a new story; ``story.status`` is the
    one wanted; ``changed`` says whether anything but the status was. Raises ``StepRefused`` for a
    step that isn't one and for a story that can't be published; the caller's transaction must
    then be rolled back.
    """
    changes.begin()
    if story.status not in STEPS[before or Status.DRAFT]:
        raise StepRefused(
            _("“%(story)s” is %(before)s; it can't become %(wanted)s.")
            % {
                "story": story,
                "before": str(Status(before or Status.DRAFT).label).lower(),
                "wanted": str(Status(story.status).label).lower(),
            }
        )
    if sentence := story.wrong_edition():
        raise StepRefused(sentence)
    told = None
    if story.status == Status.PUBLISHED and (changed or before != Status.PUBLISHED):
        require_second(story, by=by, written=changed)
        told = _told(story, before, release)
        _stamp(story, told)
    if story.status == Status.WITHDRAWN and before != Status.WITHDRAWN:
        told = _take_back(story, story.withdrawal_reason)
    _finish(story, by, ChangeKind.CREATED if before is None else ChangeKind.CHANGED, told)
    return story


def _told(story: Story, before: str | None, release: Release | None) -> Release:
    """What readers are told that a publication is."""
    if story.published_at is None:
        return Release(VersionKind.FIRST)
    if before == Status.WITHDRAWN:
        return Release(VersionKind.RESTORED, release.note if release else "")
    return release or Release()


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
    now = timezone.now()
    story.version = (story.version or 0) + 1
    story.withdrawn_at, story.withdrawal_reason = None, ""
    if story.published_at is None:
        story.published_at = now
    else:
        story.revised_at = now


def _take_back(story: Story, reason: str) -> Release:
    if not text.clean_text(reason):
        raise StepRefused(_("Say why it is withdrawn; readers will see the reason."))
    story.status = Status.WITHDRAWN
    story.withdrawn_at, story.withdrawal_reason = timezone.now(), reason
    story.version = (story.version or 0) + 1
    return Release(VersionKind.WITHDRAWN, reason)


def _finish(story: Story, by: User, kind: ChangeKind, told: Release | None) -> None:
    story.updated_by_id = by.pk if by else None
    if kind == ChangeKind.CREATED and story.created_by_id is None:
        story.created_by_id = story.updated_by_id
    _keep_address(story)
    story.save()
    step = f"{told.kind}, version {story.version}" if told is not None else None
    changes.note(kind, story, by=story.updated_by_id, what=step)
    if told is not None:
        record = written(story_record(story))
        StoryVersion.objects.create(
            story=story,
            number=story.version or 1,
            kind=told.kind,
            public_note=told.note,
            record=record,
            sha256=hashlib.sha256(record.encode()).hexdigest(),
            at=timezone.now().replace(microsecond=0),
            author_id=by.pk if by else None,
        )


def _keep_address(story: Story) -> None:
    """An address that readers knew leads on to the new one."""
    if not story.slug:
        story.slug = story.free_slug()
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
        done.append(settle(story, by=by, before=before, changed=False))
    return done


@transaction.atomic
def withdraw(story: Story, *, by: User, reason: str) -> Story:
    """Take a published story from the public; its address answers with the reason."""
    story = hold(story.pk)
    before, story.status, story.withdrawal_reason = story.status, Status.WITHDRAWN, reason
    return settle(story, by=by, before=before, changed=False)


@transaction.atomic
def delete(story: Story) -> None:
    """Delete a story that readers never saw. Raises ``StepRefused`` for any other."""
    story = hold(story.pk)
    if story.was_public:
        raise StepRefused(
            _("“%(story)s” was public and stays in the record. Withdraw it instead.")
            % {"story": story}
        )
    remove([story])


def remove(stories: Iterable[Story]) -> None:
    """Take stories out with all that is theirs, as the demo does; their editions become stories
    by themselves. In a transaction."""
    for story in stories:
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
