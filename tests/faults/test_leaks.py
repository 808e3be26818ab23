"""What isn't public leaks into nothing that readers can ask for.

Each state has a word of its own in every text that it holds. Everything that can be reached from
the front page is read, and every address that somebody might guess: no word may stand anywhere,
a guessed one must get the answer of a word that never was, and where nothing public changed no
byte may differ.
"""

import html
import io
import re
import zipfile
import zlib
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_category,
    make_draft,
    make_event,
    make_metric,
    make_period,
    make_place,
    make_publisher,
    make_source,
    make_story,
    make_topic,
    noted,
    take_part,
)
from timeline.editing import copies, events, releases, stories, story_copies, things, versions
from timeline.editing.publishing import copy_of
from timeline.editing.versions import Release
from timeline.formats.registry import OFFERED
from timeline.formats.releases import whole
from timeline.index import FACETS
from timeline.models import ActorName, Event, Relation, SlugRedirect, Step, Version
from timeline.models.choices import VersionKind
from timeline.web import pictures

# On one database: what is asked of it is held on both elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NEVER = "zznever"
_MOST = 3500
_OTHERS = (
    *("/api/", "/chart/", "/compare/", "/map/", "/embed/", "/share/", "/picture", "/oembed"),
    "/api/v1/events?",
)
_KINDS = ("actors", "topics", "places", "publishers", "categories", "years", "sources")
_KEY = re.compile(r"(?<=@misc\{dateline-)[0-9a-f]{8}|(?<=/)[0-9a-f]{16}(?=\.png)")
_LINK = re.compile(r"""(?:href|src|action|data-suggest)=["']([^"'#]+)|https?://[^"'<\s#]+""")
# What tells of changes changes; and the day of the last one is on the front page.
_TELLING = ("/changes", "/corrections", "/api/v1/removed")
FILES = [form.suffix for form in OFFERED]


# --- Reading everything ------------------------------------------------------------------------


def linked(body):
    """The addresses of this site that a page, feed or file names."""
    for match in _LINK.finditer(body):
        address = html.unescape(html.unescape(match[1] or match[0]))
        address = re.sub(r"^https?://(testserver|127\.0\.0\.1:8000|localhost:8000)", "", address)
        if address.startswith("/") and not address.startswith(("//", "/static/", "/admin/")):
            yield address.split("#")[0].rstrip(".,}\\&")


def worth_reading(address):
    """Every page is read, and every list under one filter; of lists under two, one in six. Charts,
    frames, files, answers of the API and previews show no event that a list doesn't: of these, one
    in six under a filter or of one thing, since all are made alike; and one page in six in another
    language, since it shows the same."""
    path, _, query = address.partition("?")
    one_in_six = zlib.crc32(address.encode()) % 6 == 0
    if path.startswith("/ko/") and path != "/ko/":
        return one_in_six and worth_reading(address.removeprefix("/ko"))
    if not (path.startswith(_OTHERS) or "." in path.rpartition("/")[2]):
        return "&" not in query or one_in_six
    if query.count("&") + query.count("%26") >= 1 + path.startswith("/oembed"):
        return False
    plain = not query and not any(f"/{kind}/" in address for kind in _KINDS)
    return plain or one_in_six


def unpacked(response):
    """The bytes of an answer; of a package, those of all that is in it."""
    if response.headers.get("Content-Type") != "application/zip":
        return response.getvalue()
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as package:
        return b"\n".join(package.read(name) for name in package.namelist())


def crawl(client, *more):
    """All that can be reached: the bytes of each address."""
    waiting = [
        "/",
        "/healthz",
        "/robots.txt",
        "/changes.json",
        "/sitemap.xml",
        "/embed/",
        "/?known_by=2024-12-31",
        *(f"/events.{suffix}" for suffix in FILES),
        "/api/v1/",
        f"/api/v1/events?facets={','.join(FACETS)}",
        *more,
    ]
    found = {}
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        assert len(found) < _MOST, "the crawl doesn't end"
        response = client.get(address)
        found[address] = unpacked(response)
        assert response.status_code < 500, address
        if response.status_code in (301, 302):
            waiting.append(response.headers["Location"])
            found[address] = response.headers["Location"].encode()
        else:
            waiting += filter(worth_reading, linked(found[address].decode()))
    return found


