"""Addresses for machines: is the site alive, and where may crawlers go. No page for readers."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from timeline.index import live


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


@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view)
    return HttpResponse(
        "User-agent: *\nDisallow: /admin/\n", content_type="text/plain; charset=utf-8"
    )
