"""GeoJSON, read back by a validator of RFC 7946."""

import json
from dataclasses import replace
from decimal import Decimal

from geojson_pydantic import FeatureCollection
from hypothesis import given, settings

from tests.formats.records import ABOUT, DATES, HOSTILE, hostile_records, plain_record
from timeline.formats import geojson


def read(*records):
    written = "".join(geojson.write(ABOUT, records))
    FeatureCollection.model_validate_json(written)
    return json.loads(written, parse_float=Decimal)


def test_an_event_at_its_place():
    found = read(plain_record("2024-10~"))
    assert found["license"] == ABOUT.licence
    (feature,) = found["features"]
    assert feature["id"] == "A1B2C3D4"
    assert feature["geometry"] == {
        "type": "Point",
        "coordinates": [Decimal("103.8198"), Decimal("1.3521")],
    }
    said = feature["properties"]
    assert said["place_precision"] == "settlement"
    assert (said["date"], said["date_start"], said["date_end"]) == (
        "2024-10~",
        "2024-10-01",
        "2024-10-31",
    )
    assert said["date_precision"] == "month"
    assert said["date_approximate"] is True
    assert said["date_uncertain"] is False
    assert said["actors"] == [
        {"actor": "kim-jong-un", "name": "Kim Jong Un", "role": "participant"}
    ]
    assert said["sources"][0]["publisher"] == "Yonhap"


def test_digits_of_a_position_are_those_of_the_record():
    record = plain_record()
    place = replace(record.place, latitude=Decimal("0.000001"), longitude=Decimal("-179.100000"))
    written = "".join(geojson.write(ABOUT, [replace(record, place=place)]))
    assert '"coordinates": [-179.1, 0.000001]' in written


def test_an_event_without_a_position_has_no_geometry():
    record = plain_record()
    place = replace(record.place, latitude=None)
    features = read(replace(record, place=None), replace(record, place=place))["features"]
    assert [each["geometry"] for each in features] == [None, None]
    assert [each["properties"]["place"] for each in features] == [None, "singapore"]


def test_an_open_end_is_not_a_day():
    (feature,) = read(plain_record("2024-10/.."))["features"]
    assert feature["properties"]["date_start"] == "2024-10-01"
    assert feature["properties"]["date_end"] is None


def test_every_date_and_no_event():
    found = read(*map(plain_record, DATES))["features"]
    assert [each["properties"]["date"] for each in found] == [
        plain_record(date).date for date in DATES
    ]
    assert read()["features"] == []


def test_every_character_in_every_field():
    (feature,) = read(plain_record(text=HOSTILE))["features"]
    assert feature["properties"]["title"] == HOSTILE


@settings(max_examples=150)
@given(hostile_records)
def test_any_record_is_one_feature(record):
    (feature,) = read(record)["features"]
    assert feature["properties"]["summary"] == record.summary
