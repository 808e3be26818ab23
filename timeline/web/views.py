"""The views of public pages: each takes an address and answers with one page.

They join the doors, the list and the headings; how any of these is made is said there. None
reads a session, a user or a cookie.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from timeline import browse
from timeline.browse.filters import MAX_QUERY
from timeline.formats import citing, jsonld
from timeline.index import Choice, Page, Selection, naming
from timeline.index.page import AT_MOST
from timeline.models import (
    Actor,
    Category,
    Event,
    Figure,
    Place,
    Publisher,
    Topic,
)
from timeline.models.choices import Status
from timeline.models.tongue import tongue
from timeline.record import EventRecord, brief, plain, record, records, source_record, spoken
from timeline.record.known import as_known
from timeline.record.stories import standings
from timeline.record.told import titles_of
from timeline.web import doors, errors, lists, past, pictured, things, verifying
from timeline.web import home as start
from timeline.web.addresses import address, href
from timeline.web.article import DESCRIPTION, article, article_page, cited_source
from timeline.web.cards import foreign, shortened
from timeline.web.claims import Claim
from timeline.web.drawn import drawn
from timeline.web.files import offered
from timeline.web.listing import Chronicle, chapters
from timeline.web.presentation import page
from timeline.web.shared import Shared
from timeline.web.sharing import share_panel
from timeline.web.site import site
from timeline.web.telling import InStory, anchor_of
from timeline.web.texts import site_texts
from timeline.web.then import keeping, kept, then

_CLAIMING_EVENTS = 100
# Events shown on a source's page; hardly a source carries more.
_RESTING = 200
_ORDER = ("sort_date", "latest", "minute", "day_order", "public_id")


@doors.public_page
def timeline(request: HttpRequest) -> HttpResponse:
    """The timeline: everything, or what the query selects."""
    asked = lists.ask(request)
    if isinstance(asked, HttpResponse):
        return asked
    plain = not asked.reading.canonical and not asked.reading.errors
    selection = asked.reading.selection
    known_by = selection.known_by if selection is not None else None
    above = start.home(asked.answer, latest=plain, known_by=known_by)
    words = (
        asked.words
        if selection is not None and asked.answer is not None and not plain
        else above.heading
    )
    return lists.shown(
        asked,
        {
            "home": above,
            "here": "home",
            "title": words if selection is not None else gettext("A value can’t be used"),
            "description": shortened(above.description or above.heading, DESCRIPTION),
        },
    )


@doors.public_page
def events(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view)
    """The folder of events has no page of its own."""
    return redirect("home", permanent=True)


def _preset(
    request: HttpRequest,
    within: Selection,
    preset: str,
    make: Callable[[Page | None, date | None], things.Thing],
    at_most: int = AT_MOST,
) -> HttpResponse:
    asked = lists.ask(request, within, at_most)
    if isinstance(asked, HttpResponse):
        return asked
    selection = asked.reading.selection
    known_by = selection.known_by if selection is not None else None
    thing = keeping(make(asked.answer, known_by), known_by)
    title = thing.name
    if selection is not None and asked.answer is not None and asked.reading.canonical:
        title = f"{thing.name}: {asked.words}"
    return lists.shown(
        asked,
        {
            "thing": thing,
            "section": thing.section,
            "title": title,
            "description": shortened(
                thing.description
                or gettext("%(name)s in a sourced chronology.") % {"name": thing.name},
                DESCRIPTION,
            ),
        },
        preset=preset,
    )


@doors.public_page
def actor(request: HttpRequest, slug: str) -> HttpResponse:
    """An actor: names, parts, roles, numbers it gave, and its events."""
    found = doors.named(Actor, slug)
    report = site().report_href(found.name, request.path)
    within = Selection(actor=Choice(include=(slug,)))
    return _preset(
        request,
        within,
        "",
        lambda answer, day: things.actor(found, answer, report, day),
        things.AMONG_OFTEN,
    )


@doors.public_page
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """The events of a category."""
    found = doors.named(Category, slug)
    within = Selection(category=Choice(include=(slug,)))
    return _preset(request, within, "category", lambda answer, _: things.category(found, answer))


@doors.public_page
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """The events of a topic."""
    found = doors.named(Topic, slug)
    within = Selection(topic=Choice(include=(slug,)))
    return _preset(request, within, "", lambda answer, _: things.topic(found, answer))


@doors.public_page
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """The events at a place and the places inside it."""
    found = doors.named(Place, slug)
    within = Selection(place=Choice(include=(slug,)))
    return _preset(request, within, "", lambda answer, _: things.place(found, answer))


@doors.public_page
def publisher(request: HttpRequest, slug: str) -> HttpResponse:
    """The events that rest on what a publisher published."""
    found = doors.named(Publisher, slug)
    within = Selection(publisher=Choice(include=(slug,)))
    return _preset(request, within, "", lambda answer, day: things.publisher(found, answer, day))


@doors.public_page
def year(request: HttpRequest, year: int) -> HttpResponse:
    """The events that touch a year."""
    if not 1 <= year <= 9999:
        raise Http404("Years go from 1 to 9999.")
    within = Selection(year=Choice(include=(str(year),)))
    return _preset(request, within, "year", lambda answer, _: things.year(year, answer))


def _claims(shown: EventRecord, day: date | None) -> list[Claim]:
    """Every public claim of the counts that an event gives, its own among them, as known on a
    day where one is given."""
    counts = {(figure.metric.code, figure.subject) for figure in shown.figures}
    if not counts:
        return []
    claiming = Figure.objects.filter(
        event__status=Status.PUBLISHED,
        metric__code__in={code for code, _ in counts},
        subject__in={subject for _, subject in counts},
    )
    found = Event.objects.public().filter(pk__in=claiming.values("event")).in_order()
    rows = list(found[:_CLAIMING_EVENTS])
    others = dict(zip((row.pk for row in rows), records(rows), strict=True))
    others = as_known(others, day) if day else others
    said = spoken.records(others)
    made = []
    for key, other in others.items():
        here = other.public_id == shown.public_id
        href = address("event_short", public_id=other.public_id)
        made += [
            Claim(told, href, here)
            for figure, told in zip(other.figures, said[key].figures, strict=True)
            if (figure.metric.code, figure.subject) in counts
        ]
    return made


@doors.public_page
def event(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:  # noqa: ARG001
    """An event with everything that the record holds of it, or could have held on a day."""
    found = doors.event(public_id)
    canonical = found.get_absolute_url()
    if request.path != canonical:
        raise doors.Moved(canonical)
    asked = browse.read_day(request.GET)
    if asked.error is not None:
        return errors.wrong_value(asked.error, canonical)
    if asked.needs_redirect:
        return HttpResponseRedirect(href(canonical, asked.canonical))
    return event_page(found, day=asked.day)


def _unknown_then(found: Event, day: date) -> HttpResponse:
    """404 for an event that wasn't known by a day, with the day on which it was; no title."""
    first = naming.known_from(found.pk)
    href = found.get_absolute_url()
    links = [(gettext("Show what is known today"), href)]
    line = gettext("None of its sources says when it was published or read.")
    if first is not None:
        when = browse.day_words(first)
        line = gettext("The first of its sources became known on %(day)s.") % {"day": when}
        links.insert(0, (gettext("Show it as known on %(day)s") % {"day": when}, kept(href, first)))
    return errors.message(
        gettext("This event wasn’t known by %(day)s") % {"day": browse.day_words(day)},
        line,
        status=404,
        links=links,
    )


