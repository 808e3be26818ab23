"""Ways to pass a page on: the share panel of lists and events.

The panel holds what is copied: permanent address, markup of a frame, citation. Made from the
page that is shared; knows no database.
"""

from dataclasses import dataclass

from django.utils import timezone

from timeline.formats import citing
from timeline.web.addresses import href
from timeline.web.shared import SHARE, Shared, discovery_href, embedding, snippet
from timeline.web.site import site


@dataclass(frozen=True)
class Form:
    """The same in another form, as the head of a page names it."""

    type: str
    href: str
    named: bool = False


@dataclass(frozen=True)
class SharePanel:
    """What a page's panel offers; addresses to be copied are absolute. Without ``snippet`` the
    site allows no frames. ``styles`` are empty where the page has its own citation."""

    address: str
    short: str
    snippet: str
    preview_href: str
    feed_href: str
    forms: tuple[Form, ...]
    styles: tuple[citing.Style, ...]


def file_href(of: Shared, ending: str) -> str:
    """The address of a list or an event as a file: its own without the last slash."""
    path = of.path.rstrip("/") or "/events"
    if of.total is None:
        # An event's file is named by its id alone.
        path = path.partition("-")[0]
    return href(f"{path}.{ending}", of.query)


def _forms(of: Shared) -> tuple[Form, ...]:
    forms = [
        Form("application/json", file_href(of, "json")),
        Form("text/calendar", file_href(of, "ics")),
    ]
    if of.total is not None:
        forms.insert(0, Form("application/atom+xml", file_href(of, "atom"), named=True))
    asked = discovery_href(of)
    if asked:
        forms.append(Form("application/json+oembed", asked, named=True))
    return tuple(forms)


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
        feed_href=file_href(of, "atom") if of.total is not None else "",
        forms=_forms(of),
        styles=styles,
    )
