"""What a page of one thing says above its list: an actor, a place, a publisher and the rest.

Reads what the record knows of the thing beside its events, in a fixed number of queries, and
only through public events. The macros ``thing_lead`` and ``thing_side`` write it down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext, ngettext
from markupsafe import Markup

from timeline import dates
from timeline.index import Page, naming
from timeline.models import (
    Actor,
    ActorName,
    Category,
    Event,
    Place,
    Publisher,
    Topic,
)
from timeline.record import spoken
from timeline.record.outlines import outlines
from timeline.web import numbers, wording
from timeline.web.addresses import address
from timeline.web.cards import Mark, Name, event_href, foreign
from timeline.web.when import When, when

# Of how many events, newest first, an actor's page reads the numbers that it gave.
_EVENTS_WITH_NUMBERS = 60
_OFTEN = 7
# So many actors are counted for "often with", since its own family is left out.
AMONG_OFTEN = 60
_ENGLISH_SPEAKING = frozenset({"AU", "CA", "GB", "IE", "NZ", "US"})
_OWN = frozenset({"official", "short", "alias"})


@dataclass(frozen=True)
class Tally:
    """How many there are of what, with the number set in bold."""

    said: Markup


@dataclass(frozen=True)
class Counted:
    """A number and what it counts."""

    number: str
    words: str


@dataclass(frozen=True)
class Fact:
    """A line of a thing's description: a label and one or more names; a name may lack a link."""

    label: str
    names: tuple[Name, ...]


@dataclass(frozen=True)
class Other:
    """Another actor and in how many of the events it appears; ``width`` is percent."""

    name: str
    href: str
    count: int
    width: float


@dataclass(frozen=True)
class Given:
    """A number that an actor gave, with its event."""

    qualifier: str
    value: str
    href: str
    as_of: When | None


@dataclass(frozen=True)
class Series:
    """An actor's own numbers of one metric and subject over time."""

    label: str
    subject: str
    figures: tuple[Given, ...]


@dataclass(frozen=True)
class Thing:
    """The heading of a page of one thing."""

    name: str
    description: str = ""
    language: str = ""
    kind: str = ""
    mark: Mark | None = None
    native: str = ""
    native_language: str = ""
    also: tuple[Name, ...] = ()
    crumbs: tuple[Name, ...] = ()
    counts: tuple[Tally, ...] = ()
    span: str = ""
    facts: tuple[Fact, ...] = ()
    section: str = "home"
    wide: bool = False
    parent: Name | None = None
    children: tuple[Name, ...] = ()
    roles: tuple[Counted, ...] = ()
    often: tuple[Other, ...] = ()
    series: tuple[Series, ...] = ()
    report: str = ""


def tally(message: str, number: int) -> Tally:
    """ "17 events" for the line of counts, by a message of ours, in which a language may turn the
    two round."""
    return Tally(Markup(message % {"num": numbers.whole(number)}))  # noqa: S704


def events_counted(total: int) -> Tally:
    """How many events there are."""
    return tally(ngettext("<b>%(num)s</b> event", "<b>%(num)s</b> events", total), total)


def sources_counted(total: int) -> Tally:
    """How many sources there are."""
    return tally(ngettext("<b>%(num)s</b> source", "<b>%(num)s</b> sources", total), total)


def _crumbs(index: str, name: str, above: Sequence[Actor | Place] = ()) -> tuple[Name, ...]:
    """The way to a thing: the index of its kind, then what it is part of, the widest first."""
    return (
        Name(index, address(name)),
        *(Name(one.name, one.get_absolute_url()) for one in reversed(above)),
    )


def _span(answer: Page | None) -> str:
    """The years of a thing's events."""
    years = [year.year for year in answer.density.years if year.rest] if answer else []
    if not years:
        return ""
    return str(years[0]) if years[0] == years[-1] else f"{years[0]}–{years[-1]}"


