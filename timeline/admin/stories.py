"""Stories and periods at the desk: write, put in order, preview, publish, withdraw.

The form and its rows are in story_form.py. Working copies, conflicts, refusals and the preview are
those of events, in revising.py.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from timeline import dates
from timeline.admin import preview
from timeline.admin.event_list import StatusFilter
from timeline.admin.glossary import Told, told_form
from timeline.admin.published_form import RELEASE_FIELDS
from timeline.admin.revising import OwnRows, Revising
from timeline.admin.stock import person
from timeline.admin.story_form import (
    OWN_FIELDS,
    STATUS_FIELDS,
    EventField,
    StepForm,
    StoryForm,
    write_steps,
)
from timeline.editing import changes, editions, rights, story_copies
from timeline.editing import stories as editing
from timeline.editing.publishing import StepRefused
from timeline.models import Event, Period, Step, Story, StoryVersion, TermKind
from timeline.models.choices import ChangeKind, Status
from timeline.models.tongue import tongue


class StepInline(OwnRows):
    model = Step
    form = StepForm
    autocomplete_fields = ["event"]
    fields = [("order", "event"), "note", "heading", "opening"]

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        # Where there is no script, a step is added with each save.
        return 1

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("event")

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "event":
            kwargs |= {"form_class": EventField, "queryset": Event.objects.own()}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class PeriodInline(OwnRows):
    model = Period
    classes = ["collapse"]
    verbose_name = _("period of this story")
    verbose_name_plural = _("periods of this story")
    fields = [("title", "date"), ("family", "order"), "note"]


class _StatusFilter(StatusFilter):
    never = (Status.MERGED,)


@admin.register(Story)
class StoryAdmin(Revising):
    editing, copies = editing, story_copies
    previewed = staticmethod(preview.of_story)
    form = StoryForm
    change_form_template = "admin/story/change_form.html"
    inlines = [StepInline, PeriodInline]
    autocomplete_fields = ["compared"]
    list_display = ["headline", "language", "state", "steps_told", "published_at", "saved"]
    list_filter = [_StatusFilter, "language"]
    search_fields = ["folded"]
    search_folded = ["folded"]
    ordering = ["-updated_at", "-pk"]
    actions = None

    class Media:
        js = [forms.Script("js/story.mjs", type="module")]

    # --- Who may ------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Story] = super().get_queryset(request)
        stories = rights.visible(person(request), rows)
        counted: QuerySet[Any] = stories.annotate(steps_count=Count("steps", distinct=True))
        return counted

    def view_on_site(self, obj: Story) -> str | None:
        """The page that readers have of it, if they have one."""
        return obj.get_absolute_url() if obj.status == Status.PUBLISHED else None

    # --- Columns ------------------------------------------------------------------------------

    @admin.display(description=_("steps"), ordering="steps_count")
    def steps_told(self, story: Any) -> int:
        return int(story.steps_count)

    @admin.display(description=_("saved"), ordering="updated_at")
    def saved(self, story: Story) -> datetime:
        return story.updated_at

    # --- Editions -------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.begin_edition)
        withdraw = self.admin_site.admin_view(self.withdraw)
        own = [
            path("<int:pk>/edition/", view, name="timeline_story_edition"),
            path("<int:pk>/withdraw/", withdraw, name="timeline_story_withdraw"),
        ]
        return own + super().get_urls()

    @method_decorator(require_POST)
    def begin_edition(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin an edition of the story in the language that was sent, and go on to it."""
        story = self.get_object(request, str(pk))
        language = request.POST.get("language", "")
        known = language in dict(settings.LANGUAGES)
        if story is None or not known or not self.may_begin_edition(request, story):
            raise PermissionDenied
        try:
            made = editions.begin(story, language, by=person(request))
        except StepRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return redirect("admin:timeline_story_change", pk)
        self.message_user(
            request,
            gettext(
                "An edition with the same steps is begun, as a draft. Translate what stands in it; "
                "readers see it when it is published."
            ),
        )
        return redirect("admin:timeline_story_change", made.pk)

    def may_begin_edition(self, request: HttpRequest, story: Story) -> bool:
        """Whether this person may write an edition of the story: who sees it and may write one."""
        return self.has_add_permission(request) and rights.may_see(person(request), story)

    # --- Withdrawing ----------------------------------------------------------------------------

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask why the story is withdrawn, then take it from the public."""
        story = self.get_object(request, str(pk))
        if story is None or not self.has_publish_permission(request):
            raise PermissionDenied
        refused = ""
        if request.method == "POST":
            reason = request.POST.get("reason", "")[:300]
            try:
                editing.withdraw(story, by=person(request), reason=reason)
            except StepRefused as refusal:
                refused = str(refusal)
            else:
                said = gettext("“%(story)s” is withdrawn.") % {"story": story}
                self.message_user(request, said, messages.SUCCESS)
                return redirect("admin:timeline_story_change", pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": story,
            "title": gettext("Withdraw the story"),
            "refused": refused,
        }
        return TemplateResponse(request, "admin/story/withdraw.html", context)

    # --- The form -------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        saved = obj is not None and obj.pk is not None
        public = saved and (obj.revises_id is not None or obj.status == Status.PUBLISHED)
        revises = public and self.has_change_permission(request, obj)
        asks = revises and self.has_publish_permission(request)
        # A published story is withdrawn by a button of its own.
        status = ["status"] if revises else STATUS_FIELDS
        publishing = [*status, *(RELEASE_FIELDS if asks else [])]
        return [
            (None, {"fields": OWN_FIELDS}),
            (_("Publishing"), {"fields": publishing}),
        ]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: Any = None,
        **kwargs: Any,
    ) -> TemplateResponse:
        if obj is not None and obj.pk is not None:
            context["hidden_steps"] = editing.hidden_steps(obj)
            context["versions"] = StoryVersion.objects.filter(story=obj.key).order_by("-number")
            visible = rights.visible(person(request), Story.objects.of_work(obj))
            context["editions"] = visible.exclude(pk=obj.key).order_by("pk")
            if self.may_begin_edition(request, obj):
                context["tongues_left"] = editions.left(obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    # --- Saving ---------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write the story's own fields, under the status that it had: settling it comes last."""
        wanted, reason = obj.status, obj.withdrawal_reason
        if change:
            saved = Story.objects.get(pk=obj.pk)
            obj.status, obj.withdrawal_reason = saved.status, saved.withdrawal_reason
        else:
            obj.status, obj.created_by = Status.DRAFT, person(request)
            self.name_by_form(request, obj)
        obj.save()
        obj.status, obj.withdrawal_reason = wanted, reason

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        form.save_m2m()
        for formset in formsets:
            if formset.model is Step:
                write_steps(formset)
            else:
                _write_periods(formset)
        if "_preview" not in request.POST:
            self.settle(request, form, formsets)

    def say_more(self, request: HttpRequest, thing: Story) -> None:
        """What readers don't see of it, and where they find it."""
        for step in editing.hidden_steps(thing):
            messages.warning(request, hidden(step))
        super().say_more(request, thing)


def hidden(step: Step) -> str:
    """That readers don't see a step, and why."""
    return gettext("Readers don’t see step %(number)s: “%(event)s” is %(status)s.") % {
        "number": step.order,
        "event": step.event,
        "status": str(step.event.get_status_display()).lower(),
    }


def _write_periods(formset: Any) -> None:
    formset.save(commit=False)
    for gone in formset.deleted_objects:
        changes.note(ChangeKind.REMOVED, gone)
        gone.delete()
    for period, _changed in formset.changed_objects:
        editing.store_period(period)
    for period in formset.new_objects:
        editing.store_period(period)


@admin.register(Period)
class PeriodAdmin(Told):
    """The periods of every chart. Those of a story are rows of the story's own form."""

    form = told_form(TermKind.PERIOD, "title")
    list_display = ["title", "when", "family", "shown"]
    list_filter = ["shown"]
    fields = ["title", "date", "note", "family", "order", "shown"]
    ordering = ["earliest", "order", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(story=None)

    @admin.display(description=_("from and to"), ordering="earliest")
    def when(self, period: Period) -> str:
        return dates.words(period.when, tongue())
