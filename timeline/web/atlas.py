"""What stands on a map: places as marks, whole countries, routes, and what each leads to.

Every event of the selection is in exactly one mark, one whole country, beyond the edge of the view,
or without a place; each of these is a link to exactly its events. Costs what the places of a
selection cost, however many events they have.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.templatetags.static import static
from django.utils.translation import gettext, ngettext

from timeline.index import Selection, naming
from timeline.index import places as index
from timeline.index.places import Exactness, Name, Route, Spot
from timeline.models.called import names
from timeline.web import earth, mapping, numbers
from timeline.web.mapping import SHEETS, WORLD, Box, Drawing, Group, Point, Written, short

ROUTES = 12
TOUCHED = 60
"""Of more countries than this, none is drawn darker for having events."""
_MEMBERS = 4
FIT = "fit"
"""The area that fits the events."""
NEAR = re.compile(r"near\.(?P<slug>[\w-]{1,80})", re.ASCII)
MARK = re.compile(
    r"(?P<sheet>place|around)\.(?P<slug>[\w-]{1,80})|country\.(?P<country>[A-Z]{2})"
    r"|route\.(?P<origin>[A-Z]{2})\.(?P<end>[A-Z]{2})|none|(?:beyond|crowded)(?P<small>-small)?",
    re.ASCII,
)
_BEGINS = {"wide": "place", "small": "around"}
"""How the address of a mark begins on each sheet."""
_ENDS = {"wide": "", "small": "-small"}
"""How that of what isn't drawn on it ends."""
_SHAPES = {
    Exactness.SPOT: "spot",
    Exactness.TOWN: "town",
    Exactness.AREA: "area",
    Exactness.WATERS: "sea",
}


@dataclass(frozen=True)
class Look:
    """One of the areas to look at: its name, how many events it shows, and where it leads."""

    words: str
    count: str
    href: str
    on: bool


@dataclass(frozen=True)
class Mark:
    """A mark and what it leads to; ``edge`` and ``size`` are of its box in pixels."""

    href: str
    words: str
    x: float
    y: float
    radius: float
    text: str
    shape: str
    picked: bool

    @property
    def wave(self) -> str:
        """The outline of a mark on waters or in the air."""
        r = self.radius
        low = round(r * 0.62, 1)
        bend = round(r / 2, 1)
        return f"M{-r}-{low}q{bend}-{bend} {r} 0t{r} 0v{2 * low}q{-bend} {bend} {-r} 0t{-r} 0z"


@dataclass(frozen=True)
class Land:
    """A whole country and what it leads to."""

    href: str
    words: str
    code: str
    x: float
    y: float
    text: str
    picked: bool


@dataclass(frozen=True)
class Line:
    """A route and what it leads to."""

    href: str
    words: str
    line: str
    head: str
    x: float
    y: float
    text: str
    picked: bool


@dataclass(frozen=True)
class Note:
    """A sentence that leads to the events that it counts."""

    href: str
    words: str


@dataclass(frozen=True)
class Drawn:
    """One sheet with all that stands on it."""

    name: str
    flat: bool
    outlines: str
    box: str
    stroke: float
    touched: tuple[str, ...]
    tinted: tuple[str, ...]
    lands: tuple[Land, ...]
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Row:
    """A line of the list of places: what a mark says, in words."""

    name: str
    href: str
    count: str
    rest: str
    shape: str


@dataclass(frozen=True)
class Map:
    """The whole drawing, and the same in words."""

    sheets: tuple[Drawn, ...]
    rows: tuple[Row, ...]
    routes: tuple[Row, ...]
    shapes: frozenset[str]
    nowhere: Note | None
    name: str


