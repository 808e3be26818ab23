"""What the demo's sources and publishers promise before anything loads them.

Reads `timeline/demo/sources.json` and `publishers.json` alone and knows nothing of Django or the
loader. The rules of the mapping are in the demo's README.
"""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

DEMO = Path(__file__).resolve().parents[2] / "timeline" / "demo"
SOURCES: list[dict[str, Any]] = json.loads((DEMO / "sources.json").read_text(encoding="utf-8"))
PUBLISHERS: list[dict[str, Any]] = json.loads(
    (DEMO / "publishers.json").read_text(encoding="utf-8")
)
BY_KEY = {publisher["key"]: publisher for publisher in PUBLISHERS}

SOURCE_FIELDS = {
    "key",
    "public_id",
    "url",
    "reference",
    "title",
    "title_is_description",
    "publisher",
    "agency",
    "authors",
    "published",
    "language",
    "kind",
    "note",
}
PUBLISHER_FIELDS = {
    "key",
    "name",
    "names",
    "kind",
    "country",
    "language",
    "controlled_by",
    "domains",
    "note",
}
SOURCE_KINDS = {
    "news",
    "official_document",
    "statement",
    "analysis",
    "reference",
    "dataset",
    "imagery",
    "video",
    "social_post",
    "book",
    "broadcast",
}
PUBLISHER_KINDS = {
    "wire",
    "national",
    "regional",
    "international",
    "state_media",
    "government",
    "igo",
    "specialist",
    "academic",
    "ngo",
    "new_media",
    "other",
}
NAME_KINDS = {"official", "short", "acronym", "alias", "transliteration", "former"}
CONTROLLERS = {
    "china",
    "dprk",
    "rok-mofa",
    "rus-duma",
    "russia",
    "ukraine",
    "un",
    "us-state",
    "vietnam",
    "white-house",
    "wpk",
}

KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
PUBLIC_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{8}")
LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Z]{2})?")
COUNTRY = re.compile(r"(?:[A-Z]{2})?")
DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
PUBLISHED = re.compile(r"(?:20\d\d(?:-\d\d(?:-\d\d)?)?[~?%]?)?")
BRACKET = re.compile("[()（）\\[\\]]")

# Addresses that lie on another party's host: a weekly's article read through a portal.
ON_A_FOREIGN_HOST = {"sisajournal-2025-03-27"}


def the_source(key: str) -> dict[str, Any]:
    return next(source for source in SOURCES if source["key"] == key)


def host(url: str) -> str:
    return (urlsplit(url).hostname or "").rstrip(".").removeprefix("www.")


def test_every_collected_source_is_there_and_the_article_it_began_with():
    assert len(SOURCES) == 429
    assert len({source["key"] for source in SOURCES}) == 429
    assert [source["key"] for source in SOURCES if not source["url"]] == ["seed-article"]


def test_publishers_are_split_from_agencies_and_joined():
    assert 220 <= len(PUBLISHERS) <= 245
    assert len(BY_KEY) == len(PUBLISHERS)


def test_source_is_well_formed():
    for source in SOURCES:
        assert set(source) == SOURCE_FIELDS, source["key"]
        assert KEY.fullmatch(source["key"]), source["key"]
        assert PUBLIC_ID.fullmatch(source["public_id"]), source["key"]
        assert LANGUAGE.fullmatch(source["language"]), source["key"]
        assert PUBLISHED.fullmatch(source["published"]), source["key"]
        assert source["kind"] in SOURCE_KINDS, source["key"]
        assert isinstance(source["title_is_description"], bool), source["key"]
        assert 0 < len(source["title"]) <= 400, source["key"]
        assert len(source["reference"]) <= 300, source["key"]
        assert bool(source["url"]) != bool(source["reference"]), source["key"]


def test_source_names_publishers_that_exist_and_no_agency_of_its_own():
    for source in SOURCES:
        assert source["publisher"] in BY_KEY, source["key"]
        assert source["agency"] is None or source["agency"] in BY_KEY, source["key"]
        assert source["agency"] != source["publisher"], source["key"]


def test_publisher_is_well_formed():
    for publisher in PUBLISHERS:
        assert set(publisher) == PUBLISHER_FIELDS, publisher["key"]
        assert KEY.fullmatch(publisher["key"]), publisher["key"]
        assert publisher["name"] == publisher["name"].strip() != "", publisher["key"]
        assert publisher["kind"] in PUBLISHER_KINDS, publisher["key"]
        assert COUNTRY.fullmatch(publisher["country"]), publisher["key"]
        assert LANGUAGE.fullmatch(publisher["language"]), publisher["key"]
        assert publisher["controlled_by"] is None or publisher["controlled_by"] in CONTROLLERS, (
            publisher["key"]
        )
        assert len(publisher["note"]) <= 600, publisher["key"]


