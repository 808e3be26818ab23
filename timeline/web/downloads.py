"""The same events in another form: any list, and any event, as a file of each kind.

A list's file takes its query string and has all its events, not a page of them; names that aren't
known are refused, since what reads files is a program that would not notice. The forms are those
of :mod:`timeline.formats.registry`; what can't be answered is said in JSON where the form is JSON,
else in plain text.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain
from typing import BinaryIO
from urllib.parse import parse_qsl

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    QueryDict,
)
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from timeline import browse, text
from timeline.browse import ParameterError
from timeline.browse.filters import PARAMETERS
from timeline.browse.selected import Selected, told, updated
from timeline.formats import package
from timeline.formats import stories as told_stories
from timeline.formats.about import About
from timeline.formats.citing import Style, citations, selection_citations
from timeline.formats.registry import BY_SUFFIX, OFFERED, STORY_FORMS, Form, TextForm, Writer
from timeline.index import Selection, keys
from timeline.index.reading import snapshot
from timeline.models import Event, Story
from timeline.record import EventRecord
from timeline.record.releases import releases
from timeline.record.stories import between, story_record, with_events
from timeline.record.told import title_of
from timeline.web import doors, errors, streams
from timeline.web.addresses import address, href, path_of
from timeline.web.cached import answered
from timeline.web.presets import preset
from timeline.web.site import site

OF_A_PAGE = ("cursor", "page_size", "view")
"""Parameters that cut a page out of a list; a file has all of it."""
OF_A_LIST = tuple(name for name in PARAMETERS if name not in OF_A_PAGE)
_LONGEST_NAME = 80
_PROBLEM = "application/problem+json"


class StoryFormConverter:
    """The forms of a story, as the end of an address."""

    regex = "|".join(suffix.replace(".", r"\.") for suffix in STORY_FORMS)

    def to_python(self, value: str) -> Form:
        return STORY_FORMS[value]

    def to_url(self, value: Form | str) -> str:
        return value if isinstance(value, str) else value.suffix


class FormConverter:
    """The forms of the registry, as the end of an address."""

    regex = "|".join(form.suffix.replace(".", r"\.") for form in OFFERED)

    def to_python(self, value: str) -> Form:
        return BY_SUFFIX[value]

    def to_url(self, value: Form | str) -> str:
        return value if isinstance(value, str) else value.suffix


@dataclass(frozen=True)
class _File:
    """What an address turned out to be; ``told`` reads what is written into it, ``cited`` says how
    to cite that. ``total`` is how many events it has, counted for forms that have a limit;
    ``write`` writes what isn't a selection of events."""

    name: str
    total: int
    told: Callable[[], tuple[About, Iterable[EventRecord]]]
    cited: Callable[[About], tuple[Style, ...]]
    write: Writer | None = None


class _Refused(Exception):
    """A query string that can't be answered, with what is wrong with it."""

    def __init__(self, errors: Sequence[ParameterError]) -> None:
        super().__init__(*errors)
        self.errors = errors


# --- Views ----------------------------------------------------------------------------------


@require_safe
def everything(request: HttpRequest, form: Form) -> HttpResponse:
    """The timeline, or what the query selects of it."""
    return _answer(
        request, form, OF_A_LIST, lambda: _selected(request, form, address("home"), "", None)
    )


@require_safe
def thing(request: HttpRequest, kind: str, slug: str, form: Form) -> HttpResponse:
    """The events of an actor, a year, a place and so on."""

    def find() -> _File:
        found = preset(kind, slug)
        return _selected(request, form, found.path, found.name, found.within)

    return _answer(request, form, OF_A_LIST, find)


@require_safe
def event(request: HttpRequest, public_id: str, form: Form, slug: str = "") -> HttpResponse:
    """One event, as it is or as it could be known on a day."""

    def find() -> _File:
        found = doors.event(public_id)
        if public_id != found.public_id or slug not in ("", found.slug):
            raise doors.Moved(found.get_absolute_url())
        return _alone(request, form, found)

    return _answer(request, form, ("known_by",), find, inline=form.is_json)


