"""Starting the project's own command line with nothing set but what is given."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What production sets at least.
PRODUCTION = {
    "SECRET_KEY": "Zk3-a-key-that-looks-random-enough-to-pass-4711-but-is-not",
    "SITE_URL": "https://timeline.example.org",
}


def bare_environment(**variables):
    """The environment without any setting of Dateline, plus the given ones."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {name: str(value) for name, value in variables.items()}


def python(*arguments, **variables):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=bare_environment(**variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def manage(*arguments, **variables):
    return python("manage.py", *arguments, **variables)


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def database_url():
    """The address of the database that the tests run on, for a program beside them."""
    from django.db import connection

    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return f"postgres://{database['USER']}@/{database['HOST']}/{database['NAME']}"


def _wait_until_open(port, server):
    """Workers say that they started before they have read the project."""
    until = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


@contextmanager
def serving(**variables):
    """The production server with its two workers, until the block ends."""
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=bare_environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        log = []
        for line in server.stdout:
            log.append(line)
            if sum("Started worker" in each for each in log) == 2:
                break
        _wait_until_open(int(variables["PORT"]), server)
        assert server.poll() is None, log
        yield server
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)  # its own session: the server and its workers
            server.communicate()
