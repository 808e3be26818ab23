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
from django.forms import BaseForm
from django.http import QueryDict
from django.utils.translation import gettext as _

from timeline.browse.filters import PARAMETERS, EventFilter, KnownByField, shown
from timeline.browse.links import pairs_of, query_of
from timeline.index import FACETS, Choice, Selection
from timeline.index.selection import PAGE_SIZE
from timeline.models import Event

_SINGLE = tuple(name for name in PARAMETERS if name not in FACETS)


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
def _form() -> type[BaseForm]:
    """The form that the filters declare; to make its class takes longer than to use it."""
    made: type[BaseForm] = EventFilter(queryset=Event.objects.public().none()).get_form_class()
    return made


def read(params: QueryDict, within: Selection | None = None) -> Reading:
    """Read the parameters; never raises for what a reader wrote. Unknown names are ignored."""
    known = QueryDict(mutable=True)
    repeated = []
    for name in PARAMETERS:
        values = [value for value in params.getlist(name) if value]
        if name in _SINGLE and len(set(values)) > 1:
            repeated.append(_twice(name, values))
        known.setlist(name, values if name in FACETS else values[-1:])
    form = _form()(known)
    if not form.is_valid() or repeated:
        errors = (*repeated, *_errors(form, known))
        return Reading(None, errors, {}, False, "", False)
    selection, names = _selection(form.cleaned_data, within)
    if selection.cursor is not None and selection.cursor.sort != selection.sort:
        wrong = ParameterError(
            "cursor",
            shown(str(known["cursor"])),
            _("This place belongs to another order of the list. Go back to its first page."),
        )
        return Reading(None, (wrong,), {}, False, "", False)
    compact = form.cleaned_data["view"] == "compact"
    pairs = pairs_of(selection, compact=compact)
    given = [(name, value) for name in params for value in params.getlist(name)]
    return Reading(
        selection=selection,
        errors=(),
        names=names,
        compact=compact,
        canonical=query_of(selection, compact=compact),
        needs_redirect=[each for each in given if each[0] in PARAMETERS] != pairs,
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


def _errors(form: BaseForm, known: QueryDict) -> Iterable[ParameterError]:
    for name, errors in form.errors.as_data().items():
        for error in errors:
            value = (error.params or {}).get("value", known.get(name, ""))
            yield ParameterError(name, shown(str(value)), str(error.message))


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