@require_safe
def story(request: HttpRequest, slug: str, form: Form) -> HttpResponse:
    """A story with its events."""
    return _answer(request, form, (), lambda: _story(form, doors.story(slug)))


def _answer(
    request: HttpRequest,
    form: Form,
    known: Sequence[str],
    find: Callable[[], _File],
    *,
    inline: bool = False,
) -> HttpResponse:
    """Answer with the file that ``find`` finds, whose parameters have the ``known`` names."""

    def make() -> HttpResponse:
        try:
            file = find()
        except _Refused as refused:
            return _refusal(form, refused.errors)
        except doors.Moved as moved:
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(href(path_of(moved.href, form.suffix), query))
        except doors.Gone as gone:
            return _gone(form, gone.thing)
        except Http404:
            said = gettext("There is nothing at this address")
            return _said(form, 404, said, gettext("It may have been mistyped."))
        if form.at_most and file.total > form.at_most:
            return _too_many(form, file.total)
        name = f"{file.name}.{form.suffix}"
        if request.method == "HEAD":
            return streams.announced(name, form.media_type, inline=inline or form.inline)
        if not isinstance(form, TextForm):
            return streams.built(name, form.media_type, lambda target: _pack(target, file))
        chunks = (file.write or form.write)(*file.told())
        if request.GET.get("bom") == "1":
            chunks = chain(["\ufeff"], chunks)
        return streams.download(name, form.media_type, chunks, inline=inline or form.inline)

    # Kept bytes know nothing of names that make no other page.
    wrong = _wrong(request.GET, form, known)
    response = _refusal(form, wrong) if wrong else answered(request, make)
    # Anybody's page may read what everybody may read; no cookie comes along.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _pack(target: BinaryIO, file: _File) -> None:
    """Write the package of a file's events, all of them as of one moment."""
    with snapshot():
        about, records = file.told()
        labelled = package.Labelled(
            name=text.slug(f"{about.site} {file.name}"),
            released=timezone.localdate().isoformat(),
            citations=file.cited(about),
        )
        package.build(target, about, records, labelled)


# --- What is asked --------------------------------------------------------------------------


def _wrong(params: QueryDict, form: Form, known: Sequence[str]) -> list[ParameterError]:
    """What of the names, and of the form's own options, can't be answered."""
    errors = []
    for error in browse.unknown(params, (*known, *form.options)):
        sentence = error.sentence
        if error.name in OF_A_PAGE:
            sentence = gettext(
                "“%(name)s” cuts a page out of a list, and a file has all of it. Leave it out."
            ) % {"name": error.name}
        errors.append(ParameterError(error.name, error.value, sentence))
    for name in form.options:
        for value in params.getlist(name):
            if value not in ("", "0", "1"):
                said = gettext("“%(value)s” is neither 1 nor empty. Write 1 to switch it on.")
                wrong = browse.shown(value)
                errors.append(ParameterError(name, wrong, said % {"value": wrong}))
    return errors


def _selected(
    request: HttpRequest, form: Form, page: str, name: str, within: Selection | None
) -> _File:
    reading = browse.read(request.GET, within)
    asked = reading.selection
    if asked is None:
        raise _Refused(reading.errors)
    newest = form.newest if isinstance(form, TextForm) else 0
    selection = asked.changed(sort="-updated") if newest else asked

    def told() -> tuple[About, Iterable[EventRecord]]:
        events = Selected(selection, newest or None)
        words = browse.words(reading, events.total)
        changed = None if selection.known_by else updated(selection)
        return (
            _about(
                form,
                page,
                reading.canonical,
                f"{name}: {words}" if name else words,
                events.total,
                changed,
            ),
            events,
        )

    chosen = [value.replace("!", "not ") for _name, value in parse_qsl(reading.canonical)]
    total = len(keys(selection)) if form.at_most else 0
    return _File(_named(name, *chosen) or "events", total, told, _as_selection)


