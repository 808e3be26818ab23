"""A story as its page shows it: sections of steps, its time at a glance, its numbers.

Made from a story's record and the records of its events; knows no database and no request. The
template ``story.html`` writes it down.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext
from markupsafe import Markup

from timeline.formats.marked import passage, without_marks
from timeline.models.tongue import tongue
from timeline.record import EventRecord, FigureRecord, spoken
from timeline.record.outlines import outline
from timeline.record.stories import PeriodRecord, StepRecord, StoryRecord
from timeline.web.addresses import address
from timeline.web.cards import Card, card, foreign
from timeline.web.claims import Claim, Plot, plots
from timeline.web.metrics import Trend, trends
from timeline.web.overview import (
    NO_FAMILY,
    Overview,
    family_at,
    months_in_words,
    overview,
    window_of,
)


@dataclass(frozen=True)
class StepView:
    """A step: its number, the card of its event, and what the story says of it."""

    number: int
    anchor: str
    card: Card
    note: Markup


@dataclass(frozen=True)
class Section:
    """Steps under one heading, which is empty for those that stand before the first; ``span`` is
    from when to when, ``family`` the colour of the period in which it begins."""

    anchor: str
    title: str
    span: str
    opening: Markup
    family: str
    steps: tuple[StepView, ...]

    @property
    def level(self) -> int:
        """The level of the headings of its steps."""
        return 3 if self.title else 2


@dataclass(frozen=True)
class Counted:
    """One count in the story's events: over time, and by who gave it."""

    title: str
    plot: Plot
    trend: Trend | None


@dataclass(frozen=True)
class Telling:
    """The page of a story. ``lang`` is the language of its own words, where it isn't the page's."""

    public_id: str
    href: str
    title: str
    description: str
    introduction: Markup
    byline: str
    span: str
    total: int
    sections: tuple[Section, ...]
    overview: Overview | None
    counts: tuple[Counted, ...]
    lang: str
    published: str
    revised: str
    version: int | None

    @property
    def named(self) -> tuple[Section, ...]:
        """The sections that the contents list."""
        return tuple(section for section in self.sections if section.title)


@dataclass(frozen=True)
class InStory:
    """Where an event stands in a story, as its own page tells it."""

    title: str
    href: str
    lang: str
    number: int
    total: int


def anchor_of(number: int) -> str:
    """Where a step stands on its story's page."""
    return f"step-{number}"


def telling(
    story: StoryRecord,
    events: Mapping[str, EventRecord],
    everywhere: Sequence[PeriodRecord],
) -> Telling:
    """The page of a story whose steps all have an event among ``events``; behind them stand its
    own periods, else those of ``everywhere``."""
    events = spoken.records(events)
    told = [events[step.event] for step in story.steps]
    periods = story.periods or tuple(everywhere)
    drawn = overview(told, periods, window_of(told)) if told else None
    revised = story.revised_at if story.revised_at != story.published_at else None
    return Telling(
        public_id=story.public_id,
        href=address("story", slug=story.slug),
        title=story.title,
        description=story.description,
        introduction=passage(story.introduction),
        byline=story.byline,
        span=drawn.words if drawn else "",
        total=len(told),
        sections=_sections(story.steps, events, periods, tongue()),
        overview=drawn,
        counts=_counts(told, story.compared),
        lang=foreign(story.language),
        published=date_format(story.published_at) if story.published_at else "",
        revised=date_format(revised) if revised else "",
        version=story.version,
    )


def description_of(description: str, introduction: str) -> str:
    """What says in a sentence what a story tells."""
    return description or without_marks(introduction)


def _sections(
    steps: Sequence[StepRecord],
    events: Mapping[str, EventRecord],
    periods: Sequence[PeriodRecord],
    page_language: str,
) -> tuple[Section, ...]:
    grouped: list[list[tuple[int, StepRecord]]] = []
    for number, step in enumerate(steps, start=1):
        if step.heading or not grouped:
            grouped.append([])
        grouped[-1].append((number, step))
    made = []
    for place, members in enumerate(grouped, start=1):
        first, records = members[0][1], [events[step.event] for _, step in members]
        made.append(
            Section(
                anchor=f"section-{place}",
                title=first.heading,
                span=months_in_words(window_of(records)),
                opening=passage(first.opening),
                family=family_at(periods, records[0].sort_date) if first.heading else NO_FAMILY,
                steps=tuple(
                    StepView(
                        number,
                        anchor_of(number),
                        card(outline(events[step.event]), page_language),
                        passage(step.note),
                    )
                    for number, step in members
                ),
            )
        )
    return tuple(made)


def _counts(events: Sequence[EventRecord], metrics: Sequence[str]) -> tuple[Counted, ...]:
    """What these events give of the metrics, where there is enough to compare."""
    claims = [
        Claim(figure, f"#{anchor_of(number)}", here=False)
        for number, event in enumerate(events, start=1)
        for figure in event.figures
        if figure.metric.code in metrics
    ]
    drawn = {
        (metric, trend.subject): trend
        for metric, figures in _by_metric(claims)
        for trend in trends(figures)
    }
    return tuple(
        Counted(
            title=gettext("%(metric)s: %(subject)s")
            % {"metric": plot.metric, "subject": plot.subject}
            if plot.subject
            else plot.metric,
            plot=plot,
            trend=drawn.get((plot.metric, plot.subject)),
        )
        for code in metrics
        for plot in plots(
            [claim for claim in claims if claim.figure.metric.code == code], everywhere=True
        )
    )


def _by_metric(claims: Iterable[Claim]) -> Iterable[tuple[str, list[FigureRecord]]]:
    grouped: dict[str, list[FigureRecord]] = {}
    for claim in claims:
        grouped.setdefault(claim.figure.metric.label, []).append(claim.figure)
    return grouped.items()
