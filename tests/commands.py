"""Starting the project's own command line with nothing set but what is given."""

import os
import subprocess
import sys
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
