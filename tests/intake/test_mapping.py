"""A mapping is JSON that is checked: what is wrong with it is a sentence."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.intake.mapping import Mapping, MappingError, Take, guess

WHOLE = Mapping(
    fields={
        "title": Take(("Event",)),
        "date": Take(("Year", "Month"), joiner="-", order="dmy"),
        "topics": Take(("Tags",), separator=";"),
        "stance": Take(constant="reports"),
        "figures.killed.low": Take(("Low",)),
    },
    system="csis",
    sheet="Data",
    encoding="cp949",
    separator=";",
)


def test_it_is_the_same_after_json():
    assert Mapping.from_json(json.loads(json.dumps(WHOLE.to_json()))) == WHOLE


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"fields": {"title": {"columns": ["a"]}}}, "which column holds the field “Date”"),
        ({"fields": {"colour": {"columns": ["a"]}}}, "“colour” is no field"),
        ({"fields": {"figures.": {"columns": ["a"]}}}, "“figures.” is no field"),
        ({"fields": {"figures.killed.most": {"columns": ["a"]}}}, "is no field"),
        ({"fields": {"title": "a"}}, "needs “columns” or a “constant”"),
        ({"fields": {"title": {"columns": "a"}}}, "are a list of headers"),
        ({"fields": {"title": {"column": ["a"]}}}, "“title.column” has no meaning"),
        ({"fields": []}, "object with “fields”"),
        ({"version": 9}, "another version"),
        ({"colour": 1}, "“colour” has no meaning"),
        ({"encoding": "klingon"}, "not an encoding"),
        ({"separator": "#"}, "Cells are separated by"),
        ({"system": 5}, "at most 200 characters"),
        ({"system": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_is_wrong_is_said(change, sentence):
    with pytest.raises(MappingError, match=sentence.replace("(", r"\(")):
        Mapping.from_json({**WHOLE.to_json(), **change})


@pytest.mark.parametrize(
    ("name", "take", "sentence"),
    [
        ("date", {"columns": ["a"], "order": "ydm"}, "order of a date"),
        ("summary", {"columns": ["a"], "separator": ";"}, "takes one value"),
        ("title", {"columns": []}, "which column holds the field “Title”"),
    ],
)
def test_a_field_is_checked(name, take, sentence):
    written = WHOLE.to_json()
    written["fields"][name] = take
    with pytest.raises(MappingError, match=sentence):
        Mapping.from_json(written)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["fields", "title", "columns", "version", "date", "order", "x"]), inner
        )
    ),
    max_leaves=10,
)


@given(JSON)
def test_any_json_is_a_mapping_or_a_sentence(written):
    try:
        made = Mapping.from_json(written)
    except MappingError:
        return
    assert Mapping.from_json(made.to_json()) == made


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        (
            ["Date", "Category", "Event", "Description", "Severity", "Source", "URL"],
            {
                "date": ("Date",),
                "category": ("Category",),
                "title": ("Event",),
                "summary": ("Description",),
                "source_publisher": ("Source",),
                "source_url": ("URL",),
            },
        ),
        (
            ["Year", "Month", "Day", "Headline", "Text", "Group"],
            {
                "date": ("Year", "Month", "Day"),
                "title": ("Headline",),
                "summary": ("Text",),
                "category": ("Group",),
            },
        ),
        (
            ["date", "locality", "state", "title", "actors", "source_1", "source_2", "notes"],
            {
                "date": ("date",),
                "place": ("locality",),
                "region": ("state",),
                "title": ("title",),
                "actors": ("actors",),
                "source_url": ("source_1", "source_2"),
                "summary": ("notes",),
            },
        ),
        (["When", "What happened"], {"date": ("When",), "title": ("What happened",)}),
        (["something", "else"], {}),
    ],
)
def test_a_guess_by_the_usual_names(header, fields):
    assert {name: take.columns for name, take in guess(header).fields.items()} == fields


def test_a_column_that_the_file_lacks_is_found():
    assert WHOLE.missing(["Event", "Year", "Tags", "Low"]) == ["Month"]
