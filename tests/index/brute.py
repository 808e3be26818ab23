"""The rules of matching once more, over plain values and without a database.

Reads the public record into memory and goes through every event with loops, so that the answers
of ``timeline.index`` can be held against something that shares no condition with them.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date

from timeline import dates, text
from timeline.index import Selection
from timeline.models import Actor, Category, Event, Place, Term
from timeline.verification import Part, Statement, Voice, verification


@dataclass
class Cited:
    stance: str
    speaker: set[str]
    """The speaker and all that it is part of."""
    speaker_itself: set[str]
    publishers: set[str]
    language: str
    source: str
    archived: bool
    known: date | None
    words: list[str]
    statement: Statement


@dataclass
class Plain:
    """An event as the brute force sees it."""

    pk: int
    earliest: date
    latest: date
    category: str
    family: str
    importance: str
    verification: str
    country: str
    order: tuple
    updated: tuple
    places: set[str] = field(default_factory=set)
    topics: set[str] = field(default_factory=set)
    counted: list[tuple[str, date | None]] = field(default_factory=list)
    """Each figure: its metric, and the day from which it is known."""
    parts: list[tuple[set[str], set[str], str]] = field(default_factory=list)
    """Each part: the actor itself, the actor and all above it, the role."""
    cited: list[Cited] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    roles: list[Part] = field(default_factory=list)

    @property
    def metrics(self):
        return {metric for metric, _known in self.counted}


def as_known(event: Plain, day: date | None) -> Plain | None:
    """The event as it could be known on a day, None if it couldn't; for no day, today's."""
    if day is None:
        return event
    cited = [each for each in event.cited if each.known is not None and each.known <= day]
    if not cited:
        return None
    label = verification([each.statement for each in cited], event.roles, date.max).label.value
    counted = [each for each in event.counted if each[1] is not None and each[1] <= day]
    return replace(event, cited=cited, counted=counted, verification=label)


def _up(thing):
    found = []
    while thing is not None:
        found.append(thing.slug)
        thing = thing.parent
    return set(found)


def _words(*texts):
    return [text.search_tokens(each) for each in texts]


class _Told(dict):
    """By kind and name what things are called: by that name, and in further languages."""

    def __missing__(self, key):
        self[key] = [key[1]]
        return self[key]


class Record:
    """Every published event of the database, in memory."""

    def __init__(self):
        actors = {actor.pk: actor for actor in Actor.objects.all()}
        for actor in actors.values():
            actor.parent = actors.get(actor.parent_id)
        places = {place.pk: place for place in Place.objects.all()}
        for place in places.values():
            place.parent = places.get(place.parent_id)
        named = defaultdict(list)
        for actor in Actor.objects.prefetch_related("names"):
            named[actor.pk] = [actor.name, *(each.name for each in actor.names.all())]
        categories = {each.pk: each for each in Category.objects.all()}
        told = _Told()
        for term in Term.objects.all():
            told[term.kind, term.original].append(term.words)
        self.events = [
            _plain(event, actors, places, named, categories, told)
            for event in Event.objects.filter(status="published").prefetch_related(
                "participations",
                "topics",
                "figures__metric",
                "figures__citation__source",
                "citations__source__publisher__names",
                "citations__source__agency__names",
            )
        ]

    def matching(self, selection: Selection) -> list[Plain]:
        """The events that match, in the selection's order; ``cursor`` is not looked at."""
        found = [event for event in self.known(selection) if matches(event, selection)]
        by_update = selection.sort == "-updated"
        found.sort(
            key=lambda event: event.updated if by_update else event.order,
            reverse=selection.sort.startswith("-"),
        )
        return found

    def total(self, selection: Selection) -> int:
        return sum(matches(event, selection) for event in self.known(selection))

    def known(self, selection: Selection) -> list[Plain]:
        found = (as_known(event, selection.known_by) for event in self.events)
        return [event for event in found if event is not None]


def _plain(event, actors, places, named, categories, told):
    category = categories[event.category_id]
    place = places.get(event.place_id)
    minute = 1440 if event.time is None else event.time.hour * 60 + event.time.minute
    plain = Plain(
        pk=event.pk,
        earliest=event.when.earliest,
        latest=event.when.latest,
        category=category.slug,
        family=category.family,
        importance=event.importance,
        verification=event.verification,
        country=place.country if place else "",
        order=(
            event.when.sort_date,
            event.when.latest,
            minute,
            event.day_order,
            event.public_id,
        ),
        updated=(event.revised_at or event.published_at, event.public_id),
        places=_up(place),
        topics={topic.slug for topic in event.topics.all()},
        counted=[(figure.metric.code, _day(figure)) for figure in event.figures.all()],
        words=_words(event.title, event.summary, *told["category", category.name]),
    )
    if place is not None:
        plain.words += _words(*told["place", place.name])
    # Title and summary are one text to the search, but no phrase runs from one into the other.
    plain.words += _words(
        *(each for topic in event.topics.all() for each in told["topic", topic.name])
    )
    for part in event.participations.all():
        actor = actors[part.actor_id]
        plain.parts.append(({actor.slug}, _up(actor), part.role))
        plain.roles.append(Part(_voice(actor), _voice(_top(actor)), part.role))
        plain.words += _words(*named[actor.pk])
    for citation in event.citations.all():
        source = citation.source
        speaker = actors.get(citation.speaker_id)
        outlets = [each for each in (source.publisher, source.agency) if each]
        words = _words(source.title)
        for outlet in outlets:
            words += _words(outlet.name, *(each.name for each in outlet.names.all()))
        statement = Statement(
            stance=citation.stance,
            on=source.published_latest,
            publisher=_voice(source.publisher),
            origin=_voice(outlets[-1]),
            party=_voice(_top(speaker)) if speaker else None,
            document=source.kind == "official_document",
        )
        plain.cited.append(
            Cited(
                stance=citation.stance,
                speaker=_up(speaker),
                speaker_itself={speaker.slug} if speaker else set(),
                publishers={each.slug for each in outlets},
                language=source.language,
                source=source.public_id,
                archived=bool(source.archive_url),
                known=_seen(source),
                words=words,
                statement=statement,
            )
        )
    return plain


