"""Working copies: what a published event will say next, written beside it and never on it.

A copy is a draft with ``revises``, with fields and rows of its own. Publishing it puts them onto
the public event in one transaction, writes the version and takes the copy away. Nothing here ever
makes a copy an event of its own; the database forbids it too.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from timeline.editing import changes, events, publishing, rules
from timeline.editing.publishing import (
    StepRefused,
    User,
    copy_of,
    held_pair,
    held_public,
)
from timeline.editing.rows import again
from timeline.editing.versions import Release
from timeline.models import (
    Actor,
    Category,
    Citation,
    Event,
    EventTranslation,
    Figure,
    Metric,
    Participation,
    Place,
    Relation,
    SlugRedirect,
    Source,
    Topic,
    Version,
)
from timeline.models.choices import ChangeKind, RelationKind, Status, VersionKind
from timeline.models.relations import SYMMETRIC
from timeline.models.translations import seal

TEXT = (
    *("title", "label", "summary", "date", "date_basis", "time", "time_zone", "date_note"),
    *("place_precision", "importance", "verification_override", "verification_note"),
)
"""Public fields of the event itself that a version holds under the same name."""
FIELDS = (*TEXT, "day_order", "category", "place", "internal_note")
"""What a copy takes from its event, and gives back."""
ROWS = ("citations", "participations", "figures", "relations", "translations")

Keys = dict[str, dict[str, int]]
"""For each kind of row, the keys of the event's rows and of those that the copy made of them."""


@transaction.atomic
def begin(event: Event, *, by: User) -> Event:
    """The working copy of a published event, made from what readers see if there is none yet.

    Its ``revises_base["rows"]`` maps the keys of the event's rows to those of the copy's.
    Raises ``StepRefused`` for an event that isn't published.
    """
    event = held_public(event)
    known = copy_of(event)
    if known is not None:
        return known
    copy = _blank(event)
    for name in FIELDS:
        setattr(copy, name, getattr(event, name))
    copy.save()
    copy.topics.set(event.topics.all())
    copy.revises_base = {"rows": _copy_rows(event, copy)}
    events.finish(copy, by, ChangeKind.CREATED)
    return copy


def _blank(event: Event) -> Event:
    return Event(revises=event, revises_version=event.version, status=Status.DRAFT)


def _copy_rows(event: Event, copy: Event) -> Keys:
    keys: Keys = {name: {} for name in ROWS}

    def add(name: str, row: Any, **changed: Any) -> None:
        keys[name][str(row.pk)] = again(row, **changed).pk

    for citation in event.citations.all():
        add("citations", citation, event=copy)
    for part in event.participations.all():
        add("participations", part, event=copy)
    replaced = {}
    for figure in event.figures.all():
        replaced[figure.pk] = figure.superseded_by_id
        cited = keys["citations"].get(str(figure.citation_id))
        add("figures", figure, event=copy, citation_id=cited, superseded_by=None)
    for old, successor in replaced.items():
        if successor is not None:
            made = Figure.objects.filter(pk=keys["figures"][str(old)])
            made.update(superseded_by=keys["figures"].get(str(successor)))
    for relation in event.relations.all():
        add("relations", relation, from_event=copy)
    for translation in event.translations.all():
        add("translations", translation, event=copy)
    return keys


@transaction.atomic
def restore(version: Version, *, by: User) -> tuple[Event, list[str]]:
    """A working copy that says what an older version said; what is gone meanwhile is named.

    Raises ``StepRefused`` when there are changes already, or the version is redacted.
    """
    if version.event is None or version.is_redacted:
        raise StepRefused(_("This version is redacted; there is nothing to start from."))
    event = publishing.held(Event, version.event.pk)
    if event.status != Status.PUBLISHED:
        raise StepRefused(_("“%(event)s” is not published.") % {"event": event})
    if copy_of(event) is not None:
        raise StepRefused(
            _("There are changes to “%(event)s” already. Publish or discard them first.")
            % {"event": event}
        )
    copy = _blank(event)
    copy.restores = version.number
    copy.day_order, copy.internal_note = event.day_order, event.internal_note
    lost = _fill(copy, version.content())
    copy.revises_base = {"rows": {name: {} for name in ROWS}}
    events.finish(copy, by, ChangeKind.CREATED)
    return copy, lost


