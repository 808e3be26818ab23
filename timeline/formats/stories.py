"""A story as a file: the project's own JSON, and slides of TimelineJS.

Both hold the story's own words beside its events, which stand in the order of its steps. A story
isn't taken in again; its events are, from the timeline's own files.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from timeline import dates
from timeline.formats import timelinejs
from timeline.formats.about import About
from timeline.formats.marked import passage
from timeline.record import EventRecord, plain, spoken
from timeline.record.outside import as_object
from timeline.record.stories import PeriodRecord, StoryRecord

FORMAT = "dateline-story"
FORMAT_VERSION = 1

StoryWriter = Callable[[StoryRecord, About, Iterable[EventRecord]], Iterator[str]]


def write_json(story: StoryRecord, about: About, events: Iterable[EventRecord]) -> Iterator[str]:
    """The story with its steps, each naming its event by its public id, and the events in full."""
    head = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "site": {"name": about.site, "address": about.site_address},
        "licence": about.licence,
        "language": about.language,
        "address": about.address,
        "story": plain(story),
    }
    yield "{\n" + "".join(f"{_json(name)}: {_json(value)},\n" for name, value in head.items())
    yield '"events": ['
    before = "\n"
    for event in {each.public_id: each for each in events}.values():
        yield before + _json(as_object(event))
        before = ",\n"
    yield "\n]\n}\n"


def write_slides(story: StoryRecord, about: About, events: Iterable[EventRecord]) -> Iterator[str]:
    """Slides: the introduction, a slide for each step with its note, the periods as eras."""
    notes = (passage(step.note) for step in story.steps)
    introduction = passage(story.introduction or story.description)
    document = {
        "title": timelinejs.title(about, introduction),
        "events": [
            timelinejs.slide(event, about, note)
            for event, note in zip(spoken.told(events, story.language), notes, strict=True)
        ],
    }
    if eras := [made for period in spoken.periods(story.periods) if (made := _era(period))]:
        document["eras"] = eras
    yield _json(document) + "\n"


def _era(period: PeriodRecord) -> dict[str, Any] | None:
    """A period as an era, which needs a beginning and an end."""
    when = period.when
    if when.open_start or when.open_end:
        return None
    start, end = dates.boxes(when)
    return timelinejs.era(period.title, start, end or start)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


WRITERS: Mapping[str, StoryWriter] = {"json": write_json, "timelinejs.json": write_slides}
"""By the suffix of the form."""
