"""What a story and a period are to the outside, and how they are read.

A story's record holds its own words and points to events by their public ids; the events' records
are read beside it, so that a story always shows what they say today. Whatever faces readers reads
stories and periods here, in a fixed number of queries whatever a story's length.
"""

import datetime as dt
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from timeline import dates
from timeline.models import Event, Period, Step, Story
from timeline.models.choices import Status
from timeline.record import EventRecord, canonical_json, plain
from timeline.record.fetching import records_of
from timeline.record.reading import read


@dataclass(frozen=True, slots=True)
class PeriodRecord:
    """A named span; ``date`` is EDTF, ``family`` a family of categories or empty."""

    title: str
    date: str
    earliest: dt.date
    latest: dt.date
    note: str = ""
    family: str = ""

    @property
    def when(self) -> dates.FuzzyDate:
        return dates.parse(self.date)


@dataclass(frozen=True, slots=True)
class StepRecord:
    """A step: the event's public id, and what the story says of it. ``heading`` begins a section
    with the words of ``opening``. ``opening`` and ``note`` are as they were written."""

    event: str
    heading: str = ""
    opening: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class StoryRecord:
    """A story as readers may see it; ``introduction`` is Markdown. ``compared`` are the codes
    of metrics whose figures are set side by side."""

    public_id: str
    slug: str
    title: str
    description: str
    introduction: str
    byline: str
    steps: tuple[StepRecord, ...]
    periods: tuple[PeriodRecord, ...] = ()
    compared: tuple[str, ...] = ()
    published_at: dt.datetime | None = None
    revised_at: dt.datetime | None = None
    version: int | None = None


def between(first: dt.date, last: dt.date) -> tuple[PeriodRecord, ...]:
    """The periods that every chart shows, among those that touch the days from first to last."""
    return _periods(Period.objects.public().everywhere().overlapping(first, last))


def story_record(story: Story) -> StoryRecord:
    """Return one story in three queries, with the steps whose event is public."""
    rows = list(Step.objects.filter(story=story).select_related("event").order_by("order", "pk"))
    steps = [StepRecord(row.event.public_id, row.heading, row.opening, row.note) for row in rows]
    public = {row.event.public_id for row in rows if row.event.status == Status.PUBLISHED}
    return StoryRecord(
        public_id=story.public_id,
        slug=story.slug,
        title=story.title,
        description=story.description,
        introduction=story.introduction,
        byline=story.byline,
        steps=shown_steps(steps, public),
        periods=_periods(Period.objects.filter(story=story)),
        compared=tuple(story.compared.order_by("order", "code").values_list("code", flat=True)),
        published_at=story.published_at,
        revised_at=story.revised_at,
        version=story.version,
    )


def _periods(rows: QuerySet[Period]) -> tuple[PeriodRecord, ...]:
    return tuple(
        PeriodRecord(each.title, each.date, each.earliest, each.latest, each.note, each.family)
        for each in rows
    )


def written(found: StoryRecord) -> str:
    """The story as canonical JSON, as a version keeps it."""
    return canonical_json(plain(found))


def story_read(content: dict[str, Any]) -> StoryRecord:
    """The story that a version keeps."""
    return read(StoryRecord, content)


def with_events(found: StoryRecord) -> tuple[StoryRecord, dict[str, EventRecord]]:
    """The story with the steps whose event is public, and the records of those events by public
    id: six queries, however many steps."""
    keys = Event.objects.public().filter(public_id__in=[step.event for step in found.steps])
    records = records_of(list(keys.order_by().values_list("pk", flat=True)))
    events = {each.public_id: each for each in records.values()}
    return replace(found, steps=shown_steps(found.steps, events)), events


def shown_steps(steps: Sequence[StepRecord], public: Container[str]) -> tuple[StepRecord, ...]:
    """The steps to these events. A section whose first step falls out begins with the next."""
    kept: list[StepRecord] = []
    heading = opening = ""
    for step in steps:
        if step.heading:
            heading, opening = step.heading, step.opening
        if step.event in public:
            kept.append(replace(step, heading=heading, opening=opening))
            heading = opening = ""
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an event stands in a story: its step's number, from 1, of so many."""

    slug: str
    title: str
    number: int
    total: int


def standings(event: Event) -> tuple[Standing, ...]:
    """The public stories in which an event stands, the newest first, in one query."""
    within = Step.objects.public().filter(event=event).values("story")
    rows = (
        Step.objects.public()
        .filter(story__in=within)
        .order_by("-story__published_at", "-story", "order", "pk")
        .values_list("story__slug", "story__title", "event")
    )
    steps: dict[tuple[str, str], list[int]] = {}
    for slug, title, key in rows:
        steps.setdefault((slug, title), []).append(key)
    return tuple(
        Standing(slug, title, keys.index(event.pk) + 1, len(keys))
        for (slug, title), keys in steps.items()
    )


@dataclass(frozen=True, slots=True)
class StoryInBrief:
    """A story in a list of stories; ``sorts`` are the days of its events, in their order."""

    slug: str
    title: str
    description: str
    introduction: str
    sorts: tuple[dt.date, ...]
    published_at: dt.datetime | None
    revised_at: dt.datetime | None


def stories_in_brief(at_most: int | None = None) -> tuple[StoryInBrief, ...]:
    """The public stories, the newest first, in two queries."""
    stories = list(Story.objects.public().order_by("-published_at", "-pk")[:at_most])
    days: dict[int, list[dt.date]] = {story.pk: [] for story in stories}
    steps = Step.objects.public().filter(story__in=days).order_by("story", "order", "pk")
    for key, day in steps.values_list("story", "event__sort_date"):
        days[key].append(day)
    return tuple(
        StoryInBrief(
            story.slug,
            story.title,
            story.description,
            story.introduction,
            tuple(days[story.pk]),
            story.published_at,
            story.revised_at,
        )
        for story in stories
    )
