"""The drawing of a chart: marks, rings, bars, ties and labels, from what the index says.

Each event is one mark in each lane that it belongs to, alone or in a ring with others. How they
are set so that none lies on another is in :mod:`timeline.web.lanes`; what the axis says, in
:mod:`timeline.web.axis`. Two queries, however many events there are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from django.utils.translation import gettext, ngettext

from timeline.index import Page, Selection, naming
from timeline.index import lanes as index
from timeline.index.lanes import By, Lane, Window
from timeline.models import Actor, Event
from timeline.models.choices import Family
from timeline.models.tongue import tongue
from timeline.record.told import titles
from timeline.web import axis, lanes, wording
from timeline.web.axis import Tick
from timeline.web.cards import event_href, shortened
from timeline.web.lanes import HEAD, LINE, PITCH, WIDE
from timeline.web.when import when

ALONE = 3
"""More events than this within a mark's width are a ring."""
MARKS = 150
"""Marks of a drawing at most; where there would be more, rings take in more days."""
LANES = 6
"""Lanes by actor or country at most."""
NAMED = 16
LADDER = 36
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
    """A key event named above the lanes."""

    text: str
    date: str
    href: str
    x: float
    y: int
    end: bool


@dataclass(frozen=True)
class Tie:
    """What joins the marks of one event in several lanes."""

    x: float
    top: int
    bottom: int


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
    """The whole drawing."""

    lanes: tuple[DrawnLane, ...]
    ticks: tuple[Tick, ...]
    labels: tuple[KeyLabel, ...]
    ties: tuple[Tie, ...]
    fills: tuple[tuple[str, str, str], ...]
    bottom: int
    head: int
    line: int
    name: str
    ladder: tuple[Rung, ...]


_LABEL = 24
"""Letters of a label at most, as of an event's own."""


@dataclass(frozen=True)
class _Told:
    """What a mark says of an event."""

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