def _seen(source):
    """The day from which a source is known."""
    if source.published:
        return dates.parse(source.published).latest
    return source.accessed_on


def _day(figure):
    if figure.citation is not None:
        return _seen(figure.citation.source)
    return dates.parse(figure.as_of).latest if figure.as_of else None


def _top(actor):
    while actor.parent is not None:
        actor = actor.parent
    return actor


def _voice(thing):
    return Voice(f"{type(thing).__name__}:{thing.pk}", thing.name)


def matches(event: Plain, selection: Selection) -> bool:
    levels = selection.levels()
    return (
        _fits_actors(event, levels, exact=selection.exact)
        and _fits_citations(event, levels, exact=selection.exact)
        and all(_fits_values(event, level) for level in levels)
        and all(_fits_dates(event, level, selection.certainly) for level in levels)
        and all(_fits_words(event, level.q) for level in levels)
    )


def _fits_actors(event, levels, *, exact):
    def takes_part(chosen, roles):
        return any(
            bool((itself if exact else family) & set(chosen))
            and all(role in each for each in roles)
            for itself, family, role in event.parts
        )

    roles = [level.role.include for level in levels if level.role.include]
    named = False
    for level in levels:
        chosen = level.actor.include
        if chosen:
            named = True
            each = [takes_part([slug], roles) for slug in chosen]
            if not (all(each) if level.actors_all else any(each)):
                return False
        if level.actor.exclude and takes_part(level.actor.exclude, []):
            return False
        if any(role in level.role.exclude for _itself, _family, role in event.parts):
            return False
    if roles and not named:
        return any(all(role in each for each in roles) for _i, _f, role in event.parts)
    return True


def _fits_citations(event, levels, *, exact):
    def facets(cited):
        return {
            "stance": {cited.stance},
            "speaker": cited.speaker_itself if exact else cited.speaker,
            "publisher": cited.publishers,
            "language": {cited.language},
        }

    tests = [
        (facet, set(level.chosen(facet).include))
        for level in levels
        for facet in ("stance", "speaker", "publisher", "language")
        if level.chosen(facet).include
    ]
    if any(facet == "stance" for facet, _values in tests):
        if not any(
            all(facets(cited)[facet] & values for facet, values in tests) for cited in event.cited
        ):
            return False
    elif not all(
        any(facets(cited)[facet] & values for cited in event.cited) for facet, values in tests
    ):
        return False
    for level in levels:
        for cited in event.cited:
            if any(
                values & set(level.chosen(name).exclude) for name, values in facets(cited).items()
            ):
                return False
        if level.source and level.source not in {cited.source for cited in event.cited}:
            return False
    return True


def _fits_values(event, level):
    held = {
        "category": {event.category},
        "topic": event.topics,
        "country": {event.country},
        "place": event.places,
        "verification": {event.verification},
        "importance": {event.importance},
        "metric": event.metrics,
        "has": {
            *(["figures"] if event.metrics else []),
            *(["archive"] if any(cited.archived for cited in event.cited) else []),
            *(["place"] if event.places else []),
        },
    }
    return all(
        (not level.chosen(name).include or values & set(level.chosen(name).include))
        and not values & set(level.chosen(name).exclude)
        for name, values in held.items()
    )


def _fits_dates(event, level, certainly):
    def overlaps(first, last):
        return event.earliest <= last and first <= event.latest

    def inside(first, last):
        return first <= event.earliest and event.latest <= last

    fits = inside if certainly else overlaps

    def of(year):
        return date(int(year), 1, 1), date(int(year), 12, 31)

    if level.year.include and not any(fits(*of(year)) for year in level.year.include):
        return False
    if any(overlaps(*of(year)) for year in level.year.exclude):
        return False
    if level.from_ or level.to:
        first = level.from_.earliest if level.from_ else date.min
        return fits(first, level.to.latest if level.to else date.max)
    return True


def _fits_words(event, query):
    return all(
        any(term.pattern in words for words in _all_words(event)) != term.exclude
        for term in text.query_tokens(query)
    )


def _all_words(event):
    return [*event.words, *(words for cited in event.cited for words in cited.words)]