def _recorded_then(found: Event, day: date) -> EventRecord | None:
    """The record of an event as it could be known on a day; None if it couldn't."""
    whole = record(found, day=day)
    then = as_known({found.pk: whole}, day).get(found.pk)
    if then is None:
        return None
    known = naming.known_among([each.event.public_id for each in whole.relations], day)
    return replace(
        then,
        relations=tuple(each for each in whole.relations if each.event.public_id in known),
    )


def event_page(found: Event, *, preview: bool = False, day: date | None = None) -> HttpResponse:
    """The page of an event, as known on a ``day`` where one is given; as a ``preview`` it is any
    event's, for staff. Neither is indexed."""
    shown = record(found, everything=preview) if day is None else _recorded_then(found, day)
    if shown is None:
        return _unknown_then(found, day or date.max)
    claimed = _claims(shown, day)
    told, shown = next(spoken.told([shown], tongue())), spoken.record(shown)
    key = tuple(getattr(found, name) for name in _ORDER)
    nearest = [naming.beside(key, later=later, known_by=day) for later in (False, True)]
    beside = Event.objects.public().select_related("category").in_bulk(filter(None, nearest))
    earlier, later = (beside.get(pk) if pk is not None else None for pk in nearest)
    others = [each.event.public_id for each in shown.relations]
    others += [each.public_id for each in (earlier, later) if each is not None]
    made = article(
        shown,
        claimed,
        brief(earlier) if earlier else None,
        brief(later) if later else None,
        titles_of(others, tongue()),
    )
    here = site()
    query = urlencode({"known_by": day} if day else {})
    today = timezone.localdate()
    bare = address("event_short", public_id=found.public_id) if found.public_id else ""
    short = kept(bare, day) if bare else ""
    permanent = here.absolute(
        f"{bare}/v/{found.version}" if found.version and day is None else short
    )
    return article_page(
        keeping(made, day),
        canonical=made.href,
        home_href=kept(address("home"), day),
        then=then(day, made.href, *_set_by_hand(found)) if day else None,
        preview=preview,
        description=shortened(made.summary or made.title, DESCRIPTION),
        structured=jsonld.script_json(
            jsonld.page(told, here.absolute(made.href), here.name, here.url)
        ),
        styles=citing.citations(told, here.name, permanent, today),
        short_href=short,
        published_at=plain(shown.published_at),
        modified_at=plain(shown.revised_at),
        files=() if preview else offered(made.href, query),
        picture=None if preview else pictured.event_shown(shown, day),
        share=None if preview else share_panel(Shared(made.title, made.href, query, short=short)),
        history=() if preview or day else past.history(found),
        stories=() if preview or day else _in_stories(found),
        report=here.report_href(made.title, made.href),
    )


