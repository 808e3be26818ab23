"""Many new rows of one model, made and stored without what Django does for each of them.

Values are made by the fields themselves (what cleans and derives on a save does so here), a column
at a time, and go to the database some rows in a statement, so that a large import keeps editors
waiting for seconds and not longer. Keys are drawn beforehand: PostgreSQL gives none twice, and on
SQLite whoever has begun a transaction is the only one who writes. tests/editing/test_bulk.py holds
that the rows are those that ``save`` writes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.base import ModelState

from timeline.models.fields import EDTFField, LineField, ParagraphField

Row = TypeVar("Row", bound=models.Model)
_AT_ONCE = 2_000
"""Rows whose values are held at a time."""
_PLACES = 20_000
"""Places for values in one statement, where the database sets no limit itself."""


def make(model: type[Row], /, **values: Any) -> Row:
    """An unsaved row, as ``model(**values)`` makes one, in a fraction of the time.

    Raises ``TypeError`` for a name that is no field.
    """
    blank = _blank(model)
    made = model.__new__(model)
    held = made.__dict__
    held.update(blank.values)
    for name, default in blank.made_anew:
        held[name] = default()
    state = held["_state"] = ModelState()
    for name, attname in blank.pointing.items():
        if name in values:
            other = state.fields_cache[name] = values.pop(name)
            held[attname] = None if other is None else other.__dict__[blank.keys[name]]
    if not values.keys() <= held.keys():
        raise TypeError(f"{model.__name__} has no field {min(values.keys() - held.keys())}.")
    held.update(values)
    return made


def point(row: models.Model, name: str, other: models.Model | None) -> None:
    """Let an unsaved row's foreign key point to the other, as setting its attribute does."""
    row._state.fields_cache[name] = other  # noqa: SLF001
    row.__dict__[_blank(type(row)).pointing[name]] = None if other is None else other.pk


@dataclass(frozen=True, slots=True)
class _Blank:
    """A row before anything is said of it; ``pointing`` maps the names of foreign keys to those
    of their columns, ``keys`` to those of the keys that they hold."""

    values: dict[str, Any]
    made_anew: tuple[tuple[str, Callable[[], Any]], ...]
    pointing: dict[str, str]
    keys: dict[str, str]


@cache
def _blank(model: type[models.Model]) -> _Blank:
    fields: list[Any] = list(model._meta.concrete_fields)
    anew = [field for field in fields if callable(field.default) and field.has_default()]
    return _Blank(
        {field.attname: None if field in anew else field.get_default() for field in fields},
        tuple((field.attname, field.default) for field in anew),
        {field.name: field.attname for field in fields if field.is_relation},
        {field.name: field.target_field.attname for field in fields if field.is_relation},
    )


def insert(given: Iterable[models.Model]) -> None:
    """Store new rows of one model and give them their keys. In a transaction."""
    rows = list(given)
    if not rows:
        return
    recipe = _recipe(type(rows[0]))
    own_key = recipe.model._meta.pk.attname
    for row, key in zip(rows, _keys(recipe.model, len(rows)), strict=True):
        row.__dict__[own_key] = key
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        _write(recipe, list(zip(*recipe.columns(some), strict=True)))
    for row in rows:
        row._state.adding = False  # noqa: SLF001  (as Django marks a stored row)
        row._state.db = DEFAULT_DB_ALIAS  # noqa: SLF001


def _write(recipe: "_Recipe", values: list[tuple[Any, ...]]) -> None:
    """As many rows in a statement as the database takes; the rest in one of its own."""
    connection = connections[DEFAULT_DB_ALIAS]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in recipe.fields)
    table = quote(recipe.model._meta.db_table)
    head = f"INSERT INTO {table} ({columns}) VALUES "  # noqa: S608  (names of ours)
    places = f"({', '.join(['%s'] * len(recipe.fields))})"
    most = connection.features.max_query_params or _PLACES
    size = max(1, most // len(recipe.fields))
    whole = len(values) - len(values) % size
    with connection.cursor() as cursor:
        if whole:
            cursor.executemany(
                head + ", ".join([places] * size),
                [_flat(values[start : start + size]) for start in range(0, whole, size)],
            )
        if rest := values[whole:]:
            cursor.execute(head + ", ".join([places] * len(rest)), _flat(rest))


def _flat(values: list[tuple[Any, ...]]) -> list[Any]:
    return list(chain.from_iterable(values))


def _keys(model: type[models.Model], count: int) -> Sequence[int]:
    table = model._meta.db_table
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, count],
            )
            return [key for (key,) in cursor.fetchall()]
        # SQLite itself remembers the highest key there ever was, so that none is used twice.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    last = int(found[0]) if found else 0
    return range(last + 1, last + count + 1)


