"""Which database the tests run on: `--database sqlite` (as always) or `--database postgres`.

A pytest plugin, because the choice must stand before pytest-django reads the settings. For
PostgreSQL it starts a cluster of its own in a temporary folder and removes it at the end; with
xdist the first process does so, and the others find its address in the environment.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.at_hand import postgres_programs, require_all
from tests.figures import figure

# As on many servers, names sort by language and not by code point: SQLite sorts by code point, so
# code that leaves the order to the database is found out.
_INITDB = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
_FAST = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60"),
    *("jit=off", "autovacuum=off"),
)

_TESTS = Path(__file__).parent
# Elsewhere a test may start a process that finds the database by itself. What the tests of config
# start is told of no database.
_PURE_ROOMS = {"", "config", "dates", "demo", "formats", "intake", "record", "web"}
"""The empty one holds the files beside this."""

# Whoever runs the tests may have set these for a site of their own.
_SETTINGS = (
    *("ALLOWED_HOSTS", "BEHIND_PROXY", "CONTACT", "DATABASE_URL", "DEBUG", "HOST", "LICENCE"),
    *("PORT", "SITE_DESCRIPTION", "SITE_NAME", "SITE_URL", "TIMELINE_ORDER", "TIME_ZONE"),
)


def pytest_addoption(parser):
    parser.addoption(
        "--database",
        choices=("sqlite", "postgres"),
        default="sqlite",
        help="the database to run on; postgres starts a private cluster",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config):
    """A wrapper, so that it runs before pytest-django, which asks to be first as well."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        for name in _SETTINGS:
            os.environ.pop(name, None)
        folder = Path(tempfile.mkdtemp(prefix="dateline-tests-"))
        early_config.add_cleanup(lambda: shutil.rmtree(folder))
        os.environ |= {
            "DEMO": "0",
            "SECRET_KEY": "a-key-for-tests-only-that-signs-nothing-anybody-keeps",
            "DATA_DIR": str(folder),
            "STATIC_HASHED": "0",
        }
        if early_config.known_args_namespace.database == "postgres":
            os.environ["DATABASE_URL"] = _start_postgres(early_config)
    return (yield)


def pytest_collection_modifyitems(config, items):
    """Leave out what is about the other database; that is no skip, so REQUIRE_ALL allows it.

    Tests of pure functions run once, with SQLite; with the full figures on both.
    """
    database = config.getoption("database")
    once = database == "postgres" and not figure(0, 1)
    other = {"sqlite": "postgres", "postgres": "sqlite"}[database]
    left_out = {
        item for item in items if item.get_closest_marker(other) or (once and _is_pure(item))
    }
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


def _is_pure(item):
    """Whether a test can't meet a database: in such a room, and without leave to open one, which
    pytest-django refuses to who doesn't ask."""
    first, *below = item.path.relative_to(_TESTS).parts
    room = first if below else ""
    allowed = item.get_closest_marker("django_db") or {"db", "transactional_db"} & {
        *getattr(item, "fixturenames", ())
    }
    return room in _PURE_ROOMS and not allowed


def pytest_report_header(config):
    return f"database: {config.getoption('database')}"


def _start_postgres(config) -> str:
    """Start the cluster, see to its end, and return its address."""
    programs = postgres_programs()
    if programs is None:
        # pytest has no way out at this hour but these two.
        sentence = "not run on PostgreSQL, which is not at hand (Debian: apt install postgresql)"
        if require_all():
            raise pytest.UsageError(sentence)
        print(sentence)
        raise SystemExit(0)
    home = Path(tempfile.mkdtemp(prefix="dateline-postgres-"))
    config.add_cleanup(lambda: shutil.rmtree(home))
    cluster = home / "cluster"
    # PostgreSQL refuses to run as root; Debian's package brings a user for it.
    as_user = {"cwd": home}
    if os.geteuid() == 0:
        as_user |= {"user": "postgres", "group": "postgres", "extra_groups": ()}
        shutil.chown(home, "postgres", "postgres")

    def run(program, *arguments):
        with (home / "output").open("a") as output:  # a pipe would stay open with the server
            done = subprocess.run(
                [programs / program, "-D", cluster, *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                **as_user,
            )
        if done.returncode:
            raise pytest.UsageError(f"{program} failed:\n{(home / 'output').read_text()}")

    run("initdb", "--username=dateline", "--auth=trust", "--no-sync", *_INITDB)
    settings = (*_FAST, "listen_addresses=", f"unix_socket_directories={home}")
    run("pg_ctl", "--wait", "start", "-o", " ".join(f"-c '{setting}'" for setting in settings))
    config.add_cleanup(lambda: run("pg_ctl", "--mode=immediate", "stop"))
    return f"postgres://dateline@/{quote(str(home))}/postgres"
