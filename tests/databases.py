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

# As on many servers, names sort by language and not by code point: SQLite sorts by code point, so
# code that leaves the order to the database is found out.
_INITDB = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


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
        for name in ("DEBUG", "DATABASE_URL", "SITE_URL", "ALLOWED_HOSTS", "BEHIND_PROXY"):
            os.environ.pop(name, None)  # the developer's own setting is not what is tested
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


def pytest_report_header(config):
    return f"database: {config.getoption('database')}"


def _start_postgres(config) -> str:
    """Start the cluster, see to its end, and return its address."""
    programs = postgres_programs()
    if programs is None:
        pytest.exit(
            "PostgreSQL is not at hand, nothing was run on it (Debian: apt install postgresql)",
            returncode=1 if require_all() else 0,
        )
    home = Path(tempfile.mkdtemp(prefix="dateline-postgres-"))
    config.add_cleanup(lambda: shutil.rmtree(home))
    cluster = home / "cluster"
    # PostgreSQL refuses to run as root; Debian's package brings a user for it.
    as_user = {"cwd": home}
    if os.geteuid() == 0:
        as_user |= {"user": "postgres", "group": "postgres", "extra_groups": ()}
        shutil.chown(home, "postgres", "postgres")

    def run(program, *arguments):
        done = subprocess.run(
            [programs / program, "-D", cluster, *arguments],
            stdout=(home / "output").open("a+"),  # a pipe would stay open with the server
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