def guesses(word):
    """Addresses that somebody might try who knows or guesses a name."""
    named = ("actors", "topics", "places", "publishers", "categories", "figures")
    asked = (
        *("q", "actor", "speaker", "topic", "place", "publisher", "category", "metric"),
        *("country", "language"),
    )
    yield from (f"/{kind}/{word}/" for kind in named)
    yield from (f"/{kind}/suggest?q={word}" for kind in named[:4])
    yield from (f"/?{name}={word}" for name in asked)
    yield from (f"/?{name}=!{word}" for name in asked[1:])
    yield from (f"/embed/?{name}={word}" for name in asked)
    yield from (f"/{below}/{kind}/{word}/" for below in ("embed", "share") for kind in named[:5])
    yield from (f"{below}/stories/{word}/" for below in ("", "/embed", "/share"))
    yield from (f"/stories/{word}{rest}" for rest in (".json", "/history/", "/v/1/"))
    yield f"/share/?actor={word}"
    yield from (f"/picture/{kind}/{word}.png" for kind in named[:5])
    yield f"/picture.png?actor={word}"
    yield f"/picture/stories/{word}.png"
    yield f"/?q=-{word}"
    yield f"/?q={word[:-1]}*"
    yield from (f"/{kind}/{word}.{FILES[0]}" for kind in named[:5])
    yield from (f"/events.{FILES[0]}?{name}={word}" for name in asked)
    yield f"/{named[0]}/{word}.json"
    yield f"/events.json?q={word[:-1]}*"
    told = (*named[:5], "metrics", "sources")
    yield from (f"/api/v1/{kind}/{word}" for kind in told)
    yield from (f"/api/v1/{kind}?q={word}" for kind in told[:-1])
    yield from (f"/api/v1/events?{name}={word}&facets={','.join(FACETS)}" for name in asked)


def hold_none(words, found):
    for address, body in found.items():
        said = body.decode().casefold()
        leaks = [state for word, state in words.items() if word in said]
        assert not leaks, f"{leaks} leak into {address}"


def hold(client, words, ids, before):
    """No word in anything that can be reached; guessed ones are answered as unknown ones are."""
    after = crawl(client)
    hold_none(words, after)
    # The key of a citation follows from the address that was asked for, the hash of a picture
    # from the words of its heading.
    controls = [
        (control.status_code, _KEY.sub("key", control.getvalue().decode()))
        for control in map(client.get, guesses(NEVER))
    ]
    for word, state in words.items():
        for address, (status, known) in zip(guesses(word), controls, strict=True):
            given = client.get(address)
            assert given.status_code == status, f"{state}: {address}"
            said = given.getvalue().decode().replace(word[:-1], NEVER[:-1])
            said = _KEY.sub("key", said.replace(NEVER[:-1] + word[-1], NEVER))
            assert said == known, f"{state} is told by {address}"
    for public_id in ids:
        for address in (
            *(f"/events/{public_id}/{below}" for below in ("", "v/1/", "v/1.json", "history/")),
            *(f"/e/{public_id}", f"/e/{public_id}/v/1", f"/sources/{public_id}/"),
            *(f"/{below}/events/{public_id}/" for below in ("embed", "share")),
            f"/oembed?url={settings.SITE_URL}/e/{public_id}",
            f"/picture/events/{public_id}.png",
            *(f"/events/{public_id}.{suffix}" for suffix in FILES),
            *(f"/api/v1/events/{public_id}{below}" for below in ("", "/versions", "/versions/1")),
            f"/api/v1/sources/{public_id}",
        ):
            body = unpacked(client.get(address, follow=True)).decode().casefold()
            assert not [word for word in words if word in body], address
    for address, body in before.items():
        if not address.startswith(_TELLING):
            assert (after.get(address) or unpacked(client.get(address))) == body, address
    return after


# --- The record ---------------------------------------------------------------------------------


