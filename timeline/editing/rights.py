"""Which events and stories a person may see, change, publish and delete.

The table in permissions.py says what a group may do at all; here it meets the single event or
story: a contributor's own drafts, an editor's all drafts, a publisher's published ones. An
auditor, who may change nothing, sees everything.
"""

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from timeline.models import Event, Story
from timeline.models.choices import Status

DRAFTS = (Status.DRAFT, Status.IN_REVIEW)


Person = User
"""Whoever is signed in."""


def visible(person: Person, events: QuerySet[Event]) -> QuerySet[Event]:
    """The events among these that the person may see: own ones, public ones, or all."""
    if not person.has_perm("timeline.view_event"):
        return events.none()
    if sees_all(person):
        return events
    return events.filter(Q(created_by=person.pk) | Q(status=Status.PUBLISHED))


def sees_all(person: Person) -> bool:
    """Editors see what others write; so does who can change nothing."""
    return person.has_perm("timeline.change_any_event") or not person.has_perm(
        "timeline.change_event"
    )


def may_see(person: Person, event: Event) -> bool:
    if not person.has_perm("timeline.view_event"):
        return False
    own = event.created_by_id is not None and event.created_by_id == person.pk
    return sees_all(person) or own or event.status == Status.PUBLISHED


def may_change(person: Person, event: Event) -> bool:
    """Whether the person may save the event. A merged one is never changed again.

    Saving a published or withdrawn event changes what readers see, so it needs the right to
    publish.
    """
    if event.status == Status.MERGED or not person.has_perm("timeline.change_event"):
        return False
    if event.status in DRAFTS and not event.was_public:
        own = event.created_by_id is not None and event.created_by_id == person.pk
        return own or person.has_perm("timeline.change_any_event")
    return may_publish(person)


def may_revise(person: Person, event: Event) -> bool:
    """Whether the person may write what a published event will say next, in its working copy."""
    return event.status == Status.PUBLISHED and person.has_perms(
        ("timeline.change_event", "timeline.change_any_event")
    )


def may_write(person: Person, event: Event) -> bool:
    """Whether the event's form is for writing: into the event, or into its working copy."""
    if event.status == Status.PUBLISHED:
        return may_revise(person, event)
    return may_change(person, event)


def may_publish(person: Person) -> bool:
    return person.has_perm("timeline.publish_event")


def may_delete(person: Person, event: Event) -> bool:
    """Only what readers never saw, by who may change it."""
    if event.was_public or not person.has_perm("timeline.delete_event"):
        return False
    return may_change(person, event)


# --- Stories, by the same rules ------------------------------------------------------------------


def visible_stories(person: Person, stories: QuerySet[Story]) -> QuerySet[Story]:
    """The stories among these that the person may see: own ones, public ones, or all."""
    if not person.has_perm("timeline.view_story"):
        return stories.none()
    if _sees_all_stories(person):
        return stories
    return stories.filter(Q(created_by=person.pk) | Q(status=Status.PUBLISHED))


def _sees_all_stories(person: Person) -> bool:
    return person.has_perm("timeline.change_any_story") or not person.has_perm(
        "timeline.change_story"
    )


def may_see_story(person: Person, story: Story) -> bool:
    if not person.has_perm("timeline.view_story"):
        return False
    own = story.created_by_id is not None and story.created_by_id == person.pk
    return _sees_all_stories(person) or own or story.status == Status.PUBLISHED


def may_change_story(person: Person, story: Story) -> bool:
    """Whether the person may save the story. One that readers saw needs the right to publish:
    its rows are its public text."""
    if not person.has_perm("timeline.change_story"):
        return False
    if story.was_public:
        return may_publish_stories(person)
    own = story.created_by_id is not None and story.created_by_id == person.pk
    return own or person.has_perm("timeline.change_any_story")


def may_publish_stories(person: Person) -> bool:
    return person.has_perm("timeline.publish_story")


def may_delete_story(person: Person, story: Story) -> bool:
    """Only what readers never saw, by who may change it."""
    if story.was_public or not person.has_perm("timeline.delete_story"):
        return False
    return may_change_story(person, story)
