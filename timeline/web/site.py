"""What every page says of the site itself, from the settings: name, address, contact, licence.

Absolute addresses are made here and from ``SITE_URL`` alone, never from a request's Host.
"""

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings


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
        name=settings.SITE_NAME,
        description=settings.SITE_DESCRIPTION,
        url=settings.SITE_URL,
        contact=settings.CONTACT,
        licence=settings.LICENCE,
    )
