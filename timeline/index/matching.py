"""A selection as a condition of the ORM: which public events match it.

One function per dimension; each takes the selections of all levels (the reader's and the page's
preset), because a role asked for on an actor's page means that actor's role.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from timeline import text
from timeline.dates import FIRST_DAY, LAST_DAY
from timeline.index.selection import Selection, year_range
from timeline.models import (
    Actor,
    ActorName,
    Category,
    Citation,
    Event,
    EventTranslation,
    Figure,
    Participation,
    Place,
    Publisher,
    PublisherName,
    Term,
    Topic,
    VerificationStep,
    Version,
)
from timeline.models.choices import VersionKind


@dataclass(frozen=True, slots=True)
class Rows:
    """The citations and figures that count: all, or those that were known by a day."""

    known_by: date | None

    def source(self, prefix: str = "source") -> Q:
        """A source that counts."""
        if self.known_by is None:
            return Q()
        return Q(**{f"{prefix}__published_latest__lte": self.known_by}) | Q(
            **{
                f"{prefix}__published_latest__isnull": True,
                f"{prefix}__accessed_on__lte": self.known_by,
            }
        )

    def citations(self) -> QuerySet[Citation]:
        return Citation.objects.filter(self.source())

    def figures(self) -> QuerySet[Figure]:
        if self.known_by is None:
            return Figure.objects.all()
        return Figure.objects.filter(
            Q(citation__isnull=True, as_of_latest__lte=self.known_by)
            | (Q(citation__isnull=False) & self.source("citation__source"))
        )

    def cited(self, *conditions: Q) -> Q:
        """An event with one citation that is all of this."""
        rows = self.citations().filter(event=OuterRef("pk"))
        for condition in conditions:
            rows = rows.filter(condition)
        return Q(Exists(rows))

    def having(self, value: str) -> Q:
        """The condition behind one value of ``has``."""
        if value == "figures":
            return Q(Exists(self.figures().filter(event=OuterRef("pk"))))
        if value == "archive":
            return self.cited(~Q(source__archive_url=""))
        if value == "correction":
            corrected = Version.objects.filter(event=OuterRef("pk"), kind=VersionKind.CORRECTION)
            return Q(Exists(corrected))
        return Q(place__isnull=False)

    @property
    def verification(self) -> str:
        """The column of the verification."""
        return "verification" if self.known_by is None else "label_then"

    def events(self) -> QuerySet[Event]:
        """The public events that are known, with that column."""
        events = Event.objects.public()
        if self.known_by is None:
            return events
        steps = VerificationStep.objects.filter(event=OuterRef("pk"), day__lte=self.known_by)
        last = Subquery(steps.order_by("-day").values("label")[:1])
        return events.filter(self.cited()).annotate(label_then=last)


class Families:
    """What conditions are made from: actors and places by slug with everything below them, and
    the names that a search looks through. Read once an answer."""

    def __init__(self) -> None:
        self.actors = _Tree(Actor.objects.public().values_list("pk", "slug", "name", "parent"))
        self.places = _Tree(Place.objects.public().values_list("pk", "slug", "name", "parent"))

    @cached_property
    def names(self) -> "_Names":
        """Only a search asks for it."""
        return _Names()


class _Tree:
    """Slugs, names and parents of one model, in memory."""

    def __init__(self, rows: Iterable[tuple[int, str, str, int | None]]) -> None:
        self.slugs: dict[int, str] = {}
        self.names: dict[str, str] = {}
        self.parents: dict[int, int | None] = {}
        self._children: dict[int, list[int]] = {}
        self._keys: dict[str, int] = {}
        for pk, slug, name, parent in rows:
            self.slugs[pk] = slug
            self.names[slug] = name
            self.parents[pk] = parent
            self._keys[slug] = pk
            if parent is not None:
                self._children.setdefault(parent, []).append(pk)

    def family(self, slugs: Iterable[str], *, exact: bool) -> set[int]:
        """Keys of the slugs' things and, unless ``exact``, of all below them."""
        found = {self._keys[slug] for slug in slugs if slug in self._keys}
        level = set() if exact else found
        while level:
            level = {child for pk in level for child in self._children.get(pk, ())} - found
            found |= level
        return found

    def upwards(self, pk: int, *, exact: bool) -> Iterable[int]:
        """The thing and, unless ``exact``, all that it is part of."""
        passed: set[int] = set()
        above: int | None = pk
        # Forms refuse rings and trees too deep to be known here; a page must stand all the same.
        while above is not None and above in self.slugs and above not in passed:
            yield above
            passed.add(above)
            above = None if exact else self.parents[above]


