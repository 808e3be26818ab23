"""The security headers of every response: pages, errors, redirects, static files.

The outermost middleware, so nothing leaves without them. A view may set a header itself; what is
set stays, except that staff pages are never stored. Nothing may stand in a frame but the answers
that a view marks so (``timeline.web.embeds``).
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)

EVERYWHERE = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
        "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

FRAMED_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors "
)

STAFF_PREFIX = "/admin/"

Respond = Callable[[HttpRequest], HttpResponseBase]


def headers(respond: Respond) -> Respond:
    def with_headers(request: HttpRequest) -> HttpResponseBase:
        response = respond(request)
        # Django's own mark, which its middleware heeds too.
        framed = getattr(response, "xframe_options_exempt", False)
        if framed:
            ancestors = " ".join(settings.EMBED_ANCESTORS)
            response.headers["Content-Security-Policy"] = FRAMED_POLICY + ancestors
        # The document of a frame may be sandboxed into an origin of its own, for which its style
        # sheet and script are another's.
        if framed or request.path_info.startswith(f"{settings.STATIC_URL}embed/"):
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        for name, value in EVERYWHERE.items():
            if not (framed and name == "X-Frame-Options"):
                response.headers.setdefault(name, value)
        if settings.HTTPS:
            response.headers.setdefault("Strict-Transport-Security", _strict_transport())
        if request.path_info.startswith(STAFF_PREFIX):
            # Not no-referrer: Django's check against forged forms reads the referrer.
            response.headers["Referrer-Policy"] = "same-origin"
            response.headers["Cache-Control"] = "no-store"
        else:
            response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        return response

    return with_headers


def _strict_transport() -> str:
    return f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
