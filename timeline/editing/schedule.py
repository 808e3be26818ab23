"""What publishes by itself: drafts and working copies whose moment has come.

``publish_due`` is asked every few seconds by a command, never by a request. What the rules refuse
isn't published and says why, on the event and in the log; the next save of it tries again.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from timeline.editing import changes, copies, events, rights, rules
from timeline.editing.publishing import StepRefused
from timeline.editing.versions import Release
from timeline.models import Event
from timeline.models.choices import ChangeKind, VersionKind

_log = logging.getLogger("timeline.schedule")


@dataclass(slots=True)
class Done:
    """The titles of what was published, and of what was refused with the reason."""

    published: list[str]
    refused: list[tuple[str, str]]


def publish_due(now: datetime) -> Done:
    """Publish everything whose moment is ``now`` or was; each in a transaction of its own."""
    done = Done([], [])
    for pk in Event.objects.due(now).values_list("pk", flat=True):
        try:
            with transaction.atomic():
                title = _publish(pk, now)
        except (rules.Hindered, StepRefused) as refusal:
            if title := _refuse(pk, now, str(refusal)):
                done.refused.append((title, str(refusal)))
            continue
        if title:
            done.published.append(title)
            _log.info("Published at its moment: “%s”", title)
    return done


def _due(pk: int, now: datetime) -> Event | None:
    """The event, held, if it is still there and still due: another program may have been faster."""
    changes.begin()
    if not Event.objects.due(now).filter(pk=pk).exists():
        return None
    return events.hold(pk)


def _publish(pk: int, now: datetime) -> str | None:
    event = _due(pk, now)
    if event is None:
        return None
    who = User.objects.filter(pk=event.publish_by_id or 0, is_active=True).first()
    if who is None or not rights.may_publish(who):
        raise StepRefused(_("Whoever chose the moment may not publish any more. Choose it again."))
    if event.revises_id is None:
        events.publish([event], by=who)
    else:
        kind = VersionKind(event.publish_kind or copies.usual(event))
        copies.publish(event, by=who, release=Release(kind, event.publish_note))
    return event.title


@transaction.atomic
def _refuse(pk: int, now: datetime, why: str) -> str | None:
    event = _due(pk, now)
    if event is None:
        return None
    event.publish_refusal = why
    event.save()
    changes.note(ChangeKind.CHANGED, event)
    _log.warning("Not published at its moment: “%s”: %s", event.title, why)
    return event.title
