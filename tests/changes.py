"""Watches the record while something is done to it: each row written must leave a Change.

Compares all rows that readers may depend on before and after, so that no path (bulk, cascade,
``update()``) can slip by, and maps each row that differs to the thing whose Change says so.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import models

from timeline.editing import bulk
from timeline.models import (
    Actor,
    ActorName,
    Amendment,
    Category,
    Change,
    Citation,
    DatasetRelease,
    Event,
    EventTranslation,
    ExternalId,
    Figure,
    Metric,
    Participation,
    Period,
    Place,
    Publisher,
    PublisherDomain,
    PublisherName,
    Relation,
    SiteText,
    SlugRedirect,
    Source,
    Step,
    Story,
    StoryVersion,
    Term,
    Topic,
    VerificationStep,
    Version,
)

ALONE: tuple[type[models.Model], ...] = (
    Event,
    Actor,
    Amendment,
    Category,
    DatasetRelease,
    Metric,
    Period,
    Place,
    Publisher,
    SiteText,
    SlugRedirect,
    Source,
    Story,
    Term,
    Topic,
)
"""Their own Change says that they changed."""

PARTS: dict[type[models.Model], tuple[tuple[str, str], ...]] = {
    Citation: (("event", "event_id"),),
    EventTranslation: (("event", "event_id"),),
    ExternalId: (("event", "event_id"),),
    Figure: (("event", "event_id"),),
    Participation: (("event", "event_id"),),
    VerificationStep: (("event", "event_id"),),
    Event.topics.through: (("event", "event_id"),),
    # Shown on both of its ends.
    Relation: (("event", "from_event_id"), ("event", "to_event_id")),
    Step: (("story", "story_id"),),
    Story.compared.through: (("story", "story_id"),),
    StoryVersion: (("story", "story_id"),),
    ActorName: (("actor", "actor_id"),),
    PublisherName: (("publisher", "publisher_id"),),
    PublisherDomain: (("publisher", "publisher_id"),),
    # Let go of an event only when the event itself is removed, which has its own Change.
    Version: (("event", "event_id"),),
}
"""Rows that belong to others: the models and columns of those whose Change says so."""

Thing = tuple[str, int]
Rows = dict[tuple[type[models.Model], int], dict[str, Any]]


def _rows() -> Rows:
    return {
        (model, row["id"]): row
        for model in (*ALONE, *PARTS)
        for row in model._default_manager.values()
    }


def _owners(model: type[models.Model], row: dict[str, Any]) -> set[Thing]:
    if model in PARTS:
        return {(name, row[column]) for name, column in PARTS[model] if row[column] is not None}
    return {(model._meta.model_name or "", row["id"])}


def _written(before: Rows, after: Rows) -> set[Thing]:
    """Whom the differences concern; a row that moved concerns the old and the new owner."""
    return {
        owner
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
        for row in (before.get(key), after.get(key))
        if row is not None
        for owner in _owners(key[0], row)
    }


@contextmanager
def noted() -> Iterator[None]:
    """What is done inside must write something, and leave a Change for all that it wrote."""
    before, last = _rows(), Change.objects.count()
    yield
    after = _rows()
    written = _written(before, after)
    assert written, "nothing was written"
    told = set(Change.objects.order_by("pk").values_list("model", "object_id")[last:])
    assert written - told == set()


def undone_without_its_change(act: Callable[[], object]) -> None:
    """Do it while the log can't be written: nothing of it may stay."""
    before = _rows()

    class Full(Exception):
        """The log can't be written."""

    def written(rows: Any) -> None:
        rows = list(rows)
        if any(isinstance(row, Change) for row in rows):
            raise Full
        insert(rows)

    insert = bulk.insert
    with patch.object(bulk, "insert", written):
        try:
            act()
        except Full:
            pass
        else:
            raise AssertionError("it was done without its change")
    assert _rows() == before
