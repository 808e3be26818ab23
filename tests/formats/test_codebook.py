"""The codebook explains all that goes out, and can't fall behind it."""

import csv
import io
from dataclasses import fields, is_dataclass

from tests.formats.records import plain_record
from timeline import record
from timeline.formats import codebook, table
from timeline.models import choices
from timeline.record import things

BOOKS = {book.name: book for book in codebook.codebook()}


def test_every_table_and_column_is_explained():
    for each in table.TABLES:
        book = BOOKS[each.name]
        assert book.file == f"{each.name}.csv"
        assert [field.name for field in book.fields] == [column.name for column in each.columns]


def test_every_class_of_the_record_is_explained():
    classes = {
        each.__name__.removesuffix("Record")
        for module in (record, things)
        for each in vars(module).values()
        if isinstance(each, type) and is_dataclass(each) and each.__module__ == module.__name__
    }
    assert classes - {"Used"} <= BOOKS.keys()
    for field in fields(plain_record()):
        assert field.name in {each.name for each in BOOKS["Event"].fields}


def test_every_field_and_value_has_a_meaning():
    for book in BOOKS.values():
        assert book.title
        for field in book.fields:
            assert field.meaning.strip(), (book.name, field.name)
            assert field.type
            for value in field.values:
                assert value.value
                assert value.meaning.strip()


def test_a_field_of_an_enumeration_has_all_of_its_values():
    def values(name, field):
        (found,) = [each for each in BOOKS[name].fields if each.name == field]
        return [value.value for value in found.values]

    assert values("Citation", "stance") == choices.Stance.values
    assert values("sources", "stance") == choices.Stance.values
    assert values("Citation", "supports") == choices.Support.values
    assert values("Event", "verification") == choices.VerificationLabel.values
    assert values("Event", "date_basis") == choices.DateBasis.values
    assert values("Actor", "kind") == choices.ActorKind.values
    assert values("events", "date_qualifier") == ["exact", "approximate", "uncertain", "both"]


def test_meanings_are_those_of_an_enumeration_and_of_all_its_values():
    for enumeration, meanings in codebook._MEANINGS.items():
        assert [each.value for each in enumeration] == list(meanings), enumeration


def test_no_two_enumerations_have_the_same_values():
    """A field's enumeration is told by its values."""
    found = codebook._ENUMERATIONS
    assert len({frozenset(each.values) for each in found}) == len(found)


def test_types_are_in_words():
    types = {field.name: field.type for field in BOOKS["Event"].fields}
    assert types["citations"] == "list of Citation"
    assert types["place"] == "Place or null"
    assert types["published_at"] == "datetime or null"


def test_as_files():
    books = tuple(BOOKS.values())
    rows = list(csv.DictReader(io.StringIO("".join(codebook.as_csv(books)), newline="")))
    found = [row for row in rows if row["table"] == "events.csv"]
    assert {"date_edtf", "headline", "source_10_stance"} <= {row["field"] for row in found}
    assert {"value": "denies", "meaning": "says that it did not happen"}.items() <= next(
        row for row in rows if row["value"] == "denies"
    ).items()
    said = "".join(codebook.as_markdown(books))
    assert "## events.csv" in said
    assert "  - `season`: a season: spring from March" in said
