"""One list of events, whatever page it stands on: read, answered, drawn.

``listed`` takes the query of a request and the preset of the page and gives either the redirect
to the one canonical address, or the context of ``timeline.html``. A wrong value gives status
400, the form with everything typed, and no events. Any list costs the same number of queries.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from timeline import browse
from timeline.index import FACETS, Choice, Cursor, Page, Selection, answer, naming
from timeline.index.page import AT_MOST
from timeline.index.selection import PAGE_SIZE
from timeline.models import Category
from timeline.web import listing, numbers, pictured, wording
from timeline.web.addresses import address, href
from timeline.web.drawn import drawn
from timeline.web.files import offered
from timeline.web.home import bare
from timeline.web.panel import Panel, panel
from timeline.web.presentation import page
from timeline.web.shared import Shared
from timeline.web.sharing import share_panel
from timeline.web.site import site
from timeline.web.strip import Strip, strip
from timeline.web.then import then
from timeline.web.unchanged import while_unchanged

COMPACT = "compact"
_LABELS = 30


@dataclass(frozen=True)
class Asked:
    """A request's list: what was read of its query, and what the index answers to that.

    ``choices`` is the answer that the panel offers values from: after a wrong value, everything.
    """

    action: str
    params: QueryDict
    reading: browse.Reading
    answer: Page | None
    choices: Page

    @property
    def compact(self) -> bool:
        return self.reading.compact

    @cached_property
    def words(self) -> str:
        """The selection as a sentence."""
        return browse.words(self.reading, self.answer.total if self.answer else 0)


def ask(
    request: HttpRequest, within: Selection | None = None, at_most: int = AT_MOST
) -> Asked | HttpResponse:
    """Read a request's query and answer it, or redirect to its canonical form. Open facets get
    their ``at_most`` most frequent values."""
    reading = browse.read(request.GET, within)
    if reading.needs_redirect:
        return HttpResponseRedirect(href(request.path, reading.canonical))
    found = answer(reading.selection, at_most) if reading.selection is not None else None
    choices = found if found is not None else answer(Selection(within=within, page_size=1))
    return Asked(request.path, request.GET, reading, found, choices)


@while_unchanged
def _marks() -> dict[str, tuple[str, str]]:
    """The shape and colour class of each category, for the panel."""
    rows = naming.every(Category).values_list("slug", "shape", "family")
    return {slug: (shape, wording.FAMILY_CLASSES[family]) for slug, shape, family in rows}


@while_unchanged
def _labels(within: Selection | None, known_by: date | None) -> list[tuple[date, str]]:
    """Days and short labels of a preset's key events: each year's best sourced one first, then
    each year's second, so that no single year takes all the room."""
    ranked = []
    seen: Counter[int] = Counter()
    for day, label in naming.labelled(within, known_by):
        ranked.append((seen[day.year], day, label))
        seen[day.year] += 1
    ranked.sort(key=lambda each: each[0])
    return [(day, label) for _rank, day, label in ranked[:_LABELS]]


def _years_address(asked: Asked, selection: Selection) -> Callable[[int, int], str]:
    """The address of the list from one year to another, under the selection's other filters."""
    link = browse.span_links(selection, compact=asked.compact)
    return lambda first, last: href(asked.action, link(date(first, 1, 1), date(last, 12, 31)))


def strip_of(
    asked: Asked,
    found: Page,
    selection: Selection,
    at: Callable[[str], str] | None = None,
) -> Strip | None:
    """The density of an answer as a drawing whose parts lead to lists of the same kind; ``at``
    gives the address of a query where the page is not known by its path alone."""
    link = browse.span_links(selection, compact=asked.compact)
    to = at or partial(href, asked.action)
    return strip(
        found.density,
        lambda bar: to(link(bar.start, bar.end)),
        lambda first, last: to(link(date(first, 1, 1), date(last, 12, 31))),
        _labels(selection.within, selection.known_by),
    )


