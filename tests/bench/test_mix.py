"""The mix asks what it says, and its addresses ask the same as its selections."""

from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict

from tests.bench.made_up import fill
from tests.bench.mix import address, mix
from timeline import browse

# What is asked is made without the database.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_addresses_ask_what_selections_ask():
    fill(2_000)
    selections = mix(400)
    asked = Counter()
    for selection in selections:
        query = urlsplit(address(selection)).query
        reading = browse.read(QueryDict(query), selection.within)
        assert reading.errors == (), query
        assert reading.selection == selection
        assert not reading.needs_redirect, query
        kinds = {
            "words": bool(selection.q),
            "a phrase": '"' in selection.q,
            "a beginning": "*" in selection.q,
            "a word left out": " -" in selection.q,
            "Korean": any("가" <= each <= "힣" for each in selection.q),
            "a role of an actor": bool(selection.role and selection.actor),
            "a speaker's stance": bool(selection.stance and selection.speaker),
            "all of several actors": selection.actors_all,
            "this actor alone": selection.exact,
            "dates surely inside": selection.certainly,
            "a page further on": selection.cursor is not None,
            "the page of a thing": selection.within is not None,
            "something left out": "!" in query,
        }
        asked.update(name for name, does in kinds.items() if does)
    assert set(asked) == set(kinds), kinds.keys() - asked.keys()
    assert asked["words"] == 74  # 18.5 in a hundred
    assert mix(400) == selections
