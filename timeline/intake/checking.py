"""Whether the links of sources still work: what an answer means, and in which order to ask.

A state that readers see needs evidence. One 404 may be a bad day, and silence may be ours: a link
counts as gone only after it was missing on two days, or nobody answered three checks over two
weeks. A site that refuses programs (403, 429) says nothing of the page, so the state stays.
"""

import datetime as dt
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from django.db.models import F, Q

from timeline import text
from timeline.intake import fetching
from timeline.intake.fetching import Answer
from timeline.intake.internet import Refused, Unreachable
from timeline.models import Source
from timeline.models.choices import LinkState

APART = dt.timedelta(days=1)
"""Between the first and the second 404, for a link to count as gone."""
SILENT = dt.timedelta(days=14)
SILENT_CHECKS = 3
AGAIN = dt.timedelta(hours=24)
"""After so long a link that was missing is looked at again, however young the check."""
PAUSE = 2.0
"""Seconds between two requests to one host."""


@dataclass(frozen=True, slots=True)
class Link:
    """A source's link and what is known of it."""

    pk: int
    url: str
    state: str
    missed: int = 0
    missed_since: dt.date | None = None

    @property
    def host(self) -> str:
        return text.host(self.url)


@dataclass(frozen=True, slots=True)
class Found:
    """What a check says of a link. ``leave`` asks to leave the host alone for this time."""

    link: Link
    state: str
    missed: int = 0
    missed_since: dt.date | None = None
    leave: bool = False


def due(
    now: dt.datetime, *, older_than: dt.timedelta, host: str = "", limit: int | None = None
) -> list[Link]:
    """The links to check, those never checked first, then the oldest checks."""
    old = Q(checked_at__isnull=True) | Q(checked_at__lt=now - older_than)
    doubtful = Q(missed__gt=0, checked_at__lt=now - AGAIN) & ~Q(link_state=LinkState.DEAD)
    rows = (
        Source.objects.filter(old | doubtful)
        .exclude(url="")
        .order_by(F("checked_at").asc(nulls_first=True), "pk")
    )
    if host:
        rows = rows.filter(url__icontains=host)
    found = (
        Link(*row)
        for row in rows.values_list("pk", "url", "link_state", "missed", "missed_since").iterator()
    )
    wanted = (each for each in found if not host or _lies_in(each.host, host))
    return list(islice(wanted, limit))


def _lies_in(host: str, site: str) -> bool:
    site = site.lower().removeprefix("www.")
    return host == site or host.endswith(f".{site}")


# --- One link ---------------------------------------------------------------------------------


def look(link: Link, *, today: dt.date, wait: Callable[[float], None] = time.sleep) -> Found:
    """Ask for the link: for its head, and for the page where the head isn't answered well."""
    try:
        answer = fetching.ask(link.url, method="HEAD", most=0)
        if not 200 <= answer.status < 300:
            wait(PAUSE)  # some sites answer a question for the head with an error
            answer = fetching.ask(link.url, most=0)
    except Unreachable:
        return _silent(link, today)
    except Refused:
        return Found(link, link.state, link.missed, link.missed_since)
    return judged(link, answer, today)


def judged(link: Link, answer: Answer, today: dt.date) -> Found:
    """What the answer says of the link."""
    if 200 <= answer.status < 300:
        if _led_home(link.url, answer):
            return _gone(link, today)
        moved = answer.moved and not _same_page(link.url, answer.url)
        return Found(link, LinkState.REDIRECTED if moved else LinkState.OK)
    if answer.status in (404, 410):
        return _gone(link, today)
    if answer.status in (401, 402):
        return Found(link, LinkState.PAYWALLED)
    if answer.status >= 500:
        silent = _silent(link, today)
        return Found(link, silent.state, silent.missed, silent.missed_since, leave=True)
    return Found(link, link.state, link.missed, link.missed_since, leave=answer.status == 429)


def _gone(link: Link, today: dt.date) -> Found:
    since = link.missed_since or today
    dead = today - since >= APART or link.state == LinkState.DEAD
    return Found(link, LinkState.DEAD if dead else link.state, link.missed + 1, since)


def _silent(link: Link, today: dt.date) -> Found:
    since, missed = link.missed_since or today, link.missed + 1
    dead = missed >= SILENT_CHECKS and today - since >= SILENT
    return Found(link, LinkState.DEAD if dead else link.state, missed, since)


def _led_home(asked: str, answer: Answer) -> bool:
    """Whether a page was sent to a front page, as many sites do with what they removed."""
    if not answer.redirects:
        return False
    before, after = urlsplit(asked), urlsplit(answer.url)
    deep = bool(before.path.strip("/") or before.query)
    return deep and not after.path.strip("/") and not after.query


def _same_page(one: str, other: str) -> bool:
    """Whether two addresses differ in nothing but https, www and the last slash."""

    def bare(url: str) -> tuple[str, str, str]:
        parts = urlsplit(text.canonical_url(url))
        return text.host(url).removeprefix("www."), parts.path.rstrip("/"), parts.query

    return bare(one) == bare(other)


# --- Many -------------------------------------------------------------------------------------


def look_at_all(
    links: Iterable[Link],
    *,
    today: dt.date,
    wait: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Found]:
    """Check one after the other, the hosts in turn; one that asks to be left alone is left."""
    queues: dict[str, deque[Link]] = {}
    for link in links:
        queues.setdefault(link.host, deque()).append(link)
    turn = deque(queues)
    free: dict[str, float] = {}
    while turn:
        host = turn.popleft()
        if (left := free.get(host, 0) - clock()) > 0:
            wait(left)
        found = look(queues[host].popleft(), today=today, wait=wait)
        free[host] = clock() + PAUSE
        if queues[host] and not found.leave:
            turn.append(host)
        yield found
