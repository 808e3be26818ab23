"""The drawing of a chart: marks, rings, bars, ties and labels, from what the index says.

Each event is one mark in each lane that it belongs to, alone or in a ring with others. How they
are set so that none lies on another is in :mod:`timeline.web.lanes`; what the axis says, in
:mod:`timeline.web.axis`. Two queries, however many events there are.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from django.utils.translation import gettext, ngettext

from timeline.index import Bar, Page, Selection, naming, sides
from timeline.index import lanes as index
from timeline.index.lanes import By, Lane, Window
from timeline.models import Actor, Event
from timeline.models.called import names
from timeline.models.choices import Family
from timeline.models.countries import country_name
from timeline.models.tongue import tongue
from timeline.record.stories import PeriodRecord
from timeline.record.told import titles
from timeline.web import axis, lanes, wording
from timeline.web.axis import Tick
from timeline.web.cards import event_href, shortened
from timeline.web.lanes import HEAD, LINE, PITCH, WIDE
from timeline.web.overview import Band, bands_of, room_of
from timeline.web.when import when

ALONE = 3
"""More events than this within a mark's width are a ring."""
MARKS = 150
"""Marks of a drawing at most; where there would be more, rings take in more days."""
LANES = 6
"""Lanes by actor, country or side at most."""
NAMED = 16
BANDS = 8
"""Periods behind a drawing at most."""
LADDER = 24
"""Rungs of the ladder at most: of longer windows it has years, or none."""


@dataclass(frozen=True)
class Mark:
    """One event, or a ring of ``count`` of them."""

    href: str
    words: str
    x: float
    y: int
    count: int = 0
    shape: str = ""
    family: str = ""
    bar: tuple[float, float] | None = None
    fill: str = ""
    soft: bool = False
    picked: bool = False


@dataclass(frozen=True)
class DrawnLane:
    """A lane with its marks, from left to right."""

    name: str
    total: int
    family: str
    top: int
    height: int
    zebra: bool
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class KeyLabel:
    """A key event named above the lanes; ``day`` is its first one."""

    text: str
    dated: str
    href: str
    x: float
    y: int
    end: bool
    day: date


@dataclass(frozen=True)
class Lanes:
    """Lanes one below the other, the lines that join the marks of one event in several of them,
    each its place and the marks' heights, and where they end. ``stood`` has the place and height
    of each mark that is one event, by its key."""

    drawn: tuple[DrawnLane, ...]
    ties: tuple[tuple[float, int, int], ...]
    bottom: int
    stood: Mapping[int, Sequence[tuple[float, int]]]

    @property
    def marks(self) -> Iterator[Mark]:
        """All marks, lane by lane."""
        return (mark for lane in self.drawn for mark in lane.marks)

    @property
    def fills(self) -> tuple[tuple[str, str, str], ...]:
        """How bars fade: the name, family and direction of each."""
        used = {(mark.fill, mark.family) for mark in self.marks if mark.fill}
        return tuple((f"{fill}-{family}", family, fill) for fill, family in sorted(used))

    @property
    def shapes(self) -> tuple[str, ...]:
        """The shapes that marks have."""
        return tuple(sorted({mark.shape for mark in self.marks if mark.shape}))

    @property
    def elements(self) -> int:
        """How many elements the marks are drawn with."""
        return sum(5 if mark.bar or mark.count else 3 for mark in self.marks)


@dataclass(frozen=True)
class Rung:
    """A month or year of the ladder that stands for the lanes on a phone."""

    words: str
    href: str
    count: int
    bars: tuple[tuple[str, float, float], ...]
    end: float
    labels: str


@dataclass(frozen=True)
class Chart:
    """The whole drawing; ``lines`` are paths by their kind, ``ties`` those between lanes."""

    lanes: tuple[DrawnLane, ...]
    ticks: tuple[Tick, ...]
    labels: tuple[KeyLabel, ...]
    lines: tuple[tuple[str, str], ...]
    ties: tuple[tuple[float, int, int], ...]
    fills: tuple[tuple[str, str, str], ...]
    shapes: tuple[str, ...]
    bottom: int
    line: int
    name: str
    ladder: tuple[Rung, ...]
    bands: tuple[Band, ...]
    room: int
    elements: int


_LABEL = 14
"""Letters of a translated label at most, which may be twice as wide as those of an event's own."""


