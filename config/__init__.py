"""Environment → settings; nothing about timelines.

Importing this package chooses the SQLite library. Every way in (manage.py, the server, the tests)
imports it before Django opens a database. Next: settings.py.
"""

from config.sqlite import use_newest

use_newest()
