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
    """A story as readers may see it; ``introduction`` is Markdown."""

    public_id: str
    slug: str
    title: str
    description: str
    introduction: str
    byline: str
    steps: tuple[StepRecord, ...]
    periods: tuple[PeriodRecord, ...] = ()
    published_at: dt.datetime | None = None
    revised_at: dt.datetime | None = None
    version: int | None = None


def between(first: dt.date, last: dt.date) -> tuple[PeriodRecord, ...]:
    """The periods that every chart shows, among those that touch the days from first to last."""
    return _periods(Period.objects.public().everywhere().overlapping(first, last))


def story_record(story: Story) -> StoryRecord:
    """Return one story in two queries, with the steps whose event is public."""
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
