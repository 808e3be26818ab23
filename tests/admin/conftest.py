"""People of each role, signed in, and what a browser sends for the event form."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.test import Client

from timeline.editing.permissions import write_groups


def signed_in(role=None, name=None):
    """A client signed in as a person with that role; a superuser for None."""
    name = name or (role or "root").lower()
    if role is None:
        user = User.objects.create_superuser(name, "", "x")
    else:
        # Migrations made them, unless a test emptied every table since.
        if not Group.objects.filter(name=role).exists():
            write_groups(apps, "default")
        user = User.objects.create_user(name, "", "x", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def root(db):  # noqa: ARG001
    return signed_in()


def rows(prefix, *given, initial=0):
    """The fields of a formset with these rows."""
    data = {
        f"{prefix}-TOTAL_FORMS": str(len(given)),
        f"{prefix}-INITIAL_FORMS": str(initial),
        f"{prefix}-MIN_NUM_FORMS": "0",
        f"{prefix}-MAX_NUM_FORMS": "1000",
    }
    for number, row in enumerate(given):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def event_data(*citations, figures=(), roles=(), relations=(), **fields):
    """What the add form of an event sends."""
    return {
        "title": "Something happens somewhere",
        "date": "20 October 2024",
        "summary": "",
        "status": "draft",
        "importance": "normal",
        "date_basis": "occurred",
        "place_precision": "unknown",
        "day_order": "0",
        **rows("citations", *citations),
        **rows("figures", *figures),
        **rows("participations", *roles),
        **rows("relations", *relations),
        **rows("translations"),
        "_save": "Save",
        **fields,
    }
