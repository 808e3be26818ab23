"""The five groups hold what the table says, no more."""

from itertools import pairwise

import pytest

from timeline.editing.permissions import TABLE


@pytest.mark.django_db
@pytest.mark.parametrize("name", TABLE)
def test_migrations_give_a_group_its_row_of_the_table(name, django_db_setup):
    assert {held for group, held in django_db_setup if group == name} == TABLE[name]


def test_each_role_holds_what_the_one_below_holds():
    roles = ["Contributor", "Editor", "Publisher", "Administrator"]
    for lower, higher in pairwise(roles):
        assert TABLE[lower] < TABLE[higher]


def test_an_auditor_changes_nothing():
    assert all(".view_" in permission for permission in TABLE["Auditor"])


def test_only_a_publisher_and_above_publish():
    can = {name for name, row in TABLE.items() if "timeline.publish_event" in row}
    assert can == {"Publisher", "Administrator"}
