"""Events that may be the same as the one being written: same link, or a like title about then.

Only suggests. Shows a person nothing that they couldn't open.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from timeline import archives, dates, text
from timeline.editing import rights
from timeline.intake.alike import (
    ALIKE,
    MOST_COMPARED,
    NEAR,
    SHORTEST_TITLE,
    earlier,
    later,
    likeness,
)
from timeline.models import Event, Publisher, Source
from timeline.models.tongue import tongue


@dataclass(frozen=True, slots=True)
class Twin:
    """Another event: its title, date in words, status, address at the desk, and why it is here."""

    title: str
    date: str
    status: str
    href: str
    why: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def _twin(event: Event, why: str) -> Twin:
    return Twin(
        title=event.title,
        date=dates.words(event.when, tongue()),
        status=str(event.get_status_display()).lower(),
        href=reverse("admin:timeline_event_change", args=[event.pk]),
        why=why,
    )


def _others(person: rights.Person, but: int | None) -> QuerySet[Event]:
    """Other events; neither a working copy nor what it is a copy of is another one."""
    original = Event.objects.filter(pk=but or 0, revises__isnull=False).values("revises")
    others = rights.visible(person, Event.objects.own())
    return others.exclude(pk=but or 0).exclude(pk__in=original)


def with_link(link: str, *, person: rights.Person, but: int | None = None) -> list[Twin]:
    """At most three other events that cite this link."""
    source = known_source(link)
    if source is None:
        return []
    found = _others(person, but).filter(citations__source=source).distinct()[:3]
    return [_twin(event, _("same link")) for event in found]


def with_title(
    title: str, day: str, *, person: rights.Person, but: int | None = None
) -> list[Twin]:
    """At most two other events of about that day with a title like this, the likest first."""
    title = text.fold(title)
    try:
        when = dates.read(day)
    except dates.DateError:
        return []
    if len(title) < SHORTEST_TITLE:
        return []
    near = _others(person, but).filter(
        earliest__lte=later(when.latest, NEAR), latest__gte=earlier(when.earliest, NEAR)
    )
    found = [
        (ratio, event)
        for event in near[:MOST_COMPARED]
        if (ratio := likeness(title, text.fold(event.title), ALIKE))
    ]
    found.sort(key=lambda each: (-each[0], each[1].pk))
    return [
        _twin(event, _("%(percent)d %% alike") % {"percent": round(ratio * 100)})
        for ratio, event in found[:2]
    ]


def known_source(link: str) -> Source | None:
    """The source of this link, None if there is none or it isn't a link."""
    try:
        url = text.clean_url(link)
    except text.LinkError:
        return None
    return Source.objects.for_link(url)


def of_link(link: str) -> dict[str, Any] | None:
    """What a pasted link will become: its publisher and, if known, its title; None if no link."""
    try:
        url = text.clean_url(link)
    except text.LinkError:
        return None
    source = Source.objects.for_link(url)
    url = archives.original_of(url)
    publisher = source.publisher if source else Publisher.objects.for_link(url).first()
    return {
        "publisher": publisher.name if publisher else text.host(url).removeprefix("www."),
        "title": source.title if source else "",
        "known": source is not None,
        "new_publisher": publisher is None,
    }
