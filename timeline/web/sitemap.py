"""The sitemap: every public page that has an address of its own, in parts of a bounded size.

Events and sources are divided by the first letters of their public ids, which are drawn at random,
so parts are alike and one is read by a walk along the index of the ids. Things with slugs are
divided by their order. A part costs the same few queries at any size, and is kept like a page.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar
from xml.sax.saxutils import escape

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from timeline.index import Selection, answer, naming
from timeline.models import Actor, Category, Event, Metric, Place, Publisher, Source, Story, Topic
from timeline.record import plain
from timeline.record.releases import releases
from timeline.record.stories import works
from timeline.web import doors
from timeline.web.addresses import address
from timeline.web.cards import event_href
from timeline.web.releases import href_of
from timeline.web.site import site
from timeline.web.stories import places_of

AT_MOST = 4_000
"""Pages of a part, each in every language; on the average where chance divides them."""
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Those of public ids, in their order."""
_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
TYPE = "application/xml; charset=utf-8"

_THINGS: dict[str, tuple[str, type[Any]]] = {
    "actors": ("actor", Actor),
    "categories": ("category", Category),
    "topics": ("topic", Topic),
    "places": ("place", Place),
    "publishers": ("publisher", Publisher),
}
_PAGES = (
    *("home", "actors", "sources", "publishers", "categories", "topics", "places", "years"),
    *("map", "stories", "figures", "coverage", "corrections", "changes", "about", "outgoing"),
)
_NAME = re.compile(r"([a-z]+)(?:-([0-9A-Z]{1,3}))?", re.ASCII)

Row = TypeVar("Row", bound=Model)
Entry = tuple[str, object] | tuple[str, object, Mapping[str, str]]
"""The path of a page and when it changed last, None where that isn't known; and its paths in the
languages in which it has another."""


def _letters(total: int) -> int:
    """How many first letters divide so many ids into parts of the size."""
    count = 0
    while total > AT_MOST * len(LETTERS) ** count:
        count += 1
    return count


def _prefixes(total: int) -> list[str]:
    found = [""]
    for _letter in range(_letters(total)):
        found = [before + letter for before in found for letter in LETTERS]
    return found


def _numbers(total: int) -> list[str]:
    """Numbers of the parts of a kind that is divided by order; a single part has none."""
    parts = -(-total // AT_MOST)
    return [str(number) for number in range(1, parts + 1)] if parts > 1 else [""] * parts


def _parts() -> list[str]:
    """The names of all parts."""
    totals = naming.totals()
    found = [("pages", "")]
    if totals.events:
        found += [("events", prefix) for prefix in _prefixes(totals.events)]
        found += [("sources", prefix) for prefix in _prefixes(totals.sources)]
        found.append(("years", ""))
    for kind, (_name, model) in _THINGS.items():
        found += [(kind, number) for number in _numbers(len(naming.counts(model)))]
    return [f"{kind}-{part}" if part else kind for kind, part in found]


def _beginning(rows: QuerySet[Row], prefix: str) -> QuerySet[Row]:
    """Rows whose public id begins so: a range, since an index knows nothing of beginnings."""
    before = prefix.rstrip(LETTERS[-1])
    if before:
        following = LETTERS[LETTERS.index(before[-1]) + 1]
        rows = rows.filter(public_id__lt=before[:-1] + following)
    return rows.filter(public_id__gte=prefix)


def _events(prefix: str) -> Iterator[Entry]:
    rows = _beginning(Event.objects.public(), prefix)
    fields = ("public_id", "slug", "revised_at", "published_at")
    for public_id, slug, revised, published in rows.order_by("public_id").values_list(*fields):
        yield event_href(public_id, slug), revised or published


def _sources(prefix: str) -> Iterator[Entry]:
    rows = _beginning(Source.objects.public(), prefix)
    for public_id in rows.order_by("public_id").values_list("public_id", flat=True):
        yield address("source", public_id=public_id), None


def _things(kind: str, number: str) -> Iterator[Entry]:
    name, model = _THINGS[kind]
    start = (int(number or 1) - 1) * AT_MOST
    slugs = naming.every(model).order_by("pk").values_list("slug", flat=True)
    for slug in slugs[start : start + AT_MOST]:
        yield address(name, slug=slug), None


def _pages() -> Iterator[Entry]:
    updated = naming.totals().updated
    for name in _PAGES:
        yield address(name), updated if name == "home" else None
    for release in releases():
        yield href_of(release.number), release.closed_at or release.at
    told = {story.pk: story for story in Story.objects.public()}
    for editions in works(told.values()):
        # The last one that was revised; each part of the entry names all of them.
        changed = max(
            moment
            for each in editions
            if (moment := told[each.key].revised_at or told[each.key].published_at)
        )
        yield address("story", slug=editions[0].slug), changed, places_of(editions)
    for code in naming.every(Metric).values_list("code", flat=True):
        yield address("metric", code=code), None


def _years() -> Iterator[Entry]:
    for one in answer(Selection(page_size=1)).density.years:
        if one.rest:
            yield address("year", year=f"{one.year:04}"), None


def _entries(name: str) -> Iterable[Entry]:
    found = _NAME.fullmatch(name)
    if found is None or name not in _parts():
        raise Http404("The sitemap has no such part.")
    kind, part = found[1], found[2] or ""
    if kind == "events":
        return _events(part)
    if kind == "sources":
        return _sources(part)
    if kind == "years":
        return _years()
    return _things(kind, part) if kind in _THINGS else _pages()


def _written(root: str, item: str, entries: Iterable[Entry]) -> HttpResponse:
    here = site()
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        f'<{root} xmlns="{_SITEMAPS}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n',
    ]
    for path, changed, *others_of in entries:
        dated = f"<lastmod>{plain(changed)}</lastmod>" if changed else ""
        tongues = here.tongues(path, *others_of) if item == "url" else ()
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(there)}"/>'
            for code, there in tongues
        )
        lines += (
            f"<{item}><loc>{escape(there)}</loc>{dated}{others}</{item}>\n"
            for there in dict.fromkeys(each for _code, each in tongues) or [here.absolute(path)]
        )
    lines.append(f"</{root}>\n")
    return HttpResponse("".join(lines), content_type=TYPE)


@doors.public_page
def index(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view)
    """The parts of the sitemap."""
    entries = ((address("sitemap_part", part=part), None) for part in _parts())
    return _written("sitemapindex", "sitemap", entries)


@doors.public_page
def addresses(request: HttpRequest, part: str) -> HttpResponse:  # noqa: ARG001  (a view)
    """The addresses of a part."""
    return _written("urlset", "url", _entries(part))
