"""The demo in Korean, page by page: no English word where a Korean reader meets one.

What stands in Latin letters is in an element that says so (a source's own title, an original
beside its translation), or is written in them in Korean too. A name of the record that has a
Korean one and still stands there in English fails, whether it is marked or not.
"""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.loaded import demo_record
from tests.web.test_languages import body
from timeline.models import (
    Actor,
    ActorName,
    Event,
    EventTranslation,
    Publisher,
    PublisherName,
    Source,
    Term,
)

# One database: what the pages read is the same on both.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

PAGES = (
    *("/", "/?view=compact", "/?actor=north-korea&country=RU&topic=arms&category=deployment"),
    *("/?actor=!russia&publisher=tass&metric=killed&place=pyongyang&q=1", "/?known_by=2024-11-01"),
    *("/actors/", "/categories/", "/topics/", "/places/", "/publishers/", "/years/", "/figures/"),
    *("/sources/", "/coverage/", "/data/", "/about/", "/corrections/", "/changes/", "/stories/"),
    *("/actors/north-korea/", "/actors/kim-jong-un/", "/categories/deployment/", "/topics/arms/"),
    *("/places/russia/", "/publishers/kcna/", "/years/2024/", "/figures/killed/"),
    *("/chart/", "/chart/by-actor/", "/chart/by-publisher/", "/chart/by-country/"),
    *("/compare/", "/compare/?a.category=statement&b.actor=russia", "/map/", "/map/?mark=none"),
    *("/stories/the-road-to-kursk-ko/", "/embed/stories/the-road-to-kursk-ko/"),
    *("/embed/?actor=north-korea", "/share/?actor=north-korea", "/nowhere/", "/?year=20245"),
)
_LATIN = re.compile(r"[A-Za-z][A-Za-z’'.&_-]*[A-Za-z]|[A-Za-z]")
# Addresses, and lists of values as they are written.
_WRITTEN = re.compile(
    r"https?://\S+|/[\w./?=&#-]+|\b[\w-]+(?:\.[\w-]+)+\b|\b[a-z_]+(?:, [a-z_]+)+\b|예: .*"
)
WRITTEN_SO = {
    "forms and notations, which have one name everywhere": (
        "CSV JSON JSON-LD GeoJSON TimelineJS iCalendar Atom SVG PNG XML API UTF-8 EDTF ISO SHA-256 "
        "oEmbed ETag If-None-Match BibTeX Chicago APA MLA MIT CC BY alpha WGS BCP Asia"
    ),
    "what others call their works": "Frictionless Data Natural Earth",
    "values and names of parameters, as they are written": (
        "people theme light dark page_size atom year true public carried date_precision XX"
    ),
    "the site, the sides of a comparison, a unit": "Dateline A B km",
}
"""What is written in Latin letters in Korean too, by why; names are in the record."""
_READ = ("title", "alt", "aria-label", "placeholder")
_HEAD = ("description", "og:title", "og:description", "og:image:alt")
_APART = ("script", "style", "code", "pre", "textarea")
_VOID = ("area", "br", "col", "hr", "img", "input", "link", "meta", "stop", "wbr")
_BESIDE = ("native", "aka", "lang", "tongue", "tongues")
"""Classes of what is there to be in another language: originals, other names, language codes."""


class _Reader(HTMLParser):
    """Gathers the texts that are in Korean, or in no language that is said, and the others."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.korean, self.marked = [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        _tag, language, apart = self.open[-1] if self.open else ("", "ko", False)
        language = given.get("lang", language)
        names = (given.get("class") or "").split()
        apart = apart or tag in _APART or any(name in _BESIDE for name in names)
        if not apart and language.startswith("ko"):
            self.korean += [given[name] for name in _READ if given.get(name)]
            if tag == "meta" and (given.get("name") or given.get("property")) in _HEAD:
                self.korean.append(given["content"])
        if tag not in _VOID:
            self.open.append((tag, language, apart))

    def handle_startendtag(self, tag, attrs):
        depth = len(self.open)
        self.handle_starttag(tag, attrs)
        del self.open[depth:]

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        _tag, language, apart = self.open[-1] if self.open else ("", "ko", False)
        if not apart and data.strip():
            (self.korean if language.startswith("ko") else self.marked).append(data.strip())


def _told():
    """The record's own texts that have Korean ones, and every Korean text."""
    pairs = [*Term.objects.filter(language="ko").values_list("original", "words")]
    for event in EventTranslation.objects.filter(language="ko").select_related("event"):
        own = event.event
        pairs += [
            (own.title, event.title),
            (own.summary, event.summary),
            (own.label, event.label),
        ]
    words = [said for _own, said in pairs]
    for names, owner in ((ActorName, "actor"), (PublisherName, "publisher")):
        rows = names.objects.filter(language="ko").exclude(kind__in=("former", "acronym", "alias"))
        pairs += rows.values_list(f"{owner}__name", "name")
        words += names.objects.filter(language="ko").values_list("name", flat=True)
    # A name may stand within a Korean one of its: "KBS 한국방송".
    kept = {own for own, said in pairs if own in said}
    return {own for own, said in pairs if own and said} - kept, words


