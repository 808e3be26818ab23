"""The names that a field offers while somebody types.

Every name in every script is searched; who is in more events stands first; a name that isn't
known yet may be the last row, "NAME (new actor)", which makes nothing until the form is saved.
What a field does with the answer is in in_place.py.
"""

import json
from typing import Any, Protocol

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse

from timeline import dates, text
from timeline.models import Actor, Event, Publisher
from timeline.models.tongue import tongue

NEW = "new:"
"""Before a name that stands for a record which the save will make."""
LONGEST_TERM = 100


class Ranked(Protocol):
    """An admin class that puts what is used most first."""

    def ranked(self, queryset: QuerySet[Any]) -> QuerySet[Any]: ...


class NameSearch(AutocompleteJsonView):
    """Answers ``?term=`` for a field; see ``AutocompleteJsonView`` for the other parameters."""

    def process_request(self, request: HttpRequest) -> Any:
        term, model_admin, source_field, to_field_name = super().process_request(request)
        return text.clean_line(term)[:LONGEST_TERM], model_admin, source_field, to_field_name

    def get_queryset(self) -> QuerySet[Any]:
        found = super().get_queryset()
        rank = getattr(self.model_admin, "ranked", None)
        ranked: QuerySet[Any] = rank(found) if rank else found
        if self.model_admin.model is Event:
            ranked = ranked.filter(revises=None)  # a working copy is no event of its own
        if self.model_admin.model in (Actor, Publisher):
            ranked = ranked.prefetch_related("names")
        return ranked

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        row = super().serialize_result(obj, to_field_name)
        if isinstance(obj, Event):
            # Many events have titles alike; their days tell them apart.
            row["text"] = f"{dates.short(dates.parse(obj.date), tongue())}: {obj.title}"
        found = self._other_name(obj)
        if found is not None:
            row |= {"text": f"{row['text']} ({found.name})", "name": row["text"]}
            row |= {"other": found.name, "lang": found.language}
        return row

    def _other_name(self, obj: Model) -> Any:
        """The name that was found, when it isn't the one shown anyway."""
        term = text.fold(self.term)
        if not term or not isinstance(obj, Actor | Publisher) or term in obj.folded:
            return None
        return next((name for name in obj.names.all() if term in name.folded), None)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        answer = json.loads(response.content)
        if not answer["pagination"]["more"] and self._may_add(request):
            names = [row.get(key, "") for row in answer["results"] for key in ("text", "other")]
            if text.fold(self.term) not in map(text.fold, names):
                word = self.model_admin.opts.verbose_name
                answer["results"].append(
                    {"id": NEW + self.term, "text": f"{self.term} (new {word})"}
                )
        return JsonResponse(answer)

    def _may_add(self, request: HttpRequest) -> bool:
        in_place = getattr(self.model_admin, "adds_in_place", False)
        return in_place and len(self.term) > 1 and self.model_admin.has_add_permission(request)
