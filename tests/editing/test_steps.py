"""How an event's verification came about is kept with every change of what it rests on."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.db import transaction

from tests.changes import noted
from tests.index.made import make_record
from tests.make import cite, count_figure, make_actor, make_event, make_source
from timeline.editing import events, things
from timeline.models import Change, Event, Figure, VerificationStep
from timeline.verification import Label, Part, Statement, Voice, steps, verification

pytestmark = pytest.mark.django_db


def kept(event):
    rows = event.verification_steps.values_list("day", "label")
    return [f"{day} {label}" for day, label in rows]


def rested(*published, **source):
    return make_event(sources=[make_source(published=each, **source) for each in published])


def test_a_step_for_each_day_on_which_the_label_changes():
    event = rested("2024-10-20", "2024-11-01", "2024-11-05")
    assert kept(event) == ["2024-10-20 single_source", "2024-11-01 reported"]
    with transaction.atomic():
        admitted = make_source(published="2024-12")
        cite(event, admitted, stance="confirms", speaker=make_actor(), note="It said so.")
        north = make_actor("Northland")
        cite(event, make_source(published="2024-11-03"), stance="denies", speaker=north)
        events.settle(event, by=None, before="published")
    assert kept(event) == [
        "2024-10-20 single_source",
        "2024-11-01 reported",
        "2024-11-03 disputed",
    ]


def test_what_has_no_day_is_no_step():
    assert kept(rested("")) == []
    assert kept(rested("", accessed_on=date(2025, 1, 1))) == ["2025-01-01 single_source"]


def test_a_label_set_by_hand_is_no_step():
    event = rested("2024-10-20")
    event.verification_override, event.verification_note = "disproved", "It was not so."
    events.settle(event, by=None, before="published")
    assert kept(event) == ["2024-10-20 single_source"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"published": "2025-02-03"}, "2025-02-03 single_source"),
        ({"published": "", "accessed_on": date(2025, 5, 1)}, "2025-05-01 single_source"),
    ],
)
def test_a_source_of_another_day_derives_them_anew(change, expected):
    event = rested("2024-10-20")
    before = Change.objects.filter(model="event", object_id=event.pk).count()
    source = event.citations.get().source
    for name, value in change.items():
        setattr(source, name, value)
    things.store(source)
    assert kept(event) == [expected]
    # The label of today is the same, and yet readers must learn of it.
    assert Change.objects.filter(model="event", object_id=event.pk).count() == before + 1


def test_steps_that_stay_the_same_are_not_written_again():
    event = rested("2024-10-20")
    (before,) = event.verification_steps.values_list("pk", flat=True)
    events.settle(event, by=None, before="published")
    assert event.verification_steps.get().pk == before


def test_every_step_leaves_its_change():
    event = rested("2024-10-20")
    with noted():
        source = event.citations.get().source
        source.published = "2024-10-25"
        things.store(source)
    assert kept(event) == ["2024-10-25 single_source"]


def test_the_steps_say_what_the_rules_say_on_every_day():
    north, paper = Voice("actor:n", "Northland"), Voice("publisher:p", "Paper")
    wire = Voice("publisher:w", "Wire")
    statements = [
        Statement("reports", date(2024, 10, 2), paper, paper),
        Statement("denies", date(2024, 10, 4), paper, paper, party=north),
        Statement("reports", date(2024, 10, 4), wire, wire),
        Statement("confirms", None, wire, wire, party=north, seen=date(2024, 10, 9)),
        Statement("reports", None, wire, wire),
    ]
    parts = [Part(north, north, "initiator")]
    found = steps(statements, parts)
    assert found[0] == (date(2024, 10, 2), Label.SINGLE_SOURCE)
    for day in range(2, 20):
        at = date(2024, 10, day)
        label = [label for since, label in found if since <= at][-1]
        assert label == verification(statements, parts, at).label


def test_those_who_update_get_the_same_steps():
    make_record(seed=11, events=25)
    event = Event.objects.filter(citations__isnull=False).first()
    actor = make_actor()
    count_figure(event, attributed_to=actor, as_of="2024-10")
    derived = list(
        VerificationStep.objects.order_by("event", "day").values_list("event", "day", "label")
    )
    days = list(Figure.objects.order_by("pk").values_list("as_of_latest"))
    assert derived
    assert (date(2024, 10, 31),) in days
    VerificationStep.objects.all().delete()
    Figure.objects.update(as_of_latest=None)
    for name in ("0014_derive_verification_steps", "0015_figure_as_of_latest"):
        import_module(f"timeline.migrations.{name}").derive(apps, None)
    again = VerificationStep.objects.order_by("event", "day").values_list("event", "day", "label")
    assert list(again) == derived
    assert list(Figure.objects.order_by("pk").values_list("as_of_latest")) == days
