"""What the stances on an event add up to: one pure function, and the table that it applies.

It speaks of parties (an actor's topmost ancestor) and of origins (the agency whose text it is,
else the publisher), because six papers printing one agency's copy are one witness. Nothing here
knows the database or a language; :mod:`timeline.record` turns rows into the values that it takes,
:mod:`timeline.web.verifying` says its outcome and its rules in words.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Label(StrEnum):
    """The stored and exported words; ``DISPROVED`` is only ever set by hand."""

    CONFIRMED = "confirmed"
    REPORTED = "reported"
    SINGLE_SOURCE = "single_source"
    CLAIMED = "claimed"
    DISPUTED = "disputed"
    DISPROVED = "disproved"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who speaks: a stable key (such as ``actor:north-korea``) and a name."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One citation, reduced to what counts.

    ``on`` is the last day on which the source can have been published, None if unknown (among
    others it then counts as the earliest). ``seen`` is the day on which we read it. ``party`` is
    the speaker's topmost ancestor, None when the publisher speaks in its own voice. ``document``
    marks an official document.
    """

    stance: str
    on: date | None
    publisher: Voice
    origin: Voice
    party: Voice | None = None
    document: bool = False
    seen: date | None = None

    @property
    def known(self) -> date | None:
        """The day from which it counts as known; None for never, but for today's record."""
        return self.on or self.seen

    @property
    def voice(self) -> Voice:
        return self.party or self.origin


@dataclass(frozen=True, slots=True)
class Part:
    """One participation: who, of which party, in which role."""

    actor: Voice
    party: Voice
    role: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of the outcome.

    ``kind`` is document, confirmed, conceded, denied, disputed, claimed or carried. ``names`` are
    the voices; ``sources`` counts the citations, for ``carried`` the publishers; ``origins`` is
    set for ``carried`` only.
    """

    kind: str
    names: tuple[str, ...] = ()
    sources: int = 0
    origins: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The label, its grounds, and the key of the rule in ``RULES`` that decided."""

    label: Label
    reasons: tuple[Reason, ...]
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is left to decide on when each party's earlier words and all copies are set aside.

    ``against`` and ``confirms`` are standing statements, the latter without a claimant's own;
    ``voices`` are the keys of those who confirm, ``parties`` those of the event, ``claimants``
    those whose claim it is, ``origins`` whoever carries it.
    """

    against: tuple[Statement, ...]
    confirms: tuple[Statement, ...]
    voices: frozenset[str]
    parties: frozenset[str]
    claimants: frozenset[str]
    origins: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: what must hold, and the label that follows."""

    key: str
    label: Label
    holds: Callable[[Evidence], bool]


RULES = (
    Rule("denied", Label.DISPUTED, lambda known: bool(known.against)),
    Rule("document", Label.CONFIRMED, lambda known: any(each.document for each in known.confirms)),
    Rule("party", Label.CONFIRMED, lambda known: bool(known.voices & known.parties)),
    Rule("two_voices", Label.CONFIRMED, lambda known: len(known.voices) >= 2),
    Rule("claim", Label.CLAIMED, lambda known: bool(known.claimants) and not known.confirms),
    Rule("two_origins", Label.REPORTED, lambda known: len(known.origins) >= 2),
    Rule("one_origin", Label.SINGLE_SOURCE, lambda known: bool(known.origins)),
    Rule("nothing", Label.UNVERIFIED, lambda known: True),  # noqa: ARG005  (as all the others)
)
"""The rules in their order: the first that holds decides. The last always holds. The public page
on how events are verified is made from this table."""


BYSTANDERS = frozenset({"claimant", "host", "mediator", "observer"})
"""Roles whose holder is not a party of the event."""

# On one day an admission outweighs a relayed report, and that outweighs a denial.
_WEIGHT = {"confirms": 3, "reports": 2, "retracts": 1, "denies": 0, "disputes": 0}


def verification(
    citations: Iterable[Statement], participations: Iterable[Part], day: date
) -> Outcome:
    """Return the label of an event as it could be known at the end of ``day``, with its reasons;
    ``date.max`` stands for today's record, whatever its sources' days.

    Of each voice only the latest stance by then counts, and a claimant's party never confirms
    its own claim; on what is left the first of ``RULES`` that holds decides.
    """
    parts = list(participations)
    known = _known(citations, day)
    evidence = _evidence(known, parts)
    rule = _decided(evidence)
    reasons = (
        *_confirmations(evidence.confirms, known),
        *_objections(evidence.against),
        *(_claims(parts) if evidence.claimants else ()),
        *_carried(_carriers(known)),
    )
    return Outcome(rule.label, reasons, rule.key)


