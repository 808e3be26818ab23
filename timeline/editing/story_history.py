"""Whether the versions of stories are what was published.

They stand in no chain: that of events is a promise to those who keep its end elsewhere, down to the
bytes that are hashed, and holds what is said to have happened; a story points to it. So here each
version is held against its own hash and its number, and a public story against its newest version.
Reads only; :mod:`timeline.editing.history` asks.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from timeline.models import Story, StoryVersion
from timeline.models.choices import Status
from timeline.record.stories import story_record, written

_OWN = (
    *("slug", "title", "description", "introduction", "byline", "language"),
    *("published_at", "revised_at", "version", "periods"),
)
"""What belongs to a story alone: no edit of an event ever changes it."""


def wrong() -> Iterator[str]:
    """What is wrong with the versions of stories, a sentence each."""
    for story in Story.objects.own().exclude(published_at=None).order_by("pk"):
        trouble = _trouble(story)
        if trouble:
            yield _("Story %(story)s: %(trouble)s") % {
                "story": story.public_id,
                "trouble": trouble,
            }


def _trouble(story: Story) -> str:
    versions = list(StoryVersion.objects.filter(story=story).order_by("number"))
    if [each.number for each in versions] != list(range(1, (story.version or 0) + 1)):
        return _("its versions are not those that were published; one was removed or put in.")
    for each in versions:
        if each.sha256 != each.hash_of_record():
            return _("version %(number)s is not what was published.") % {"number": each.number}
    if story.status == Status.PUBLISHED:
        now = json.loads(written(story_record(story)))
        field = _different(now, versions[-1].content())
        if field:
            return _(
                "its field “%(field)s” is not what version %(number)s says; it was changed past "
                "the desk."
            ) % {"field": field, "number": story.version}
    return ""


def _different(now: dict[str, Any], kept: dict[str, Any]) -> str:
    """The first field that differs where nothing that happens to an event can be the reason."""
    for name in _OWN:
        # A field that a later release added isn't in the versions before it.
        if name in kept and now[name] != kept[name]:
            return name
    # Steps come and go with their events, which may be withdrawn and merged; their words don't.
    notes = {each["note"] for each in kept["steps"]}
    told = {each["event"] for each in kept["steps"]}
    if any(each["note"] not in notes for each in now["steps"] if each["event"] in told):
        return "steps"
    return ""
