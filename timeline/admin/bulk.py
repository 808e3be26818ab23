"""Actions on several rows of a list: each one transaction of ``editing``, all or none.

What needs a word more (a reason, a category, a topic, which of two to keep) asks on a page of
its own. The list and these pages carry what they show of each row, an event's lock or what a
shared record says, so that nothing is done to what nobody has seen.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from timeline.admin.stock import person
from timeline.editing import events as editing
from timeline.editing import merging, rights, rules
from timeline.editing.publishing import Stale, StepRefused
from timeline.models import Actor, Category, Event, Source, Topic


class ReasonForm(forms.Form):
    given = forms.CharField(
        label=_("Why they are withdrawn"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Readers see this at the events' addresses."),
    )


class CategoryForm(forms.Form):
    given = forms.ModelChoiceField(Category.objects.all(), label=_("Category"))


class TopicForm(forms.Form):
    given = forms.ModelChoiceField(Topic.objects.all(), label=_("Topic"))


def _said(count: int) -> str:
    return ngettext("%(count)s event", "%(count)s events", count) % {"count": count}


def _try(request: HttpRequest, change: Callable[[], Iterable[Any]], done: str) -> bool:
    """Make the change; say what was done, or why nothing was."""
    try:
        with transaction.atomic():
            changed = list(change())
    except rules.Hindered as hindered:
        messages.error(
            request,
            gettext("Nothing was changed. “%(event)s”: %(why)s")
            % {"event": hindered.event, "why": hindered},
        )
        return False
    except (StepRefused, Stale) as refused:
        messages.error(request, gettext("Nothing was changed. %(why)s") % {"why": refused})
        return False
    messages.success(request, done % {"events": _said(len(changed))})
    return True


def _changeable(request: HttpRequest, events: QuerySet[Event]) -> list[Event]:
    """The events, if this person may change each of them. Raises ``StepRefused``."""
    found = list(events)
    for event in found:
        if not rights.may_change(person(request), event):
            raise StepRefused(gettext("You may not change “%(event)s”.") % {"event": event})
    return found


def _held(request: HttpRequest, events: QuerySet[Event]) -> list[Event]:
    """The events, locked, if they are as the page showed them. Raises ``Stale`` too."""
    return [editing.hold(event.pk, _lock(request, event)) for event in _changeable(request, events)]


@admin.action(description=_("Publish"), permissions=["publish"])
def publish(_admin: Any, request: HttpRequest, events: QuerySet[Event]) -> None:
    who = person(request)
    _try(
        request,
        lambda: editing.publish(_held(request, events), by=who),
        gettext("Published: %(events)s."),
    )


@admin.action(description=_("Send to review"), permissions=["change"])
def send_to_review(_admin: Any, request: HttpRequest, events: QuerySet[Event]) -> None:
    who = person(request)
    _try(
        request,
        lambda: editing.send_to_review(_held(request, events), by=who),
        gettext("Ready for review: %(events)s."),
    )


def _ask(
    model_admin: Any,
    request: HttpRequest,
    events: QuerySet[Event],
    *,
    action: str,
    title: str,
    form_class: type[forms.Form],
    change: Callable[[list[Event], Any], Iterable[Any]],
    done: str,
) -> HttpResponse | None:
    """Ask for one more word, then change; back to the list when it is done."""
    form = form_class(request.POST) if "_apply" in request.POST else form_class()
    if form.is_bound and form.is_valid():

        def apply() -> Iterable[Any]:
            return change(_held(request, events), form.cleaned_data["given"])

        if _try(request, apply, done):
            return None
    return TemplateResponse(
        request,
        "admin/bulk.html",
        {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "title": title,
            "form": form,
            "events": list(events),
            "action": action,
            "checkbox": ACTION_CHECKBOX_NAME,
        },
    )


def _lock(request: HttpRequest, event: Event) -> int | None:
    written = request.POST.get(f"lock-{event.pk}", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 12 else None


@admin.action(description=_("Withdraw"), permissions=["publish"])
def withdraw(
    model_admin: Any, request: HttpRequest, events: QuerySet[Event]
) -> HttpResponse | None:
    who = person(request)
    return _ask(
        model_admin,
        request,
        events,
        action="withdraw",
        title=gettext("Withdraw events"),
        form_class=ReasonForm,
        change=lambda held, reason: editing.withdraw(held, by=who, reason=reason),
        done=gettext("Withdrawn: %(events)s."),
    )


@admin.action(description=_("Set category"), permissions=["change"])
def set_category(
    model_admin: Any, request: HttpRequest, events: QuerySet[Event]
) -> HttpResponse | None:
    who = person(request)
    return _ask(
        model_admin,
        request,
        events,
        action="set_category",
        title=gettext("Set the category of events"),
        form_class=CategoryForm,
        change=lambda held, category: editing.set_category(held, category, by=who),
        done=gettext("Category set: %(events)s."),
    )


@admin.action(description=_("Add topic"), permissions=["change"])
def add_topic(
    model_admin: Any, request: HttpRequest, events: QuerySet[Event]
) -> HttpResponse | None:
    who = person(request)
    return _ask(
        model_admin,
        request,
        events,
        action="add_topic",
        title=gettext("Add a topic to events"),
        form_class=TopicForm,
        change=lambda held, topic: editing.add_topic(held, topic, by=who),
        done=gettext("Topic added: %(events)s."),
    )


MOST_MERGED = 6


@admin.action(description=_("Merge into one"), permissions=["merge"])
def merge_events(
    model_admin: Any, request: HttpRequest, events: QuerySet[Event]
) -> HttpResponse | None:
    """Show what each event would get from the others, ask which one stays, then merge."""
    found = list(events.order_by("pk")[: MOST_MERGED + 1])
    if not 2 <= len(found) <= MOST_MERGED:
        messages.error(
            request, gettext("Choose two to %(most)s events to merge.") % {"most": MOST_MERGED}
        )
        return None
    try:
        lasting = [event for event in found if editing.mergeable(event)]
    except StepRefused as refused:
        messages.error(request, gettext("Nothing was merged. %(why)s") % {"why": refused})
        return None
    if not lasting:
        messages.error(request, gettext("Choose a published event to merge into as well."))
        return None
    keep = next((each for each in lasting if str(each.pk) == request.POST.get("keep")), None)
    if "_apply" in request.POST and keep is not None:
        kept, who = keep, person(request)

        def apply() -> Iterable[Event]:
            for event in found:
                editing.hold(event.pk, _lock(request, event))
            others = [event for event in found if event.pk != kept.pk]
            for gone in others:
                editing.merge(kept, gone, by=who)
            return others

        done = gettext("Merged into “%(kept)s”: %%(events)s.") % {
            "kept": str(kept).replace("%", "%%")
        }
        if _try(request, apply, done):
            return None
    return TemplateResponse(
        request,
        "admin/event/merge.html",
        {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "title": gettext("Merge events into one"),
            "choices": [
                (each, [(other, editing.brings(each, other)) for other in found if other != each])
                for each in lasting
            ],
            "events": found,
            "keep": keep,
            "unchosen": "_apply" in request.POST and keep is None,
            "action": "merge_events",
            "checkbox": ACTION_CHECKBOX_NAME,
        },
    )


EVENT_ACTIONS = [publish, send_to_review, withdraw, set_category, add_topic, merge_events]


def _merge(
    model_admin: Any,
    request: HttpRequest,
    things: QuerySet[Any],
    *,
    action: str,
    change: Callable[..., Any],
) -> HttpResponse | None:
    """Ask which one to keep, then merge the others into it, all or none."""
    found = list(things)
    if len(found) < 2:
        messages.error(request, gettext("Choose two or more to merge."))
        return None
    stands = {each.pk: model_admin.stand(request, each) for each in found}
    keep = next((each for each in found if str(each.pk) == request.POST.get("keep")), None)
    changed = next(
        (each for each in found if request.POST.get(f"stand-{each.pk}") != stands[each.pk]), None
    )
    if "_apply" in request.POST and keep is not None and changed is not None:
        messages.error(
            request,
            gettext(
                "Nothing was merged. Somebody else has saved “%(thing)s” meanwhile; look again."
            )
            % {"thing": changed},
        )
    elif "_apply" in request.POST and keep is not None:
        try:
            with transaction.atomic():
                for gone in found:
                    if gone.pk != keep.pk:
                        change(keep, gone, by=person(request))
        except merging.MergeRefused as refused:
            messages.error(request, gettext("Nothing was merged. %(why)s") % {"why": refused})
            return None
        messages.success(request, gettext("Merged into “%(kept)s”.") % {"kept": keep})
        return None
    return TemplateResponse(
        request,
        "admin/merge.html",
        {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "title": gettext("Merge into one"),
            "things": [(each, stands[each.pk]) for each in found],
            "unchosen": "_apply" in request.POST and keep is None,
            "action": action,
            "checkbox": ACTION_CHECKBOX_NAME,
        },
    )


@admin.action(description=_("Merge into one"), permissions=["merge"])
def merge_actors(
    model_admin: Any, request: HttpRequest, actors: QuerySet[Actor]
) -> HttpResponse | None:
    return _merge(model_admin, request, actors, action="merge_actors", change=merging.merge_actors)


@admin.action(description=_("Merge into one"), permissions=["merge"])
def merge_sources(
    model_admin: Any, request: HttpRequest, sources: QuerySet[Source]
) -> HttpResponse | None:
    return _merge(
        model_admin, request, sources, action="merge_sources", change=merging.merge_sources
    )
