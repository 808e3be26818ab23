"""How answers are handed to the server: what is whole as a list, which it sends at once.

It would ask for the parts of anything else one by one, even if there is one part only, and keep a
thread until its reader has them all.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

if TYPE_CHECKING:
    from wsgiref.types import StartResponse

    Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


def whole(answer: "Application") -> "Application":
    """Django's application, whose whole answers are lists; streams stay what they are."""

    def application(environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        response = answer(environ, start_response)
        if not isinstance(response, HttpResponse):
            return response
        body = [response.content]
        response.close()  # which the server does for what it asks for parts only
        return body

    return application