def matching(selection: Selection, families: Families) -> QuerySet[Event]:
    """Public events that match, unordered."""
    rows = Rows(selection.known_by)
    events = rows.events()
    levels = selection.levels()
    exact = selection.exact
    conditions = [
        *_actors(levels, families, exact=exact),
        *_citations(levels, families, rows, exact=exact),
        *(condition for level in levels for condition in _own_columns(level, families, rows)),
        *(condition for level in levels for condition in _dates(level, selection.certainly)),
        *(condition for level in levels for condition in _words(level, families, rows)),
    ]
    for condition in conditions:
        events = events.filter(condition)
    return events


def _exists(model: type[Any], **wanted: Any) -> Q:
    return Q(Exists(model.objects.filter(event=OuterRef("pk"), **wanted)))


def _actors(levels: Sequence[Selection], families: Families, *, exact: bool) -> Iterable[Q]:
    roles = [level.role.include for level in levels if level.role.include]
    in_role: dict[str, Any] = {"role__in": set.intersection(*map(set, roles))} if roles else {}
    named = False
    for level in levels:
        chosen = level.actor.include
        groups = [(slug,) for slug in chosen] if level.actors_all else [chosen] if chosen else []
        for group in groups:
            named = True
            family = families.actors.family(group, exact=exact)
            yield _exists(Participation, actor__in=family, **in_role)
        if level.actor.exclude:
            family = families.actors.family(level.actor.exclude, exact=exact)
            yield ~_exists(Participation, actor__in=family)
        if level.role.exclude:
            yield ~_exists(Participation, role__in=level.role.exclude)
    if roles and not named:
        yield _exists(Participation, **in_role)


def published_by(slugs: Iterable[str]) -> Q:
    """A source that one of the publishers published, or whose text one of them wrote."""
    chosen = list(slugs)
    return Q(source__publisher__slug__in=chosen) | Q(source__agency__slug__in=chosen)


def citation_conditions(
    levels: Sequence[Selection], families: Families, *, exact: bool, leaving: str = ""
) -> dict[str, list[Q]]:
    """What the selection asks of a citation, by facet; ``leaving`` one facet of the first level
    out."""
    found: dict[str, list[Q]] = {}
    for number, level in enumerate(levels):
        asked = {
            "stance": Q(stance__in=level.stance.include),
            "speaker": Q(speaker__in=families.actors.family(level.speaker.include, exact=exact)),
            "publisher": published_by(level.publisher.include),
            "language": Q(source__language__in=level.language.include),
        }
        for facet, condition in asked.items():
            if level.chosen(facet).include and not (number == 0 and facet == leaving):
                found.setdefault(facet, []).append(condition)
    return found


def _citations(
    levels: Sequence[Selection], families: Families, rows: Rows, *, exact: bool
) -> Iterable[Q]:
    found = citation_conditions(levels, families, exact=exact)
    if "stance" in found:
        # With a stance, speaker, publisher and language speak of the same citation.
        yield rows.cited(*chain.from_iterable(found.values()))
    else:
        for condition in chain.from_iterable(found.values()):
            yield rows.cited(condition)
    for level in levels:
        if level.stance.exclude:
            yield ~rows.cited(Q(stance__in=level.stance.exclude))
        if level.speaker.exclude:
            family = families.actors.family(level.speaker.exclude, exact=exact)
            yield ~rows.cited(Q(speaker__in=family))
        if level.publisher.exclude:
            yield ~rows.cited(published_by(level.publisher.exclude))
        if level.language.exclude:
            yield ~rows.cited(Q(source__language__in=level.language.exclude))
        if level.source:
            yield rows.cited(Q(source__public_id=level.source))


