"""Worklists: events that lack something, each list as one condition, and the page with counts.

The conditions are those of the event list's filter "what is missing", so a number on the page
links to the very events that it counts. A condition asks about one event and its own rows, so
that a list of many such events stops as soon as a page of them is found; where few rows lack
something, they are looked up first, so that a million events needn't be asked one by one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline.admin.glossary import SHOWN, missing_href, other_languages
from timeline.admin.stock import person
from timeline.editing import rights
from timeline.models import Citation, Event, Figure, Participation, Source
from timeline.models.choices import Stance, Status, VerificationLabel
from timeline.record.lacking import lacking, nameless

WORKED_ON = (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED)
"""Events that somebody may still mend; a withdrawn or merged one lacks nothing."""

COUNTED = 1_000
"""Counting stops here: whoever has so many events to mend needs no exact number."""


def _cited(*conditions: Q, **wanted: Any) -> Exists:
    return Exists(Citation.objects.filter(*conditions, event=OuterRef("pk"), **wanted))


def _figures(*conditions: Q, **wanted: Any) -> Exists:
    return Exists(Figure.objects.filter(*conditions, event=OuterRef("pk"), **wanted))


def _two_origins() -> Exists:
    """Two agencies or publishers that carry the event, as verification counts them."""
    carrying = Citation.objects.filter(
        event=OuterRef("pk"), stance__in=(Stance.REPORTS, Stance.CONFIRMS)
    )
    origins = carrying.order_by().values("event")
    origin = Coalesce("source__agency", "source__publisher")
    return Exists(origins.annotate(origins=Count(origin, distinct=True)).filter(origins__gte=2))


@dataclass(frozen=True)
class Worklist:
    """Events that lack something: its short name in the filter, the sentence on the page."""

    short: str | Promise
    sentence: str | Promise
    condition: Q
    keys: Callable[[], QuerySet[Any, Any] | None] | None = None

    def chosen(self) -> Q:
        """The condition, or where they are few the events themselves."""
        rows = self.keys() if self.keys is not None else None
        found = list(rows[: COUNTED + 1]) if rows is not None else None
        if found is None or len(found) > COUNTED:
            return self.condition
        return Q(pk__in=found)


def _of_sources(**lacking: str) -> tuple[Q, Callable[[], QuerySet[Any, Any] | None]]:
    """Events that cite a source which lacks something."""

    def keys() -> QuerySet[Any, Any] | None:
        sources = list(
            Source.objects.filter(**lacking).order_by().values_list("pk", flat=True)[: COUNTED + 1]
        )
        if len(sources) > COUNTED:
            return None
        return _events(Citation.objects.filter(source__in=sources))

    return Q(_cited(**{f"source__{name}": value for name, value in lacking.items()})), keys


def _of_figures(**lacking: Any) -> tuple[Q, Callable[[], QuerySet[Any, Any] | None]]:
    """Events with a figure that lacks something."""
    return Q(_figures(**lacking)), lambda: _events(Figure.objects.filter(**lacking))


def _of_citations(**lacking: Any) -> tuple[Q, Callable[[], QuerySet[Any, Any] | None]]:
    """Events with a citation that lacks something."""
    return Q(_cited(**lacking)), lambda: _events(Citation.objects.filter(**lacking))


def _events(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """The keys of the events of rows, each once."""
    return rows.order_by().values_list("event", flat=True).distinct()


_AGAINST = (Stance.DENIES, Stance.DISPUTES)
GROUPS = (
    (
        _("The event itself"),
        {
            "category": Worklist(_("Category"), _("No category"), Q(category=None)),
            "summary": Worklist(_("Summary"), _("No summary"), Q(summary="")),
            "actors": Worklist(
                _("Actors"),
                _("Nobody takes part"),
                Q(~Exists(Participation.objects.filter(event=OuterRef("pk")))),
            ),
            "place": Worklist(_("Place"), _("No place"), Q(place=None)),
            "day": Worklist(_("Exact day"), _("The day is not known"), ~Q(precision="day")),
        },
    ),
    (
        _("What it rests on"),
        {
            "source": Worklist(_("Source"), _("No source"), Q(~_cited())),
            "second": Worklist(
                _("Second source"),
                _("One source only"),
                Q(
                    Exists(
                        Citation.objects.filter(event=OuterRef("pk"))
                        .order_by()
                        .values("event")
                        .annotate(number=Count("pk"))
                        .filter(number=1)
                    )
                ),
            ),
            "origin": Worklist(
                _("Second independent origin"),
                _("No second independent origin reports or confirms it"),
                Q(~_two_origins()),
            ),
            "archive": Worklist(
                _("Archived copy"),
                _("No source has an archived copy"),
                Q(~_cited(source__archive_url__gt="")),
            ),
            "date_of_source": Worklist(
                _("Date of a source"), _("A source has no date"), *_of_sources(published="")
            ),
            "title_of_source": Worklist(
                _("Title of a source"), _("A source has no title"), *_of_sources(title="")
            ),
            "link": Worklist(
                _("Working link"),
                _("A link is gone and there is no archived copy"),
                *_of_sources(link_state="dead", archive_url=""),
            ),
            "moved": Worklist(
                _("Moved link"),
                _("A link has moved for good"),
                *_of_sources(link_state="redirected"),
            ),
        },
    ),
    (
        _("What is said"),
        {
            "owner": Worklist(
                _("Owner of a figure"),
                _("A figure has neither a giver nor a source"),
                *_of_figures(attributed_to=None, citation=None),
            ),
            "as_of": Worklist(
                _("Date of a figure"), _("A figure has no date"), *_of_figures(as_of="")
            ),
            "speaker": Worklist(
                _("Speaker"),
                _("Confirmed, denied or disputed, and neither a name nor a note says by whom"),
                *_of_citations(stance__in=(Stance.CONFIRMS, *_AGAINST), speaker=None, note=""),
            ),
            "denial": Worklist(
                _("Words of the denial"),
                _("Disputed, and neither a quote nor a note says what is denied"),
                Q(verification=VerificationLabel.DISPUTED, verification_override="")
                & ~Q(_cited(Q(quote__gt="") | Q(note__gt=""), stance__in=_AGAINST)),
            ),
        },
    ),
)
"""The worklists in the order of the page."""

WORKLISTS = {key: each for _heading, lists in GROUPS for key, each in lists.items()}
"""Each by the value of the filter "what is missing"."""


@dataclass(frozen=True)
class Line:
    """A worklist on the page, with the way to its events."""

    sentence: str
    count: int
    more: bool
    href: str


def _line(request: HttpRequest, key: str, each: Worklist) -> Line:
    events = rights.visible(person(request), Event.objects.filter(status__in=WORKED_ON))
    found = events.filter(each.chosen()).order_by()[: COUNTED + 1].count()
    href = f"{reverse('admin:timeline_event_changelist')}?missing={key}"
    return Line(str(each.sentence), min(found, COUNTED), found > COUNTED, href)


def _wordless() -> list[Line]:
    """For each other language of the site, what events share that has no word in it."""
    lines = []
    for code, name in other_languages().items():
        missing = (*lacking(code, SHOWN, in_events=False), *nameless(code, SHOWN))
        sentence = gettext("No word in %(language)s for a name or a description") % {
            "language": name
        }
        count = sum(len(each) for _kind, each in missing)
        cut = any(len(each) == SHOWN for _kind, each in missing)
        lines.append(Line(sentence, count, cut, missing_href(code)))
    return lines


def page_of(site: AdminSite) -> Callable[[HttpRequest], HttpResponse]:
    """The view of the page on this site."""

    def worklists(request: HttpRequest) -> HttpResponse:
        if not person(request).has_perm("timeline.view_event"):
            raise PermissionDenied
        groups = [
            (str(heading), [_line(request, key, each) for key, each in lists.items()])
            for heading, lists in GROUPS
        ]
        may = person(request).has_perm("timeline.view_term")
        return TemplateResponse(
            request,
            "admin/worklists.html",
            {
                **site.each_context(request),
                "title": gettext("Worklists"),
                "groups": groups,
                "wordless": _wordless() if may else [],
            },
        )

    return worklists
