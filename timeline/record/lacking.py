"""What readers of a language meet in the record's own words: texts without a term, and actors and
publishers without a name.

For the desk, which lists them. Each kind is asked for its first few, so that a record of any size
costs a handful of queries that stop early.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from timeline.models import (
    Actor,
    Category,
    Citation,
    Event,
    Figure,
    Metric,
    Period,
    Place,
    Publisher,
    Source,
    Term,
    TermKind,
    Topic,
)
from timeline.models.called import names_in
from timeline.models.choices import Status
from timeline.models.tongue import base
from timeline.record.spoken import UNSAID

_SCRIPTS = {"ko": "HANGUL", "ja": "KATAKANA", "ru": "CYRILLIC", "uk": "CYRILLIC", "ar": "ARABIC"}
_OF_EVENTS = (Citation, Event, Figure, Source)
_PUBLIC = Q(event__status=Status.PUBLISHED)


def _texts() -> tuple[tuple[TermKind, QuerySet[Any], tuple[str, ...]], ...]:
    """Where the public record has texts that aren't translated otherwise."""
    described = Q(title_is_description=True)
    return (
        (TermKind.CATEGORY, Category.objects.all(), ("name", "description")),
        (TermKind.TOPIC, Topic.objects.all(), ("name",)),
        (TermKind.PLACE, Place.objects.all(), ("name", "dateline")),
        (TermKind.METRIC, Metric.objects.all(), ("label",)),
        (TermKind.UNIT, Metric.objects.exclude(unit__in=UNSAID), ("unit",)),
        (TermKind.FIGURE, Figure.objects.filter(_PUBLIC), ("subject", "text_value", "note")),
        (TermKind.PERIOD, Period.objects.everywhere(), ("title", "note")),
        (TermKind.NOTE, Event.objects.public(), ("date_note", "verification_note")),
        (TermKind.NOTE, Citation.objects.filter(_PUBLIC), ("locator", "note")),
        (TermKind.NOTE, Source.objects.public(), ("reference",)),
        (TermKind.NOTE, Source.objects.public().filter(described), ("title",)),
        (TermKind.NOTE, Actor.objects.all(), ("description",)),
        (TermKind.NOTE, Publisher.objects.all(), ("note",)),
    )


def _written_in(text: str, language: str) -> bool:
    """Whether a text is in the language already, judged by its letters: somebody may describe a
    source in the source's own language."""
    script = _SCRIPTS.get(base(language))
    return script is not None and any(script in unicodedata.name(each, "") for each in text)


def lacking(
    language: str, at_most: int, *, in_events: bool = True
) -> Iterator[tuple[str, list[str]]]:
    """Each kind of term with the texts that have none in a language, ``at_most`` of them. To look
    ``in_events`` too reads every event and what it says, where all of it is translated."""
    found: dict[str, dict[str, None]] = {kind.value: {} for kind in TermKind}
    tags = {language, base(language)}
    for kind, rows, columns in _texts():
        if rows.model in _OF_EVENTS and not in_events:
            continue
        for column in columns:
            held = found[kind.value]
            terms = Term.objects.filter(kind=kind, language__in=tags, original=OuterRef(column))
            wanted = rows.exclude(**{column: ""}).filter(~Exists(terms)).order_by()
            texts = wanted.values_list(column, flat=True).distinct()[: at_most - len(held)]
            held.update((each, None) for each in texts if not _written_in(each, language))
    return ((kind, sorted(texts)) for kind, texts in found.items() if texts)


def said() -> set[int]:
    """The keys of the terms whose text the public record has."""
    return {
        key
        for kind, rows, columns in _texts()
        for column in columns
        for key in Term.objects.filter(
            Exists(rows.filter(**{column: OuterRef("original")})), kind=kind
        ).values_list("pk", flat=True)
    }


def nameless(
    language: str, at_most: int
) -> Iterator[tuple[type[Model], Sequence[tuple[int, str]]]]:
    """Actors and publishers with no name in a language, by key and recorded name."""
    for model in (Actor, Publisher):
        names = names_in(model._meta.get_field("names").related_model, language)
        own = names.filter(**{str(model._meta.model_name): OuterRef("pk")})
        rows = model.objects.filter(~Exists(own)).order_by("folded", "pk")
        if found := list(rows.values_list("pk", "name")[:at_most]):
            yield model, found