def test_other_names_are_other_names():
    for publisher in PUBLISHERS:
        for other in publisher["names"]:
            assert set(other) == {"name", "language", "kind"}, publisher["key"]
            assert other["kind"] in NAME_KINDS, publisher["key"]
            assert LANGUAGE.fullmatch(other["language"]), publisher["key"]
            assert other["name"] != publisher["name"], publisher["key"]
        pairs = Counter((other["name"], other["language"]) for other in publisher["names"])
        assert all(count == 1 for count in pairs.values()), publisher["key"]


def test_no_agency_edition_or_transliteration_is_left_in_a_name():
    for publisher in PUBLISHERS:
        names = [publisher["name"], *(other["name"] for other in publisher["names"])]
        assert not [name for name in names if BRACKET.search(name) or " via " in name], publisher[
            "key"
        ]


def test_nobody_is_listed_who_published_nothing():
    named = {source["publisher"] for source in SOURCES} | {source["agency"] for source in SOURCES}
    assert set(BY_KEY) == named - {None}


def test_every_controller_listed_here_is_used():
    assert {row["controlled_by"] for row in PUBLISHERS} - {None} == CONTROLLERS


def test_public_ids_are_unique():
    assert len({source["public_id"] for source in SOURCES}) == len(SOURCES)


def test_names_are_unique_so_that_a_list_can_be_read():
    counts = Counter(publisher["name"].casefold() for publisher in PUBLISHERS)
    assert [name for name, count in counts.items() if count > 1] == []


def test_addresses_are_plain_web_links_and_unique():
    addresses = [source["url"] for source in SOURCES if source["url"]]
    assert len(set(addresses)) == len(addresses)
    for address in addresses:
        parts = urlsplit(address)
        assert parts.scheme in {"http", "https"}
        assert parts.hostname
        assert "@" not in parts.netloc
        assert len(address) <= 2000
        assert address.isascii()
        assert not re.search(r"\s", address)


def test_a_domain_belongs_to_one_publisher():
    owners = Counter(domain for publisher in PUBLISHERS for domain in publisher["domains"])
    assert [domain for domain, count in owners.items() if count > 1] == []
    assert [domain for domain in owners if not DOMAIN.fullmatch(domain)] == []
    assert [domain for domain in owners if domain.startswith("www.")] == []


def test_the_host_of_a_link_suggests_its_publisher():
    for source in SOURCES:
        if source["url"] and source["key"] not in ON_A_FOREIGN_HOST:
            domains = BY_KEY[source["publisher"]]["domains"]
            assert host(source["url"]) in domains, source["key"]


def test_a_host_that_belongs_to_another_suggests_nobody():
    domains = {domain for publisher in PUBLISHERS for domain in publisher["domains"]}
    assert ON_A_FOREIGN_HOST
    for key in ON_A_FOREIGN_HOST:
        assert host(the_source(key)["url"]) not in domains


@pytest.mark.parametrize(
    ("key", "publisher", "agency"),
    [
        ("thestar-2025-01-24", "star-malaysia", "reuters"),
        ("reuters-2018-02-10", "reuters", None),
        ("upi-2018-04-20", "upi", "yonhap"),
        ("newtimes-2019-06-30", "new-times-rwanda", "new-york-times"),
        ("donga-2025-01-13", "dong-a-ilbo", None),
        ("donga-2021-03-15", "dong-a-ilbo", None),
        ("kbs-id-2019-03-01", "kbs", None),
        ("kbs-2024-10-26", "kbs", None),
        ("koreatimesus-2025-01-24", "korea-times", "yonhap"),
        ("sisajournal-2025-03-27", "sisa-journal", None),
        ("zum-newspim-2024-12-23", "zum", "newspim"),
        ("lenta-2024-06-25", "lenta-ru", "ria-novosti"),
        ("lenta-2025-12-25", "lenta-ru", None),
        ("encnow-2018-06-12", "nc-now", "white-house"),
        ("kyivpost-2025-01-13", "kyiv-post", "afp"),
        ("seed-article", "unattributed-article", None),
    ],
)
def test_who_published_and_whose_text_it_is(key, publisher, agency):
    source = the_source(key)
    assert (source["publisher"], source["agency"]) == (publisher, agency)


def test_a_title_that_describes_is_marked_and_a_headline_is_not():
    marked = {source["key"] for source in SOURCES if source["title_is_description"]}
    assert len(marked) == 104
    assert {"globe-2018-06-12", "kbs-id-2019-03-01", "mk-2025-01-13", "seed-article"} <= marked
    # Headlines that begin like descriptions.
    assert marked.isdisjoint({"kbs-2024-10-07", "arabnews-2024-10-31"})


def test_state_media_name_the_state_where_the_record_knows_it():
    controllers = {
        key: BY_KEY[key]["controlled_by"] for key in ("kcna", "rodong-sinmun", "tass", "xinhua")
    }
    assert controllers == {
        "kcna": "dprk",
        "rodong-sinmun": "wpk",
        "tass": "russia",
        "xinhua": "china",
    }
    assert BY_KEY["bbc"]["controlled_by"] is None
