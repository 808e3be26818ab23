"""Readers only read, and nobody knows who they are: what holds for every address but the desk's.

Other methods than GET and HEAD don't exist for them (the desk may also post); asked before the
check against forged forms, which would call such a request forbidden. Their cookies are not looked
at, so a page can't depend on one, and no made-up cookie is answered with another.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed

from config.headers import STAFF_PREFIX

READING = ("GET", "HEAD")
API_PREFIX = "/api/v1/"
"""Below it, programs are told what they can't do as they are told everything else."""

Respond = Callable[[HttpRequest], HttpResponseBase]


def readers(respond: Respond) -> Respond:
    def for_readers(request: HttpRequest) -> HttpResponseBase:
        staff = request.path_info.startswith(STAFF_PREFIX)
        known = (*READING, "POST") if staff else READING
        if request.method not in known and not request.path_info.startswith(API_PREFIX):
            return HttpResponseNotAllowed(known)
        if not staff:
            request.META.pop("HTTP_COOKIE", None)
        return respond(request)

    return for_readers
