"""Pages for frames on other sites: any list and any event, at its own address below ``/embed``.

An embed takes the parameters of its page and ``theme``; it shows a few events at a time and leads
to the page for the rest. Only these answers may be framed, refusals among them, so that a frame
always says what is wrong with it. They read nothing but the address, and set no cookie.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    QueryDict,
)
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_safe
from markupsafe import Markup

from timeline import browse
from timeline.browse import ParameterError
from timeline.formats.marked import passage
from timeline.index import Cursor, Selection, answer, naming
from timeline.record import spoken
from timeline.record.outlines import outline, outlines
from timeline.record.stories import in_its_words, story_record, with_events
from timeline.web import doors, errors
from timeline.web.addresses import address, below, href
from timeline.web.cached import answered
from timeline.web.cards import Card, card, foreign
from timeline.web.presentation import page
from timeline.web.presets import Preset, preset
from timeline.web.shared import EMBED, list_title
from timeline.web.telling import description_of
from timeline.web.then import keeping, kept

AT_ONCE = 20
"""Events of a frame at a time."""
THEMES = ("light", "dark")

Asked = ParamSpec("Asked")
View = Callable[Concatenate[HttpRequest, Asked], HttpResponse]


@dataclass(frozen=True)
class Frame:
    """What stands in a frame around its events. ``full_href`` is the page that has them all;
    ``lang`` is the language of title, remark and notes, where it isn't the page's. ``theme`` is
    empty where the reader's own setting decides."""

    title: str
    remark: str
    full_href: str
    full_words: str
    theme: str = ""
    previous_href: str = ""
    next_href: str = ""
    updated: str = ""
    lang: str = ""


def embed_href(path: str, query: str = "", theme: str = "") -> str:
    """The embed of a page, by the page's path and canonical query."""
    pairs = "&".join(part for part in (query, f"theme={theme}" if theme else "") if part)
    return href(below(EMBED, path), pairs)


def read_theme(params: QueryDict) -> tuple[str, ParameterError | None]:
    """The chosen theme, empty for none; or what is wrong with it."""
    values = [value for value in params.getlist("theme") if value]
    if not values:
        return "", None
    if values[-1] in THEMES and len(set(values)) == 1:
        return values[-1], None
    wrong = browse.shown(values[-1])
    said = gettext("“%(value)s” is no theme. Write light or dark, or leave it out.")
    return "", ParameterError("theme", wrong, said % {"value": wrong})


def _embedded(view: View[Asked]) -> View[Asked]:
    """Make a view one for frames: kept like any page, frameable whatever it answers."""

    @wraps(view)
    def respond(request: HttpRequest, *args: Asked.args, **kwargs: Asked.kwargs) -> HttpResponse:
        def make() -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except doors.Moved as moved:
                query = request.META.get("QUERY_STRING", "")
                return HttpResponsePermanentRedirect(href(below(EMBED, moved.href), query))
            except doors.Gone as gone:
                return _message(*errors.withdrawn(gone.thing), status=410)
            except Http404:
                return _message(
                    gettext("There is nothing at this address"),
                    gettext("The page that showed this should give another address for it."),
                    status=404,
                )

        response = answered(request, make)
        # Kept bytes come without it, so it is set on each answer. See config.headers.
        response.xframe_options_exempt = True
        return response

    return cast("View[Asked]", require_safe(respond))


