"""How much two titles are alike."""

from difflib import SequenceMatcher
from itertools import permutations

from timeline.intake.alike import ALIKE, likeness

TITLES = (
    "two soldiers cross the river",
    "soldiers cross river at night",
    "the river is crossed by two soldiers",
    "north korea launches a missile over japan",
    "missile launched over japan by north korea",
)


def test_whichever_title_is_named_first():
    pairs = list(permutations(TITLES, 2))
    assert all(likeness(a, b, 0) == likeness(b, a, 0) for a, b in pairs)
    # The matcher itself tells them apart.
    assert any(
        SequenceMatcher(None, a, b).ratio() != SequenceMatcher(None, b, a).ratio() for a, b in pairs
    )


def test_what_is_not_above_the_least_is_nothing():
    assert likeness(TITLES[0], TITLES[0], ALIKE) == 1
    assert likeness(TITLES[0], TITLES[3], ALIKE) == 0
