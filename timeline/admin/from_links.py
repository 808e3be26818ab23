"""From links: many addresses pasted at once, each asked what it is, then drafts or sources made.

With script the page asks for one address after the other, each by a request of its own, so that
none is long; without, one request asks a few and keeps the rest in the box. The fields carry all
there is; the server keeps nothing between two steps. An article's day is not the event's: for
each draft somebody says that it is, or writes another.
"""

import re
import time
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from timeline import archives, dates, text
from timeline.admin import filling, in_place, similar
from timeline.admin.snapshots import sealed_new, unsealed_new
from timeline.admin.stock import person
from timeline.editing import changes, links
from timeline.editing.links import Told
from timeline.intake.article import Article
from timeline.intake.internet import Refused
from timeline.intake.turns import Busy
from timeline.models import Event, Publisher, Source
from timeline.models.fields import checked_link, drawn_public_id

MOST = 50
AT_ONCE = 10
SECONDS = 20.0
DRAFT, SOURCE, NOTHING = "draft", "source", "nothing"


class LinkForm(forms.Form):
    """One address: its source, as the page says and the editor mends it, and the draft.

    ``known`` is the source that it is already; its fields are then not asked for. ``trouble`` says
    why the page told nothing.
    """

    url = forms.CharField(widget=forms.HiddenInput, max_length=2000)
    seal = forms.CharField(widget=forms.HiddenInput, max_length=200)
    make = forms.ChoiceField(
        label=_("Make"),
        choices=[(DRAFT, _("A draft")), (SOURCE, _("Only the source")), (NOTHING, _("Nothing"))],
    )
    headline = forms.CharField(label=_("Headline"), max_length=400, required=False)
    publisher = forms.CharField(label=_("Publisher"), max_length=200, required=False)
    published = forms.CharField(
        label=pgettext_lazy("a source", "Published"), max_length=60, required=False
    )
    language = forms.CharField(label=_("Language"), max_length=20, required=False)
    authors = forms.CharField(label=_("Authors"), max_length=300, required=False)
    title = forms.CharField(
        label=_("Title of the event"), max_length=filling.MOST_TITLE, required=False
    )
    date = forms.CharField(label=_("Date of the event"), max_length=60, required=False)
    sure = forms.BooleanField(label=_("It happened on this day"), required=False)

    OF_SOURCE = ("headline", "publisher", "published", "language", "authors")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trouble = ""
        self.shown_errors = False
        self.known: Source | None = None
        self.twins: list[similar.Twin] = []
        self.day = str(self.initial.get("published", ""))

    def meet(self, who: Any) -> None:
        """Find out what is known of the address, for this person's eyes."""
        url = str(self["url"].value() or "")
        self.known = similar.known_source(url)
        self.twins = similar.with_link(url, person=who)
        if not self.twins:
            title, day = self["title"].value(), self["date"].value()
            self.twins = similar.with_title(str(title or ""), str(day or ""), person=who)
        choices: Any = self.fields["make"]
        if self.known is not None:
            for name in self.OF_SOURCE:
                self.fields.pop(name, None)
            choices.choices = [each for each in choices.choices if each[0] != SOURCE]
        elif not who.has_perm("timeline.add_source"):
            choices.choices = [each for each in choices.choices if each[0] != SOURCE]

    @property
    def source_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.OF_SOURCE if name in self.fields]

    def clean_url(self) -> str:
        return str(checked_link(self.cleaned_data["url"]))

    def clean_seal(self) -> str:
        drawn = unsealed_new(self.cleaned_data["seal"])
        if drawn is None:
            raise ValidationError(gettext("This row is not of this page. Paste the link again."))
        return drawn

    def clean_published(self) -> str:
        return _edtf(self.cleaned_data["published"])

    def clean_language(self) -> str:
        language = self.cleaned_data["language"]
        return str(Source._meta.get_field("language").clean(language, None)) if language else ""

    def clean_date(self) -> str:
        return _edtf(self.cleaned_data["date"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("make") != DRAFT:
            return given
        if not text.clean_line(given.get("title", "")):
            self.add_error("title", gettext("Write a title: a sentence with a verb."))
        if not self.has_error("date"):
            if not given.get("date"):
                self.add_error("date", gettext("Write the day of the event."))
            elif given["date"] == self._published() and not given.get("sure"):
                self.add_error(
                    "sure",
                    gettext("This is the day of the article. Tick it, or write another day."),
                )
        return given

    def _published(self) -> str:
        if self.known is not None:
            return self.known.published
        return str(self.cleaned_data.get("published", ""))


def _edtf(written: str) -> str:
    if not written.strip():
        return ""
    try:
        return dates.read(written).edtf
    except dates.DateError as error:
        raise ValidationError(str(error)) from error


# --- Asking -------------------------------------------------------------------------------------


def _row(number: int, link: str, request: HttpRequest) -> LinkForm:
    """The row of an address, with what its page says. Raises ``Busy`` when no turn is free."""
    trouble, found = "", Article(link)
    known = similar.known_source(link)
    if known is None:
        try:
            found = filling.looked(link)
        except Busy:
            raise
        except Refused as refused:
            trouble = str(refused)
    else:
        headline = "" if known.title_is_description else known.title
        found = Article(link, title=headline, published=known.published)
    used = known is not None and bool(similar.with_link(link, person=person(request)))
    publisher = Publisher.objects.for_link(archives.original_of(link)).first()
    host = text.host(archives.original_of(link)).removeprefix("www.")
    row = LinkForm(
        prefix=f"row-{number}",
        initial={
            "url": link,
            "seal": sealed_new(drawn_public_id()),
            "make": NOTHING if used else DRAFT,
            "headline": found.title,
            "publisher": publisher.name if publisher else found.site or host,
            "published": found.published,
            "language": found.language or (publisher.language if publisher else ""),
            "authors": found.authors,
            "title": found.title[: filling.MOST_TITLE],
            "date": found.published,
        },
    )
    row.trouble = trouble
    row.meet(person(request))
    return row


def _pasted(written: str) -> list[str]:
    """The addresses of the box, each once."""
    return list(dict.fromkeys(written.split()))


def _may(request: HttpRequest) -> None:
    if not person(request).has_perm("timeline.add_event"):
        raise PermissionDenied


def one(request: HttpRequest) -> HttpResponse:
    """The row of one address, as a piece of the page."""
    _may(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    number, link = request.POST.get("number", ""), request.POST.get("link", "").strip()
    if not (number.isascii() and number.isdigit() and len(number) < 4):
        raise PermissionDenied
    try:
        row = _row(int(number), checked_link(link), request)
    except ValidationError as error:
        return HttpResponse(" ".join(error.messages), status=400, content_type="text/plain")
    except Busy as busy:
        answer = HttpResponse(str(busy), status=429, content_type="text/plain")
        answer["Retry-After"] = str(busy.wait)
        return answer
    return render(request, "admin/links/row.html", {"row": row})


_NUMBER = re.compile(r"row-(\d{1,3})-url")


def page(request: HttpRequest) -> HttpResponse:
    """The box, the rows so far, and what is made of them."""
    _may(request)
    if request.method != "POST":
        return _shown(request, [], "")
    numbers = sorted(int(found[1]) for name in request.POST if (found := _NUMBER.fullmatch(name)))
    rows = [LinkForm(request.POST, prefix=f"row-{number}") for number in numbers[:MOST]]
    for row in rows:
        row.meet(person(request))
    written = request.POST.get("links", "")
    if "_make" not in request.POST:
        return _look(request, rows, written, 1 + max(numbers, default=-1))
    for row in rows:
        row.shown_errors = row["make"].value() != NOTHING
    wanted = [row for row in rows if row.shown_errors]
    if not wanted:
        messages.error(
            request, gettext("Nothing is chosen: paste links, then choose what to make.")
        )
        return _shown(request, rows, written)
    if not all(row.is_valid() for row in wanted):
        return _shown(request, rows, written)
    try:
        _make(request, wanted)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _shown(request, rows, written)
    drafts = f"{reverse('admin:timeline_event_changelist')}?status=draft"
    return redirect(drafts if any(_is_draft(row) for row in wanted) else _SOURCES)


_SOURCES = "admin:timeline_source_changelist"


def _is_draft(row: LinkForm) -> bool:
    return bool(row.cleaned_data["make"] == DRAFT)


def _look(request: HttpRequest, rows: list[LinkForm], written: str, number: int) -> HttpResponse:
    """Ask a few addresses, in one request; what there was no time for stays in the box."""
    waiting = _pasted(written)
    asked = {str(row["url"].value()) for row in rows}
    left: list[str] = []
    until = time.monotonic() + SECONDS
    looked = 0
    for link in waiting:
        if link in asked:
            continue
        if looked == AT_ONCE or time.monotonic() > until or len(rows) >= MOST:
            left.append(link)
            continue
        try:
            rows.append(_row(number, checked_link(link), request))
        except ValidationError as error:
            messages.error(request, f"{link[:100]}: {' '.join(error.messages)}")
            left.append(link)
            continue
        except Busy as busy:
            messages.warning(request, str(busy))
            left.append(link)
            until = 0
            continue
        number, looked = number + 1, looked + 1
    if not waiting:
        messages.error(request, gettext("Paste the address of a page, one on each line."))
    elif left:
        messages.info(
            request,
            ngettext(
                "%(count)s address is left in the box.",
                "%(count)s addresses are left in the box.",
                len(left),
            )
            % {"count": len(left)},
        )
    return _shown(request, rows, "\n".join(left))


def _shown(request: HttpRequest, rows: list[LinkForm], written: str) -> HttpResponse:
    return TemplateResponse(
        request,
        "admin/links/page.html",
        {
            **admin.site.each_context(request),
            "title": gettext("From links"),
            "rows": rows,
            "written": written,
            "most": MOST,
            "words": {
                "asking": gettext("Asking {n} of {of}: {link}"),
                "waiting": gettext("Waiting {n} seconds: the server asks few pages a minute."),
                "done": gettext("Done. Look at each row, then make the drafts."),
                "left": gettext("Some addresses could not be asked and are left in the box."),
                "many": gettext("At most {most} at a time; the rest stays in the box."),
            },
        },
    )


# --- Making -------------------------------------------------------------------------------------


def _make(request: HttpRequest, rows: list[LinkForm]) -> None:
    """All of it or nothing; a page that is sent twice makes nothing twice."""
    drafts = sources = 0
    with transaction.atomic():
        changes.begin()
        for row in rows:
            given = row.cleaned_data
            if _is_draft(row) and Event.objects.filter(public_id=given["seal"]).exists():
                continue
            before = similar.known_source(given["url"])
            source = links.source_for_link(
                given["url"], today=timezone.localdate(), told=_told(row) if not before else None
            )
            sources += before is None
            if _is_draft(row):
                links.draft_on(
                    source,
                    title=text.clean_line(given["title"]),
                    day=given["date"],
                    public_id=given["seal"],
                    by=request.user if request.user.pk else None,
                )
                drafts += 1
    made = [
        ngettext("%(count)s draft", "%(count)s drafts", drafts) % {"count": drafts},
        ngettext("%(count)s new source", "%(count)s new sources", sources) % {"count": sources},
    ]
    messages.success(request, gettext("Made: %(made)s.") % {"made": ", ".join(made)})


def _told(row: LinkForm) -> Told:
    given = row.cleaned_data
    return Told(
        title=text.clean_line(given["headline"]),
        authors=text.clean_line(given["authors"]),
        published=given["published"],
        language=given["language"],
        publisher=_publisher(given["publisher"], archives.original_of(given["url"])),
    )


def _publisher(written: str, link: str) -> Publisher | None:
    """The publisher of this name, made if nobody has it; None for that of the domain."""
    name = text.clean_line(written)
    by_domain = Publisher.objects.for_link(link).first()
    if not name or (by_domain is not None and by_domain.name == name):
        return None
    known: Publisher | None = in_place.find(Publisher, name)
    return known or links.publisher_for_link(link, name=name)