def regions() -> dict[str, tuple[str, Box]]:
    """The areas of the world that can be looked at, with their names."""
    return {
        "europe": (gettext("Europe"), mapping.region(-11, 35, 50, 66)),
        "east-asia": (gettext("East Asia"), mapping.region(102, 22, 146, 52)),
        "southeast-asia": (gettext("Southeast Asia"), mapping.region(92, -10, 141, 24)),
        "south-asia": (gettext("South Asia"), mapping.region(60, 5, 98, 38)),
        "central-asia": (gettext("Central Asia"), mapping.region(46, 35, 92, 56)),
        "middle-east": (gettext("Middle East"), mapping.region(25, 12, 64, 42)),
        "africa": (gettext("Africa"), mapping.region(-19, -36, 52, 37)),
        "north-america": (gettext("North America"), mapping.region(-128, 14, -58, 60)),
        "south-america": (gettext("South America"), mapping.region(-82, -56, -34, 13)),
        "oceania": (gettext("Oceania"), mapping.region(112, -48, 180, 0)),
    }


@dataclass(frozen=True)
class Chosen:
    """What the address says beside the selection: the area and the mark, as written."""

    area: str = ""
    mark: str = ""

    def query(self) -> str:
        """As part of an address."""
        return urlencode({name: value for name, value in vars(self).items() if value})

    def added_to(self, location: str) -> str:
        """An address with the area and mark added."""
        more = self.query()
        if not more:
            return location
        return f"{location}{'&' if '?' in location else '?'}{more}"


