"""The title block of the start page: what the record holds, and the latest figures.

Counts and figures come from public events only. Latest means the newest as-of date, one line a
party, and two lines for one count where parties differ: numbers never stand without their owner.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import ngettext
from markupsafe import Markup

from timeline import dates
from timeline.index import Page, naming
from timeline.models import Metric
from timeline.models.choices import FigureState, Status
from timeline.models.tongue import tongue
from timeline.record import spoken
from timeline.record.outlines import outlines
from timeline.record.stories import latest_stories
from timeline.web.addresses import address
from timeline.web.cards import FigureLine, Name, event_href, figure_line, foreign
from timeline.web.things import Tally, events_counted, sources_counted, tally

LATEST = 4
STORIES = 3
# One metric takes at most two lines, so that the others are seen too.
OF_ONE_METRIC = 2
# Events looked at for the latest figures, newest as-of first; enough to find four that differ.
_LOOKED_AT = 24


@dataclass(frozen=True)
class LatestFigure:
    """A headline number with who gives it and the event that holds it."""

    line: FigureLine
    href: str
    metric_href: str


@dataclass(frozen=True)
class Home:
    """The title block."""

    heading: str
    description: str
    counts: tuple[Tally, ...] = ()
    updated: str = ""
    latest: tuple[LatestFigure, ...] = ()
    stories: tuple[Name, ...] = ()


def _latest() -> tuple[LatestFigure, ...]:
    newest: dict[int, str] = {}
    # Metric by metric, so that each is a walk along its own index and not a sort of all figures.
    for metric in Metric.objects.filter(headline=True):
        rows = metric.figures.filter(event__status=Status.PUBLISHED, state=FigureState.CURRENT)
        for event, as_of in rows.order_by("-as_of", "-event").values_list("event", "as_of")[
            :_LOOKED_AT
        ]:
            newest[event] = max(as_of, newest.get(event, ""))
    latest = sorted(newest, key=lambda event: (newest[event], event), reverse=True)[:_LOOKED_AT]
    found = []
    for outline in spoken.outlines(outlines(latest)).values():
        for counted in outline.figures:
            figure = counted.figure
            if figure.metric.headline and figure.as_of:
                day = dates.parse(figure.as_of).latest
                found.append((day, counted, event_href(outline.public_id, outline.slug)))
    found.sort(key=lambda item: item[0], reverse=True)
    made: dict[tuple[str, str, str], LatestFigure] = {}
    lines: Counter[str] = Counter()
    for _day, (figure, publisher), href in found:
        line = figure_line(figure, publisher)
        key = (figure.metric.code, figure.subject, line.owner)
        if key not in made and lines[figure.metric.code] < OF_ONE_METRIC:
            lines[figure.metric.code] += 1
            made[key] = LatestFigure(line, href, address("metric", code=figure.metric.code))
    return tuple(made.values())[:LATEST]


def _stories() -> tuple[Name, ...]:
    """The latest stories."""
    return tuple(
        Name(each.title, address("story", slug=each.slug), foreign(each.language))
        for each in latest_stories(tongue())[:STORIES]
    )


def bare(heading: str = "") -> Home:
    """The title block without anything that needs the database."""
    return Home(heading or str(settings.SITE_HEADING), str(settings.SITE_DESCRIPTION))


def home(answer: Page | None, *, latest: bool, known_by: date | None = None) -> Home:
    """The title block of the site, as known on a day where one is given; ``answer`` gives the
    years that the record spans."""
    totals = naming.totals_then(known_by) if known_by else naming.totals()
    sources, publishers, languages = totals.sources, totals.publishers, totals.languages
    counts = [
        events_counted(totals.events),
        sources_counted(sources),
        tally(
            ngettext("<b>%(num)s</b> publisher", "<b>%(num)s</b> publishers", publishers),
            publishers,
        ),
        tally(
            ngettext("<b>%(num)s</b> language", "<b>%(num)s</b> languages", languages), languages
        ),
    ]
    years = answer.density.years if answer else ()
    if years:
        counts.append(Tally(Markup("<b>{}</b>").format(f"{years[0].year}–{years[-1].year}")))
    return Home(
        heading=str(settings.SITE_HEADING),
        description=str(settings.SITE_DESCRIPTION),
        counts=tuple(counts) if totals.events else (),
        updated=date_format(totals.updated, "SHORT_DATE_FORMAT") if totals.updated else "",
        latest=_latest() if latest else (),
        stories=_stories() if latest else (),
    )
