"""Which side a publisher stands on: the party that controls it, else its country, else none.

A party is the topmost actor above the one that controls a publisher, as far as readers know them.
Sides are ranked by how much of a selection rests on their publishers: one pass over the
publishers of its events.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from timeline.index.answering import live
from timeline.index.arrays import Array, numbers
from timeline.index.edits import Index
from timeline.index.matching import Families, matching
from timeline.index.selection import PAGE_SIZE, Selection
from timeline.models import Actor, Publisher

NOWHERE = "-"
"""The side of publishers that nobody controls and that have no country."""


@dataclass(frozen=True, slots=True)
class Side:
    """A side: its value, which is the slug of a party or the code of a country, and the name of
    the party."""

    value: str
    party: str = ""


def top(selection: Selection, at_most: int) -> list[Side]:
    """The sides that most of a selection rests on, the first one most."""
    plain = selection.changed(sort="date", page_size=PAGE_SIZE)

    def known(index: Index) -> list[Side]:
        resolver = index.as_known(plain.known_by)
        held = resolver.documents.values("publisher", numbers(resolver.matching(plain)))
        of = of_codes(index)
        values, sided = np.unique(of, return_inverse=True)
        counts = np.bincount(sided[held], minlength=len(values)).tolist()
        actors = index.documents.things["actor"]
        return [
            Side(value, actors.labels[actors.by_slug[value]] if value in actors.by_slug else "")
            for value in _ranked(Counter(dict(zip(values.tolist(), counts, strict=True))), at_most)
        ]

    def plainly() -> list[Side]:
        of = _plainly()
        rows: set[tuple[int, str]] = set()
        for column in ("publisher", "agency"):
            rows |= set(
                matching(plain, Families()).values_list("pk", f"citations__source__{column}__slug")
            )
        counts = Counter(of[slug].value for _event, slug in rows if slug)
        sides = {side.value: side for side in of.values()}
        return [sides[value] for value in _ranked(counts, at_most)]

    return live.ask(known, plainly)


def _ranked(counts: Counter[str], at_most: int) -> list[str]:
    wanted = [value for value, count in counts.items() if count]
    return sorted(wanted, key=lambda value: (-counts[value], value))[:at_most]


def of_codes(index: Index) -> Array:
    """The side of each publisher, by its code."""
    publishers, actors = index.documents.things["publisher"], index.documents.things["actor"]

    def side(code: int) -> str:
        owner = actors.codes.get(publishers.owners[code])
        if owner is None:
            return publishers.countries[code] or NOWHERE
        if index.documents.public("actor", owner):
            owner = actors.upwards(owner)[-1]
        return actors.slugs[owner]

    return index.resolver.counted(
        ("sides",), lambda: np.array([side(code) for code in range(len(publishers.pks))], np.str_)
    )


def publishers_of(value: str) -> tuple[str, ...]:
    """The slugs of the publishers of a side, asked plainly."""
    return tuple(slug for slug, side in _plainly().items() if side.value == value)


def _plainly() -> Mapping[str, Side]:
    """The side of each publisher, by its slug."""
    actors = {
        pk: (slug, name, parent)
        for pk, slug, name, parent in Actor.objects.public().values_list(
            "pk", "slug", "name", "parent"
        )
    }
    found = {}
    owner: int | None
    for slug, country, owner, owner_slug, owner_name in Publisher.objects.public().values_list(
        "slug", "country", "controlled_by", "controlled_by__slug", "controlled_by__name"
    ):
        side = Side(owner_slug, owner_name) if owner else Side(country or NOWHERE)
        passed = set()
        while owner in actors and owner not in passed:
            passed.add(owner)
            owner_slug, owner_name, owner = actors[owner]
            side = Side(owner_slug, owner_name)
        found[slug] = side
    return found
