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


class _Kept:
    """The rows of a record as its database holds them: no field makes itself anew, and none is
    checked again."""

    def __init__(self) -> None:
        models = apps.get_app_config("timeline").get_models(include_auto_created=True)
        self._rows = {each: rows for each in models if (rows := self._taken(each))}
        self._numbering = connection.ops.sequence_reset_sql(no_style(), list(self._rows))

    def put_back(self) -> None:
        # Rows point to rows that come later.
        with transaction.atomic(), connection.cursor() as cursor:
            for model, rows in self._rows.items():
                table, columns = self._named(model)
                if connection.vendor == "postgresql":
                    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                        copy.write(rows)
                else:
                    places = ", ".join(["%s"] * len(columns))
                    cursor.executemany(
                        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows
                    )
            for sentence in self._numbering:
                cursor.execute(sentence)

    def _taken(self, model: type[Model]) -> Any:
        table, columns = self._named(model)
        key = connection.ops.quote_name(model._meta.pk.column)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                rows = f"SELECT {', '.join(columns)} FROM {table} ORDER BY {key}"
                with cursor.copy(f"COPY ({rows}) TO STDOUT") as copy:
                    return b"".join(copy)
            # With a sign before its name no column is read as the type that it was declared with.
            signed = ", ".join(f"+{column}" for column in columns)
            cursor.execute(f"SELECT {signed} FROM {table} ORDER BY {key}")
            return cursor.fetchall()

    @staticmethod
    def _named(model: type[Model]) -> tuple[str, list[str]]:
        quoted = connection.ops.quote_name
        fields = [each for each in model._meta.local_concrete_fields if not each.generated]
        return quoted(model._meta.db_table), [quoted(each.column) for each in fields]


def kept(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """Keep what a function makes in an empty record, for each of its arguments.

    In a record that holds something already it makes it anew. What it gives back is given as it
    was when it was made.
    """
    known: dict[Any, tuple[_Kept, Made]] = {}

    @wraps(make)
    def made(*given: Given.args, **named: Given.kwargs) -> Made:
        # All that tests make leaves its entry in the log.
        if Change.objects.exists():
            return make(*given, **named)
        key = (connection.vendor, given, *sorted(named.items()))
        if key in known:
            rows, result = known[key]
            rows.put_back()
            return deepcopy(result)
        result = make(*given, **named)
        known[key] = _Kept(), deepcopy(result)
        return result

    return made


@kept
def demo_record() -> None:
    """Fill an empty record with the demo."""
    load()
