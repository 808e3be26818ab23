"""The map: the same selection as the list, drawn where it happened, and the list below it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext

from timeline import browse
from timeline.browse import ParameterError
from timeline.browse.filters import shown
from timeline.index import Page, Selection
from timeline.web import axis, doors, errors, lists, pictured
from timeline.web.addresses import address, href
from timeline.web.atlas import FIT, MARK, NEAR, Atlas, Chosen, regions, said
from timeline.web.cards import shortened
from timeline.web.drawn import drawn
from timeline.web.listing import Chapter, Chronicle, chapters, chip_links, same_events
from timeline.web.presentation import page
from timeline.web.site import site
from timeline.web.then import then

LISTED = 40
FEW = 20
LONG = 200
"""Of more events than this only the first ``FEW`` stand below, else up to ``LISTED``."""
AT_A_MARK = 70
"""Events of a mark that are listed at most."""


def _read(request: HttpRequest) -> Chosen | ParameterError:
    area, mark = request.GET.get("area", ""), request.GET.get("mark", "")
    if area not in ("", FIT, *regions()) and NEAR.fullmatch(area) is None:
        sentence = gettext("This is no area of the map. Choose one above the drawing.")
        return ParameterError("area", shown(area), sentence)
    if mark and MARK.fullmatch(mark) is None:
        sentence = gettext("This is no mark of the map. Choose one in the drawing.")
        return ParameterError("mark", shown(mark), sentence)
    return Chosen(area, mark)


@doors.public_page
def world(request: HttpRequest) -> HttpResponse:
    """The map of a selection: of the world, of a region, or of its own places."""
    chosen = _read(request)
    if isinstance(chosen, ParameterError):
        again = href(request.path, browse.read(request.GET).canonical)
        return errors.wrong_value(chosen, again, gettext("Show the map"))
    asked = lists.ask(request)
    if isinstance(asked, HttpResponse):
        return HttpResponseRedirect(chosen.added_to(asked.headers["Location"]))
    selection, found = asked.reading.selection, asked.answer
    if selection is None or found is None:
        return lists.refused(asked)
    return page("map.html", _context(asked, selection, found, chosen))


def _context(
    asked: lists.Asked, selection: Selection, found: Page, chosen: Chosen
) -> dict[str, Any]:
    """What the template needs."""
    plain = href(asked.action, asked.reading.canonical)
    atlas = Atlas(selection, plain, chosen)

    def kept(query: str) -> str:
        """A changed selection in the same area."""
        return Chosen(chosen.area).added_to(href(asked.action, query))

    query = asked.reading.canonical
    words = asked.words
    home = address("home")
    listed, heading, cut = _listed(atlas, selection, found) if found.total else ((), "", False)
    here = Chosen(chosen.area).added_to(plain)
    return {
        "here": "map",
        "title": words,
        "heading": words,
        "dek": _dek(found),
        "description": shortened(gettext("A map of %(events)s.") % {"events": words}, 160),
        "canonical": here,
        "picture": pictured.list_shown("", selection, words, found),
        "noindex": bool(query) or bool(chosen.area) or bool(chosen.mark),
        "chips": chip_links(asked.reading, kept),
        "clear_href": asked.action,
        "filter_href": f"{href(home, query)}#filters",
        "strip": lists.strip_of(asked, found, selection, kept),
        "looks": atlas.looks() if found.total else (),
        "list_href": href(home, query),
        "chart_href": href(address("chart"), query),
        "map_href": here,
        "map": atlas.map() if found.total else None,
        "listing": Chronicle(listed, compact=True) if listed else None,
        "list_heading": heading,
        "closer_href": atlas.closer(),
        "picked": bool(chosen.mark),
        "cut": cut,
        "at_a_mark": AT_A_MARK,
        "then": then(selection.known_by, kept(browse.link(selection, known_by=None)))
        if selection.known_by
        else None,
        "printed_from": site().absolute(here),
    }


def _listed(
    atlas: Atlas, selection: Selection, found: Page
) -> tuple[tuple[Chapter, ...], str, bool]:
    """The same events as a list, or those of the chosen mark; the heading, and whether these
    are not all."""
    total = found.total
    if atlas.chosen.mark:
        keys, words = atlas.picked()
        heading = said(words, len(keys)) if keys else gettext("Nothing stands here any more")
        cut = len(keys) > AT_A_MARK
        keys = keys[:AT_A_MARK]
    else:
        keys = list(found.ids)[: FEW if total > LONG else LISTED]
        cut = len(keys) < total
        heading = same_events(len(keys), total)
    cards = list(drawn(keys, compact=True, known_by=selection.known_by).values())
    inside = {year.year: year.count for year in found.density.years}
    by_date = selection.sort != "-updated"
    return chapters(cards, frozenset(), inside, by_date=by_date), heading, cut


def _dek(found: Page) -> str:
    window = axis.window_of(found.density)
    if window is None or not found.total:
        return ""
    sentence = gettext("%(window)s, where it happened.") % {"window": axis.spoken(window)}
    each = gettext("Each mark leads to its events; its shape says how exactly its place is known.")
    return f"{sentence[:1].upper()}{sentence[1:]} {each}"
