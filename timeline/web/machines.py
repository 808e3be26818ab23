"""Addresses for machines: is the site alive, and where may crawlers go. No page for readers."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from config.languages import prefixed
from timeline.index import live
from timeline.web.addresses import address
from timeline.web.site import site


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  (a view)
    """200 if the database answers, else 503; ``index`` says whether answers are fast, and what
    is wrong where they aren't. No more, since everybody can ask."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        answer = JsonResponse({"status": "database unavailable"}, status=503)
        answer.headers["Retry-After"] = "10"
    else:
        answer = JsonResponse({"status": "ok", "index": live.trouble or "ok"})
    answer.headers["Cache-Control"] = "no-store"
    return answer


# Filters can be combined without end, and each combination leads to pages that stand by themselves:
# one filter is enough for a crawler. Files of data are for people and programs that want them.
_ADMIN = "/admin/"
_KEPT_OUT = (
    *(_ADMIN, "/api/", "/embed/", "/share/", "/oembed"),
    *("/*?*&", "/*?q=", "/*?known_by=", "/*?cursor=", "/*?page_size=", "/*?sort=", "/*?view="),
    *(f"/*.{form}" for form in ("csv", "json", "jsonld", "geojson", "ics", "zip")),
)
# They fetch a page when somebody links to it, whatever its filters.
_PREVIEWS = ("Twitterbot", "facebookexternalhit", "LinkedInBot", "Slackbot")


def _everywhere(path: str) -> tuple[str, ...]:
    """A path in every language; a pattern holds for all as it is."""
    if path.startswith("/*"):
        return (path,)
    return tuple(dict.fromkeys(prefixed(path, code) for code, _name in settings.LANGUAGES))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view)
    lines = [
        *(f"User-agent: {name}" for name in _PREVIEWS),
        *(f"Disallow: {path}" for path in _everywhere(_ADMIN)),
        "",
        "User-agent: *",
        *(f"Disallow: {each}" for path in _KEPT_OUT for each in _everywhere(path)),
        "",
        f"Sitemap: {site().absolute(address('sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
