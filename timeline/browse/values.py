"""Which values the parameters take, and what they are called.

A slug that isn't public is as unknown as one that never was; an old slug of a renamed or merged
thing stands for the present one. One query a facet, whatever the number of values.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language_info

from timeline.models import Actor, Category, Metric, Place, Publisher, SlugRedirect, Source, Topic
from timeline.models.choices import Importance, Role, Stance, VerificationLabel

Known = Mapping[str, tuple[str, str]]
"""For each value that is known: the present value and its name."""


def _slugs(model: type[Any]) -> Callable[[Iterable[str]], Known]:
    kind = model._meta.model_name or ""

    def known(values: Iterable[str]) -> Known:
        wanted = set(values)
        public: QuerySet[Any] = model.objects.public()
        found = {
            slug: (slug, name)
            for slug, name in public.filter(slug__in=wanted).values_list("slug", "name")
        }
        if found.keys() == wanted:
            return found
        old = SlugRedirect.objects.filter(kind=kind, old_slug__in=wanted - found.keys())
        moved = dict(old.values_list("old_slug", "object_id"))
        present = {
            pk: (slug, name)
            for pk, slug, name in public.filter(pk__in=moved.values()).values_list(
                "pk", "slug", "name"
            )
        }
        return found | {slug: present[pk] for slug, pk in moved.items() if pk in present}

    return known


def _choices(enumeration: Any) -> Callable[[Iterable[str]], Known]:
    def known(values: Iterable[str]) -> Known:
        labels = dict(enumeration.choices)
        return {value: (value, str(labels[value])) for value in values if value in labels}

    return known


def _metrics(values: Iterable[str]) -> Known:
    rows = Metric.objects.public().filter(code__in=set(values))
    return {code: (code, label) for code, label in rows.values_list("code", "label")}


def _countries(values: Iterable[str]) -> Known:
    wanted = {value.upper() for value in values}
    rows = Place.objects.public().filter(country__in=wanted).order_by("pk")
    names: dict[str, str] = {}
    for code, kind, name in rows.values_list("country", "kind", "name"):
        if kind == "country" or code not in names:
            names[code] = name if kind == "country" else code
    return {
        value: (value.upper(), names[value.upper()]) for value in values if value.upper() in names
    }


def _languages(values: Iterable[str]) -> Known:
    rows = Source.objects.public().filter(language__in=set(values)).order_by().distinct()
    return {value: (value, _language(value)) for value in rows.values_list("language", flat=True)}


def _language(code: str) -> str:
    try:
        return str(get_language_info(code.lower())["name_translated"])
    except KeyError:
        return code


def _years(values: Iterable[str]) -> Known:
    years = {}
    for value in values:
        if len(value) == 4 and value.isascii() and value.isdigit() and value != "0000":
            years[value] = (value, str(int(value)))
    return years


_HAS_NAMES = {"figures": "figures", "archive": "archived copies", "place": "a place"}


def _has(values: Iterable[str]) -> Known:
    return {value: (value, _HAS_NAMES[value]) for value in values if value in _HAS_NAMES}


KNOWN: Mapping[str, Callable[[Iterable[str]], Known]] = {
    "actor": _slugs(Actor),
    "role": _choices(Role),
    "year": _years,
    "category": _slugs(Category),
    "topic": _slugs(Topic),
    "country": _countries,
    "place": _slugs(Place),
    "publisher": _slugs(Publisher),
    "language": _languages,
    "stance": _choices(Stance),
    "speaker": _slugs(Actor),
    "verification": _choices(VerificationLabel),
    "has": _has,
    "metric": _metrics,
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
