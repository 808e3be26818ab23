"""oEmbed 1.0: another site gives the address of a page here and gets the markup of a frame.

Only addresses of this site are looked at, and none is ever fetched: host and path are compared
and resolved, as a request for the page would be. The words that come back are escaped wherever
they stand in markup.
"""

import re
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils.translation import gettext

from config.languages import speaking, split
from timeline.models.addresses import bare
from timeline.web import doors
from timeline.web.shared import Shared, embedding, find, snippet
from timeline.web.site import site

WIDTH = 640
"""Pixels at most; a frame is no better wider."""
LONGEST = 2_000
_HOPS = 3
_NUMBER = re.compile(r"[1-9]\d{0,5}", re.ASCII)
_PLAIN = re.compile(r"[!-~]+")


class Refused(Exception):
    """What can't be answered: the status of the protocol, and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


# Everybody's scripts may ask: there is nothing here that a page doesn't say.
_OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


@doors.always(_OPEN)
@doors.public_page
def oembed(request: HttpRequest) -> HttpResponse:
    """The frame of a page, as JSON or XML."""
    try:
        return _answer(request.GET)
    except Refused as refused:
        return HttpResponse(
            f"{refused}\n", status=refused.status, content_type="text/plain; charset=utf-8"
        )


def _answer(params: QueryDict) -> HttpResponse:
    form = params.get("format") or "json"
    if form not in ("json", "xml"):
        raise Refused(501, gettext("The format can be json or xml."))
    width = min(WIDTH, _at_most(params, "maxwidth") or WIDTH)
    tallest = _at_most(params, "maxheight")
    language, path, query = _asked(params.get("url", ""))
    with speaking(language):
        page = _page(path, query)
        height = min(page.height, tallest or page.height)
        here = site()
        made: dict[str, str | int] = {
            "version": "1.0",
            "type": "rich",
            "title": page.title,
            "provider_name": here.name,
            "provider_url": here.url,
            "html": snippet(page, width=str(width), height=height),
            "width": width,
            "height": height,
        }
    if form == "json":
        return JsonResponse(made)
    inside = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in made.items())
    return HttpResponse(
        f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{inside}</oembed>\n',
        content_type="text/xml; charset=utf-8",
    )


def _at_most(params: QueryDict, name: str) -> int | None:
    written = params.get(name, "")
    if not written:
        return None
    if not _NUMBER.fullmatch(written):
        said = gettext("%(name)s is a number of pixels, such as 640.")
        raise Refused(400, said % {"name": name})
    return int(written)


def _unknown() -> Refused:
    return Refused(404, gettext("No page of this site that can be embedded has this address."))


def _asked(written: str) -> tuple[str, str, str]:
    """The language, path and query of an address of this site."""
    if not written:
        raise Refused(400, gettext("Give the address of a page of this site as url=."))
    # A backslash, a space or a control character is read differently by every parser.
    if len(written) > LONGEST or not _PLAIN.fullmatch(written) or "\\" in written:
        raise _unknown()
    try:
        parts = urlsplit(written)
    except ValueError:
        raise _unknown() from None
    if (
        not embedding()
        or parts.scheme not in ("http", "https")
        or parts.netloc.lower() != urlsplit(settings.SITE_URL).netloc.lower()
    ):
        raise _unknown()
    language, path = split(unquote(parts.path))
    return language or settings.LANGUAGE_CODE, path or "/", parts.query


def _page(path: str, query: str) -> Shared:
    try:
        return _found(path, QueryDict(query))
    except (Http404, doors.Gone):
        raise _unknown() from None


def _found(path: str, params: QueryDict) -> Shared:
    """The page at a path, where it moved to if it did."""
    for _hop in range(_HOPS):
        try:
            return find(path, params)
        except doors.Moved as moved:
            path = bare(moved.href)
    raise Http404("It moves on and on.")
