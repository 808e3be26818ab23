"""The codebook names every field that goes out, with a meaning and the values that exist."""

from dataclasses import fields, is_dataclass

import pytest

from tests.make import cite, count_figure, make_actor, make_event, make_place, make_topic
from timeline.dates import Precision
from timeline.formats import codebook
from timeline.formats.table import TABLES
from timeline.models import Relation
from timeline.models.choices import Role, Stance, VerificationLabel
from timeline.record import record
from timeline.record.outside import as_object


def chapters():
    return {each.key: each for each in (*codebook.tables(), *codebook.objects())}


def test_every_field_has_a_type_and_a_meaning_of_its_own():
    for chapter in chapters().values():
        names = [entry.name for entry in chapter.entries]
        assert len(names) == len(set(names)), chapter.key
        for entry in chapter.entries:
            assert entry.type, (chapter.key, entry.name)
            assert len(entry.meaning) > 2, (chapter.key, entry.name)
            assert "__proxy__" not in entry.meaning
            assert len({value.code for value in entry.values}) == len(entry.values)


def test_the_tables_are_those_of_the_csv():
    found = chapters()
    for table in TABLES:
        columns = [column.name for column in table.columns]
        assert [entry.name for entry in found[f"{table.name}.csv"].entries] == columns


@pytest.mark.django_db
def test_the_objects_are_those_of_the_json():
    made = make_event(
        actors=[make_actor("Kim")], topics=[make_topic("Talks")], place=make_place("Pyongyang")
    )
    count_figure(made)
    cite(made, stance="confirms", supports=["date"])
    Relation.objects.create(from_event=made, to_event=make_event(), kind="follows")
    whole = as_object(record(made))
    found = chapters()
    assert [entry.name for entry in found["event"].entries] == list(whole)
    by_kind = {kind: key for key, _title, kind, _model in codebook._OBJECTS}

    def hold(value):
        names = [field.name for field in fields(value)]
        entries = [entry.name for entry in found[by_kind[type(value)]].entries]
        assert entries in (names, ["url", *names])
        for name in names:
            inner = getattr(value, name)
            for each in inner if isinstance(inner, tuple) else (inner,):
                if is_dataclass(each):
                    hold(each)

    hold(record(made))


def values(key, name):
    (entry,) = [entry for entry in chapters()[key].entries if entry.name == name]
    return [value.code for value in entry.values]


def test_the_values_are_those_of_the_record():
    assert sorted(values("citation", "stance")) == sorted(Stance.values)
    assert values("sources.csv", "stance") == values("citation", "stance")
    assert sorted(values("event", "verification")) == sorted(VerificationLabel.values)
    assert values("participations.csv", "role") == Role.values
    assert values("event", "precision") == [each.value for each in Precision]
    assert values("event", "title") == []


def test_a_field_that_nobody_explains_is_refused():
    with pytest.raises(KeyError, match=r"event\.secret"):
        codebook._meaning("event", "secret", None)
