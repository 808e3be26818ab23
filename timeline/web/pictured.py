"""Which page is shown by which picture when it is linked elsewhere, and the pictures' addresses.

A picture stands below ``/picture``, at its page's own address, and carries the hash of its content:
it may be kept for long, and an address whose content has changed leads to the present one. Each
answer asks the record first, so a draft has no picture and a withdrawn event has none any more.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponseRedirect,
)
from django.utils.http import parse_etags
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from timeline import browse
from timeline.browse import ParameterError
from timeline.index import Page, Selection, answer, naming
from timeline.models.tongue import tongue
from timeline.record import EventRecord, spoken
from timeline.record.fetching import records_of
from timeline.record.known import as_known
from timeline.record.stories import StoryRecord, story_record, with_events
from timeline.web import doors, errors, numbers, pictures, raster, wording
from timeline.web.addresses import address, href
from timeline.web.cached import kept
from timeline.web.cards import shortened
from timeline.web.pictures import Picture, Sign, bars, bars_of, draw
from timeline.web.presets import KINDS, preset
from timeline.web.site import site
from timeline.web.telling import description_of
from timeline.web.when import when

COUNTED = 5000
"""Of more events than this the sources aren't counted: it would take longer than the page."""

# A reader's browser may keep what has a hash; a cache for many asks again within the hour, so
# that what was taken out is gone from there too.
CONTROL = "public, max-age=604800, s-maxage=3600, immutable"
_PNG = "image/png"


@dataclass(frozen=True)
class Shown:
    """A page's picture as the page's head names it."""

    href: str
    alt: str


# --- What a picture says ----------------------------------------------------------------------


def of_event(record: EventRecord) -> Picture:
    """The picture of an event, as it is or as it could be known on a day."""
    signs = []
    if record.category is not None:
        tint = wording.FAMILY_CLASSES.get(record.category.family, "stm")
        signs.append(Sign(record.category.shape, tint, record.category.name))
    label = record.verification
    against = label in ("disputed", "disproved")
    signs.append(Sign(label, "alarm" if against else "ink", wording.verification_word(label)))
    sources = len({each.source.public_id for each in record.citations})
    publishers = len({each.source.publisher.slug for each in record.citations})
    dated = when(record.date)
    return Picture(
        str(settings.SITE_NAME),
        _host(),
        title=record.here(tongue()).title,
        above=dated.words[:1].upper() + dated.words[1:],
        signs=tuple(signs),
        counts=(_sources(sources), _publishers(publishers)),
        ring=dated.ring,
        key=record.importance == "key",
    )


def of_list(name: str, selection: Selection, words: str, found: Page) -> Picture:
    """The picture of a list: that of the thing called ``name``, or of the whole site, narrowed to
    the selection that ``words`` say. ``found`` is the answer to it."""
    kind = _kind(selection)
    whole = selection.within is None and not selection.filters
    title = name or (str(settings.SITE_HEADING) if whole else words)
    return Picture(
        str(settings.SITE_NAME),
        _host(),
        title=title,
        above=_said_of(kind[0]) if kind and name else "",
        words=str(settings.SITE_DESCRIPTION)
        if whole
        else words
        if name and selection.filters
        else "",
        counts=tuple(_counts(selection, found, whole=whole)),
        bars=bars(found.density),
    )


def _host() -> str:
    return urlsplit(settings.SITE_URL).netloc


def of_story(story: StoryRecord, events: Collection[EventRecord]) -> Picture:
    """The picture of a story, over the events of its steps."""
    told = ngettext("%(count)s event", "%(count)s events", len(events))
    sources = {each.source.public_id for event in events for each in event.citations}
    return Picture(
        settings.SITE_NAME,
        _host(),
        title=story.title,
        above=gettext("Story"),
        words=shortened(description_of(story.description, story.introduction), 180),
        counts=(told % {"count": numbers.whole(len(events))}, _sources(len(sources))),
        bars=bars_of(
            (each.sort_date, each.category.family if each.category else "") for each in events
        ),
    )


def _counts(selection: Selection, found: Page, *, whole: bool) -> list[str]:
    events = ngettext("%(count)s event", "%(count)s events", found.total)
    made = [events % {"count": numbers.whole(found.total)}]
    if whole:
        totals = naming.totals()
        made += [_sources(totals.sources), _publishers(totals.publishers)]
    elif 0 < found.total <= COUNTED:
        made.append(_sources(naming.sources_of(selection)))
    return made


def _sources(count: int) -> str:
    return ngettext("%(count)s source", "%(count)s sources", count) % {
        "count": numbers.whole(count)
    }


def _publishers(count: int) -> str:
    return ngettext("%(count)s publisher", "%(count)s publishers", count) % {
        "count": numbers.whole(count)
    }


def _kind(selection: Selection) -> tuple[str, str] | None:
    """The folder and the slug of the page whose preset a selection has."""
    if selection.within is None:
        return None
    for folder, facet in (*((each, KINDS[each][0]) for each in KINDS), ("years", "year")):
        chosen = selection.within.chosen(facet).include
        if chosen:
            return folder, chosen[0]
    return None


def _said_of(folder: str) -> str:
    return {
        "actors": gettext("Actor"),
        "categories": gettext("Category"),
        "topics": gettext("Topic"),
        "places": gettext("Place"),
        "publishers": gettext("Publisher"),
        "years": gettext("Year"),
    }[folder]