@dataclass(frozen=True, slots=True)
class _Recipe:
    """How the values of rows are made: texts are ``cleaning``, then those ``deriving`` do what they
    do at a save, then keys are taken and what a database wants in a form of its own is put so."""

    model: type[models.Model]
    fields: tuple[Any, ...]
    cleaning: tuple[Any, ...]
    deriving: tuple[Any, ...]

    def columns(self, rows: list[models.Model]) -> list[list[Any]]:
        """The values of the rows, by column."""
        held = [row.__dict__ for row in rows]
        for field in self.cleaning:
            _clean(field, held)
        for field in self.deriving:
            _derive(field, rows)
        return [_column(field, rows, held) for field in self.fields]


@cache
def _recipe(model: type[models.Model]) -> _Recipe:
    fields: list[Any] = list(model._meta.concrete_fields)
    texts = [
        field
        for field in fields
        if isinstance(field, LineField | ParagraphField) and not isinstance(field, EDTFField)
    ]
    saving = [field for field in fields if type(field).pre_save is not models.Field.pre_save]
    idle = [field for field in saving if isinstance(field, models.DateField) and not _now(field)]
    return _Recipe(
        model,
        tuple(fields),
        tuple(texts),
        tuple(field for field in saving if field not in texts and field not in idle),
    )


def _now(field: Any) -> bool:
    """Whether the field holds the moment of the save."""
    return isinstance(field, models.DateField) and (field.auto_now or field.auto_now_add)


def _clean(field: Any, held: list[dict[str, Any]]) -> None:
    """Clean a text, each time it comes again once; most are empty and then clean."""
    name = field.attname
    known: dict[str, str] = {}
    for values in held:
        if value := values[name]:
            cleaned = known.get(value)
            if cleaned is None:
                cleaned = known[value] = field.to_python(value)
            values[name] = cleaned


def _derive(field: Any, rows: list[models.Model]) -> None:
    if _now(field):
        now = field.pre_save(rows[0], True)
        for row in rows:
            row.__dict__[field.attname] = now
        return
    for row in rows:
        field.pre_save(row, True)


def _column(field: Any, rows: list[models.Model], held: list[dict[str, Any]]) -> list[Any]:
    name = field.attname
    values = [each[name] for each in held]
    if field.is_relation:
        if None in values:
            _take_keys(field, rows, held, values)
        return values
    if isinstance(field, models.CharField | models.TextField):
        if not {type(value) for value in values} <= {str, type(None)}:
            # A choice is a text of its own class, for which the drivers look up an adapter.
            return [str.__str__(each) if isinstance(each, str) else each for each in values]
        return values
    if isinstance(field, models.BooleanField | models.IntegerField):
        return values
    return _converted(field, values)


def _converted(field: Any, values: list[Any]) -> list[Any]:
    """As ``get_db_prep_save`` makes them; dates and moments come again and again, and so do empty
    lists."""
    connection = connections[DEFAULT_DB_ALIAS]
    known: dict[Any, Any] = {None: None}
    found = []
    for value in values:
        if isinstance(value, list | dict):
            if value:
                found.append(field.get_db_prep_save(value, connection))
                continue
            key: Any = type(value)
        else:
            key = value
        if key not in known:
            known[key] = field.get_db_prep_save(value, connection)
        found.append(known[key])
    return found


def _take_keys(
    field: Any, rows: list[models.Model], held: list[dict[str, Any]], values: list[Any]
) -> None:
    """Put in the keys of what rows point to, which may have got them after it was set."""
    name = field.name
    for place, value in enumerate(values):
        if value is not None:
            continue
        other = rows[place]._state.fields_cache.get(name)  # noqa: SLF001
        if other is None:
            continue
        if other.pk is None:
            raise ValueError(f"{rows[place]!r} points to {other!r}, which isn't stored.")
        values[place] = held[place][field.attname] = other.pk
