"""The title block of the start page: what the record holds, and the latest figures.

Counts and figures come from public events only. Latest means the newest as-of date, one line a
party, and two lines for one count where parties differ: numbers never stand without their owner.
"""

from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import ngettext

from timeline import dates
from timeline.index import Page
from timeline.models import Event, Figure, Publisher, Source
from timeline.record import records
from timeline.web import numbers
from timeline.web.cards import FigureLine, event_href, figure_line
from timeline.web.things import Counted, events_counted

LATEST = 4
# One metric takes at most two lines, so that the others are seen too.
OF_ONE_METRIC = 2
# Events looked at for the latest figures, newest as-of first; enough to find four that differ.
_LOOKED_AT = 24


@dataclass(frozen=True)
class LatestFigure:
    """A headline number with who gives it and the event that holds it."""

    line: FigureLine
    href: str


@dataclass(frozen=True)
class Home:
    """The title block."""

    heading: str
    description: str
    counts: tuple[Counted, ...] = ()
    updated: str = ""
    latest: tuple[LatestFigure, ...] = ()


def _latest() -> tuple[LatestFigure, ...]:
    newest = (
        Figure.objects.filter(
            event__in=Event.objects.public(), metric__headline=True, state="current"
        )
        .order_by()
        .values("event")
        .annotate(newest=Max("as_of"))
        .order_by("-newest", "-event")
        .values_list("event", flat=True)[:_LOOKED_AT]
    )
    found = []
    for record in records(Event.objects.public().filter(pk__in=list(newest))):
        for figure in record.figures:
            if figure.metric.headline and figure.state == "current" and figure.as_of:
                day = dates.parse(figure.as_of).latest
                found.append((day, figure, event_href(record.public_id, record.slug)))
    found.sort(key=lambda item: item[0], reverse=True)
    made: dict[tuple[str, str, str], LatestFigure] = {}
    lines: Counter[str] = Counter()
    for _day, figure, href in found:
        key = (figure.metric.code, figure.subject, numbers.owner(figure))
        if key not in made and lines[figure.metric.code] < OF_ONE_METRIC:
            lines[figure.metric.code] += 1
            made[key] = LatestFigure(figure_line(figure), href)
    return tuple(made.values())[:LATEST]


def bare(heading: str = "") -> Home:
    """The title block without anything that needs the database."""
    return Home(heading or settings.SITE_HEADING, settings.SITE_DESCRIPTION)


def home(answer: Page | None, *, latest: bool) -> Home:
    """The title block of the site; ``answer`` gives the years that the record spans."""
    public = Event.objects.public()
    events = public.count()
    sources = Source.objects.public()
    source_count = sources.count()
    publishers = Publisher.objects.public().count()
    languages = sources.order_by().values("language").distinct().count()
    updated = public.aggregate(last=Max("revised_at"))["last"]
    counts = [
        events_counted(events),
        Counted(numbers.whole(source_count), ngettext("source", "sources", source_count)),
        Counted(numbers.whole(publishers), ngettext("publisher", "publishers", publishers)),
        Counted(numbers.whole(languages), ngettext("language", "languages", languages)),
    ]
    years = answer.density.years if answer else ()
    if years:
        counts.append(Counted(f"{years[0].year}–{years[-1].year}", ""))
    return Home(
        heading=settings.SITE_HEADING,
        description=settings.SITE_DESCRIPTION,
        counts=tuple(counts) if events else (),
        updated=date_format(updated, "j M Y") if updated else "",
        latest=_latest() if latest else (),
    )