def _message(heading: str, *lines: str, status: int, theme: str = "") -> HttpResponse:
    """A frame that says why there is nothing in it."""
    frame = Frame(heading, "", address("home"), str(settings.SITE_NAME), theme)
    context = {"frame": frame, "cards": (), "notes": (), "lines": [line for line in lines if line]}
    response = page("embed.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _wrong(theme: str, *errors: ParameterError) -> HttpResponse:
    return _message(
        gettext("A value can’t be used"),
        *(f"{error.name}={error.value}: {error.sentence}" for error in errors),
        status=400,
        theme=theme,
    )


def _updated() -> str:
    updated = naming.totals().updated
    day = date_format(updated, "SHORT_DATE_FORMAT") if updated else ""
    return gettext("Updated %(day)s") % {"day": day} if day else ""


def _listed(request: HttpRequest, found: Preset | None) -> HttpResponse:
    theme, wrong = read_theme(request.GET)
    reading = browse.read(request.GET, found.within if found else None)
    selection = reading.selection
    if selection is None or wrong is not None:
        return _wrong(theme, *([wrong] if wrong else []), *reading.errors)
    path = found.path if found else address("home")
    if reading.needs_redirect:
        return HttpResponseRedirect(embed_href(path, reading.canonical, theme))
    at_once = min(selection.page_size, AT_ONCE)
    answered_with = answer(selection.changed(page_size=at_once, cursor=selection.cursor))
    language = get_language() or "en"
    listed = spoken.outlines(outlines(answered_with.ids, selection.known_by))
    cards = tuple(keeping(card(each, language), selection.known_by) for each in listed.values())
    first_page = browse.link(selection)

    def turned(cursor: Cursor | None) -> str:
        query = browse.link(selection, cursor=cursor) if cursor else ""
        return embed_href(path, query, theme) if query else ""

    return _page(
        Frame(
            title=list_title(found, reading, answered_with.total),
            remark=_remark(len(cards), answered_with.total, selection),
            full_href=href(path, first_page),
            full_words=ngettext(
                "The event on %(site)s", "All %(count)s events on %(site)s", answered_with.total
            )
            % {"count": f"{answered_with.total:,}", "site": str(settings.SITE_NAME)},
            theme=theme,
            previous_href=turned(answered_with.previous_cursor),
            next_href=turned(answered_with.next_cursor),
            updated=_updated(),
        ),
        cards,
    )


def _remark(shown: int, total: int, selection: Selection) -> str:
    if not total:
        return gettext("Nothing in the record matches all of this at once.")
    order = {
        "date": gettext("oldest first"),
        "-date": gettext("newest first"),
        "-updated": gettext("last updated first"),
    }[selection.sort]
    if shown == total:
        return order[:1].upper() + order[1:]
    return gettext("%(shown)s of %(total)s events, %(order)s") % {
        "shown": shown,
        "total": f"{total:,}",
        "order": order,
    }


def _page(frame: Frame, cards: tuple[Card, ...], notes: tuple[Markup, ...] = ()) -> HttpResponse:
    """A frame of events; with ``notes``, what a story says of each."""
    return page("embed.html", {"frame": frame, "cards": cards, "notes": notes, "lines": ()})


@_embedded
def timeline(request: HttpRequest) -> HttpResponse:
    """The timeline, or what the query selects of it."""
    return _listed(request, None)


@_embedded
def thing(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """The list on the page of a thing: of an actor, a category, a topic, a place, a publisher,
    a year."""
    return _listed(request, preset(kind, slug))


@_embedded
def event(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:  # noqa: ARG001
    """One event, as known on a day where one is given."""
    found = doors.event(public_id)
    theme, wrong = read_theme(request.GET)
    asked = browse.read_day(request.GET)
    if wrong is not None or asked.error is not None:
        return _wrong(theme, *(each for each in (wrong, asked.error) if each is not None))
    known = spoken.outlines(outlines([found.pk], asked.day)).get(found.pk)
    if known is None:
        if asked.day is None:
            raise Http404("It was taken out a moment ago.")
        return _message(
            gettext("This event wasn’t known by %(day)s") % {"day": browse.day_words(asked.day)},
            status=404,
        )
    shown = keeping(card(known, get_language() or "en"), asked.day)
    return _page(
        Frame(
            title="",
            remark="",
            full_href=kept(found.get_absolute_url(), asked.day),
            full_words=gettext("Read the event on %(site)s") % {"site": str(settings.SITE_NAME)},
            theme=theme,
            updated=_updated(),
        ),
        (shown,),
    )


@_embedded
def story(request: HttpRequest, slug: str) -> HttpResponse:
    """A story: its first steps with what it says of each, and the way to the rest."""
    found = doors.story(slug)
    theme, wrong = read_theme(request.GET)
    if wrong is not None:
        return _wrong(theme, wrong)
    shown, events = with_events(story_record(found))
    events = spoken.records(in_its_words(events, shown.language))
    steps = shown.steps[:AT_ONCE]
    frame = Frame(
        title=found.title,
        remark=description_of(found.description, found.introduction),
        full_href=found.get_absolute_url(),
        full_words=ngettext(
            "The story on %(site)s",
            "The story on %(site)s, with all its %(count)s steps",
            len(shown.steps),
        )
        % {"count": len(shown.steps), "site": settings.SITE_NAME},
        theme=theme,
        updated=_updated(),
        lang=foreign(found.language),
    )
    page_language = get_language() or "en"
    cards = tuple(card(outline(events[step.event]), page_language) for step in steps)
    return _page(frame, cards, tuple(passage(step.note) for step in steps))