def _own_columns(level: Selection, families: Families, rows: Rows) -> Iterable[Q]:
    columns = {
        "category": "category__slug__in",
        "country": "place__country__in",
        "verification": f"{rows.verification}__in",
        "importance": "importance__in",
    }
    for facet, lookup in columns.items():
        choice = level.chosen(facet)
        if choice.include:
            yield Q(**{lookup: choice.include})
        if choice.exclude:
            # NOT IN is unknown for a null; an event without a place isn't in the country.
            yield ~Q(**{lookup: choice.exclude})
    if level.updated_since:
        revised = Q(revised_at__isnull=True, published_at__gte=level.updated_since)
        yield revised | Q(revised_at__gte=level.updated_since)
    if level.place.include:
        yield Q(place__in=families.places.family(level.place.include, exact=False))
    if level.place.exclude:
        yield ~Q(place__in=families.places.family(level.place.exclude, exact=False))
    tagged = Event.topics.through._default_manager
    for facet, held, lookup in (
        ("topic", tagged.all(), "topic__slug__in"),
        ("metric", rows.figures(), "metric__code__in"),
    ):
        choice = level.chosen(facet)
        if choice.include:
            yield Q(Exists(held.filter(event=OuterRef("pk"), **{lookup: choice.include})))
        if choice.exclude:
            yield ~Q(Exists(held.filter(event=OuterRef("pk"), **{lookup: choice.exclude})))
    if level.has.include:
        wanted = Q()
        for value in level.has.include:
            wanted |= rows.having(value)
        yield wanted
    for value in level.has.exclude:
        yield ~rows.having(value)


def in_range(first: date, last: date, *, certainly: bool) -> Q:
    """Dates that may lie between two days, or surely do."""
    if certainly:
        return Q(earliest__gte=first, latest__lte=last)
    return Q(earliest__lte=last, latest__gte=first)


def _dates(level: Selection, certainly: bool) -> Iterable[Q]:
    if level.year.include:
        wanted = Q()
        for year in level.year.include:
            wanted |= in_range(*year_range(year), certainly=certainly)
        yield wanted
    for year in level.year.exclude:
        yield ~in_range(*year_range(year), certainly=False)
    if level.from_ or level.to:
        first = level.from_.earliest if level.from_ else FIRST_DAY
        last = level.to.latest if level.to else LAST_DAY
        yield in_range(first, last, certainly=certainly)


def _words(level: Selection, families: Families, rows: Rows) -> Iterable[Q]:
    for term in text.query_tokens(level.q):
        names = families.names
        found = (
            Q(search_tokens__contains=term.pattern)
            | _exists(EventTranslation, search_tokens__contains=term.pattern)
            | rows.cited(Q(source__search_tokens__contains=term.pattern))
            | _exists(Participation, actor__in=names.matching("actor", term))
            | rows.cited(
                Q(source__publisher__in=names.matching("publisher", term))
                | Q(source__agency__in=names.matching("publisher", term))
            )
            | Q(place__in=names.matching("place", term))
            | Q(category__in=names.matching("category", term))
            | Q(
                Exists(
                    Event.topics.through._default_manager.filter(
                        event=OuterRef("pk"), topic__in=names.matching("topic", term)
                    )
                )
            )
        )
        yield ~found if term.exclude else found


class _Names:
    """The tokens of every name of every named thing, for matching terms in memory."""

    def __init__(self) -> None:
        self._names = {
            "actor": [
                *Actor.objects.public().values_list("pk", "name"),
                *ActorName.objects.values_list("actor", "name"),
            ],
            "publisher": [
                *Publisher.objects.public().values_list("pk", "name"),
                *PublisherName.objects.values_list("publisher", "name"),
            ],
            "place": _told("place", Place.objects.public()),
            "category": _told("category", Category.objects.public()),
            "topic": _told("topic", Topic.objects.public()),
        }
        self._tokens = {
            kind: [(pk, text.search_tokens(name)) for pk, name in names]
            for kind, names in self._names.items()
        }

    def matching(self, kind: str, term: text.Term) -> list[int]:
        """Keys of the things of a kind with a name that holds the term."""
        return [pk for pk, held in self._tokens[kind] if term.pattern in held]


def _told(kind: str, things: QuerySet[Any]) -> list[tuple[int, str]]:
    """Keys and names of things, in the record's language and in those of the glossary."""
    words: dict[str, list[str]] = {}
    for original, told in Term.objects.filter(kind=kind).values_list("original", "words"):
        words.setdefault(original, []).append(told)
    named = things.values_list("pk", "name")
    return [(pk, each) for pk, name in named for each in (name, *words.get(name, ()))]
