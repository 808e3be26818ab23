"""What each facet is called, and the phrases in which its values stand in a sentence.

Whole phrases, so that a translator can turn them round. :mod:`wording` puts them together.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


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
    return {
        "role": _("as %(values)s"),
        "category": _("in the category %(values)s"),
        "topic": _("about %(values)s"),
        "country": pgettext("country", "in %(values)s"),
        "place": pgettext("place", "at %(values)s"),
        "publisher": _("with a source of %(values)s"),
        "language": _("with a source in %(values)s"),
        "stance": _("with a source that %(values)s"),
        "speaker": _("with %(values)s as speaker"),
        "verification": _("marked as %(values)s"),
        "has": _("with %(values)s"),
        "metric": _("with figures of %(values)s"),
        "importance": _("of %(values)s importance"),
    }[facet]


def excluding(facet: str) -> str:
    """The phrase for the excluded values of a facet."""
    return {
        "actor": _("without %(values)s"),
        "role": _("without an actor as %(values)s"),
        "year": _("not in %(values)s"),
        "category": _("not in the category %(values)s"),
        "topic": _("not about %(values)s"),
        "country": pgettext("country", "not in %(values)s"),
        "place": pgettext("place", "not at %(values)s"),
        "publisher": _("without a source of %(values)s"),
        "language": _("without a source in %(values)s"),
        "stance": _("without a source that %(values)s"),
        "speaker": _("without %(values)s as speaker"),
        "verification": _("not marked as %(values)s"),
        "has": _("without %(values)s"),
        "metric": _("without figures of %(values)s"),
        "importance": _("not of %(values)s importance"),
    }[facet]


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
