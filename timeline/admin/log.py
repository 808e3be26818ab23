"""The log at the desk: every change with who, when and what, for administrators and auditors.

Nobody changes it here; ``editing.changes`` writes it.
"""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline.admin.desk import Desk
from timeline.admin.stock import SimpleListFilter
from timeline.models import Change


def called(model: str) -> str:
    """What a kind of thing is called, by the name that the log keeps; the name of one that is no
    more."""
    known = {each._meta.model_name: each._meta.verbose_name for each in apps.get_models()}
    return str(known.get(model, model))


class ModelFilter(SimpleListFilter):
    title = _("kind of thing")
    parameter_name = "model"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        names = Change.objects.order_by("model").values_list("model", flat=True).distinct()
        return [(name, called(name)) for name in names]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(model=self.value()) if self.value() else queryset


@admin.register(Change)
class ChangeAdmin(Desk):
    list_display = ["at", "who", "kind", "of", "object_id", "name", "what"]
    list_filter = ["kind", ModelFilter]
    list_select_related = ["by"]
    fields = ["at", "by", "kind", "model", "object_id", "name", "what"]
    search_fields = ["name"]
    search_help_text = _("Name of a thing or of a person.")
    ordering = ["-pk"]
    actions = None

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        word = search_term.strip()
        if word:
            queryset = queryset.filter(name__icontains=word) | queryset.filter(by__username=word)
        return queryset, False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("kind of thing"), ordering="model")
    def of(self, change: Change) -> str:
        return called(change.model)

    @admin.display(description=_("by"))
    def who(self, change: Change) -> str:
        return str(change.by) if change.by is not None else gettext("(a command)")
