"""Pages as known on a past day: what they say above the list, and links that stay on that day.

Every public page whose content depends on the day takes ``known_by``; links from such a page to
another keep it, so that a reader who looks back goes on looking back until the day is removed.
"""

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.utils.translation import gettext

from timeline import browse
from timeline.models.addresses import bare

Made = TypeVar("Made")
_KEEPING = re.compile(
    r"/(?:(?:e|events|actors|categories|topics|places|publishers|years)/[^?#]+)?$"
)
"""Addresses of pages that take the day."""


@dataclass(frozen=True)
class Then:
    """The banner of a page as known on a day."""

    words: str
    remarks: tuple[str, ...]
    today_words: str
    today_href: str


def then(day: date, today_href: str, *remarks: str) -> Then:
    """The banner; ``today_href`` leads to the same page without the day."""
    return Then(
        gettext("As known on %(day)s.") % {"day": browse.day_words(day)},
        (gettext("Titles and summaries are today’s words."), *remarks),
        gettext("Show what is known today"),
        today_href,
    )


def kept(href: str, day: date | None) -> str:
    """A link that stays on the day, where it leads to a page that takes one."""
    if day is None or not _KEEPING.match(bare(href)):
        return href
    return f"{href}?{urlencode({'known_by': day.isoformat()})}"


def keeping(made: Made, day: date | None) -> Made:
    """What a page is made from, with all its links staying on the day."""
    return made if day is None else _keeping(made, day)


def _keeping(made: Any, day: date) -> Any:
    named = getattr(made, "_fields", ())
    if isinstance(made, tuple) and not named:
        return tuple(_keeping(each, day) for each in made)
    if is_dataclass(made) and not isinstance(made, type):
        named = [field.name for field in fields(made)]
    changes: dict[str, Any] = {}
    for name in named:
        value = getattr(made, name)
        if name == "href" or name.endswith("_href"):
            changes[name] = kept(value, day) if isinstance(value, str) else value
        elif isinstance(value, tuple) or is_dataclass(value):
            changes[name] = _keeping(value, day)
    if isinstance(made, tuple):
        return made._replace(**changes)  # type: ignore[attr-defined]  # noqa: SLF001
    return replace(made, **changes) if named else made
