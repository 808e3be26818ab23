"""What the stances on an event add up to: one pure function, and the sentence that says why.

It speaks of parties (an actor's topmost ancestor) and of origins (the agency whose text it is,
else the publisher), because six papers printing one agency's copy are one witness. Nothing here
knows the database; :mod:`timeline.record` turns rows into the values that it takes.
"""

from collections.abc import Iterable, Sequence
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
    label: Label
    reasons: tuple[Reason, ...]


BYSTANDERS = frozenset({"claimant", "host", "mediator", "observer"})
"""Roles whose holder is not a party of the event."""

# On one day an admission outweighs a relayed report, and that outweighs a denial.
_WEIGHT = {"confirms": 3, "reports": 2, "retracts": 1, "denies": 0, "disputes": 0}


def verification(
    citations: Iterable[Statement], participations: Iterable[Part], day: date
) -> Outcome:
    """Return the label of an event as it could be known at the end of ``day``, with its reasons;
    ``date.max`` stands for today's record, whatever its sources' days.

    The rules, in order (the first that holds decides): a standing denial or dispute; a
    confirmation by an official document, by a party of the event or by two independent voices;
    a claimant whom nobody confirms; two origins; one origin; none. A claimant's party never
    confirms its own claim.
    """
    known = [
        each
        for each in citations
        if day == date.max or (each.known is not None and each.known <= day)
    ]
    parts = list(participations)
    standing = _standing(known)

    claimants = {part.party.key for part in parts if part.role == "claimant"}
    parties = {part.party.key for part in parts if part.role not in BYSTANDERS}

    against = [each for each in standing if each.stance in ("denies", "disputes")]
    confirms = [
        each for each in standing if each.stance == "confirms" and each.voice.key not in claimants
    ]
    voices = {each.voice.key for each in confirms}
    confirmed = (
        any(each.document for each in confirms) or bool(voices & parties) or len(voices) >= 2
    )
    carriers = _carriers(known)
    origins = {each.origin.key for each in carriers}

    reasons = [
        *_confirmations(confirms, known),
        *_objections(against),
        *_claims(parts),
        *_carried(carriers),
    ]
    if against:
        label = Label.DISPUTED
    elif confirmed:
        label = Label.CONFIRMED
    elif claimants and not confirms:
        label = Label.CLAIMED
    elif len(origins) >= 2:
        label = Label.REPORTED
    elif origins:
        label = Label.SINGLE_SOURCE
    else:
        label = Label.UNVERIFIED
    return Outcome(label, tuple(reasons))


def steps(
    citations: Iterable[Statement], participations: Iterable[Part]
) -> list[tuple[date, Label]]:
    """The days on which the label became another one, with the label from each on.

    Between two of them it is that of the earlier; before the first the event wasn't known.
    """
    statements, parts = list(citations), list(participations)
    found: list[tuple[date, Label]] = []
    for day in sorted({each.known for each in statements if each.known is not None}):
        label = verification(statements, parts, day).label
        if not found or found[-1][1] != label:
            found.append((day, label))
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


def sentence(outcome: Outcome) -> str:
    """Say in English why the label is what it is.

    "Confirmed by NATO; denied by Russia (2 sources)." "Claimed by the NIS; carried by 6
    publishers, one origin."
    """
    clauses = [_clause(reason) for reason in outcome.reasons]
    if not clauses:
        return "No source reports it yet."
    text = "; ".join(clauses)
    return text[0].upper() + text[1:] + "."


def _clause(reason: Reason) -> str:
    who = _joined(reason.names)
    sources = f" ({reason.sources} sources)" if reason.sources > 1 else ""
    match reason.kind:
        case "confirmed":
            return f"confirmed by {who}{sources}"
        case "conceded":
            which = "which had denied it before" if len(reason.names) == 1 else "after denials"
            return f"confirmed by {who}, {which}{sources}"
        case "document":
            return f"confirmed by an official document of {who}{sources}"
        case "denied":
            return f"denied by {who}{sources}"
        case "disputed":
            return f"disputed by {who}{sources}"
        case "claimed":
            return f"claimed by {who}"
    publishers = "1 publisher" if reason.sources == 1 else f"{reason.sources} publishers"
    if reason.origins == reason.sources:
        return f"carried by {publishers}"
    origins = "one origin" if reason.origins == 1 else f"{reason.origins} origins"
    return f"carried by {publishers}, {origins}"


def _joined(names: Sequence[str]) -> str:
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} others"
    if len(names) > 1:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    return names[0] if names else ""
