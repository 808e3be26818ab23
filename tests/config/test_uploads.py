"""An upload takes no more room than the largest file that is taken, however long it is."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import RequestFactory

from config.uploads import LARGEST, Capped


def received(size):
    """The size of a file as a view sees it."""
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body += b"a" * size + b"\r\n--x--\r\n"
    request = RequestFactory().post("/", body, content_type="multipart/form-data; boundary=x")
    request.upload_handlers = [Capped(request), TemporaryFileUploadHandler(request)]
    with request.FILES["file"] as file:
        return file.size


def test_what_is_beyond_the_limit_is_thrown_away():
    assert received(70_000) == 70_000
    assert received(LARGEST) == LARGEST
    step = Capped.chunk_size
    assert LARGEST < received(LARGEST + 40 * step) <= LARGEST + 2 * step
