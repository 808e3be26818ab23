"""A selection as a set of documents: the same conditions as :mod:`timeline.index.matching`.

Each condition is a small value that names what it asks; its documents are found once and kept
until the index changes, so that the many selections behind one page share their work. A
condition costs one union over the values it names; joining conditions costs one intersection
each, smallest first. A stance asked for together with other things of one citation is looked up
by pairs, and read from the rows of the documents left only when three things are asked at once.
"""

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

import numpy as np
from pyroaring import BitMap

from timeline import text
from timeline.dates import FIRST_DAY, LAST_DAY
from timeline.index import reading
from timeline.index.arrays import Array, Hits, among, bitmap, numbers, owners
from timeline.index.documents import EMPTY, PAIR, Documents, Touched
from timeline.index.known import Known
from timeline.index.reading import HAS, IMPORTANCES, ROLES, STANCES, VERIFICATIONS
from timeline.index.searching import Words
from timeline.index.selection import Selection, year_range
from timeline.index.tallies import Tally
from timeline.index.values import Values
from timeline.models.countries import recorded

_KEPT = 300
"""Conditions and selections whose documents are kept; of a million events, each takes at most an
eighth of a megabyte."""
_TALLIED = 24
"""Presets whose counts are kept, each with an eighth of a megabyte at most a million events."""
_LOOSE = 64
"""Values are made anew after so many edits, or one for a hundred documents: their bounds are wide
then."""
Made = TypeVar("Made")
ENUMERATED = {
    "role": ROLES,
    "stance": STANCES,
    "verification": VERIFICATIONS,
    "importance": IMPORTANCES,
    "has": HAS,
}
_KINDS = {"category": "category", "topic": "topic", "publisher": "publisher", "metric": "metric"}
_THINGS = _KINDS | {"actor": "actor", "speaker": "actor", "place": "place"}
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_CITED = ("speaker", "publisher", "language")


class Condition(NamedTuple):
    """What documents must be, or with ``negative`` must not be: a name and what it is about."""

    name: str
    about: tuple[Any, ...]
    negative: bool = False


Chosen = tuple[str, ...]
"""The chosen values of one facet."""


def conditions(selection: Selection) -> Iterator[Condition]:
    """Everything that a selection and the presets around it ask."""
    levels = selection.levels()
    yield from _of_actors(levels, exact=selection.exact)
    yield from _of_citations(levels, exact=selection.exact)
    for level in levels:
        for facet in ("category", "topic", "country", "place", "verification", "has"):
            yield from _of_values(facet, level)
        yield from _of_values("metric", level)
        yield from _of_values("importance", level)
        yield from _of_dates(level, certainly=selection.certainly)
        if level.source:
            yield Condition("source", (level.source,))
        if level.updated_since:
            yield Condition("updated", (level.updated_since,))
        if level.known_by:
            yield Condition("known", (level.known_by,))
        for term in text.query_tokens(level.q):
            yield Condition("word", (text.Term(term.tokens, term.prefix),), term.exclude)


def _of_values(facet: str, level: Selection) -> Iterator[Condition]:
    choice = level.chosen(facet)
    if choice.include:
        yield Condition(facet, (choice.include,))
    if choice.exclude:
        yield Condition(facet, (choice.exclude,), negative=True)


def groups(level: Selection) -> list[Chosen]:
    """The actors that are asked for: each alone where all of them are, else any of them."""
    chosen = level.actor.include
    if level.actors_all:
        return [(slug,) for slug in chosen]
    return [chosen] if chosen else []


def roles_asked(levels: Sequence[Selection]) -> Chosen | None:
    """The roles that every level allows; None where none asks for a role."""
    asked = [set(level.role.include) for level in levels if level.role.include]
    return tuple(sorted(set.intersection(*asked))) if asked else None


def _of_actors(levels: Sequence[Selection], *, exact: bool) -> Iterator[Condition]:
    roles = roles_asked(levels)
    named = False
    for level in levels:
        for group in groups(level):
            named = True
            yield Condition("actor", (group, exact, roles))
        if level.actor.exclude:
            yield Condition("actor", (level.actor.exclude, exact, None), negative=True)
        if level.role.exclude:
            yield Condition("role", (level.role.exclude,), negative=True)
    if roles is not None and not named:
        yield Condition("role", (roles,))