def _series(actor: Actor, known_by: date | None) -> tuple[Series, ...]:
    """The numbers that an actor gave and still stands by, oldest first."""
    given = (
        Event.objects.public()
        .filter(figures__attributed_to=actor)
        .order_by("-sort_date", "public_id")
        .distinct()[:_EVENTS_WITH_NUMBERS]
    )
    found: dict[tuple[str, str, bool], list[tuple[str, Given]]] = {}
    labels: dict[str, str] = {}
    listed = outlines(list(given.values_list("pk", flat=True)), known_by)
    for event in spoken.outlines(listed).values():
        for figure, _publisher in event.figures:
            by = figure.attributed_to
            if by is None or by.slug != actor.slug:
                continue
            stated = numbers.stated(figure)
            labels[figure.metric.code] = figure.metric.label
            day = dates.parse(figure.as_of).latest.isoformat() if figure.as_of else ""
            # Numbers of a period stand apart from running totals.
            key = (figure.metric.code, figure.subject, figure.basis == "in_period")
            found.setdefault(key, []).append(
                (
                    day,
                    Given(
                        qualifier=stated.qualifier,
                        value=stated.number,
                        href=event_href(event.public_id, event.slug),
                        as_of=when(figure.as_of) if figure.as_of else None,
                    ),
                )
            )
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(
        Series(
            labels[code],
            subject,
            tuple(given for _, given in sorted(members, key=lambda member: member[0])),
        )
        for (code, subject, _in_period), members in ordered
    )


def _often(answer: Page | None, leave_out: frozenset[str]) -> tuple[Other, ...]:
    """Who else takes part in these events, from the facet that the list has anyway."""
    facet = answer.facets.get("actor") if answer else None
    values = [value for value in facet.values if value.value not in leave_out] if facet else []
    values = values[:_OFTEN]
    most = max((value.count for value in values), default=1) or 1
    return tuple(
        Other(
            value.label,
            Actor(slug=value.value).get_absolute_url(),
            value.count,
            round(value.count * 100 / most, 2),
        )
        for value in values
        if value.count
    )


def native_name(actor: Actor) -> ActorName | None:
    """The name in the actor's own language, where that isn't English.

    The desk enters it first. Somebody of an English-speaking country, or of none, has no other
    own name: what stands in other scripts is how others write it.
    """
    if not actor.country or actor.country in _ENGLISH_SPEAKING:
        return None
    own = (name for name in actor.names.all() if foreign(name.language, "en") and name.kind in _OWN)
    found = next(own, None)
    return found if found is not None and foreign(found.language) else None


def _names(actor: Actor, shown: str) -> tuple[str, str, tuple[Name, ...]]:
    """The name in the actor's own script, its language, and the other names than the one that is
    shown."""
    native = native_name(actor)
    recorded = [] if shown == actor.name else [Name(actor.name, "", settings.LANGUAGE_CODE)]
    also = (
        *recorded,
        *(
            Name(name.name, "", foreign(name.language))
            for name in actor.names.all()
            if name != native and name.name not in (actor.name, shown)
        ),
    )
    return (native.name if native else "", native.language if native else "", tuple(also))


def _public_parts(found: Actor | Place) -> list[Actor | Place]:
    """What is directly part of a thing, as far as readers may know."""
    return spoken.things(naming.those(type(found), found.children.values_list("pk", flat=True)))


def actor(found: Actor, answer: Page | None, report: str, known_by: date | None = None) -> Thing:
    """The heading of an actor's page; ``answer`` is the list under its preset, both as known on
    a day where one is given."""
    recorded, found = found, spoken.thing(found)
    native, language, also = _names(recorded, found.name)
    above = spoken.things(found.ancestors())
    children = _public_parts(found)
    siblings = _public_parts(above[0]) if above else children
    family = {found.slug, *(one.slug for one in above), *(one.slug for one in children)}
    series = _series(found, known_by)
    given = sum(len(one.figures) for one in series)
    counts = [events_counted(answer.total)] if answer else []
    if given:
        counts.append(
            tally(
                ngettext("<b>%(num)s</b> figure given", "<b>%(num)s</b> figures given", given),
                given,
            )
        )
    return Thing(
        name=found.name,
        kind=wording.actor_kind_word(found.kind),
        description=found.description,
        native=native,
        native_language=language,
        also=also,
        crumbs=_crumbs(gettext("Actors"), "actors", above),
        counts=tuple(counts),
        span=_span(answer),
        section="actors",
        wide=True,
        parent=Name(above[0].name, above[0].get_absolute_url()) if above else None,
        children=tuple(
            Name(one.name, one.get_absolute_url()) for one in siblings if one.pk != found.pk
        ),
        roles=tuple(
            Counted(numbers.whole(number), wording.role_phrase(role))
            for role, number in naming.roles(found.pk, known_by)
        ),
        often=_often(answer, frozenset(family)),
        series=series,
        report=report,
    )


