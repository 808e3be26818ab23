"""Ways to pass a page on: the share panel of lists and events.

The panel holds what is copied: permanent address, markup of a frame, citation. Made from the
page that is shared; knows no database.
"""

from dataclasses import dataclass

from django.utils import timezone

from timeline.formats import citing
from timeline.formats.registry import BY_SUFFIX, STORY_FORMS
from timeline.web.addresses import href, path_of
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


_NAMED = ("atom", "json", "ics")
"""The forms that the head of a page names; the menu has them all."""


def _forms(of: Shared) -> tuple[Form, ...]:
    forms = [
        Form(
            form.media_type.partition(";")[0],
            href(path_of(of.path, form.suffix), of.query),
            named=form.suffix == "atom",
        )
        for form in (BY_SUFFIX[suffix] for suffix in _NAMED if suffix in BY_SUFFIX)
        if not of.story or form.suffix in STORY_FORMS
        # A feed of one event would never have news.
        if of.total is not None or form.suffix != "atom"
    ]
    asked = discovery_href(of)
    if asked:
        forms.append(Form("application/json+oembed", asked, named=True))
    return tuple(forms)


def _feed_href(of: Shared) -> str:
    if of.total is None or "atom" not in BY_SUFFIX:
        return ""
    return href(path_of(of.path, "atom"), of.query)


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
        feed_href=_feed_href(of),
        forms=_forms(of),
        styles=styles,
    )
