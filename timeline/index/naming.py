"""What readers may know of named things: which are public, what they are called, how often held.

The public room's door to actors, places, publishers, categories, topics and metrics. It gives
what ``.public()`` of a model gives, but knows it from the sets in memory: at a million events the
queries behind ``.public()`` read every row. They stand in when there is no index.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

import numpy as np
from django.conf import settings
from django.db.models import Count, Max, Model, Q, QuerySet

from timeline import text
from timeline.index import oracle
from timeline.index.answering import live
from timeline.index.arrays import numbers
from timeline.index.documents import PAIR
from timeline.index.edits import Index
from timeline.index.known import Known
from timeline.index.matching import Families, Rows, matching
from timeline.index.paging import ByDate
from timeline.index.reading import ROLES
from timeline.index.selection import Selection
from timeline.models import (
    Actor,
    Citation,
    Event,
    EventTranslation,
    Participation,
    Place,
    Publisher,
    SlugRedirect,
    Source,
    Term,
    called,
)
from timeline.models.choices import ActorKind
from timeline.models.countries import country_name
from timeline.models.tongue import base, tongue

Thing = TypeVar("Thing", bound=Model)

LABELS = 300
"""Labelled key events that are considered for a drawing."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What the whole record holds."""

    events: int
    sources: int
    publishers: int
    languages: int
    updated: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A thing that a reader may mean: its slug and name, the name that fits if it is another,
    and in how many events it is."""

    value: str
    label: str
    also: str
    count: int


def _kind(model: type[Model]) -> str:
    return model._meta.model_name or ""


def _door(model: type[Any]) -> QuerySet[Any]:
    found: QuerySet[Any] = model._default_manager.public()
    return found


def those(model: type[Thing], pks: Iterable[int]) -> QuerySet[Thing]:
    """The things with these keys that are public."""
    wanted = list(pks)

    def known(index: Index) -> QuerySet[Thing]:
        kind = index.documents.things[_kind(model)]
        seen = [
            pk
            for pk in wanted
            if pk in kind.codes and index.documents.public(kind.name, kind.codes[pk])
        ]
        return model._default_manager.filter(pk__in=seen)

    return live.ask(known, lambda: _door(model).filter(pk__in=wanted))


def every(model: type[Thing]) -> QuerySet[Thing]:
    """Every public thing of a kind."""

    def known(index: Index) -> QuerySet[Thing]:
        return model._default_manager.filter(pk__in=_public_keys(index, _kind(model)))

    return live.ask(known, lambda: _door(model))


def _public_keys(index: Index, kind: str) -> list[int]:
    things = index.documents.things[kind]
    found: list[int] = index.resolver.counted(
        ("public", kind),
        lambda: np.array(
            [
                pk
                for code, pk in enumerate(things.pks)
                if things.slugs[code] and index.documents.public(kind, code)
            ],
            np.int64,
        ),
    ).tolist()
    return found


def named(model: type[Thing], slugs: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Keys and names of the public things among these slugs (codes, for metrics)."""
    found = _named(model, slugs)
    spoken = called.names()
    if spoken is None:
        return found
    kind = _kind(model)
    return {slug: (pk, spoken.thing(kind, slug, name)) for slug, (pk, name) in found.items()}


def _named(model: type[Thing], slugs: Iterable[str]) -> dict[str, tuple[int, str]]:
    wanted = list(slugs)
    field, label = ("code", "label") if _kind(model) == "metric" else ("slug", "name")

    def known(index: Index) -> dict[str, tuple[int, str]]:
        kind = index.documents.things[_kind(model)]
        codes = {slug: kind.by_slug[slug] for slug in wanted if slug in kind.by_slug}
        return {
            slug: (kind.pks[code], kind.labels[code])
            for slug, code in codes.items()
            if index.documents.public(kind.name, code)
        }

    def plainly() -> dict[str, tuple[int, str]]:
        rows = _door(model).filter(**{f"{field}__in": wanted})
        return {slug: (pk, name) for pk, slug, name in rows.values_list("pk", field, label)}

    return live.ask(known, plainly)


