"""The page of a metric: who said what, when, under any selection of events; and its CSV.

One line a figure, newest first, with its owner, its event and its source. Numbers of one subject
are drawn over time where there are three or more; the table is their equivalent in text. What is
shown is a page of the figures that :mod:`timeline.index.figures` finds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from timeline import browse, dates
from timeline.browse.filters import PARAMETERS
from timeline.formats import sheets
from timeline.index import Choice, Selection, naming
from timeline.index.figures import given
from timeline.models import Metric
from timeline.record import FigureRecord, spoken
from timeline.record.fetching import HeldFigure
from timeline.record.known import figures_as_known
from timeline.web import claims, doors, errors, lists, numbers, streams, wording
from timeline.web.addresses import address, href
from timeline.web.cards import carrier, event_href, shortened
from timeline.web.listing import chip_links
from timeline.web.presentation import page
from timeline.web.site import site
from timeline.web.then import keeping, then
from timeline.web.when import When, when

LINES_ON_A_PAGE = 50
LINES_FOR_A_PLOT = 3
PLOTS = 4
_DESCRIPTION = 180
_LONGEST = 6
_AT_ONCE = 500
# The plot in pixels from its top; the marks leave room above for the highest number's arrow.
_TOP, _BOTTOM = 14.0, 164.0
# Percent of its width that lie between the first and the last day.
_FIRST, _LAST = 12.0, 96.0
_MOST_YEARS = 12

COLUMNS = (
    ("metric", gettext_lazy("code of the metric")),
    ("metric_label", gettext_lazy("what it counts")),
    ("unit", gettext_lazy("unit; empty or people for a count of people")),
    ("subject", gettext_lazy("of whom or what")),
    ("low", gettext_lazy("lower bound, only where it is stated")),
    ("best", gettext_lazy("the number itself, where one is stated")),
    ("high", gettext_lazy("upper bound, only where it is stated")),
    ("in_words", gettext_lazy("a number that is stated in words only, such as dozens")),
    ("qualifier", gettext_lazy("exact, about, at_least, more_than, up_to or less_than")),
    ("basis", gettext_lazy("this_event, cumulative or in_period")),
    ("period_start", gettext_lazy("first day of the period, EDTF")),
    ("as_of", gettext_lazy("the day or month that it stands for, EDTF")),
    ("state", gettext_lazy("current, superseded or retracted")),
    ("given_by", gettext_lazy("who gives it: an actor, else the publisher of the source")),
    ("given_by_actor", gettext_lazy("the actor in addresses of this site; empty for a publisher")),
    ("event", gettext_lazy("public id of the event")),
    ("event_title", gettext_lazy("title of the event")),
    ("event_date", gettext_lazy("date of the event, EDTF")),
    ("event_url", gettext_lazy("permanent address of the event")),
    ("source", gettext_lazy("public id of the source")),
    ("source_title", gettext_lazy("title of the source")),
    ("publisher", gettext_lazy("who published the source")),
    ("agency", gettext_lazy("the agency whose text it carries")),
    ("source_published", gettext_lazy("when the source was published, EDTF")),
    ("source_url", gettext_lazy("address of the source")),
    ("note", gettext_lazy("the editors’ note")),
)
"""The columns of the CSV with what each holds; the page lists them too."""


@dataclass(frozen=True)
class Line:
    """One figure: who said it, as of when, in which event and source."""

    as_of: When | None
    owner: str
    owner_href: str
    subject: str
    stated: str
    basis: str
    replaced: bool
    retracted: bool
    note: str
    event: str
    event_href: str
    event_when: When
    source: str
    source_href: str
    source_url: str
    source_language: str


@dataclass(frozen=True)
class Point:
    """A number over time: ``x`` in percent, ``y`` and the ends of its range in pixels."""

    x: float
    y: float
    low: float
    high: float
    mark: str
    words: str


@dataclass(frozen=True)
class Trend:
    """The numbers of one subject on one scale from nought, from the first day to the last."""

    subject: str
    points: tuple[Point, ...]
    rows: tuple[tuple[float, str], ...]
    columns: tuple[tuple[float, str], ...]
    marks: tuple[str, ...]


def _owner_href(figure: FigureRecord) -> str:
    if figure.attributed_to is not None:
        return address("actor", slug=figure.attributed_to.slug)
    source = figure.source
    return address("publisher", slug=source.publisher.slug) if source is not None else ""


def _line(held: HeldFigure) -> Line:
    figure, event = held.figure, held.event
    source = figure.source
    return Line(
        as_of=when(figure.as_of) if figure.as_of else None,
        owner=numbers.owner(figure),
        owner_href=_owner_href(figure),
        subject=figure.subject,
        stated=numbers.stated(figure).words,
        basis=str(wording.COUNTED_WORDS.get(figure.basis, "")),
        replaced=figure.state == "superseded",
        retracted=figure.state == "retracted",
        note=figure.note,
        event=event.title,
        event_href=event_href(event.public_id, event.slug),
        event_when=when(event.date),
        source=carrier(source) if source else "",
        source_href=address("source", public_id=source.public_id) if source else "",
        source_url=source.url if source else "",
        source_language=source.publisher.language if source else "",
    )


# --- Drawn over time --------------------------------------------------------------------------


def _middle(as_of: str) -> int:
    """The day on which a number is drawn: the middle of what its date may mean."""
    day = dates.parse(as_of)
    return (day.earliest.toordinal() + day.latest.toordinal()) // 2


def trends(figures: Sequence[FigureRecord]) -> tuple[Trend, ...]:
    """The subjects with enough dated numbers that still stand, those with the most first."""
    drawn: dict[str, list[FigureRecord]] = {}
    for figure in figures:
        # What was counted in a week doesn't belong on a scale with totals.
        if figure.state != "current" or not figure.as_of or figure.basis == "in_period":
            continue
        if numbers.ends(figure) is not None:
            drawn.setdefault(figure.subject, []).append(figure)
    most = sorted(drawn.items(), key=lambda item: (-len(item[1]), item[0]))
    made = (
        _trend(subject, members) for subject, members in most if len(members) >= LINES_FOR_A_PLOT
    )
    return tuple(trend for trend in made if trend is not None)[:PLOTS]


def _trend(subject: str, figures: Sequence[FigureRecord]) -> Trend | None:
    ends = [found for figure in figures if (found := numbers.ends(figure)) is not None]
    top = max(high for _low, high in ends)
    days = [_middle(figure.as_of) for figure in figures]
    first, last = min(days), max(days)
    # A scale needs a length, and numbers below nought have no place on it.
    if top <= 0 or first == last:
        return None

    def x(day: int) -> float:
        return round(_FIRST + (day - first) * (_LAST - _FIRST) / (last - first), 2)

    def y(number: Decimal) -> float:
        return round(_BOTTOM - float(max(number, Decimal(0)) / top) * (_BOTTOM - _TOP), 1)

    points = []
    for figure, day, (low, high) in zip(figures, days, ends, strict=True):
        words = f"{when(figure.as_of).short}, {numbers.owner(figure)}: "
        at = figure.best if figure.best is not None else high
        points.append(
            Point(
                x=x(day),
                y=y(at),
                low=y(low),
                high=y(high),
                mark=claims.mark_of(figure),
                words=words + numbers.stated(figure).words,
            )
        )
    return Trend(
        subject=subject,
        points=tuple(points),
        rows=tuple((y(tick), numbers.plain(tick)) for tick in claims.ticks(top)),
        columns=tuple((x(day), words) for day, words in _columns(first, last)),
        marks=tuple(sorted({point.mark for point in points} - {"none"})),
    )


def _columns(first: int, last: int) -> Iterator[tuple[int, str]]:
    """Days that are named under a plot: beginnings of years, or of months in less than two."""
    start, end = date.fromordinal(first), date.fromordinal(last)
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 2 * 12:
        step = -(-(end.year - start.year) // _MOST_YEARS)
        for year in range(start.year + 1, end.year + 1, step):
            yield date(year, 1, 1).toordinal(), str(year)
        return
    step = 1 if months < 7 else 3 if months < 16 else 6
    for number in range(start.year * 12 + start.month, end.year * 12 + end.month):
        year, month = divmod(number, 12)
        if month % step == 0:
            yield date(year, month + 1, 1).toordinal(), when(f"{year:04}-{month + 1:02}").short


# --- Pages ------------------------------------------------------------------------------------


def _within(metric: Metric) -> Selection:
    return Selection(metric=Choice(include=(metric.code,)))


def _named(code: str) -> Metric:
    found = naming.one(Metric, code)
    if found is None:
        raise Http404(f"No public metric has the code {code}.")
    return found


def _page_number(request: HttpRequest) -> int:
    """The number of the page that is asked for, from 1; 0 where it is none."""
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else 0


@doors.public_page
def metric(request: HttpRequest, code: str) -> HttpResponse:
    """Every figure of a metric, newest first, in the events that the query selects."""
    found = spoken.thing(_named(code))
    asked = lists.ask(request, _within(found))
    if isinstance(asked, HttpResponse):
        return asked
    selection = asked.reading.selection
    here = address("metric", code=found.code)
    context = {
        "section": "figures",
        "metric": found,
        "total_metric": spoken.thing(found.adds_up_to) if found.adds_up_to else None,
        "total_href": address("metric", code=found.adds_up_to.code)
        if found.adds_up_to and naming.named(Metric, [found.adds_up_to.code])
        else "",
        "errors": asked.reading.errors,
        "canonical": here,
        "noindex": bool(asked.reading.canonical),
        "panel": lists.panel_of(asked, "metric"),
        "title": gettext("%(metric)s: who said what, when") % {"metric": found.label},
        "description": shortened(
            gettext("Every figure for “%(metric)s” in this record, with who gives it and when.")
            % {"metric": found.label},
            _DESCRIPTION,
        ),
        "chips": (),
        "lines": None,
        "then": None,
        "csv_href": "",
    }
    if selection is None or asked.answer is None:
        return page("metric.html", context, status=400)
    day = selection.known_by
    keys = given(found.pk, selection, day or date.max)
    pages = max(1, -(-len(keys) // LINES_ON_A_PAGE))
    number = _page_number(request)
    if not 1 <= number <= pages:
        return errors.message(
            gettext("There is no such page"),
            gettext("“%(value)s” is not a page of this list. Write a number from 1 to %(last)s.")
            % {"value": browse.shown(request.GET.get("page", "")), "last": pages},
            status=400,
        )
    start = (number - 1) * LINES_ON_A_PAGE
    held = spoken.held(figures_as_known(keys[start : start + LINES_ON_A_PAGE], day))
    query = asked.reading.canonical

    def page_href(wanted: int) -> str:
        pairs = [query] if query else []
        return href(here, "&".join([*pairs, f"page={wanted}"] if wanted > 1 else pairs))

    context |= {
        "words": ngettext(
            "%(count)s figure in %(events)s", "%(count)s figures in %(events)s", len(keys)
        )
        % {
            "count": numbers.whole(len(keys)),
            "events": asked.words,
        },
        "chips": chip_links(asked.reading, lambda query: href(here, query)),
        "lines": tuple(keeping(_line(each), day) for each in held),
        "then": then(day, href(here, browse.link(selection, known_by=None))) if day else None,
        "trends": trends([each.figure for each in held]),
        "paged": pages > 1,
        "events_href": href(address("home"), browse.query_of(_of_events(selection, found.code))),
        "csv_href": href(address("metric_csv", code=found.code), query),
        "columns": COLUMNS,
        "previous_href": page_href(number - 1) if number > 1 else "",
        "next_href": page_href(number + 1) if number < pages else "",
        "canonical": page_href(number),
    }
    return page("metric.html", context)


def _of_events(selection: Selection, code: str) -> Selection:
    """The selection as the timeline asks for it, where no page has chosen the metric already."""
    return selection.changed(within=None, metric=selection.metric or Choice((code,)))


@require_safe
def metric_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The same figures as a table for programs and spreadsheets."""
    # Kept bytes know nothing of names that make no other page.
    wrong = browse.unknown(request.GET, PARAMETERS)
    return _refused([each.sentence for each in wrong]) if wrong else _csv(request, code)


