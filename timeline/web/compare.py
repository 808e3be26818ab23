"""The comparison: two selections on one axis of time, both in the address.

The parameters of a side are those of every list with ``a.`` or ``b.`` before the name, read by
the same definitions, so that limits and sentences are the same; a side without any is the whole
record. The page is a form as well: each side can be changed, removed or swapped without a script.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext, ngettext
from markupsafe import Markup

from timeline import browse
from timeline.browse import ParameterError, Reading
from timeline.browse.filters import shown
from timeline.browse.links import COMPARED, SIDES, pairs_of
from timeline.browse.phrases import facet_label
from timeline.index import Page, Selection, answer
from timeline.index import lanes as index
from timeline.index.lanes import Window
from timeline.index.selection import PAGE_SIZE
from timeline.models import Event
from timeline.models.choices import Family
from timeline.web import axis, charting, comparing, doors
from timeline.web.addresses import address, href
from timeline.web.axis import Months
from timeline.web.cards import Card
from timeline.web.chart import Picked
from timeline.web.comparing import Side
from timeline.web.drawn import Drawn, cards
from timeline.web.listing import Chapter, ChipLink, Chronicle, chapters, chip_links
from timeline.web.presentation import macro, page
from timeline.web.then import kept

SELECTS = ("actor", "category", "country")
FIELDS = ("q", "from", "to")
ROOM = 970
"""Elements that the drawing and the list below it have together."""
LISTED = 40
FEW = 6
_OF_AN_EVENT = 17

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Option:
    """A value of a select."""

    value: str
    words: str
    on: bool


@dataclass(frozen=True)
class Select:
    """One facet of a side's form."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Field:
    """A field to type in. ``problem`` is what is wrong with what was typed."""

    name: str
    label: str
    value: str
    problem: str


@dataclass(frozen=True)
class Form:
    """What can be changed of a side; ``hidden`` is what else it is."""

    letter: str
    legend: str
    fields: tuple[Field, ...]
    selects: tuple[Select, ...]
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Head:
    """What stands above the drawing for a side."""

    letter: str
    words: str
    chips: tuple[ChipLink, ...]
    list_href: str
    chart_href: str
    remove_href: str


@dataclass(frozen=True)
class Example:
    """A comparison worth a look."""

    words: str
    href: str


@dataclass(frozen=True)
class _Asked:
    """One side as it was asked for."""

    letter: str
    params: QueryDict
    reading: Reading

    @property
    def pairs(self) -> list[tuple[str, str]]:
        selection = self.reading.selection
        return pairs_of(selection) if selection is not None else []


def _ask(request: HttpRequest, letter: str) -> _Asked:
    params = QueryDict(mutable=True)
    for name in COMPARED:
        values = [value for value in request.GET.getlist(f"{letter}.{name}") if value]
        if values:
            params.setlist(name, values)
    return _Asked(letter, params, browse.read(params))


def _query(one: Pairs, other: Pairs) -> str:
    pairs = [(f"a.{name}", value) for name, value in one]
    pairs += [(f"b.{name}", value) for name, value in other]
    return urlencode(pairs, safe="!")


def _compare_href(*selections: Selection) -> str:
    return href(address("compare"), browse.compared(*selections))


def _read_mark(request: HttpRequest) -> tuple[int, Picked] | ParameterError | None:
    written = request.GET.get("mark", "")
    if not written:
        return None
    found = re.fullmatch(
        r"([ab])\.(\w{1,20})\.(\d{4}-\d\d-\d\d)\.(\d{4}-\d\d-\d\d)", written, re.ASCII
    )
    try:
        if found is not None and found[2] in Family.values:
            days = date.fromisoformat(found[3]), date.fromisoformat(found[4])
            return SIDES.index(found[1]), Picked(found[2], *days)
    except ValueError:
        pass
    sentence = gettext("This is no ring of the comparison. Choose one in the drawing.")
    return ParameterError("mark", shown(written), sentence)


@doors.public_page
def compare(request: HttpRequest) -> HttpResponse:
    """Two selections one above the other on one axis of time."""
    asked = (_ask(request, "a"), _ask(request, "b"))
    wrong = [
        replace(error, name=f"{side.letter}.{error.name}")
        for side in asked
        for error in side.reading.errors
    ]
    mark = _read_mark(request)
    if isinstance(mark, ParameterError):
        wrong.append(mark)
        mark = None
    one, other = (side.reading.selection for side in asked)
    if wrong or one is None or other is None:
        return page("compare.html", _plain(asked, tuple(wrong)), status=400)
    query = _query(asked[0].pairs, asked[1].pairs)
    given = [
        (name, value)
        for name in request.GET
        for value in request.GET.getlist(name)
        if name.partition(".")[0] in SIDES and name.partition(".")[2] in COMPARED
    ]
    written = [(f"{side.letter}.{name}", value) for side in asked for name, value in side.pairs]
    if given != written:
        chosen = request.GET.get("mark", "")
        return HttpResponseRedirect(
            href(
                request.path,
                "&".join(filter(None, (query, chosen and urlencode({"mark": chosen})))),
            )
        )
    if not query:
        return page("compare.html", _plain(asked, ()))
    return page("compare.html", _context(asked, (one, other), query, mark))


