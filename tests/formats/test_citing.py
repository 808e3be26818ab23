"""How to cite: what stands in each style, and that BibTeX can be read whatever a title holds."""

from datetime import date
from string import printable

import bibtexparser
import pytest

from tests.make import make_actor, make_event
from timeline.formats import citing
from timeline.record import record

DAY = date(2026, 11, 26)
ADDRESS = "https://timeline.example.org/?actor=kim&q=100%25"
STRANGE = "".join(each for each in printable if each.isprintable()) + " “é” 핵 \\alpha{x} $5 100%"


def by_name(styles):
    assert [each.name for each in styles] == ["Chicago", "APA", "MLA", "BibTeX"]
    return {each.name: each.text for each in styles}


def test_a_selection():
    found = by_name(citing.selection_citations("51 events in 2024", 51, "Dateline", ADDRESS, DAY))
    assert found["Chicago"] == (
        f"Dateline. “51 events in 2024.” Accessed November 26, 2026. {ADDRESS}."
    )
    assert found["APA"] == (
        "Dateline. (n.d.). 51 events in 2024 [Timeline, 51 events]. "
        f"Retrieved November 26, 2026, from {ADDRESS}"
    )
    assert found["MLA"] == f"“51 events in 2024.” Dateline, {ADDRESS}. Accessed 26 Nov. 2026."


def test_a_selection_with_a_name_gives_its_number_too():
    found = by_name(citing.selection_citations("Kim", 1234, "Dateline", ADDRESS, DAY))
    assert found["Chicago"].startswith("Dateline. “Kim.” 1,234 events. Accessed")
    assert found["MLA"].startswith("“Kim.” Dateline, 1,234 events, https://")
    assert "[Timeline, 1,234 events]" in found["APA"]
    assert "note = {Timeline, 1,234 events}" in found["BibTeX"]
    one = by_name(citing.selection_citations("Kim", 1, "Dateline", ADDRESS, DAY))
    assert "“Kim.” 1 event. Accessed" in one["Chicago"]


def test_a_release():
    address = "https://timeline.example.org/data/releases/3/"
    found = by_name(citing.release_citations(3, date(2026, 5, 1), 153, "Dateline", address, DAY))
    assert found["Chicago"] == (
        "Dateline. Dateline: events and sources. Release 3, May 1, 2026. "
        f"Data set, 153 events. {address}."
    )
    assert found["APA"] == (
        f"Dateline. (2026). Dateline: events and sources (Release 3) [Data set]. {address}"
    )
    assert found["MLA"] == (
        "Dateline. Dateline: events and sources. Release 3, 1 May 2026, "
        f"{address}. Accessed 26 Nov. 2026."
    )
    (entry,) = bibtexparser.loads(found["BibTeX"]).entries
    assert entry["ID"] == "dateline-release-3"
    assert (entry["year"], entry["url"]) == ("2026", address)


def read(bibtex):
    (entry,) = bibtexparser.loads(bibtex).entries
    return entry


def plain(text):
    """A text of BibTeX as it is printed."""
    marks = {
        r"\textbackslash{}": "\\",
        r"\textasciitilde{}": "~",
        r"\textasciicircum{}": "^",
        r"\textbraceleft{}": "{",
        r"\textbraceright{}": "}",
    }
    out, at = "", 0
    while at < len(text):
        for mark, meant in marks.items():
            if text.startswith(mark, at):
                out, at = out + meant, at + len(mark)
                break
        else:
            if text[at] == "\\":
                at += 1
            out, at = out + text[at], at + 1
    return out


@pytest.mark.parametrize("words", [STRANGE, *(f"a {sign} b" for sign in STRANGE if sign.strip())])
def test_bibtex_can_be_read_whatever_a_title_holds(words):
    for styles in (
        citing.selection_citations(words, 2, f"The {words}", ADDRESS, DAY),
        citing.release_citations(1, DAY, 2, f"The {words}", ADDRESS, DAY),
    ):
        entry = read(by_name(styles)["BibTeX"])
        assert entry["ENTRYTYPE"] == "misc"
        assert plain(entry["author"].removeprefix("{").removesuffix("}")) == f"The {words}"
        assert entry["url"] == ADDRESS
        assert entry["urldate"] == "2026-11-26"
    entry = read(by_name(citing.selection_citations(words, 2, "Site", ADDRESS, DAY))["BibTeX"])
    assert plain(entry["title"].removeprefix("{").removesuffix("}")) == words


def test_the_same_selection_has_the_same_key_and_another_has_another():
    def key(address):
        found = by_name(citing.selection_citations("Kim", 1, "Dateline", address, DAY))
        return read(found["BibTeX"])["ID"]

    assert key(ADDRESS) == key(ADDRESS)
    assert key(ADDRESS) != key(f"{ADDRESS}&year=2024")


@pytest.mark.django_db
def test_an_event_whose_title_is_strange():
    made = make_event(title=STRANGE)
    styles = citing.citations(record(made), "Dateline", "https://x.example/e/1", DAY)
    entry = read(by_name(styles)["BibTeX"])
    assert plain(entry["title"].removeprefix("{").removesuffix("}")) == made.title
    assert entry["ID"] == f"dateline-{made.public_id}"


@pytest.mark.django_db
def test_a_list_says_how_to_cite_it(client):
    make_event(date="2024-10-20", actors=[make_actor("Kim")])
    body = client.get("/?actor=kim&year=2024").content.decode()
    assert "Cite this timeline" in body
    assert "“1 event involving Kim, in 2024.” Accessed" in body
    body = client.get("/actors/kim/").content.decode()
    assert "“Kim.” 1 event. Accessed" in body
