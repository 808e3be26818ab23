"""The plain answer: every figure of a page computed from the ORM, simple before fast.

The number of queries depends on the selection, never on how many events there are. A facet's
count is the total that its link returns: the link replaces what is chosen in that facet by the
one value (with ``actors=all`` it adds it) and leaves everything else as it is.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from itertools import chain
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from timeline.dates import FIRST_DAY, LAST_DAY
from timeline.index.matching import (
    Families,
    Rows,
    citation_conditions,
    matching,
)
from timeline.index.page import (
    AT_MOST,
    HAS_LABELS,
    YEARS_LISTED,
    Bar,
    Density,
    Facet,
    FacetValue,
    Page,
    YearCount,
    first_values,
    state,
)
from timeline.index.selection import FACETS, Cursor, Selection, chosen_range, is_on
from timeline.models import (
    Category,
    Citation,
    Event,
    Metric,
    Participation,
    Place,
    Publisher,
    Topic,
)
from timeline.models import choices as enumerations
from timeline.models.countries import recorded

MONTHS_BELOW = 15
"""A record of fewer years than this is drawn by months, a longer one by years."""

Pairs = dict[str, set[int]]
"""For each value of a facet, the keys of the events that have it."""


def answer(selection: Selection, at_most: int = AT_MOST) -> Page:
    """Answer a selection: its page, its total, every facet and the density."""
    families = Families()
    events = matching(selection, families)
    total = events.count()
    rows, following, preceding = _page(events, selection)
    span = _Span(selection, families)
    return Page(
        total=total,
        ids=tuple(row.pk for row in rows),
        facets={name: _facet(name, selection, families, span, at_most) for name in FACETS},
        density=_density(selection, families, span),
        next_cursor=following,
        previous_cursor=preceding,
        began_earlier=_began_earlier(rows, selection),
    )


def keys(selection: Selection) -> list[int]:
    """The keys of all events of a selection, in its order, whatever page it asks for."""
    events: QuerySet[Any] = matching(selection, Families()).annotate(
        updated=Coalesce("revised_at", "published_at")
    )
    columns = _BY_UPDATE if selection.sort == "-updated" else BY_DATE
    down = selection.sort.startswith("-")
    order = [F(column).desc() if down else F(column).asc() for column in columns]
    return list(events.order_by(*order).values_list("pk", flat=True))


# --- The page -------------------------------------------------------------------------------

BY_DATE = ("sort_date", "latest", "minute", "day_order", "public_id")
_BY_UPDATE = ("updated", "public_id")


def _page(
    events: QuerySet[Event], selection: Selection
) -> tuple[list[Event], Cursor | None, Cursor | None]:
    """The rows of the page, and the cursors of the next and the previous one."""
    by_update = selection.sort == "-updated"
    columns = _BY_UPDATE if by_update else BY_DATE
    listed: QuerySet[Any] = events.annotate(updated=Coalesce("revised_at", "published_at"))
    descending = selection.sort.startswith("-")
    cursor = selection.cursor
    backwards = cursor is not None and cursor.before
    if cursor is not None:
        listed = listed.filter(beyond(columns, cursor.key, up=descending == cursor.before))
    reverse = descending != backwards
    order = [F(column).desc() if reverse else F(column).asc() for column in columns]
    rows = list(listed.order_by(*order)[: selection.page_size + 1])
    more = len(rows) > selection.page_size
    rows = rows[: selection.page_size]
    if backwards:
        rows.reverse()

    def at(row: Event, *, before: bool) -> Cursor:
        key = tuple(getattr(row, column) for column in columns)
        return Cursor(selection.sort, before, key)

    if not rows:
        return [], None, None
    has_next = more if not backwards else True
    has_previous = more if backwards else cursor is not None
    return (
        rows,
        at(rows[-1], before=False) if has_next else None,
        at(rows[0], before=True) if has_previous else None,
    )


def beyond(columns: tuple[str, ...], key: tuple[object, ...], *, up: bool) -> Q:
    """Rows whose key is greater (``up``) or smaller than the given one, column by column."""
    beyond, equal = Q(), Q()
    for column, value in zip(columns, key, strict=True):
        beyond |= equal & Q(**{f"{column}__{'gt' if up else 'lt'}": value})
        equal &= Q(**{column: value})
    return beyond


def _began_earlier(rows: Iterable[Event], selection: Selection) -> frozenset[int]:
    chosen = chosen_range(selection)
    if chosen is None:
        return frozenset()
    return frozenset(row.pk for row in rows if row.sort_date < chosen[0])


# --- Facets ---------------------------------------------------------------------------------


class _Span:
    """The years of the preset's events: where open ends run to for counting."""

    def __init__(self, selection: Selection, families: Families) -> None:
        preset = Selection(
            within=selection.within, exact=selection.exact, known_by=selection.known_by
        )
        self.rows = list(_dated(matching(preset, families)))
        years = [
            day.year
            for _pk, earliest, latest, _family in self.rows
            for day in (earliest, latest)
            if day not in (FIRST_DAY, LAST_DAY)
        ]
        self.first, self.last = (min(years), max(years)) if years else (0, -1)

    def clip(self, earliest: date, latest: date) -> tuple[date, date]:
        """The dates with open ends at the site's first and last year."""
        first = date(self.first, 1, 1) if earliest == FIRST_DAY else earliest
        last = date(self.last, 12, 31) if latest == LAST_DAY else latest
        return first, last

    def years(self, earliest: date, latest: date) -> range:
        first, last = self.clip(earliest, latest)
        return range(first.year, last.year + 1)


