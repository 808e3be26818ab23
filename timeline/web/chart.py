"""The chart: the same selection as the list, drawn as lanes over time.

The view, and what its template needs: where the index says that events stand, and how the lanes
are drawn. Each event is one mark in each lane that it belongs to, alone or in a ring with others;
a mark leads to its event, a ring to exactly its events.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast, get_args
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext, ngettext

from timeline import browse
from timeline.browse import ParameterError
from timeline.browse.filters import shown
from timeline.index import Page, Selection
from timeline.index import lanes as index
from timeline.index.lanes import By, Window
from timeline.models import Event
from timeline.models.choices import Family
from timeline.record.stories import between
from timeline.web import axis, charted, charting, doors, errors, lists, pictured
from timeline.web.addresses import address, href
from timeline.web.axis import Months, Switch
from timeline.web.cards import Card, shortened
from timeline.web.charting import Chart
from timeline.web.drawn import cards, drawn
from timeline.web.listing import Chapter, Chronicle, chapters, chip_links, same_events
from timeline.web.presentation import page
from timeline.web.site import site
from timeline.web.strip import Strip
from timeline.web.then import then

LISTED = 50
FEW = 10
ROOM = 1150
"""Elements that drawing, overview and list have together; the list has what the others leave,
``FEW`` to ``LISTED`` events, so that a page stays light however dense the record is."""
_OF_AN_EVENT = 16
COLUMNS = 80
"""Columns of the overview that are links at most; the row of years below leads to the same."""


@dataclass(frozen=True)
class Picked:
    """A ring that was chosen: its lane and its days."""

    lane: str
    first: date
    last: date

    @property
    def name(self) -> str:
        """The ring as its address names it."""
        return charting.ring_name(self.lane, self.first, self.last)


def _read_event(
    request: HttpRequest, selection: Selection
) -> tuple[int, Card] | ParameterError | None:
    """The event that stands beside the chart, by its public id: its key, and its card."""
    written = request.GET.get("event", "")
    if not written:
        return None
    # A database may refuse what no public id can be, such as a character of value zero.
    wanted = [written.upper()] if re.fullmatch(r"[0-9A-Za-z]{8}", written, re.ASCII) else []
    keys = Event.objects.public().filter(public_id__in=wanted)
    for key in keys.values_list("pk", flat=True):
        if index.held(selection, [key]):
            for card in cards([key], selection.known_by).values():
                return key, card
    sentence = gettext("This is no event of this chart. Choose one in the drawing.")
    return ParameterError("event", shown(written), sentence)


def _read_mark(request: HttpRequest, by: By) -> Picked | ParameterError | None:
    written = request.GET.get("mark", "")
    if not written:
        return None
    found = re.fullmatch(r"([\w-]{1,80})\.(\d{4}-\d\d-\d\d)\.(\d{4}-\d\d-\d\d)", written, re.ASCII)
    try:
        if found is not None and (by != "category" or found[1] in Family.values):
            return Picked(found[1], date.fromisoformat(found[2]), date.fromisoformat(found[3]))
    except ValueError:
        pass
    sentence = gettext("This is no ring of the chart. Choose one in the drawing.")
    return ParameterError("mark", shown(written), sentence)


@doors.public_page
def chart(request: HttpRequest, by: By = "category") -> HttpResponse:
    """The chart of a selection, with lanes by category, actor, country or publishers' side."""
    asked = lists.ask(request)
    if isinstance(asked, HttpResponse):
        return _keeping(asked, request)
    selection, found = asked.reading.selection, asked.answer
    if selection is None or found is None:
        return lists.refused(asked)
    picked = _read_mark(request, by)
    chosen = _read_event(request, selection)
    if isinstance(picked, ParameterError) or isinstance(chosen, ParameterError):
        error = picked if isinstance(picked, ParameterError) else chosen
        return errors.wrong_value(
            cast("ParameterError", error),
            href(request.path, asked.reading.canonical),
            gettext("Show the chart"),
        )
    return page("chart.html", _context(asked, selection, found, by, picked, chosen))


