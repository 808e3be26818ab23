"""Records for tests that are made once, then put back row by row.

Loading the demo publishes 153 events as an editor would, which takes seconds; a copy of its rows
takes a fraction. The same goes for what a fixture makes anew for each of its tests.
``tests/demo/test_loaded.py`` holds that a copy is what making gives.
"""

import pickle
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from tests.migrated import alone, of_this_run
from timeline.demo.load import load
from timeline.models import Change

Given = ParamSpec("Given")
Made = TypeVar("Made")
Values = dict[str, list[dict[str, Any]]]


def _models() -> Iterator[type[Model]]:
    """Those between two others included."""
    return apps.get_app_config("timeline").get_models(include_auto_created=True)


def values() -> Values:
    """All rows of the record, by model, as models read them."""
    return {
        model.__name__: [
            {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
            for row in model._base_manager.order_by("pk")
        ]
        for model in _models()
    }


class _Kept:
    """The rows of a record as its database holds them: no field makes itself anew, and none is
    checked again."""

    def __init__(self) -> None:
        found = [(model, *self._taken(model)) for model in _models()]
        filled = [each for each in found if each[-1]]
        self._tables = [each[1:] for each in filled]
        self._numbering = connection.ops.sequence_reset_sql(
            no_style(), [each[0] for each in filled]
        )

    def put_back(self) -> None:
        # Rows point to rows that come later.
        with transaction.atomic(), connection.cursor() as cursor:
            for table, columns, rows in self._tables:
                into = f"{table} ({', '.join(columns)})"
                if connection.vendor == "postgresql":
                    with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                        copy.write(rows)
                else:
                    places = ", ".join(["%s"] * len(columns))
                    cursor.executemany(f"INSERT INTO {into} VALUES ({places})", rows)
            for sentence in self._numbering:
                cursor.execute(sentence)

    @staticmethod
    def _taken(model: type[Model]) -> tuple[str, list[str], Any]:
        """A table, its columns and its rows."""
        quoted = connection.ops.quote_name
        fields = [each for each in model._meta.local_concrete_fields if not each.generated]
        table, columns = quoted(model._meta.db_table), [quoted(each.column) for each in fields]
        in_order = f"FROM {table} ORDER BY {quoted(model._meta.pk.column)}"
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                asked = f"COPY (SELECT {', '.join(columns)} {in_order}) TO STDOUT"
                with cursor.copy(asked) as copy:
                    return table, columns, b"".join(copy)
            # With a sign before its name no column is read as the type that it was declared with.
            signed = ", ".join(f"+{column}" for column in columns)
            cursor.execute(f"SELECT {signed} {in_order}")
            return table, columns, cursor.fetchall()


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


_demo: list[_Kept] = []


def demo_record() -> None:
    """Fill an empty record with the demo, which one process of a run loads for all."""
    if Change.objects.exists():
        load()
        return
    if not _demo:
        file = of_this_run("demo.kept")
        with alone(file) as first:
            if first:
                load()
                file.write_bytes(pickle.dumps((_Kept(), values())))
                return
        _demo.append(pickle.loads(file.read_bytes())[0])
    _demo[0].put_back()


def demo_as_loaded() -> Values:
    """What :func:`values` gave when the demo was loaded; ask after :func:`demo_record`."""
    return pickle.loads(of_this_run("demo.kept").read_bytes())[1]
