"""How much a test does: a share in every run, all of it with PROVE=1 (`make prove`)."""

import os
from collections.abc import Iterable
from typing import Any

import pytest


def figure(usual: int, full: int) -> int:
    return full if os.environ.get("PROVE", "") not in {"", "0"} else usual


def divided(seeds: Iterable[int]) -> list[Any]:
    """Seeds for a test that asks the same of both databases: each on one of them, in turn.

    With the full figures each is tried on both.
    """
    if figure(0, 1):
        return list(seeds)
    marks = (pytest.mark.sqlite, pytest.mark.postgres)
    return [pytest.param(seed, marks=marks[place % 2]) for place, seed in enumerate(seeds)]