@dataclass(frozen=True)
class _Told:
    """What a mark says of an event."""

    public_id: str
    href: str
    title: str
    label: str
    edtf: str
    first: date
    last: date
    ring: str
    shape: str
    family: str

    @property
    def words(self) -> str:
        return f"{self.title}, {when(self.edtf).words}"


def tell(keys: Iterable[int]) -> dict[int, _Told]:
    """What marks and labels need of public events; one query, three in another language."""
    rows = Event.objects.public().filter(pk__in=(listed := list(keys)))
    called, labels = titles(listed, tongue()), naming.labels_told(listed)
    found = {}
    for pk, public_id, slug, title, label, edtf, first, last, shape, family in rows.values_list(
        *("pk", "public_id", "slug", "title", "label", "date", "earliest", "latest"),
        *("category__shape", "category__family"),
    ):
        found[pk] = _Told(
            public_id,
            event_href(public_id, slug),
            called.get(pk, title),
            labels.get(pk) or (shortened(called[pk], _LABEL) if label and pk in called else label),
            edtf,
            first,
            last,
            when(edtf).ring,
            shape or "disc",
            wording.FAMILY_CLASSES.get(family or "", "stm"),
        )
    return found


def _values(by: By, selection: Selection, found: Page) -> dict[str, str]:
    """The lanes of a chart with their names: families, or the chosen actors or countries and,
    beside them, the most frequent ones."""
    if by == "category":
        return {family: wording.family_word(family) for family in Family.values}
    if by == "side":
        return _side_words(sides.top(selection, LANES))
    chosen = [value for level in selection.levels() for value in level.chosen(by).include]
    facet = found.facets[by]
    excluded = set(selection.chosen(by).exclude)
    top = [each.value for each in sorted(facet.values, key=lambda each: -each.count)]
    wanted = [value for value in dict.fromkeys((*chosen, *top)) if value not in excluded][:LANES]
    if by == "country":
        return dict(naming.countries(wanted))
    known = naming.named(Actor, wanted)
    return {slug: known[slug][1] for slug in wanted if slug in known}


def _side_words(found: Sequence[sides.Side]) -> dict[str, str]:
    """What sides are called."""
    spoken = names()
    codes = [side.value for side in found if not side.party and side.value != sides.NOWHERE]
    countries = naming.countries(codes)
    countries |= naming.states(code for code in codes if code not in countries)

    def word(side: sides.Side) -> str:
        if side.party:
            party = spoken.thing("actor", side.value, side.party) if spoken else side.party
            return gettext("Controlled by %(party)s") % {"party": party}
        if side.value == sides.NOWHERE:
            return gettext("Country not recorded")
        country = countries.get(side.value) or country_name(side.value)
        return gettext("Published in %(country)s") % {"country": country}

    return {side.value: word(side) for side in found}


def stand(
    selection: Selection,
    window: Window,
    by: By,
    values: Sequence[str],
    at_most: int,
    chosen: int | None = None,
) -> tuple[Lane, ...]:
    """Lanes whose marks are few enough to be drawn: the denser the record, the wider the rings."""
    mark = PITCH * window.days / WIDE
    tries = ((mark, ALONE), (mark, 1), (2 * mark, 1), (3 * mark, 1), (4 * mark, 1))
    return index.lanes(selection, window, by, values, tries=tries, at_most=at_most, chosen=chosen)


def ring_name(lane: str, first: date, last: date) -> str:
    """How an address names a ring: its lane and its days."""
    return f"{lane}.{first.isoformat()}.{last.isoformat()}"


@dataclass(frozen=True)
class Leading:
    """Where the parts of a drawing lead, and which part was chosen: ``ring`` gives the address of
    a ring by its name, ``event`` that of an event by its public id and own address; ``picked`` is
    the name of a ring, ``chosen`` the key of an event."""

    ring: Callable[[str], str]
    event: Callable[[str, str], str]
    picked: str = ""
    chosen: int | None = None


