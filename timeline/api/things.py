"""Actors, categories, metrics, places, publishers, sources and topics: those of public events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Model, Q, QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from timeline import browse, text
from timeline.api import paging, problems
from timeline.api.addresses import absolute
from timeline.api.answers import Answer, found_source, found_thing
from timeline.api.parameters import page_size
from timeline.browse import ParameterError
from timeline.index import naming
from timeline.models import (
    Actor,
    ActorName,
    Category,
    Metric,
    Place,
    Publisher,
    PublisherName,
    Source,
    Term,
    Topic,
)
from timeline.models.choices import Status
from timeline.record import plain, source_record
from timeline.record.things import Used, lists


@dataclass(frozen=True)
class Kind:
    """A kind of named thing: its model, what names it in addresses, and the name of its page."""

    name: str
    model: type[Model]
    page: str
    key: str = "slug"
    names: type[Model] | None = None


KINDS = (
    Kind("actors", Actor, "actor", names=ActorName),
    Kind("topics", Topic, "topic"),
    Kind("categories", Category, "category"),
    Kind("places", Place, "place"),
    Kind("publishers", Publisher, "publisher", names=PublisherName),
    Kind("metrics", Metric, "metric", "code"),
)


def things(params: QueryDict, kind: Kind) -> Answer:
    """A page of a list of named things, in the order of their slugs."""
    errors: list[ParameterError] = []
    size = page_size(params, errors)
    after = paging.read(params, (str,), errors)
    written = str(params.get("q", ""))
    folded = text.fold(text.clean_line(written))
    if written and not folded:
        shown = browse.shown(written)
        said = _("“%(value)s” holds nothing to search for. Write a part of a name.")
        errors.append(ParameterError("q", shown, said % {"value": shown}))
    if errors:
        raise problems.wrong(errors)
    rows = naming.every(kind.model).order_by(kind.key)
    if folded:
        rows = rows.filter(_named(kind, folded))
    rest = rows.filter(**{f"{kind.key}__gt": after[0]}) if after else rows
    keys = list(rest.values_list(kind.key, flat=True)[: size + 1])
    following = paging.written(keys[size - 1]) if len(keys) > size else None
    told = _told(kind, keys[:size])
    return _list(
        kind.name,
        rows.count(),
        [told[key] for key in keys[:size] if key in told],
        following,
        params,
    )


def _named(kind: Kind, folded: str) -> Q:
    if kind.model is Metric:
        return Q(label__icontains=folded) | Q(code__contains=folded)
    wanted = Q(folded__contains=folded)
    if kind.names is not None:
        others = kind.names._default_manager.filter(folded__contains=folded)
        return wanted | Q(pk__in=others.values(kind.page))
    terms = Term.objects.filter(kind=kind.page, folded_words__contains=folded)
    return wanted | Q(name__in=terms.values("original"))


def _told(kind: Kind, keys: Sequence[str]) -> Mapping[str, dict[str, Any]]:
    """The objects of the things with these slugs, by slug."""
    # A metric names the one that it adds up to only among those that are public.
    wanted = set(naming.counts(Metric)) if kind.model is Metric else set(keys)
    counts = naming.counts(kind.model)
    used = Used()
    getattr(used, kind.name).update(wanted)
    # What the glossary says of them is asked by nobody here, so not read either.
    rows = dict(lists(used))[kind.name]
    found = {getattr(row, kind.key): plain(row) for row in rows}
    return {
        key: {
            "page": absolute(kind.page, **{kind.key: key}),
            **found[key],
            "event_count": counts.get(key, 0),
        }
        for key in keys
        if key in found
    }


def thing(params: QueryDict, kind: Kind, key: str) -> Answer:  # noqa: ARG001
    """One named thing."""
    if kind.model is Metric:
        if key not in naming.named(Metric, [key]):
            raise Http404("No public metric has this code.")
    else:
        found_thing(kind.model, key)
    told = _told(kind, [key])
    if key not in told:
        raise Http404("It went meanwhile.")
    return Answer(told[key], {"alternate": told[key]["page"]})


# --- Sources --------------------------------------------------------------------------------


def sources(params: QueryDict) -> Answer:
    """A page of the sources that public events cite, in the order of their ids."""
    errors: list[ParameterError] = []
    size = page_size(params, errors)
    after = paging.read(params, (str,), errors)
    if errors:
        raise problems.wrong(errors)
    rows = Source.objects.public().order_by("public_id")
    rows = rows.filter(public_id__gt=after[0]) if after else rows
    shown = list(_counted(rows)[: size + 1])
    following = paging.written(shown[size - 1].public_id) if len(shown) > size else None
    count = sum(naming.sources_by_publisher().values())
    return _list("sources", count, [_source(row) for row in shown[:size]], following, params)


def source(params: QueryDict, public_id: str) -> Answer:  # noqa: ARG001
    """One source."""
    found = found_source(public_id)
    row = _counted(Source.objects.public().filter(pk=found.pk)).first()
    if row is None:
        raise Http404("It went meanwhile.")
    told = _source(row)
    return Answer(told, {"alternate": told["page"]})


def _counted(rows: QuerySet[Source]) -> QuerySet[Any]:
    public = Q(citations__event__status=Status.PUBLISHED)
    counted = Count("citations__event", distinct=True, filter=public)
    return rows.select_related("publisher", "agency").annotate(events=counted)


def _source(row: Any) -> dict[str, Any]:
    page = absolute("source", public_id=row.public_id)
    return {"page": page, **plain(source_record(row)), "event_count": row.events}


def _list(
    name: str, count: int, results: list[Any], cursor: str | None, params: QueryDict
) -> Answer:
    pairs = [(each, str(params[each])) for each in ("q", "page_size") if each in params]
    where = f"api_{name}"
    following = absolute(where, [*pairs, ("cursor", cursor)]) if cursor else None
    links = {"first": absolute(where, pairs), **({"next": following} if following else {})}
    links["alternate"] = absolute("figures" if name == "metrics" else name)
    return Answer({"count": count, "next": following, "results": results}, links)
