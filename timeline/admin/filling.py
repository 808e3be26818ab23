"""What the page of a link says, for the forms of the desk: only for what nobody has filled in.

What was found travels sealed with the form, so that a source is made with what the page said of
itself and with nothing else. A page that can't be fetched is a sentence; the form stays as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from timeline import dates, text
from timeline.admin import similar
from timeline.editing.links import Told
from timeline.intake import article, fetching
from timeline.intake.article import Article
from timeline.intake.internet import Refused
from timeline.models import Event, Source
from timeline.models.tongue import tongue

SALT = "timeline.admin.filling"
MOST_TITLE = Event._meta.get_field("title").max_length or 140


def looked(link: str) -> Article:
    """What the page says of itself. Raises ``Refused`` with a sentence when it says nothing."""
    found = article.read(fetching.page(link), now=timezone.now())
    if found.says_nothing:
        raise Refused(_("The page doesn't say what it is. Fill it in by hand."))
    return found


def in_words(found: Article) -> str:
    """What the page says, in a line."""
    parts = [f"“{found.title}”" if found.title else "", found.site, found.authors]
    if found.published:
        parts.append(dates.words(dates.parse(found.published), tongue()))
    if found.language:
        parts.append(found.language)
    return ", ".join(part for part in parts if part)


# --- The seal ---------------------------------------------------------------------------------


def sealed(link: str, found: Article) -> str:
    return signing.dumps(
        [link, found.title, found.authors, found.published, found.language],
        salt=SALT,
        compress=True,
    )


def unsealed(seal: str, link: str) -> Told | None:
    """What was found for this link; None without a seal of ours or for another link."""
    if not seal:
        return None
    try:
        for_link, title, authors, published, language = signing.loads(seal, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return Told(title, authors, published, language) if for_link == link else None


# --- The event's form ---------------------------------------------------------------------------


def for_event(link: str, empty: Iterable[str]) -> dict[str, Any]:
    """What to put into the empty ones of title and date, and what to say of it."""
    source = similar.known_source(link)
    if source is not None:
        title = "" if source.title_is_description else source.title
        found = Article(source.url, title=title, published=source.published)
        lead = _("This link is a source already, as “%(source)s”.") % {"source": source}
        seal = ""
    else:
        try:
            found = looked(link)
        except Refused as refused:
            return {"ok": False, "said": str(refused)}
        lead = _("The page says: %(words)s.") % {"words": in_words(found)}
        seal = sealed(text.clean_url(link), found)
    offered = {"title": found.title[:MOST_TITLE], "date": found.published}
    fill = {name: offered[name] for name in empty if offered[name]}
    said = [lead]
    if fill:
        names = {"title": _("the title"), "date": _("the date")}
        listed = get_text_list([names[name] for name in fill], _("and"))
        said.append(_("Filled in: %(names)s.") % {"names": listed})
    if "title" in fill:
        said.append(_("A headline is not yet a title: say what happened."))
    if "date" in fill:
        said.append(_("The day is the article's: write the day of the event."))
    return {"ok": True, "said": " ".join(said), "fill": fill, "found": seal}


# --- The source's form ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filled:
    """The values for fields that were empty, and the names of those fields in words."""

    values: dict[str, str]
    words: str


def for_source(link: str, typed: dict[str, Any]) -> Filled:
    """What the page has for the empty ones of the source's fields. Raises ``Refused``."""
    found = looked(link)
    offered = {
        "title": found.title,
        "authors": found.authors,
        "published": found.published,
        "language": found.language,
    }
    values = {
        name: value for name, value in offered.items() if value and not str(typed.get(name) or "")
    }
    names: dict[str, Any] = {field.name: field for field in Source._meta.fields}
    labels = [str(names[name].verbose_name) for name in values]
    return Filled(values, get_text_list(labels, _("and")))
