#!/usr/bin/env python3
"""The project's command line: `manage.py demo`, `serve`, `backup FILE` and Django's own commands.

Without Django it says how to install it. Importing the settings' package `config` sees to a safe
SQLite before Django opens a database.
"""

import os
import sys

INSTALL = """\
Dateline's packages are not installed for this Python ({python}). Install them and start with

    make demo

or, without make, with

    python3 -m venv .venv && .venv/bin/pip install --require-hashes -r requirements.lock
    .venv/bin/python manage.py demo
"""


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036  (an older Python reads this too)
        print("Dateline needs Python 3.11 or newer, not", sys.version.split()[0], file=sys.stderr)
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if arguments[1:2] == ["demo"]:
        os.environ.setdefault("DEMO", "1")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError as error:
        if error.name != "django":
            raise
        print(INSTALL.format(python=sys.executable), file=sys.stderr)
        return 1
    try:
        import config.settings  # noqa: F401  (a wrong variable is a sentence, not a traceback)
    except ImproperlyConfigured as error:
        print(error, file=sys.stderr)
        return 1
    execute_from_command_line(arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
