"""The demo's record for a test: loaded once in a process, then put back row by row.

Loading publishes 153 events as an editor would, which takes seconds; a copy of its rows takes a
fraction. ``tests/demo/test_loaded.py`` holds that the copy is what loading gives.
"""

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from timeline.demo.load import load

_rows = {}


def _models():
    """Every model of the record, those between two others included."""
    return apps.get_app_config("timeline").get_models(include_auto_created=True)


def read_rows():
    """All rows of the record, by model."""
    return {each: list(each._base_manager.order_by("pk")) for each in _models()}


def _write(model, rows):
    """Insert rows as they are: no field makes itself anew."""
    fields = model._meta.local_concrete_fields
    size = max(1, connection.ops.bulk_batch_size(fields, rows))
    for start in range(0, len(rows), size):
        model._base_manager._insert(
            rows[start : start + size], fields=fields, using=connection.alias, raw=True
        )


def demo_record():
    """Fill an empty record with the demo."""
    kept = _rows.get(connection.vendor)
    if kept is None:
        load()
        _rows[connection.vendor] = read_rows()
        return
    # Rows point to rows that come later.
    with transaction.atomic():
        for model, rows in kept.items():
            if rows:
                _write(model, rows)
    for sentence in connection.ops.sequence_reset_sql(no_style(), list(kept)):
        with connection.cursor() as cursor:
            cursor.execute(sentence)
