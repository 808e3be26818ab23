"""The production server: what it refuses, and that it really serves."""

import json
import signal
import socket
import subprocess
import sys
from urllib.request import urlopen

import pytest
from django.core.management import CommandError
from django.db.migrations.recorder import MigrationRecorder

from tests.commands import free_port, manage, serving
from tests.migrated import new_site
from timeline.management.commands import serve


@pytest.mark.django_db
def test_a_database_that_lacks_migrations_is_refused():
    from django.db import connection

    serve.require_migrated()
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    with pytest.raises(CommandError, match=r"lacks 1 migrations; run: .* manage.py migrate"):
        serve.require_migrated()


def test_a_taken_port_is_refused():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"port {port} .*choose another port with PORT="):
            serve.require_free("127.0.0.1", port)
    serve.require_free("127.0.0.1", port)


def test_static_files_are_collected_when_they_change(tmp_path, settings, monkeypatch):
    collected = []
    root = tmp_path / "static"
    root.mkdir()
    (tmp_path / "own").mkdir()
    settings.DATA_DIR = tmp_path
    settings.STATIC_ROOT = root
    settings.STATICFILES_DIRS = [tmp_path / "own"]

    def collect(*arguments, **options):
        collected.append((arguments, options))
        (root / "staticfiles.json").write_text("{}")

    monkeypatch.setattr(serve, "call_command", collect)
    serve.collect_static()
    serve.collect_static()
    assert len(collected) == 1
    (tmp_path / "own" / "new.css").write_text("p {}")
    serve.collect_static()
    assert len(collected) == 2
    (root / "staticfiles.json").unlink()
    serve.collect_static()
    assert len(collected) == 3


@pytest.mark.sqlite
@pytest.mark.django_db
def test_it_serves_pages_and_hashed_static_files(tmp_path):
    variables = {"DEMO": 1, "DATA_DIR": tmp_path / "data", "PORT": free_port()}
    new_site(variables["DATA_DIR"])
    with serving(**variables) as server:
        site = f"http://127.0.0.1:{variables['PORT']}"
        with urlopen(f"{site}/healthz", timeout=10) as answer:
            assert json.load(answer) == {"status": "ok", "index": "ok"}
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        names = json.loads((tmp_path / "data/static/staticfiles.json").read_text())["paths"]
        with urlopen(f"{site}/static/{names['admin/css/base.css']}", timeout=10) as answer:
            assert "immutable" in answer.headers["Cache-Control"]
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=20)
        assert server.returncode == 0


@pytest.mark.sqlite
@pytest.mark.django_db
def test_the_publisher_ends_with_a_server_that_is_gone_before_it_begins(tmp_path):
    """It was once told no parent, took whoever adopted it for one, and ran for ever."""
    variables = {"DEMO": 1, "DATA_DIR": tmp_path / "data"}
    new_site(variables["DATA_DIR"])
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    done = manage("publish_due", "--every=20", f"--parent={gone.pid}", **variables)
    assert done.returncode == 0
