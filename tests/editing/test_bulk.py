"""What is stored in bulk is what a save of each row stores, column by column."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection, transaction

from timeline.editing import bulk, changes
from timeline.models import (
    Actor,
    Category,
    Change,
    Citation,
    Event,
    Figure,
    Metric,
    Participation,
    Place,
    Publisher,
    Source,
)
from timeline.models.choices import ChangeKind, Importance, Role, SourceKind, Stance

pytestmark = pytest.mark.django_db
HOSTILE = (
    "",
    "Plain words",
    "  two  spaces\tand a tab ",
    "Ünïcode \u202ebidi\u202c and\u0000 control",
    "북한 미사일",
    "line\r\nbreak\n\n\n\nand more",
    "cafe\u0301 \ufb01ne",
)
DATES = ("2024-10-05", "2024-21", "2024-10-08/2024-10-13", "202X", "../2018-03", "2024-10-05~")
BY_CHANCE = {"id", "public_id", "created_at", "updated_at", "at"}


def stored(rows):
    """The rows as the database has them, in their order, without keys and moments."""
    model = type(rows[0])
    columns = [each.column for each in model._meta.concrete_fields if each.name not in BY_CHANCE]
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {quoted} FROM {model._meta.db_table}")  # noqa: S608
        found = {row[0]: dict(zip(columns, row[1:], strict=True)) for row in cursor.fetchall()}
    return [found[each.pk] for each in rows]


def alike(make, count):
    """Store as many rows of the maker either way; the same is in the database."""
    quick = [make(number, "q") for number in range(count)]
    slow = [make(number, "s") for number in range(count)]
    with transaction.atomic():
        changes.begin()
        bulk.insert(quick)
    for each in slow:
        each.save()
    assert stored(quick) == stored(slow)
    return quick


@pytest.fixture
def category():
    return Category.objects.create(name="Test", slug="test")


def test_events(category):
    place = Place.objects.create(name="Here", slug="here")

    def make(number, _way):
        hostile = HOSTILE[number % len(HOSTILE)]
        return Event(
            title=f"Event {number} {hostile}",
            summary=hostile,
            label=hostile[:9],
            date=DATES[number % len(DATES)],
            time=dt.time(number % 24, 7) if number % 3 else None,
            time_zone="Asia/Seoul" if number % 3 else "",
            importance=Importance.KEY if number % 2 else Importance.NORMAL,
            category=category if number % 2 else None,
            place=place if number % 5 else None,
            publish_at=dt.datetime(2030, 1, number % 28 + 1, tzinfo=dt.UTC) if number % 4 else None,
            revises_base={"a": [number]} if number % 7 == 0 else {},
            internal_note=hostile,
        )

    # More than go into one statement, and some over.
    made = alike(make, 107)
    assert len({each.public_id for each in made}) == 107
    assert all(each._state.db == "default" and not each._state.adding for each in made)


def test_sources_and_what_cites_them(category):
    publisher = Publisher(name="The  Paper", slug="the-paper")
    actor = Actor.objects.create(name="Somebody", slug="somebody")
    metric = Metric.objects.create(code="killed", label="Killed")
    event = Event.objects.create(title="An event", date="2024", category=category)
    sources = {}

    def source(number, way):
        # The publisher has no key yet when the sources are made.
        made = sources[number, way] = Source(
            url=f"https://Example.org:443/{way}/{number}?utm_source=x#y" if number % 3 else "",
            reference="" if number % 3 else f"Paper, page {number}",
            title=HOSTILE[number % len(HOSTILE)],
            published=DATES[number % len(DATES)] if number % 4 else "",
            accessed_on=dt.date(2024, 1, number % 28 + 1) if number % 2 else None,
            archived_at=dt.datetime(2024, 1, 1, 1, number, 2, 5, tzinfo=dt.UTC),
            kind=SourceKind.VIDEO if number % 2 else SourceKind.NEWS,
            publisher=publisher,
            agency=publisher if number % 2 else None,
        )
        return made

    quick = [source(number, "q") for number in range(47)]
    slow = [source(number, "s") for number in range(47)]
    with pytest.raises(ValueError, match="isn't stored"), transaction.atomic():
        bulk.insert(quick)
    with transaction.atomic():
        bulk.insert([publisher])
        bulk.insert(quick)
    for each in slow:
        each.publisher = publisher
        each.agency = publisher if each.agency is not None else None
        each.save()

    def bare(rows):
        return [
            {**row, "url": "", "canonical_url": (row["canonical_url"] or "")[:20]}
            for row in stored(rows)
        ]

    assert bare(quick) == bare(slow)
    assert quick[1].canonical_url == "https://example.org/q/1"

    def citation(number, way):
        return Citation(
            event=event,
            source=sources[number, way],
            stance=Stance.CONFIRMS if number % 2 else Stance.REPORTS,
            speaker=actor if number % 3 else None,
            quote=HOSTILE[number % len(HOSTILE)],
            supports=["date", "place"] if number % 2 else [],
            order=number,
        )

    first = [citation(number, "q") for number in range(47)]
    second = [citation(number, "s") for number in range(47)]
    with transaction.atomic():
        bulk.insert(first)
    for each in second:
        each.save()
    bare_rows = [[{**row, "source_id": 0} for row in stored(rows)] for rows in (first, second)]
    assert bare_rows[0] == bare_rows[1]

    def figure(number, _way):
        return Figure(
            event=event,
            metric=metric,
            best=Decimal(number) / 4 if number % 3 else None,
            text_value="" if number % 3 else "dozens",
            as_of=DATES[number % len(DATES)] if number % 2 else "",
            citation=first[number % 47],
            order=number,
        )

    alike(figure, 70)


def test_what_repeats_and_what_is_one(category):
    event = Event.objects.create(title="An event", date="2024", category=category)
    actors = [Actor.objects.create(name=f"A {n}", slug=f"a-{n}") for n in range(4)]

    def part(number, way):
        role = Role.PARTICIPANT if way == "q" else Role.TARGET
        return Participation(event=event, actor=actors[number], role=role, order=number)

    quick = [part(number, "q") for number in range(4)]
    slow = [part(number, "s") for number in range(4)]
    with transaction.atomic():
        bulk.insert(quick)
    for each in slow:
        each.save()
    rows = [[{**row, "role": ""} for row in stored(some)] for some in (quick, slow)]
    assert rows[0] == rows[1]

    def change(number, _way):
        return Change(kind=ChangeKind.CREATED, model="event", object_id=number, what=" import  1 ")

    alike(change, 300)
    alike(change, 1)
    with transaction.atomic():
        bulk.insert([])