def _problems(reading: browse.Reading) -> dict[str, str]:
    return {error.name: error.sentence for error in reading.errors}


def panel_of(asked: Asked, preset: str) -> Panel:
    """The filter panel of a request's list."""
    years = asked.choices.density.years
    hidden = [("view", COMPACT)] if asked.compact else []
    if asked.params.get("sort"):
        hidden.append(("sort", str(asked.params["sort"])))
    return panel(
        asked.action,
        asked.params,
        asked.choices.facets,
        problems=_problems(asked.reading),
        marks=_marks(),
        years=(years[0].year, years[-1].year) if years else None,
        hidden=hidden,
        preset=preset,
    )


def _offers(asked: Asked, found: Page, selection: Selection) -> tuple[listing.Offer, ...]:
    """Filters worth trying on a list without any: the ones that cut it best. A list of the events
    with figures of one metric leads to the figures themselves."""
    if asked.reading.canonical:
        return _figures_of(selection)
    made = []
    for facet, value, words in (
        ("importance", "key", gettext("Key events only, %(count)s")),
        ("has", "figures", gettext("With figures, %(count)s")),
        ("verification", "disputed", gettext("Disputed, %(count)s")),
    ):
        values = found.facets[facet].values if facet in found.facets else ()
        count = next((each.count for each in values if each.value == value), 0)
        if 0 < count < found.total:
            query = browse.facet_link(selection, facet, value, compact=asked.compact)
            made.append(listing.Offer(words % {"count": count}, href(asked.action, query)))
    return tuple(made)


def _figures_of(selection: Selection) -> tuple[listing.Offer, ...]:
    metrics = selection.metric.include
    if len(metrics) != 1 or selection.within is not None:
        return ()
    query = browse.link(selection, metric=Choice((), selection.metric.exclude))
    here = href(address("metric", code=metrics[0]), query)
    return (listing.Offer(gettext("These figures: who said what, when"), here),)


def _listing(asked: Asked, found: Page, selection: Selection, title: str) -> listing.Listing:
    by_key = drawn(found.ids, compact=asked.compact, known_by=selection.known_by)
    cards = list(by_key.values())
    earlier = frozenset(
        each.public_id for key, each in by_key.items() if key in found.began_earlier
    )
    inside = {year.year: year.count for year in found.density.years}
    sort = selection.sort
    by_date = sort != "-updated"
    chapters = listing.chapters(cards, earlier, inside, by_date=by_date)
    here = [each.year for each in cards if by_date and each.public_id not in earlier]
    years, decades = (
        [year for year in counted if year.on and year.count][:: 1 if sort == "date" else -1]
        for counted in (found.density.years, found.density.decades)
    )
    printed_from = site().absolute(href(asked.action, asked.reading.canonical))
    first_page = browse.link(selection)
    plain = _without_preset(selection)
    return listing.Listing(
        action=asked.action,
        total=found.total,
        words=asked.words,
        chips=listing.chip_links(asked.reading, lambda query: href(asked.action, query)),
        offers=_offers(asked, found, selection),
        chapters=chapters,
        rail=listing.rail(years, decades, dict.fromkeys(here), _years_address(asked, selection)),
        compact=asked.compact,
        full_href=href(asked.action, first_page),
        compact_href=href(asked.action, browse.link(selection, compact=True)),
        chart_href=href(address("chart"), browse.query_of(plain)) if plain else "",
        map_href=_map_href(plain) if plain else "",
        compare_href=href(address("compare"), browse.compared(plain)) if plain else "",
        sort=sort,
        sorts=(
            ("-date", gettext("Newest first")),
            ("date", gettext("Oldest first")),
            ("-updated", gettext("Last updated")),
        ),
        kept=tuple(
            (name, value) for name, value in parse_qsl(first_page) if name not in ("sort", "cursor")
        )
        + ((("view", COMPACT),) if asked.compact else ()),
        previous_href=_cursor_href(asked, selection, found.previous_cursor),
        next_href=_cursor_href(asked, selection, found.next_cursor),
        page_size=selection.page_size,
        printed=gettext("Printed on %(day)s from %(address)s")
        % {"day": date_format(timezone.localdate()), "address": printed_from},
        whole=numbers.whole(found.total),
        files=offered(asked.action, browse.link(selection, page_size=PAGE_SIZE)),
        share=share_panel(Shared(title, asked.action, first_page, found.total)),
    )


