"""Working copies of stories: what a published story will say next, written beside it.

As :mod:`timeline.editing.copies` for events: a copy is a draft with ``revises``, with fields, steps
and periods of its own, which publishing puts onto the public story in one transaction.
"""

from django.db import transaction

from timeline.editing import changes, stories
from timeline.editing.publishing import User, copy_of, held_pair, held_public
from timeline.editing.rows import again
from timeline.editing.versions import Release
from timeline.models import Story
from timeline.models.choices import ChangeKind, Status

FIELDS = (
    "title",
    "language",
    "translation_of",
    "slug",
    "description",
    "introduction",
    "byline",
)
"""What a copy takes from its story, and gives back."""
ROWS = ("steps", "periods")


@transaction.atomic
def begin(story: Story, *, by: User) -> Story:
    """The working copy of a published story, made from what readers see if there is none yet.

    Its ``revises_base["rows"]`` maps the keys of the story's rows to those of the copy's.
    Raises ``StepRefused`` for a story that isn't published.
    """
    story = held_public(story)
    known = copy_of(story)
    if known is not None:
        return known
    copy = Story(revises=story, revises_version=story.version, status=Status.DRAFT)
    for name in FIELDS:
        setattr(copy, name, getattr(story, name))
    copy.save()
    copy.compared.set(story.compared.all())
    copy.revises_base = {
        "rows": {
            name: {str(row.pk): again(row, story=copy).pk for row in getattr(story, name).all()}
            for name in ROWS
        }
    }
    stories.finish(copy, by, ChangeKind.CREATED)
    changes.note(ChangeKind.CREATED, *copy.periods.all())
    return copy


@transaction.atomic
def publish(copy: Story, *, by: User, release: Release, written: bool = False) -> Story:
    """Let readers see the copy instead of what the story says; the copy is gone then.

    ``written``: the one who publishes has just changed it. Raises ``Outdated`` and
    ``StepRefused``; the caller's transaction must then be rolled back.
    """
    story, copy = held_pair(copy, by=by, written=written)
    for name in FIELDS:
        setattr(story, name, getattr(copy, name))
    story.compared.set(copy.compared.all())
    # The rows keep their keys, so that a form that was opened on the copy still means them.
    story.steps.all().delete()
    changes.note(ChangeKind.REMOVED, *story.periods.all())
    story.periods.all().delete()
    periods = list(copy.periods.all())
    for rows in (copy.steps, copy.periods):
        rows.update(story=story)
    changes.note(ChangeKind.CHANGED, *periods)
    changes.note(ChangeKind.REMOVED, copy)
    copy.delete()
    stories.publish_anew(story, by=by, release=release)
    return story
