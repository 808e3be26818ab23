"""Releases of the data for readers: a page each, with its changes and citations, and its file.

A file never changes, so its hash is its tag; a release that was closed answers 410 with the reason.
"""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponsePermanentRedirect,
)
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import parse_etags
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from timeline.formats import package
from timeline.formats.citing import release_citations
from timeline.record import EventBrief
from timeline.record.releases import ChangedEvent, ReleaseInFull, ReleaseRecord, release
from timeline.web import doors, errors, streams
from timeline.web.addresses import address
from timeline.web.presentation import page
from timeline.web.site import site


@dataclass(frozen=True)
class Line:
    """An event of the list of changes: its address, and its title while it is public."""

    href: str
    words: str
    date: str
    note: str


@dataclass(frozen=True)
class Part:
    """One kind of change: ``more`` says how many aren't listed here; a long list of what matters
    less is ``folded``."""

    key: str
    heading: str
    explained: str
    count: int
    lines: tuple[Line, ...]
    more: str
    folded: bool


@require_safe
def listed(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view)
    """Releases are listed on the page on data."""
    return HttpResponsePermanentRedirect(f"{address('outgoing')}#releases")


@doors.public_page
def page_of(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001  (a view)
    """A release: what it holds, what changed, how to cite it, and its file."""
    found = _found(number)
    about = found.release
    here = site()
    path = href_of(number)
    day = timezone.localdate(about.at)
    return page(
        "release.html",
        {
            "title": gettext("Release %(number)s of the data") % {"number": number},
            "release": about,
            "said": ngettext(
                "%(count)s event, made on %(day)s.",
                "%(count)s events, made on %(day)s.",
                about.events,
            )
            % {"count": f"{about.events:,}", "day": date_format(day)},
            "closed": date_format(about.closed_at) if about.closed_at else "",
            "size": filesizeformat(about.size),
            "file_href": "" if about.closed_at else file_href(number),
            "path": path,
            "parts": _parts(found),
            "since": _since(found),
            "styles": release_citations(
                number,
                day,
                about.events,
                here.name,
                here.absolute(path),
                timezone.localdate(),
            ),
        },
    )


@require_safe
def file(request: HttpRequest, number: int, named: int) -> HttpResponse:
    """The package of a release, as it was made."""
    if named != number:
        raise Http404("The file of a release has its number.")
    about = _found(number).release
    if about.closed_at:
        response = errors.message(
            gettext("Release %(number)s was closed") % {"number": number},
            gettext("Its file was taken away on %(day)s.") % {"day": date_format(about.closed_at)},
            about.closed_reason,
            status=410,
            links=[(gettext("What it was"), href_of(number))],
        )
    else:
        response = _sent(request, about)
    # Anybody's page may read what everybody may read; no cookie comes along.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def href_of(number: int) -> str:
    """The page of a release."""
    return address("release", number=str(number))


def file_href(number: int) -> str:
    """The file of a release."""
    return address("release_file", number=str(number), named=str(number))


def _found(number: int) -> ReleaseInFull:
    found = release(number)
    if found is None:
        raise Http404("There is no such release.")
    return found


def _sent(request: HttpRequest, about: ReleaseRecord) -> HttpResponse:
    tag = f'"{about.sha256}"'
    held = Path(settings.DATA_DIR) / "releases" / about.file
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    elif not held.is_file():
        return errors.message(
            gettext("The file of release %(number)s isn’t here just now")
            % {"number": about.number},
            gettext("Whoever runs this site can bring it back from a backup."),
            status=503,
            retry=True,
        )
    else:
        name = f"dateline-{about.number}.zip"
        if request.method == "HEAD":
            response = streams.announced(name, package.TYPE)
        else:
            response = streams.stored(name, package.TYPE, held)
        if response.status_code != 200:
            return response
        response.headers["Content-Length"] = str(about.size)
    response.headers["ETag"] = tag
    # It never changes, but it may be closed: whoever has it asks whether it still stands.
    response.headers["Cache-Control"] = "public, no-cache"
    return response


# --- What changed ---------------------------------------------------------------------------


def _parts(found: ReleaseInFull) -> tuple[Part, ...]:
    count = found.release.count
    explained = {
        "added": (gettext("Added"), ""),
        "changed": (gettext("Changed"), ""),
        "touched": (
            gettext("Changed with what they share"),
            gettext("Their own text is the same; a name, a link or a relation in it changed."),
        ),
        "removed": (gettext("No longer in it"), gettext("Withdrawn, or merged into another.")),
    }
    parts = []
    for key, (heading, said) in explained.items():
        lines = tuple(map(_line, found.lists[key]))
        rest = count[key] - len(lines)
        more = ""
        if rest > 0:
            more = ngettext(
                "and one more, in changes.csv of the package",
                "and %(count)s more, in changes.csv of the package",
                rest,
            ) % {"count": f"{rest:,}"}
        if count[key]:
            parts.append(Part(key, heading, said, count[key], lines, more, key == "touched"))
    return tuple(parts)


def _line(changed: ChangedEvent) -> Line:
    note = ""
    if changed.before is not None:
        note = gettext("version %(before)s, then %(after)s") % {
            "before": changed.before,
            "after": changed.after,
        }
    event = changed.event
    return Line(
        href=_event_href(changed.public_id, event),
        words=event.title if event else changed.public_id,
        date=event.date if event else "",
        note=note,
    )


def _event_href(public_id: str, event: EventBrief | None) -> str:
    if event is None or not event.slug:
        return address("event_bare", public_id=public_id)
    return address("event", public_id=public_id, slug=event.slug)


def _since(found: ReleaseInFull) -> tuple[str, ...]:
    """What happened since to what is in it."""
    said = []
    if found.gone:
        said.append(
            ngettext(
                "One of its events was withdrawn or merged since.",
                "%(count)s of its events were withdrawn or merged since.",
                found.gone,
            )
            % {"count": f"{found.gone:,}"}
        )
    if found.redacted:
        said.append(
            ngettext(
                "One of its texts was taken out of the history since.",
                "%(count)s of its texts were taken out of the history since.",
                found.redacted,
            )
            % {"count": f"{found.redacted:,}"}
        )
    return tuple(said)
