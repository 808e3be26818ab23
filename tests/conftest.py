"""Rules for every test: with REQUIRE_ALL=1 a skip is a failure, and what was missing is named."""

import gc
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples

from tests import at_hand, migrated
from tests.figures import figure

_TESTS = Path(__file__).parent
_LONG = (
    *("faults/test_leaks.py", "browser", "faults/test_two_servers.py", "management/test_serve.py"),
    *("faults", "index/test_same_answers.py", "api/test_schemathesis.py", "test_messages.py"),
    *("intake/test_round_trip.py", "intake/test_beside.py", "management", "demo/test_load.py"),
    *("web/test_chart.py", "web/test_languages.py", "web/test_compiling.py", "web/test_sitemap.py"),
    *("web/test_known.py", "record", "formats", "api", "bench", "index/test_file.py"),
)
"""Files and folders whose tests take seconds, the longest first."""


# How long an example takes depends on what else the machine does. The usual examples are the same
# in every run, so that a change fails for what it changed; the full figures look for new ones.
examples.register_profile(
    "any machine",
    deadline=None,
    derandomize=not figure(0, 1),
    suppress_health_check=[HealthCheck.too_slow],
)
examples.load_profile("any machine")


def pytest_configure():
    from django.conf import settings

    # Safe hashing is slow on purpose; here nobody attacks.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_keepdb():
    """A copy on SQLite must not be removed before it is used; the folder goes as a whole."""
    from django.db import connection

    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_modify_db_settings, django_db_blocker):  # noqa: ARG001
    """The groups and their permissions as migrations left them: a test may empty every table."""
    from django.contrib.auth.models import Group

    with django_db_blocker.unblock():
        with migrated.made_once():
            request.getfixturevalue("django_db_setup")  # the one of pytest-django
        rows = Group.objects.values_list(
            "name", "permissions__content_type__app_label", "permissions__codename"
        )
        return {(group, f"{app}.{codename}") for group, app, codename in rows}


@pytest.fixture(autouse=True)
def index_that_works():
    """Each test reads an index of its own, which must not have been given up at the end."""
    from timeline.index import live
    from timeline.models import called
    from timeline.web import drawn
    from timeline.web.cached import kept

    live.forget()
    kept.forget()
    drawn.kept.forget()
    # A log that was rolled back counts anew, which no site's does.
    called._held = called._Held()
    yield live
    assert not live.trouble
    live.forget()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Long tests first, so that no worker is left with one when the others have ended."""
    items.sort(key=_place)


def pytest_collection_finish():
    """Modules and tests stay to the end: no search for rings need walk through them again."""
    gc.collect()
    gc.freeze()


def _place(item):
    path = item.path.relative_to(_TESTS)
    names = {path.as_posix(), *(each.as_posix() for each in path.parents)}
    return next((at for at, long in enumerate(_LONG) if long in names), len(_LONG))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return _without_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return _without_skip((yield))


def _without_skip(report):
    if at_hand.require_all() and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skipped, which REQUIRE_ALL=1 forbids: {reason}"
    return report


def pytest_terminal_summary(terminalreporter):
    for sentence in at_hand.missing():
        terminalreporter.write_line(sentence, yellow=True)
