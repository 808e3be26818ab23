"""Copies of pages in the archives of the web: told by their address, and where to look for one.

Nothing is asked here. An archive's address often holds the original's, and its moment; the
address of a search can be written down for any page. Pure Python.
"""

import datetime as dt
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from timeline import text

WAYBACK = "https://web.archive.org"
_WAYBACK_HOSTS = frozenset({"web.archive.org", "archive.org", "wayback.archive.org"})
_TODAY_HOSTS = frozenset(f"archive.{end}" for end in ("today", "ph", "is", "li", "vn", "fo", "md"))
_OTHERS = frozenset({"perma.cc", "ghostarchive.org", "webcitation.org", "megalodon.jp"})
_MOMENT = re.compile(
    r"/(?:web/)?(?P<moment>\d{4}[\d.-]{0,13})(?:[a-z]{2}_)?/(?P<original>https?:/{1,2}.+)",
    re.IGNORECASE,
)
_ASKED = re.compile(r"/(?:web/)?(?:newest|oldest|\*)/(?P<original>https?:/{1,2}.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Copy:
    """An archive's copy. ``original`` is empty where its address doesn't hold it, ``at`` None
    where no moment stands there."""

    url: str
    original: str = ""
    at: dt.datetime | None = None


def copy_of(url: str) -> Copy | None:
    """The copy that stands at this address; None if it is no archive's address."""
    host = text.host(url)
    if host not in _WAYBACK_HOSTS | _TODAY_HOSTS | _OTHERS:
        return None
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    found = _MOMENT.match(path) or _ASKED.match(path)
    if found is None:
        # The front page of an archive, or a part of it that keeps no copies.
        return Copy(url) if host not in _WAYBACK_HOSTS and len(parts.path) > 1 else None
    original = re.sub(r"^(https?):/{1,2}", r"\1://", found["original"], flags=re.IGNORECASE)
    try:
        original = text.clean_url(original)
    except text.LinkError:
        return Copy(url)
    if text.host(original) == host:
        return Copy(url)  # a copy of a copy says nothing of whose page it is
    return Copy(url, original, _moment(found.groupdict().get("moment") or ""))


def _moment(written: str) -> dt.datetime | None:
    digits = re.sub(r"\D", "", written)
    for length, form in ((14, "%Y%m%d%H%M%S"), (12, "%Y%m%d%H%M"), (8, "%Y%m%d")):
        if len(digits) == length:
            try:
                return dt.datetime.strptime(digits, form).replace(tzinfo=dt.UTC)
            except ValueError:
                return None
    return None


def original_of(url: str) -> str:
    """The address itself, or that of the page of which it is a copy."""
    found = copy_of(url)
    return found.original if found is not None and found.original else url


def nearest(url: str, day: dt.date | None = None) -> str:
    """Where the Wayback Machine shows the copy nearest to a day; whether it has one, it says."""
    return f"{WAYBACK}/web/{day:%Y%m%d}/{url}" if day else f"{WAYBACK}/web/2/{url}"


def every(url: str) -> str:
    """Where the Wayback Machine lists its copies."""
    return f"{WAYBACK}/web/*/{url}"


def keep(url: str) -> str:
    """Where the Wayback Machine is asked to make a copy; it is sent when somebody follows it."""
    return f"{WAYBACK}/save/{url}"
