"""No word of ours is left untranslated: every family of pages in a language of marked letters.

What a page says and is neither marked nor data (``tests.pseudo``) fails, with the page and the
word.
"""

import html

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests import pseudo
from tests.loaded import demo_record
from tests.web.test_compiling import ADDRESSES
from timeline.models import (
    Actor,
    Category,
    Event,
    Metric,
    Place,
    Publisher,
    SiteText,
    Source,
    Topic,
)

# What is said is the same on both databases.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

MORE = (
    *("/places/", "/topics/", "/categories/", "/publishers/", "/years/", "/places/russia/"),
    *("/map/?from=2024", "/stories/", "/stories/the-road-to-kursk/", "/chart/by-actor/?year=2024"),
    *("/stories/the-road-to-kursk/history/", "/embed/stories/the-road-to-kursk/"),
    *("/topics/nuclear/", "/publishers/nk-news/", "/?sort=-updated", "/?has=figures"),
    "/?from=whenever&actor=nobody&page_size=0",
    "/?year=2024&role=supplier&actor=north-korea&importance=key&stance=denies&speaker=russia",
    "/?actor=north-korea&actor=russia&actors=all&exact=1&certainly=1&from=2018-02&to=2019-22",
    *("/events.atom?year=2025", "/corrections.atom", "/changes.atom", "/events.csv?actor=nobody"),
)
DESK = (
    *("/admin/login/", "/admin/", "/admin/worklists/", "/admin/imports/", "/admin/imports/new/"),
    *("/admin/timeline/event/", "/admin/timeline/event/add/", "/admin/password_change/"),
    *("/admin/timeline/story/", "/admin/timeline/story/add/"),
    *("/admin/timeline/datasetrelease/", "/admin/timeline/datasetrelease/add/"),
    *("/admin/timeline/change/", "/admin/auth/user/add/", "/admin/auth/group/"),
)
# Names of parameters and what the requests above ask for; words that Django itself has only in
# English.
GIVEN = ("troops", "nothing-has-this", "no-day", "whenever", "nobody", "blue", "boss")
NAMES = ("from", "actor", "theme", "since", "True", "False")
TABLES = ("events", "figures", "sources", "participations")


# A few events say as much as fifty.
FEW = "page_size=3"


def few(page):
    """A page with a few events, where it is a list of them."""
    path, _mark, query = page.partition("?")
    if path not in ("/", "/actors/north-korea/", "/years/2024/", "/embed/") or "year=0" in query:
        return page
    return f"{path}?{query}&{FEW}" if query else f"{path}?{FEW}"


def findings(client, pages, *given):
    """For each page, the words on it that nobody translated and nobody has ``given``."""
    known = pseudo.data(*GIVEN, *given)
    found, seen = [], set()
    with pseudo.offered():
        for page in pages:
            answer = client.get(pseudo.PREFIX + page, follow=True)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert answer.status_code < 500, page
            text = body.decode()
            if "atom" in answer.headers["Content-Type"]:
                text = html.unescape(text)
            said = pseudo.said(text) if "<" in text else [text]
            assert any(letter in text for letter in "áéíóú"), f"{page} is in another language"
            for each in {*said} - seen:
                words = [
                    word
                    for word in pseudo.plain_words(each, known)
                    if word not in (*NAMES, *TABLES)
                ]
                seen.add(each)
                if words:
                    found.append(f"{page}: {' '.join(words)} (in “{each[:90]}”)")
    return found


def test_readers_meet_no_untranslated_word(client):
    demo_record()
    event = Event.objects.public().filter(figures__isnull=False).first()
    path = event.get_absolute_url()
    pages = (
        *map(few, (*ADDRESSES, *MORE)),
        path,
        f"{path}history/",
        f"{path}v/1/",
        f"{path}?known_by=2010-01-01",
        f"{path}?known_by=x",
        f"/embed/events/{event.public_id}/",
        f"/share/events/{event.public_id}/",
        Source.objects.public().first().get_absolute_url(),
    )
    found = findings(client, pages)
    assert found == [], "\n".join(found)


def test_staff_meet_no_untranslated_word():
    demo_record()
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("boss", "", "x"))
    pages = [*DESK]
    for model in (Actor, Category, Metric, Place, Publisher, SiteText, Source, Topic):
        base = f"/admin/timeline/{model._meta.model_name}/"
        pages += [base, f"{base}add/", f"{base}{model._base_manager.first().pk}/change/"]
    event = Event.objects.public().filter(figures__isnull=False).first()
    base = f"/admin/timeline/event/{event.pk}/"
    pages += [f"{base}change/", f"{base}history/", f"{base}versions/"]
    codes = Metric.objects.values_list("code", flat=True)
    found = findings(client, pages, *codes)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ŵórđś", []),
        ("Left over", ["Left", "over"]),
        ("Ŕéṕórťéđ by Kim", ["by"]),
        ("Ŕéṕórťéđ Kim, KCNA", []),
        ("Kim says that…", []),
        ("https://example.org/words ?q=words CSV", []),
    ],
)
def test_what_is_found(text, words):
    known = pseudo.Known(["Kim", "KCNA", "CSV", "Kim says that he did"])
    assert pseudo.plain_words(text, known) == words


def test_a_marked_message_keeps_what_is_put_in():
    assert pseudo.marked("%(num)s <b>events</b> &amp; more") == "%(num)s <b>éṽéńťś</b> &amp; ḿóŕé"