def moved(model: type[Model], slugs: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Present slugs and names of public things that had these slugs before."""
    old = dict(
        SlugRedirect.objects.filter(kind=_kind(model), old_slug__in=list(slugs)).values_list(
            "old_slug", "object_id"
        )
    )
    if not old:
        return {}
    rows = those(model, old.values()).values_list("pk", "slug", "name")
    spoken, kind = called.names(), _kind(model)
    present = {
        pk: (slug, spoken.thing(kind, slug, name) if spoken else name) for pk, slug, name in rows
    }
    return {slug: present[pk] for slug, pk in old.items() if pk in present}


def one(model: type[Thing], slug: str) -> Thing | None:
    """The public thing with this slug."""
    found = _named(model, [slug])
    return model._default_manager.filter(pk=found[slug][0]).first() if slug in found else None


def counts(model: type[Model]) -> Mapping[str, int]:
    """For each public thing of a kind, by slug, the events that hold it or anything below it."""

    def known(index: Index) -> dict[str, int]:
        documents, name = index.documents, _kind(model)
        kind = documents.things[name]
        codes = [kind.codes[pk] for pk in _public_keys(index, name)]
        return {
            kind.slugs[code]: len(
                documents.rolled(name, code)
                if name in ("actor", "place")
                else documents.having(name, code)
            )
            for code in codes
        }

    return live.ask(known, lambda: _held(Selection(page_size=1), _kind(model)))


def _held(selection: Selection, facet: str) -> dict[str, int]:
    """Every value of a facet with its number of events, asked plainly."""
    values = oracle.answer(selection, 1_000_000).facets[facet].values
    return {each.value: each.count for each in values}


def countries(codes: Iterable[str]) -> dict[str, str]:
    """Names of the countries with a public place among these codes, as the facet calls them: that
    of the place that is the country, else what CLDR calls it."""
    wanted = list(codes)

    def known(index: Index) -> dict[str, str]:
        tags = index.documents.countries
        return {
            code: index.documents.country_name(code)
            for code in wanted
            if code in tags and index.documents.having("country", tags[code])
        }

    def plainly() -> dict[str, str]:
        names: dict[str, str] = {}
        rows = Place.objects.public().filter(country__in=wanted).order_by("pk")
        for code, kind, name in rows.values_list("country", "kind", "name"):
            if kind == "country":
                names[code] = name
            else:
                names.setdefault(code, code)
        return names

    found = live.ask(known, plainly)
    spoken = called.names()
    if spoken is not None:
        found = {code: spoken.text("place", name) for code, name in found.items()}
    return {code: country_name(code) if name == code else name for code, name in found.items()}


def states(codes: Iterable[str]) -> dict[str, str]:
    """Names of the countries that are public actors among these codes."""
    wanted = list(codes)
    if not wanted:
        return {}
    rows = every(Actor).filter(kind=ActorKind.STATE, country__in=wanted).order_by("-pk")
    spoken = called.names()
    return {
        code: spoken.thing("actor", slug, name) if spoken else name
        for code, slug, name in rows.values_list("country", "slug", "name")
    }


def languages(tags: Iterable[str]) -> set[str]:
    """The languages among these in which a public source is written."""
    wanted = list(tags)

    def known(index: Index) -> set[str]:
        codes = index.documents.languages
        return {
            tag for tag in wanted if tag in codes and index.documents.having("language", codes[tag])
        }

    def plainly() -> set[str]:
        rows = Source.objects.public().filter(language__in=wanted).order_by()
        return set(rows.values_list("language", flat=True).distinct())

    return live.ask(known, plainly)


def suggestions(
    model: type[Model], written: str, at_most: int, known_by: dt.date | None = None
) -> list[Suggestion]:
    """Public things with a name, in any script, that holds what was written: those with a word
    that begins so first, then those with the most events. With a day, only those of events known
    by then."""
    folded = text.fold(written)
    if not folded:
        return []

    def known(index: Index) -> list[Suggestion]:
        documents, name = index.as_known(known_by).documents, _kind(model)
        kind = documents.things[name]
        seen = documents.known if isinstance(documents, Known) else documents.public
        found = []
        for begins, code, fitting in kind.suggested(folded):
            if seen(name, code):
                docs = documents.rolled if name in ("actor", "place") else documents.having
                number = docs(name, code).intersection_cardinality(documents.live)
                found.append((not begins, -number, kind.labels[code], code, fitting))
        return [
            Suggestion(
                kind.slugs[code], label, fitting if fitting != text.fold(label) else "", -negative
            )
            for _late, negative, label, code, fitting in sorted(found)[:at_most]
        ]

    def plainly() -> list[Suggestion]:
        wanted = Selection(known_by=known_by, page_size=1)
        held = _held(wanted, _kind(model))
        heard = _held(wanted, "speaker") if _kind(model) == "actor" else {}
        rows = _door(model).filter(_holding(model, folded)).values_list("slug", "name").distinct()
        found = [
            Suggestion(slug, name, "", held.get(slug, 0))
            for slug, name in rows
            if known_by is None or slug in held or slug in heard
        ]
        return sorted(found, key=lambda each: (-each.count, each.label))[:at_most]

    found = live.ask(known, plainly)
    spoken = called.names()
    if spoken is None:
        return found
    kind = _kind(model)
    return [replace(each, label=spoken.thing(kind, each.value, each.label)) for each in found]


def _holding(model: type[Model], folded: str) -> Q:
    """Things with a name, in any language, that contains ``folded``."""
    found = Q(folded__contains=folded)
    if _kind(model) in ("actor", "publisher"):
        return found | Q(names__folded__contains=folded)
    terms = Term.objects.filter(kind=_kind(model), folded_words__contains=folded)
    return found | Q(name__in=terms.values("original"))


def roles(actor: int, known_by: dt.date | None = None) -> list[tuple[str, int]]:
    """The roles that an actor itself has, with the number of events, the most frequent first."""

    def known(index: Index) -> list[tuple[str, int]]:
        documents = index.as_known(known_by).documents
        code = documents.things["actor"].codes.get(actor, -1)
        parts = [documents.having("part", code * PAIR + at) for at in range(len(ROLES))]
        return [
            (role, docs.intersection_cardinality(documents.live))
            for role, docs in zip(ROLES, parts, strict=True)
        ]

    def plainly() -> list[tuple[str, int]]:
        rows = Participation.objects.filter(event__in=Rows(known_by).events(), actor=actor)
        return list(rows.order_by().values_list("role").annotate(number=Count("pk")))

    found = [each for each in live.ask(known, plainly) if each[1]]
    return sorted(found, key=lambda each: (-each[1], each[0]))


def sources_by_publisher() -> Mapping[int, int]:
    """How many public sources each publisher published, by its key."""

    def known(index: Index) -> dict[int, int]:
        published = index.resolver.counted(("sources",), lambda: _published(index)).tolist()
        pks = index.documents.things["publisher"].pks
        return {pks[code]: count for code, count in enumerate(published) if count}

    def plainly() -> dict[int, int]:
        rows = Source.objects.public().order_by().values_list("publisher")
        return dict(rows.annotate(number=Count("pk")))

    return live.ask(known, plainly)


def _published(index: Index) -> Any:
    """Sources by code of their publisher; every source has one."""
    _of, cites = index.documents.gather(
        "cite", numbers(index.documents.live), ("source", "publisher")
    )
    publisher = np.full(int(cites["source"].max(initial=0)) + 1, -1, np.int32)
    publisher[cites["source"]] = cites["publisher"]
    size = len(index.documents.things["publisher"].pks)
    return np.bincount(publisher[publisher >= 0], minlength=size)


def beside(key: tuple[Any, ...], *, later: bool, known_by: dt.date | None = None) -> int | None:
    """The key of the public event right before or after a place in the order of time, given as
    (sort_date, latest, minute, day_order, public_id)."""

    def known(index: Index) -> int | None:
        resolver = index.as_known(known_by)
        docs = ByDate(resolver).beyond(resolver.documents.live, key, up=later)
        doc = next(docs, None)
        if doc is None:
            return None
        taken: list[int] = index.documents.take("key", np.array([doc], np.uint32)).tolist()
        return taken[0]

    def plainly() -> int | None:
        beyond = oracle.beyond(oracle.BY_DATE, key, up=later)
        ordered = Rows(known_by).events().filter(beyond).order_by(*oracle.BY_DATE)
        found = (ordered if later else ordered.reverse()).first()
        return found.pk if found is not None else None

    return live.ask(known, plainly)


def known_from(event: int) -> dt.date | None:
    """The first day on which a public event could be known; None for never."""
    days = [
        published or accessed
        for published, accessed in Citation.objects.filter(event=event).values_list(
            "source__published_latest", "source__accessed_on"
        )
    ]
    return min((day for day in days if day is not None), default=None)


def known_among(public_ids: Iterable[str], day: dt.date) -> set[str]:
    """Those of some events that were known by a day."""
    events = Rows(day).events().filter(public_id__in=list(public_ids)).order_by()
    return set(events.values_list("public_id", flat=True))


def totals_then(day: dt.date) -> Totals:
    """What the whole record held as it could be known on a day; it was updated since."""

    def known(index: Index) -> Totals:
        resolver = index.as_known(day)
        found: list[int] = resolver.counted(
            ("totals",), lambda: np.array(cast("Known", resolver.documents).totals(), np.int64)
        ).tolist()
        events, sources, publishers, tags = found
        return Totals(events, sources, publishers, tags, None)

    def plainly() -> Totals:
        rows = Rows(day)
        cited = rows.citations().filter(event__in=rows.events()).order_by()
        outlets = cited.values_list("source__publisher", "source__agency").distinct()
        return Totals(
            rows.events().count(),
            cited.values("source").distinct().count(),
            len({pk for pair in outlets for pk in pair} - {None}),
            cited.values("source__language").distinct().count(),
            None,
        )

    return live.ask(known, plainly)


def totals() -> Totals:
    """What the whole record holds, in numbers."""

    def known(index: Index) -> Totals:
        found = index.resolver.counted(("totals",), lambda: _counted(index)).tolist()
        events, sources, publishers, tags, updated = found
        epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
        moment = epoch + dt.timedelta(microseconds=updated) if events else None
        return Totals(events, sources, publishers, tags, moment)

    def plainly() -> Totals:
        public, sources = Event.objects.public(), Source.objects.public()
        moments = public.aggregate(revised=Max("revised_at"), published=Max("published_at"))
        known_moments = [each for each in moments.values() if each is not None]
        return Totals(
            public.count(),
            sources.count(),
            Publisher.objects.public().count(),
            sources.order_by().values("language").distinct().count(),
            max(known_moments, default=None),
        )

    return live.ask(known, plainly)


def sources_of(selection: Selection) -> int:
    """How many sources the events of a selection rest on. Reads each citation of each event, so
    it is for selections of some thousand events."""

    def known(index: Index) -> int:
        resolver = index.as_known(selection.known_by)
        docs = numbers(resolver.matching(selection))
        _of, cites = resolver.documents.gather("cite", docs, ("source",))
        cited = np.sort(cites["source"])
        return int(np.count_nonzero(np.diff(cited, prepend=-1)))

    def plainly() -> int:
        events = matching(selection, Families()).order_by().values("pk")
        cited = Rows(selection.known_by).citations().filter(event__in=events)
        return cited.order_by().values("source").distinct().count()

    return live.ask(known, plainly)


def _counted(index: Index) -> Any:
    documents = index.documents
    docs = numbers(documents.live)
    sources = int(index.resolver.counted(("sources",), lambda: _published(index)).sum())
    present = [sum(map(bool, documents.sets[name].values())) for name in ("publisher", "language")]
    updated = documents.take("updated", docs).max(initial=0)
    return np.array([len(docs), sources, *present, updated], np.int64)


def labelled(
    preset: Selection | None, known_by: dt.date | None = None
) -> list[tuple[dt.date, str]]:
    """Days and short labels of key events inside a preset, those with the most citations first."""
    wanted = Selection(within=preset, known_by=known_by)

    def known(index: Index) -> list[tuple[dt.date, str, int]]:
        resolver = index.as_known(known_by)
        documents = resolver.documents
        listed = numbers(resolver.matching(wanted) & documents.labelled)
        of, _columns = documents.gather("cite", listed, ("stance",))
        weights = np.bincount(np.searchsorted(listed, of), minlength=len(listed))
        days = documents.take("sort", listed)
        order = np.lexsort((documents.take("public_id", listed), days, -weights))[:LABELS]
        keys = documents.take("key", listed)[order].tolist()
        return [
            (dt.date.fromordinal(day), documents.labels[key], key)
            for day, key in zip(days[order].tolist(), keys, strict=True)
        ]

    def plainly() -> list[tuple[dt.date, str, int]]:
        keys = matching(wanted, Families()).filter(importance="key")
        cited = Count("citations", filter=Rows(known_by).source("citations__source") or None)
        weighed = keys.exclude(label="").annotate(weight=cited)
        rows = weighed.order_by("-weight", "sort_date", "public_id")[:LABELS]
        return list(rows.values_list("sort_date", "label", "pk"))

    found = live.ask(known, plainly)
    told = labels_told([key for _day, _label, key in found])
    return [(day, told.get(key, label)) for day, label, key in found]


def labels_told(events: Collection[int]) -> dict[int, str]:
    """Short labels of events in the language of the moment, of those that have one there."""
    language = tongue()
    if not events or language == base(settings.LANGUAGE_CODE):
        return {}
    rows = EventTranslation.objects.filter(event__in=events, language=language).exclude(label="")
    return dict(rows.values_list("event", "label"))