def _keeping(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    """A redirect to the canonical query that keeps what was chosen in the drawing."""
    chosen = [(name, request.GET[name]) for name in ("mark", "event") if request.GET.get(name)]
    if not chosen:
        return response
    to = response.headers["Location"]
    return HttpResponseRedirect(f"{to}{'&' if '?' in to else '?'}{urlencode(chosen)}")


def _context(
    asked: lists.Asked,
    selection: Selection,
    found: Page,
    by: By,
    picked: Picked | None,
    chosen: tuple[int, Card] | None,
) -> dict[str, Any]:
    window = axis.window_of(found.density)
    words = asked.words
    home = address("home")
    query = asked.reading.canonical
    overview = _strip(asked, found, selection)
    drawn_chart = None
    steering = None
    shown_below = 0
    listed: tuple[Chapter, ...] = ()
    heading = ""
    scales: Sequence[Switch] = ()
    moves: Sequence[Switch] = ()
    if window is not None and found.total:
        link = _link(asked, selection)
        scales = axis.scales(window, found.density, link)
        moves = axis.moves(window, found.density, link)
        steering = axis.steering(window, found.density, link(None))
        span = browse.span_links(selection)
        leading = charting.Leading(
            ring=lambda mark: _leading(asked, "mark", mark, "list"),
            event=lambda public_id, _own: _leading(asked, "event", public_id, "chosen"),
            picked=picked.name if picked else "",
            chosen=chosen[0] if chosen else None,
        )
        drawn_chart = charting.draw(
            selection,
            found,
            by,
            window,
            leading,
            lambda first, last: href(asked.action, span(first, last)),
            between(window.first, window.last),
        )
        shown_below = _room(drawn_chart, overview)
        listed, heading = _listed(selection, found, window, by, picked, shown_below)
    return {
        "here": "chart",
        "title": words,
        "heading": words,
        "dek": _dek(by, window, found),
        "description": shortened(gettext("A chart of %(events)s.") % {"events": words}, 160),
        "canonical": href(asked.action, query),
        "noindex": bool(query) or picked is not None or chosen is not None,
        "strip": overview,
        "chips": chip_links(asked.reading, lambda query: href(asked.action, query)),
        "clear_href": asked.action,
        "filter_href": f"{href(home, query)}#filters",
        "scales": scales,
        "moves": moves,
        "steering": steering,
        "bys": tuple(
            Switch(said, href(address(charted.PAGES[each]), query), on=each == by)
            for each, said in zip(
                get_args(By),
                (
                    gettext("By category"),
                    gettext("By actor"),
                    gettext("By country"),
                    gettext("By publisher"),
                ),
                strict=True,
            )
        ),
        "list_href": href(home, query),
        "chart_href": href(asked.action, query),
        "compare_href": href(address("compare"), browse.compared(selection)),
        "map_href": href(address("map"), query),
        "chart": drawn_chart,
        "listing": Chronicle(listed, compact=True) if listed else None,
        "list_heading": heading,
        "picked": picked is not None,
        "chosen": chosen[1] if chosen else None,
        "more": found.total > shown_below and picked is None,
        "total": found.total,
        "files": charted.files_of(by, selection),
        "picture": pictured.list_shown("", selection, words, found),
        "then": then(
            selection.known_by,
            href(asked.action, browse.link(selection, known_by=None)),
        )
        if selection.known_by
        else None,
        "printed_from": site().absolute(href(asked.action, query)),
    }


def _leading(asked: lists.Asked, name: str, value: str, part: str) -> str:
    """The chart with a ring or an event chosen, and the part of the page that shows it."""
    query = asked.reading.canonical
    chosen = f"{query}&{name}={value}" if query else f"{name}={value}"
    return f"{href(asked.action, chosen)}#{part}"


def _link(asked: lists.Asked, selection: Selection) -> Callable[[Months | None], str]:
    def link(months: Months | None) -> str:
        plain = selection.without_dates()
        if months is not None:
            first, last = axis.between(months)
            plain = plain.changed(from_=first, to=last)
        return href(asked.action, browse.link(plain))

    return link


def _dek(by: By, window: Window | None, found: Page) -> str:
    if window is None or not found.total:
        return ""
    each = gettext("Each mark stands on its day and leads to its event.")
    return f"{charting.in_words(by, window)} {each}"


def _strip(asked: lists.Asked, found: Page, selection: Selection) -> Strip | None:
    """The overview. Of a long record the years below say it, without a link on each column."""
    made = lists.strip_of(asked, found, selection)
    if made is not None and (made.unit == "year" or len(made.columns) > COLUMNS):
        return made.without_columns()
    return made


def _room(drawing: Chart, overview: Strip | None) -> int:
    """How many events stand below."""
    taken = drawing.elements
    if overview is not None:
        taken += 3 * (len(overview.columns) + len(overview.years)) + 2 * len(overview.labels)
    return min(max((ROOM - taken) // _OF_AN_EVENT, FEW), LISTED)


def _listed(
    selection: Selection,
    found: Page,
    window: Window,
    by: By,
    picked: Picked | None,
    at_most: int,
) -> tuple[tuple[Chapter, ...], str]:
    """The same events as a list, or those of the ring that was chosen, with the heading."""
    if picked is None:
        keys = list(found.ids)[:at_most]
        said = same_events(len(keys), found.total)
    else:
        keys = index.standing(selection, window, by, picked.lane, picked.first, picked.last)
        count = ngettext("%(num)s event", "%(num)s events", len(keys)) % {"num": f"{len(keys):,}"}
        days = axis.days_in_words(picked.first, picked.last)
        said = gettext("%(events)s in this ring, %(days)s") % {"events": count, "days": days}
        if len(keys) > at_most:
            said = gettext("The first %(count)s of %(events)s in this ring, %(days)s") % {
                "count": at_most,
                "events": count,
                "days": days,
            }
        keys = keys[:at_most]
    found_cards = list(drawn(keys, brief=True, known_by=selection.known_by).values())
    inside = {year.year: year.count for year in found.density.years}
    by_date = selection.sort != "-updated"
    return chapters(found_cards, frozenset(), inside, by_date=by_date), said
