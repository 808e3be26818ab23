"""A selection in words: the title of its page, and its chips.

Puts together the phrases of :mod:`phrases`; names of values come with the Reading. Knows no
database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline import dates
from timeline.browse.links import link
from timeline.browse.phrases import (
    excluding,
    facet_label,
    including,
    inside,
    joined,
    said_by,
    spoken_label,
)
from timeline.browse.reading import Reading
from timeline.index import FACETS, Choice, Selection
from timeline.models.tongue import tongue


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter: its label, the facet it belongs to, and the query string without it."""

    label: str
    facet_label: str
    remove_href: str
    excluded: bool


def words(reading: Reading, total: int) -> str:
    """The selection as a sentence without a full stop: "37 events involving North Korea and
    Russia, in 2024"."""
    selection = reading.selection
    if selection is None:
        return _("No events: a filter has a wrong value")
    count = ngettext("%(count)s event", "%(count)s events", total) % {"count": f"{total:,}"}
    phrases = ", ".join(phrase for phrase in _phrases(selection, reading) if phrase)
    if not phrases:
        return count
    # Where a language puts the number behind what it counts, the translation turns them round.
    return _("%(events)s %(phrases)s") % {"events": count, "phrases": phrases}


def _phrases(selection: Selection, reading: Reading) -> Iterable[str]:
    for facet in FACETS:
        if facet == "actor":
            yield _actors(selection, reading)
            continue
        if facet == "year":
            yield _when(selection, [reading.names["year", year] for year in selection.year.include])
            continue
        if _spoken(selection) and facet in ("stance", "speaker"):
            # One citation is both, so one phrase says both: "denied by Russia".
            if facet == "speaker":
                speakers = _alternatives(reading, facet, selection.speaker.include)
                yield said_by(selection.stance.include) % {"values": speakers}
            continue
        if said := _alternatives(reading, facet, selection.chosen(facet).include):
            named = any(level.actor.include for level in selection.levels())
            yield including(facet, named) % {"values": said}
    if selection.q:
        yield _("matching “%(words)s”") % {"words": selection.q}
    for facet in FACETS:
        if said := _alternatives(reading, facet, selection.chosen(facet).exclude):
            yield excluding(facet) % {"values": said}
    if selection.known_by:
        yield _("as known on %(day)s") % {"day": day_words(selection.known_by)}


def day_words(day: date) -> str:
    """A day in words."""
    return dates.day(day, tongue())


def _spoken(selection: Selection) -> bool:
    """Whether it is asked who takes which stance."""
    return bool(selection.stance.include and selection.speaker.include)


def _alternatives(reading: Reading, facet: str, values: Sequence[str]) -> str:
    if not values:
        return ""
    return joined((inside(facet, value, reading.names[facet, value]) for value in values), _("or"))


def _actors(selection: Selection, reading: Reading) -> str:
    names = [reading.names["actor", slug] for slug in selection.actor.include]
    if not names:
        return ""
    said = joined(names, _("and") if selection.actors_all else _("or"))
    if not selection.exact:
        return _("involving %(actors)s") % {"actors": said}
    return ngettext(
        "involving %(actors)s itself", "involving %(actors)s themselves", len(names)
    ) % {"actors": said}


def _when(selection: Selection, years: list[str]) -> str:
    phrases = []
    if years:
        phrases.append(_("in %(years)s") % {"years": joined(years, _("or"))})
    if selection.from_ and selection.to:
        language = tongue()
        first = dates.words(selection.from_, language)
        last = dates.words(selection.to, language)
        phrases.append(
            _("in %(range)s") % {"range": first}
            if first == last
            else _("from %(first)s to %(last)s") % {"first": first, "last": last}
        )
    elif selection.from_:
        phrases.append(_("from %(first)s") % {"first": dates.words(selection.from_, tongue())})
    elif selection.to:
        phrases.append(_("up to %(last)s") % {"last": dates.words(selection.to, tongue())})
    said = ", ".join(phrases)
    return _("surely %(when)s") % {"when": said} if said and selection.certainly else said


def chips(reading: Reading) -> tuple[Chip, ...]:
    """One chip for each active filter, in canonical order."""
    selection = reading.selection
    return () if selection is None else tuple(_chips(selection, reading))


def _chips(selection: Selection, reading: Reading) -> Iterable[Chip]:
    compact = reading.compact
    if selection.q:
        yield Chip(f"“{selection.q}”", _("Search"), link(selection, compact=compact, q=""), False)
    for facet in FACETS:
        choice = selection.chosen(facet)
        for value in choice.include:
            rest = Choice(tuple(each for each in choice.include if each != value), choice.exclude)
            yield _facet_chip(selection, reading, facet, value, rest, excluded=False)
        for value in choice.exclude:
            rest = Choice(choice.include, tuple(each for each in choice.exclude if each != value))
            yield _facet_chip(selection, reading, facet, value, rest, excluded=True)
        if facet == "actor" and selection.exact:
            href = link(selection, compact=compact, exact=False)
            yield Chip(_("Without their bodies and people"), _("Actor"), href, False)
        if facet == "year":
            yield from _date_chips(selection, compact=compact)
    if selection.known_by:
        href = link(selection, compact=compact, known_by=None)
        yield Chip(day_words(selection.known_by), _("As known on"), href, False)


def _facet_chip(
    selection: Selection, reading: Reading, facet: str, value: str, rest: Choice, *, excluded: bool
) -> Chip:
    name = reading.names[facet, value]
    changes: dict[str, object] = {facet: rest}
    if facet == "actor" and len(rest.include) < 2:
        changes["actors_all"] = False
    href = link(selection, compact=reading.compact, **changes)
    label = facet_label(facet)
    if facet == "speaker" and not excluded and _spoken(selection):
        label = spoken_label(selection.stance.include)
    return Chip(_("not %(name)s") % {"name": name} if excluded else name, label, href, excluded)


def _date_chips(selection: Selection, *, compact: bool) -> Iterable[Chip]:
    if selection.from_:
        said = _("from %(first)s") % {"first": dates.words(selection.from_, tongue())}
        yield Chip(said, _("Date"), link(selection, compact=compact, from_=None), False)
    if selection.to:
        said = _("up to %(last)s") % {"last": dates.words(selection.to, tongue())}
        yield Chip(said, _("Date"), link(selection, compact=compact, to=None), False)
    if selection.certainly:
        said = _("surely within the dates")
        yield Chip(said, _("Date"), link(selection, compact=compact, certainly=False), False)