def alt(picture: Picture) -> str:
    """What a picture shows, for those who don't see it."""
    if picture.ring is not None:
        return gettext("%(date)s: %(title)s") % {"date": picture.above, "title": picture.title}
    if picture.bars is None:
        return picture.title
    return gettext("Events over time, %(first)s to %(last)s, under the heading “%(title)s”") % {
        "first": picture.bars.first,
        "last": picture.bars.last,
        "title": picture.title,
    }


# --- Where a picture is -----------------------------------------------------------------------


def list_href(selection: Selection, digest: str) -> str:
    """The address of a list's picture."""
    kind = _kind(selection)
    plain = selection.changed(sort=Selection().sort, page_size=Selection().page_size)
    path = (
        address("picture_thing", kind=kind[0], slug=kind[1], digest=digest)
        if kind
        else address("picture", digest=digest)
    )
    return href(path, browse.query_of(plain))


def event_href(record: EventRecord, digest: str, day: date | None = None) -> str:
    """The address of an event's picture."""
    path = address("picture_event", public_id=record.public_id, digest=digest)
    return href(path, f"known_by={day}" if day else "")


def story_shown(story: StoryRecord, events: Collection[EventRecord]) -> Shown:
    """How the head of a story's page names its picture."""
    picture = of_story(story, events)
    path = address("picture_story", slug=story.slug, digest=picture.hash)
    return Shown(site().absolute(path), alt(picture))


def list_shown(name: str, selection: Selection, words: str, found: Page) -> Shown:
    """How the head of a list's page names its picture."""
    picture = of_list(name, selection, words, found)
    return Shown(site().absolute(list_href(selection, picture.hash)), alt(picture))


def event_shown(record: EventRecord, day: date | None = None) -> Shown:
    """How the head of an event's page names its picture."""
    picture = of_event(record)
    return Shown(site().absolute(event_href(record, picture.hash, day)), alt(picture))


# --- Views ------------------------------------------------------------------------------------

Found = tuple[Picture, Callable[[str], str]]
"""A picture, and its address under a hash."""


class _Unread(Exception):
    """A query with a wrong value."""

    def __init__(self, error: ParameterError) -> None:
        super().__init__(error.sentence)
        self.error = error


@require_safe
def timeline(request: HttpRequest, digest: str = "") -> HttpResponse:
    """The picture of the timeline, or of what the query selects of it."""
    return _answer(request, digest, address("home"), lambda: _listed(request, "", None))


@require_safe
def thing(request: HttpRequest, kind: str, slug: str, digest: str = "") -> HttpResponse:
    """The picture of an actor, a year, a place and so on."""

    def find() -> Found:
        try:
            found = preset(kind, slug)
        except doors.Moved as moved:
            path = address("picture_thing_now", kind=kind, slug=moved.key)
            raise doors.Moved(path) from moved
        return _listed(request, found.name, found.within)

    return _answer(request, digest, address("home"), find)


@require_safe
def event(request: HttpRequest, public_id: str, digest: str = "") -> HttpResponse:
    """The picture of an event, as known on a day where one is given."""

    def find() -> Found:
        try:
            found = doors.event(public_id)
        except doors.Moved as moved:
            raise doors.Moved(address("picture_event_now", public_id=moved.key)) from moved
        asked = browse.read_day(request.GET)
        if asked.error is not None:
            raise _Unread(asked.error)
        records = records_of([found.pk])
        if asked.day:
            records = as_known(records, asked.day)
        record = records.get(found.pk)
        if record is None:
            raise Http404("It wasn't known by then.")
        return of_event(spoken.record(record)), lambda digest: event_href(record, digest, asked.day)

    return _answer(request, digest, address("home"), find)


@require_safe
def story(request: HttpRequest, slug: str, digest: str = "") -> HttpResponse:
    """The picture of a story."""

    def find() -> Found:
        try:
            found = doors.story(slug)
        except doors.Moved as moved:
            raise doors.Moved(address("picture_story_now", slug=moved.key)) from moved
        shown, events = with_events(story_record(found))
        picture = of_story(shown, events.values())
        return picture, lambda digest: address("picture_story", slug=slug, digest=digest)

    return _answer(request, digest, address("home"), find)


def _listed(request: HttpRequest, name: str, within: Selection | None) -> Found:
    reading = browse.read(request.GET, within)
    asked = reading.selection
    if asked is None:
        raise _Unread(reading.errors[0])
    found = answer(asked.changed(page_size=1))
    picture = of_list(name, asked, browse.words(reading, found.total), found)
    return picture, lambda digest: list_href(asked, digest)


def _answer(
    request: HttpRequest, digest: str, instead: str, find: Callable[[], Found]
) -> HttpResponse:
    try:
        picture, place = find()
    except _Unread as unread:
        return errors.wrong_value(unread.error, instead, gettext("Show the timeline"))
    except doors.Moved as moved:
        return HttpResponseRedirect(href(moved.href, request.META.get("QUERY_STRING", "")))
    except doors.Gone as gone:
        return errors.gone(gone.thing)
    if digest != picture.hash:
        response: HttpResponse = HttpResponseRedirect(place(picture.hash))
        response.headers["Cache-Control"] = "no-cache"
        return response
    return _drawn(request, picture)


def _drawn(request: HttpRequest, picture: Picture) -> HttpResponse:
    tag = f'"{picture.hash}"'
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return _described(HttpResponseNotModified(), tag)
    response = kept.get(tag)
    if response is None:
        try:
            response = HttpResponse(pictures.png(draw(picture)), content_type=_PNG)
        except raster.Busy:
            return errors.too_many_pictures()
        kept.put(tag, response)
    return _described(response, tag)


def _described(response: HttpResponse, tag: str) -> HttpResponse:
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = CONTROL
    # It is made to be shown on other sites.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
