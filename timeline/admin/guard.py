"""The guard of every form of the desk: who saves beside somebody else is asked what stands.

A form carries what it was made from. When the record says something else by the time it is sent,
the two are joined by conflict.py on a page of its own; nothing of either is lost. The form of what
is published in versions has more to ask (its working copy), which revising.py does with the same
parts.
"""

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from timeline.admin.conflict import Joined, Sent, Teller, as_post, joined
from timeline.admin.snapshots import (
    Snapshot,
    of_data,
    of_form,
    of_formset,
    sealed,
    sent_rows,
    unsealed,
)
from timeline.models import Change

RESOLVE = "_resolve"
"""The field that says of which state the choices were made."""
NOTHING: Snapshot = {"form": {}, "rows": {}}
"""What a form without a seal of ours was made from: everything that differs is a question."""


def _stand(now: Snapshot) -> str:
    return hashlib.sha256(json.dumps(now, sort_keys=True).encode()).hexdigest()[:16]


class Guarded:
    """For an admin class whose forms carry their seal in the field ``opened``."""

    admin_site: Any
    opts: Any
    get_form: Any
    get_object: Any
    get_formsets_with_inlines: Any
    has_change_permission: Any

    def opened(self, request: HttpRequest, thing: Any) -> str:
        """The seal of a form that is made now; a form that comes back keeps its own."""
        if request.method == "POST" and request.POST.get("opened"):
            return str(request.POST["opened"])
        return sealed(0, self.snapshot(request, thing))

    def stand(self, request: HttpRequest, thing: Any) -> str:
        """What the record says now, in a few letters, for a page that asks what to do with it."""
        return _stand(self.snapshot(request, thing))

    def stopped(self, request: HttpRequest, object_id: str) -> HttpResponse | None:
        """The page that asks what stands, if somebody else saved; None when it can be saved."""
        thing = self.get_object(request, object_id)
        if thing is None or not self.has_change_permission(request, thing):
            return None
        now = self.snapshot(request, thing)
        opened = unsealed(request.POST.get("opened", ""))
        was = opened[1] if opened else NOTHING
        if was == now:
            return None
        stand = _stand(now)
        resolved = request.POST.get(RESOLVE) == stand
        made = self.joined(request, thing, was, request.POST if resolved else {})
        if not (resolved or made.questions or made.only_theirs or made.both):
            return None
        if not resolved:
            return self.ask_what_stands(request, thing, made, question=RESOLVE, stand=stand)
        keys = dict.fromkeys(made.rows, "id")
        replace_post(request, as_post(request.POST, made, sealed(0, now), keys))
        return None

    def ask_what_stands(
        self,
        request: HttpRequest,
        thing: Any,
        made: Joined,
        *,
        question: str,
        stand: str,
        address: str = "",
    ) -> HttpResponse:
        """Everything typed comes back with the choices; ``question`` answers ``stand``.

        ``address`` is where the form belongs when that isn't the thing's own page: the public
        event changed, and the form is its working copy's.
        """
        hidden = [
            (name, value)
            for name in request.POST
            for value in request.POST.getlist(name)
            if name not in ("csrfmiddlewaretoken", question) and not name.startswith("keep-")
        ]
        last = Change.objects.filter(model=self.opts.model_name, object_id=thing.pk)
        change = last.select_related("by").order_by("-pk").first()
        who = change.by if change is not None else None
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return TemplateResponse(
            request,
            "admin/event/conflict.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "original": thing,
                "title": _("Someone else saved this %(thing)s") % {"thing": self.opts.verbose_name},
                "made": made,
                "hidden": hidden,
                "question": question,
                "stand": stand,
                "published": bool(address),
                "address": address or reverse(name, args=[thing.pk]),
                "saved_at": change.at if change is not None else None,
                "who": (who.get_full_name() or who.get_username()) if who else _("Somebody"),
            },
            status=409,
        )

    def _formset_classes(self, request: HttpRequest, thing: Any) -> dict[str, Any]:
        return {
            formset.get_default_prefix(): (formset, inline)
            for formset, inline in self.get_formsets_with_inlines(request, thing)
        }

    def snapshot(self, request: HttpRequest, thing: Any) -> Snapshot:
        form = self.get_form(request, thing, change=True)(instance=thing)
        rows = {
            prefix: of_formset(
                formset(instance=thing, prefix=prefix, queryset=inline.get_queryset(request))
            )
            for prefix, (formset, inline) in self._formset_classes(request, thing).items()
        }
        return {"form": of_form(form), "rows": rows}

    def joined(self, request: HttpRequest, thing: Any, was: Snapshot, choices: Any) -> Joined:
        sent, now = self.sent(request, thing), self.snapshot(request, thing)
        return joined(was, sent, now, choices, self.teller(request, thing))

    def sent(self, request: HttpRequest, thing: Any) -> Sent:
        classes = self._formset_classes(request, thing)
        form = self.get_form(request, thing, change=True)(instance=thing)
        return Sent(
            of_data(form, request.POST),
            {
                prefix: sent_rows(formset, prefix, request.POST)
                for prefix, (formset, _inline) in classes.items()
            },
        )

    def teller(self, request: HttpRequest, thing: Any) -> Teller:
        classes = self._formset_classes(request, thing)
        form = self.get_form(request, thing, change=True)(instance=thing)
        tellers = {"": form} | {prefix: formset.form() for prefix, (formset, _) in classes.items()}
        titles = {
            prefix: capfirst(
                str(
                    inline.opts.verbose_name if inline.verbose_name is None else inline.verbose_name
                )
            )
            for prefix, (_formset, inline) in classes.items()
        }
        return Teller(tellers, titles)


def replace_post(request: HttpRequest, data: QueryDict) -> None:
    """Let the rest of the request see other data than was sent."""
    request._post = data  # type: ignore[attr-defined]  # noqa: SLF001
    request.POST = data  # type: ignore[assignment]
