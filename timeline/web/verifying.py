"""Verification in words: why an event has its label, and the rules by which every label is given.

The rules are those of :mod:`timeline.verification`, in its order: the page on how we verify is
made from its table, so that it can't say anything else than what is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy, ngettext

from timeline.verification import RULES, Label, Outcome, Reason
from timeline.web import wording

_NAMED = 3
CONDITIONS = {
    "denied": gettext_lazy("A party denies or disputes it, and has not taken that back."),
    "document": gettext_lazy("An official document confirms it."),
    "party": gettext_lazy(
        "A party to the event confirms it. Hosts, mediators, observers and those whose claim it "
        "is are no parties in this sense."
    ),
    "two_voices": gettext_lazy("Two speakers, independent of each other, confirm it."),
    "claim": gettext_lazy(
        "It is the claim of one party and nobody else confirms it, however many outlets carry it."
    ),
    "two_origins": gettext_lazy("Two or more independent origins report it."),
    "one_origin": gettext_lazy("One origin reports it."),
    "nothing": gettext_lazy("No source reports it; such an event is not published."),
}
"""What must hold for each rule of the table, by its key."""

PREMISES = (
    gettext_lazy(
        "Of one party’s statements only the latest counts, by the last day on which the source can "
        "have been published. A government’s later admission replaces its own denial."
    ),
    gettext_lazy(
        "A party is an actor with all that belongs to it: a ministry speaks for its state."
    ),
    gettext_lazy("A claimant’s own party never confirms its own claim."),
    gettext_lazy(
        "An origin is the agency whose text it is, else the publisher: six papers that print one "
        "agency’s text are one origin."
    ),
    gettext_lazy("Analyses and background neither carry an event nor speak against it."),
)
"""What is settled before the first rule is asked."""

BY_HAND = gettext_lazy(
    "Shown to be wrong. No rule gives this label: an editor sets it, as an editor may set any "
    "other, and the event then says so, with a public note that says why."
)


@dataclass(frozen=True)
class Row:
    """A row of the page: the label and what must hold. ``number`` is empty for what is set by
    hand."""

    number: str
    label: str
    word: str
    condition: str


def rows() -> tuple[Row, ...]:
    """The table of rules as readers see it, in the order in which the rules are asked."""
    made = [
        Row(
            str(number),
            rule.label.value,
            wording.verification_word(rule.label.value),
            str(CONDITIONS[rule.key]),
        )
        for number, rule in enumerate(RULES, 1)
    ]
    disproved = Label.DISPROVED.value
    return (*made, Row("", disproved, wording.verification_word(disproved), str(BY_HAND)))


def sentence(outcome: Outcome) -> str:
    """Say why the label is what it is.

    "Confirmed by NATO; denied by Russia (2 sources)." "Claimed by the NIS; carried by 6
    publishers, one origin."
    """
    clauses = [_clause(reason) for reason in outcome.reasons]
    if not clauses:
        return gettext("No source reports it yet.")
    text = gettext("; ").join(clauses)
    return text[0].upper() + text[1:] + "."


def _clause(reason: Reason) -> str:
    if reason.kind == "carried":
        return _carried(reason)
    who = {"who": _joined(reason.names)}
    match reason.kind:
        case "confirmed":
            said = gettext("confirmed by %(who)s") % who
        case "conceded" if len(reason.names) == 1:
            said = gettext("confirmed by %(who)s, which had denied it before") % who
        case "conceded":
            said = gettext("confirmed by %(who)s, after denials") % who
        case "document":
            said = gettext("confirmed by an official document of %(who)s") % who
        case "denied":
            said = gettext("denied by %(who)s") % who
        case "disputed":
            said = gettext("disputed by %(who)s") % who
        case _:
            return gettext("claimed by %(who)s") % who
    if reason.sources < 2:
        return said
    sources = ngettext("%(num)s source", "%(num)s sources", reason.sources) % {
        "num": reason.sources
    }
    return f"{said} ({sources})"


def _carried(reason: Reason) -> str:
    carried = ngettext(
        "carried by %(num)s publisher", "carried by %(num)s publishers", reason.sources
    ) % {"num": reason.sources}
    if reason.origins == reason.sources:
        return carried
    origins = ngettext("one origin", "%(num)s origins", reason.origins) % {"num": reason.origins}
    return gettext("%(carried)s, %(origins)s") % {"carried": carried, "origins": origins}


def _joined(names: Sequence[str]) -> str:
    if len(names) > _NAMED + 1:
        return gettext("%(names)s and %(num)s others") % {
            "names": ", ".join(names[:_NAMED]),
            "num": len(names) - _NAMED,
        }
    if len(names) > 1:
        return gettext("%(names)s and %(last)s") % {
            "names": ", ".join(names[:-1]),
            "last": names[-1],
        }
    return names[0] if names else ""
