"""`manage.py make_release`, as whoever runs the site meets it."""

import pytest
from django.core.management import CommandError, call_command

from tests.make import make_event
from timeline.models import DatasetRelease

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "releases"


def test_make_verify_and_close(folder, capsys):
    make_event()
    call_command("make_release", note="The first.")
    row = DatasetRelease.objects.get()
    said = capsys.readouterr().out
    assert said.startswith(f"Made release 1: 1 events, {row.size:,} bytes, SHA-256 {row.sha256}.")
    assert str(folder / row.file) in said
    call_command("make_release", verify=True)
    assert capsys.readouterr().out == "Every release is what it was.\n"
    with pytest.raises(CommandError, match="Nothing changed since release 1"):
        call_command("make_release")
    with pytest.raises(CommandError, match="Say why"):
        call_command("make_release", close=1)
    call_command("make_release", close=1, reason="An order of a court.")
    assert "take it out of the backups too" in capsys.readouterr().out
    assert not (folder / row.file).exists()


def test_verify_exits_1_and_names_what_is_wrong(folder):
    make_event()
    call_command("make_release")
    file = folder / DatasetRelease.objects.get().file
    file.unlink()
    with pytest.raises(CommandError) as refused:
        call_command("make_release", verify=True)
    assert refused.value.returncode == 1
    assert str(file) in str(refused.value)
