"""The index answers as the ORM does: any selection, over any record, after any edits.

Every field of the answer is compared: total, events in order, facets with labels and counts,
density, cursors. The rare ways of the index (for large sets, worn tails, bulk changes) are made
the usual ones in some of the runs, since a small record would never take them.
"""

import dataclasses
import random
from datetime import date

import pytest
from django.db import connection, transaction

from tests.figures import figure
from tests.index.edits import Editor, explain
from tests.index.made import draw, make_record
from tests.make import make_actor, make_event, make_place, noted
from timeline.editing import copies
from timeline.editing.versions import Release
from timeline.index import (
    FACETS,
    Choice,
    Selection,
    answer,
    counting,
    edits,
    keys,
    live,
    oracle,
    paging,
    searching,
    values,
)
from timeline.index.verifying import differences
from timeline.models import Event
from timeline.models.choices import VersionKind

pytestmark = pytest.mark.django_db

EDITS = figure(14, 125)
SELECTIONS = figure(3, 4)
"""After each edit; the eight runs on two databases make 112 edits and 336 selections, or 1,000 and
4,000."""


def known_values():
    page = oracle.answer(Selection(), 10_000)
    return {name: [each.value for each in page.facets[name].values] for name in FACETS}


def assert_same(selection, at_most):
    mine, plain = answer(selection, at_most), oracle.answer(selection, at_most)
    for each in dataclasses.fields(plain):
        if each.name == "facets":
            for name in FACETS:
                assert mine.facets[name] == plain.facets[name], (name, selection)
        else:
            assert getattr(mine, each.name) == getattr(plain, each.name), (each.name, selection)
    whole = keys(selection)
    assert whole.tolist() == oracle.keys(selection), selection
    if selection.cursor is None:
        assert tuple(whole[: selection.page_size]) == mine.ids, selection
    return mine


def usual(_monkeypatch):
    """Small records take the ways of small records."""


def large(monkeypatch):
    """Every set counts as a large one."""
    monkeypatch.setattr(counting, "GATHERED", 0)
    monkeypatch.setattr(counting, "GATHERED_PAIRS", 0)
    monkeypatch.setattr(values, "_PARTS", 1)
    monkeypatch.setattr(paging, "_WALKED", 0)
    monkeypatch.setattr(searching, "_READ_A_LOOKUP", 10**9)


def worn(monkeypatch):
    """The tail is worn after a few edits, and a new index is built; sources are looked up, and
    single events are read and taken in as many are."""
    monkeypatch.setattr(edits, "LONGEST_TAIL", 3)
    monkeypatch.setattr(edits, "SINGLY", 0)
    monkeypatch.setattr(searching, "_READ_A_LOOKUP", 0)


def bulky(monkeypatch):
    """More than one event at once is a bulk change."""
    monkeypatch.setattr(edits, "BULK", 1)


WAYS = [usual, large, worn, bulky]


@pytest.mark.parametrize("way", WAYS)
def test_index_and_database_give_the_same_answers(way, monkeypatch):
    way(monkeypatch)
    chance = random.Random(f"{way.__name__} {connection.vendor}")
    make_record(seed=chance.randrange(10**6), events=30)
    editor, made = Editor(chance), []
    if len(editor.kinds) > EDITS:
        # On each database two ways share all kinds, and each way tries all on the two.
        half = (WAYS.index(way) + (connection.vendor == "sqlite")) % 2
        editor.kinds = editor.kinds[half::2]
    for _edit in range(EDITS):
        answer(Selection(q="summit"))  # keeps a set of words that the edit must patch
        made.append(editor.edit())
        known = known_values()
        for _ in range(SELECTIONS):
            # Pages short enough to have others behind them.
            selection = draw(chance, known)._replace(page_size=chance.choice([50, 7]))
            at_most = chance.choice([1, 3, 20])
            page = assert_same(selection, at_most)
            if page.next_cursor is not None and chance.random() < 0.5:
                deeper = selection._replace(cursor=page.next_cursor, page_size=5)
                back = assert_same(deeper, at_most).previous_cursor
                if back is not None:
                    assert_same(deeper._replace(cursor=back), at_most)
    assert not live.trouble
    index = live.ask(lambda index: index, lambda: None)
    assert index.waiting or not list(differences(index.documents, edits.build().documents))
    assert set(made) == set(editor.kinds)


def test_a_thing_that_nothing_holds_yet_costs_no_index(monkeypatch, caplog):
    """There are more codes then than what was made of them knows."""
    monkeypatch.setattr(counting, "_PART", 1)  # small sets are small beside small records too
    make_record(seed=2, events=20)
    selections = (Selection(), Selection(q="summit"), Selection(year=Choice(("2024",))))
    for selection in selections:
        assert_same(selection, 3)
    for make in (make_actor, make_place):
        noted(make("Alone"))
        for selection in selections:
            assert_same(selection, 3)
    assert not caplog.text
    assert not live.trouble


def test_an_event_has_its_correction_on_past_days_too():
    make_record(seed=2, events=20)
    copy = copies.begin(Event.objects.public().first(), by=None)
    copy.title = "Corrected"
    copy.save()
    explain(copy)
    copies.publish(copy, by=None, release=Release(VersionKind.CORRECTION, "So it was."))
    then = Selection(known_by=date(2029, 1, 1))
    page = assert_same(then, 20)
    assert "correction" in [each.value for each in page.facets["has"].values]
    assert_same(then._replace(has=Choice(("correction",))), 20)


def test_what_is_rolled_back_was_never_answered():
    """The desk's preview saves, shows and takes back, all in one transaction."""
    make_record(seed=1, events=6)
    before = answer(Selection())
    with transaction.atomic():
        make_event(title="Never saved")
        assert live.state() is None
        assert answer(Selection()) == before
        transaction.set_rollback(True)
    kept = make_event(title="Saved under the same number of the log")
    assert kept.pk in answer(Selection()).ids
    assert_same(Selection(), 20)
