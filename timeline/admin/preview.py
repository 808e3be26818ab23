"""The public page of an event or a story that isn’t public yet, for staff.

The only place where the desk shows a page of the public room; it is never stored anywhere.
"""

from django.http import HttpResponse

from timeline.models import Event, Story
from timeline.web.stories import story_page
from timeline.web.views import event_page


def of(event: Event) -> HttpResponse:
    """The page of the event as it is saved now."""
    page = event_page(Event.objects.get(pk=event.pk), preview=True)
    page["Cache-Control"] = "no-store"
    return page


def of_story(story: Story) -> HttpResponse:
    """The page of the story as it is saved now."""
    page = story_page(Story.objects.get(pk=story.pk), preview=True)
    page["Cache-Control"] = "no-store"
    return page
