"""The pages of stories: all of them, one, its history, and each of its versions.

A version shows the story's own words as they were, over what its events say today: what those said
then is in their own histories. None of these reads a session, a user or a cookie.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from timeline.formats import citing, jsonld
from timeline.index.lanes import Window
from timeline.models import Story, StoryVersion
from timeline.models.tongue import tongue
from timeline.record import EventRecord, plain, spoken
from timeline.record.stories import (
    StoryInBrief,
    StoryRecord,
    between,
    stories_in_brief,
    story_read,
    story_record,
    with_events,
)
from timeline.web import axis, doors, ledger, pictured
from timeline.web.addresses import address
from timeline.web.article import DESCRIPTION
from timeline.web.cards import Name, shortened
from timeline.web.files import story_files
from timeline.web.overview import months_in_words, overview_of_days
from timeline.web.presentation import page
from timeline.web.shared import shared_story
from timeline.web.sharing import share_panel
from timeline.web.site import site
from timeline.web.telling import Telling, description_of, telling

SHOWN = 5
"""Versions that the story's own page lists."""


@dataclass(frozen=True)
class Listed:
    """A story in the list of stories. ``places`` are its events in time, in percent."""

    title: str
    href: str
    description: str
    total: str
    span: str
    places: tuple[float, ...]
    published: str
    at: str


@dataclass(frozen=True)
class Past:
    """What stands above a past version of a story."""

    number: int
    current: int
    current_href: str
    history_href: str
    day: str
    word: str
    sentence: str
    sha256: str
    previous_href: str
    next_href: str


def _listed(story: StoryInBrief) -> Listed:
    total = len(story.sorts)
    window = _months(story.sorts)
    return Listed(
        title=story.title,
        href=address("story", slug=story.slug),
        description=description_of(story.description, story.introduction),
        total=ngettext("%(count)s event", "%(count)s events", total) % {"count": total},
        span=months_in_words(window) if window else "",
        places=overview_of_days(story.sorts, window) if window else (),
        published=date_format(story.published_at) if story.published_at else "",
        at=story.published_at.date().isoformat() if story.published_at else "",
    )


def _months(days: Sequence[dt.date]) -> Window | None:
    return axis.whole_months(min(days), max(days)) if days else None


@doors.public_page
def stories(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view)
    """All stories, the newest first."""
    return page(
        "stories.html",
        {
            "here": "stories",
            "title": gettext("Stories"),
            "description": gettext(
                "Curated paths over the events of this record, told step by step. Each step opens "
                "its event, with its sources."
            ),
            "canonical": address("stories"),
            "stories": [_listed(each) for each in stories_in_brief()],
        },
    )


@doors.public_page
def story(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001  (a view)
    """A story, step by step."""
    return story_page(doors.story(slug))


def story_page(found: Story, *, preview: bool = False) -> HttpResponse:
    """The page of a story as it is saved; as a ``preview`` it is any story's, for staff."""
    shown, events = with_events(story_record(found))
    made = _told(shown, events)
    here = site()
    absolute = here.absolute(made.href)
    structured = jsonld.story(
        shown,
        spoken.told([events[step.event] for step in shown.steps], tongue()),
        description_of(shown.description, shown.introduction),
        absolute,
        jsonld.organization(here.name, here.url),
    )
    today = timezone.localdate()
    updated = found.revised_at or found.published_at
    return _page(
        made,
        {
            "preview": preview,
            "structured": jsonld.script_json(structured),
            "styles": citing.story_citations(
                found.slug,
                made.title,
                made.byline,
                found.version,
                timezone.localdate(updated) if updated else today,
                here.name,
                f"{absolute}v/{found.version}/" if found.version else absolute,
                today,
            ),
            "published_at": plain(found.published_at),
            "modified_at": plain(found.revised_at),
            "report": here.report_href(made.title, made.href),
            "picture": None if preview else pictured.story_shown(shown, events.values()),
            **({} if preview else _around(found)),
        },
    )


def _around(found: Story) -> dict[str, object]:
    """What stands around a public story: its files, its past, the stories beside it."""
    return {
        "files": story_files(found.get_absolute_url()),
        "share": share_panel(shared_story(found.slug)),
        "history": _history(found)[:SHOWN],
        "others": tuple(_listed(each) for each in _beside(stories_in_brief(), found.slug)),
    }


def _told(shown: StoryRecord, events: Mapping[str, EventRecord]) -> Telling:
    days = [each.sort_date for each in events.values()]
    everywhere = between(min(days), max(days)) if days and not shown.periods else ()
    return telling(shown, events, everywhere)


def _page(made: Telling, around: dict[str, object]) -> HttpResponse:
    every: dict[str, object] = {
        "section": "stories",
        "story": made,
        "canonical": made.href,
        "description": shortened(
            description_of(made.description, made.introduction.striptags()) or made.title,
            DESCRIPTION,
        ),
        "preview": False,
        "past": None,
        "structured": "",
        "styles": (),
        "published_at": "",
        "modified_at": "",
        "files": (),
        "share": None,
        "picture": None,
        "history": (),
        "others": (),
        "report": "",
    }
    return page("story.html", every | around)


def _beside(listed: Sequence[StoryInBrief], slug: str) -> list[StoryInBrief]:
    """The stories before and after one, in the order of their publication."""
    places = [each.slug for each in listed]
    at = places.index(slug)
    return [listed[place] for place in (at - 1, at + 1) if 0 <= place < len(listed)]


# --- Its past ---------------------------------------------------------------------------------


def _history(found: Story) -> list[ledger.Entry]:
    rows = StoryVersion.objects.public().filter(story=found).defer("record")
    return [_entry(row) for row in rows.select_related("story").order_by("-number")]


def _entry(version: StoryVersion) -> ledger.Entry:
    """The entry of a version on a page of its own story, which needs no word that it is one."""
    return replace(ledger.story_entry(version), word=ledger.kind_word(version.kind))


@doors.public_page
def history(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001  (a view)
    """All versions of a story."""
    found = doors.story(slug)
    return page(
        "history.html",
        {
            "section": "stories",
            "above": Name(gettext("Stories"), address("stories")),
            "event": Name(found.title, found.get_absolute_url()),
            "title": gettext("History of “%(title)s”") % {"title": found.title},
            "entries": _history(found),
            "chooses": (),
            "first": None,
            "last": None,
            "compared": None,
            "problem": "",
        },
    )


@doors.public_page
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:  # noqa: ARG001
    """A version of a story: its words as they were, over its events as they are."""
    found = doors.story(slug)
    rows = StoryVersion.objects.public().filter(story=found, number=number)
    row = rows.select_related("story").first()
    if row is None:
        raise Http404("There is no such version.")
    entry, href, last = _entry(row), found.get_absolute_url(), found.version or number
    made = _told(*with_events(story_read(row.content())))
    return _page(
        made,
        {
            "canonical": href,
            "past": Past(
                number=number,
                current=last,
                current_href=href,
                history_href=f"{href}history/",
                day=entry.day,
                word=entry.word,
                sentence=entry.sentence,
                sha256=row.sha256,
                previous_href=f"{href}v/{number - 1}/" if number > 1 else "",
                next_href=f"{href}v/{number + 1}/" if number < last else "",
            ),
        },
    )
