"""What the demo's events promise before anything loads them: counts, limits, links, speakers.

Reads `timeline/demo/events.json` alone and knows nothing of Django or the loader. How the file
is turned into rows is tested beside the loader; what its fields mean is in the demo's README.
"""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

EVENTS_FILE = Path(__file__).resolve().parents[2] / "timeline" / "demo" / "events.json"
EVENTS: list[dict[str, Any]] = json.loads(EVENTS_FILE.read_text(encoding="utf-8"))
BY_KEY = {event["key"]: event for event in EVENTS}

FIELDS = {
    "key",
    "public_id",
    "title",
    "label",
    "summary",
    "date",
    "date_basis",
    "date_note",
    "category",
    "topics",
    "importance",
    "participations",
    "citations",
    "relations",
}
CITATION_FIELDS = {"source", "stance", "speaker", "locator", "quote", "supports", "note"}
STANCES = {"reports", "confirms", "denies", "disputes", "analyses", "background"}
ROLES = {
    "participant",
    "target",
    "host",
    "signatory",
    "speaker",
    "claimant",
    "supplier",
    "recipient",
    "perpetrator",
    "observer",
}
SUPPORTS = {"date", "place", "actors", "figures", "outcome"}
CONTRADICTING = {"denies", "disputes"}

# Events that are themselves a denial or a dispute: nobody denies that they were said.
DENIALS = [
    "hanoi-ri-rebuttal",
    "arms-denial-2022-09",
    "shells-denial-2022-11",
    "wagner-denials",
    "kremlin-fake-news",
    "kremlin-contradictory-info",
    "dprk-un-groundless-rumours",
    "nebenzia-barefaced-lies",
    "ukraine-denies-kursk-loss",
    "icbm-2022-disputed",
    "pentagon-no-direct-combat-seen",
]
OCTOBER_2024 = [
    "kremlin-fake-news",
    "kremlin-contradictory-info",
    "dprk-un-groundless-rumours",
    "nebenzia-barefaced-lies",
]

DAY = r"\d{4}-\d{2}-\d{2}"
DATE = re.compile(rf"(?:{DAY}|\d{{4}}-\d{{2}})[?~]?|{DAY}/{DAY}|\[{DAY}\.\.{DAY}\]")


def citations(event: dict[str, Any], *stances: str) -> list[dict[str, Any]]:
    return [citation for citation in event["citations"] if citation["stance"] in stances]


def test_the_record_is_complete() -> None:
    assert len(EVENTS) == 153
    assert sum(len(event["citations"]) for event in EVENTS) >= 466
    assert sum(len(event["relations"]) for event in EVENTS) == 178


def test_keys_and_public_ids_are_unique_and_well_formed() -> None:
    assert len(BY_KEY) == len(EVENTS)
    assert len({event["public_id"] for event in EVENTS}) == len(EVENTS)
    for event in EVENTS:
        assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{8}", event["public_id"]), event["key"]
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", event["key"])


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event["key"])
def test_an_event_keeps_the_limits_of_the_record(event: dict[str, Any]) -> None:
    assert set(event) == FIELDS
    assert 0 < len(event["title"]) <= 140
    assert 0 < len(event["summary"]) <= 600
    assert len(event["label"]) <= 24
    assert DATE.fullmatch(event["date"]), event["date"]
    assert event["date_basis"] in {"occurred", "announced", "first_reported"}
    assert event["importance"] in {"key", "normal", "minor"}
    for slug in [event["category"], *event["topics"]]:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug), slug
    assert event["topics"]
    assert event["participations"]
    assert event["citations"]
    for text in (event["title"], event["summary"], event["label"], event["date_note"]):
        assert text == text.strip()


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event["key"])
def test_citations_and_participations_keep_the_constraints(event: dict[str, Any]) -> None:
    cited = Counter((c["source"], c["stance"], c["speaker"]) for c in event["citations"])
    assert max(cited.values()) == 1
    parts = Counter((p["actor"], p["role"]) for p in event["participations"])
    assert max(parts.values()) == 1
    for part in event["participations"]:
        assert set(part) == {"actor", "role", "alleged"}
        assert part["role"] in ROLES
        assert isinstance(part["alleged"], bool)
    for citation in event["citations"]:
        assert set(citation) == CITATION_FIELDS
        assert citation["stance"] in STANCES
        assert set(citation["supports"]) <= SUPPORTS
        assert len(citation["quote"]) <= 300
        if citation["stance"] in CONTRADICTING | {"confirms"}:
            assert citation["speaker"], citation["source"]
        if citation["stance"] in CONTRADICTING:
            assert "figures" not in citation["supports"], citation["source"]