def _items(
    lane: Lane, name: str, told: Mapping[int, _Told], window: Window, leading: Leading
) -> list[tuple[int | None, Mark]]:
    """The marks of a lane from left to right, with the key of each that is one event."""
    family = wording.FAMILY_CLASSES.get(lane.value, "")
    made: list[tuple[int | None, Mark]] = []
    for group in lane.groups:
        if not group.events:
            middle = group.first + timedelta(days=(group.last - group.first).days // 2)
            count = ngettext("%(num)s event", "%(num)s events", group.count) % {"num": group.count}
            value = ring_name(lane.value, group.first, group.last)
            said = gettext("%(lane)s: %(events)s, %(days)s") % {
                "lane": name,
                "events": count,
                "days": axis.days_in_words(group.first, group.last),
            }
            x = lanes.percent(min(middle, window.last), window)
            here = value == leading.picked or group.chosen
            mark = Mark(leading.ring(value), said, x, 0, group.count, "", family, picked=here)
            made.append((None, mark))
        for key, day in group.events:
            if (event := told.get(key)) is None:
                continue
            across = lanes.bar(event.first, event.last, window)
            fuzzy = event.ring in ("fuzzy", "wide")
            mark = Mark(
                leading.event(event.public_id, event.href),
                event.words,
                lanes.percent(min(day, window.last), window),
                0,
                shape=event.shape,
                family=event.family,
                bar=across,
                fill=_fill(event, window) if across and fuzzy else "",
                soft=fuzzy,
                picked=key == leading.chosen,
            )
            made.append((key, mark))
    return made


def _fill(event: _Told, window: Window) -> str:
    """How a bar fades: at both ends, or at the one that is open or goes on beyond the window."""
    if event.first < window.first and event.last > window.last:
        return ""
    if event.first < window.first:
        return "a"
    return "b" if event.last > window.last else "s"


def laid_out(
    found: Sequence[Lane],
    values: Mapping[str, str],
    told: Mapping[int, _Told],
    window: Window,
    leading: Leading,
    top: int,
) -> Lanes:
    """Set the marks of lanes, the first one from ``top`` downwards."""
    made = []
    places: dict[int, list[tuple[float, int]]] = {}
    for at, lane in enumerate(found):
        name = values[lane.value]
        items = _items(lane, name, told, window, leading)
        placed = lanes.stacked([(mark.x, mark.bar) for _key, mark in items])
        height = lanes.height(max((each.row for each in placed), default=0) + 1)
        marks = []
        for (key, mark), place in zip(items, placed, strict=True):
            y = lanes.middle(top + height, place.row)
            marks.append(replace(mark, y=y))
            if key is not None:
                places.setdefault(key, []).append((mark.x, y))
        family = wording.FAMILY_CLASSES.get(lane.value, "")
        made.append(DrawnLane(name, lane.total, family, top, height, at % 2 == 0, tuple(marks)))
        top += height
    ties = tuple(
        (high[0], high[1] + 8, low[1] - 8)
        for stood in places.values()
        for high, low in pairwise(stood)
    )
    return Lanes(tuple(made), ties, top, places)


def _labels(
    keys: Sequence[int], told: Mapping[int, _Told], window: Window, leading: Leading
) -> tuple[KeyLabel, ...]:
    named = []
    for key in keys:
        if key in told:
            event = told[key]
            first, last = max(event.first, window.first), min(event.last, window.last)
            day = first + timedelta(days=(last - first).days // 2)
            named.append((event, lanes.percent(day, window)))
    placed = lanes.labels((x, event.label, when(event.edtf).short) for event, x in named)
    made = []
    for at, each in placed.items():
        event = named[at][0]
        made.append(
            KeyLabel(
                event.label,
                when(event.edtf).short,
                leading.event(event.public_id, event.href),
                each.x,
                each.y,
                each.end,
                event.first,
            )
        )
    return tuple(sorted(made, key=lambda label: label.x))


def _sum(bars: Iterable[Bar], start: date, end: date) -> dict[str, int]:
    """How many events of each family, by the bars between two days."""
    made: Counter[str] = Counter()
    for bar in bars:
        if start <= bar.start <= end:
            made.update(dict(bar.by_family))
    return {family: made[family] for family in wording.FAMILY_CLASSES if made[family]}


def _ladder(
    found: Page,
    window: Window,
    href: Callable[[date, date], str],
    labels: Sequence[KeyLabel],
) -> tuple[Rung, ...]:
    """The months of the window, or its years where those would be too many; none where even they
    are."""
    unit = found.density.unit
    spans = axis.rungs(window, unit)
    if len(spans) > LADDER and unit == "month":
        unit = "year"
        spans = axis.rungs(window, unit)
    if len(spans) > LADDER:
        return ()
    totals = {bar.start: bar.total for bar in found.density.bars}
    if unit == "year":
        totals = {date(each.year, 1, 1): each.count for each in found.density.years if each.year}
    most = max((totals.get(start, 0) for start, _end in spans), default=0) or 1
    made = []
    for start, end in spans:
        total = totals.get(start, 0)
        families = _sum(found.density.bars, start, end)
        left = 0.0
        across = []
        for family, count in families.items():
            wide = round(86 * total / most * count / sum(families.values()), 2)
            across.append((wording.FAMILY_CLASSES[family], left, wide))
            left = round(left + wide, 2)
        named = [label.text for label in labels if start <= label.day <= end]
        made.append(
            Rung(
                axis.month_words(start) if unit == "month" else str(start.year),
                href(start, end),
                total,
                tuple(across),
                left,
                ", ".join(named),
            )
        )
    return tuple(made)


def lines(
    lanes_drawn: Sequence[Lanes],
    ticks: Sequence[Tick],
    top: int,
    bottom: int,
    *,
    leaders: Sequence[tuple[float, int, int]] = (),
    across: Sequence[int] = (),
) -> tuple[tuple[str, str], ...]:
    """Everything that is drawn with lines, one path a kind: places count a hundred a percent."""
    zebra = "".join(
        f"M0 {lane.top}h10000v{lane.height}h-10000"
        for each in lanes_drawn
        for lane in each.drawn
        if lane.zebra
    )
    made = (
        ("zebra", zebra),
        ("grid", _upright((tick.x, top, bottom) for tick in ticks)),
        ("axis", "".join(f"M0 {y}h10000" for y in across)),
        ("lead-l", _upright(leaders)),
        ("tie", _upright(tie for each in lanes_drawn for tie in each.ties)),
    )
    return tuple((kind, path) for kind, path in made if path)


def _upright(wanted: Iterable[tuple[float, int, int]]) -> str:
    return "".join(f"M{round(x * 100)} {top}V{bottom}" for x, top, bottom in wanted)


def in_words(by: By, window: Window) -> str:
    """What a chart shows: its window, and by what its lanes are."""
    sentence = {
        "category": gettext("%(window)s, by kind of event."),
        "actor": gettext("%(window)s, by who took part. A line joins an event’s actors."),
        "country": gettext("%(window)s, by the country where it happened."),
        "side": gettext(
            "%(window)s, by who controls the publishers, else by their country. "
            "A line joins the sides that report the same event."
        ),
    }[by] % {"window": axis.spoken(window)}
    return f"{sentence[:1].upper()}{sentence[1:]}"


def draw(
    selection: Selection,
    found: Page,
    by: By,
    window: Window,
    leading: Leading,
    span_href: Callable[[date, date], str],
    periods: Sequence[PeriodRecord] = (),
) -> Chart:
    """Draw the events of a selection, whose answer is ``found``, in a window that holds them.

    ``span_href`` gives the address of a month or of years; ``periods`` lie behind the events, the
    ``BANDS`` that share most days with the window.
    """
    values = _values(by, selection, found)
    standing = stand(selection, window, by, list(values), MARKS, leading.chosen)
    keyed = index.key_events(selection, NAMED)
    told = tell({*keyed, *keys_of(standing)})
    made = laid_out(standing, values, told, window, leading, HEAD)
    labels = _labels(keyed, told, window, leading)
    ladder = _ladder(found, window, span_href, labels)
    ticks = axis.ticks(window)
    longest = sorted(periods, key=lambda each: -_days_within(each, window))[:BANDS]
    bands = bands_of(longest, window, WIDE)
    return Chart(
        lanes=made.drawn,
        ticks=ticks,
        labels=labels,
        lines=lines(
            [made],
            ticks,
            HEAD,
            made.bottom,
            leaders=[(label.x, label.y + 18, LINE) for label in labels],
            across=(LINE, made.bottom),
        ),
        ties=made.ties,
        fills=made.fills,
        shapes=made.shapes,
        bottom=made.bottom,
        line=LINE,
        name=gettext("Events, %(window)s, in lanes") % {"window": axis.spoken(window)},
        ladder=ladder,
        bands=bands,
        room=room_of(bands),
        elements=made.elements
        + 9 * len(bands)
        + 4 * (len(labels) + len(made.fills) + len(made.drawn))
        + len(ticks)
        + sum(6 + len(rung.bars) for rung in ladder),
    )


def _days_within(period: PeriodRecord, window: Window) -> int:
    first, last = max(period.earliest, window.first), min(period.latest, window.last)
    return (last - first).days


def keys_of(standing: Iterable[Lane]) -> Iterator[int]:
    """The keys of all events that are marks of their own."""
    return (key for lane in standing for group in lane.groups for key, _day in group.events)