def cited(levels: Sequence[Selection], *, leaving: str = "") -> dict[str, list[Chosen]]:
    """What is asked of a citation, by facet; ``leaving`` one facet of the first level out."""
    found: dict[str, list[Chosen]] = {}
    for number, level in enumerate(levels):
        for facet in ("stance", *_CITED):
            include = level.chosen(facet).include
            if include and not (number == 0 and facet == leaving):
                found.setdefault(facet, []).append(include)
    return found


def one_citation(asked: dict[str, list[Chosen]], *, exact: bool) -> Condition:
    """Everything asked of one and the same citation."""
    return Condition(
        "citation", (exact, *((facet, *values) for facet, values in sorted(asked.items())))
    )


def _of_citations(levels: Sequence[Selection], *, exact: bool) -> Iterator[Condition]:
    asked = cited(levels)
    if "stance" in asked:
        yield one_citation(asked, exact=exact)
    else:
        for facet, choices in asked.items():
            for values in choices:
                yield Condition(facet, (values, exact) if facet == "speaker" else (values,))
    for level in levels:
        for facet in ("stance", *_CITED):
            if exclude := level.chosen(facet).exclude:
                about = (exclude, exact) if facet == "speaker" else (exclude,)
                yield Condition(facet, about, negative=True)


def _of_dates(level: Selection, *, certainly: bool) -> Iterator[Condition]:
    if level.year.include:
        yield Condition("years", (level.year.include, certainly))
    for year in level.year.exclude:
        yield Condition("years", ((year,), False), negative=True)
    if level.from_ or level.to:
        first = level.from_.earliest if level.from_ else FIRST_DAY
        last = level.to.latest if level.to else LAST_DAY
        yield Condition("days", (first, last, certainly))


