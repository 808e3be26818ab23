"""What a story and a period are to the outside, and how they are read.

A story's record holds its own words and points to events by their public ids; the events' records
are read beside it, so that a story always shows what they say today. Whatever faces readers reads
stories and periods here, in a fixed number of queries whatever a story's length.
"""

import datetime as dt
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from timeline import dates
from timeline.models import Event, Period, Step, Story
from timeline.models.choices import Status
from timeline.models.tongue import base
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
    of metrics whose figures are set side by side. ``language`` is that of its own words."""

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
    language: str = settings.LANGUAGE_CODE


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
        language=story.language,
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


def in_its_words(events: Mapping[str, EventRecord], language: str) -> dict[str, EventRecord]:
    """The events as a story in a language calls them: translated as far as they are, whatever
    the page is in."""
    made = {}
    for key, event in events.items():
        told = event.here(language)
        made[key] = replace(event, title=told.title, summary=told.summary, translations=())
    return made


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


# --- Editions: which of a work a reader is shown -------------------------------------------------


@dataclass(frozen=True, slots=True)
class Edition:
    """A public story by its address; ``work`` is the same for all editions of one."""

    key: int
    work: int
    slug: str
    title: str
    language: str

    def is_in(self, language: str) -> bool:
        return base(self.language) == base(language)


def _edition(row: Story) -> Edition:
    return Edition(row.pk, row.work, row.slug, row.title, row.language)


def editions(story: Story) -> tuple[Edition, ...]:
    """The public editions of what a story tells, itself among them if it is public, the original
    first; one query."""
    rows = Story.objects.public().of_work(story).order_by("pk")
    return next(iter(works(rows)), ())


def works(stories: Iterable[Story]) -> list[tuple[Edition, ...]]:
    """The editions of each work among these stories, the original first."""
    found: dict[int, list[Edition]] = {}
    for story in stories:
        found.setdefault(story.work, []).append(_edition(story))
    return [tuple(sorted(some, key=lambda each: each.key != each.work)) for some in found.values()]


def shown_to(found: Iterable[Edition], language: str) -> Edition | None:
    """The edition of a work that a reader of a language is shown: the one in the language, else
    the original, else the first."""
    at_hand = list(found)
    ranked = [each for each in at_hand if each.is_in(language)]
    ranked += [each for each in at_hand if each.key == each.work]
    return next(iter(ranked + at_hand), None)


def one_of_each(found: Iterable[Edition], language: str) -> list[Edition]:
    """For each work the edition that a reader is shown: those in the reader's language first, each
    group in the order given."""
    works: dict[int, list[Edition]] = {}
    for each in found:
        works.setdefault(each.work, []).append(each)
    shown = [first for some in works.values() if (first := shown_to(some, language)) is not None]
    order = {each.key: place for place, some in enumerate(works.values()) for each in some}
    return sorted(shown, key=lambda each: (not each.is_in(language), order[each.key]))


def latest_stories(language: str) -> list[Edition]:
    """The public stories for a reader of a language, the newest first; one query."""
    fields = ("pk", "translation_of", "slug", "title", "language")
    rows = Story.objects.public().order_by("-published_at", "-pk").only(*fields)
    return one_of_each([_edition(row) for row in rows], language)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an event stands in a story: its step's number, from 1, of so many."""

    edition: Edition
    number: int
    total: int


def standings(event: Event, language: str) -> tuple[Standing, ...]:
    """The public stories in which an event stands, for a reader of a language, in one query."""
    within = Step.objects.public().filter(event=event).values("story")
    rows = (
        Step.objects.public()
        .filter(story__in=within)
        .order_by("-story__published_at", "-story", "order", "pk")
        .select_related("story")
        .only("event", "story__translation_of", "story__slug", "story__title", "story__language")
    )
    steps: dict[Edition, list[int]] = {}
    for row in rows:
        steps.setdefault(_edition(row.story), []).append(row.event_id)
    return tuple(
        Standing(edition, steps[edition].index(event.pk) + 1, len(steps[edition]))
        for edition in one_of_each(steps, language)
    )


@dataclass(frozen=True, slots=True)
class StoryInBrief:
    """A story in a list of stories; ``sorts`` are the days of its events, in their order."""

    edition: Edition
    description: str
    introduction: str
    sorts: tuple[dt.date, ...]
    published_at: dt.datetime | None
    revised_at: dt.datetime | None


def stories_in_brief(language: str) -> tuple[StoryInBrief, ...]:
    """The public stories for a reader of a language, the newest first, in two queries."""
    rows = Story.objects.public().order_by("-published_at", "-pk")
    stories = {story.pk: story for story in rows}
    shown = one_of_each(map(_edition, stories.values()), language)
    days: dict[int, list[dt.date]] = {each.key: [] for each in shown}
    steps = Step.objects.public().filter(story__in=days).order_by("story", "order", "pk")
    for key, day in steps.values_list("story", "event__sort_date"):
        days[key].append(day)
    return tuple(
        StoryInBrief(
            each,
            stories[each.key].description,
            stories[each.key].introduction,
            tuple(days[each.key]),
            stories[each.key].published_at,
            stories[each.key].revised_at,
        )
        for each in shown
    )