class Atlas:
    """The map of one selection: what stands where, and the addresses of all of it."""

    def __init__(self, selection: Selection, plain_href: str, chosen: Chosen) -> None:
        self.selection, self.plain_href, self.chosen = selection, plain_href, chosen
        where = index.places(selection)
        self.spots = _spoken(where.spots)
        self.points = mapping.located(self.spots)
        placed = {point.spot.name for point in self.points}
        self.nowhere = [spot for spot in self.spots if spot.name not in placed]
        routes = sorted(where.routes.items(), key=lambda each: (-each[1], each[0]))
        self.routes = routes[:ROUTES]
        codes = {end for route, _count in self.routes for end in route}
        codes |= {spot.country for spot in self.spots if spot.name[1] == Exactness.COUNTRY}
        self.countries = naming.countries(sorted(codes))
        box = self._box(chosen.area)
        self.drawings = {
            sheet.name: Drawing(mapping.view(box, sheet), sheet, self.points) for sheet in SHEETS
        }

    def _box(self, area: str) -> Box:
        if area == FIT:
            return mapping.around(self.points)
        if near := NEAR.fullmatch(area):
            return mapping.near(near["slug"], self.points) or WORLD
        return regions()[area][1] if area else WORLD

    # --- Addresses --------------------------------------------------------------------------

    def _href(self, area: str, mark: str = "") -> str:
        return Chosen(area, mark).added_to(self.plain_href) + ("#list" if mark else "")

    def _mark(self, mark: str) -> str:
        return self._href(self.chosen.area, mark)

    # --- What stands on it ------------------------------------------------------------------

    def looks(self) -> tuple[Look, ...]:
        """The areas with events in them, those with most first, behind the whole world."""
        known = regions()
        counts = mapping.counted([box for _words, box in known.values()], self.points)
        counted = [
            (-count, words, name)
            for (name, (words, _box)), count in zip(known.items(), counts, strict=True)
            if count or name == self.chosen.area
        ]
        placed = sum(point.spot.count for point in self.points)
        every = [(-placed, gettext("World"), ""), (-placed, gettext("Fit to the events"), FIT)]
        return tuple(
            Look(words, numbers.whole(-count), self._href(name), name == self.chosen.area)
            for count, words, name in (*every, *sorted(counted))
        )

    def _country(self, code: str) -> str:
        return self.countries.get(code, code)

    def _group_mark(self, drawing: Drawing, group: Group) -> Mark:
        begins = _BEGINS[drawing.sheet.name]
        value = f"{begins}.{group.points[0].spot.name[0]}"
        x, y = drawing.percent(group.x, group.y)
        return Mark(
            self._mark(value),
            said(_named(group.points), group.count),
            x,
            y,
            group.radius,
            short(group.count) if group.count > 1 else "",
            _SHAPES[group.exactness],
            self._picks(group.points, drawing.sheet.name),
        )

    def _picks(self, points: Sequence[Point], sheet: str) -> bool:
        found = MARK.fullmatch(self.chosen.mark)
        return (
            found is not None
            and found["sheet"] == _BEGINS[sheet]
            and any(point.spot.name[0] == found["slug"] for point in points)
        )

    def _land(self, drawing: Drawing, written: Written) -> Land:
        code, count = written.spot.country, written.spot.count
        value = f"country.{code}"
        x, y = drawing.percent(written.x, written.y)
        words = said(_whole(self._country(code)), count)
        return Land(self._mark(value), words, code, x, y, short(count), value == self.chosen.mark)

    def _line(self, drawing: Drawing, route: Route, count: int) -> Line | None:
        labels = earth.labels()
        if any(code not in labels for code in route):
            return None
        bow = drawing.bow(labels[route[0]], labels[route[1]], count)
        if bow is None:
            return None
        value = f"route.{route[0]}.{route[1]}"
        x, y = drawing.percent(bow.x, bow.y)
        return Line(
            self._mark(value),
            said(self._route(route), count),
            bow.line,
            bow.head,
            x,
            y,
            short(count),
            value == self.chosen.mark,
        )

    def _route(self, route: Route) -> str:
        origin, end = map(self._country, route)
        return gettext("From %(origin)s to %(destination)s") % {
            "origin": origin,
            "destination": end,
        }

    def _sheet(self, drawing: Drawing) -> Drawn:
        box = drawing.box
        touched = {point.spot.country for point in self.points} & earth.labels().keys()
        whole = {each.spot.country for each in drawing.written}
        whole |= {each.spot.country for each in drawing.crowded}
        lands = tuple(self._land(drawing, each) for each in drawing.written)
        lines = [self._line(drawing, *each) for each in self.routes]
        return Drawn(
            drawing.sheet.name,
            box == WORLD,
            static("img/world.svg"),
            f"{box.left:.1f} {box.top:.1f} {box.wide:.1f} {box.tall:.1f}",
            round((0.8 if drawing.sheet.wide > 500 else 0.5) / drawing.scale, 2),
            tuple(sorted(touched - whole)) if len(touched) <= TOUCHED else (),
            tuple(sorted(whole - {land.code for land in lands})),
            lands,
            tuple(line for line in lines if line is not None),
            tuple(self._group_mark(drawing, group) for group in drawing.groups),
            tuple(self._notes(drawing)),
        )

    def _notes(self, drawing: Drawing) -> Iterable[Note]:
        ends = _ENDS[drawing.sheet.name]
        if crowded := sum(point.spot.count for point in drawing.crowded):
            sentence = ngettext(
                "%(num)s more event is known to its country only.",
                "%(num)s more events are known to their countries only.",
                crowded,
            )
            yield Note(self._mark(f"crowded{ends}"), sentence % {"num": numbers.whole(crowded)})
        if beyond := sum(point.spot.count for point in drawing.outside):
            sentence = ngettext(
                "%(num)s event lies beyond the edge of this area.",
                "%(num)s events lie beyond the edge of this area.",
                beyond,
            )
            yield Note(self._mark(f"beyond{ends}"), sentence % {"num": numbers.whole(beyond)})

    def map(self) -> Map:
        wide = self.drawings["wide"]
        rows = [
            Row(
                _named(group.points),
                self._mark(f"place.{group.points[0].spot.name[0]}"),
                numbers.whole(group.count),
                _members(group.points),
                _SHAPES[group.exactness],
            )
            for group in wide.groups
        ]
        rows += [
            Row(
                _whole(self._country(each.spot.country)),
                self._mark(f"country.{each.spot.country}"),
                numbers.whole(each.spot.count),
                "",
                "land",
            )
            for each in wide.written
        ]
        routes = tuple(
            Row(
                self._route(route),
                self._mark(f"route.{route[0]}.{route[1]}"),
                numbers.whole(count),
                "",
                "line",
            )
            for route, count in self.routes
        )
        nowhere = sum(spot.count for spot in self.nowhere)
        sentence = ngettext(
            "%(num)s event has no place on the map.",
            "%(num)s events have no place on the map.",
            nowhere,
        ) % {"num": numbers.whole(nowhere)}
        return Map(
            tuple(self._sheet(drawing) for drawing in self.drawings.values()),
            tuple(rows),
            routes,
            frozenset(row.shape for row in (*rows, *routes)),
            Note(self._mark("none"), sentence) if nowhere else None,
            gettext("Events on the map, by place"),
        )

    # --- What a mark holds ------------------------------------------------------------------

    def picked(self) -> tuple[list[int], str]:
        """The events of the chosen mark, and what it is called."""
        found = MARK.fullmatch(self.chosen.mark)
        if found is None:
            return [], ""
        if found["origin"]:
            route = (found["origin"], found["end"])
            return index.routed(self.selection, route), self._route(route)
        names, words = self._chosen_spots(found)
        return index.standing(self.selection, names), words

    def _chosen_spots(self, found: re.Match[str]) -> tuple[list[Name], str]:
        if found["country"]:
            code = found["country"]
            return [(code, Exactness.COUNTRY)], _whole(self._country(code))
        if found["slug"]:
            drawing = next(
                each
                for each in self.drawings.values()
                if _BEGINS[each.sheet.name] == found["sheet"]
            )
            for group in drawing.groups:
                if any(point.spot.name[0] == found["slug"] for point in group.points):
                    return _names(group.points), _named(group.points)
            return [], ""
        if found[0] == "none":
            return [spot.name for spot in self.nowhere], gettext("No place on the map")
        drawing = self.drawings["small" if found["small"] else "wide"]
        if found[0].startswith("crowded"):
            return _names(drawing.crowded), gettext("Known to other countries only")
        return _names(drawing.outside), gettext("Beyond the edge of this area")

    def closer(self) -> str:
        """The address of a closer look at the chosen mark, where it takes in several places."""
        found = MARK.fullmatch(self.chosen.mark)
        if found is None or not found["slug"]:
            return ""
        names, _words = self._chosen_spots(found)
        area = f"near.{found['slug']}"
        several = len({name[0] for name in names}) > 1
        return self._href(area, "") if several and area != self.chosen.area else ""


