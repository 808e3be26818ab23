"""A backup is complete, checked, private, and never written over something."""

import sqlite3
import stat
import subprocess
from contextlib import closing

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.sqlite
def test_a_copy_holds_everything(tmp_path, capsys):
    get_user_model().objects.create_user("ada")
    call_command("backup", str(tmp_path / "copy"))
    assert "Wrote" in capsys.readouterr().out
    assert [file.name for file in tmp_path.iterdir()] == ["copy"]
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        assert copy.execute("SELECT username FROM auth_user").fetchall() == [("ada",)]
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)


@pytest.mark.sqlite
def test_an_unsound_copy_is_not_kept(tmp_path):
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO auth_user_groups (user_id, group_id) VALUES (77, 78)")
    with pytest.raises(CommandError, match="2 dangling references"):
        call_command("backup", str(tmp_path / "copy"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.postgres
def test_a_dump_can_be_restored(tmp_path):
    get_user_model().objects.create_user("ada")
    call_command("backup", str(tmp_path / "dump"))
    assert stat.S_IMODE((tmp_path / "dump").stat().st_mode) == 0o600
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE restored")
    at = connection.settings_dict
    where = ["--username", at["USER"], "--host", at["HOST"], "--dbname", "restored"]
    try:
        subprocess.run(["pg_restore", *where, tmp_path / "dump"], check=True)
        found = subprocess.run(
            ["psql", *where, "-Atc", "SELECT username FROM auth_user"],
            check=True,
            capture_output=True,
            text=True,
        )
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE restored")
    assert found.stdout == "ada\n"


@pytest.mark.postgres
def test_without_pg_dump_the_remedy_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match="pg_dump is not installed; install"):
        call_command("backup", str(tmp_path / "dump"))
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "copy").write_text("precious")
    with pytest.raises(CommandError, match="copy exists already; choose another name"):
        call_command("backup", str(tmp_path / "copy"))
    assert (tmp_path / "copy").read_text() == "precious"


def test_an_unfinished_backup_is_named(tmp_path):
    (tmp_path / "copy.unfinished").write_text("")
    with pytest.raises(CommandError, match="unfinished is there from another backup"):
        call_command("backup", str(tmp_path / "copy"))


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("backup", str(tmp_path / "none" / "copy"))
