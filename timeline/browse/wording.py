"""A selection in words: the title of its page, and its chips."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from timeline import dates
from timeline.browse.links import link
from timeline.browse.reading import Reading
from timeline.index import FACETS, Choice, Selection


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter: its label, the facet it belongs to, and the query string without it."""

    label: str
    facet_label: str
    remove_href: str
    excluded: bool


def facet_label(facet: str) -> str:
    """What a facet is called in front of its value."""
    return {
        "actor": _("Actor"),
        "role": _("Role"),
        "year": _("Year"),
        "category": _("Category"),
        "topic": _("Topic"),
        "country": _("Country"),
        "place": _("Place"),
        "publisher": _("Publisher"),
        "language": _("Language of a source"),
        "stance": _("Stance of a source"),
        "speaker": _("Speaker"),
        "verification": _("Verification"),
        "has": _("Has"),
        "metric": _("Figures of"),
        "importance": _("Importance"),
    }[facet]


def joined(names: Iterable[str], *, last: str) -> str:
    """``A``, ``A and B``, ``A, B and C`` with the given last word."""
    listed = list(names)
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {last} {listed[-1]}"


def words(reading: Reading, total: int) -> str:
    """The selection as a sentence without a full stop: "37 events involving North Korea and
    Russia, in 2024"."""
    selection = reading.selection
    if selection is None:
        return _("No events: a filter has a wrong value")
    count = ngettext("%(count)s event", "%(count)s events", total) % {"count": f"{total:,}"}
    phrases = [phrase for phrase in _phrases(selection, reading) if phrase]
    if not phrases:
        return count
    # The actors follow the count directly; what comes after is set off by commas.
    if selection.actor.include:
        return f"{count} {', '.join(phrases)}"
    return f"{count} {phrases[0]}" if len(phrases) == 1 else f"{count} {', '.join(phrases)}"


def _phrases(selection: Selection, reading: Reading) -> Iterable[str]:
    def named(facet: str) -> list[str]:
        return [reading.names[facet, value] for value in selection.chosen(facet).include]

    any_word, all_word = _("or"), _("and")
    if actors := named("actor"):
        both = joined(actors, last=all_word if selection.actors_all else any_word)
        if selection.exact:
            yield _("involving %(actors)s itself") % {"actors": both}
        else:
            yield _("involving %(actors)s") % {"actors": both}
    if roles := named("role"):
        yield _("as %(roles)s") % {"roles": joined((r.lower() for r in roles), last=any_word)}
    yield _when(selection, named("year"))
    for facet, phrase in _PHRASES.items():
        if chosen := named(facet):
            yield phrase() % {"values": joined(chosen, last=any_word)}
    if selection.q:
        yield _("matching “%(words)s”") % {"words": selection.q}
    without = [
        reading.names[facet, value] for facet in FACETS for value in selection.chosen(facet).exclude
    ]
    if without:
        yield _("without %(values)s") % {"values": joined(without, last=any_word)}


_PHRASES: dict[str, Callable[[], str]] = {
    "category": lambda: _("in the category %(values)s"),
    "topic": lambda: _("about %(values)s"),
    "country": lambda: pgettext("country", "in %(values)s"),
    "place": lambda: pgettext("place", "at %(values)s"),
    "publisher": lambda: _("with a source of %(values)s"),
    "language": lambda: _("with a source in the language %(values)s"),
    "stance": lambda: _("with a source whose stance is: %(values)s"),
    "speaker": lambda: _("on which %(values)s speaks"),
    "verification": lambda: _("marked as %(values)s"),
    "has": lambda: _("with %(values)s"),
    "metric": lambda: _("with figures of %(values)s"),
    "importance": lambda: _("of importance %(values)s"),
}


def _when(selection: Selection, years: list[str]) -> str:
    phrases = []
    if years:
        phrases.append(_("in %(years)s") % {"years": joined(years, last=_("or"))})
    if selection.from_ and selection.to:
        first, last = dates.words(selection.from_), dates.words(selection.to)
        phrases.append(
            _("in %(range)s") % {"range": first}
            if first == last
            else _("from %(first)s to %(last)s") % {"first": first, "last": last}
        )
    elif selection.from_:
        phrases.append(_("from %(first)s") % {"first": dates.words(selection.from_)})
    elif selection.to:
        phrases.append(_("up to %(last)s") % {"last": dates.words(selection.to)})
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


def _facet_chip(
    selection: Selection, reading: Reading, facet: str, value: str, rest: Choice, *, excluded: bool
) -> Chip:
    name = reading.names[facet, value]
    changes: dict[str, object] = {facet: rest}
    if facet == "actor" and len(rest.include) < 2:
        changes["actors_all"] = False
    href = link(selection, compact=reading.compact, **changes)
    return Chip(
        _("not %(name)s") % {"name": name} if excluded else name, facet_label(facet), href, excluded
    )


def _date_chips(selection: Selection, *, compact: bool) -> Iterable[Chip]:
    if selection.from_:
        said = _("from %(first)s") % {"first": dates.words(selection.from_)}
        yield Chip(said, _("Date"), link(selection, compact=compact, from_=None), False)
    if selection.to:
        said = _("up to %(last)s") % {"last": dates.words(selection.to)}
        yield Chip(said, _("Date"), link(selection, compact=compact, to=None), False)
    if selection.certainly:
        said = _("surely within the dates")
        yield Chip(said, _("Date"), link(selection, compact=compact, certainly=False), False)