def _spoken(spots: Sequence[Spot]) -> tuple[Spot, ...]:
    """Spots as their places are called in the language of the moment."""
    said = names()
    if said is None:
        return tuple(spots)
    return tuple(replace(spot, label=said.text("place", spot.label)) for spot in spots)


def _names(points: Iterable[Point]) -> list[Name]:
    return [point.spot.name for point in points]


def said(name: str, count: int) -> str:
    """A name with the number of its events."""
    sentence = ngettext("%(name)s: %(num)s event", "%(name)s: %(num)s events", count)
    return sentence % {"name": name, "num": numbers.whole(count)}


def _whole(country: str) -> str:
    return gettext("%(country)s as a whole") % {"country": country}


def _places(points: Iterable[Point]) -> dict[str, list[Spot]]:
    """Spots by their places, in order."""
    found: dict[str, list[Spot]] = {}
    for point in points:
        found.setdefault(point.spot.name[0], []).append(point.spot)
    return found


def _named(points: Sequence[Point]) -> str:
    """The place of a mark and how many others it takes in."""
    others = len(_places(points)) - 1
    first = points[0].spot.label
    if not others:
        return first
    said = ngettext(
        "%(place)s and %(num)s place near it", "%(place)s and %(num)s places near it", others
    )
    return said % {"place": first, "num": others}


def _members(points: Sequence[Point]) -> str:
    """The places of a mark with their numbers, where they are several."""
    found = _places(points)
    if len(found) < 2:
        return ""
    counted = sorted(
        ((sum(spot.count for spot in spots), spots[0].label) for spots in found.values()),
        key=lambda each: -each[0],
    )
    said = ", ".join(f"{label} {numbers.whole(count)}" for count, label in counted[:_MEMBERS])
    return f"{said} …" if len(counted) > _MEMBERS else said
