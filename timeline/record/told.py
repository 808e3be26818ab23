"""Titles of events in a further language, for links to many: one query; none in the record's
own language."""

from collections.abc import Collection

from django.conf import settings

from timeline.models import Event, EventTranslation
from timeline.models.tongue import tongue


def titles(events: Collection[int], language: str) -> dict[int, str]:
    """By the keys of events, what they are called in a language; none for those that aren't."""
    if language == settings.LANGUAGE_CODE or not events:
        return {}
    rows = EventTranslation.objects.filter(event__in=events, language=language)
    return dict(rows.values_list("event_id", "title"))


def titles_of(public_ids: Collection[str], language: str) -> dict[str, str]:
    """The same by the public ids of events."""
    if language == settings.LANGUAGE_CODE or not public_ids:
        return {}
    rows = EventTranslation.objects.filter(event__public_id__in=public_ids, language=language)
    return dict(rows.values_list("event__public_id", "title"))


def title_of(event: Event) -> str:
    """What an event is called in the language of the moment."""
    return titles([event.pk], tongue()).get(event.pk, event.title)