def _dated(events: QuerySet[Event]) -> QuerySet[Event, tuple[int, date, date, str]]:
    return events.order_by().values_list("pk", "earliest", "latest", "category__family")


def _facet(name: str, selection: Selection, families: Families, span: _Span, at_most: int) -> Facet:
    """Count every value of one facet over the selection without what is chosen in it."""
    adding = name == "actor" and selection.actors_all
    base = matching(selection if adding else selection.without_include(name), families)
    pairs = _PAIRS[name](base, selection, families, span)
    choice = selection.chosen(name)
    labels = _labels(name, {*pairs, *choice.include, *choice.exclude}, families)
    counts = {value: len(held) for value, held in pairs.items() if held}
    counts |= {value: 0 for value in choice.include if value not in counts}
    # Events with what is excluded aren't in the base; its link takes them in again.
    counts |= {
        value: matching(selection.narrowed(name, value), families).count()
        for value in choice.exclude
    }
    values = [
        FacetValue(value, labels[value], count, state(value, choice))
        for value, count in counts.items()
    ]
    return first_values(name, values, at_most)


def _collect(rows: Iterable[tuple[str | None, int]]) -> Pairs:
    pairs: Pairs = defaultdict(set)
    for value, event in rows:
        if value:
            pairs[value].add(event)
    return pairs


def _actor_pairs(
    base: QuerySet[Event], selection: Selection, families: Families, _: _Span
) -> Pairs:
    rows = Participation.objects.filter(event__in=base)
    for level in selection.levels():
        if level.role.include:
            rows = rows.filter(role__in=level.role.include)
    tree = families.actors
    return _collect(
        (tree.slugs[above], event)
        for actor, event in rows.values_list("actor", "event")
        for above in tree.upwards(actor, exact=selection.exact)
    )


def _role_pairs(base: QuerySet[Event], selection: Selection, families: Families, _: _Span) -> Pairs:
    """Roles in which the chosen actors, each of them where all are asked for, take part."""
    rows = list(Participation.objects.filter(event__in=base).values_list("role", "event", "actor"))
    found = _collect((role, event) for role, event, _actor in rows)
    for level in selection.levels():
        chosen = level.actor.include
        for group in (
            [(slug,) for slug in chosen] if level.actors_all else [chosen] if chosen else []
        ):
            family = families.actors.family(group, exact=selection.exact)
            held = _collect((role, event) for role, event, actor in rows if actor in family)
            found = {role: events & held.get(role, set()) for role, events in found.items()}
    return found


def _year_pairs(base: QuerySet[Event], selection: Selection, _: Families, span: _Span) -> Pairs:
    pairs: Pairs = defaultdict(set)
    chosen = [int(year) for year in selection.year.include]
    for pk, earliest, latest, _family in _dated(base):
        if selection.certainly:
            if earliest.year == latest.year:
                pairs[f"{earliest.year:04}"].add(pk)
            continue
        # A chosen year may lie beyond the record's, where only open ends reach.
        beyond = (year for year in chosen if earliest.year <= year <= latest.year)
        for year in {*span.years(earliest, latest), *beyond}:
            pairs[f"{year:04}"].add(pk)
    return pairs


