"""The indexes: every actor, source, category, topic, place, publisher and year with its events.

Counts come from the facets of the whole record, so that a number here is what its link shows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from timeline import browse
from timeline.index import Selection, answer, naming
from timeline.models import Actor, Category, Metric, Place, Publisher, Source, Topic
from timeline.models.called import names
from timeline.models.choices import ActorKind, Status
from timeline.record import source_record, spoken
from timeline.text import fold
from timeline.web import doors, errors, things, wording
from timeline.web.addresses import address
from timeline.web.article import Cited, cited_source
from timeline.web.cards import foreign
from timeline.web.presentation import page

SOURCES_ON_A_PAGE = 150
_WITHIN_PUBLISHER = ("-published_latest", "pk")
# Digits of a page number; more are none.
_LONGEST = 6


@dataclass(frozen=True)
class Item:
    """A thing of an index with its number of events."""

    text: str
    href: str
    count: int
    language: str = ""
    remark: str = ""
    remark_language: str = ""
    mark: str = ""
    family: str = ""


@dataclass(frozen=True)
class Items:
    """Things under one heading; without a title the index is not divided."""

    title: str
    anchor: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Shelf:
    """The sources of one publisher."""

    name: str
    href: str
    language: str
    anchor: str
    sources: tuple[tuple[Cited, int], ...]


def _by_number(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: (-item.count, item.text.casefold())))


def _index(
    name: str, title: str, description: str, groups: Iterable[Items], **more: object
) -> HttpResponse:
    return page(
        "index.html",
        {
            "here": name,
            "title": title,
            "description": description,
            "canonical": address(name),
            "groups": [group for group in groups if group.items],
            "previous_href": "",
            "next_href": "",
        }
        | more,
    )


@doors.public_page
def actors(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view)
    """Every actor, by kind."""
    counts = naming.counts(Actor)
    kinds: dict[str, list[Item]] = {}
    for one in spoken.things(naming.every(Actor).prefetch_related("names")):
        native = things.native_name(one)
        kinds.setdefault(one.kind, []).append(
            Item(
                one.name,
                one.get_absolute_url(),
                counts.get(one.slug, 0),
                remark=native.name if native else "",
                remark_language=native.language if native else "",
            )
        )
    return _index(
        "actors",
        gettext("Actors"),
        gettext("Who takes part in the events of this record, with the bodies and people of each."),
        (
            Items(wording.actor_kind_word(kind), f"kind-{kind}", _by_number(kinds.get(kind, ())))
            for kind in ActorKind.values
        ),
    )


@doors.public_page
def categories(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view)
    """Every category, in the desk's order."""
    counts = naming.counts(Category)
    items = tuple(
        Item(
            one.name,
            one.get_absolute_url(),
            counts.get(one.slug, 0),
            remark=one.description,
            mark=one.shape,
            family=wording.FAMILY_CLASSES[one.family],
        )
        for one in spoken.things(naming.every(Category))
    )
    return _index(
        "categories",
        gettext("Categories"),
        gettext("The kinds of events; each event has one."),
        [Items("", "all", items)],
    )


def _plain(
    name: str, title: str, description: str, model: type[Topic] | type[Place]
) -> HttpResponse:
    counts = naming.counts(model)
    items = _by_number(
        Item(one.name, one.get_absolute_url(), counts.get(one.slug, 0))
        for one in spoken.things(naming.every(model))
    )
    return _index(name, title, description, [Items("", "all", items)])


@doors.public_page
def topics(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view)
    """Every topic."""
    words = gettext("What the events of this record are about; an event may have several.")
    return _plain("topics", gettext("Topics"), words, Topic)


@doors.public_page
def places(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view)
    """Every place; a place counts what happened inside it."""
    words = gettext("Where the events happened. A place counts the events inside it.")
    return _plain("places", gettext("Places"), words, Place)


@doors.public_page
def publishers(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view)
    """Every publisher, by kind."""
    counts = naming.counts(Publisher)
    kinds: dict[str, list[Item]] = {}
    for one in spoken.things(naming.every(Publisher)):
        kinds.setdefault(wording.publisher_kind_word(one.kind), []).append(
            Item(
                one.name,
                one.get_absolute_url(),
                counts.get(one.slug, 0),
                language=one.language,
                remark=wording.language_word(one.language) if foreign(one.language) else "",
            )
        )
    groups = [
        Items(kind, f"kind-{number}", _by_number(items))
        for number, (kind, items) in enumerate(sorted(kinds.items()))
    ]
    return _index(
        "publishers",
        gettext("Publishers"),
        gettext("Whose articles, documents and posts the record rests on."),
        groups,
        section="sources",
    )


