"""The event's form at the desk: one page to write, check, preview and publish an event.

The form's parts are in event_form.py and event_rows.py, how it is saved in event_saving.py, the
list in event_list.py; working copies, conflicts, refusals and the preview, which stories have as
well, in revising.py.
"""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline import dates
from timeline.admin import bulk, event_saving, filling, from_links, preview, similar
from timeline.admin.desk import Rows
from timeline.admin.event_form import (
    MORE_FIELDS,
    NOTES,
    OWN_FIELDS,
    STATUS_FIELDS,
    EventForm,
)
from timeline.admin.event_list import EventList
from timeline.admin.event_rows import (
    CitationForm,
    CitationRows,
    FigureForm,
    FigureRows,
    RelationForm,
    RoleForm,
    TranslationForm,
)
from timeline.admin.revising import OwnRows
from timeline.admin.stock import person
from timeline.editing import copies, rights, rules
from timeline.editing import events as editing
from timeline.editing.publishing import StepRefused
from timeline.models import (
    Category,
    Citation,
    Event,
    EventTranslation,
    Figure,
    Participation,
    Relation,
    Step,
    Version,
)
from timeline.models.choices import Role, Support
from timeline.models.tongue import tongue

LONGEST_DATE = 200


class _EventRows(OwnRows):
    """Rows of an event, whose fields may add names in place."""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.form.may_add = may_add(request)
        return formset


