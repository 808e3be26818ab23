"""What each facet is called, and the phrases in which its values stand in a sentence.

Whole phrases, so that a translator can turn them round. :mod:`wording` puts them together.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

_FACETS = {
    "actor": gettext_lazy("Actor"),
    "role": gettext_lazy("Role"),
    "year": gettext_lazy("Year"),
    "category": gettext_lazy("Category"),
    "topic": gettext_lazy("Topic"),
    "country": gettext_lazy("Country"),
    "place": gettext_lazy("Place"),
    "publisher": gettext_lazy("Publisher"),
    "language": gettext_lazy("Language of a source"),
    "stance": gettext_lazy("Stance of a source"),
    "speaker": gettext_lazy("Speaker"),
    "verification": gettext_lazy("Verification"),
    "has": gettext_lazy("Has"),
    "metric": gettext_lazy("Figures of"),
    "importance": gettext_lazy("Importance"),
}
_INCLUDING = {
    "role": gettext_lazy("as %(values)s"),
    "category": gettext_lazy("in the category %(values)s"),
    "topic": gettext_lazy("about %(values)s"),
    "country": pgettext_lazy("country", "in %(values)s"),
    "place": pgettext_lazy("place", "at %(values)s"),
    "publisher": gettext_lazy("with a source of %(values)s"),
    "language": gettext_lazy("with a source in %(values)s"),
    "stance": gettext_lazy("with a source that %(values)s"),
    "speaker": gettext_lazy("with %(values)s as speaker"),
    "verification": gettext_lazy("marked as %(values)s"),
    "has": gettext_lazy("with %(values)s"),
    "metric": gettext_lazy("with figures of %(values)s"),
    "importance": gettext_lazy("of %(values)s importance"),
}
_EXCLUDING = {
    "actor": gettext_lazy("without %(values)s"),
    "role": gettext_lazy("without an actor as %(values)s"),
    "year": gettext_lazy("not in %(values)s"),
    "category": gettext_lazy("not in the category %(values)s"),
    "topic": gettext_lazy("not about %(values)s"),
    "country": pgettext_lazy("country", "not in %(values)s"),
    "place": pgettext_lazy("place", "not at %(values)s"),
    "publisher": gettext_lazy("without a source of %(values)s"),
    "language": gettext_lazy("without a source in %(values)s"),
    "stance": gettext_lazy("without a source that %(values)s"),
    "speaker": gettext_lazy("without %(values)s as speaker"),
    "verification": gettext_lazy("not marked as %(values)s"),
    "has": gettext_lazy("without %(values)s"),
    "metric": gettext_lazy("without figures of %(values)s"),
    "importance": gettext_lazy("not of %(values)s importance"),
}


def facet_label(facet: str) -> str:
    """What a facet is called in front of its value."""
    return str(_FACETS[facet])


def joined(names: Iterable[str], last: str) -> str:
    """``A``, ``A and B``, ``A, B and C`` with the given last word."""
    listed = list(names)
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {last} {listed[-1]}"


def including(facet: str, named: bool) -> str:
    """The phrase for the chosen values of a facet other than actors and years; ``named`` when
    actors, of whom a role then speaks, are chosen too."""
    if facet == "role" and not named:
        return _("with an actor as %(values)s")
    return str(_INCLUDING[facet])


def excluding(facet: str) -> str:
    """The phrase for the excluded values of a facet."""
    return str(_EXCLUDING[facet])


def inside(facet: str, value: str, name: str) -> str:
    """How a value stands inside a sentence; ``name`` is how it stands alone."""
    if facet == "stance":
        return (
            pgettext("a source that", "gives background")
            if value == "background"
            else (name.lower())
        )
    if facet == "importance":
        return {
            "key": pgettext("importance", "key"),
            "normal": pgettext("importance", "normal"),
            "minor": pgettext("importance", "minor"),
        }[value]
    return name.lower() if facet in ("role", "verification") else name


def _spoken(stance: str) -> str:
    return {
        "reports": pgettext("by somebody", "reported"),
        "confirms": pgettext("by somebody", "confirmed"),
        "denies": pgettext("by somebody", "denied"),
        "disputes": pgettext("by somebody", "disputed"),
        "analyses": pgettext("by somebody", "analysed"),
        "corrects": pgettext("by somebody", "corrected"),
        "retracts": pgettext("by somebody", "retracted"),
        "background": pgettext("by somebody", "put in context"),
    }[stance]


def said_by(stances: Iterable[str]) -> str:
    """The phrase for speakers who take one of the stances: "denied by %(values)s"."""
    spoken = joined((_spoken(stance) for stance in stances), _("or"))
    # The names are put in later, by the same sign as in all other phrases.
    return _("%(spoken)s by %(who)s") % {"spoken": spoken, "who": "%(values)s"}


def spoken_label(stances: Iterable[str]) -> str:
    """What stands before a speaker of whom a stance is asked: "Denied by"."""
    spoken = joined((_spoken(stance) for stance in stances), _("or"))
    said = _("%(spoken)s by") % {"spoken": spoken}
    return said[:1].upper() + said[1:]
