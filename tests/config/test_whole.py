"""What the server is handed: a page whole, a download part by part."""

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from config.whole import whole


class Held:
    """Something that an answer closes with itself."""

    closed = False

    def close(self):
        self.closed = True


@pytest.mark.parametrize(
    ("response", "at_once"),
    [(HttpResponse("a page"), True), (StreamingHttpResponse(iter(["a ", "page"])), False)],
)
def test_a_page_is_handed_over_whole(response, at_once, monkeypatch):
    held = Held()
    monkeypatch.setattr(HttpResponse.__base__, "close", lambda _self: held.close())
    body = whole(lambda _environ, _start: response)({}, None)
    assert isinstance(body, list) is held.closed is at_once
    assert b"".join(body) == b"a page"
