"""The application object that a WSGI server loads.

What is loaded at the start stays, so until that is done nobody looks for rings in it.
"""

# ruff: noqa: E402  (what follows is what isn't looked through)
import gc

gc.disable()

import logging
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

from config.whole import whole

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = whole(get_wsgi_application())
# It asks for settings, which are there only now.
application = import_module("timeline.web.again").Again(application)


def _warm_up() -> None:
    """Read the index now, so that the first reader doesn't wait for it."""
    from django.db import DatabaseError, connections

    try:
        import_module("timeline.index").live.state()
    except DatabaseError as error:
        logging.getLogger("dateline.index").warning("Not read at the start: %s", error)
    finally:
        connections.close_all()  # they belong to this thread, which answers nobody
    # What is here now stays: the garbage collector needn't walk through it again. Pages make few
    # rings, and what they make mostly stays in what is kept, so a look for rings finds little: at
    # every 5,000 objects it takes 1 to 2 ms of one page in five; at 20,000, four times that of one
    # in twenty, which readers would notice.
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 80, 10)
    gc.enable()


_warm_up()
