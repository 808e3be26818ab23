"""The application object that a WSGI server loads."""

import gc
import logging
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

from config.whole import whole

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = whole(get_wsgi_application())


def _warm_up() -> None:
    """Read the index now, so that the first reader doesn't wait for it."""
    from django.db import DatabaseError, connections

    try:
        import_module("timeline.index").live.state()
    except DatabaseError as error:
        logging.getLogger("dateline.index").warning("Not read at the start: %s", error)
    finally:
        connections.close_all()  # they belong to this thread, which answers nobody
    # What is here now stays: the garbage collector needn't walk through it again. A page makes
    # thousands of objects that go with it; looking for rings among them amid a page is a tenth of
    # its time, and there are few.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 10)


_warm_up()