def _as_selection(about: About) -> tuple[Style, ...]:
    return selection_citations(
        about.words, about.total, about.site, about.address, timezone.localdate()
    )


def _alone(request: HttpRequest, form: Form, found: Event) -> _File:
    asked = browse.read_day(request.GET)
    if asked.error is not None:
        raise _Refused([asked.error])
    records = told([found.pk], asked.day)
    if not records:
        raise Http404("It wasn't known by then.")
    changed = None if asked.day else found.revised_at or found.published_at
    about = _about(form, found.get_absolute_url(), asked.canonical, title_of(found), 1, changed)
    name = "-".join(part for part in (found.public_id, found.slug) if part)
    (record,) = records.values()
    return _File(
        name,
        1,
        lambda: (about, (record,)),
        lambda about: citations(record, about.site, about.address, timezone.localdate()),
    )


def _story(form: Form, found: Story) -> _File:
    shown, events = with_events(story_record(found))
    about = _about(
        form,
        found.get_absolute_url(),
        "",
        found.title,
        len(shown.steps),
        found.revised_at or found.published_at,
    )
    days = [each.sort_date for each in events.values()]
    if not shown.periods and days:
        shown = replace(shown, periods=between(min(days), max(days)))
    return _File(
        found.slug,
        len(shown.steps),
        lambda: (about, [events[step.event] for step in shown.steps]),
        lambda _about: (),
        write=partial(told_stories.WRITERS[form.suffix], shown),
    )


def _named(*words: str) -> str:
    """The name of a file, from what it holds."""
    return text.slug(" ".join(words))[:_LONGEST_NAME].strip("-")


def _about(
    form: Form, page: str, query: str, words: str, total: int, changed: datetime | None
) -> About:
    here = site()
    return About(
        words=words,
        address=here.absolute(href(page, query)),
        own_address=here.absolute(href(path_of(page, form.suffix), query)),
        site=here.name,
        site_address=here.url,
        licence=here.licence,
        language=translation.get_language() or "en",
        total=total,
        updated=changed,
    )


# --- What can't be answered -----------------------------------------------------------------


def _refusal(form: Form, errors: Sequence[ParameterError]) -> HttpResponse:
    """400, with what is wrong and what to write instead."""
    said = " ".join(f"{error.name}: {error.sentence}" for error in errors)
    return _said(form, 400, gettext("A value can’t be used"), said, errors)


def _too_many(form: Form, total: int) -> HttpResponse:
    """400, with what else there is: a narrower selection, or the whole record."""
    said = gettext(
        "This selection has %(total)s events, and a package holds %(most)s at most. Narrow it by "
        "a year or an actor, or take it as JSON, which has no limit."
    ) % {"total": f"{total:,}", "most": f"{form.at_most:,}"}
    if releases():
        where = site().absolute(f"{address('outgoing')}#releases")
        whole = gettext("Packages of the whole record, its releases, are at %(address)s.")
        said = f"{said} {whole % {'address': where}}"
    return _said(form, 400, gettext("Too many events for a package"), said)


def _gone(form: Form, thing: Event | Story) -> HttpResponse:
    """410 with the day and the public reason, and no title."""
    said, day, reason = errors.withdrawn(thing)
    return _said(form, 410, said, " ".join(part for part in (day, reason) if part))


def _said(
    form: Form, status: int, title: str, detail: str, errors: Sequence[ParameterError] = ()
) -> HttpResponse:
    if form.is_json:
        problem: dict[str, object] = {"title": title, "status": status, "detail": detail}
        if errors:
            problem["errors"] = [
                {"parameter": each.name, "value": each.value, "detail": each.sentence}
                for each in errors
            ]
        written, media_type = json.dumps(problem, ensure_ascii=False), _PROBLEM
    else:
        written, media_type = f"{title}\n{detail}\n", "text/plain; charset=utf-8"
    response = HttpResponse(written, status=status, content_type=media_type)
    response.headers["Cache-Control"] = "no-store"
    return response
