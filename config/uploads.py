"""How much of an uploaded file is taken in: what is beyond the limit is read and thrown away.

Django itself would write a file of any length into the temporary folder before a view can refuse
it. The view sees a file that is one step over the limit, and says so.
"""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

LARGEST = 25_000_000
"""Bytes of a file; what the importers read at most."""


class Capped(FileUploadHandler):
    """Before the handlers that store: they get no more once the limit is passed."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= LARGEST else None

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        return None
