"""Reading a query string: what was asked, what was wrong with it, and its canonical form."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import Field
from django.http import QueryDict
from django.utils.translation import gettext as _

from timeline.browse.filters import PARAMETERS, EventFilter, KnownByField, shown
from timeline.browse.links import encoded, pairs_of
from timeline.index import FACETS, Choice, Selection
from timeline.index.selection import PAGE_SIZE
from timeline.models import Event

_KNOWN = frozenset(PARAMETERS)
_SINGLE = _KNOWN - set(FACETS)


@dataclass(frozen=True, slots=True)
class ParameterError:
    """A wrong value: the parameter, the value as it may be shown, and what to write instead."""

    name: str
    value: str
    sentence: str


@dataclass(frozen=True)
class Reading:
    """What a query string means.

    ``selection`` is None when any value is wrong; ``errors`` then says which. ``names`` gives
    the public name of each chosen value by (facet, value). ``canonical`` is the query string to
    which ``needs_redirect`` sends others that mean the same.
    """

    selection: Selection | None
    errors: tuple[ParameterError, ...]
    names: Mapping[tuple[str, str], str]
    compact: bool
    canonical: str
    needs_redirect: bool


@cache
def _fields() -> dict[str, Field]:
    """The fields that the filters declare. They hold nothing of a reader, so all share them: a
    form would copy each of them for every page."""
    form = EventFilter(queryset=Event.objects.public().none()).get_form_class()
    return dict(form.base_fields)


@cache
def _nothing() -> dict[str, Any]:
    """What each field makes of nothing, as which most parameters come."""
    return {name: field.clean([] if name in FACETS else "") for name, field in _fields().items()}


def _cleaned(given: Mapping[str, list[str]]) -> tuple[dict[str, Any], list[ParameterError]]:
    """What the fields make of the values of each parameter, and what is wrong with these."""
    cleaned, errors = _nothing().copy(), []
    for name, field in _fields().items():
        values = given.get(name)
        if not values:
            continue
        try:
            cleaned[name] = field.clean(values if name in FACETS else values[-1])
        except ValidationError as error:
            for each in error.error_list:
                value = (each.params or {}).get("value", values[-1])
                errors.append(ParameterError(name, shown(str(value)), str(each.message)))
    return cleaned, errors


def read(params: QueryDict, within: Selection | None = None) -> Reading:
    """Read the parameters; never raises for what a reader wrote. Unknown names are ignored."""
    known: dict[str, list[str]] = {}
    repeated = []
    for name in params:
        if name not in _KNOWN:
            continue
        known[name] = values = [value for value in params.getlist(name) if value]
        if name in _SINGLE and len(set(values)) > 1:
            repeated.append(_twice(name, values))
    repeated.sort(key=lambda error: PARAMETERS.index(error.name))
    cleaned, errors = _cleaned(known)
    if errors or repeated:
        return Reading(None, (*repeated, *errors), {}, False, "", False)
    selection, names = _selection(cleaned, within)
    if selection.cursor is not None and selection.cursor.sort != selection.sort:
        wrong = ParameterError(
            "cursor",
            shown(known["cursor"][-1]),
            _("This place belongs to another order of the list. Go back to its first page."),
        )
        return Reading(None, (wrong,), {}, False, "", False)
    compact = cleaned["view"] == "compact"
    pairs = pairs_of(selection, compact=compact)
    given = [(name, value) for name in params for value in params.getlist(name)]
    return Reading(
        selection=selection,
        errors=(),
        names=names,
        compact=compact,
        canonical=encoded(pairs),
        needs_redirect=[each for each in given if each[0] in _KNOWN] != pairs,
    )


@dataclass(frozen=True, slots=True)
class Day:
    """The day as on which one thing is asked for; None for today. ``canonical`` is the query
    string to which ``needs_redirect`` sends others that mean the same."""

    day: dt.date | None
    error: ParameterError | None
    canonical: str
    needs_redirect: bool


def read_day(params: QueryDict) -> Day:
    """Read ``known_by`` alone, for pages that take no other parameter."""
    given = params.getlist("known_by")
    values = [value for value in given if value]
    wrong = None
    day = None
    if len(set(values)) > 1:
        wrong = _twice("known_by", values)
    try:
        day = KnownByField(required=False).clean(values[-1] if values and not wrong else "")
    except ValidationError as error:
        wrong = ParameterError("known_by", shown(values[-1]), _said(error))
    canonical = urlencode({"known_by": day.isoformat()}) if day else ""
    return Day(day, wrong, canonical, wrong is None and given != ([day.isoformat()] if day else []))


def unknown(given: Iterable[str], known: Collection[str]) -> tuple[ParameterError, ...]:
    """An error for each name that isn't known, with the nearest one that is.

    Pages ignore such names, which may be marks of a mail; programs are told of them.
    """
    return tuple(_unknown(name, known) for name in given if name not in known)


def _unknown(name: str, known: Collection[str]) -> ParameterError:
    called = shown(name)
    near = get_close_matches(called, known, 1)
    said = _("“%(name)s” is not a parameter.") % {"name": called}
    if near:
        said += " " + _("Did you mean “%(near)s”?") % {"near": near[0]}
    return ParameterError(called, "", said)


def _said(error: ValidationError) -> str:
    """The sentence of an error as it was raised; Django would fill in what a reader wrote in it,
    percent signs and all."""
    return str(error.error_list[0].message)


def _twice(name: str, values: list[str]) -> ParameterError:
    return ParameterError(
        name,
        shown(values[-1]),
        _("“%(name)s” is given %(count)s times. Give it once.")
        % {"name": name, "count": len(values)},
    )


def _selection(
    cleaned: Mapping[str, Any], within: Selection | None
) -> tuple[Selection, dict[tuple[str, str], str]]:
    names: dict[tuple[str, str], str] = {}
    choices: dict[str, Choice] = {}
    for facet in FACETS:
        choices[facet], called = cleaned[facet]
        names |= {(facet, value): name for value, name in called.items()}
    selection = Selection(
        q=cleaned["q"],
        actors_all=cleaned["actors"] == "all" and len(choices["actor"].include) > 1,
        exact=cleaned["exact"],
        from_=cleaned["from"],
        to=cleaned["to"],
        certainly=cleaned["certainly"],
        known_by=cleaned["known_by"],
        sort=cleaned["sort"] or settings.TIMELINE_ORDER,
        cursor=cleaned["cursor"],
        page_size=cleaned["page_size"] or PAGE_SIZE,
        within=within,
        **choices,  # type: ignore[arg-type]
    )
    return selection, names
