"""The event's form at the desk: one page to write, check, preview and publish an event.

The form's parts are in event_form.py and event_rows.py, how it is saved in event_saving.py, the
list in event_list.py, what happens when two people saved in conflict.py. A save is one
transaction; a refusal, a preview and a conflict leave nothing behind.
"""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline import dates, text
from timeline.admin import bulk, copying, event_saving, filling, from_links, preview, similar
from timeline.admin.conflict import Sent, as_post, joined
from timeline.admin.desk import Rows
from timeline.admin.event_form import (
    MORE_FIELDS,
    NOTES,
    OWN_FIELDS,
    PUBLISH_CHANGES,
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
from timeline.admin.guard import RESOLVE, replace_post
from timeline.admin.snapshots import (
    Snapshot,
    sealed,
    sealed_new,
    unsealed,
    unsealed_new,
)
from timeline.admin.stock import person
from timeline.editing import changes, copies, rights, rules
from timeline.editing import events as editing
from timeline.editing.publishing import StepRefused, copy_of
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
from timeline.models.choices import ChangeKind, Role, Status, Support
from timeline.models.fields import drawn_public_id
from timeline.models.tongue import tongue

LONGEST_DATE = 200
NO_FIELD = "__all__"
NEVER = -1
"""A lock that no event has: a form with it is joined, whatever stands now."""


class _EventRows(Rows):
    """Rows of an event: who may change the event may change them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None or obj.pk is None:
            return person(request).has_perm("timeline.add_event")
        return rights.may_write(person(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return person(request).has_perm("timeline.view_event")

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
    fields = [("language", "title"), "summary", "checked"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if self.has_change_permission(request, obj):
            return self.fields
        return ["language", "title", "summary"]


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

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return super().has_view_permission(request)
        return rights.may_see(person(request), obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return bool(super().has_change_permission(request))
        return rights.may_write(person(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return super().has_delete_permission(request)
        return rights.may_delete(person(request), obj)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return rights.may_publish(person(request))

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return bool(person(request).has_perm("timeline.merge_event"))

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        # A draft is deleted on its own page, where one sees what it is.
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The events with all that is theirs. Django itself would stop at a figure, which holds
        on to its source; ``editing.delete`` takes the figures first."""
        counts: dict[str, int] = {str(self.opts.verbose_name_plural): len(objs)}
        listed: list[Any] = []
        for event in objs:
            children = [
                row
                for rows in (
                    event.citations,
                    event.participations,
                    event.figures,
                    event.relations,
                    event.translations,
                )
                for row in rows.all()
            ]
            for row in children:
                name = str(row._meta.verbose_name_plural)
                counts[name] = counts.get(name, 0) + 1
            listed += [str(event), list(map(str, children))]
        told = Step.objects.filter(event__in=objs).select_related("story", "event")
        protected = [
            _("Step %(number)s of the story “%(story)s”")
            % {"number": step.order, "story": step.story}
            for step in told
        ]
        return listed, counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        editing.delete(obj)

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
        form.person = person(request)
        form.may_add = may_add(request)
        form.refused = getattr(request, "refused", ())
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
            "opened": self._opened(request, obj),
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
            "may_publish": self.has_publish_permission(request),
            "show_save_and_continue": True,
            "revised": self._revised(obj),
            "outdated": self._is_outdated(obj),
        }
        context |= self._state(request, form, context["inline_admin_formsets"], obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _revised(self, obj: Any) -> Event | None:
        """The published event that the form is about, if it is about one."""
        if obj is None or obj.pk is None:
            return None
        if obj.revises_id is not None:
            return Event.objects.get(pk=obj.revises_id)
        return obj if obj.status == Status.PUBLISHED else None

    def _is_outdated(self, obj: Any) -> bool:
        event = self._revised(obj)
        return event is not None and event.pk != obj.pk and event.version != obj.revises_version

    def _opened(self, request: HttpRequest, obj: Any) -> str:
        again = getattr(request, "saved_before", False)
        if request.method == "POST" and request.POST.get("opened") and not again:
            return str(request.POST["opened"])
        if obj is None or obj.pk is None:
            return sealed_new(drawn_public_id())
        return sealed(obj.lock, self.snapshot(request, obj))

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

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        if request.method == "POST" and object_id is None and "_preview" in request.POST:
            self._as_draft(request)
        event = self._meant(request, object_id) if object_id is not None else None
        if event is not None and request.method == "GET":
            copy = copy_of(event)
            if copy is not None:
                return redirect("admin:timeline_event_change", copy.pk)
        if event is not None and request.method == "POST":
            with transaction.atomic():
                changes.begin()
                direct = str(event.pk) == object_id
                copy = self._onto_copy(request, event, direct=direct)
                address = reverse("admin:timeline_event_change", args=[copy.pk])
                response = self._save_form(request, str(copy.pk), address, extra_context)
                if "_preview" in request.POST:
                    transaction.set_rollback(True)
                return response
        return self._save_form(request, object_id, form_url, extra_context)

    def _meant(self, request: HttpRequest, object_id: str) -> Event | None:
        """The published event at this address that the person may revise, None if it is no such.

        A form of a working copy that is gone, because somebody published or discarded it, means
        the event itself: what was typed is joined with what stands there now.
        """
        found = self.get_object(request, unquote(object_id))
        if found is None and request.method == "POST":
            key = request.POST.get("revises", "")
            found = self.get_object(request, key) if key.isascii() and key.isdigit() else None
        return found if found is not None and rights.may_revise(person(request), found) else None

    def _onto_copy(self, request: HttpRequest, event: Event, *, direct: bool) -> Event:
        """The event's working copy, made now if there is none, and what was sent meant for it.

        ``direct``: the form was opened on the event itself, so its seal speaks of that.
        """
        made = copy_of(event) is None
        copy = copies.begin(event, by=person(request))
        keys = copy.revises_base["rows"]
        if made:
            copy.revises_base["was"] = self.snapshot(request, copy)
            Event.objects.filter(pk=copy.pk).update(revises_base=copy.revises_base)
        data = copying.renamed_post(request.POST, keys, copy.pk)
        opened = unsealed(request.POST.get("opened", ""))
        if (
            direct
            and made
            and opened is not None
            and opened[0] == Event.objects.get(pk=event.pk).lock
        ):
            data["opened"] = sealed(copy.lock, copy.revises_base["was"])
        else:
            was: Snapshot = opened[1] if opened else {"form": {}, "rows": {}}
            data["opened"] = sealed(NEVER, copying.renamed(was, keys))
        replace_post(request, data)
        return copy

    def _save_form(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: Any
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (rules.Hindered, StepRefused) as refusal:
            # Nothing was saved; the form comes back with everything typed and the reasons.
            request.refused = _reasons(refusal)  # type: ignore[attr-defined]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def before_saving(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """Lock the event; a conflict page when the form was made from an older state of it."""
        if object_id is None:
            return self._sent_before(request)
        found = self.get_object(request, object_id)
        if found is None or not self.has_change_permission(request, found):
            return None
        event = editing.hold(found.pk)
        if "_preview" in request.POST and not event.was_public:
            self._as_draft(request)
        opened = unsealed(request.POST.get("opened", ""))
        if opened is not None and opened[0] == event.lock:
            return self._catch_up(request, event)
        # A form without a seal of ours may be stale: everything that differs becomes a question.
        was: Snapshot = opened[1] if opened else {"form": {}, "rows": {}}
        resolved = request.POST.get(RESOLVE) == str(event.lock)
        made = self.joined(request, event, was, request.POST if resolved else {})
        if not resolved:
            return self.ask_what_stands(
                request, event, made, question=RESOLVE, stand=str(event.lock)
            )
        now = sealed(event.lock, self.snapshot(request, event))
        keys = dict.fromkeys(made.rows, "id")
        replace_post(request, as_post(request.POST, made, now, keys))
        return self._catch_up(request, event)

    def _catch_up(self, request: HttpRequest, copy: Event) -> HttpResponse | None:
        """Before a copy is published: what the event got meanwhile is joined with it, by choice."""
        if PUBLISH_CHANGES not in request.POST or not self._is_outdated(copy):
            return None
        event = editing.hold(copy.revises_id or 0)
        if event.status != Status.PUBLISHED:
            return None  # which refuses the publication with its own sentence
        was = copy.revises_base.get("was") or {"form": {}, "rows": {}}
        now = copying.renamed(self.snapshot(request, event), copy.revises_base["rows"])
        sent = self.sent(request, copy)
        own = copying.own_rows(sent.rows, was, now)
        rest = Sent(
            sent.form,
            {
                name: [row for row in rows if row not in own[name]]
                for name, rows in sent.rows.items()
            },
        )
        resolved = request.POST.get("_catch_up") == str(event.version)
        choices = request.POST if resolved else {}
        made = joined(was, rest, now, choices, self.teller(request, copy))
        if not resolved:
            return self.ask_what_stands(
                request,
                event,
                made,
                question="_catch_up",
                stand=str(event.version),
                address=reverse("admin:timeline_event_change", args=[copy.pk]),
            )
        copying.settle_rows(made, sent.rows, own)
        copy.revises_version = event.version
        copy.revises_base["was"] = now
        Event.objects.filter(pk=copy.pk).update(
            revises_version=copy.revises_version, revises_base=copy.revises_base
        )
        changes.note(ChangeKind.CHANGED, copy)
        now_sealed = sealed(copy.lock, self.snapshot(request, copy))
        replace_post(
            request, as_post(request.POST, made, now_sealed, dict.fromkeys(made.rows, "id"))
        )
        return None

    def _sent_before(self, request: HttpRequest) -> HttpResponse | None:
        """A form that was sent twice, by a double click or after going back, makes one event."""
        if "_preview" in request.POST:
            return None
        drawn = unsealed_new(request.POST.get("opened", ""))
        event = Event.objects.filter(public_id=drawn).first() if drawn else None
        if event is None:
            return None
        if text.clean_line(request.POST.get("title", "")) == event.title:
            self.message_user(
                request, _("“%(event)s” is saved, once.") % {"event": event}, messages.SUCCESS
            )
            answer: HttpResponse = self.response_post_save_add(request, event)
            return answer
        sentence = _(
            "This form is saved already, as “%(event)s”. Change that one, or save once more to "
            "make another."
        )
        request.refused = ((NO_FIELD, sentence % {"event": event}),)  # type: ignore[attr-defined]
        request.saved_before = True  # type: ignore[attr-defined]
        return None

    def _as_draft(self, request: HttpRequest) -> None:
        """A preview is saved as a draft, so that nothing that is missing stops it."""
        data = request.POST.copy()
        data["status"] = Status.DRAFT
        replace_post(request, data)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = person(request)
            if "_preview" not in request.POST:
                obj.public_id = unsealed_new(request.POST.get("opened", "")) or ""
        event_saving.save_fields(form)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        saved = event_saving.save_rows(form, formsets, by=person(request))
        if form.asks_to_publish and saved.pk != form.instance.pk:
            request.published = saved  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: Any = None
    ) -> HttpResponse:
        if "_preview" in request.POST:
            return self._preview(obj)
        response: HttpResponse = super().response_add(request, obj, post_url_continue)
        self._say_more(request, obj)
        return response

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if "_preview" in request.POST:
            return self._preview(obj)
        published: Event | None = getattr(request, "published", None)
        if published is not None:
            self.message_user(
                request,
                _("“%(event)s” is published as version %(number)s.")
                % {"event": published, "number": published.version},
                messages.SUCCESS,
            )
            self._say_more(request, published)
            return redirect("admin:timeline_event_change", published.pk)
        response: HttpResponse = super().response_change(request, obj)
        self._say_more(request, obj)
        return response

    def _preview(self, event: Event) -> HttpResponse:
        """The public page of what was just saved, which is then taken back."""
        page = preview.of(event)
        transaction.set_rollback(True)
        return page

    def _say_more(self, request: HttpRequest, event: Event) -> None:
        """What deserves a look, what is like it, where readers find it: after saving, so without
        script too."""
        if IS_POPUP_VAR in request.POST:
            return
        for sentence in rules.warnings(event):
            messages.warning(request, format_html("{} {}", _("Worth a look:"), sentence))
        twins = similar.with_title(event.title, event.date, person=person(request), but=event.pk)
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
        if event.status == Status.PUBLISHED:
            messages.info(
                request,
                format_html(
                    '<a href="{}">{}</a>', event.get_absolute_url(), _("See its public page")
                ),
            )


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


def _reasons(refusal: rules.Hindered | StepRefused) -> tuple[tuple[str, str], ...]:
    if isinstance(refusal, rules.Hindered):
        return tuple((problem.field, problem.sentence) for problem in refusal.problems)
    return (("status", str(refusal)),)
