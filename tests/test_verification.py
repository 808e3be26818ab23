"""The rules of verification, row by row."""

from datetime import date

import pytest

from timeline.models.choices import VerificationLabel
from timeline.verification import RULES, Label, Part, Statement, Voice, verification
from timeline.web.verifying import CONDITIONS, sentence

END = date.max


def voice(name):
    return Voice(name.lower(), name)


def said(stance, by="", *, on="2024-10-20", origin="", publisher="", document=False):
    publisher = publisher or origin or f"Paper of {by or stance} {on}"
    return Statement(
        stance,
        date.fromisoformat(on) if on else None,
        voice(publisher),
        voice(origin or publisher),
        voice(by) if by else None,
        document,
    )


def part(actor, role="participant", party=""):
    return Part(voice(actor), voice(party or actor), role)


ROWS = [
    ("nothing", [], [], Label.UNVERIFIED),
    ("background carries nothing", [said("background"), said("analyses")], [], Label.UNVERIFIED),
    ("one origin", [said("reports", origin="A")], [], Label.SINGLE_SOURCE),
    (
        "six papers of one agency are one origin",
        [said("reports", origin="Wire", publisher=f"P{n}") for n in range(6)],
        [],
        Label.SINGLE_SOURCE,
    ),
    ("two origins", [said("reports", origin="A"), said("reports", origin="B")], [], Label.REPORTED),
    (
        "a claim stays one however many carry it",
        [said("reports", origin=name) for name in "ABCDEF"],
        [part("NIS", "claimant", "South Korea")],
        Label.CLAIMED,
    ),
    (
        "a claim that no source carries is none",
        [said("background")],
        [part("NIS", "claimant")],
        Label.UNVERIFIED,
    ),
    (
        "a claimant's party doesn't confirm its own claim",
        [said("reports", origin="A"), said("confirms", "South Korea", document=True)],
        [part("NIS", "claimant", "South Korea"), part("President", "participant", "South Korea")],
        Label.CLAIMED,
    ),
    (
        "a party of the event confirms",
        [said("reports", origin="A"), said("confirms", "Russia")],
        [part("Army", "participant", "Russia")],
        Label.CONFIRMED,
    ),
    (
        "a host is no party of it",
        [said("reports", origin="A"), said("confirms", "Vietnam")],
        [part("Vietnam", "host")],
        Label.REPORTED,
    ),
    (
        "two independent speakers confirm",
        [said("confirms", "NATO"), said("confirms", "United States")],
        [],
        Label.CONFIRMED,
    ),
    (
        "two bodies of one party are one speaker",
        [
            said("confirms", "United States", on="2024-10-20", origin="A"),
            said("confirms", "United States", on="2024-10-21", origin="A"),
        ],
        [],
        Label.SINGLE_SOURCE,
    ),
    (
        "an official document confirms",
        [said("confirms", document=True)],
        [part("NIS", "claimant", "South Korea")],
        Label.CONFIRMED,
    ),
    (
        "a standing denial disputes even what others confirm",
        [said("confirms", "NATO"), said("confirms", "United States"), said("denies", "Russia")],
        [],
        Label.DISPUTED,
    ),
    ("a dispute counts like a denial", [said("disputes", "Ukraine")], [], Label.DISPUTED),
    (
        "a later admission replaces a party's own denial",
        [said("denies", "Russia", on="2024-10-10"), said("confirms", "Russia", on="2025-04-26")],
        [part("Army", "participant", "Russia")],
        Label.CONFIRMED,
    ),
    (
        "a later denial replaces an admission",
        [said("confirms", "Russia", on="2024-10-10"), said("denies", "Russia", on="2025-04-26")],
        [part("Army", "participant", "Russia")],
        Label.DISPUTED,
    ),
    (
        "on one day an admission outweighs a denial",
        [said("denies", "Russia", on="2024-10-10"), said("confirms", "Russia", on="2024-10-10")],
        [part("Army", "participant", "Russia")],
        Label.CONFIRMED,
    ),
    (
        "an undated denial is the earliest",
        [said("denies", "Russia", on=""), said("confirms", "Russia", on="2018-01-01")],
        [part("Army", "participant", "Russia")],
        Label.CONFIRMED,
    ),
    (
        "a report with a speaker takes back the speaker's denial",
        [said("denies", "Russia", on="2024-10-10"), said("reports", "Russia", on="2025-04-26")],
        [part("NIS", "claimant", "South Korea")],
        Label.CLAIMED,
    ),
    (
        "one bystander's confirmation lifts a claim to what carries it",
        [said("reports", origin="A"), said("confirms", "NATO", origin="B")],
        [part("HUR", "claimant", "Ukraine")],
        Label.REPORTED,
    ),
    (
        "a retracting origin no longer carries it",
        [
            said("reports", origin="A", on="2024-10-01"),
            said("retracts", origin="A"),
            said("reports", origin="B"),
        ],
        [],
        Label.SINGLE_SOURCE,
    ),
]


@pytest.mark.parametrize(
    ("citations", "parts", "label"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_rows(citations, parts, label):
    assert verification(citations, parts, END).label == label
    # The order in which citations stand in the record decides nothing.
    assert verification(list(reversed(citations)), parts, END).label == label


def test_what_was_known_on_a_day():
    citations = [
        said("reports", origin="A", on="2024-10-05"),
        said("denies", "Russia", on="2024-10-10"),
        said("confirms", "Russia", on="2025-04-26"),
    ]
    parts = [part("Army", "participant", "Russia")]
    labels = [
        verification(citations, parts, date.fromisoformat(day)).label
        for day in ("2024-10-01", "2024-10-05", "2024-12-31", "2025-12-31")
    ]
    assert labels == ["unverified", "single_source", "disputed", "confirmed"]


def test_the_sentence_counts_publishers_and_origins():
    citations = [said("reports", origin="Wire", publisher=f"P{n}") for n in range(6)]
    outcome = verification(citations, [part("NIS", "claimant", "South Korea")], END)
    assert sentence(outcome) == "Claimed by NIS; carried by 6 publishers, one origin."


def test_the_sentence_says_who_confirms_and_who_denies():
    citations = [
        said("confirms", "NATO", origin="A"),
        said("denies", "Russia", origin="B"),
        said("denies", "Russia", origin="C"),
    ]
    said_ = sentence(verification(citations, [], END))
    assert said_.startswith("Confirmed by NATO; denied by Russia (2 sources)")


def test_the_sentence_tells_that_a_denial_was_given_up():
    citations = [
        said("denies", "Russia", on="2024-10-10"),
        said("confirms", "Russia", on="2025-04-26"),
    ]
    outcome = verification(citations, [part("Army", "participant", "Russia")], END)
    assert sentence(outcome).startswith("Confirmed by Russia, which had denied it before")


def test_labels_are_those_of_the_record():
    assert {label.value for label in Label} == set(VerificationLabel.values)


def test_each_rule_decides_some_row_and_the_first_that_holds():
    decided = {verification(row[1], row[2], END).rule for row in ROWS}
    assert decided == {rule.key for rule in RULES}
    labels = {rule.key: rule.label for rule in RULES}
    for _name, citations, parts, label in ROWS:
        assert labels[verification(citations, parts, END).rule] == label


def test_the_order_of_the_rules_is_the_design():
    assert [rule.label for rule in RULES] == [
        *("disputed", "confirmed", "confirmed", "confirmed", "claimed"),
        *("reported", "single_source", "unverified"),
    ]
    assert list(CONDITIONS) == [rule.key for rule in RULES]