def _told(keys: Iterable[int]) -> dict[int, _Told]:
    """What marks and labels need of public events; one query, two in another language."""
    rows = Event.objects.public().filter(pk__in=(listed := list(keys)))
    called = titles(listed, tongue())
    found = {}
    for pk, public_id, slug, title, label, edtf, first, last, shape, family in rows.values_list(
        *("pk", "public_id", "slug", "title", "label", "date", "earliest", "latest"),
        *("category__shape", "category__family"),
    ):
        found[pk] = _Told(
            event_href(public_id, slug),
            called.get(pk, title),
            shortened(called[pk], _LABEL) if label and pk in called else label,
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
    chosen = [value for level in selection.levels() for value in level.chosen(by).include]
    facet = found.facets[by]
    excluded = set(selection.chosen(by).exclude)
    top = [each.value for each in sorted(facet.values, key=lambda each: -each.count)]
    wanted = [value for value in dict.fromkeys((*chosen, *top)) if value not in excluded][:LANES]
    if by == "country":
        return dict(naming.countries(wanted))
    names = naming.named(Actor, wanted)
    return {slug: names[slug][1] for slug in wanted if slug in names}


def _standing(
    selection: Selection, window: Window, by: By, values: Sequence[str]
) -> tuple[Lane, ...]:
    """Lanes whose marks are few enough to be drawn: the denser the record, the wider the rings."""
    mark = PITCH * window.days / WIDE
    tries = ((mark, ALONE), (mark, 1), (2 * mark, 1), (3 * mark, 1), (4 * mark, 1))
    return index.lanes(selection, window, by, values, tries=tries, at_most=MARKS)


def ring_name(lane: str, first: date, last: date) -> str:
    """How an address names a ring: its lane and its days."""
    return f"{lane}.{first.isoformat()}.{last.isoformat()}"


def _items(
    lane: Lane,
    name: str,
    told: Mapping[int, _Told],
    window: Window,
    ring_href: Callable[[str], str],
    picked: str,
) -> list[tuple[int | None, Mark]]:
    """The marks of a lane from left to right, with the key of each that is one event."""
    family = wording.FAMILY_CLASSES.get(lane.value, "")
    made: list[tuple[int | None, Mark]] = []
    for group in lane.groups:
        if not group.events:
            middle = group.first + timedelta(days=(group.last - group.first).days // 2)
            count = ngettext("%(num)s event", "%(num)s events", group.count) % {"num": group.count}
            value = ring_name(lane.value, group.first, group.last)
            words = f"{name}: {count}, {axis.days_in_words(group.first, group.last)}"
            x = lanes.percent(min(middle, window.last), window)
            here = value == picked
            made.append(
                (None, Mark(ring_href(value), words, x, 0, group.count, "", family, picked=here))
            )
        for key, day in group.events:
            if (event := told.get(key)) is None:
                continue
            across = lanes.bar(event.first, event.last, window)
            fuzzy = event.ring in ("fuzzy", "wide")
            mark = Mark(
                event.href,
                event.words,
                lanes.percent(min(day, window.last), window),
                0,
                shape=event.shape,
                family=event.family,
                bar=across,
                fill=_fill(event, window) if across and fuzzy else "",
                soft=fuzzy,
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


def _draw(
    found: Sequence[Lane],
    values: Mapping[str, str],
    told: Mapping[int, _Told],
    window: Window,
    ring_href: Callable[[str], str],
    picked: str,
) -> tuple[tuple[DrawnLane, ...], tuple[Tie, ...], int]:
    top = HEAD
    made = []
    places: dict[int, list[tuple[float, int]]] = {}
    for at, lane in enumerate(found):
        name = values[lane.value]
        items = _items(lane, name, told, window, ring_href, picked)
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
        Tie(high[0], high[1] + 8, low[1] - 8)
        for stood in places.values()
        for high, low in pairwise(stood)
    )
    return tuple(made), ties, top


def _labels(keys: Sequence[int], told: Mapping[int, _Told], window: Window) -> tuple[KeyLabel, ...]:
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
        date_words = when(event.edtf).short
        made.append(KeyLabel(event.label, date_words, event.href, each.x, each.y, each.end))
    return tuple(sorted(made, key=lambda label: label.x))


def _ladder(
    found: Page,
    window: Window,
    href: Callable[[date, date], str],
    labels: Sequence[KeyLabel],
    told: Mapping[int, _Told],
) -> tuple[Rung, ...]:
    """The months of the window, or its years where the record is drawn by years; none where they
    would be too many."""
    bars = {bar.start: bar for bar in found.density.bars}
    spans = axis.rungs(window, found.density.unit)
    if len(spans) > LADDER:
        return ()
    most = max((bars[start].total for start, _end in spans if start in bars), default=0) or 1
    by_href = {event.href: event for event in told.values()}
    made = []
    for start, end in spans:
        left = 0.0
        across = []
        for family, count in bars[start].by_family if start in bars else ():
            if count:
                wide = round(86 * count / most, 2)
                across.append((wording.FAMILY_CLASSES[family], left, wide))
                left = round(left + wide, 2)
        named = [label.text for label in labels if start <= by_href[label.href].first <= end]
        made.append(
            Rung(
                axis.month_words(start) if found.density.unit == "month" else str(start.year),
                href(start, end),
                bars[start].total if start in bars else 0,
                tuple(across),
                left,
                ", ".join(named),
            )
        )
    return tuple(made)


def draw(
    selection: Selection,
    found: Page,
    by: By,
    window: Window,
    *,
    ring_href: Callable[[str], str],
    span_href: Callable[[date, date], str],
    picked: str = "",
) -> Chart:
    """Draw the events of a selection, whose answer is ``found``, in a window that holds them.

    ``ring_href`` gives the address of a ring by its name, ``span_href`` that of a month or year;
    ``picked`` is the name of the ring that was chosen.
    """
    values = _values(by, selection, found)
    standing = _standing(selection, window, by, list(values))
    keyed = index.key_events(selection, NAMED)
    told = _told(
        {*keyed, *(key for lane in standing for group in lane.groups for key, _day in group.events)}
    )
    made, ties, bottom = _draw(standing, values, told, window, ring_href, picked)
    labels = _labels(keyed, told, window)
    used = {(mark.fill, mark.family) for lane in made for mark in lane.marks if mark.fill}
    return Chart(
        lanes=made,
        ticks=axis.ticks(window),
        labels=labels,
        ties=ties,
        fills=tuple((f"{fill}-{family}", family, fill) for fill, family in sorted(used)),
        bottom=bottom,
        head=HEAD,
        line=LINE,
        name=gettext("Events, %(window)s, in lanes") % {"window": axis.spoken(window)},
        ladder=_ladder(found, window, span_href, labels, told),
    )