class Resolver:
    """Finds the documents of conditions and selections; forgets them when the index changes."""

    kept = _KEPT

    def __init__(self, documents: Documents, words: Words) -> None:
        self.documents = documents
        self.words = words
        self._kept: OrderedDict[Condition | Selection, BitMap] = OrderedDict()
        self._counted: dict[tuple[object, ...], Array] = {}
        self._sizes: dict[tuple[str, bool], Array] = {}
        self._named: dict[str, str] = {}
        self._tallies: dict[Selection, Tally] = {}
        self._once: dict[tuple[object, ...], Any] = {}
        self._lasting: dict[tuple[object, ...], Any] = {}
        self._wide: tuple[Array, Array, Array] | None = None
        self._several: BitMap | None = None
        self._several_units: dict[int, BitMap] = {}

    def forget(self, edits: int, touched: Touched) -> None:
        """The index followed so many edits of events, which touched some sets; what they can't
        have changed stays."""
        self._kept.clear()
        self._named.clear()
        self._counted.clear()
        self._sizes = {
            (name, rolls): counts
            for (name, rolls), counts in self._sizes.items()
            if self._resized(name, counts, touched, rolls=rolls)
        }
        self._once = {
            key: made
            for key, made in self._once.items()
            if self._follows(key, made, edits, touched)
        }
        for tally in self._tallies.values():
            tally.stale = True

    def _resized(self, name: str, counts: Array, touched: Touched, *, rolls: bool) -> bool:
        """Bring the sizes of a facet's sets up to date; whether they are of the same things."""
        if _THINGS[name] in touched.kinds:
            return False
        codes = touched.codes[name] | touched.codes[f"{name}_all"]
        for code in codes:
            having = self.documents.rolled if rolls else self.documents.having
            counts[code] = len(having(name, code))
        return True

    def _follows(self, key: tuple[object, ...], made: object, edits: int, touched: Touched) -> bool:
        """Whether what was made once still holds, values brought up to date."""
        if key[0] == "tree":
            return key[1] not in touched.kinds
        if key[0] == "countries of places":
            return "country" not in touched.remade
        return isinstance(made, Values) and self._brought(key, made, edits, touched)

    def _brought(self, key: tuple[Any, ...], values: Values, edits: int, touched: Touched) -> bool:
        """Bring the values of a facet, by their name and what else they are of, up to date;
        whether that can be done."""
        _values, name, pairs, wanted, _rolls = key if len(key) > 2 else (*key, "", (), False)
        dimension = pairs or name
        if _THINGS.get(name) in touched.kinds or dimension in touched.remade:
            return False
        if values.loose + edits > max(_LOOSE, len(self.documents.live) // 100):
            return False
        new: dict[int, list[BitMap]] = {}
        for code in touched.new.get(dimension, ()):
            if not pairs or code % PAIR in wanted:
                sets = new.setdefault(code // PAIR if pairs else code, [])
                sets.append(self.documents.having(dimension, code))
        if new and max(new) >= len(values.bounds):
            return False
        values.follow(edits, new, touched.codes[dimension], PAIR if pairs else 1)
        return True

    def once(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        """What is made once and kept through the edits that don't change it."""
        if key not in self._once:
            self._once[key] = make()
        made: Made = self._once[key]
        return made

    def counted(self, key: tuple[object, ...], count: Callable[[], Array]) -> Array:
        """An array that is counted once as long as the documents stay the same."""
        if key not in self._counted:
            self._counted[key] = count()
        return self._counted[key]

    def sizes(self, name: str, *, rolls: bool, count: Callable[[], Array]) -> Array:
        """How many documents each code of a facet has, which follows edits; ``rolls`` where it
        stands for all below it too."""
        if (name, rolls) not in self._sizes:
            self._sizes[name, rolls] = count()
        return self._sizes[name, rolls]

    def tally(self, preset: Selection) -> Tally:
        """The counts over a preset's documents, which follow edits."""
        tally = self._tallies.pop(preset, None)
        if tally is None:
            tally = Tally(self.matching(preset))
            if len(self._tallies) >= _TALLIED:
                del self._tallies[next(iter(self._tallies))]
        elif tally.stale:
            tally.follow(self.matching(preset), self.documents)
        self._tallies[preset] = tally  # the last one asked for stands last
        return tally

    def lasting(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        """What is about the core alone, which no edit changes; made once."""
        if key not in self._lasting:
            self._lasting[key] = make()
        made: Made = self._lasting[key]
        return made

    def named(self, country: str) -> str:
        """What a country is called, found once as long as the record stays the same."""
        if country not in self._named:
            name = self.documents.country_name(country)
            self._named[country] = name if name != country else recorded(country)
        return self._named[country]

    def matching(self, selection: Selection) -> BitMap:
        """The documents of a selection; not to be changed. Selections that differ in order or
        page only should be asked for as one."""
        return self._keep(selection, lambda: self._join(list(conditions(selection))))

    def _join(self, asked: list[Condition]) -> BitMap:
        wanted = sorted((self.find(each) for each in asked if not each.negative), key=len)
        found = wanted[0] if wanted else self.documents.live
        for docs in wanted[1:]:
            found = found & docs
        for each in asked:
            if each.negative:
                found = found - self.find(each)
        return found

    def find(self, condition: Condition) -> BitMap:
        """The documents of a condition, whether it is negative or not; not to be changed."""
        plain = Condition(condition.name, condition.about)
        return self._keep(plain, lambda: self._find(plain))

    def _keep(self, key: Condition | Selection, make: Callable[[], BitMap]) -> BitMap:
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = make()
            if len(self._kept) > self.kept:
                self._kept.popitem(last=False)
        return found

    def _find(self, condition: Condition) -> BitMap:
        match condition.name, condition.about:
            case "actor", (slugs, exact, roles):
                return self._taking_part(slugs, exact, roles)
            case "citation", (exact, *asked):
                return self.citing({facet: values for facet, *values in asked}, exact=exact)
            case "years", (years, certainly):
                ranges = [self.between(*year_range(year), certainly=certainly) for year in years]
                return ranges[0] if len(ranges) == 1 else BitMap.union(*ranges)
            case "days", (first, last, certainly):
                return self.between(first, last, certainly=certainly)
            case "source", (public_id,):
                key = reading.source_key(public_id)
                keys = reading.citing([key]) if key is not None else []
                docs = self.documents.keys.docs(np.array(keys, np.int64))
                return self.documents.resting(docs, np.array([key or 0]))
            case "updated", (moment,):
                return self.updated_since(moment)
            case "known", _day:
                return self.documents.live
            case "word", (term,):
                return self.words.holding(term)
            case "speaker", (slugs, exact):
                return self.of_things("speaker", slugs, exact=exact)
            case "place", (slugs,):
                return self.of_things("place", slugs, exact=False)
            case name, (values,):
                return self._of_values(name, values)
        raise AssertionError(condition)

    # --- Chosen -----------------------------------------------------------------------------

    def codes(self, facet: str, values: Iterable[str]) -> list[int]:
        """The codes of known values of a facet without a tree."""
        if facet in ENUMERATED:
            listed = ENUMERATED[facet]
            return [listed.index(value) for value in values if value in listed]
        if facet in ("language", "country"):
            known = getattr(
                self.documents, {"language": "languages", "country": "countries"}[facet]
            )
            return [known[value] for value in values if value in known]
        by_slug = self.documents.things[_KINDS[facet]].by_slug
        return [by_slug[value] for value in values if value in by_slug]

    def _of_values(self, facet: str, values: Chosen) -> BitMap:
        return self.documents.having_any(facet, self.codes(facet, values))

    def of_things(self, own: str, slugs: Iterable[str], *, exact: bool) -> BitMap:
        """Documents of actors, speakers or places and, unless ``exact``, of all below them."""
        kind = self.documents.things["place" if own == "place" else "actor"]
        codes = [kind.by_slug[slug] for slug in slugs if slug in kind.by_slug]
        if exact:
            return self.documents.having_any(own, codes)
        found = [self.documents.rolled(own, code) for code in codes]
        if len(found) < 2:
            return found[0] if found else EMPTY
        return BitMap.union(*found)

    def _taking_part(self, slugs: Chosen, exact: bool, roles: Chosen | None) -> BitMap:
        if roles is None:
            return self.of_things("actor", slugs, exact=exact)
        family = self.documents.things["actor"].family(slugs, exact=exact)
        return self.documents.having_any(
            "part", (actor * PAIR + role for actor in family for role in self.codes("role", roles))
        )

    # --- Citations --------------------------------------------------------------------------

    def citing(self, asked: Mapping[str, Sequence[Chosen]], *, exact: bool) -> BitMap:
        """Documents with one citation that is all that is asked, a stance among it."""
        codes = self.cited_codes(asked, exact=exact)
        (stances,) = codes.pop("stance")
        several = [(facet, each) for facet, choices in codes.items() for each in choices]
        if not several:
            return self.documents.having_any("stance", stances)
        pairs = [
            self.documents.having_any(
                f"stance_{facet}", (code * PAIR + stance for code in each for stance in stances)
            )
            for facet, each in several
        ]
        found = pairs[0]
        for docs in pairs[1:]:
            found = found & docs
        # A pair of a document all of whose citations count is of one that does.
        sure = EMPTY
        if len(pairs) == 1:
            if not self.documents.restricts("stance"):
                return found
            sure = found & self.documents.complete
        rest = (found & self.documents.live) - sure
        if not rest:
            return sure
        # Each pair may come from another citation: read the rows of what is left.
        hits = self.citations(numbers(rest), {"stance": [stances], **codes})
        return sure | bitmap(owners(hits))

    def cited_codes(
        self, asked: Mapping[str, Sequence[Chosen]], *, exact: bool
    ) -> dict[str, list[list[int]]]:
        """What is asked of a citation as codes; what a citation has one of is asked once."""
        found: dict[str, list[list[int]]] = {}
        for facet, choices in asked.items():
            if facet == "speaker":
                tree = self.documents.things["actor"]
                coded = [tree.family(values, exact=exact) for values in choices]
            else:
                coded = [self.codes(facet, values) for values in choices]
            if facet != "publisher":
                coded = [sorted(set.intersection(*map(set, coded)))]
            found[facet] = coded
        return found

    def citations(self, docs: Array, asked: Mapping[str, Sequence[Iterable[int]]]) -> Hits:
        """The citations of ascending documents that are all that is asked, by codes."""
        hits = []
        for segment, of, rows in self.documents.rows("cite", docs):
            for facet, choices in asked.items():
                for codes in choices:
                    held = among(segment.array(f"cite.{facet}")[rows], codes)
                    if facet == "publisher":
                        held |= among(segment.array("cite.agency")[rows], codes)
                    of, rows = of[held], rows[held]
            hits.append((segment, of, rows))
        return hits

    # --- Dates ------------------------------------------------------------------------------

    def between(self, first: date, last: date, *, certainly: bool) -> BitMap:
        """Documents whose dates may lie between two days, or surely do; exact to the day.

        In the core, those that begin in the range are a slice, and only documents of more than
        one day are looked at to correct it; the tail is looked at whole.
        """
        # Of the columns' own type, or numpy would copy a column to compare it.
        start, end = np.int32(first.toordinal()), np.int32(last.toordinal())
        core, tail = self.documents.core, self.documents.tail
        sort = core.array("sort")
        low, high = np.searchsorted(sort, start), np.searchsorted(sort, end, side="right")
        docs, earliest, latest = self.wide
        fits = self._fits(earliest, latest, start, end, certainly=certainly)
        found = BitMap(range(int(low), int(high)))
        found -= bitmap(docs[~fits & (docs >= low) & (docs < high)])
        found |= bitmap(docs[fits])
        inside = self._fits(
            tail.array("earliest"), tail.array("latest"), start, end, certainly=certainly
        )
        found |= bitmap(np.flatnonzero(inside) + tail.first)
        return found & self.documents.live

    def updated_since(self, moment: dt.datetime) -> BitMap:
        """Documents last published or revised at a moment or later; one look at every document."""
        first = (moment - _EPOCH) // _MICROSECOND
        found = BitMap()
        for segment in (self.documents.core, self.documents.tail):
            found |= bitmap(np.flatnonzero(segment.array("updated") >= first) + segment.first)
        return found & self.documents.live

    @property
    def several(self) -> BitMap:
        """The core documents of more than one day."""
        if self._several is None:
            self._several = bitmap(self.wide[0])
        return self._several

    def several_units(self, unit: int) -> BitMap:
        """The core documents that touch several units of so many months."""
        if unit not in self._several_units:
            core = self.documents.core
            first, last = core.array("first_month") // unit, core.array("last_month") // unit
            self._several_units[unit] = bitmap(np.flatnonzero(first != last))
        return self._several_units[unit]

    @property
    def wide(self) -> tuple[Array, Array, Array]:
        """The core documents of more than one day, with their first and last days."""
        if self._wide is None:
            earliest = self.documents.core.array("earliest")
            latest = self.documents.core.array("latest")
            docs = np.flatnonzero(earliest != latest).astype(np.uint32)
            self._wide = (docs, earliest[docs], latest[docs])
        return self._wide

    @staticmethod
    def _fits(earliest: Array, latest: Array, start: Any, end: Any, *, certainly: bool) -> Array:
        if certainly:
            return np.asarray((earliest >= start) & (latest <= end))
        return np.asarray((earliest <= end) & (latest >= start))


class ThenResolver(Resolver):
    """Finds documents as they could be known on a day, and shares what no day changes."""

    kept = 50  # of each of the few days that are kept

    def __init__(self, documents: Known, words: Words, today: Resolver) -> None:
        super().__init__(documents, words)
        self._today = today

    def once(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        # Sets that are today's have the values and trees of today.
        if key[0] == "values" and self.documents.restricts(str(key[1])):
            return super().once(key, make)
        return self._today.once(key, make)

    def lasting(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        return self._today.lasting(key, make)

    @property
    def several(self) -> BitMap:
        return self._today.several

    def several_units(self, unit: int) -> BitMap:
        return self._today.several_units(unit)

    @property
    def wide(self) -> tuple[Array, Array, Array]:
        return self._today.wide
