"""A draft becomes an unsaved event with its rows, cleaned and weighed as if a form had saved it.

Everything that a row refers to comes from :mod:`timeline.intake.things`; what is wrong with a row
is collected, so that a person sees all of it at once. A row with a fatal problem becomes nothing.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date
from operator import attrgetter
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from timeline import dates, text
from timeline.editing import bulk
from timeline.editing.imports import NewEvent, hindrances
from timeline.intake.cleaning import clean
from timeline.intake.drafts import EventDraft, FigureDraft, Problem
from timeline.intake.tables import shown
from timeline.intake.things import Refused, Things
from timeline.models import (
    Actor,
    Citation,
    Event,
    EventTranslation,
    ExternalId,
    Figure,
    Participation,
)
from timeline.models.choices import Stance, Status
from timeline.models.translations import seal
from timeline.record import stated, voice
from timeline.verification import Part, label, steps

Thing = TypeVar("Thing", bound=models.Model)
Draft = TypeVar("Draft")


@dataclass(slots=True)
class Built:
    """What a draft came to: ``new`` is None when a problem is fatal; ``uses`` are the shared
    records that must be there before it is stored."""

    new: NewEvent | None
    problems: list[Problem] = field(default_factory=list)
    uses: list[models.Model] = field(default_factory=list)


# Translations apart, so that a row without them is what it was before there were any.
_SAID = attrgetter(
    *(each.name for each in fields(EventDraft) if each.name not in ("row", "translations"))
)


def fingerprint(draft: EventDraft) -> str:
    """Equal for a row that says the same, wherever in the file it stands."""
    said = (_SAID(draft), draft.translations) if draft.translations else _SAID(draft)
    return hashlib.sha256(repr(said).encode()).hexdigest()


class Builder:
    """Builds one draft after the other."""

    def __init__(self, things: Things, *, publish: bool) -> None:
        self.things = things
        self.publish = publish

    def build(self, draft: EventDraft) -> Built:
        """The event that the draft tells of, not saved."""
        return _Row(self, draft).built()


class _Row:
    def __init__(self, builder: Builder, draft: EventDraft) -> None:
        self.things, self.publish, self.draft = builder.things, builder.publish, draft
        self.problems: list[Problem] = []
        self.uses: list[models.Model] = []

    def built(self) -> Built:
        draft = self.draft
        event = self._event()
        new = NewEvent(event, fingerprint=fingerprint(draft))
        for topic in draft.topics:
            found = self._use(self.things.topic, topic)
            if found is not None and all(each is not found for each in new.topics):
                new.topics.append(found)
        self._participations(new)
        cited = self._citations(new)
        self._figures(new, cited)
        for each in dict.fromkeys(draft.external):
            external = bulk.make(
                ExternalId, event=event, system=each.system, value=each.value, url=each.url
            )
            self._clean(external, "external id: ")
            new.external_ids.append(external)
        self._translations(new)
        if any(each.fatal for each in self.problems):
            return Built(None, self.problems)
        self._weigh(new)
        if self.publish:
            self._publish(new)
        return Built(new, self.problems, self.uses)

    def _translations(self, new: NewEvent) -> None:
        told = set()
        for each in self.draft.translations:
            if each.language in told:
                sentence = _("There is a translation into this language already. Leave one out.")
                self._wrong("translation: language", each.language, sentence)
            told.add(each.language)
            translation = bulk.make(
                EventTranslation,
                event=new.event,
                language=each.language,
                title=each.title,
                summary=each.summary,
                label=each.label,
                of="" if each.outdated else seal(new.event.title, new.event.summary),
            )
            self._clean(translation, "translation: ")
            new.translations.append(translation)

    # --- The event itself -------------------------------------------------------------------

    def _event(self) -> Event:
        draft = self.draft
        event = bulk.make(
            Event,
            title=draft.title,
            label=draft.label,
            summary=draft.summary,
            date=draft.date,
            time=draft.time,
            time_zone=draft.time_zone,
            day_order=draft.day_order,
            date_note=draft.date_note,
            verification_override=draft.verification_override,
            verification_note=draft.verification_note,
            internal_note=draft.internal_note,
            public_id=draft.public_id,
            status=Status.DRAFT,
        )
        for name in ("date_basis", "place_precision", "importance"):
            if getattr(draft, name):
                setattr(event, name, getattr(draft, name))
        self._clean(event)
        if event.verification_override and not event.verification_note:
            self._wrong(
                "verification_note",
                event.verification_override,
                _("Say in “why it is set by hand” why the verification is set by hand."),
            )
        if draft.category is not None:
            bulk.point(event, "category", self._use(self.things.category, draft.category))
        if draft.place is not None:
            bulk.point(event, "place", self._use(self.things.place, draft.place))
        return event

    # --- Its rows ---------------------------------------------------------------------------

    def _participations(self, new: NewEvent) -> None:
        held = set()
        for draft in self.draft.participations:
            actor = self._use(self.things.actor, draft.actor)
            if actor is None:
                continue
            part = bulk.make(Participation, event=new.event, actor=actor, alleged=draft.alleged)
            category = new.event.category
            role = draft.role or (category.default_role if category is not None else "")
            if role:
                part.role = role
            self._clean(part, "actor: ")
            if (id(actor), part.role) in held:
                self._warn("actor", actor.name, _("This actor has this role twice; once is kept."))
                continue
            held.add((id(actor), part.role))
            part.order = len(new.participations)
            new.participations.append(part)

    def _citations(self, new: NewEvent) -> list[Citation | None]:
        """For each citation of the draft the row that stands for it."""
        made: dict[tuple[int, str, int], Citation] = {}
        cited: list[Citation | None] = []
        for draft in self.draft.citations:
            source = self._use(self.things.source, draft.source)
            speaker = None
            if draft.speaker is not None:
                speaker = self._use(self.things.actor, draft.speaker)
            if source is None or (draft.speaker is not None and speaker is None):
                cited.append(None)
                continue
            citation = bulk.make(
                Citation,
                event=new.event,
                source=source,
                stance=draft.stance or Stance.REPORTS,
                speaker=speaker,
                locator=draft.locator,
                quote=draft.quote,
                supports=list(dict.fromkeys(draft.supports)),
                note=draft.note,
            )
            self._clean(citation, "source: ")
            key = (id(source), citation.stance, id(speaker))
            if key in made:
                self._warn(
                    "source", str(source), _("This source is cited twice so; the first is kept.")
                )
            else:
                citation.order = len(new.citations)
                new.citations.append(citation)
            cited.append(made.setdefault(key, citation))
        return cited

    def _figures(self, new: NewEvent, cited: list[Citation | None]) -> None:
        places: dict[int, int] = {}
        for place, draft in enumerate(self.draft.figures):
            figure = self._figure(new.event, draft, cited)
            if figure is None:
                continue
            figure.order = places[place] = len(new.figures)
            new.figures.append(figure)
        for place, draft in enumerate(self.draft.figures):
            other = draft.superseded_by
            if other is None or place not in places:
                continue
            if other in places and other != place:
                new.superseding.append((places[place], places[other]))
            else:
                self._wrong(
                    "figure: superseded_by",
                    str(other),
                    _("This is no other figure of the event. Count its figures from 0."),
                )

    def _figure(
        self, event: Event, draft: FigureDraft, cited: list[Citation | None]
    ) -> Figure | None:
        metric = self._use(self.things.metric, draft.metric)
        owner = self._use(self.things.actor, draft.attributed_to) if draft.attributed_to else None
        citation = None
        if draft.citation is not None:
            if 0 <= draft.citation < len(cited):
                citation = cited[draft.citation]
            else:
                self._wrong(
                    "figure: source",
                    str(draft.citation),
                    _("This is no source of the event. Choose a source that this event cites."),
                )
        if metric is None:
            return None
        figure = bulk.make(
            Figure,
            event=event,
            metric=metric,
            subject=draft.subject,
            low=draft.low,
            best=draft.best,
            high=draft.high,
            text_value=draft.text_value,
            period_start=draft.period_start,
            as_of=draft.as_of,
            attributed_to=owner,
            citation=citation,
            note=draft.note,
        )
        for name in ("qualifier", "basis", "state"):
            if getattr(draft, name):
                setattr(figure, name, getattr(draft, name))
        self._clean(figure, "figure: ")
        stands = (figure.low, figure.best, figure.high) != (None, None, None)
        if not stands and not figure.text_value:
            self._wrong("figure", "", _("A figure needs a number or its words, such as dozens."))
        if citation is None and owner is None:
            self._wrong("figure", "", _("Say who gives this number, or its source."))
        return figure

    # --- What follows -----------------------------------------------------------------------

    def _weigh(self, new: NewEvent) -> None:
        statements = [
            stated(each, topmost(each.speaker) if each.speaker else None) for each in new.citations
        ]
        parts = [
            Part(voice(part.actor), voice(topmost(part.actor)), part.role)
            for part in new.participations
        ]
        new.label = label(statements, parts, date.max).value
        new.steps = steps(statements, parts)

    def _publish(self, new: NewEvent) -> None:
        hindered = hindrances(new)
        if hindered:
            self._warn(
                "",
                "",
                _("This can't be published and is imported as a draft: %(why)s")
                % {"why": " ".join(hindered)},
            )
            return
        draft, event = self.draft, new.event
        event.status = Status.PUBLISHED
        event.version = draft.version
        event.published_at, event.revised_at = draft.published_at, draft.revised_at
        if draft.version is not None and draft.version > 1:
            new.public_note = _(
                "Taken over from another site as version %(number)s. Earlier versions are there: "
                "%(address)s"
            ) % {"number": draft.version, "address": _address(draft.address)}

    # --- Steps that they share --------------------------------------------------------------

    def _use(self, find: Callable[[Draft, int], Thing], draft: Draft) -> Thing | None:
        try:
            thing = find(draft, self.draft.row)
        except Refused as refused:
            self.problems += refused.problems
            return None
        self.uses.append(thing)
        return thing

    def _clean(self, thing: models.Model, where: str = "") -> None:
        self.problems += clean(thing, self.draft.row, where)

    def _wrong(self, column: str, value: str, sentence: str) -> None:
        self.problems.append(Problem(self.draft.row, column, shown(value), sentence))

    def _warn(self, column: str, value: str, sentence: str) -> None:
        self.problems.append(Problem(self.draft.row, column, shown(value), sentence, fatal=False))


def topmost(actor: Actor) -> Actor:
    """What the actor is part of in the end."""
    above: Any = actor
    while above.parent is not None:
        above = above.parent
    found: Actor = above
    return found


def _address(written: str) -> str:
    """The history's address on the other site; a dash where the file names none."""
    try:
        address = text.clean_url(written) if written else ""
    except text.LinkError:
        address = ""
    return f"{address.rstrip('/')}/history/" if address and len(address) <= 300 else "–"


def when(draft: EventDraft) -> dates.FuzzyDate | None:
    """The draft's date, None when it isn't one."""
    try:
        return dates.parse(draft.date)
    except dates.DateError:
        return None
