"""Which values the parameters take, and what they are called.

A slug that isn't public is as unknown as one that never was; an old slug of a renamed or merged
thing stands for the present one.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from timeline import dates
from timeline.index import naming
from timeline.models import Actor, Category, Metric, Place, Publisher, Topic
from timeline.models.choices import Importance, Role, Stance, VerificationLabel
from timeline.models.tongue import language_name, tongue

Known = Mapping[str, tuple[str, str]]
"""For each value that is known: the present value and its name."""


def _named(model: type[Any]) -> Callable[[Iterable[str]], Known]:
    def known(values: Iterable[str]) -> Known:
        wanted = set(values)
        found = naming.named(model, wanted)
        missing = wanted - found.keys()
        moved = naming.moved(model, missing) if missing else {}
        return {slug: (slug, name) for slug, (_pk, name) in found.items()} | moved

    return known


def _choices(enumeration: Any) -> Callable[[Iterable[str]], Known]:
    def known(values: Iterable[str]) -> Known:
        labels = dict(enumeration.choices)
        return {value: (value, str(labels[value])) for value in values if value in labels}

    return known


def _countries(values: Iterable[str]) -> Known:
    names = naming.countries({value.upper() for value in values})
    return {
        value: (value.upper(), names[value.upper()]) for value in values if value.upper() in names
    }


def _languages(values: Iterable[str]) -> Known:
    return {value: (value, language_name(value)) for value in naming.languages(set(values))}


def _years(values: Iterable[str]) -> Known:
    years = {}
    for value in values:
        if len(value) == 4 and value.isascii() and value.isdigit() and value != "0000":
            years[value] = (value, dates.year(int(value), tongue()))
    return years


_HAS_NAMES = {
    "figures": gettext_lazy("figures"),
    "archive": gettext_lazy("archived copies"),
    "place": gettext_lazy("a place"),
    "correction": gettext_lazy("a correction"),
}


def _has(values: Iterable[str]) -> Known:
    return {value: (value, str(_HAS_NAMES[value])) for value in values if value in _HAS_NAMES}


KNOWN: Mapping[str, Callable[[Iterable[str]], Known]] = {
    "actor": _named(Actor),
    "role": _choices(Role),
    "year": _years,
    "category": _named(Category),
    "topic": _named(Topic),
    "country": _countries,
    "place": _named(Place),
    "publisher": _named(Publisher),
    "language": _languages,
    "stance": _choices(Stance),
    "speaker": _named(Actor),
    "verification": _choices(VerificationLabel),
    "has": _has,
    "metric": _named(Metric),
    "importance": _choices(Importance),
}
"""For each facet, the function that tells known values from unknown ones."""

CLOSED: Mapping[str, tuple[str, ...]] = {
    "role": tuple(Role.values),
    "stance": tuple(Stance.values),
    "verification": tuple(VerificationLabel.values),
    "has": tuple(_HAS_NAMES),
    "importance": tuple(Importance.values),
}
"""Facets whose values are a short list that a refusal can name."""
