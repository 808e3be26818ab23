"""What changed between two states of an event, field by field, in words.

Takes two records and gives lines in which what went is marked and what came is marked; knows no
database. Parts of an event (actors, sources, figures, relations) are paired by what they are
about, so that a corrected number is one line and not two. The macro ``differences`` in
``templates/pages/parts/history.html`` writes it down.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, TypeVar

from django.utils.translation import gettext, gettext_lazy

from timeline.models import choices
from timeline.record import (
    CitationRecord,
    EventRecord,
    FigureRecord,
    ParticipationRecord,
    TranslationRecord,
)
from timeline.web import numbers, wording
from timeline.web.cards import carrier
from timeline.web.when import when

GONE, CAME = "del", "ins"
# Words, single characters of scripts without spaces, and whatever stands between.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+|\s+|[^\w\s]")
Part = TypeVar("Part")


@dataclass(frozen=True)
class Piece:
    """A run of a text; ``mark`` is the element that it stands in: del, ins or none."""

    text: str
    mark: str = ""


@dataclass(frozen=True)
class Difference:
    """One field, and the lines of it that differ."""

    label: str
    lines: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True)
class Tie:
    """A relation as a version holds it: its kind, the other event's public id, and what to call
    that event today."""

    kind: str
    event: str
    called: str


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """One text as it became the other, word by word."""
    if not before or not after:
        return _line(before, after)
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.3:  # hardly a word is the same: two texts read better than a patchwork
        return _line(before, after)
    made: list[Piece] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            made.append(Piece("".join(old[a:b])))
            continue
        if b > a:
            made.append(Piece("".join(old[a:b]), GONE))
        if d > c:
            made.append(Piece("".join(new[c:d]), CAME))
    return tuple(made)


def _line(before: str, after: str) -> tuple[Piece, ...]:
    made = [Piece(text, mark) for text, mark in ((before, GONE), (after, CAME)) if text]
    return (made[0], Piece(" "), made[1]) if len(made) == 2 else tuple(made)


def differences(
    before: EventRecord,
    after: EventRecord,
    ties_before: Sequence[Tie] = (),
    ties_after: Sequence[Tie] = (),
) -> tuple[Difference, ...]:
    """The fields in which two states differ, in the order of the page; none where nothing does."""
    found = []
    for label, say in _FIELDS:
        old, new = say(before), say(after)
        if old != new:
            found.append(Difference(str(label), (pieces(old, new),)))
    for label, lines in (
        (
            gettext("Translations"),
            _paired(
                before.translations,
                after.translations,
                (lambda told: told.language,),
                _told_line,
            ),
        ),
        (gettext("Topics"), _sets(_topics(before), _topics(after))),
        (
            gettext("People and bodies"),
            _paired(before.participations, after.participations, (_part_key,), _part_line),
        ),
        (gettext("Figures"), _paired(before.figures, after.figures, _FIGURE_KEYS, _figure_line)),
        (
            gettext("Sources"),
            _paired(before.citations, after.citations, _CITATION_KEYS, _citation_line),
        ),
        (
            gettext("Related events"),
            _paired(ties_before, ties_after, (lambda tie: (tie.kind, tie.event),), _tie_line),
        ),
    ):
        if lines:
            found.append(Difference(label, lines))
    return tuple(found)


def _told_line(told: TranslationRecord) -> str:
    words = " ".join(each for each in (f"{told.title}.", told.label, told.summary) if each)
    return f"{wording.language_word(told.language)}: {words}"


# --- Single fields ------------------------------------------------------------------------


def _choice(words: Mapping[str, Any], value: str) -> str:
    return str(words.get(value, value)) if value else ""


def _date(record: EventRecord) -> str:
    date = when(record.date)
    parts = [date.dated, date.exactness]
    if record.date_basis in wording.BASIS_WORDS:
        parts.append(str(wording.BASIS_WORDS[record.date_basis]))
    if record.time is not None:
        parts.append(f"{record.time:%H:%M} {record.time_zone}".strip())
    return ", ".join(part for part in parts if part)


def _place(record: EventRecord) -> str:
    place = record.place
    if place is None:
        return ""
    known = str(wording.PRECISION_WORDS.get(record.place_precision, ""))
    return "; ".join(part for part in (", ".join((place.name, *place.within)), known) if part)


def _importance(record: EventRecord) -> str:
    return _choice(dict(choices.Importance.choices), record.importance)


_FIELDS: tuple[tuple[Any, Callable[[EventRecord], str]], ...] = (
    (gettext_lazy("Title"), lambda record: record.title),
    (gettext_lazy("Date"), _date),
    (gettext_lazy("Note on the date"), lambda record: record.date_note),
    (gettext_lazy("Category"), lambda record: record.category.name if record.category else ""),
    (gettext_lazy("Summary"), lambda record: record.summary),
    (gettext_lazy("Verification"), lambda record: wording.verification_word(record.verification)),
    (gettext_lazy("Why it is set by hand"), lambda record: record.verification_note),
    (gettext_lazy("Place"), _place),
    (gettext_lazy("Importance"), _importance),
    (gettext_lazy("Short label"), lambda record: record.label),
)


# --- Parts ----------------------------------------------------------------------------------


def _topics(record: EventRecord) -> dict[str, str]:
    return {topic.slug: topic.name for topic in record.topics}


def _sets(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[tuple[Piece, ...], ...]:
    gone = [(Piece(name, GONE),) for slug, name in before.items() if slug not in after]
    return (*gone, *((Piece(name, CAME),) for slug, name in after.items() if slug not in before))


def _paired(
    before: Iterable[Part],
    after: Iterable[Part],
    keys: Sequence[Callable[[Part], Hashable]],
    say: Callable[[Part], str],
) -> tuple[tuple[Piece, ...], ...]:
    """The lines that differ. Parts are paired by the first key under which they match; what finds
    none went or came."""
    old, new = list(before), list(after)
    pairs: list[tuple[Part, Part]] = []
    for key in keys:
        waiting: dict[Hashable, list[Part]] = {}
        for each in old:
            waiting.setdefault(key(each), []).append(each)
        rest = []
        for each in new:
            others = waiting.get(key(each))
            if others:
                pairs.append((others.pop(0), each))
            else:
                rest.append(each)
        new = rest
        old = [each for others in waiting.values() for each in others]
    lines = [pieces(say(a), say(b)) for a, b in pairs if say(a) != say(b)]
    lines += [(Piece(say(each), GONE),) for each in old]
    lines += [(Piece(say(each), CAME),) for each in new]
    return tuple(lines)


def _part_key(part: ParticipationRecord) -> Hashable:
    return part.actor.slug, part.role


def _part_line(part: ParticipationRecord) -> str:
    words = f"{part.actor.name}: {wording.role_phrase(part.role)}"
    return gettext("%(part)s (alleged)") % {"part": words} if part.alleged else words


_FIGURE_KEYS: tuple[Callable[[FigureRecord], Hashable], ...] = (
    # The same but for its state or note; the same claim with another number; the same count.
    lambda each: (
        *(each.metric.code, each.subject, numbers.owner(each), each.as_of, each.basis),
        numbers.stated(each),
    ),
    lambda each: (each.metric.code, each.subject, numbers.owner(each), each.as_of),
    lambda each: (each.metric.code, each.subject, numbers.owner(each)),
    lambda each: (each.metric.code, each.subject),
)


def _figure_line(figure: FigureRecord) -> str:
    said = f"{figure.metric.label}: {numbers.stated(figure).words}"
    if figure.subject:
        said = f"{figure.metric.label}, {figure.subject}: {numbers.stated(figure).words}"
    parts = [
        numbers.owner(figure),
        when(figure.as_of).short if figure.as_of else "",
        _choice(dict(choices.FigureState.choices), figure.state).lower()
        if figure.state != "current"
        else "",
        figure.note,
    ]
    held = ", ".join(part for part in parts if part)
    return f"{said} ({held})" if held else said


_CITATION_KEYS: tuple[Callable[[CitationRecord], Hashable], ...] = (
    lambda each: (
        each.source.public_id,
        each.stance,
        each.speaker.slug if each.speaker else "",
    ),
    lambda each: each.source.public_id,
)


def _citation_line(citation: CitationRecord) -> str:
    source = citation.source
    title = source.title or source.reference or source.url
    said = [
        f"{carrier(source)}: {title}",
        when(source.published).short if source.published else gettext("date not recorded"),
        wording.stance_word(citation.stance),
    ]
    if citation.speaker is not None:
        said.append(gettext("in the voice of %(name)s") % {"name": citation.speaker.name})
    said += [
        citation.locator,
        f"“{citation.quote}”" if citation.quote else "",
        ", ".join(str(wording.SUPPORT_WORDS.get(part, part)) for part in citation.supports),
        citation.note,
        source.url,
        gettext("archived: %(address)s") % {"address": source.archive_url}
        if source.archive_url
        else "",
    ]
    return "; ".join(part for part in said if part)


def _tie_line(tie: Tie) -> str:
    return f"{wording.relation_word(tie.kind, True)}: {tie.called}"
