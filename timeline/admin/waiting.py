"""What waits for somebody, on the desk's first page: changes that are open, what is to be read,
what was not published at its moment. Shows a person only what they may open."""

from typing import Any

from django.http import HttpRequest

from timeline.admin.stock import person
from timeline.editing import rights
from timeline.models import Event, Story
from timeline.models.choices import Status

MOST = 10


def of(request: HttpRequest) -> dict[str, Any]:
    """The lists by name, each at most ``MOST`` long, what was saved last first."""
    events = rights.visible(person(request), Event.objects.order_by("-updated_at", "-pk"))
    stories = rights.visible(person(request), Story.objects.order_by("-updated_at", "-pk"))
    drafts = events.filter(status__in=rights.DRAFTS)
    return {
        "refused": drafts.exclude(publish_refusal="")[:MOST],
        "scheduled": drafts.filter(publish_at__isnull=False, publish_refusal="").order_by(
            "publish_at", "pk"
        )[:MOST],
        "in_review": drafts.filter(status=Status.IN_REVIEW)[:MOST],
        "stories": stories.filter(status=Status.IN_REVIEW)[:MOST],
        "open_changes": drafts.filter(revises__isnull=False)[:MOST],
        "story_changes": stories.filter(revises__isnull=False)[:MOST],
    }
