"""What the measurements stand on: a record to measure, a server on it, figures of many times.

A measurement runs in a program of its own (``python -m tests.bench.NAME``) over the record that
DATA_DIR or DATABASE_URL names; its test starts that program. BENCH_DATA names a record made
before, such as one of a million events; without it one of 10,000 is made for the occasion.
With DATABASE_URL the record lies in that database, and BENCH_DATA holds its index file.
"""

import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from tests.commands import ROOT, bare_environment

BESIDE = Path(__file__).parent
KEY = "a-key-for-measuring-only-that-signs-nothing-anybody-keeps"
PORT = int(os.environ.get("BENCH_PORT", "8114"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "10"))
"""How long each slow engine is asked."""
_READY_SECONDS = 300


def environment(data):
    """What a program needs to run on a record: no setting of whoever measures leaks in."""
    given = {"SECRET_KEY": KEY, "DATA_DIR": data, "DJANGO_SETTINGS_MODULE": "config.settings"}
    passed = ("BENCH_PORT", "BENCH_SECONDS", "DATABASE_URL", "PROVE")
    return bare_environment(
        **given, **{name: os.environ[name] for name in passed if name in os.environ}
    )


def run(data, *arguments):
    """Run a module on a record; what it prints is seen, and failing is an error."""
    sys.stdout.flush()
    subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, env=environment(data), check=True)


def output(data, *arguments):
    """What a program of Python on a record writes."""
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(data), check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def manage(data, *arguments):
    """Run a command of the site on a record."""
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env=environment(data), check=True)


def set_up():
    """Make this program one of the site's own."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()


def make_record(data, events):
    """Make a record in an empty folder."""
    manage(data, "migrate", "--verbosity=0")
    run(data, "tests.bench.made_up", f"--events={events}")


def keep(name, found):
    """Write what was found beside the measurements, by name and size of the record."""
    (BESIDE / f"{name}.json").write_text(json.dumps(found, indent=1))


# --- Figures ---------------------------------------------------------------------------------


def milliseconds(function, *arguments):
    """The result of a call, and how long it took."""
    started = time.perf_counter()
    result = function(*arguments)
    return result, (time.perf_counter() - started) * 1000


def figures(times):
    """Median, 95th of a hundred, longest, and of how many."""
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    named = {"p50": statistics.median(ordered), "p95": p95, "max": ordered[-1]}
    return {name: round(value, 3) for name, value in named.items()} | {"n": len(ordered)}


def show(name, figure):
    """One line of a table."""
    columns = "  ".join(f"{column} {value:>10,}" for column, value in figure.items())
    print(f"{name:<34}  {columns}", flush=True)


def private_mb(pid="self"):
    """Memory that a process shares with no other: all of it, and what it wrote itself. The
    difference are pages of files, such as the index's, that no other process has mapped."""
    held = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, amount, *_unit = line.split()
        held[name] = int(amount) / 1024
    private = held["Private_Clean:"] + held["Private_Dirty:"]
    return {"private_mb": round(private, 1), "written_mb": round(held["Private_Dirty:"], 1)}


# --- A server --------------------------------------------------------------------------------


@contextmanager
def running(command, port, data, path="/healthz"):
    """A server of ours while it is measured; gives its process id once it answers."""
    log = Path(data) / "bench-server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment(data), stdout=output, stderr=output
        )
    try:
        wait_for(server, port, path, log)
        yield server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(40)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.unlink(missing_ok=True)


def serving(data, port=PORT):
    """The site as `manage.py serve` serves it."""
    command = [sys.executable, "manage.py", "serve", "--host=127.0.0.1", f"--port={port}"]
    return running(command, port, data)


def wait_for(server, port, path, log):
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"The server ended at once:\n{log.read_text()}")
        try:
            with Client(port) as client:
                if client.get(path)[0] == 200:
                    return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"The server didn't answer in {_READY_SECONDS} s:\n{log.read_text()}")


def workers(pid):
    """The processes that a server started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it ended meanwhile
            continue
        if parent == pid:
            found.append(int(stat.parent.name))
    return sorted(found)


class Client:
    """One connection that stays open, as a browser's does."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=180)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.connection.close()

    def get(self, path, tag=""):
        """Status, headers and bytes; with ``tag`` only if the page has another."""
        headers = {"Accept-Encoding": "gzip"} | ({"If-None-Match": tag} if tag else {})
        self.connection.request("GET", path, headers=headers)
        response = self.connection.getresponse()
        return response.status, response.headers, response.read()