def label(citations: Iterable[Statement], participations: Iterable[Part], day: date) -> Label:
    """Return the label that :func:`verification` gives, without asking for its reasons."""
    return _decided(_evidence(_known(citations, day), list(participations))).label


def _known(citations: Iterable[Statement], day: date) -> list[Statement]:
    """The citations as they could be known at the end of the day."""
    if day == date.max:
        return list(citations)
    return [each for each in citations if each.known is not None and each.known <= day]


def _decided(evidence: Evidence) -> Rule:
    return next(rule for rule in RULES if rule.holds(evidence))


def _evidence(known: Sequence[Statement], parts: Sequence[Part]) -> Evidence:
    standing = _standing(known)
    # A claim that no source has carried yet is nobody's word.
    claiming = [part for part in parts if part.role == "claimant"] if standing else []
    claimants = frozenset(part.party.key for part in claiming)
    confirms = tuple(
        each for each in standing if each.stance == "confirms" and each.voice.key not in claimants
    )
    return Evidence(
        against=tuple(each for each in standing if each.stance in ("denies", "disputes")),
        confirms=confirms,
        voices=frozenset(each.voice.key for each in confirms),
        parties=frozenset(part.party.key for part in parts if part.role not in BYSTANDERS),
        claimants=claimants,
        origins=frozenset(each.origin.key for each in _carriers(known)),
    )


def steps(
    citations: Iterable[Statement], participations: Iterable[Part]
) -> list[tuple[date, Label]]:
    """The days on which the label became another one, with the label from each on.

    Between two of them it is that of the earlier; before the first the event wasn't known.
    """
    statements, parts = list(citations), list(participations)
    found: list[tuple[date, Label]] = []
    for day in sorted({each.known for each in statements if each.known is not None}):
        then = label(statements, parts, day)
        if not found or found[-1][1] != then:
            found.append((day, then))
    return found


def _standing(known: Sequence[Statement]) -> list[Statement]:
    """Each voice's latest stance; all citations that carry it on that day."""
    latest: dict[str, tuple[date, int]] = {}
    for each in known:
        if each.stance in _WEIGHT:
            rank = (each.on or date.min, _WEIGHT[each.stance])
            latest[each.voice.key] = max(rank, latest.get(each.voice.key, rank))
    # A voice that says the same again on another day still stands with all its sources.
    decided = {
        each.voice.key: each.stance
        for each in known
        if each.stance in _WEIGHT
        and (each.on or date.min, _WEIGHT[each.stance]) == latest[each.voice.key]
    }
    return [each for each in known if decided.get(each.voice.key) == each.stance]


def _carriers(known: Sequence[Statement]) -> list[Statement]:
    """Citations that carry the event, without origins that took it back."""
    retracted: dict[str, date] = {}
    for each in known:
        if each.stance == "retracts":
            retracted[each.origin.key] = max(
                each.on or date.max, retracted.get(each.origin.key, date.min)
            )
    return [
        each
        for each in known
        if each.stance in ("reports", "confirms")
        and (each.origin.key not in retracted or (each.on or date.min) > retracted[each.origin.key])
    ]


def _names(statements: Iterable[Statement]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.voice.name for each in statements))


def _confirmations(confirms: Sequence[Statement], known: Sequence[Statement]) -> Iterable[Reason]:
    denied = {each.voice.key for each in known if each.stance in ("denies", "disputes")}
    conceded = [each for each in confirms if each.party and each.voice.key in denied]
    spoken = [each for each in confirms if each.party and each.voice.key not in denied]
    unspoken = [each for each in confirms if not each.party and not each.document]
    documents = [each for each in confirms if not each.party and each.document]
    if spoken or unspoken:
        yield Reason("confirmed", _names([*spoken, *unspoken]), len(spoken) + len(unspoken))
    if conceded:
        yield Reason("conceded", _names(conceded), len(conceded))
    if documents:
        yield Reason("document", _names(documents), len(documents))


def _objections(against: Sequence[Statement]) -> Iterable[Reason]:
    for stance, kind in (("denies", "denied"), ("disputes", "disputed")):
        found = [each for each in against if each.stance == stance]
        if found:
            yield Reason(kind, _names(found), len(found))


def _claims(parts: Sequence[Part]) -> Iterable[Reason]:
    names = tuple(dict.fromkeys(part.actor.name for part in parts if part.role == "claimant"))
    if names:
        yield Reason("claimed", names)


def _carried(carriers: Sequence[Statement]) -> Iterable[Reason]:
    if carriers:
        publishers = {each.publisher.key for each in carriers}
        origins = {each.origin.key for each in carriers}
        names = tuple(dict.fromkeys(each.origin.name for each in carriers))
        yield Reason("carried", names, len(publishers), len(origins))