@doors.public_page
def figures(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view)
    """Every metric with the events that give figures for it, in the desk's order."""
    counts = naming.counts(Metric)
    items = tuple(
        Item(one.label, address("metric", code=one.code), counts.get(one.code, 0))
        for one in spoken.things(naming.every(Metric))
    )
    words = gettext(
        "What is counted in this record. Each opens who said what, when: every number with who "
        "gives it, its date and its source."
    )
    return _index("figures", gettext("Figures"), words, [Items("", "all", items)])


@doors.public_page
def years(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view)
    """Every year that an event touches."""
    found = answer(Selection(page_size=1)).density.years
    items = tuple(
        Item(str(one.year), address("year", year=str(one.year)), one.rest)
        for one in reversed(found)
        if one.rest
    )
    words = gettext("An event counts in every year that it touches.")
    return _index("years", gettext("Years"), words, [Items("", "all", items)])


def _page_number(text: str) -> int:
    """The number of a page, from 1; 0 where the text is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else 0


def _by_name(held: Iterable[int]) -> list[int]:
    """The keys of publishers, by what they are called in the language of the moment."""
    rows = naming.those(Publisher, held).order_by("folded", "pk").values_list("pk", "slug", "name")
    spoken = names()
    if spoken is None:
        return [pk for pk, _slug, _name in rows]
    called = {pk: fold(spoken.thing("publisher", slug, name)) for pk, slug, name in rows}
    return sorted(called, key=lambda pk: (called[pk], pk))


def _sources_on_page(held: Mapping[int, int], order: Iterable[int], start: int) -> list[int]:
    """The keys of a page's sources, publisher by publisher in an order; ``held`` says how many
    each has.

    Only a publisher whose sources go beyond the page is asked for a part of them.
    """
    found: list[int] = []
    whole: list[int] = []
    end, at = start + SOURCES_ON_A_PAGE, 0
    for publisher in order:
        low, high = max(start - at, 0), min(end - at, held[publisher])
        at += held[publisher]
        if low >= high:
            continue
        if high - low == held[publisher]:
            whole.append(publisher)
        else:
            part = Source.objects.public().filter(publisher=publisher)
            found += part.order_by(*_WITHIN_PUBLISHER).values_list("pk", flat=True)[low:high]
    if whole:
        public = Source.objects.public().filter(publisher__in=whole)
        found += public.order_by().values_list("pk", flat=True)
    return found


@doors.public_page
def sources(request: HttpRequest) -> HttpResponse:
    """Every source under its publisher, in pages."""
    asked = request.GET.get("page", "1")
    number = _page_number(asked)
    held = naming.sources_by_publisher()
    total = sum(held.values())
    pages = max(1, -(-total // SOURCES_ON_A_PAGE))
    if not 1 <= number <= pages:
        return errors.message(
            gettext("There is no such page"),
            gettext("“%(value)s” is not a page of this list. Write a number from 1 to %(last)s.")
            % {"value": browse.shown(asked), "last": pages},
            status=400,
        )
    start = (number - 1) * SOURCES_ON_A_PAGE
    order = _by_name(held)
    counted = Count(
        "citations__event", distinct=True, filter=Q(citations__event__status=Status.PUBLISHED)
    )
    rows = (
        Source.objects.public()
        .filter(pk__in=_sources_on_page(held, order, start))
        .select_related("publisher", "agency")
        .annotate(events=counted)
        .order_by("publisher__folded", "publisher_id", *_WITHIN_PUBLISHER)
    )
    place = {publisher: at for at, publisher in enumerate(order)}
    # One that has been public only since they were counted comes last.
    shelved = sorted(rows, key=lambda row: place.get(row.publisher_id, len(place)))
    shelves = []
    told = spoken.sources({row.pk: source_record(row) for row in shelved})
    for _, members in groupby(shelved, key=lambda row: row.publisher_id):
        listed: list[Any] = list(members)  # sources with their number of events
        first = told[listed[0].pk].publisher
        publisher = listed[0].publisher
        shelves.append(
            Shelf(
                first.name,
                publisher.get_absolute_url(),
                first.language,
                f"p-{publisher.slug}",
                tuple((cited_source(told[row.pk], ()), row.events) for row in listed),
            )
        )
    here = address("sources")
    return page(
        "sources.html",
        {
            "here": "sources",
            "title": gettext("Sources"),
            "description": gettext(
                "The articles, documents and posts that the events of this record rest on, "
                "by who published them."
            ),
            "canonical": here if number == 1 else f"{here}?page={number}",
            "shelves": shelves,
            "total": total,
            "previous_href": ""
            if number == 1
            else (here if number == 2 else f"{here}?page={number - 1}"),
            "next_href": f"{here}?page={number + 1}" if number < pages else "",
        },
    )
