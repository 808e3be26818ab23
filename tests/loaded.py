"""Records for tests that are made once in a process, then put back row by row.

Loading the demo publishes 153 events as an editor would, which takes seconds; a copy of its rows
takes a fraction. The same goes for what a fixture makes anew for each of its tests.
``tests/demo/test_loaded.py`` holds that a copy is what making gives.
"""

from collections.abc import Callable
from copy import deepcopy
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from timeline.demo.load import load
from timeline.models import Change

Given = ParamSpec("Given")
Made = TypeVar("Made")
Rows = dict[type[Model], list[Model]]


def read_rows() -> Rows:
    """All rows of the record by model, those of models between two others included."""
    models = apps.get_app_config("timeline").get_models(include_auto_created=True)
    return {each: list(each._base_manager.order_by("pk")) for each in models}


def _put_back(kept: Rows) -> None:
    """Insert rows as they are: no field makes itself anew."""
    # Rows point to rows that come later.
    with transaction.atomic():
        for model, rows in kept.items():
            fields = model._meta.local_concrete_fields
            size = max(1, connection.ops.bulk_batch_size(fields, rows))
            for start in range(0, len(rows), size):
                model._base_manager._insert(
                    rows[start : start + size], fields=fields, using=connection.alias, raw=True
                )
    for sentence in connection.ops.sequence_reset_sql(no_style(), list(kept)):
        with connection.cursor() as cursor:
            cursor.execute(sentence)


def kept(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """Keep what a function makes in an empty record, for each of its arguments.

    In a record that holds something already it makes it anew. What it gives back is given as it
    was when it was made.
    """
    known: dict[Any, tuple[Rows, Made]] = {}

    @wraps(make)
    def made(*given: Given.args, **named: Given.kwargs) -> Made:
        # All that tests make leaves its entry in the log.
        if Change.objects.exists():
            return make(*given, **named)
        key = (connection.vendor, given, *sorted(named.items()))
        if key in known:
            rows, result = known[key]
            _put_back(rows)
            return deepcopy(result)
        result = make(*given, **named)
        rows = {model: each for model, each in read_rows().items() if each}
        known[key] = rows, deepcopy(result)
        return result

    return made


@kept
def demo_record() -> None:
    """Fill an empty record with the demo."""
    load()