def place(found: Place, answer: Page | None) -> Thing:
    """The heading of a place's page."""
    found = spoken.thing(found)
    above = spoken.things(found.ancestors())
    facts = []
    if found.latitude is not None and found.longitude is not None:
        where = f"{found.latitude:.2f}, {found.longitude:.2f}"
        facts.append(Fact(gettext("Where"), (Name(where, ""),)))
    inside = tuple(Name(one.name, one.get_absolute_url()) for one in _public_parts(found))
    if inside:
        facts.append(Fact(gettext("Inside it"), inside))
    return Thing(
        name=found.name,
        kind=str(found.get_kind_display()),
        crumbs=_crumbs(gettext("Places"), "places", above),
        counts=(events_counted(answer.total),) if answer else (),
        span=_span(answer),
        facts=tuple(facts),
    )


def category(found: Category, answer: Page | None) -> Thing:
    """The heading of a category's page."""
    found = spoken.thing(found)
    return Thing(
        name=found.name,
        kind=wording.family_word(found.family),
        crumbs=_crumbs(gettext("Categories"), "categories"),
        mark=Mark(found.name, "", found.shape, wording.FAMILY_CLASSES[found.family]),
        description=found.description,
        counts=(events_counted(answer.total),) if answer else (),
        span=_span(answer),
    )


def topic(found: Topic, answer: Page | None) -> Thing:
    """The heading of a topic's page."""
    found = spoken.thing(found)
    return Thing(
        name=found.name,
        crumbs=_crumbs(gettext("Topics"), "topics"),
        description=gettext("Events of the record under the topic “%(topic)s”.")
        % {"topic": found.name},
        counts=(events_counted(answer.total),) if answer else (),
        span=_span(answer),
    )


def publisher(found: Publisher, answer: Page | None, known_by: date | None = None) -> Thing:
    """The heading of a publisher's page, as known on a day where one is given."""
    written, found = found.language, spoken.thing(found)
    facts = []
    if written:
        language = wording.language_word(written)
        facts.append(Fact(gettext("Language"), (Name(language, ""),)))
    owner = found.controlled_by
    if owner is not None:
        known = naming.those(Actor, [owner.pk]).exists()
        name = Name(spoken.thing(owner).name, owner.get_absolute_url() if known else "")
        facts.append(Fact(gettext("Controlled by"), (name,)))
    counts = [events_counted(answer.total)] if answer else []
    if known_by is None:
        cited = naming.sources_by_publisher().get(found.pk, 0)
        counts.append(sources_counted(cited))
    return Thing(
        name=found.name,
        language=found.language,
        section="sources",
        crumbs=(
            Name(gettext("Sources"), address("sources")),
            Name(gettext("Publishers"), address("publishers")),
        ),
        kind=wording.publisher_kind_word(found.kind),
        description=found.note
        or gettext("Events that rest on what %(publisher)s published.") % {"publisher": found.name},
        counts=tuple(counts),
        span=_span(answer),
        facts=tuple(facts),
    )


def year(number: int, answer: Page | None) -> Thing:
    """The heading of a year's page."""
    return Thing(
        name=str(number),
        description=gettext("Everything in the record that touches %(year)s.") % {"year": number},
        crumbs=_crumbs(gettext("Years"), "years"),
        counts=(events_counted(answer.total),) if answer else (),
    )