def _column(lookup: str) -> Callable[[QuerySet[Event], Selection, Families, _Span], Pairs]:
    def pairs(base: QuerySet[Event], _s: Selection, _f: Families, _span: _Span) -> Pairs:
        return _collect(base.order_by().values_list(lookup, "pk"))

    return pairs


def _place_pairs(base: QuerySet[Event], _s: Selection, families: Families, _: _Span) -> Pairs:
    tree = families.places
    rows = base.filter(place__isnull=False).order_by().values_list("place", "pk")
    return _collect(
        (tree.slugs[above], event)
        for place, event in rows
        for above in tree.upwards(place, exact=False)
    )


def _citations_of(
    base: QuerySet[Event], selection: Selection, families: Families, facet: str
) -> QuerySet[Citation]:
    """The citations that a value of the facet is counted over: with a stance asked for, or for
    the stance itself, those that fit everything else asked of the same citation."""
    rows = Rows(selection.known_by).citations().filter(event__in=base)
    asked = citation_conditions(selection.levels(), families, exact=selection.exact, leaving=facet)
    if facet == "stance" or "stance" in asked:
        for condition in chain.from_iterable(asked.values()):
            rows = rows.filter(condition)
    return rows


def _stance_pairs(
    base: QuerySet[Event], selection: Selection, families: Families, _: _Span
) -> Pairs:
    return _collect(
        _citations_of(base, selection, families, "stance").values_list("stance", "event")
    )


def _language_pairs(
    base: QuerySet[Event], selection: Selection, families: Families, _: _Span
) -> Pairs:
    rows = _citations_of(base, selection, families, "language")
    return _collect(rows.values_list("source__language", "event"))


def _publisher_pairs(
    base: QuerySet[Event], selection: Selection, families: Families, _: _Span
) -> Pairs:
    rows = _citations_of(base, selection, families, "publisher").values_list(
        "source__publisher__slug", "source__agency__slug", "event"
    )
    return _collect(
        (slug, event) for publisher, agency, event in rows for slug in (publisher, agency)
    )


def _speaker_pairs(
    base: QuerySet[Event], selection: Selection, families: Families, _: _Span
) -> Pairs:
    rows = _citations_of(base, selection, families, "speaker").filter(speaker__isnull=False)
    tree = families.actors
    return _collect(
        (tree.slugs[above], event)
        for speaker, event in rows.values_list("speaker", "event")
        for above in tree.upwards(speaker, exact=selection.exact)
    )


def _verification_pairs(
    base: QuerySet[Event], selection: Selection, _f: Families, _: _Span
) -> Pairs:
    column = Rows(selection.known_by).verification
    return _collect(base.order_by().values_list(column, "pk"))


def _has_pairs(base: QuerySet[Event], selection: Selection, _f: Families, _: _Span) -> Pairs:
    rows = Rows(selection.known_by)
    return {
        value: set(base.filter(rows.having(value)).order_by().values_list("pk", flat=True))
        for value in HAS
    }


def _topic_pairs(base: QuerySet[Event], _s: Selection, _f: Families, _: _Span) -> Pairs:
    tagged = Event.topics.through._default_manager.filter(event__in=base)
    return _collect(tagged.values_list("topic__slug", "event"))


def _metric_pairs(base: QuerySet[Event], selection: Selection, _f: Families, _: _Span) -> Pairs:
    rows = Rows(selection.known_by).figures().filter(event__in=base)
    return _collect(rows.values_list("metric__code", "event"))


HAS = ("figures", "archive", "place", "correction")
"""What an event may have; a correction is a version that says so."""

_PAIRS: Mapping[str, Callable[[QuerySet[Event], Selection, Families, _Span], Pairs]] = {
    "actor": _actor_pairs,
    "role": _role_pairs,
    "year": _year_pairs,
    "category": _column("category__slug"),
    "topic": _topic_pairs,
    "country": _column("place__country"),
    "place": _place_pairs,
    "publisher": _publisher_pairs,
    "language": _language_pairs,
    "stance": _stance_pairs,
    "speaker": _speaker_pairs,
    "verification": _verification_pairs,
    "has": _has_pairs,
    "metric": _metric_pairs,
    "importance": _column("importance"),
}