@doors.public_page
def _csv(request: HttpRequest, code: str) -> HttpResponse:
    found = _named(code)
    reading = browse.read(request.GET, _within(found))
    if reading.selection is None:
        return _refused([f"{error.name}: {error.sentence}" for error in reading.errors])
    day = reading.selection.known_by
    keys = given(found.pk, reading.selection, day or date.max)
    table = sheets.lines([name for name, _ in COLUMNS], _rows(keys, day))
    return streams.download(f"{found.code}.csv", sheets.TYPE, table)


def _refused(sentences: Sequence[str]) -> HttpResponse:
    response = HttpResponse(
        "\n".join([*sentences, ""]), status=400, content_type="text/plain; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _rows(keys: Sequence[int], day: date | None) -> Iterator[list[object]]:
    here = site()
    for start in range(0, len(keys), _AT_ONCE):
        for held in figures_as_known(keys[start : start + _AT_ONCE], day):
            yield _cells(
                held, here.absolute(address("event_short", public_id=held.event.public_id))
            )


def _cells(held: HeldFigure, event_url: str) -> list[object]:
    figure, event, source = held.figure, held.event, held.figure.source
    by = figure.attributed_to
    return [
        figure.metric.code,
        figure.metric.label,
        figure.metric.unit,
        figure.subject,
        figure.low,
        figure.best,
        figure.high,
        figure.text_value,
        figure.qualifier,
        figure.basis,
        figure.period_start,
        figure.as_of,
        figure.state,
        numbers.owner(figure),
        by.slug if by else "",
        event.public_id,
        event.title,
        event.date,
        event_url,
        source.public_id if source else "",
        source.title if source else "",
        source.publisher.name if source else "",
        source.agency.name if source and source.agency else "",
        source.published if source else "",
        source.url if source else "",
        figure.note,
    ]
