"""The parameters of the API: what each is called, means and takes, as a JSON Schema too.

Those of a list of events are the page's, from :class:`timeline.browse.filters.EventFilter`; a
few are the API's own. :func:`refuse` is stricter than pages are: an unknown name, an empty value
or a second one where one is wanted is named and refused.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline import browse, dates
from timeline.browse import ParameterError
from timeline.browse.described import MEANINGS
from timeline.browse.filters import (
    MAX_PAGE_SIZE,
    MAX_QUERY,
    MAX_VALUES,
    PARAMETERS,
    ChoiceField,
    CursorField,
    EventFilter,
    OneOfField,
    SearchField,
    SizeField,
    SwitchField,
)
from timeline.browse.values import CLOSED
from timeline.index import FACETS
from timeline.index.selection import PAGE_SIZE

Schema = dict[str, Any]
_VALUE = "^!?[A-Za-z0-9_-]{1,80}$"
_YEAR = "^!?(?!0000)[0-9]{4}$"


@dataclass(frozen=True)
class Parameter:
    """A parameter of the query string. One that is ``repeated`` may be given several times, one
    that is ``listed`` takes several values with commas between them."""

    name: str
    meaning: Any
    schema: Schema
    example: str = ""
    repeated: bool = False
    listed: bool = False


def _of_a_page(name: str) -> Parameter:
    described = MEANINGS[name]
    declared = EventFilter.base_filters[name]
    schema, repeated = _schema(declared.field_class, declared.extra)
    return Parameter(name, described.meaning, schema, described.example, repeated)


def _schema(field: type[Any], extra: dict[str, Any]) -> tuple[Schema, bool]:
    if issubclass(field, ChoiceField):
        facet = extra["facet"]
        if facet in CLOSED:
            each: Schema = {
                "enum": [f"{sign}{value}" for sign in ("", "!") for value in CLOSED[facet]]
            }
        else:
            each = {"pattern": _YEAR if facet == "year" else _VALUE}
        items = {"type": "string", **each}
        return {"type": "array", "items": items, "minItems": 1, "maxItems": MAX_VALUES}, True
    if issubclass(field, OneOfField):
        return {"type": "string", "enum": list(extra["words"])}, False
    if issubclass(field, SwitchField):
        return {"type": "string", "enum": ["1", "0"]}, False
    if issubclass(field, SizeField):
        limits = {"minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE}
        return {"type": "integer", **limits}, False
    if issubclass(field, SearchField):
        return {"type": "string", "minLength": 1, "maxLength": MAX_QUERY}, False
    if issubclass(field, CursorField):
        return CURSOR.schema, False
    return {"type": "string", "minLength": 1}, False


def _several(name: str, meaning: Any, values: Sequence[str], example: str) -> Parameter:
    items = {"type": "string", "enum": list(values)}
    return Parameter(
        name, meaning, {"type": "array", "items": items, "minItems": 1}, example, listed=True
    )


CURSOR = Parameter(
    "cursor",
    gettext_lazy("A place in the list, as “next” of an answer gives it; never made by hand."),
    {"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "minLength": 1, "maxLength": 200},
)
SIZE = Parameter(
    "page_size",
    gettext_lazy("How many an answer holds at most."),
    {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
    "100",
)
KNOWN_BY = _of_a_page("known_by")
SEARCH = Parameter(
    "q",
    gettext_lazy("A part of a name, in any script."),
    {"type": "string", "minLength": 1, "maxLength": MAX_QUERY},
    "korea",
)
SINCE = Parameter(
    "since",
    gettext_lazy("From this day or moment on: a date, or a time of ISO 8601; without zone, UTC."),
    {"type": "string", "minLength": 1},
    "2026-01-31",
)
UPDATED_SINCE = Parameter(
    "updated_since",
    gettext_lazy(
        "Only events that were last published or revised on this day or at this moment, or later. "
        "What left the record since is at /api/v1/removed."
    ),
    {"type": "string", "minLength": 1},
    "2026-01-31T12:00:00Z",
)
FACET_NAMES = _several(
    "facets",
    gettext_lazy("Which counts come along, with commas between them."),
    FACETS,
    "actor,category,year",
)


def fields(names: Sequence[str]) -> Parameter:
    """Which fields of an object are wanted."""
    meaning = gettext_lazy("Which fields of each object are wanted, with commas between them.")
    return _several("fields", meaning, names, "url,title,date")


OF_EVENTS = tuple(_of_a_page(name) for name in PARAMETERS if name != "view")
"""The page's parameters; how a page draws its events is not among them."""


