"""Stories and periods at the desk: write, put in order, preview, publish, withdraw.

The form and its rows are in story_form.py. A save is one transaction; a refusal and a preview
leave nothing behind, and who saves beside somebody else is asked what stands, as on every form.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline import dates
from timeline.admin import preview
from timeline.admin.desk import Desk, Rows
from timeline.admin.glossary import Told, told_form
from timeline.admin.stock import person
from timeline.admin.story_form import (
    OWN_FIELDS,
    RELEASE_FIELDS,
    STATUS_FIELDS,
    EventField,
    StepForm,
    StoryForm,
    saved_status,
    write_steps,
)
from timeline.editing import changes, rights
from timeline.editing import stories as editing
from timeline.editing.events import StepRefused
from timeline.models import Event, Period, Step, Story, TermKind
from timeline.models.choices import ChangeKind, Status
from timeline.models.tongue import tongue


class _StoryRows(Rows):
    """Rows of a story: who may change the story may change them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None or obj.pk is None:
            return person(request).has_perm("timeline.add_story")
        return rights.may_change_story(person(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(person(request).has_perm("timeline.view_story"))


class StepInline(_StoryRows):
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


class PeriodInline(_StoryRows):
    model = Period
    classes = ["collapse"]
    verbose_name = _("period of this story")
    verbose_name_plural = _("periods of this story")
    fields = [("title", "date"), ("family", "order"), "note"]


@admin.register(Story)
class StoryAdmin(Desk):
    form = StoryForm
    change_form_template = "admin/story/change_form.html"
    inlines = [StepInline, PeriodInline]
    autocomplete_fields = ["compared"]
    list_display = ["title", "state", "steps_told", "published_at", "saved"]
    list_filter = ["status"]
    search_fields = ["folded"]
    search_folded = ["folded"]
    ordering = ["-updated_at", "-pk"]
    actions = None

    class Media:
        js = [forms.Script("js/story.mjs", type="module")]

    # --- Who may ------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = rights.visible_stories(person(request), super().get_queryset(request))
        return rows.annotate(steps_count=Count("steps", distinct=True))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return bool(super().has_view_permission(request))
        return rights.may_see_story(person(request), obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return bool(super().has_change_permission(request))
        return rights.may_change_story(person(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return bool(super().has_delete_permission(request))
        return rights.may_delete_story(person(request), obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The stories with their steps and periods, which go with them."""
        counts: dict[str, int] = {str(self.opts.verbose_name_plural): len(objs)}
        listed: list[Any] = []
        for story in objs:
            rows = [*story.steps.select_related("event"), *story.periods.all()]
            for row in rows:
                name = str(row._meta.verbose_name_plural)
                counts[name] = counts.get(name, 0) + 1
            listed += [str(story), list(map(str, rows))]
        return listed, counts, set(), []

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        editing.delete(obj)

    def view_on_site(self, obj: Story) -> str | None:
        """The page that readers have of it, if they have one."""
        return obj.get_absolute_url() if obj.status == Status.PUBLISHED else None

    # --- Columns ------------------------------------------------------------------------------

    @admin.display(description=_("status"), ordering="status")
    def state(self, story: Story) -> SafeString:
        return format_html(
            '<span class="status {}">{}</span>', story.status, story.get_status_display()
        )

    @admin.display(description=_("steps"), ordering="steps_count")
    def steps_told(self, story: Any) -> int:
        return int(story.steps_count)

    @admin.display(description=_("saved"), ordering="updated_at")
    def saved(self, story: Story) -> datetime:
        return story.updated_at

    # --- The form -------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        saved = obj is not None and obj.pk is not None and self.may_write(request, obj)
        asks = saved and saved_status(obj) == Status.PUBLISHED
        publishing = [*STATUS_FIELDS, *(RELEASE_FIELDS if asks else [])]
        return [
            (None, {"fields": OWN_FIELDS}),
            (_("Publishing"), {"fields": publishing}),
        ]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.person = person(request)
        form.refused = getattr(request, "refused", "")
        return form

    def may_write(self, request: HttpRequest, obj: Any) -> bool:
        return obj is None or obj.pk is None or self.has_change_permission(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> TemplateResponse:
        obj = kwargs.get("obj")
        context["may_write"] = self.may_write(request, obj)
        if obj is not None and obj.pk is not None:
            context["hidden_steps"] = editing.hidden_steps(obj)
            context["versions"] = obj.versions.order_by("-number")
        return super().render_change_form(request, context, *args, **kwargs)

    # --- Saving ---------------------------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except StepRefused as refusal:
            # Nothing was saved; the form comes back with everything typed and the reason.
            request.refused = str(refusal)  # type: ignore[attr-defined]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write the story's own fields, under the status that it had: settling it comes last."""
        wanted, reason = obj.status, obj.withdrawal_reason
        if change:
            editing.hold(obj.pk)
            saved = Story.objects.get(pk=obj.pk)
            obj.status, obj.withdrawal_reason = saved.status, saved.withdrawal_reason
        else:
            obj.status, obj.created_by = Status.DRAFT, person(request)
        obj.save()
        obj.status, obj.withdrawal_reason = wanted, reason

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        form.save_m2m()
        for formset in formsets:
            if formset.model is Step:
                write_steps(formset)
            else:
                _write_periods(formset)
        rows = [formset.prefix for formset in formsets if formset.has_changed()]
        if "_preview" in request.POST:
            return
        changes.say(", ".join([*form.changed_data, *rows]))
        editing.settle(
            form.instance,
            by=person(request),
            before=form.status_before,
            release=form.release,
            changed=form.says_more or bool(rows),
        )

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
        response: HttpResponse = super().response_change(request, obj)
        self._say_more(request, obj)
        return response

    def _preview(self, story: Story) -> HttpResponse:
        """The public page of what was just saved, which is then taken back."""
        page = preview.of_story(story)
        transaction.set_rollback(True)
        return page

    def _say_more(self, request: HttpRequest, story: Story) -> None:
        """What readers don't see of it, and where they find it."""
        for step in editing.hidden_steps(story):
            messages.warning(request, hidden(step))
        if story.status == Status.PUBLISHED:
            messages.info(
                request,
                format_html(
                    '<a href="{}">{}</a>', story.get_absolute_url(), _("See its public page")
                ),
            )


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
