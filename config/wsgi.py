"""The application object that a WSGI server loads."""

import gc
import logging
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()


def _warm_up() -> None:
    """Read the index now, so that the first reader doesn't wait for it."""
    from django.db import DatabaseError, connections

    try:
        import_module("timeline.index").live.state()
    except DatabaseError as error:
        logging.getLogger("dateline.index").warning("Not read at the start: %s", error)
    finally:
        connections.close_all()  # they belong to this thread, which answers nobody
    # What is here now stays: the garbage collector needn't walk through it again.
    gc.collect()
    gc.freeze()


_warm_up()