def _in_stories(found: Event) -> tuple[InStory, ...]:
    """The stories in which an event stands, at its step."""
    return tuple(
        InStory(
            each.edition.title,
            f"{address('story', slug=each.edition.slug)}#{anchor_of(each.number)}",
            foreign(each.edition.language),
            each.number,
            each.total,
        )
        for each in standings(found, tongue())
    )


def _set_by_hand(found: Event) -> list[str]:
    """What a page of a past day says of a label that is today's word of an editor."""
    if not found.verification_override:
        return []
    return [gettext("The verification is the one that follows from its sources by then.")]


@doors.public_page
def event_short(request: HttpRequest, public_id: str) -> HttpResponse:
    """The short form of an event's address."""
    asked = browse.read_day(request.GET)
    href = doors.event(public_id).get_absolute_url()
    return HttpResponseRedirect(kept(href, asked.day))


@doors.public_page
def source(request: HttpRequest, public_id: str) -> HttpResponse:  # noqa: ARG001  (a view)
    """A source and the events that rest on it."""
    found = doors.source(public_id)
    if public_id != found.public_id:
        raise doors.Moved(found.get_absolute_url())
    resting = Event.objects.public().filter(citations__source=found).distinct().in_order()
    keys = list(resting.values_list("pk", flat=True)[:_RESTING])
    cards = list(drawn(keys[::-1], level=4).values())
    cited = cited_source(spoken.source(source_record(found)), ())
    return page(
        "source.html",
        {
            "section": "sources",
            "source": cited,
            "title": cited.title,
            "description": gettext("Events that rest on “%(title)s”, %(publisher)s.")
            % {"title": cited.title, "publisher": cited.publisher},
            "canonical": found.get_absolute_url(),
            "total": len(cards),
            "listing": Chronicle(chapters(cards, frozenset(), {}, by_date=True), compact=False),
            "report": site().report_href(cited.title, found.get_absolute_url()),
        },
    )


_SUGGESTED = {"actors": Actor, "topics": Topic, "places": Place, "publishers": Publisher}
_SUGGESTIONS = 12


@doors.public_page
def suggest(request: HttpRequest, things: str) -> HttpResponse:
    """Things whose name, in any script, holds what is written; for the find boxes."""
    written = request.GET.get("q", "")
    if len(written) > MAX_QUERY:
        return JsonResponse(
            {"error": gettext("Write at most %(most)s characters.") % {"most": MAX_QUERY}},
            status=400,
        )
    asked = browse.read_day(request.GET)
    if asked.error is not None:
        return JsonResponse({"error": asked.error.sentence}, status=400)
    found = naming.suggestions(_SUGGESTED[things], written, _SUGGESTIONS, asked.day)
    return JsonResponse({"things": [{"value": each.value, "label": each.label} for each in found]})


@doors.public_page
def about(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view)
    """How events are chosen, sourced and verified; contact; licence."""
    return page(
        "about.html",
        {
            "here": "about",
            "texts": site_texts(),
            "premises": verifying.PREMISES,
            "rules": verifying.rows(),
        },
    )
