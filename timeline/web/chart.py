"""The chart: the same selection as the list, drawn as lanes over time.

The view, and what its template needs: where the index says that events stand, and how the lanes
are drawn. Each event is one mark in each lane that it belongs to, alone or in a ring with others;
a mark leads to its event, a ring to exactly its events.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext, ngettext

from timeline import browse
from timeline.browse import ParameterError
from timeline.browse.filters import shown
from timeline.index import Page, Selection
from timeline.index import lanes as index
from timeline.index.lanes import By, Window
from timeline.models.choices import Family
from timeline.web import axis, charting, doors, errors, lists
from timeline.web import home as start
from timeline.web.addresses import address, href
from timeline.web.axis import Months, Switch
from timeline.web.cards import shortened
from timeline.web.drawn import drawn
from timeline.web.listing import Chapter, ChipLink, Chronicle, chapters
from timeline.web.presentation import page
from timeline.web.site import site
from timeline.web.strip import Strip
from timeline.web.then import then

LISTED = 50
FEW = 20
LONG = 200
"""Of more events than this only the first ``FEW`` stand below, else up to ``LISTED``."""
_AS_BY: Mapping[By, str] = {"category": "chart", "actor": "chart_actor", "country": "chart_country"}


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
    """The chart of a selection, with lanes by category, actor or country."""
    asked = lists.ask(request)
    if isinstance(asked, HttpResponse):
        return _keeping_mark(asked, request)
    picked = _read_mark(request, by)
    if isinstance(picked, ParameterError):
        return errors.wrong_value(
            picked, href(request.path, asked.reading.canonical), gettext("Show the chart")
        )
    selection, found = asked.reading.selection, asked.answer
    if selection is None or found is None:
        # The page of the list keeps the form with everything typed.
        wrong = gettext("A value can’t be used")
        return lists.shown(asked, {"title": wrong, "description": wrong, "home": start.bare(wrong)})
    return page("chart.html", _context(asked, selection, found, by, picked))


def _keeping_mark(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    mark = request.GET.get("mark")
    if not mark:
        return response
    href = response.headers["Location"]
    return HttpResponseRedirect(f"{href}{'&' if '?' in href else '?'}mark={mark}")


def _context(
    asked: lists.Asked, selection: Selection, found: Page, by: By, picked: Picked | None
) -> dict[str, Any]:
    window = axis.window_of(found.density)
    words = browse.words(asked.reading, found.total)
    home = address("home")
    query = asked.reading.canonical
    drawn_chart = None
    listed: tuple[Chapter, ...] = ()
    heading = ""
    scales: Sequence[Switch] = ()
    moves: Sequence[Switch] = ()
    if window is not None and found.total:
        link = _link(asked, selection)
        scales = axis.scales(window, found.density, link)
        moves = axis.moves(window, found.density, link)
        span = browse.span_links(selection)
        drawn_chart = charting.draw(
            selection,
            found,
            by,
            window,
            ring_href=lambda mark: _ring_href(asked, mark),
            span_href=lambda first, last: href(asked.action, span(first, last)),
            picked=picked.name if picked else "",
        )
        listed, heading = _listed(selection, found, window, by, picked)
    return {
        "here": "chart",
        "title": words,
        "heading": words,
        "dek": _dek(by, window, found),
        "description": shortened(gettext("A chart of %(events)s.") % {"events": words}, 160),
        "canonical": href(asked.action, query),
        "noindex": bool(query) or picked is not None,
        "strip": _strip(asked, found, selection),
        "chips": tuple(
            ChipLink(
                f"{chip.facet_label}: {chip.label}" if chip.facet_label else chip.label,
                href(asked.action, chip.remove_href),
                chip.excluded,
            )
            for chip in browse.chips(asked.reading)
        ),
        "clear_href": asked.action,
        "filter_href": f"{href(home, query)}#filters",
        "scales": scales,
        "moves": moves,
        "bys": tuple(
            Switch(said, href(address(_AS_BY[each]), query), on=each == by)
            for each, said in zip(
                get_args(By),
                (gettext("By category"), gettext("By actor"), gettext("By country")),
                strict=True,
            )
        ),
        "list_href": href(home, query),
        "chart_href": href(asked.action, query),
        "map_href": href(address("map"), query),
        "chart": drawn_chart,
        "listing": Chronicle(listed, compact=True) if listed else None,
        "list_heading": heading,
        "picked": picked is not None,
        "more": found.total > _below(found) and picked is None,
        "total": found.total,
        "then": then(
            selection.known_by,
            href(asked.action, browse.link(selection, known_by=None)),
        )
        if selection.known_by
        else None,
        "printed_from": site().absolute(href(asked.action, query)),
    }


def _ring_href(asked: lists.Asked, mark: str) -> str:
    query = asked.reading.canonical
    asked_for = f"{query}&mark={mark}" if query else f"mark={mark}"
    return f"{href(asked.action, asked_for)}#list"


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
    said = {
        "category": gettext("%(window)s, by kind of event."),
        "actor": gettext("%(window)s, by who took part. A line joins an event’s actors."),
        "country": gettext("%(window)s, by the country where it happened."),
    }[by]
    sentence = said % {"window": axis.spoken(window)}
    each = gettext("Each mark stands on its day and leads to its event.")
    return f"{sentence[:1].upper()}{sentence[1:]} {each}"


def _strip(asked: lists.Asked, found: Page, selection: Selection) -> Strip | None:
    """The overview. Of a long record the years below say it, without a link on each column."""
    made = lists.strip_of(asked, found, selection)
    return made.without_columns() if made is not None and made.unit == "year" else made


def _below(found: Page) -> int:
    return FEW if found.total > LONG else LISTED


def _listed(
    selection: Selection, found: Page, window: Window, by: By, picked: Picked | None
) -> tuple[tuple[Chapter, ...], str]:
    """The same events as a list, or those of the ring that was chosen, with the heading."""
    if picked is None:
        keys = list(found.ids)[: _below(found)]
        said = ngettext(
            "The same event as a list", "The same %(num)s events as a list", found.total
        ) % {"num": f"{found.total:,}"}
        if len(keys) < found.total:
            said = gettext("The first %(count)s of the same %(total)s events as a list") % {
                "count": len(keys),
                "total": f"{found.total:,}",
            }
    else:
        keys = index.standing(selection, window, by, picked.lane, picked.first, picked.last)
        count = ngettext("%(num)s event", "%(num)s events", len(keys)) % {"num": f"{len(keys):,}"}
        days = axis.days_in_words(picked.first, picked.last)
        said = gettext("%(events)s in this ring, %(days)s") % {"events": count, "days": days}
        keys = keys[: 2 * LISTED]
    cards = list(drawn(keys, compact=True, known_by=selection.known_by).values())
    inside = {year.year: year.count for year in found.density.years}
    return chapters(cards, frozenset(), inside, by_date=selection.sort != "-updated"), said
