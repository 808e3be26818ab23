"""`manage.py demo` can be run again and again; its content is replaced by a stand-in here."""

import re
import sys
from types import ModuleType

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import call_command


@pytest.fixture
def content(monkeypatch):
    stand_in = ModuleType("timeline.demo.load")
    stand_in.load = lambda: "Loaded 3 events."
    stand_in.remove = lambda: "Removed 3 events."
    monkeypatch.setitem(sys.modules, "timeline.demo.load", stand_in)


@pytest.mark.django_db
def test_the_first_run_makes_one_administrator_and_the_second_none(content, capsys):  # noqa: ARG001
    call_command("demo", no_serve=True)
    first = capsys.readouterr().out
    assert "Loaded 3 events." in first
    name, password = re.search(r"Administrator: (\S+)\nPassword: +(\S+)", first).groups()
    assert len(password) >= 15
    assert authenticate(username=name, password=password).is_superuser
    call_command("demo", no_serve=True)
    second = capsys.readouterr().out
    assert "Loaded 3 events." in second
    assert "Password" not in second
    assert get_user_model().objects.count() == 1


@pytest.mark.django_db
def test_a_colleague_called_admin_is_left_alone(content, capsys):  # noqa: ARG001
    get_user_model().objects.create_user("admin", password="a colleague's password")
    call_command("demo", no_serve=True)
    assert re.search(r"Administrator: admin-\w+\n", capsys.readouterr().out)
    assert not get_user_model().objects.get(username="admin").is_superuser


@pytest.mark.django_db
def test_removing_makes_no_account(content, capsys):  # noqa: ARG001
    call_command("demo", remove=True)
    assert capsys.readouterr().out == "Removed 3 events.\n"
    assert not get_user_model().objects.exists()
