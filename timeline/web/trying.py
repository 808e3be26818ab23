"""The page that tries a frame before it stands on somebody's page.

The address of a page below ``/share`` shows its frame at two widths, in the chosen theme and
height, with the markup to copy; it works without script.
"""

import re
from collections.abc import Callable
from urllib.parse import urlencode

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    QueryDict,
)
from django.utils.translation import gettext

from config.headers import POLICY
from timeline.browse import ParameterError, shown
from timeline.web import doors, errors
from timeline.web.addresses import below, href
from timeline.web.embeds import THEMES, read_theme
from timeline.web.presentation import page
from timeline.web.presets import preset
from timeline.web.shared import (
    EMBED,
    SHARE,
    Shared,
    Unread,
    embedding,
    shared_event,
    shared_list,
    shared_story,
    snippet,
)
from timeline.web.site import site

WIDTHS = (320, 640)
LOWEST, HIGHEST = 120, 5000
_showing_frames = doors.always({"Content-Security-Policy": f"{POLICY}; frame-src 'self'"})
_HEIGHT = re.compile(r"\d{1,5}", re.ASCII)


def _height(params: QueryDict, of: Shared) -> tuple[int, ParameterError | None]:
    values = [value for value in params.getlist("height") if value]
    if not values:
        return of.height, None
    if _HEIGHT.fullmatch(values[-1]) and LOWEST <= int(values[-1]) <= HIGHEST:
        return int(values[-1]), None
    wrong = shown(values[-1])
    said = gettext("“%(value)s” is no height. Write pixels, from %(least)s to %(most)s.")
    return of.height, ParameterError(
        "height", wrong, said % {"value": wrong, "least": LOWEST, "most": HIGHEST}
    )


def _tried(request: HttpRequest, find: Callable[[], Shared]) -> HttpResponse:
    """The page that tries the frame of what is found."""
    if not embedding():
        raise Http404("This site allows no frames.")
    try:
        of = find()
    except doors.Moved as moved:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(href(below(SHARE, moved.href), query))
    except Unread as unread:
        path = request.path.replace(SHARE, "", 1)
        return errors.wrong_value(unread.error, path, gettext("Back to the page"))
    height, wrong_height = _height(request.GET, of)
    theme, wrong_theme = read_theme(request.GET)
    for wrong in (wrong_theme, wrong_height):
        if wrong is not None:
            return errors.wrong_value(wrong, of.href, gettext("Back to the page"))
    chosen = urlencode({"theme": theme} if theme else {})
    return page(
        "share.html",
        {
            "title": gettext("Show on your page: %(title)s") % {"title": of.title},
            "of": of,
            "action": below(SHARE, of.path),
            "kept": tuple(QueryDict(of.query).lists()),
            "frame_href": of.below(EMBED, chosen),
            "widths": WIDTHS,
            "height": height,
            "theme": theme,
            "themes": (
                ("", gettext("The reader’s own")),
                *zip(THEMES, _theme_words(), strict=True),
            ),
            "snippet": snippet(of, height=height, theme=theme),
            "address": site().absolute(of.href),
        },
    )


def _theme_words() -> tuple[str, ...]:
    return (gettext("Light"), gettext("Dark"))


@_showing_frames
@doors.public_page
def timeline(request: HttpRequest) -> HttpResponse:
    """Try the frame of the timeline."""
    return _tried(request, lambda: shared_list(None, request.GET))


@_showing_frames
@doors.public_page
def thing(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Try the frame of a thing's list."""
    return _tried(request, lambda: shared_list(preset(kind, slug), request.GET))


@_showing_frames
@doors.public_page
def event(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:  # noqa: ARG001
    """Try the frame of an event."""
    return _tried(request, lambda: shared_event(public_id, request.GET))


@_showing_frames
@doors.public_page
def story(request: HttpRequest, slug: str) -> HttpResponse:
    """Try the frame of a story."""
    return _tried(request, lambda: shared_story(slug))
