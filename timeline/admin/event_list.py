"""The list of events at the desk: its columns, its filters, its search."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline import dates, text
from timeline.admin.revising import Revising
from timeline.admin.stock import SimpleListFilter, person
from timeline.admin.worklists import WORKED_ON, WORKLISTS
from timeline.editing import rights
from timeline.models import Actor, Category, Event, ImportBatch, Participation, Place
from timeline.models.choices import Importance, Status
from timeline.models.tongue import tongue


def mark(name: str, family: str = "") -> SafeString:
    """The drawn mark of a shape or a verification label; the word stands beside it."""
    return format_html(
        '<svg class="ic {}" aria-hidden="true"><use href="#m-{}"></use></svg>', family, name
    )


CHANGES = "changes"


class StatusFilter(SimpleListFilter):
    title = _("status")
    parameter_name = "status"
    never: tuple[str, ...] = ()
    """States that no row of the list can have."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        found = [each for each in Status.choices if each[0] not in self.never]
        return [*found, (CHANGES, _("Changes to published ones"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == CHANGES:
            return queryset.filter(revises__isnull=False)
        known = self.value() in Status.values
        return queryset.filter(status=self.value()) if known else queryset


class MissingFilter(SimpleListFilter):
    """The worklists. Of events that nobody works on any more only when their status is asked."""

    title = _("what is missing")
    parameter_name = "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(key, each.short) for key, each in WORKLISTS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = WORKLISTS.get(self.value() or "")
        if wanted is None:
            return queryset
        if StatusFilter.parameter_name in request.GET:
            return queryset.filter(wanted.chosen())
        return queryset.filter(wanted.chosen(), status__in=WORKED_ON)


class CategoryFilter(SimpleListFilter):
    title = _("category")
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return list(Category.objects.values_list("slug", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = self.value() in dict(self.lookup_choices)
        return queryset.filter(category__slug=self.value()) if known else queryset


class YearFilter(SimpleListFilter):
    """Every event that touches the year, as on the public pages."""

    title = _("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        years = Event.objects.order_by().values_list("sort_date__year", flat=True).distinct()
        return [(str(year), str(year)) for year in sorted(years, reverse=True)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        try:
            year = dates.parse(self.value() or "")
        except dates.DateError:
            return queryset
        return queryset.filter(earliest__lte=year.latest, latest__gte=year.earliest)


class ImportFilter(SimpleListFilter):
    """The events of one import, reached from its page; not offered here, as imports are many."""

    title = _("import")
    parameter_name = "import"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        asked = request.GET.get(self.parameter_name, "")
        known = asked.isascii() and asked.isdigit() and len(asked) < 18
        batch = ImportBatch.objects.filter(pk=int(asked)).first() if known else None
        return [(asked, batch.name)] if batch is not None else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = self.value() in dict(self.lookup_choices)
        return queryset.filter(imports=self.value()) if known else queryset


class EventList(Revising):
    """The half of the event's admin class that the list needs."""

    list_display = ["when", "headline", "kind", "state", "checked", "sources", "warnings"]
    list_display_links = ["headline"]
    list_filter = [StatusFilter, MissingFilter, CategoryFilter, YearFilter, ImportFilter]
    search_fields = ["search_tokens"]
    search_help_text = _("Title, summary, place, or an actor by any name in any script.")
    ordering = ["-sort_date", "-latest", "-minute", "-day_order", "-public_id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Event] = super().get_queryset(request)
        events = rights.visible(person(request), rows).select_related("category")
        counted: QuerySet[Any] = events.annotate(source_count=Count("citations", distinct=True))
        return counted

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(request, {"title": _("Events"), **(extra_context or {})})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The public id alone finds its event; otherwise every word must be somewhere."""
        by_id = queryset.filter(public_id=search_term.strip().upper())
        if len(search_term.strip()) == 8 and by_id.exists():
            return by_id, False
        return super().get_search_results(request, queryset, search_term)

    def also_found(self, word: str) -> Q:
        actors = Actor.objects.named(word).values("pk")
        parts = Participation.objects.filter(actor__in=actors).values("event")
        places = Place.objects.filter(folded__contains=word).values("pk")
        in_text = Q()
        for token in text.tokens(word):
            in_text &= Q(search_tokens__contains=f" {token}")
        found = Q(pk__in=parts) | Q(place__in=places)
        return found | in_text if in_text else found

    # --- Columns ----------------------------------------------------------------------------

    @admin.display(description=_("date"), ordering="sort_date")
    def when(self, event: Event) -> SafeString:
        full = " full" if event.importance == Importance.KEY else ""
        # The lock goes with the list, so that an action is about what the list shows.
        return format_html(
            '<span class="when"><i class="{}"></i> {}</span>'
            '<input type="hidden" name="lock-{}" value="{}">',
            dates.ring(event.when) + full,
            dates.words(event.when, tongue()),
            event.pk,
            event.lock,
        )

    @admin.display(description=_("category"), ordering="category__folded", empty_value="—")
    def kind(self, event: Event) -> SafeString | None:
        if event.category is None:
            return None
        shape = mark(event.category.shape, event.category.family)
        return format_html('<span class="cat">{} {}</span>', shape, event.category)

    @admin.display(description=_("verification"), ordering="verification")
    def checked(self, event: Event) -> SafeString:
        return format_html(
            '<span class="ver {}">{} {}</span>',
            event.verification,
            mark(event.verification),
            event.get_verification_display(),
        )

    @admin.display(description=_("sources"), ordering="source_count")
    def sources(self, event: Any) -> int:
        return int(event.source_count)

    @admin.display(description=_("warnings"), empty_value="")
    def warnings(self, event: Any) -> SafeString | None:
        lacking = (
            (event.category_id is None, gettext("no category")),
            (event.source_count == 0, gettext("no source")),
            (not event.summary, gettext("no summary")),
        )
        found = [(sentence,) for lacks, sentence in lacking if lacks]
        if not found:
            return None
        return format_html(
            '<span class="warns">{} <span>{}</span></span>',
            mark("warn"),
            format_html_join(mark_safe("<br>"), "{}", found),
        )