class World:
    """A public record, and words for what is hidden in it."""

    def __init__(self):
        self.words = {}
        self.ids = []
        self.kim = make_actor("Kim")
        self.public = make_event(
            title="Kim meets Trump",
            summary="They met.",
            date="2018-06-12",
            actors=[(self.kim, "host")],
            topics=[make_topic("Summits")],
            place=make_place("Singapore", country="SG", kind="country"),
        )
        count_figure(self.public, metric=make_metric(code="met", label="Met"))
        self.other = make_event(title="Kim goes home", date="2018-06-13", actors=[self.kim])
        self.story = make_story(self.public, self.other, title="Two days")
        Relation.objects.create(from_event=self.other, to_event=self.public, kind="follows")
        noted(self.other)

    def word(self, state):
        made = f"canary{len(self.words):02}qz"
        self.words[made] = state
        return made

    def everything(self, state, **changes):
        """A draft whose every text, and all that it has, holds the word of a state."""
        word = self.word(state)
        draft = make_draft(
            **{
                "title": f"{word} title",
                "label": word,
                "summary": f"{word} summary",
                "date_note": word,
                "internal_note": word,
                "date": "2031-02-03",
                "category": make_category(word, description=word),
                "topics": [make_topic(word)],
                "place": make_place(
                    word, dateline=word, country="XK", parent=make_place(f"{word} land")
                ),
                **changes,
            }
        )
        return self.fill(draft, word), word

    def tell(self, state, *given, **changes):
        """A story over public events and a period of it, whose every text holds the word."""
        word = self.word(state)
        steps = [(each, {"note": word, "heading": word, "opening": word}) for each in given]
        words = ("title", "slug", "description", "introduction", "byline")
        made = make_story(*steps, **(dict.fromkeys(words, word) | changes))
        make_period(title=word, note=word, date="2018", story=made)
        return made

    def copy(self, state):
        """A working copy of the public event, with everything of it changed."""
        word = self.word(state)
        copy = copies.begin(self.public, by=None)
        for name in ("title", "label", "summary", "date_note", "internal_note"):
            setattr(copy, name, word)
        copy.date = "2031-02-03"
        copy.category = make_category(word, description=word)
        copy.place = make_place(word, dateline=word, country="XK")
        copy.save()
        copy.topics.set([make_topic(word)])
        Relation.objects.create(from_event=copy, to_event=self.other, kind="contradicts")
        return self.fill(copy, word)

    def fill(self, draft, word):
        """Give a draft an actor, a source and a figure, all with the word."""
        actor = make_actor(word, description=word, parent=make_actor(f"{word} state"))
        ActorName.objects.create(actor=actor, name=f"{word} alias", kind="alias")
        SlugRedirect.objects.create(kind="actor", old_slug=f"{word}-old", object_id=actor.pk)
        take_part(draft, noted(actor), "mediator")
        source = make_source(
            url=f"https://example.org/{word}",
            title=word,
            authors=word,
            language="eu",
            archive_url=f"https://archive.example/{word}",
            publisher=make_publisher(f"{word} publisher"),
            agency=make_publisher(f"{word} agency"),
        )
        cite(
            draft,
            source,
            stance="retracts",
            speaker=make_actor(f"{word} speaker"),
            quote=word,
            note=word,
            locator=word,
        )
        count_figure(
            draft,
            metric=make_metric(code=word, label=word, headline=True),
            subject=word,
            note=word,
            attributed_to=make_actor(f"{word} counter"),
        )
        self.ids += [draft.public_id, source.public_id]
        return draft


@pytest.fixture
def world(settings, tmp_path, monkeypatch):
    # A picture is read before its letters become dots.
    monkeypatch.setattr(pictures, "png", lambda drawn, _zoom=1: drawn.encode())
    settings.SITE_URL = "http://testserver"
    settings.DATA_DIR = tmp_path
    return World()