def _without_preset(selection: Selection) -> Selection | None:
    """The same events with a page's preset as a filter like any other; None where the list is
    filtered once more by what its preset is about."""
    preset = selection.within or Selection()
    changes: dict[str, Any] = {
        facet: preset.chosen(facet) for facet in FACETS if preset.chosen(facet)
    }
    if any(selection.chosen(facet) for facet in changes):
        return None
    return selection.changed(within=None, **changes)


def _map_href(selection: Selection) -> str:
    """The map of the same events: of the world, or of where they are if places are chosen."""
    path = href(address("map"), browse.query_of(selection))
    placed = any(each.place.include or each.country.include for each in selection.levels())
    return f"{path}&area=fit" if placed else path


def _cursor_href(asked: Asked, selection: Selection, cursor: Cursor | None) -> str:
    if cursor is None:
        return ""
    return href(asked.action, browse.link(selection, cursor=cursor, compact=asked.compact))


_OWN_PAGES = frozenset({"actor", "category", "topic", "place", "publisher", "year"})


def _standing(asked: Asked) -> tuple[str, bool]:
    """The address that stands for a list, and whether it is one to be found by: the page as it is,
    or under a single filter. Where that filter has a page of its own, its address stands for both;
    any other list, and each further page, stands for itself."""
    canonical = href(asked.action, asked.reading.canonical)
    selection = asked.reading.selection
    if not asked.reading.canonical or selection is None:
        return canonical, not asked.reading.errors
    pairs = parse_qsl(asked.reading.canonical)
    name, value = pairs[0]
    if len(pairs) > 1 or name not in FACETS or value.startswith("!") or selection.within:
        return canonical, False
    if name in _OWN_PAGES:
        return address(name, **{"year" if name == "year" else "slug": value}), True
    return canonical, True


def refused(asked: Asked) -> HttpResponse:
    """What chart and map say to values that can't be used: the page of the list keeps the form
    with everything typed."""
    wrong = gettext("A value can’t be used")
    return shown(asked, {"title": wrong, "description": wrong, "home": bare(wrong)})


def shown(asked: Asked, context: dict[str, Any], *, preset: str = "") -> HttpResponse:
    """Answer with the list's page; ``context`` says what stands above it."""
    selection, found = asked.reading.selection, asked.answer
    canonical, found_by = _standing(asked)
    made: dict[str, Any] = {
        "errors": asked.reading.errors,
        "canonical": canonical,
        "noindex": not found_by,
        "panel": panel_of(asked, preset),
        "strip": None,
        "strip_heading": "",
        "listing": None,
        "empty": False,
        "thing": None,
        "home": None,
        "here": "",
        "then": None,
        "picture": None,
    }
    if selection is not None and found is not None:
        made["strip"] = bars = strip_of(asked, found, selection)
        made["strip_heading"] = (
            gettext("Events per year")
            if bars is not None and bars.unit == "year"
            else gettext("Events per month")
        )
        made["listing"] = _listing(asked, found, selection, context["title"])
        thing = context.get("thing")
        name = thing.name if thing else ""
        made["picture"] = pictured.list_shown(name, selection, asked.words, found)
        if selection.known_by:
            today = browse.link(selection, compact=asked.compact, known_by=None)
            made["then"] = then(selection.known_by, href(asked.action, today))
        made["empty"] = not any(year.rest for year in found.density.years) and not found.total
    return page("timeline.html", made | context, status=200 if selection is not None else 400)
