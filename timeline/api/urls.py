"""The addresses of the API, and its page for people. No address of it ends with a slash but the
two that have others below them."""

from django.urls import path

from timeline.api.answers import unknown, view
from timeline.api.endpoints import ENDPOINTS
from timeline.api.reference import reference

PREFIX = "api/v1/"


def _route(below: str) -> str:
    return PREFIX + below.replace("{", "<str:").replace("}", ">")


urlpatterns = [
    path("api/", reference, name="api"),
    *(path(_route(each.path), view(each), name=each.name) for each in ENDPOINTS),
    path(f"{PREFIX}<path:rest>", unknown),
]
