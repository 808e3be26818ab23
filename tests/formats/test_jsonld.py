"""JSON-LD: one graph, every date at its precision, and text that ends no script element."""

import json

import pytest
from hypothesis import given, settings

from tests.formats.records import ABOUT, DATES, HOSTILE, hostile_records, plain_record
from timeline import dates
from timeline.formats import jsonld


def read(*records):
    written = "".join(jsonld.write(ABOUT, records))
    made = json.loads(written)
    assert list(made) == ["@context", "@graph"]  # as a reader of a stream needs it
    for node in made["@graph"]:
        assert_node(node)
    return made["@graph"]


def assert_node(value):
    """Nothing empty, and every value of a kind that JSON-LD has."""
    assert isinstance(value, dict | list | str)
    assert value not in ("", [], {})
    for each in value.values() if isinstance(value, dict) else value:
        if not isinstance(each, str):
            assert_node(each)


def events(*records):
    return [node for node in read(*records) if node.get("@type") == "Event"]


def test_the_dataset_and_what_time_it_covers():
    graph = read(plain_record("2024"), plain_record("1994-07-08"), plain_record("[2000..2001]"))
    first, last = graph[0], graph[-1]
    assert first["@type"] == "Dataset"
    assert first["license"] == ABOUT.licence
    assert first["url"] == ABOUT.address
    assert first["distribution"]["contentUrl"] == ABOUT.own_address
    assert last == {"@id": first["@id"], "temporalCoverage": "1994-07-08/2024-12-31"}


def test_an_open_end_leaves_the_coverage_open():
    assert read(plain_record("2024-10/.."))[-1]["temporalCoverage"] == "2024-10-01/.."
    assert read(plain_record("../2019"), plain_record("2020"))[-1]["temporalCoverage"] == (
        "../2020-12-31"
    )


def test_an_event_with_its_sources():
    (node,) = events(plain_record("2018-06"))
    assert node["@id"] == node["url"]
    assert node["startDate"] == node["edtf"] == "2018-06"
    assert node["location"]["geo"] == {
        "@type": "GeoCoordinates",
        "latitude": "1.3521",
        "longitude": "103.8198",
    }
    dataset, work = node["subjectOf"]
    assert dataset == {"@id": ABOUT.own_address}
    assert work["@type"] == "NewsArticle"
    assert work["headline"] == "They met"
    assert work["datePublished"] == "2018-06"
    assert work["publisher"] == {"@type": "Organization", "name": "Yonhap"}
    assert work["url"] == "https://example.org/1?a=b&c=d"
    assert node["about"][0]["@type"] == "Person"


@pytest.mark.parametrize(
    ("date", "start", "end"),
    [
        ("2018-06-12?", "2018-06-12", None),
        ("2024-10", "2024-10", None),
        ("2024", "2024", None),
        ("2024-23", None, None),
        ("202X", None, None),
        ("2019-02-27/2019-03", "2019-02-27", "2019-03"),
        ("2024-10/..", "2024-10", None),
        ("2024-21/2025-01", None, "2025-01"),
        ("[2024-10-08..2024-10-13]", None, None),
    ],
)
def test_a_date_says_no_more_than_is_known(date, start, end):
    (node,) = events(plain_record(date))
    assert (node.get("startDate"), node.get("endDate")) == (start, end)
    assert node["edtf"] == date


def test_every_date():
    found = events(*map(plain_record, DATES))
    assert [dates.parse(node["edtf"]) for node in found] == list(map(dates.parse, DATES))


def test_the_page_of_an_event_that_was_never_saved():
    """A preview has things without an address of their own."""
    record = plain_record(public_id="", slug="")
    made = jsonld.page(record, "https://t.example.org/preview", "Site", "https://t.example.org/")
    assert made["@id"] == "https://t.example.org/preview"
    assert "identifier" not in made


def test_nothing_ends_a_script_element():
    text = f"</script><!--<script>&{HOSTILE}"
    record = plain_record(text=text)
    written = jsonld.script_json(jsonld.page(record, "https://t/", "S", "https://t/"))
    assert not {"<", ">", "&"} & set(written)
    assert json.loads(written)["name"] == text


def test_every_character_in_every_field():
    (node,) = events(plain_record(text=HOSTILE))
    assert node["name"] == HOSTILE


@settings(max_examples=150)
@given(hostile_records)
def test_any_record_is_one_event(record):
    (node,) = events(record)
    assert node["identifier"] == record.public_id
