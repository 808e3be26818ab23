"""The shared records at the desk: actors, sources, publishers, places, categories, topics,
metrics and the site's texts. Lists search names in every script; saves go through ``editing``."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from timeline import dates, text
from timeline.admin import bulk
from timeline.admin.desk import Desk, Rows
from timeline.admin.event_list import mark
from timeline.admin.glossary import Told, told_form
from timeline.admin.source_form import SourceForm
from timeline.admin.stock import person
from timeline.models import (
    Actor,
    ActorName,
    Category,
    Metric,
    Place,
    Publisher,
    PublisherDomain,
    PublisherName,
    SiteText,
    Source,
    TermKind,
    Topic,
)
from timeline.models.tongue import tongue


def counted(rows: QuerySet[Any], use: str) -> QuerySet[Any]:
    """The rows with ``used``, how many of ``use`` they have."""
    annotated: QuerySet[Any] = rows.annotate(used=Count(use, distinct=True))
    return annotated


class OwnRows(Rows):
    """Rows that are part of a record: who may change it may change them."""

    def _may(self, request: HttpRequest, verb: str) -> bool:
        name = self.parent_model._meta.model_name
        return bool(person(request).has_perm(f"timeline.{verb}_{name}"))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view") or self._may(request, "change")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change" if obj is not None else "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change")


class ActorNames(OwnRows):
    model = ActorName
    fields = [("name", "language", "kind")]


class Named(Desk):
    """A list of named things: name, address, how many events use it."""

    search_fields = ["folded"]
    search_folded = ["folded"]
    ordering = ["folded", "pk"]


@admin.register(Actor)
class ActorAdmin(Named):
    list_display = ["name", "kind", "country", "parent", "events"]
    list_filter = ["kind"]
    list_select_related = ["parent"]
    search_help_text = _("Any name, in any script.")
    autocomplete_fields = ["parent"]
    fields = ["name", "kind", "country", "parent", "description", "wikidata_id", "slug"]
    inlines = [ActorNames]
    adds_in_place = True
    actions = [bulk.merge_actors]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return counted(super().get_queryset(request), "participations__event")

    def also_found(self, word: str) -> Q:
        return Q(pk__in=ActorName.objects.filter(folded__contains=word).values("actor"))

    def ranked(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.order_by("-used", "folded", "pk")

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return person(request).has_perm("timeline.merge_actor")

    @admin.display(description=_("events"), ordering="used")
    def events(self, actor: Any) -> int:
        return int(actor.used)


@admin.register(Source)
class SourceAdmin(SourceForm):
    list_display = ["headline", "publisher", "when", "language", "kind", "link_state", "events"]
    list_filter = ["kind", "link_state"]
    list_select_related = ["publisher", "agency"]
    search_fields = ["title"]
    search_help_text = _("Title, link, reference or publisher.")
    autocomplete_fields = ["publisher", "agency"]
    ordering = ["-published_latest", "-pk"]
    actions = [bulk.merge_sources]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "url",
                    "reference",
                    "title",
                    "title_is_description",
                    "publisher",
                    "agency",
                    "published",
                    "language",
                    "kind",
                    "authors",
                ]
            },
        ),
        (
            _("Copies and checks"),
            {
                "classes": ["collapse"],
                "fields": ["accessed_on", "archive_url", "archived_at", "link_state", "checked_at"],
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return counted(super().get_queryset(request), "citations__event")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """A pasted link finds its source; otherwise every word must be somewhere."""
        link = search_term.strip()
        if link.startswith(("http://", "https://")):
            try:
                canonical = text.canonical_url(text.clean_url(link))
            except text.LinkError:
                return queryset.none(), False
            return queryset.filter(canonical_url=canonical), False
        return super().get_search_results(request, queryset, search_term)

    def also_found(self, word: str) -> Q:
        in_title = Q()
        for token in text.tokens(word):
            in_title &= Q(search_tokens__contains=f" {token}")
        names = PublisherName.objects.filter(folded__contains=word).values("publisher")
        found = (
            Q(publisher__folded__contains=word)
            | Q(publisher__in=names)
            | Q(reference__icontains=word)
            | Q(url__icontains=word)
        )
        return found | in_title if in_title else found

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return person(request).has_perm("timeline.merge_source")

    @admin.display(description=_("title"), ordering="title")
    def headline(self, source: Source) -> str:
        return str(source)

    @admin.display(
        description=pgettext_lazy("a source", "published"),
        ordering="published_latest",
        empty_value="—",
    )
    def when(self, source: Source) -> str | None:
        return dates.short(dates.parse(source.published), tongue()) if source.published else None

    @admin.display(description=_("events"), ordering="used")
    def events(self, source: Any) -> int:
        return int(source.used)


class PublisherNames(OwnRows):
    model = PublisherName
    fields = [("name", "language", "kind")]


class PublisherDomains(OwnRows):
    model = PublisherDomain
    fields = ["domain"]


@admin.register(Publisher)
class PublisherAdmin(Named):
    list_display = ["name", "kind", "country", "language", "sources"]
    list_filter = ["kind"]
    search_help_text = _("Any name, or a domain.")
    autocomplete_fields = ["controlled_by"]
    fields = ["name", "kind", "country", "language", "controlled_by", "note", "slug"]
    inlines = [PublisherNames, PublisherDomains]
    adds_in_place = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return counted(super().get_queryset(request), "sources")

    def also_found(self, word: str) -> Q:
        names = PublisherName.objects.filter(folded__contains=word).values("publisher")
        domains = PublisherDomain.objects.filter(domain__contains=word).values("publisher")
        return Q(pk__in=names) | Q(pk__in=domains)

    def ranked(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.order_by("-used", "folded", "pk")

    @admin.display(description=_("sources"), ordering="used")
    def sources(self, publisher: Any) -> int:
        return int(publisher.used)


@admin.register(Place)
class PlaceAdmin(Told, Named):
    form = told_form(TermKind.PLACE)
    list_display = ["name", "kind", "country", "parent", "events"]
    list_filter = ["kind"]
    list_select_related = ["parent"]
    autocomplete_fields = ["parent"]
    fields = [
        "name",
        "kind",
        "country",
        "parent",
        "dateline",
        ("latitude", "longitude"),
        "geonames_id",
        "slug",
    ]
    adds_in_place = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return counted(super().get_queryset(request), "events")

    def ranked(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.order_by("-used", "folded", "pk")

    @admin.display(description=_("events"), ordering="used")
    def events(self, place: Any) -> int:
        return int(place.used)


@admin.register(Category)
class CategoryAdmin(Told, Named):
    form = told_form(TermKind.CATEGORY)
    list_display = ["drawn", "family", "default_role", "order"]
    list_display_links = ["drawn"]
    ordering = ["order", "folded", "pk"]
    fields = ["name", "description", "shape", "family", "default_role", "order", "slug"]

    @admin.display(description=_("category"), ordering="folded")
    def drawn(self, category: Category) -> SafeString:
        shape = mark(category.shape, category.family)
        return format_html('<span class="cat">{} {}</span>', shape, category)


@admin.register(Topic)
class TopicAdmin(Told, Named):
    form = told_form(TermKind.TOPIC)
    list_display = ["name", "in_events"]
    fields = ["name", "slug"]
    adds_in_place = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return counted(super().get_queryset(request), "events")

    def ranked(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.order_by("-used", "folded", "pk")

    @admin.display(description=_("events"), ordering="used")
    def in_events(self, topic: Any) -> int:
        # Not "events", which Django takes for the rows that point to a topic.
        return int(topic.used)


@admin.register(Metric)
class MetricAdmin(Told):
    form = told_form(TermKind.METRIC, "label")
    list_display = ["label", "code", "unit", "adds_up_to", "headline", "order"]
    list_select_related = ["adds_up_to"]
    search_fields = ["label"]
    search_folded = ["code"]
    fields = ["label", "code", "unit", "adds_up_to", "headline", "order"]
    ordering = ["order", "code"]

    def also_found(self, word: str) -> Q:
        return Q(label__icontains=word)


@admin.register(SiteText)
class SiteTextAdmin(Desk):
    list_display = ["key", "language"]
    fields = ["key", "language", "markdown"]
