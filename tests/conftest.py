"""Rules for every test: with REQUIRE_ALL=1 a skip is a failure, and what was missing is named."""

import pytest

from tests import at_hand


def pytest_configure():
    from django.conf import settings

    # Safe hashing is slow on purpose; here nobody attacks.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def index_that_works():
    """Each test reads an index of its own, which must not have been given up at the end."""
    from timeline.index import live
    from timeline.web import drawn
    from timeline.web.cached import kept

    live.forget()
    kept.forget()
    drawn.kept.forget()
    yield live
    assert not live.trouble
    live.forget()


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