def _plain(asked: tuple[_Asked, _Asked], wrong: tuple[ParameterError, ...]) -> dict[str, Any]:
    """The page without a drawing: the form, what is wrong with it, and examples."""
    every = answer(Selection(page_size=1))
    words = gettext("Compare two selections")
    return _page(words, "") | {
        "errors": wrong,
        "noindex": bool(wrong),
        "forms": tuple(_form(side, every) for side in asked),
        "examples": () if wrong else _examples(every),
        "description": gettext("Two selections of events one above the other on one axis of time."),
    }


def _page(words: str, query: str) -> dict[str, Any]:
    return {
        "here": "",
        "section": "chart",
        "title": words,
        "description": words,
        "canonical": href(address("compare"), query),
        "noindex": bool(query),
        "errors": (),
        "heads": (),
        "forms": (),
        "examples": (),
        "both": "",
        "swap_href": "",
        "scales": (),
        "moves": (),
        "steering": None,
        "drawing": None,
        "families": tuple(Family.values),
        "listing": None,
        "list_heading": "",
        "picked": False,
        "whole_href": href(address("compare"), query),
    }


def _context(
    asked: tuple[_Asked, _Asked],
    selections: tuple[Selection, Selection],
    query: str,
    mark: tuple[int, Picked] | None,
) -> dict[str, Any]:
    one, other = (each.changed(sort="date", page_size=PAGE_SIZE) for each in selections)
    found = (answer(one), answer(other))
    said = [browse.words(side.reading, page.total) for side, page in zip(asked, found, strict=True)]
    made = _page(gettext("%(one)s beside %(other)s") % {"one": said[0], "other": said[1]}, query)
    heads = tuple(_head(asked, at, said[at]) for at in (0, 1))
    made |= {
        "heads": heads,
        "forms": tuple(_form(side, page) for side, page in zip(asked, found, strict=True)),
        "swap_href": href(address("compare"), _query(asked[1].pairs, asked[0].pairs)),
    }
    common = index.shared(one, other)
    made["both"] = (
        ngettext("%(num)s event is in both.", "%(num)s events are in both.", common)
        % {"num": f"{common:,}"}
        if common
        else gettext("No event is in both.")
    )
    window = _window(found)
    if window is None or not any(page.total for page in found):
        return made
    density = comparing.joined(found[0].density, found[1].density)
    link = _link(selections)
    leading = [_leading(query, SIDES[at], mark, selections[at].known_by) for at in (0, 1)]
    drawing = comparing.draw(
        (
            Side("A", said[0], one, found[0], leading[0]),
            Side("B", said[1], other, found[1], leading[1]),
        ),
        window,
        lambda first, last: link(axis.months_of(Window(first, last))),
    )
    made["scales"] = axis.scales(window, density, link)
    made["moves"] = axis.moves(window, density, link)
    names = tuple(f"{side}.{name}" for side in SIDES for name in ("from", "to"))
    made["steering"] = axis.steering(window, density, link(None), names)
    made["drawing"] = drawing
    room = min(max((ROOM - drawing.elements) // _OF_AN_EVENT, FEW), LISTED)
    listed, heading = _listed((one, other), found, common, window, mark, room)
    made["listing"] = Chronicle(listed, compact=True) if listed else None
    made["list_heading"] = heading
    made["picked"] = mark is not None
    return made


def _window(found: tuple[Page, Page]) -> Window | None:
    """From where the first of the two begins to where the last one ends."""
    windows = [axis.window_of(page.density) for page in found if page.total]
    known = [window for window in windows if window is not None]
    if not known:
        return None
    return Window(min(each.first for each in known), max(each.last for each in known))


def _leading(
    query: str, letter: str, mark: tuple[int, Picked] | None, known_by: date | None
) -> charting.Leading:
    here = mark is not None and SIDES[mark[0]] == letter
    return charting.Leading(
        ring=lambda name: f"{href(address('compare'), f'{query}&mark={letter}.{name}')}#list",
        event=lambda _public_id, own: kept(own, known_by),
        picked=mark[1].name if mark is not None and here else "",
    )


def _link(selections: tuple[Selection, Selection]) -> Callable[[Months | None], str]:
    def link(months: Months | None) -> str:
        one, other = (each.without_dates() for each in selections)
        if months is not None:
            first, last = axis.between(months)
            one, other = (each.changed(from_=first, to=last) for each in (one, other))
        return _compare_href(one, other)

    return link


def _head(asked: tuple[_Asked, _Asked], at: int, words: str) -> Head:
    side = asked[at]
    query = side.reading.canonical

    def without(pairs: Pairs) -> str:
        sides = [pairs if each is side else each.pairs for each in asked]
        return href(address("compare"), _query(sides[0], sides[1]))

    return Head(
        letter="AB"[at],
        words=words,
        chips=chip_links(side.reading, lambda query: without(_pairs_of_query(query))),
        list_href=href(address("home"), query),
        chart_href=href(address("chart"), query),
        remove_href=without(()) if side.pairs else "",
    )


def _pairs_of_query(query: str) -> Pairs:
    params = QueryDict(query)
    return [(name, value) for name in params for value in params.getlist(name)]


def _form(side: _Asked, found: Page) -> Form:
    """The form of a side: what was typed, or what it is; values are offered from its own facets."""
    problems = {error.name: error.sentence for error in side.reading.errors}
    pairs = side.pairs or _pairs_of_query(side.params.urlencode())
    labels = {"q": gettext("Words"), "from": gettext("From"), "to": gettext("To")}
    typed: dict[str, str] = {}
    hidden = []
    for name, value in pairs:
        plain = name in FIELDS or (name in SELECTS and not value.startswith("!"))
        if plain and name not in typed:
            typed[name] = value
        else:
            hidden.append((f"{side.letter}.{name}", value))
    titles = {
        "actor": (gettext("Actor"), gettext("Any actor")),
        "category": (gettext("Category"), gettext("Any category")),
        "country": (gettext("Country"), gettext("Any country")),
    }
    selects = []
    for name, (label, anything) in titles.items():
        options = [Option("", anything, on=False)]
        options += [
            Option(each.value, each.label, each.value == typed.get(name))
            for each in found.facets[name].values
        ]
        if typed.get(name) and not any(option.on for option in options):
            options.append(Option(typed[name], typed[name], on=True))
        selects.append(Select(f"{side.letter}.{name}", label, tuple(options)))
    return Form(
        letter=side.letter.upper(),
        legend=gettext("Selection %(letter)s") % {"letter": side.letter.upper()},
        fields=tuple(
            Field(f"{side.letter}.{name}", label, typed.get(name, ""), problems.get(name, ""))
            for name, label in labels.items()
        ),
        selects=tuple(selects),
        hidden=tuple(hidden),
    )


def _examples(every: Page) -> tuple[Example, ...]:
    """The two largest values of a facet beside each other, where it has two."""
    made = []
    for facet in ("category", "actor", "country"):
        values = [each for each in every.facets[facet].values if each.count][:2]
        if len(values) == 2:
            one, other = (Selection().narrowed(facet, each.value) for each in values)
            words = gettext("%(facet)s: %(one)s and %(other)s") % {
                "facet": facet_label(facet),
                "one": values[0].label,
                "other": values[1].label,
            }
            made.append(Example(words, _compare_href(one, other)))
    return tuple(made)


def _listed(
    selections: tuple[Selection, Selection],
    found: tuple[Page, Page],
    common: int,
    window: Window,
    mark: tuple[int, Picked] | None,
    at_most: int,
) -> tuple[tuple[Chapter, ...], str]:
    """The events of both in the order of time, each with its side, or those of a chosen ring."""
    whole = found[0].total + found[1].total - common
    if mark is not None:
        at, ring = mark
        keys = index.standing(selections[at], window, "category", ring.lane, ring.first, ring.last)
        heading = gettext("%(side)s: %(events)s in this ring, %(days)s") % {
            "side": "AB"[at],
            "events": _events(len(keys)),
            "days": axis.days_in_words(ring.first, ring.last),
        }
    else:
        either = Event.objects.public().filter(pk__in={*found[0].ids, *found[1].ids})
        keys = list(either.in_order().values_list("pk", flat=True))
        heading = gettext("The events of both, in the order of time")
        if whole > at_most:
            heading = gettext("The first %(count)s of %(events)s, in the order of time") % {
                "count": at_most,
                "events": _events(whole),
            }
    keys = keys[:at_most]
    held = [index.held(selection, keys) for selection in selections]
    told: dict[int, Card] = {}
    for selection, inside in zip(selections, held, strict=True):
        told |= cards(
            [key for key in keys if key in inside and key not in told], selection.known_by
        )
    write: Callable[..., Markup] = macro("parts/card.html", "event_brief")
    made = []
    for key in keys:
        if key in told:
            sides = (
                gettext("A and B")
                if all(key in inside for inside in held)
                else "A"
                if key in held[0]
                else "B"
            )
            card = told[key]
            made.append(Drawn(card.public_id, card.year, card.month, write(card, 3, sides)))
    years: dict[int, int] = {}
    return chapters(made, frozenset(), years, by_date=True), heading


def _events(count: int) -> str:
    return ngettext("%(num)s event", "%(num)s events", count) % {"num": f"{count:,}"}
