"""Verification of the demo, event by event, against a reading of its files that shares no code.

The rules are written here a second time, plainly and over the JSON; what the product stores and
what it would have said on earlier days must be the same for each of the 153 events.
"""

from datetime import date

import pytest

from tests.loaded import demo_record
from timeline import dates
from timeline.demo.load import rows
from timeline.models import Event
from timeline.record import assess
from timeline.web.verifying import sentence

pytestmark = pytest.mark.django_db

OCTOBER = date(2024, 10, 31)
MAY = date(2025, 5, 1)

# What the two governments denied in October 2024, and what became of it in April 2025.
DENIED = {
    "seoul-deaths-highly-likely": (["Russia"], "disputed"),
    "first-troop-transport": (["Russia", "North Korea"], "confirmed"),
    "nis-confirms-dispatch": (["North Korea", "Russia"], "confirmed"),
    "us-confirms-3000": (["North Korea"], "claimed"),
    "first-units-kursk": (["Russia", "North Korea"], "confirmed"),
    "pentagon-10000": (["Russia"], "claimed"),
    "nato-confirms-kursk": (["Russia"], "confirmed"),
}


@pytest.fixture
def events():
    demo_record()
    ids = {row["key"]: row["public_id"] for row in rows("events")}
    by_id = {event.public_id: event for event in Event.objects.public()}
    return {key: by_id[public_id] for key, public_id in ids.items()}


def expected(event, day):
    """The label by the rules of the design, from the files alone."""
    actors = {row["key"]: row for row in rows("actors")}
    sources = {row["key"]: row for row in rows("sources")}

    def party(key):
        while actors[key]["parent"]:
            key = actors[key]["parent"]
        return key

    said = []
    for citation in event["citations"]:
        source = sources[citation["source"]]
        on = dates.parse(source["published"]).latest if source["published"] else date.min
        origin = source["agency"] or source["publisher"]
        who = party(citation["speaker"]) if citation["speaker"] else f"origin {origin}"
        # Nobody knows when an undated source was there to be read; today it is.
        if day == date.max or (source["published"] and on <= day):
            said.append((on, citation["stance"], who, origin, source["kind"]))
    last = {}
    order = ["disputes", "denies", "reports", "confirms"]
    for on, stance, who, _origin, _kind in said:
        if stance in order:
            rank = (on, max(order.index(stance), 1))
            last[who] = max(last.get(who, rank), rank)
    stands = {who: order[at] for who, (_on, at) in last.items()}
    claimants = {party(p["actor"]) for p in event["participations"] if p["role"] == "claimant"}
    outside = {"claimant", "host", "mediator", "observer"}
    parties = {party(p["actor"]) for p in event["participations"] if p["role"] not in outside}
    confirming = {w for w, stance in stands.items() if stance == "confirms" and w not in claimants}
    documents = {
        who for _on, s, who, _o, kind in said if (s, kind) == ("confirms", "official_document")
    }
    carriers = {origin for _on, stance, _w, origin, _k in said if stance in ("reports", "confirms")}
    if "denies" in stands.values():
        return "disputed"
    if confirming & (documents | parties) or len(confirming) > 1:
        return "confirmed"
    if claimants and stands and not confirming:
        return "claimed"
    return {0: "unverified", 1: "single_source"}.get(len(carriers), "reported")


def test_every_label_is_what_the_files_say_on_each_of_four_days(events):
    wrong = []
    for row in rows("events"):
        event = events[row["key"]]
        stored = expected(row, date.max)
        if event.verification != stored:
            wrong.append((row["key"], "stored", event.verification, stored))
        for day in (date(2024, 10, 1), OCTOBER, MAY):
            label = assess(event, day).label
            if label != expected(row, day):
                wrong.append((row["key"], day, label, expected(row, day)))
    assert wrong == []
    assert {event.verification for event in events.values()} >= {
        *("confirmed", "reported", "single_source", "claimed", "disputed")
    }


def test_what_was_denied_in_october_2024_is_disputed_and_the_sentence_says_by_whom(events):
    for key, (deniers, _later) in DENIED.items():
        outcome = assess(events[key], OCTOBER)
        said = sentence(outcome)
        assert outcome.label == "disputed", key
        for denier in deniers:
            assert denier in said, (key, said)
        assert "enied by" in said, (key, said)
        assert "which had denied it" not in said, (key, said)
        assert "after denials" not in said, (key, said)


def test_the_acknowledgements_of_april_2025_replace_the_denials_of_the_same_party(events):
    for key, (_deniers, later) in DENIED.items():
        outcome = assess(events[key], MAY)
        assert outcome.label == later, key
        if later == "confirmed":
            assert "denied it before" in sentence(outcome) or "after denials" in sentence(outcome)
        else:
            assert "confirmed by" not in sentence(outcome).lower(), key


def test_nothing_of_the_deployment_was_known_on_the_first_of_october(events):
    for key in DENIED:
        assert assess(events[key], date(2024, 10, 1)).label == "unverified", key