@cache
def _tokens(texts):
    return frozenset(word for text in texts for word in _LATIN.findall(text))


def _addresses():
    events = Event.objects.public()
    figured = events.filter(figures__isnull=False, relations__isnull=False).order_by("pk").first()
    disputed = events.filter(verification="disputed").order_by("pk").first()
    source = Source.objects.public().order_by("pk").first()
    path = figured.get_absolute_url()
    return (
        *PAGES,
        *(path, f"{path}history/", f"{path}v/1/", disputed.get_absolute_url()),
        *(source.get_absolute_url(), f"/embed/events/{figured.public_id}/"),
    )


def english(page, originals, allowed, titles=()):
    """What stands in English on a page in Korean, but for ``titles`` of sources, which are in
    their own language."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    found = [
        f"{word!r} in {text[:120]!r}"
        for text in reader.korean
        for word in _LATIN.findall(_WRITTEN.sub(" ", text))
        if word not in allowed and not any(title in text for title in titles)
    ]
    return found + [
        f"untranslated: {text[:120]!r}"
        for text in reader.marked
        if text.removeprefix(": ") in originals
    ]


def test_no_page_of_the_demo_has_an_english_word_left():
    demo_record()
    originals, words = _told()
    # Titles of sources are theirs, even where an event or a place is called the same.
    titles = set(Source.objects.exclude(title="").values_list("title", flat=True))
    originals -= titles
    allowed = _tokens((*WRITTEN_SO.values(), *words))
    client = Client()
    left = {}
    for address in _addresses():
        found = english(body(client.get(f"/ko{address}", follow=True)), originals, allowed, titles)
        if found:
            left[address] = list(dict.fromkeys(found))[:8]
    assert not left, "\n".join(f"{at}: {each}" for at, some in left.items() for each in some)


def test_one_name_without_a_korean_one_is_found():
    """The test above sees what it is for."""
    demo_record()
    originals, words = _told()
    allowed = _tokens((*WRITTEN_SO.values(), *words))
    assert "North Korea" in originals
    page = '<html lang="ko"><p>사건 <span lang="en">North Korea</span> <b title="Russia">1</b></p>'
    assert english(page, originals, allowed) == [
        "'Russia' in 'Russia'",
        "untranslated: 'North Korea'",
    ]
    assert english('<html lang="ko"><p class="native"><i>North Korea</i></p>', set(), ()) == []


def test_every_thing_of_the_demo_has_a_korean_name():
    demo_record()
    for model, names in ((Actor, ActorName), (Publisher, PublisherName)):
        owner = model._meta.model_name
        told = names.objects.filter(language="ko").values(owner)
        assert list(model.objects.exclude(pk__in=told).values_list("name", flat=True)) == []


@pytest.mark.parametrize("sheet", ["site", "desk"])
def test_hangul_is_broken_between_words_only(sheet):
    rules = (Path(settings.BASE_DIR) / "static" / "css" / f"{sheet}.css").read_text("utf-8")
    breaking = re.findall(r"([^{}]*)\{[^{}]*word-break: ([\w-]+)", rules)
    # One rule says it for every element in Korean, and none takes it back.
    assert [how for _whose, how in breaking] == ["keep-all"]
    assert ":lang(ko)" in breaking[0][0]
    assert "line-break" not in rules
    assert "hyphens: auto" not in rules
