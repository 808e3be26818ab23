"""The pages of stories: all of them, one, its history, and each of its versions.

A version shows the story's own words as they were, over what its events say today: what those said
then is in their own histories. None of these reads a session, a user or a cookie.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext, override

from config.languages import prefixed
from timeline.formats import citing, jsonld
from timeline.index.lanes import Window
from timeline.models import Story, StoryVersion
from timeline.models.addresses import bare
from timeline.models.tongue import base, tongue
from timeline.record import EventRecord, plain
from timeline.record.stories import (
    Edition,
    StoryInBrief,
    StoryRecord,
    between,
    editions,
    in_its_words,
    shown_to,
    stories_in_brief,
    story_read,
    story_record,
    with_events,
)
from timeline.web import axis, doors, ledger, pictured, wording
from timeline.web.addresses import address
from timeline.web.article import DESCRIPTION
from timeline.web.cards import Name, foreign, shortened
from timeline.web.files import story_files
from timeline.web.overview import months_in_words, overview_of_days
from timeline.web.presentation import page
from timeline.web.shared import shared_story
from timeline.web.sharing import share_panel
from timeline.web.site import site
from timeline.web.telling import Telling, description_of, telling
from timeline.web.tongues import own_name, tongues

SHOWN = 5
"""Versions that the story's own page lists."""


@dataclass(frozen=True)
class Listed:
    """A story in the list of stories. ``places`` are its events in time, in percent; ``lang`` and
    ``language`` are its language, where it isn't the page's, as a code and as a word."""

    title: str
    href: str
    lang: str
    language: str
    description: str
    total: str
    span: str
    places: tuple[float, ...]
    published: str
    at: str


@dataclass(frozen=True)
class Other:
    """The way to another edition of a story, in the words of its language."""

    words: str
    href: str
    lang: str


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
    lang = foreign(story.edition.language)
    window = _months(story.sorts)
    return Listed(
        title=story.edition.title,
        href=address("story", slug=story.edition.slug),
        lang=lang,
        language=wording.language_word(lang) if lang else "",
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
    """All stories, each in the language of the page if there is such an edition, these first."""
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
            "stories": [_listed(each) for each in stories_in_brief(tongue())],
        },
    )


@doors.public_page
def story(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001  (a view)
    """A story, step by step."""
    return story_page(doors.story(slug))


def story_page(found: Story, *, preview: bool = False) -> HttpResponse:
    """The page of a story as it is saved; as a ``preview`` it is any story's, for staff."""
    shown, events = with_events(story_record(found))
    events = in_its_words(events, shown.language)
    made = _told(shown, events)
    here = site()
    told = editions(found)
    places = places_of(told)
    canonical = _canonical(found, places) if not preview else made.href
    absolute = here.absolute(canonical)
    structured = jsonld.story(
        shown,
        [events[step.event] for step in shown.steps],
        description_of(shown.description, shown.introduction),
        absolute,
        jsonld.organization(here.name, here.url),
        [
            (each.language, here.absolute(_home(each)), each.key == each.work)
            for each in told
            if each.key != found.key
        ],
    )
    today = timezone.localdate()
    updated = found.revised_at or found.published_at
    return _page(
        made,
        {
            "preview": preview,
            "canonical": canonical,
            "editions": _others(told, found),
            "hreflang": here.tongues(made.href, places),
            "tongues": tongues(get_language() or settings.LANGUAGE_CODE, places),
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


def places_of(told: Sequence[Edition]) -> dict[str, str]:
    """For each language of the site the path, below the language, of the edition that its readers
    are shown; none for a story that has one edition only."""
    if len(told) < 2:
        return {}
    return {
        code: bare(address("story", slug=each.slug))
        for code, _name in settings.LANGUAGES
        if (each := shown_to(told, code)) is not None
    }


def _home(edition: Edition) -> str:
    """The path of an edition in its own language, as far as the site speaks it."""
    code = next(
        (code for code, _name in settings.LANGUAGES if base(code) == base(edition.language)),
        settings.LANGUAGE_CODE,
    )
    return prefixed(bare(address("story", slug=edition.slug)), code)


def _canonical(found: Story, places: Mapping[str, str]) -> str:
    """The path that stands for a story's page: this one, unless readers of the page's language are
    shown another edition."""
    here = found.get_absolute_url()
    if places.get(get_language() or "", bare(here)) == bare(here):
        return here
    return _home(Edition(found.key, found.work, found.slug, found.title, found.language))


def _others(told: Sequence[Edition], found: Story) -> tuple[Other, ...]:
    made = []
    for each in told:
        if each.key == found.key:
            continue
        with override(each.language):
            # Translators: in every language the name of this language: "한국어로 읽기".
            words = gettext("Read in English")
        if base(each.language) not in {base(code) for code, _name in settings.LANGUAGES}:
            words = own_name(each.language)
        made.append(Other(words, _home(each), each.language))
    return tuple(made)


def _around(found: Story) -> dict[str, object]:
    """What stands around a public story: its files, its past, the stories beside it."""
    return {
        "files": story_files(found.get_absolute_url()),
        "share": share_panel(shared_story(found.slug)),
        "history": _history(found)[:SHOWN],
        "others": tuple(_listed(each) for each in _beside(stories_in_brief(tongue()), found)),
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
        "editions": (),
        "hreflang": (),
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


def _beside(listed: Sequence[StoryInBrief], story: Story) -> list[StoryInBrief]:
    """The stories before and after one, in the order of the list of stories."""
    places = [each.edition.work for each in listed]
    at = places.index(story.work)
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
    shown, events = with_events(story_read(row.content()))
    made = _told(shown, in_its_words(events, shown.language))
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
