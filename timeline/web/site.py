"""What every page says of the site itself, from the settings: name, address, contact, licence.

Absolute addresses are made here and from ``SITE_URL`` alone, never from a request's Host.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import get_language

from config.languages import locale_of, prefixed
from timeline.models.addresses import bare

NO_OTHERS: Mapping[str, str] = MappingProxyType({})
"""Where a page has one path in all languages."""


@dataclass(frozen=True)
class Site:
    """The site as its pages name it. ``contact`` is an e-mail address, a link, or empty."""

    name: str
    description: str
    url: str
    contact: str
    licence: str

    @property
    def contact_href(self) -> str:
        """Where a contact link goes."""
        return f"mailto:{self.contact}" if self.by_mail else self.contact

    @property
    def by_mail(self) -> bool:
        """Whether the contact is an e-mail address."""
        return "@" in self.contact and "://" not in self.contact

    def absolute(self, path: str) -> str:
        """The full address of a path of this site."""
        return self.url.rstrip("/") + path

    def tongues(
        self, path: str, places: Mapping[str, str] = NO_OTHERS
    ) -> tuple[tuple[str, str], ...]:
        """The full addresses of a page in each language, and in the one for everybody else; none
        where there is one language only. ``places`` are paths of languages that have another."""
        if len(settings.LANGUAGES) < 2:
            return ()
        page = bare(path)
        made = [
            (code, self.absolute(prefixed(places.get(code, page), code)))
            for code, _name in settings.LANGUAGES
        ]
        return (*made, ("x-default", self.absolute(places.get(settings.LANGUAGE_CODE, page))))

    @property
    def locale(self) -> str:
        """The language of the page as Open Graph names it."""
        return locale_of(get_language() or settings.LANGUAGE_CODE)

    @property
    def other_locales(self) -> tuple[str, ...]:
        """The languages in which there is the same page too."""
        others = (locale_of(code) for code, _name in settings.LANGUAGES)
        return tuple(each for each in others if each != self.locale)

    def report_href(self, subject: str, path: str) -> str:
        """A mail about a page, with its subject and address filled in; empty without contact."""
        if not self.contact:
            return ""
        if not self.by_mail:
            return self.contact
        body = f"\n\n{self.absolute(path)}"
        return f"mailto:{self.contact}?subject={quote(subject)}&body={quote(body)}"


def site() -> Site:
    """The site under the settings of this moment."""
    return Site(
        name=str(settings.SITE_NAME),
        description=str(settings.SITE_DESCRIPTION),
        url=settings.SITE_URL,
        contact=settings.CONTACT,
        licence=str(settings.LICENCE),
    )
