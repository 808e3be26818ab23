"""How a valid event form becomes the record: fields, rows, actors, which revising.py settles then.

Runs inside the transaction of the request; a refusal by ``editing`` undoes everything. The order
matters: figures let go of a source before it is removed, and new ones take up a source that was
just made.
"""

from typing import Any

from timeline.admin import in_place
from timeline.admin.event_form import EventForm
from timeline.admin.event_rows import FigureRows
from timeline.editing import changes
from timeline.models import Actor, Event, Participation
from timeline.models.choices import ChangeKind, Role, Status


def save_fields(form: EventForm) -> None:
    """Write the event's own fields, under the status that it had: settling it comes last."""
    event, wanted = form.instance, form.instance.status
    event.place = in_place.kept(event.place)
    event.status = form.status_before or Status.DRAFT
    event.save()
    event.status = wanted
    if wanted == Status.WITHDRAWN:
        event.withdrawal_reason = form.cleaned_data["withdrawal_reason"]


def save_rows(form: EventForm, formsets: list[Any]) -> None:
    """Write topics, rows and actors."""
    event: Event = form.instance
    form.cleaned_data["topics"] = in_place.all_kept(form.cleaned_data["topics"])
    form.save_m2m()
    rows = {formset.prefix: formset for formset in formsets}
    figures = rows.pop("figures", None)
    if figures is not None:
        _save_known_figures(figures)
    others = _other_ends(rows.get("relations"))
    for formset in rows.values():
        formset.save()
    changes.note(ChangeKind.CHANGED, *others)
    if figures is not None:
        _save_new_figures(figures, event)
    _save_actors(form)


def _other_ends(relations: Any) -> list[Event]:
    """The events at the other end of relations that change, before and after: both show them."""
    if relations is None:
        return []
    keys = {
        key
        for form in relations.forms
        if form.has_changed()
        for key in (form.initial.get("to_event"), form.instance.to_event_id)
        if key
    }
    return list(Event.objects.filter(pk__in=keys))


def _save_known_figures(figures: FigureRows) -> None:
    figures.save(commit=False)
    for gone in figures.deleted_objects:
        gone.delete()
    for figure, _changed in figures.changed_objects:
        figure.save()


def _save_new_figures(figures: FigureRows, event: Event) -> None:
    taken = event.figures.count()
    for number, figure in enumerate(figures.new_objects):
        figure.order = taken + number
        figure.save()
    lonely = [form.instance for form in figures.forms if form.rests_on_only_source]
    for figure in lonely:
        figure.citation = event.citations.get()
        figure.save()


def _save_actors(form: EventForm) -> None:
    """An actor taken out of the field loses all roles, an added one gets the category's usual.

    What the rows under Roles say of an actor who stays is left alone.
    """
    event: Event = form.instance
    chosen = in_place.all_kept(form.cleaned_data["actors"])
    before = set(form.initial.get("actors", ()))
    keys = {actor.pk for actor in chosen}
    event.participations.filter(actor__in=before - keys).delete()
    there = set(event.participations.values_list("actor", flat=True))
    usual = event.category.default_role if event.category else Role.PARTICIPANT
    added: list[Actor] = [each for each in chosen if each.pk not in before | there]
    last = max(event.participations.values_list("order", flat=True), default=-1)
    for order, actor in enumerate(added, last + 1):
        Participation.objects.create(event=event, actor=actor, role=usual, order=order)
