"""The arrows between rooms point one way, and public rooms see the record through one door."""

from pathlib import Path

import pytest

from tests.architecture import LEVEL, module, modules, side_doors, wrong_imports

ROOT = Path(__file__).resolve().parent.parent
TIMELINE = modules(ROOT, "timeline")


def test_the_project_is_read():
    assert {"timeline.web.urls", "timeline.admin.site"} <= {each.name for each in TIMELINE}


def test_every_room_has_a_place_in_the_table():
    assert {each.room for each in TIMELINE} <= {*LEVEL, ""}


@pytest.mark.parametrize("reading", TIMELINE, ids=lambda reading: reading.name)
def test_imports_point_one_way(reading):
    assert wrong_imports(reading) == []


@pytest.mark.parametrize("reading", TIMELINE, ids=lambda reading: reading.name)
def test_public_rooms_use_the_public_door(reading):
    assert side_doors(reading) == []


def test_the_settings_know_no_timeline():
    """They name it in strings; importing it would load models before Django is ready."""
    found = [
        (each.name, wrong)
        for each in modules(ROOT, "config")
        for wrong in wrong_imports(each)
        if "timeline" in wrong
    ]
    assert found == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("timeline.models.events", "from timeline.index import answer"),
        ("timeline.models.events", "from timeline import editing"),
        ("timeline.models.events", "def f():\n    import timeline.web.views"),
        ("timeline.models.events", "from ..browse import read"),
        ("timeline.editing.events", "from timeline.intake import csv"),
        ("timeline.index.oracle", "from timeline.record import records"),
        ("timeline.admin.events", "from timeline.web.views import event"),
        ("timeline.web.views", "from timeline.admin.preview import preview"),
        ("timeline.web.views", "from timeline.unheard_of import x"),
        ("timeline.browse.read", "from config import settings"),
        ("timeline.browse.read", "from tests import figures"),
        ("timeline.dates", "from django.db import models"),
        ("timeline.text", "from timeline import dates"),
        ("config.settings", "import timeline.models"),
    ],
)
def test_a_wrong_import_is_found(name, source):
    assert len(wrong_imports(module(name, source))) == 1


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("timeline.models.events", "from timeline.dates import parse\nfrom .choices import Role"),
        ("timeline.intake.csv", "from timeline.editing import events"),
        ("timeline.admin.preview", "from timeline.web.views import event"),
        ("timeline.migrations.0002_roles", "from timeline.editing.permissions import TABLE"),
        ("timeline.dates", "import datetime\nfrom timeline.text import clean_line"),
    ],
)
def test_a_right_import_is_left_alone(name, source):
    assert wrong_imports(module(name, source)) == []


@pytest.mark.parametrize(
    "source",
    [
        "Event.objects.all()",
        "models.Event.objects.filter(pk=1)",
        "found = Actor.objects",
        "get_object_or_404(Source.objects, pk=1)",
        "Event._default_manager.count()",
        "get_object_or_404(Event, pk=1)",
        "shortcuts.get_list_or_404(models.Event, pk=1)",
    ],
)
def test_a_side_door_is_found(source):
    assert len(side_doors(module("timeline.web.views", source))) == 1


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("timeline.web.views", "Event.objects.public().filter(pk=1)"),
        ("timeline.web.views", "SiteText.objects.get(slug='about')"),
        ("timeline.admin.events", "Event.objects.all()"),
    ],
)
def test_the_door_and_the_staff_rooms_are_left_alone(name, source):
    assert side_doors(module(name, source)) == []
