"""`manage.py serve`: the production server, after making sure that it can work.

Refuses to start on a database that lacks migrations or on a taken port; collects the static files
when they changed. Then it becomes granian: 2 processes of 4 threads, each with its own database
connection.
"""

import hashlib
import os
import socket
import subprocess
import sys
from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from timeline.index import reading
from timeline.index.answering import FILE_ABOVE
from timeline.index.edits import LONGEST_TAIL
from timeline.models import Event

GRANIAN = (
    "--interface=wsgi",
    "--http=1",
    "--no-ws",
    "--workers=2",
    "--blocking-threads=4",
    # A thread that ends gives up its database connection; keep it through quiet minutes.
    "--blocking-threads-idle-timeout=600",
    "--backlog=1024",
    # Half-sent requests are dropped after this many milliseconds.
    "--http1-header-read-timeout=10000",
    "--respawn-failed-workers",
    "--workers-kill-timeout=30",
)


PUBLISH_EVERY = 20
"""Seconds between two looks for what is to be published."""


class Command(BaseCommand):
    help = "Serve the site. Put a proxy with the certificate in front of it for https."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", type=int, default=os.environ.get("PORT") or 8000)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        require_migrated()
        require_free(host, port)
        if settings.STATIC_HASHED:
            collect_static()
        prepare_index()
        connections.close_all()
        self.stdout.flush()
        start_publishing()
        os.environ["PORT"] = str(port)  # the demo's own address follows from it
        # With a heap for each thread, workers of a large record hold a fifth more memory and
        # answer a tenth slower.
        os.environ.setdefault("MALLOC_ARENA_MAX", "1")
        become_server(host, port)


def start_publishing() -> None:
    """Start what publishes at chosen moments. A child of the server, since this process becomes
    it; it ends by itself once the server is gone. It gives way to those who answer readers: they
    start at the same moment."""
    manage = Path(settings.BASE_DIR) / "manage.py"
    options = (f"--every={PUBLISH_EVERY}", f"--parent={os.getpid()}")
    command = [sys.executable, str(manage), "publish_due", *options]
    subprocess.Popen(  # noqa: S603  (our own words)
        command,
        stdin=subprocess.DEVNULL,
        preexec_fn=partial(os.nice, 10),
    )


def require_migrated() -> None:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise CommandError(
            f"The database lacks {len(missing)} migrations; run: manage.py backup FILE "
            "(if it holds anything) and then: manage.py migrate"
        )


def prepare_index() -> None:
    """Let workers find the index of a large record ready; small ones they build themselves."""
    if Event.objects.public().count() > FILE_ABOVE:
        call_command("index", "--write", f"--since={reading.last_change() - LONGEST_TAIL}")


def require_free(host: str, port: int) -> None:
    """Asked here, since the server would share the port with another copy of itself."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Can't listen on {host} port {port} ({error}); choose another port with "
                "PORT=8001 or --port 8001."
            ) from error


def collect_static() -> None:
    """Collect unless the last collection was of exactly these files."""
    mark = Path(settings.DATA_DIR) / "static.sha256"
    found = _static_fingerprint()
    if mark.exists() and mark.read_text(encoding="ascii") == found and _collected():
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(found, encoding="ascii")


def _collected() -> bool:
    return (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()


def _static_fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def become_server(host: str, port: int) -> None:
    """Replace this process, so that signals reach the server and no second Django stays loaded."""
    arguments = (*GRANIAN, f"--host={host}", f"--port={port}", f"--working-dir={settings.BASE_DIR}")
    command = [sys.executable, "-m", "granian", *arguments, "config.wsgi:application"]
    os.chdir(settings.BASE_DIR)
    os.execv(sys.executable, command)  # noqa: S606  (no shell is meant)
