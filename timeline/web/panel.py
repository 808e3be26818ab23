"""The filter panel: what a reader may choose, what is chosen, and how many events each leaves.

Made from the typed parameters and the facets of the answer. After a wrong value those are the
facets of everything, and the panel still shows all that was typed, so nothing is lost. The macro
``filter_panel`` writes it down.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import get_language, gettext, gettext_lazy

from timeline.index import Facet
from timeline.index.page import YEARS_LISTED
from timeline.web import numbers, wording
from timeline.web.addresses import address

FIRST = 8
OPENED = 20
# Facets in the order of the panel; the ones after the line begin closed.
TITLES = {
    "year": gettext_lazy("Years"),
    "actor": gettext_lazy("Actors"),
    "category": gettext_lazy("Category"),
    "verification": gettext_lazy("Verification"),
    "topic": gettext_lazy("Topic"),
    "country": gettext_lazy("Country"),
    "place": gettext_lazy("Place"),
    "role": gettext_lazy("Role of an actor"),
    "publisher": gettext_lazy("Publisher"),
    "language": gettext_lazy("Language of a source"),
    "stance": gettext_lazy("Stance of a source"),
    "speaker": gettext_lazy("Speaker"),
    "metric": gettext_lazy("Figures"),
    "has": gettext_lazy("Has"),
}
OPEN = frozenset({"year", "actor", "category", "verification"})
WHOLE = frozenset({"category", "verification", "stance", "role", "has"})
INDEXES = {
    "actor": "actors",
    "topic": "topics",
    "place": "places",
    "publisher": "publishers",
    "speaker": "actors",
}
_VERIFICATIONS = (
    "confirmed",
    "reported",
    "single_source",
    "claimed",
    "disputed",
    "disproved",
    "unverified",
)


@dataclass(slots=True)
class Choosable:
    """One value of a facet. ``parameter`` is what the form sends; ``!`` in front excludes. Not
    frozen, since a page makes three hundred of them and freezing takes longer than all else."""

    parameter: str
    label: str
    count: int | None
    checked: bool
    excluded: bool = False
    mark: str = ""
    family: str = ""

    @property
    def icon(self) -> str:
        """The classes of its mark."""
        return f"ic {self.family}" if self.family else "ic"


@dataclass(frozen=True)
class Extra:
    """A switch that belongs to a group, such as "all of them"."""

    name: str
    value: str
    label: str
    checked: bool


@dataclass(frozen=True)
class Group:
    """One facet in the panel: the first values, those behind "more", and the way to the rest."""

    name: str
    title: str
    first: tuple[Choosable, ...]
    rest: tuple[Choosable, ...]
    unseen: int
    chosen: int
    open: bool
    find: str
    suggest_href: str
    all_href: str
    all_words: str
    note: str
    extras: tuple[Extra, ...]


@dataclass(frozen=True)
class Panel:
    """The whole form."""

    action: str
    q: str
    from_: str
    to: str
    from_example: str
    to_example: str
    certainly: bool
    range: str
    known_by: str
    key: Choosable | None
    groups: tuple[Group, ...]
    hidden: tuple[tuple[str, str], ...]
    problems: Mapping[str, str]


_WORDS: Mapping[str, Callable[..., str]] = {
    "verification": wording.verification_word.said,
    "language": wording.language_word.said,
    "stance": wording.stance_word.said,
}
"""Words for enumerations, whose facet labels are their values."""
_UNMARKED = ("", "")


def _choosables(
    name: str,
    facet: Facet | None,
    typed: Sequence[str],
    marks: Mapping[str, tuple[str, str]],
) -> list[Choosable]:
    made = []
    seen = set()
    language = get_language()
    say = _WORDS.get(name)
    for value in facet.values if facet is not None else ():
        written = value.value
        mark, family = marks.get(written, _UNMARKED) if name == "category" else _UNMARKED
        if name == "verification":
            mark = written
        # After a wrong value the answer knows of no choice, but what was typed does.
        excluded = value.state == "excluded" or bool(typed and f"!{written}" in typed)
        parameter = f"!{written}" if excluded else written
        seen.add(parameter)
        label = say(language, written) if say is not None else value.label
        checked = value.state != "off" or excluded or written in typed
        made.append(Choosable(parameter, label, value.count, checked, excluded, mark, family))
    # What was typed and isn't in the answer stays in the form, as it was typed.
    for written in dict.fromkeys(typed):
        if written and written not in seen:
            excluded = written.startswith("!")
            made.append(Choosable(written, written.removeprefix("!")[:80], None, True, excluded))
    return made


def _ordered(name: str, values: list[Choosable]) -> list[Choosable]:
    if name == "year":
        return sorted(values, key=lambda value: value.parameter.removeprefix("!"), reverse=True)
    if name == "verification":
        order = {label: number for number, label in enumerate(_VERIFICATIONS)}
        return sorted(values, key=lambda value: order.get(value.parameter.removeprefix("!"), 99))
    return sorted(values, key=lambda value: not value.checked)


def _extras(name: str, params: QueryDict) -> tuple[Extra, ...]:
    if name != "actor":
        return ()
    return (
        Extra(
            "actors",
            "all",
            gettext("Must involve all of the chosen"),
            params.get("actors") == "all",
        ),
        Extra(
            "exact", "1", gettext("Leave out their bodies and people"), params.get("exact") == "1"
        ),
    )


def _suggest_href(things: str, known_by: str) -> str:
    """What a find box asks: things of events that were known by the day of the list."""
    href = address("suggest", things=things)
    return f"{href}?{urlencode({'known_by': known_by})}" if known_by else href


def _note(name: str, *, whole: bool) -> str:
    if name == "actor":
        return gettext("A state includes its bodies and people.")
    if name == "year" and not whole:
        return gettext("For others, write them under Dates.")
    return ""


def _group(
    name: str,
    facet: Facet | None,
    params: QueryDict,
    marks: Mapping[str, tuple[str, str]],
) -> Group | None:
    values = _ordered(name, _choosables(name, facet, params.getlist(name), marks))
    if not values:
        return None
    shown = len(values) if name in WHOLE else max(FIRST, sum(v.checked for v in values))
    if name == "year":
        shown = max(shown, 12)
    index = INDEXES.get(name, "")
    chosen = sum(value.checked for value in values)
    opened = values[: max(YEARS_LISTED if name == "year" else OPENED, shown)]
    every = len(values) + (facet.more if facet is not None else 0)
    return Group(
        name=name,
        title=str(TITLES[name]),
        first=tuple(values[:shown]),
        rest=tuple(opened[shown:]),
        unseen=every - len(opened),
        chosen=chosen,
        open=name in OPEN or bool(chosen),
        find=gettext("Find among %(count)s") % {"count": numbers.whole(every)}
        if every > FIRST and index
        else "",
        suggest_href=_suggest_href(index, params.get("known_by", "")) if index else "",
        all_href=address(index) if index else "",
        all_words=gettext("All, with %(count)s more")
        % {"count": numbers.whole(every - len(opened))},
        note=_note(name, whole=len(opened) == every),
        extras=_extras(name, params),
    )


def panel(
    action: str,
    params: QueryDict,
    facets: Mapping[str, Facet],
    *,
    problems: Mapping[str, str],
    marks: Mapping[str, tuple[str, str]],
    years: tuple[int, int] | None,
    hidden: Sequence[tuple[str, str]] = (),
    preset: str = "",
) -> Panel:
    """The panel of a list at ``action``.

    ``problems`` maps a parameter to its sentence; ``marks`` a category's slug to shape and colour
    class; ``years`` are the first and last of the record; ``preset`` names the facet that the
    page itself has already chosen, which is left out.
    """
    groups = (_group(name, facets.get(name), params, marks) for name in TITLES if name != preset)
    importance = facets.get("importance")
    key = next((v for v in importance.values if v.value == "key"), None) if importance else None
    key_chosen = "key" in params.getlist("importance")
    first, last = years or (0, 0)
    return Panel(
        action=action,
        q=params.get("q", ""),
        from_=params.get("from", ""),
        to=params.get("to", ""),
        from_example=str(first) if years else "",
        to_example=str(last) if years else "",
        certainly=params.get("certainly") == "1",
        range=f"{first}–{last}" if years and first != last else "",
        known_by=params.get("known_by", ""),
        key=Choosable("key", "", key.count if key else None, key_chosen)
        if key is not None or key_chosen
        else None,
        groups=tuple(group for group in groups if group is not None),
        hidden=tuple(hidden),
        problems=problems,
    )
