"""The words that pages put to the record's enumerations.

The stored value is for programs, the label of ``models.choices`` for forms; here stands what a
reader meets in a sentence ("makes the claim", "denied by"). Every word goes through gettext, in
the language of the request.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Generic, ParamSpec, TypeVar, cast

from django.utils.translation import (
    get_language,
    gettext,
    gettext_lazy,
    pgettext_lazy,
)

from timeline.models import choices
from timeline.models.tongue import language_name

P = ParamSpec("P")
Said = TypeVar("Said", str, tuple[str, str])

ROLE_PHRASES = {
    "initiator": gettext_lazy("began it"),
    "participant": gettext_lazy("took part"),
    "target": gettext_lazy("was its target"),
    "host": gettext_lazy("host"),
    "mediator": gettext_lazy("mediated"),
    "signatory": gettext_lazy("signed"),
    "speaker": gettext_lazy("said it"),
    "claimant": gettext_lazy("makes the claim"),
    "supplier": gettext_lazy("supplied"),
    "recipient": gettext_lazy("received"),
    "perpetrator": gettext_lazy("carried it out"),
    "victim": gettext_lazy("suffered it"),
    "observer": gettext_lazy("observed it"),
}
STANCE_WORDS = {
    "reports": gettext_lazy("reports"),
    "confirms": gettext_lazy("confirms"),
    "denies": gettext_lazy("denies"),
    "disputes": gettext_lazy("disputes"),
    "analyses": gettext_lazy("analysis"),
    "corrects": gettext_lazy("corrects"),
    "retracts": gettext_lazy("retracts"),
    "background": gettext_lazy("background"),
}
STANCE_MARKS = {"confirms": "yes", "denies": "no", "disputes": "ne", "retracts": "no"}
SUPPORT_WORDS = {
    "date": pgettext_lazy("what a source supports", "date"),
    "place": pgettext_lazy("what a source supports", "place"),
    "actors": pgettext_lazy("what a source supports", "actors"),
    "figures": pgettext_lazy("what a source supports", "figures"),
    "outcome": pgettext_lazy("what a source supports", "outcome"),
}
RELATION_WORDS = {
    ("part_of", True): gettext_lazy("Part of"),
    ("part_of", False): gettext_lazy("Has the part"),
    ("follows", True): gettext_lazy("Follows"),
    ("follows", False): gettext_lazy("Followed by"),
    ("response_to", True): gettext_lazy("Response to"),
    ("response_to", False): gettext_lazy("Answered by"),
    ("contradicts", True): gettext_lazy("Contradicts"),
    ("contradicts", False): gettext_lazy("Contradicted by"),
    ("same_series", True): gettext_lazy("Same series"),
    ("same_series", False): gettext_lazy("Same series"),
}
LINK_WORDS = {
    "ok": gettext_lazy("Link works"),
    "redirected": gettext_lazy("The link has moved"),
    "paywalled": gettext_lazy("Behind a paywall"),
    "dead": gettext_lazy("Link gone; read the archived copy if there is one"),
}
PRECISION_WORDS = {
    "near": gettext_lazy("near this place"),
    "settlement": gettext_lazy("town or village known"),
    "district": gettext_lazy("district known"),
    "province": gettext_lazy("province known"),
    "region": gettext_lazy("region known"),
    "country": gettext_lazy("only the country is known"),
    "waters_or_air": gettext_lazy("at sea or in the air"),
}
BASIS_WORDS = {
    "announced": gettext_lazy("the day it was announced"),
    "first_reported": gettext_lazy("the day it was first reported"),
    "recorded": gettext_lazy("the day it was recorded"),
}
COUNTED_WORDS = {
    "cumulative": gettext_lazy("running total"),
    "in_period": gettext_lazy("in a period"),
}
GUARDED = {
    "about": gettext_lazy("about %(number)s"),
    "at_least": gettext_lazy("at least %(number)s"),
    "more_than": gettext_lazy("more than %(number)s"),
    "up_to": gettext_lazy("up to %(number)s"),
    "less_than": gettext_lazy("less than %(number)s"),
}
FAMILY_CLASSES = {
    "military": "mil",
    "intelligence": "int",
    "statements": "stm",
    "diplomacy": "dip",
    "measures": "mea",
}
# The mark that stands for a whole family in the key of a chart.
FAMILY_MARKS = {
    "military": "triangle_down",
    "intelligence": "diamond",
    "statements": "bubble",
    "diplomacy": "disc",
    "measures": "square",
}


class _Remembered(Generic[P, Said]):
    """A function that says few different things, and remembers them in each language. ``said`` is
    told the language of the moment by who asks often, since finding it out takes longer."""

    def __init__(self, say: Callable[P, Said]) -> None:
        tell = cast("Callable[..., Said]", say)
        self.said: Callable[..., Said] = lru_cache(maxsize=2048)(
            lambda _language, *about: tell(*about)
        )

    def __call__(self, *about: P.args, **_named: P.kwargs) -> Said:
        return self.said(get_language(), *about)


@_Remembered
def decade_word(year: int) -> str:
    """The ten years that begin with this one."""
    return gettext("%(year)ss") % {"year": year}


@_Remembered
def role_phrase(role: str) -> str:
    """What an actor did in an event, in words that follow its name."""
    return str(ROLE_PHRASES.get(role, role))


@_Remembered
def stance_word(stance: str) -> str:
    """A stance as one word of a source line."""
    return str(STANCE_WORDS.get(stance, stance))


@_Remembered
def relation_word(kind: str, outgoing: bool) -> str:
    """A relation seen from one of its two events."""
    return str(RELATION_WORDS.get((kind, outgoing), kind))


@_Remembered
def verification_word(label: str) -> str:
    """A verification label as a reader sees it."""
    return str(dict(choices.VerificationLabel.choices).get(label, label))


@_Remembered
def actor_kind_word(kind: str) -> str:
    """An actor's kind as a reader sees it."""
    return str(dict(choices.ActorKind.choices).get(kind, kind))


@_Remembered
def publisher_kind_word(kind: str) -> str:
    """A publisher's kind as a reader sees it."""
    return str(dict(choices.PublisherKind.choices).get(kind, kind))


@_Remembered
def source_kind_word(kind: str) -> str:
    """A source's kind as a reader sees it."""
    return str(dict(choices.SourceKind.choices).get(kind, kind))


@_Remembered
def family_word(family: str) -> str:
    """The name of a family of categories."""
    return str(dict(choices.Family.choices).get(family, family))


@_Remembered
def language_word(code: str) -> str:
    """The name of a language in the language of the page; the code itself where none is known."""
    return language_name(code)


@_Remembered
def guard(qualifier: str) -> tuple[str, str]:
    """What stands before a number and what behind it, by how it was stated; nothing where it was
    stated plainly."""
    before, _number, after = str(GUARDED.get(qualifier, "")).partition("%(number)s")
    return before.strip(), after.strip()