# --- Reading --------------------------------------------------------------------------------


def refuse(params: QueryDict, known: Iterable[Parameter]) -> list[ParameterError]:
    """What of a query string can't be answered, whatever its values mean."""
    by_name = {each.name: each for each in known}
    errors = list(browse.unknown(params, by_name))
    for name, parameter in by_name.items():
        values = params.getlist(name)
        if "" in values:
            said = _("“%(name)s” is empty. Give it a value or leave it out.")
            errors.append(ParameterError(name, "", said % {"name": name}))
        elif not parameter.repeated and len(values) > 1:
            said = _("“%(name)s” is given %(count)s times. Give it once.")
            told = said % {"name": name, "count": len(values)}
            errors.append(ParameterError(name, browse.shown(values[-1]), told))
        elif parameter.repeated and len(values) > MAX_VALUES:
            said = _("At most %(most)s values can be chosen; these are %(count)s. Leave some out.")
            told = said % {"most": MAX_VALUES, "count": len(values)}
            errors.append(ParameterError(name, str(len(values)), told))
    return errors


def listed(
    params: QueryDict, name: str, known: Collection[str], errors: list[ParameterError]
) -> tuple[str, ...]:
    """The values of a parameter with commas between them; unknown ones go to the errors."""
    if name not in params:
        return ()
    found = dict.fromkeys(params[name].split(","))
    for value in found:
        if value not in known:
            called = browse.shown(value)
            said = _("“%(value)s” is none of the values.") % {"value": called}
            if near := get_close_matches(called, known, 1):
                said += " " + _("Did you mean “%(near)s”?") % {"near": near[0]}
            else:
                said += " " + _("Choose among %(choices)s.") % {"choices": ", ".join(known)}
            errors.append(ParameterError(name, called, said))
    return tuple(found)


def moment(params: QueryDict, name: str, errors: list[ParameterError]) -> dt.datetime | None:
    """A day, whose first moment it is, or a time; None where none is given or it is wrong."""
    written = params.get(name)
    if not written:
        return None
    try:
        return _moment(written)
    except (ValueError, OverflowError):
        said = _(
            "“%(value)s” is neither a day nor a time. Write 2026-01-31, or 2026-01-31T12:00:00Z."
        )
        shown = browse.shown(written)
        errors.append(ParameterError(name, shown, said % {"value": shown}))
        return None


def _moment(written: str) -> dt.datetime:
    # A plus sign in a query string is a space, and people write it as it stands in the answer.
    found = parse_datetime(written.replace(" ", "+")) if "T" in written else None
    if found is None:
        day = dates.single(written).earliest
        found = dt.datetime.combine(day, dt.time(), tzinfo=timezone.get_default_timezone())
    elif timezone.is_naive(found):
        found = found.replace(tzinfo=dt.UTC)
    if not 1 < found.year < dt.MAXYEAR:
        raise ValueError(written)
    return found.astimezone(dt.UTC).replace(microsecond=0)


def page_size(params: QueryDict, errors: list[ParameterError]) -> int:
    """How many are wanted."""
    written = params.get("page_size", str(PAGE_SIZE))
    number = written.isascii() and written.isdigit() and len(written) <= 3
    if number and 1 <= int(written) <= MAX_PAGE_SIZE:
        return int(written)
    said = _("“%(value)s” is not a page size. Write a number from 1 to %(most)s.")
    shown = browse.shown(written)
    errors.append(
        ParameterError("page_size", shown, said % {"value": shown, "most": MAX_PAGE_SIZE})
    )
    return PAGE_SIZE