def test_key_events_are_few_and_labelled() -> None:
    key_events = [event for event in EVENTS if event["importance"] == "key"]
    assert 40 <= len(key_events) <= 60
    assert all(event["label"] for event in key_events)
    assert not any(event["label"] for event in EVENTS if event["importance"] != "key")
    labels = Counter(event["label"] for event in key_events)
    assert max(labels.values()) == 1


def test_relations_lead_to_events_of_the_record() -> None:
    for event in EVENTS:
        pairs = [(relation["kind"], relation["to"]) for relation in event["relations"]]
        assert len(set(pairs)) == len(pairs), event["key"]
        for kind, to in pairs:
            assert kind in {"follows", "response_to", "contradicts", "part_of"}
            assert to in BY_KEY, to
            assert to != event["key"]


def test_contradictions_are_stored_once() -> None:
    pairs = Counter(
        frozenset((event["key"], relation["to"]))
        for event in EVENTS
        for relation in event["relations"]
        if relation["kind"] == "contradicts"
    )
    assert sum(pairs.values()) == 23
    assert max(pairs.values()) == 1


def test_no_event_is_part_of_itself() -> None:
    wholes = {
        event["key"]: [r["to"] for r in event["relations"] if r["kind"] == "part_of"]
        for event in EVENTS
    }
    for start, direct in wholes.items():
        seen: set[str] = set()
        waiting = list(direct)
        while waiting:
            key = waiting.pop()
            assert key != start
            if key not in seen:
                seen.add(key)
                waiting.extend(wholes[key])


@pytest.mark.parametrize("key", DENIALS)
def test_a_denial_is_reported_and_cited_by_what_it_denies(key: str) -> None:
    own = {c["source"] for c in BY_KEY[key]["citations"]}
    assert not citations(BY_KEY[key], *CONTRADICTING)
    for relation in BY_KEY[key]["relations"]:
        if relation["kind"] == "contradicts":
            denied = citations(BY_KEY[relation["to"]], *CONTRADICTING)
            assert own & {c["source"] for c in denied}, relation["to"]
    assert any(own & {c["source"] for c in citations(e, *CONTRADICTING)} for e in EVENTS)


@pytest.mark.parametrize("key", ["first-troop-transport", "first-units-kursk"])
def test_the_deployment_is_denied_and_then_acknowledged(key: str) -> None:
    """Both governments denied in October 2024; only their later word turns the label."""
    denied = {c["source"] for c in citations(BY_KEY[key], *CONTRADICTING)}
    for denial in OCTOBER_2024:
        assert denied & {c["source"] for c in BY_KEY[denial]["citations"]}, denial
    confirming = {c["speaker"]: c["source"] for c in citations(BY_KEY[key], "confirms")}
    assert {"gerasimov", "wpk-cmc"} <= set(confirming)
    for speaker, acknowledgement in [
        ("gerasimov", "gerasimov-acknowledges"),
        ("wpk-cmc", "dprk-acknowledges"),
    ]:
        sources = {c["source"] for c in BY_KEY[acknowledgement]["citations"]}
        assert confirming[speaker] in sources


def test_who_alleges_and_who_is_alleged_to_act_are_different_roles() -> None:
    """A claimant is never marked as alleged: what is alleged is the part of the others."""
    for event in EVENTS:
        for part in event["participations"]:
            if part["role"] in {"claimant", "observer", "speaker", "host"}:
                assert not part["alleged"], event["key"]


def test_the_article_is_cited_but_confirms_nothing() -> None:
    cited = [
        citation
        for event in EVENTS
        for citation in event["citations"]
        if citation["source"] == "seed-article"
    ]
    assert len(cited) >= 20
    assert {c["stance"] for c in cited} == {"reports", "background"}
    assert all(c["quote"] and c["locator"] for c in cited)
    toll = [c for c in BY_KEY["nis-300-2700"]["citations"] if c["source"] == "seed-article"]
    assert len(toll) == 1
    assert "270" in toll[0]["note"]
    assert "figures" in toll[0]["supports"]
