"""The public page of an event that isn't public yet, for staff.

The only place where the desk shows a page of the public room; it is never stored anywhere.
"""

from django.http import HttpResponse

from timeline.models import Event
from timeline.web.views import event_page


def of(event: Event) -> HttpResponse:
    """The page of the event as it is saved now."""
    page = event_page(Event.objects.get(pk=event.pk), preview=True)
    page["Cache-Control"] = "no-store"
    return page
