"""`manage.py work_on_upload`: check or import one upload, in a program beside the server.

Started by the desk (timeline/intake/beside.py), which hands over the lock that says that somebody
is at work; nobody types this. What to do follows from the upload's state.
"""

import logging
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from timeline.intake import beside, uploads
from timeline.intake.collecting import without_collecting
from timeline.models import Upload
from timeline.models.uploads import UploadState

_log = logging.getLogger("timeline.intake")


class Command(BaseCommand):
    help = "Check or import an uploaded file. Started by the desk; import_events is for people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("upload", type=int)
        parser.add_argument("--lock", type=int, required=True, help="an open file, held locked")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE)

    def handle(self, *args: Any, upload: int, lock: int, language: str, **options: Any) -> None:
        with translation.override(language):
            self._work(upload, lock)

    def _work(self, upload: int, lock: int) -> None:
        found = Upload.objects.get(pk=upload)
        tell = beside.teller(lock)
        try:
            with without_collecting():
                if found.state == UploadState.CHECKING:
                    uploads.check(found, tell)
                elif found.state == UploadState.APPLYING:
                    uploads.apply(found, tell)
        except Exception:
            _log.exception("Work on the upload %s failed.", upload)
            beside.give_up(
                found, _("It failed, and nothing was written. The server’s log says how.")
            )
            raise