class CitationInline(_EventRows):
    model = Citation
    form = CitationForm
    formset = CitationRows
    template = "admin/event/sources.html"
    verbose_name = gettext_lazy("source")
    verbose_name_plural = gettext_lazy("sources")
    fields = [
        "link",
        "stance",
        "speaker",
        "locator",
        "quote",
        "reference",
        "publisher",
        "supports",
        "note",
    ]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if self.has_change_permission(request, obj):
            return self.fields
        return ["read_link", "stance", "speaker", "locator", "quote", "read_supports", "note"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if self.has_change_permission(request, obj) else ("read_link", "read_supports")

    @admin.display(description=gettext_lazy("link"))
    def read_link(self, citation: Citation) -> str:
        """The address of the source, for those who may only read."""
        return citation.source.url or citation.source.reference

    @admin.display(description=gettext_lazy("supports"))
    def read_supports(self, citation: Citation) -> str:
        return ", ".join(str(Support(each).label) for each in citation.supports)

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        # One spare row, hidden where "Add another" works.
        return 1

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("source__publisher", "speaker")


class RoleInline(_EventRows):
    model = Participation
    form = RoleForm
    autocomplete_fields = ["actor"]
    classes = ["collapse"]
    verbose_name = gettext_lazy("role")
    verbose_name_plural = gettext_lazy("roles")
    fields = [("actor", "role", "alleged")]


class FigureInline(_EventRows):
    model = Figure
    form = FigureForm
    formset = FigureRows
    autocomplete_fields = ["attributed_to"]
    classes = ["collapse"]
    fields = [
        ("metric", "subject"),
        ("qualifier", "low", "best", "high"),
        ("text_value", "basis", "period_start"),
        ("attributed_to", "citation", "as_of"),
        ("state", "superseded_by"),
        "note",
    ]


class TranslationInline(_EventRows):
    model = EventTranslation
    form = TranslationForm
    classes = ["collapse"]
    fields = [("language", "title"), "summary", "label", "checked"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if self.has_change_permission(request, obj):
            return self.fields
        return ["language", "title", "summary", "label"]


class RelationInline(_EventRows):
    model = Relation
    form = RelationForm
    fk_name = "from_event"
    autocomplete_fields = ["to_event"]
    classes = ["collapse"]
    fields = [("kind", "to_event")]


def may_add(request: HttpRequest) -> dict[str, bool]:
    """For each in-place field, whether this person may add new names there."""
    who = person(request)
    actor = who.has_perm("timeline.add_actor")
    return {
        "actors": actor,
        "speaker": actor,
        "place": who.has_perm("timeline.add_place"),
        "topics": who.has_perm("timeline.add_topic"),
        "publisher": who.has_perm("timeline.add_publisher"),
    }


@admin.register(Event)
class EventAdmin(EventList):
    editing, copies = editing, copies
    previewed = staticmethod(preview.of)
    form = EventForm
    change_form_template = "admin/event/change_form.html"
    inlines = [CitationInline, RoleInline, FigureInline, RelationInline, TranslationInline]
    fieldsets = cast(
        "Any",
        [
            (None, {"fields": OWN_FIELDS}),
            (gettext_lazy("Publishing"), {"fields": STATUS_FIELDS}),
            (
                gettext_lazy("More about the event"),
                {"classes": ["collapse"], "fields": MORE_FIELDS},
            ),
            (gettext_lazy("Notes"), {"classes": ["collapse"], "fields": NOTES}),
        ],
    )
    actions = bulk.EVENT_ACTIONS

    # --- Who may -----------------------------------------------------------------------------

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return bool(person(request).has_perm("timeline.merge_event"))

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        # A draft is deleted on its own page, where one sees what it is.
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The events with all that is theirs; a story that tells of one forbids it."""
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)
        told = Step.objects.filter(event__in=objs).select_related("story", "event")
        steps = [
            _("Step %(number)s of the story “%(story)s”")
            % {"number": step.order, "story": step.story}
            for step in told
        ]
        return listed, counts, lacking, [*protected, *steps]

    @admin.display(description=gettext_lazy("actors"))
    def actors(self, event: Event) -> str:
        """The actors in a line, for those who may only read."""
        names = event.participations.values_list("actor__name", flat=True)
        return ", ".join(dict.fromkeys(names))

    # --- Small answers for the form -----------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("read-date/", view(self.read_date), name="timeline_event_read_date"),
            path("similar/", view(self.similar), name="timeline_event_similar"),
            path("read-link/", view(self.read_link), name="timeline_event_read_link"),
            path("from-links/", view(from_links.page), name="timeline_event_from_links"),
            path("from-links/one/", view(from_links.one), name="timeline_event_from_link"),
            path("<int:pk>/versions/", view(self.versions), name="timeline_event_versions"),
        ]
        return own + super().get_urls()

    def read_date(self, request: HttpRequest) -> HttpResponse:
        """What the server reads in ``?q=``, as JSON; the same parser that saves it."""
        try:
            when = dates.read(request.GET.get("q", "")[:LONGEST_DATE])
        except dates.DateError as error:
            return JsonResponse({"ok": False, "why": str(error)})
        said, how = dates.reading(when, tongue())
        return JsonResponse({"ok": True, "words": said, "how": how, "ring": dates.ring(when)})

    def similar(self, request: HttpRequest) -> HttpResponse:
        """What may be the same as the event being written, and what its link is, as JSON."""
        who, asked = person(request), request.GET
        key = asked.get("self", "")
        but = int(key) if key.isascii() and key.isdigit() and len(key) < 19 else None
        link = asked.get("link", "")[:2000]
        title = asked.get("title", "")[:200]
        twins = similar.with_title(title, asked.get("date", "")[:LONGEST_DATE], person=who, but=but)
        return JsonResponse(
            {
                "title": [twin.as_json() for twin in twins],
                "link": [
                    twin.as_json()
                    for twin in (similar.with_link(link, person=who, but=but) if link else ())
                ],
                "source": similar.of_link(link) if link else None,
            }
        )

    def read_link(self, request: HttpRequest) -> HttpResponse:
        """What the page of a link says, for the fields that are still empty, as JSON."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        asked = request.POST
        link = asked.get("link", "")[:2000]
        empty = [name for name in ("title", "date") if not asked.get(name, "").strip()]
        return JsonResponse(filling.for_event(link, empty))

    def versions(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What was published of the event; a post starts changes from an older version."""
        event = self.get_object(request, str(pk))
        if event is None or not self.has_view_permission(request, event):
            raise PermissionDenied
        may_revise = rights.may_revise(person(request), event)
        if request.method == "POST":
            written = request.POST.get("number", "")
            number = int(written) if written.isascii() and written.isdigit() else 0
            version = event.versions.filter(number=min(number, 2**31 - 1)).first()
            if not may_revise or version is None:
                raise PermissionDenied
            return self._restore(request, version)
        return TemplateResponse(
            request,
            "admin/event/versions.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "original": event,
                "title": _("Versions"),
                "versions": event.versions.select_related("author").order_by("-number"),
                "may_revise": may_revise,
            },
        )

    def _restore(self, request: HttpRequest, version: Version) -> HttpResponse:
        try:
            with transaction.atomic():
                copy, lost = copies.restore(version, by=person(request))
                copy.revises_base["was"] = self.snapshot(
                    request, Event.objects.get(pk=version.event_id or 0)
                )
                Event.objects.filter(pk=copy.pk).update(revises_base=copy.revises_base)
        except StepRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return redirect("admin:timeline_event_versions", version.event_id)
        for name in lost:
            sentence = _("“%(name)s” is not in the record any more and was left out.")
            self.message_user(request, sentence % {"name": name}, messages.WARNING)
        return redirect("admin:timeline_event_change", copy.pk)

    # --- The form ------------------------------------------------------------------------------

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.may_add = may_add(request)
        return form

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> Any:
        instances = super().get_inline_instances(request, obj)
        if obj is not None and not self.has_change_permission(request, obj):
            for each in instances:
                each.template = Rows.template
        return instances

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        formsets, instances = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        rows = {formset.prefix: formset for formset in formsets}
        if "citations" in rows and "figures" in rows:
            rows["citations"].figures = rows["figures"]
            rows["figures"].citations = rows["citations"]
        return formsets, instances

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: Any = None,
        **kwargs: Any,
    ) -> TemplateResponse:
        if obj is not None and obj.pk and not self.has_change_permission(request, obj):
            response = super().render_change_form(request, context, *args, obj=obj, **kwargs)
            response.template_name = "admin/desk_form.html"
            return response
        form = context["adminform"].form
        context |= {
            "words": said_by_script(),
            "categories": [
                {
                    "pk": each.pk,
                    "shape": each.shape,
                    "family": each.family,
                    "role": ""
                    if each.default_role == Role.PARTICIPANT
                    else str(each.get_default_role_display()).lower(),
                }
                for each in Category.objects.all()
            ],
            "warnings": rules.warnings(obj) if obj is not None and obj.pk else (),
            "show_save_and_continue": True,
        }
        context |= self._state(request, form, context["inline_admin_formsets"], obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _state(self, request: HttpRequest, form: Any, formsets: Any, obj: Any) -> dict[str, Any]:
        """What the page says of the form before anybody types: date, category, checklist."""
        title, day = form["title"].value() or "", form["date"].value() or ""
        try:
            when = dates.read(str(day)) if day else None
        except dates.DateError:
            when = None
        chosen = form["category"].value()
        category = (
            Category.objects.filter(pk=chosen).first() if str(chosen or "").isdigit() else None
        )
        has_source = any(
            row["link"].value() or row["reference"].value()
            for wrapped in formsets
            if wrapped.formset.prefix == "citations"
            for row in wrapped.formset.forms
        )
        saved = obj if obj is not None and obj.pk and not form.is_bound else None
        twins = (
            similar.with_title(
                str(title), str(day), person=person(request), but=obj.pk if obj else None
            )
            if title and day
            else []
        )
        return {
            "read_back": (*dates.reading(when, tongue()), dates.ring(when)) if when else None,
            "chosen_category": category,
            "twins": twins,
            # The sentences that publishing would be refused with; the list of four has the rest.
            "hindrances": [
                each
                for each in (rules.problems(saved) if saved is not None else ())
                if each.field != "category" and (each.field != "citations" or has_source)
            ],
            "checks": [
                ("title", _("A title"), bool(title), "id_title"),
                ("date", _("A date that can be read"), when is not None, "id_date"),
                ("category", _("A category"), category is not None, "id_category"),
                ("source", _("A source"), has_source, "citations-group"),
            ],
        }

    # --- Saving -------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = person(request)
            self.name_by_form(request, obj)
        event_saving.save_fields(form)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        event_saving.save_rows(form, formsets)
        self.settle(request, form, formsets)

    def say_more(self, request: HttpRequest, thing: Event) -> None:
        """What deserves a look, what is like it, where readers find it: after saving, so without
        script too."""
        if IS_POPUP_VAR in request.POST:
            return
        for sentence in rules.warnings(thing):
            messages.warning(request, format_html("{} {}", _("Worth a look:"), sentence))
        twins = similar.with_title(thing.title, thing.date, person=person(request), but=thing.pk)
        for twin in twins:
            messages.warning(
                request,
                format_html(
                    '{} {}, <a href="{}">{}</a> ({})',
                    _("Similar:"),
                    twin.date,
                    twin.href,
                    twin.title,
                    twin.why,
                ),
            )
        super().say_more(request, thing)


def said_by_script() -> dict[str, str]:
    """The sentences of desk.mjs, which fills in what stands between braces."""
    return {
        "count": _("{count} of {most}"),
        "role": _("New actors are added as {role}."),
        "similar": _("Similar:"),
        "used": _("Already used in:"),
        "top": _("the link at the top"),
        "new": _("a new publisher"),
        "known": _("already among the sources"),
        "done": _(": done"),
        "missing": _(": missing"),
        "lacks": _("Still missing: {things}."),
        "ready": _("Ready. Saving publishes it."),
        "save": _("Save"),
        "publish": _("Save and publish"),
        "unsaved": _("Changes not saved"),
        "saving": _("Saving…"),
        "asking": _("Asking the site…"),
        "unasked": _("The server could not be reached. Try again."),
    }
