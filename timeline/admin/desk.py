"""What every form and list of the desk shares.

Saves and deletions go through ``editing``; related-object icons are off, so that Tab goes from
field to field; a list answers the filters it declares and nothing else. Next: events.py, and one
module for each kind of shared record.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteMixin, RelatedFieldWidgetWrapper
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from timeline import text
from timeline.admin import problems
from timeline.admin.guard import Guarded
from timeline.admin.in_place import DROPDOWN_INSIDE
from timeline.admin.stock import ModelAdmin, StackedInline, person
from timeline.editing import changes, things
from timeline.models.choices import ChangeKind

MOST_WORDS = 12
LONGEST_QUERY = 200


class Calm:
    """No related-object icons beside a field, and its dropdown inside the page's main part."""

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field: forms.Field | None = super().formfield_for_dbfield(  # type: ignore[misc]
            db_field, request, **kwargs
        )
        widget = getattr(field, "widget", None)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget.can_add_related = widget.can_change_related = False
            widget.can_delete_related = widget.can_view_related = False
            widget = widget.widget
        if isinstance(widget, AutocompleteMixin):
            widget.attrs.update(DROPDOWN_INSIDE)
        return field


class Rows(Calm, StackedInline):
    """Rows of a form, such as names. The stock template fails screen readers; ours doesn't."""

    template = "admin/parts/rows.html"
    extra = 0


class Desk(Guarded, Calm, ModelAdmin):
    """An admin class whose saves go through ``editing.things``."""

    change_form_template = "admin/desk_form.html"
    change_list_template = "admin/desk_list.html"
    adds_in_place = False
    list_per_page = 50
    show_full_result_count = False
    # One box for a moment; Django's two have one label between them.
    formfield_overrides = {
        models.DateTimeField: {"form_class": forms.DateTimeField, "widget": forms.DateTimeInput}
    }
    search_folded: Sequence[str] = ()
    """Lookups of folded or token columns that the search compares with the folded words."""

    class Media:
        js = [forms.Script("js/desk.mjs", type="module")]

    # --- The list ---------------------------------------------------------------------------

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Whether the list filters by this parameter: only by the filters that it shows."""
        return lookup in self._filter_names(request)

    def _filter_names(self, request: HttpRequest) -> set[str]:
        names: set[str] = set()
        for each in self.get_list_filter(request):
            if isinstance(each, type) and issubclass(each, admin.SimpleListFilter):
                names.add(str(each.parameter_name))
            elif isinstance(each, str):
                field = self.model._meta.get_field(each)
                names.add(f"{each}__id__exact" if field.is_relation else f"{each}__exact")
                names.add(f"{each}__isnull")
        return names

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Each word must be in one of ``search_folded``; no joins that repeat a row."""
        for word in words(search_term):
            wanted = Q()
            for lookup in self.search_folded:
                wanted |= Q(**{f"{lookup}__contains": word})
            wanted |= self.also_found(word)
            queryset = queryset.filter(wanted)
        return queryset, False

    def also_found(self, word: str) -> Q:
        """What else holds a word, such as a name in a table of its own."""
        return Q(pk__in=[])

    def ranked(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The order of suggestions; what is used most first, in classes that know."""
        return queryset

    # --- The form ---------------------------------------------------------------------------

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> TemplateResponse:
        problems.add_to(context)
        obj = kwargs.get("obj")
        known = obj is not None and obj.pk and "opened" not in context
        if known and self.has_change_permission(request, obj):
            context["opened"] = self.opened(request, obj)
        return cast(
            "TemplateResponse", super().render_change_form(request, context, *args, **kwargs)
        )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        if request.method != "POST":
            shown: HttpResponse = super().changeform_view(
                request, object_id, form_url, extra_context
            )
            return shown
        with transaction.atomic():
            # Before anything is checked, so that what is checked still holds when it is saved.
            changes.begin()
            instead = self.before_saving(request, object_id)
            if instead is not None:
                return instead
            with self.saving(request, object_id):
                saved: HttpResponse = super().changeform_view(
                    request, object_id, form_url, extra_context
                )
            return saved

    def saving(self, request: HttpRequest, object_id: str | None) -> AbstractContextManager[None]:
        """Around a save: readers are told of one edit, of the record with its other names."""
        thing = self.get_object(request, unquote(object_id)) if object_id else None
        return things.amending(thing or self.model(), by=person(request))

    def before_saving(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """What to answer instead of saving, if anything; inside the transaction of the save."""
        return self.stopped(request, unquote(object_id)) if object_id is not None else None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        changes.say(", ".join(form.changed_data) if change else "")
        things.store(obj, by=person(request), told=False)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if any(each.has_changed() for each in formsets):
            parts = [each.prefix for each in formsets if each.has_changed()]
            changes.note(ChangeKind.CHANGED, form.instance, what=", ".join(parts))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What a deletion takes along and what forbids it, events that are tagged with it too."""
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)
        users = dict.fromkeys(event for thing in objs for event in things.users(thing))
        protected = [*protected, *map(str, users)]
        # What is used can't be deleted by anybody; that a right is lacking too is beside the point.
        return listed, counts, set() if protected else lacking, protected

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        things.remove(obj)

    def delete_queryset(self, request: HttpRequest, queryset: Iterable[Any]) -> None:
        for each in queryset:
            things.remove(each)


def words(query: str) -> list[str]:
    """The words of a search, folded; at most twelve."""
    return text.fold(query[:LONGEST_QUERY]).split()[:MOST_WORDS]
