"""Ways to pass a page on: the share panel of lists and events.

The panel holds what is copied: permanent address, markup of a frame, citation. Made from the
page that is shared; knows no database.
"""

from dataclasses import dataclass

from django.utils import timezone

from timeline.web import citing
from timeline.web.addresses import href
from timeline.web.shared import SHARE, Shared, discovery_href, embedding, snippet
from timeline.web.site import site


@dataclass(frozen=True)
class SharePanel:
    """What a page's panel offers; addresses to be copied are absolute. Without ``snippet`` the
    site allows no frames. ``styles`` are empty where the page has its own citation."""

    address: str
    short: str
    snippet: str
    preview_href: str
    feed_href: str
    oembed_href: str
    styles: tuple[citing.Style, ...]


def feed_href(of: Shared) -> str:
    """The feed of a list: its address without the last slash."""
    return href(f"{of.path.rstrip('/') or '/events'}.atom", of.query)


def share_panel(of: Shared) -> SharePanel:
    """The panel of a page."""
    here = site()
    styles: tuple[citing.Style, ...] = ()
    if of.total is not None:
        styles = citing.selection_citations(
            of.title, of.total, here.name, here.absolute(of.href), timezone.localdate()
        )
    return SharePanel(
        address=here.absolute(of.href),
        short=here.absolute(of.short) if of.short else "",
        snippet=snippet(of) if embedding() else "",
        preview_href=of.below(SHARE) if embedding() else "",
        feed_href=feed_href(of) if of.total is not None else "",
        oembed_href=discovery_href(of),
        styles=styles,
    )
