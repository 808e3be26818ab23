"""A page that can be shared: found by its path and query, with the words that name it.

Lists and events can. What is found here is what the page itself would show to everybody, so
nothing is offered for sharing that isn't public; a wrong value in the query is none of it.
"""

import re
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, QueryDict
from django.urls import Resolver404, resolve

from timeline import browse
from timeline.index import answer
from timeline.record.told import title_of
from timeline.web import doors
from timeline.web.addresses import address, below, href
from timeline.web.presets import KINDS, Preset, preset
from timeline.web.site import site
from timeline.web.then import kept

EMBED = "/embed"
SHARE = "/share"
LIST_HEIGHT = 640
EVENT_HEIGHT = 420
"""Pixels of a frame that its page doesn't fit to its content."""

_PATH = re.compile(r"/[\w/-]*", re.ASCII)
_FOLDERS = {parameter: kind for kind, (parameter, _model) in KINDS.items()} | {"year": "years"}
_SANDBOX = "allow-popups allow-popups-to-escape-sandbox allow-scripts"


class Unread(Http404):
    """A query with a wrong value: no page that could be shared, and the reason."""

    def __init__(self, error: browse.ParameterError) -> None:
        super().__init__(error.sentence)
        self.error = error


@dataclass(frozen=True)
class Shared:
    """A page: its words, path and canonical query. ``total`` is the number of a list's events,
    None for one event, which has a ``short`` path too, and for a story."""

    title: str
    path: str
    query: str
    total: int | None = None
    short: str = ""
    story: bool = False

    @property
    def href(self) -> str:
        """The page's address on this site."""
        return href(self.path, self.query)

    @property
    def height(self) -> int:
        """How high a frame of it is unless somebody chooses."""
        return LIST_HEIGHT if self.story or self.total is not None else EVENT_HEIGHT

    def below(self, prefix: str, more: str = "") -> str:
        """The address that stands for the page below a prefix, with more parameters."""
        return href(below(prefix, self.path), "&".join(part for part in (self.query, more) if part))


def embedding() -> bool:
    """Whether anybody may show embeds."""
    return bool(settings.EMBED_ANCESTORS != ["'none'"])


def list_title(found: Preset | None, reading: browse.Reading, total: int) -> str:
    """A selection in words, under the name of its page's thing; the site's heading for all."""
    selection = reading.selection
    filtered = selection is not None and selection.filters
    if found is None:
        return browse.words(reading, total) if filtered else str(settings.SITE_HEADING)
    return f"{found.name}: {browse.words(reading, total)}" if filtered else found.name


def shared_list(found: Preset | None, params: QueryDict) -> Shared:
    """A list, by its preset and the query of its page; of its first page.

    Raises Unread for a wrong value.
    """
    reading = browse.read(params, found.within if found else None)
    if reading.selection is None:
        raise Unread(reading.errors[0])
    selection = reading.selection.changed()
    total = answer(selection.changed(page_size=1)).total
    path = found.path if found else address("home")
    return Shared(list_title(found, reading, total), path, browse.query_of(selection), total)


def shared_event(public_id: str, params: QueryDict) -> Shared:
    """An event, as known on a day where the query gives one.

    Raises Unread for a wrong day, and as ``doors.event``.
    """
    found = doors.event(public_id)
    asked = browse.read_day(params)
    if asked.error is not None:
        raise Unread(asked.error)
    short = kept(address("event_short", public_id=found.public_id), asked.day)
    return Shared(title_of(found), found.get_absolute_url(), asked.canonical, short=short)


def shared_story(slug: str) -> Shared:
    """A story; raises as ``doors.story``."""
    found = doors.story(slug)
    return Shared(found.title, found.get_absolute_url(), "", story=True)


def find(path: str, params: QueryDict) -> Shared:
    """The page with this path, or the one that the path of an embed stands for.

    Raises Http404 for one that can't be shared, Moved and Gone for events and things that were.
    """
    for prefix in (EMBED, SHARE):
        if path.startswith(f"{prefix}/"):
            path = path.removeprefix(prefix)
    if not _PATH.fullmatch(path):
        raise Http404("No page has such an address.")
    try:
        match = resolve(path)
    except Resolver404:
        raise Http404("No page has this address.") from None
    given = match.kwargs
    if match.url_name == "home":
        return shared_list(None, params)
    if match.url_name in ("event", "event_bare", "event_short"):
        return shared_event(given["public_id"], params)
    if match.url_name == "story":
        return shared_story(given["slug"])
    if match.url_name == "year":
        return shared_list(preset("years", f"{given['year']:04}"), params)
    if match.url_name in _FOLDERS:
        return shared_list(preset(_FOLDERS[match.url_name], given["slug"]), params)
    raise Http404("This page can't be shown in a frame.")


def discovery_href(page: Shared) -> str:
    """Where the page's own head says that it can be embedded; empty where nothing can."""
    if not embedding():
        return ""
    here = site()
    return here.absolute(
        f"{address('oembed')}?url={quote(here.absolute(page.href), safe='')}&format=json"
    )


def snippet(page: Shared, *, width: str = "100%", height: int = 0, theme: str = "") -> str:
    """The markup of a frame for another site, with a plain link where frames are taken out."""
    here = site()
    source = here.absolute(page.below(EMBED, f"theme={theme}" if theme else ""))
    title = escape(page.title)
    return (
        f'<iframe src="{escape(source)}" title="{title}" width="{width}" '
        f'height="{height or page.height}" loading="lazy" sandbox="{_SANDBOX}" '
        f'referrerpolicy="strict-origin-when-cross-origin" frameborder="0">'
        f'<a href="{escape(here.absolute(page.href))}">{title}</a></iframe>'
    )