def _fill(copy: Event, content: dict[str, Any]) -> list[str]:
    """Fields and rows from a version; returns the names of what isn't in the record any more."""
    lost: list[str] = []

    def found(model: Any, held: dict[str, Any] | None) -> Any:
        if held is None:
            return None
        field = {Source: "public_id", Metric: "code"}.get(model, "slug")
        thing = model.objects.filter(**{field: held[field]}).first()
        if thing is None:
            kind = model._meta.model_name
            moved = SlugRedirect.objects.filter(kind=kind, old_slug=held[field]).first()
            thing = model.objects.filter(pk=moved.object_id).first() if moved else None
        if thing is None:
            lost.append(str(held.get("name") or held.get("title") or held[field]))
        return thing

    for name in TEXT:
        field: Any = Event._meta.get_field(name)
        setattr(copy, name, field.to_python(content[name]))
    copy.category = found(Category, content["category"])
    copy.place = found(Place, content["place"])
    copy.save()
    copy.topics.set(filter(None, [found(Topic, each) for each in content["topics"]]))
    for order, held in enumerate(content["participations"]):
        if actor := found(Actor, held["actor"]):
            Participation.objects.get_or_create(
                event=copy,
                actor=actor,
                role=held["role"],
                defaults={"alleged": held["alleged"], "order": order},
            )
    cited: dict[str, Citation] = {}
    for order, held in enumerate(content["citations"]):
        if source := found(Source, held["source"]):
            citation, _made = Citation.objects.get_or_create(
                event=copy,
                source=source,
                stance=held["stance"],
                speaker=found(Actor, held["speaker"]),
                defaults={name: held[name] for name in ("locator", "quote", "supports", "note")}
                | {"order": order},
            )
            cited.setdefault(held["source"]["public_id"], citation)
    values = ("subject", "text_value", "qualifier", "basis", "period_start", "as_of", "state")
    for order, held in enumerate(content["figures"]):
        if metric := found(Metric, held["metric"]):
            Figure.objects.create(
                event=copy,
                metric=metric,
                attributed_to=found(Actor, held["attributed_to"]),
                citation=cited.get((held["source"] or {}).get("public_id", "")),
                order=order,
                note=held["note"],
                **{name: held[name] for name in values},
                **{name: held[name] for name in ("low", "best", "high")},
            )
    for held in content["relations"]:
        other = Event.objects.public().filter(public_id=held["event"]).first()
        if other is not None:
            Relation.objects.create(from_event=copy, to_event=other, kind=held["kind"])
    for held in content.get("translations", ()):
        EventTranslation.objects.create(
            event=copy,
            language=held["language"],
            title=held["title"],
            summary=held["summary"],
            label=held.get("label", ""),
            of="" if held["outdated"] else seal(copy.title, copy.summary),
        )
    return lost


@transaction.atomic
def publish(copy: Event, *, by: User, release: Release, written: bool = False) -> Event:
    """Let readers see the copy instead of what the event says; the copy is gone then.

    ``written``: the one who publishes has just changed it. Raises ``Outdated``,
    ``rules.Hindered`` and ``StepRefused``; the caller's transaction must then be rolled back.
    """
    event, copy = held_pair(copy, by=by, written=written)
    for name in FIELDS:
        setattr(event, name, getattr(copy, name))
    event.topics.set(copy.topics.all())
    ends = _hand_over(copy, event)
    changes.note(ChangeKind.REMOVED, copy)
    copy.delete()
    changes.note(ChangeKind.CHANGED, *ends)
    events.publish_anew(event, by=by, release=release)
    return event


def _hand_over(copy: Event, event: Event) -> list[Event]:
    """Give the copy's rows to the event instead of its own; returns the events related to either.

    The rows keep their keys, so that a form that was opened on the copy still means them.
    """
    ends = {each.to_event for owner in (event, copy) for each in owner.relations.all()}
    event.figures.all().delete()
    for name in ("citations", "participations", "relations", "translations"):
        getattr(event, name).all().delete()
    for relation in copy.relations.all():
        told = Relation.objects.filter(
            from_event=relation.to_event_id, to_event=event, kind=relation.kind
        )
        if relation.to_event_id == event.pk or (relation.kind in SYMMETRIC and told.exists()):
            relation.delete()
            continue
        relation.from_event = event
        if relation.kind == RelationKind.PART_OF:
            try:
                relation.clean()
            except ValidationError as error:
                problem = rules.Problem("relations", " ".join(error.messages))
                raise rules.Hindered(copy, [problem]) from error
        relation.save()
    for name in ("citations", "participations", "figures", "translations"):
        getattr(copy, name).update(event=event)
    return [each for each in ends if each.pk != event.pk]


def usual(copy: Event) -> VersionKind:
    """What publishing the copy most likely is."""
    return VersionKind.RESTORED if copy.restores else VersionKind.UPDATE