def test_what_was_never_public(client, world):
    before = crawl(client)

    world.everything("a draft")
    draft, _word = world.everything("a draft in review")
    events.send_to_review([draft], by=None)
    world.everything("a draft of a day that is public", date="2018-06-12")
    draft, word = world.everything("a draft to be published tomorrow")
    draft.publish_at = timezone.now() + timedelta(days=1)
    draft.publish_note = word
    draft.save()
    draft, word = world.everything("a draft that was refused")
    draft.publish_at = timezone.now() - timedelta(days=1)
    draft.publish_refusal = word
    draft.save()
    draft, _word = world.everything("a deleted draft")
    events.delete(draft)
    events.delete(world.copy("changes that were thrown away"))
    world.copy("changes of a public event")
    scheduled = copy_of(world.public)
    scheduled.publish_at = timezone.now() + timedelta(days=1)
    scheduled.publish_note = world.word("the sentence of changes to be published tomorrow")
    scheduled.save()
    for kind in ("follows", "part_of", "contradicts"):
        draft, _word = world.everything(f"a draft that a public event is related to ({kind})")
        Relation.objects.create(from_event=world.public, to_event=draft, kind=kind)
        noted(world.public)
    draft, _word = world.everything("a draft that is related to a public event")
    Relation.objects.create(from_event=draft, to_event=world.public, kind="response_to")
    noted(draft)

    world.tell("a draft of a story", world.public, status="draft")
    world.tell("a story in review", world.public, world.other, status="in_review")
    edition = {"language": "ko", "translation_of": world.story}
    world.tell("a draft edition", world.public, status="draft", **edition)
    word, copy = world.word("changes of a public story"), story_copies.begin(world.story, by=None)
    for name in ("title", "slug", "description", "introduction", "byline"):
        setattr(copy, name, word)
    copy.save()
    copy.steps.update(note=word, heading=word, opening=word)
    make_period(title=word, note=word, date="2018", story=copy)
    hidden, word = world.everything("a draft in a public story")
    Step.objects.create(story=world.story, order=3, event=hidden, note=word, heading=word)
    noted(world.story)
    make_period(title=world.word("a period that is not shown"), date="2018", shown=False)
    make_actor(world.word("an actor without events"))
    below = make_actor(world.word("a body of a public actor, without events"), parent=world.kim)
    ActorName.objects.create(actor=below, name=world.word("its other name"), kind="short")
    make_topic(world.word("a topic without events"))
    make_category(world.word("a category without events"), description="Nothing yet.")
    make_place(world.word("a place without events"))
    make_publisher(world.word("a publisher that a public actor controls"), controlled_by=world.kim)
    make_metric(code=world.word("a metric without figures"), headline=True)
    word = world.word("a source that nothing cites")
    source = make_source(title=word, url=f"https://example.org/{word}", authors=word)
    world.ids.append(source.public_id)
    edited = make_actor(world.word("an actor that nobody sees, edited"), description="a")
    edited.description = world.word("what it was edited to")
    things.store(edited)
    moved = make_place(world.word("a place that nobody sees, renamed"))
    moved.name = world.word("what it was renamed to")
    things.store(moved)
    Event.objects.filter(pk=world.public.pk).update(
        internal_note=world.word("the internal note of a public event")
    )
    noted(world.public)
    word = world.word("an editor")
    user = get_user_model().objects.create_user(
        word, f"{word}@example.org", "x", first_name=word, last_name=word
    )
    Event.objects.filter(pk=world.public.pk).update(created_by=user, updated_by=user)

    assert len(world.words) >= 20
    after = hold(client, world.words, world.ids, before)
    assert after.keys() == before.keys()

    releases.make(whole, timezone.now(), by=user.pk)
    hold_none(world.words, crawl(client, "/data/releases/1/"))


def test_what_was_public_and_is_taken_back(client, world):
    """With every cache warmed before: pages, cards, answers and their words."""
    before = crawl(client)
    made = {}
    for state in (
        "a withdrawn event",
        "one that was withdrawn twice",
        "one whose old versions were corrected",
        "one that a public event is related to",
        "one that is related to a public event",
        "one whose actor was renamed",
        "one whose versions were redacted",
    ):
        draft, word = world.everything(state)
        made[state] = (events.publish([draft], by=None)[0], word)
    event, word = made["one whose old versions were corrected"]
    event.summary = f"{word} corrected"
    event.save()
    told = Release(VersionKind.CORRECTION, f"It said {word}.")
    events.settle(event, by=None, before="published", release=told)
    event, _word = made["one that a public event is related to"]
    Relation.objects.create(from_event=world.public, to_event=event, kind="contradicts")
    noted(world.public)
    event, _word = made["one that is related to a public event"]
    Relation.objects.create(from_event=event, to_event=world.public, kind="follows")
    noted(event)
    event, _word = made["one whose actor was renamed"]
    actor = event.participations.first().actor
    actor.name = f"{world.word('the name that it was given')} later"
    things.store(actor)
    event, _word = made["one that was withdrawn twice"]
    events.withdraw([event], by=None, reason="Once.")
    events.publish([event], by=None)

    told = world.tell("a withdrawn story", world.public, world.other, slug="taken-back")

    warm = crawl(client)
    shown = {word for word in world.words for body in warm.values() if word in body.decode()}
    assert shown == set(world.words), "a state that was never shown proves nothing"

    for event, _word in made.values():
        event.refresh_from_db()
        events.withdraw([event], by=None, reason="It was not so.")
    stories.withdraw(told, by=None, reason="It was not so.")
    event, _word = made["one whose versions were redacted"]
    versions.redact(Version.objects.filter(event=event), reason="A name stood there.")
    hold(client, world.words, world.ids, before)


def test_a_merged_event_leaves_only_its_sources(client, world):
    word = world.word("a merged event")
    event = make_event(
        title=f"{word} title",
        summary=f"{word} summary",
        date="2031-02-03",
        date_note=word,
        category=make_category(word, description=word),
        topics=[],
        place=make_place(word, country="XK"),
        sources=[make_source(title="Of both")],
    )
    assert any(word in body.decode() for body in crawl(client).values())
    events.merge(world.public, event, by=None)
    world.ids.append(event.public_id)
    after = hold(client, world.words, world.ids, {})
    assert "Of both" in after[world.public.get_absolute_url()].decode()
