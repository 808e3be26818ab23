"""The language switch: the page that is being answered, in each language of the site."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language_info

from config.languages import asked, prefixed
from timeline.web.addresses import href
from timeline.web.cached import understood
from timeline.web.site import NO_OTHERS


@dataclass(frozen=True)
class Tongue:
    """A language of the site: its own name, and where the page is that is being answered."""

    code: str
    name: str
    href: str
    on: bool


def own_name(language: str) -> str:
    """What a language is called in itself; its code where that isn't known."""
    try:
        return str(get_language_info(language)["name_local"])
    except KeyError:
        return language


def tongues(language: str, places: Mapping[str, str] = NO_OTHERS) -> tuple[Tongue, ...]:
    """The languages to choose from. Of the query only what the site knows is kept, since the page
    is the same for everybody who asks the same. ``places`` as in ``Site.tongues``."""
    path, query = asked()
    path = escape_leading_slashes(quote(path))
    known = urlencode(understood(query), safe="!,", errors="replace")
    return tuple(
        Tongue(code, name, href(prefixed(places.get(code, path), code), known), on=code == language)
        for code, name in settings.LANGUAGES
    )
