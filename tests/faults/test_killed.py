"""What was acknowledged is on disk: a writer killed in the middle loses nothing it reported."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.figures import figure
from tests.migrated import new_site

ROOT = Path(__file__).resolve().parent.parent.parent
WRITER = """
from timeline.models import Topic
from timeline.editing import things
number = Topic.objects.count()
while True:
    topic = Topic(name=f"Topic {number}", slug=f"topic-{number}")
    things.store(topic)
    print(topic.slug, flush=True)
    number += 1
"""

# Its programs write a file of SQLite, whatever the tests run on.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def environment(tmp_path):
    new_site(tmp_path)
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return {**kept, "DEMO": "1", "DATA_DIR": str(tmp_path)}


def manage(environment, *arguments, **options):
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, **options
    )


def test_a_killed_writer_loses_nothing_it_acknowledged(environment, tmp_path):
    reported = set()
    for kill in range(figure(5, 25)):
        with manage(environment, "shell", "--verbosity", "0", "--command", WRITER) as writer:
            for _line in range(20 + 7 * kill):
                reported.add(writer.stdout.readline().strip())
            writer.send_signal(signal.SIGKILL)
            # What it reported until its end counts too; a line that was cut doesn't.
            rest = writer.stdout.read()
            reported |= set(rest.splitlines() if rest.endswith("\n") else rest.splitlines()[:-1])
    stored = sqlite3.connect(tmp_path / "dateline.sqlite3")
    slugs = {slug for (slug,) in stored.execute("SELECT slug FROM timeline_topic")}
    logged = stored.execute("SELECT COUNT(*) FROM timeline_change WHERE model = 'topic'").fetchone()
    stored.close()
    assert len(reported) > 100
    assert reported <= slugs
    # A row and its entry in the log are one.
    assert logged == (len(slugs),)