def _labels(name: str, values: set[str], families: Families) -> dict[str, str]:
    """What to call the values; a value without a name is called by itself."""
    named: Mapping[str, str] = {}
    match name:
        case "actor" | "speaker":
            named = families.actors.names
        case "place":
            named = families.places.names
        case "category":
            named = dict(Category.objects.public().values_list("slug", "name"))
        case "topic":
            named = dict(Topic.objects.public().values_list("slug", "name"))
        case "publisher":
            named = dict(Publisher.objects.public().values_list("slug", "name"))
        case "metric":
            named = dict(Metric.objects.public().values_list("code", "label"))
        case "country":
            named = dict(
                Place.objects.public()
                .filter(kind="country")
                .order_by("-pk")
                .values_list("country", "name")
            )
        case "role":
            named = {value: str(label) for value, label in enumerations.Role.choices}
        case "stance":
            named = {value: str(label) for value, label in enumerations.Stance.choices}
        case "verification":
            named = {value: str(label) for value, label in enumerations.VerificationLabel.choices}
        case "importance":
            named = {value: str(label) for value, label in enumerations.Importance.choices}
        case "has":
            named = {value: str(label) for value, label in HAS_LABELS.items()}
    if name == "country":
        return {value: named.get(value) or recorded(value) for value in values}
    return {value: named.get(value, value) for value in values}


# --- Density --------------------------------------------------------------------------------


def _density(selection: Selection, families: Families, span: _Span) -> Density:
    unit = "month" if span.last - span.first + 1 < MONTHS_BELOW else "year"
    chosen = list(_dated(matching(selection.without_dates(), families)))
    by_unit: dict[date, Counter[str]] = defaultdict(Counter)
    by_year: Counter[int] = Counter()
    by_decade: Counter[int] = Counter()
    for _pk, earliest, latest, family in chosen:
        for start in _starts(*span.clip(earliest, latest), unit):
            by_unit[start][family or ""] += 1
        by_year.update(span.years(earliest, latest))
        by_decade.update({year // 10 for year in span.years(earliest, latest)})
    rest: Counter[date] = Counter()
    rest_by_year: Counter[int] = Counter()
    rest_by_decade: Counter[int] = Counter()
    for _pk, earliest, latest, _family in span.rows:
        rest.update(_starts(*span.clip(earliest, latest), unit))
        rest_by_year.update(span.years(earliest, latest))
        rest_by_decade.update({year // 10 for year in span.years(earliest, latest)})
    selected = chosen_range(selection)
    years = range(span.first, span.last + 1)
    on = {year for year in years if is_on(year, selection, selected)}
    decades = sorted({year // 10 for year in years}) if len(years) > YEARS_LISTED else []
    return Density(
        unit=unit,
        bars=tuple(
            Bar(
                start,
                _end(start, unit),
                tuple((f.value, by_unit[start][f.value]) for f in enumerations.Family),
                by_unit[start].total(),
                rest[start],
            )
            for start in sorted(rest)
        ),
        years=tuple(
            YearCount(year, by_year[year], rest_by_year[year], year in on) for year in years
        ),
        decades=tuple(
            YearCount(
                decade * 10,
                by_decade[decade],
                rest_by_decade[decade],
                any(year // 10 == decade for year in on),
            )
            for decade in decades
        ),
        selected=selected,
    )


def _starts(first: date, last: date, unit: str) -> Iterable[date]:
    """The first days of the months or years between two days."""
    year, month = first.year, first.month if unit == "month" else 1
    step = 1 if unit == "month" else 12
    while (year, month) <= (last.year, last.month):
        yield date(year, month, 1)
        month += step
        if month > 12:
            year, month = year + 1, 1
            if year > LAST_DAY.year:
                return


def _end(start: date, unit: str) -> date:
    if unit == "year":
        return date(start.year, 12, 31)
    following = date(start.year, start.month, 28) + timedelta(days=4)
    return following - timedelta(days=following.day)
