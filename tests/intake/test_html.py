"""HTML in a cell becomes text and links; nothing else survives, and nothing takes long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.intake.html import Link, plain


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain words", "plain words"),
        ("5 < 6 & 7 > 2", "5 < 6 & 7 > 2"),
        ("<p>One</p><p>Two<br>lines</p>", "One\n\nTwo\nlines"),
        ("a<b>bold</b>c", "aboldc"),
        ("Kim &amp; Trump &#8220;met&#8221; &lt;b&gt;", "Kim & Trump “met” <b>"),
        ("x<script>alert('<p>')</script>y<style>p{}</style>z", "xyz"),
        ("x<SCRIPT >1</script >y", "xy"),
        ("before<!-- <p>hidden</p> -->after", "beforeafter"),
        ("open <!-- never closed", "open <!-- never closed"),
        ("<!DOCTYPE html><p>x", "x"),
        ("a <svg onload=alert(1)><title>t</title></svg> b", "a b"),
        ("5 <6> 7", "5 <6> 7"),
    ],
)
def test_text(markup, text):
    assert plain(markup).text == text


def test_links_and_their_words():
    markup = (
        'See <a href="https://a.example/x?y=1&amp;z=2">the <b>report</b></a>, '
        "<a href='//b.example/'>b</a>, <A HREF=https://c.example/>https://c.example/</A>, "
        "bare (https://d.example/page), and https://e.example/wiki/A_(b)."
    )
    assert plain(markup).links == (
        Link("https://a.example/x?y=1&z=2", "the report"),
        Link("https://b.example/", "b"),
        Link("https://c.example/"),
        Link("https://d.example/page"),
        Link("https://e.example/wiki/A_(b)"),
    )


def test_an_address_counts_once_and_gets_the_words_that_say_something():
    found = plain('https://a.example/x <a href="https://a.example/x#part">The report</a>')
    assert found.links == (Link("https://a.example/x", "The report"),)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "ftp://a.example/",
        "/relative",
        "https://user:secret@a.example/",
        "https://a.example/with space",
        "mailto:a@b.example",
    ],
)
def test_other_addresses_are_dropped_but_their_words_stay(address):
    found = plain(f'<a href="{address}">words</a>')
    assert found.text == "words"
    assert not found.links


def test_a_permanent_link_is_no_source():
    assert not plain('<a rel="bookmark" href="https://a.example/">here</a>').links


def test_frames_become_links():
    assert plain('<iframe src="https://v.example/1" onload="x()"></iframe>').links == (
        Link("https://v.example/1"),
    )


@given(st.text(alphabet="<>/!-ahref=\"' &#x;scriptsty\n", max_size=300))
def test_nothing_raises_and_no_tag_of_a_link_survives(markup):
    found = plain(markup)
    for link in found.links:
        assert link.address.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    "piece",
    ["<a ", "<!--", "<!", "</", "<a href='", '<a x="', "&#", "<script>", "<?", "<a>", "https://"],
)
def test_hostile_markup_of_100_kb_is_read_at_once(piece):
    began = time.perf_counter()
    plain(piece * (100_000 // len(piece)))
    assert time.perf_counter() - began < 2
