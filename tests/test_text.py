"""What text may enter, how it is compared, and what an address is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline import text
from timeline.text import (
    LinkError,
    canonical_url,
    clean_line,
    clean_text,
    clean_url,
    fold,
    host,
    mixed_scripts,
    query_tokens,
    search_tokens,
    slug,
    tokens,
)


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("  a \t b\n c ", "a b c"),
        ("a\x00b\x0bc\x1bd", "ab cd"),
        ("a\u202eb\u200bc\ufeffd", "abcd"),
        ("a\ufffe\uffffb", "ab"),
        ("e\u0301", "é"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
        ("\ud800x", "x"),
    ],
)
def test_a_line(given_, kept):
    assert clean_line(given_) == kept


def test_lines_stay_lines():
    assert clean_text("one\r\ntwo\n\n\n\nthree \u202e") == "one\ntwo\n\nthree"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_text(clean_text(text)) == clean_text(text)
    assert "\n" not in clean_line(text)


@given(st.text())
def test_tokens_hold_no_wildcard_space_or_mark(text):
    for token in tokens(text):
        assert token
        assert token.isalnum()
    assert tokens(" ".join(tokens(text))) is not None


def test_folding_ignores_case_and_marks():
    assert fold("Kyïv") == fold("KYIV") == "kyiv"
    assert fold("북한") == "북한"
    assert fold("Korean People’s Army") == fold("korean people's army")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("C++ and 2024-01-01", ["c", "and", "2024", "01", "01"]),
        ("북한군", ["북한", "한군", "군"]),
        ("Владимир Зеленский", ["владимир", "зеленскии"]),
        ("平壌 2024年", ["平壌", "壌", "2024", "年"]),
        ("N. Korea's", ["n", "korea", "s"]),
    ],
)
def test_tokens(text, found):
    assert tokens(text) == found


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("북한", "북한군 파병", True),
        ("한군", "북한군 파병", True),
        ("파견", "북한군 파병", False),
        ('"joint statement"', "A Joint Statement is signed", True),
        ('"statement joint"', "A Joint Statement is signed", False),
        ("sign*", "A Joint Statement is signed", True),
        ("sign", "A Joint Statement is signed", False),
        ("зеленский", "Владимир Зеленский", True),
        ("c++", "C++", True),
    ],
)
def test_a_term_finds_its_text(query, text, found):
    (term,) = query_tokens(query)
    assert (term.pattern in search_tokens(text)) is found


def test_a_query_is_words_phrases_prefixes_and_minus():
    first, second, third = query_tokens('kursk -"new york" troop*')
    assert first.tokens == ("kursk",)
    assert second.exclude
    assert second.tokens == ("new", "york")
    assert third.prefix
    assert query_tokens('" ++ --') == ()


def test_texts_do_not_run_together():
    (term,) = query_tokens('"one two"')
    assert term.pattern not in search_tokens("one", "two")


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("North Korea", "north-korea"),
        ("Володимир Зеленський", "volodimir-zelenskiy"),
        ("김정은", "gimjeongeun"),
        ("Côte d’Ivoire", "cote-divoire"),
        ("Øresund & Łódź", "oresund-lodz"),
        ("平壌", ""),
    ],
)
def test_slugs(name, made):
    assert slug(name) == made


@given(st.text())
def test_a_slug_is_plain_ascii(text):
    made = slug(text)
    assert made == "" or made.replace("-", "").isalnum()
    assert made.isascii()


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a?b=1#c",
        "http://www.example.org.:8080/",
        "https://пример.рф/новость",
        "https://example.org/%ED%95%9C",
    ],
)
def test_links_that_may_enter(url):
    assert clean_url(f" {url} ") == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "//example.org/x",
        "ftp://example.org/",
        "https://user:pass@example.org/",
        "https://user@example.org/",
        "https://",
        "https:///path",
        "https://exa mple.org/",
        "https://example.org/\u202egpj",
        "https://example.org/\x00",
        "https://[::1",
        "https://example.org:99999/",
        "https://example.org/" + "a" * 2000,
        "example.org",
        "",
    ],
)
def test_links_that_may_not(url):
    with pytest.raises(LinkError) as error:
        clean_url(url)
    assert str(error.value).endswith(".")


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Example.ORG:443/A?b=1#c", "https://example.org/A?b=1"),
        ("http://example.org.:80", "http://example.org/"),
        ("https://example.org/?utm_source=x&id=7&fbclid=y", "https://example.org/?id=7"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://example.org/?q=a%20b&c", "https://example.org/?q=a%20b&c"),
    ],
)
def test_canonical_addresses(url, canonical):
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@given(
    st.from_regex(
        r"(https?|HTTPS|ftp)://[a-zA-Z0-9.@:\[\]_-]{0,12}(:[0-9]{0,6})?(/[ -~é\u202e]{0,12})?",
        fullmatch=True,
    )
)
def test_the_short_way_for_usual_links_is_the_long_one(url):
    def both():
        try:
            return clean_url(url), canonical_url(clean_url(url))
        except LinkError as error:
            return str(error)

    short = both()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "_USUAL", re.compile(r"(?!)"))
        assert both() == short


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_the_short_way_for_a_line_is_the_long_one(written):
    assert clean_text(written) == clean_text(f"{written}\n\n")
    assert fold(f"{written}e") == fold(f"{written}é")


def test_the_host_is_ascii():
    assert host("https://пример.рф/x") == "xn--e1afmkfd.xn--p1ai"


def test_look_alikes_are_named():
    assert mixed_scripts("Рutin met Kim, Путин too") == ["Рutin"]


def test_hangul_is_drawn_twice_as_broad_as_latin_letters():
    assert text.breadth("Hanoi summit 2") == 14
    assert text.breadth("하노이 2차") == 10
