"""Stories as readers see them: the list, a story, its versions and files, and what stays hidden."""

import gzip
import json
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.loaded import demo_record
from tests.make import (
    count_figure,
    make_actor,
    make_draft,
    make_event,
    make_metric,
    make_period,
    make_story,
)
from timeline.editing import events, stories
from timeline.editing.versions import Release
from timeline.index.lanes import Window
from timeline.models import Event, Story
from timeline.models.choices import Status, VersionKind
from timeline.record import records
from timeline.record.stories import PeriodRecord
from timeline.web import ledger
from timeline.web.cached import kept
from timeline.web.overview import overview

pytestmark = pytest.mark.django_db
DEMO = ("from-singapore-to-hanoi", "the-road-to-kursk", "who-counted-the-dead")


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


class Headings(HTMLParser):
    def __init__(self, body):
        super().__init__()
        self.levels = []
        self.feed(body)

    def handle_starttag(self, tag, attrs):
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))


def test_a_story_shows_its_steps_in_their_order_with_what_their_events_say(client):
    kim = make_actor("Kim")
    first = make_event(title="They meet", date="2018-06-12", actors=[kim])
    second = make_event(title="They part", date="2019-02")
    count_figure(second, metric=make_metric(label="Minutes"), best=40, attributed_to=kim)
    story = make_story(
        (first, {"heading": "The meeting", "opening": "One *day*.", "note": "It **begins**."}),
        (second, {"note": "And ends. <script>x</script>"}),
        title="Two summits",
        introduction="Once [there](https://example.org/a) was.",
        byline="A desk",
    )
    body = page(client, story.get_absolute_url())
    assert body.index("They meet") < body.index("They part")
    assert body.count('class="step"') == 2
    for said in (
        "It <strong>begins</strong>.",
        "One <em>day</em>.",
        '<a href="https://example.org/a">there</a>',
        "&lt;script&gt;x&lt;/script&gt;",
        'id="step-2"',
        "of 2",
        "12 Jun 2018",
        "Feb 2019",
        "By A desk",
        "1 source",
        f'href="{first.get_absolute_url()}"',
        "Minutes",
        "June 2018 to February 2019",
    ):
        assert said in body, said
    levels = Headings(body).levels
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_step_to_an_event_that_is_not_public_is_not_there(client):
    shown, hidden = make_event(title="Seen by all"), make_draft(title="Canary of a draft")
    taken = make_event(title="Canary taken back")
    story = make_story(shown, (hidden, {"note": "Canary note"}), (taken, {"note": "Canary two"}))
    events.withdraw([taken], by=None, reason="Wrong.")
    for address in (
        story.get_absolute_url(),
        f"{story.get_absolute_url()}v/1/",
        "/stories/",
        f"/stories/{story.slug}.json",
        f"/stories/{story.slug}.timelinejs.json",
        f"/embed/stories/{story.slug}/",
        "/sitemap-pages.xml",
    ):
        body = page(client, address)
        assert "Canary" not in body, address
        assert hidden.public_id not in body
    assert "of 1" in page(client, story.get_absolute_url())


@pytest.mark.parametrize("below", ["", "history/", "v/1/"])
def test_drafts_are_unknown_and_withdrawn_ones_say_why(client, below):
    draft = make_story(make_event(), title="Canary draft", status=Status.IN_REVIEW)
    body = page(client, draft.get_absolute_url() + below, 404)
    never = page(client, f"/stories/no-such-story/{below}", 404)
    assert body.replace(draft.slug, "no-such-story") == never
    gone = make_story(make_event(), title="Canary gone")
    page(client, gone.get_absolute_url() + below)
    stories.withdraw(gone, by=None, reason="Two days were mixed up.")
    body = page(client, gone.get_absolute_url() + below, 410)
    assert "Two days were mixed up." in body
    assert "This story was withdrawn" in body
    assert "Canary" not in body
    for address in ("/", "/stories/", "/sitemap-pages.xml"):
        assert "canary" not in page(client, address).lower()
    for suffix in ("json", "timelinejs.json"):
        assert client.get(f"/stories/{gone.slug}.{suffix}").status_code == 410
        assert client.get(f"/stories/{draft.slug}.{suffix}").status_code == 404
    for prefix in ("embed", "share"):
        assert client.get(f"/{prefix}/stories/{gone.slug}/").status_code == 410
        assert client.get(f"/{prefix}/stories/{draft.slug}/").status_code == 404


def test_a_renamed_story_is_found_under_its_old_address(client):
    story = make_story(make_event(), slug="one")
    story.slug = "two"
    stories.settle(story, by=None, before=Status.PUBLISHED)
    for old, new in (
        ("/stories/one/", "/stories/two/"),
        ("/stories/one.json", "/stories/two.json"),
        ("/embed/stories/one/", "/embed/stories/two/"),
        ("/share/stories/one/", "/share/stories/two/"),
    ):
        response = client.get(old)
        assert (response.status_code, response.headers["Location"]) == (301, new)


def test_a_version_keeps_the_storys_words_and_its_events_speak_for_themselves(client):
    event = make_event(title="The first title")
    story = make_story((event, {"note": "The old note"}), title="Old name", slug="named")
    story.title = "New name"
    step = story.steps.get()
    step.note = "The new note"
    step.save()
    stories.settle(
        story,
        by=None,
        before=Status.PUBLISHED,
        release=Release(VersionKind.CORRECTION, "The note named the wrong city."),
    )
    event.title = "The second title"
    event.save()
    events.settle(event, by=None, before=Status.PUBLISHED)
    now = page(client, "/stories/named/")
    assert "The note named the wrong city." in now
    assert "The new note" in now
    past = page(client, "/stories/named/v/1/")
    for said in ("Old name", "The old note", "The second title", "Version 1 of 2", "noindex"):
        assert said in past, said
    listed = page(client, "/stories/named/history/")
    assert "Version 2: corrected." in listed
    assert "noindex" in listed
    page(client, "/stories/named/v/3/", 404)


def test_an_event_names_the_stories_in_which_it_stands(client):
    first, second = make_event(), make_event()
    story = make_story(first, second, title="A public story")
    make_story(second, title="A hidden story", status=Status.DRAFT)
    body = page(client, second.get_absolute_url())
    assert f'href="{story.get_absolute_url()}#step-2"' in body
    assert "Step 2 of 2" in body
    assert "A hidden story" not in body
    stories.withdraw(story, by=None, reason="Wrong.")
    assert "A public story" not in page(client, second.get_absolute_url())


def test_the_list_and_the_front_page_name_what_is_public(client):
    assert "No story is published here yet." in page(client, "/stories/")
    assert 'class="tales"' not in page(client, "/")
    make_story(make_event(date="2018-06"), make_event(date="2019-02"), title="Two summits")
    body = page(client, "/stories/")
    for said in ("Two summits", "2 events", "June 2018 to February 2019"):
        assert said in body
    assert "Two summits" in page(client, "/")
    assert "/stories/two-summits/" in page(client, "/sitemap-pages.xml")


def test_a_story_takes_the_same_queries_for_two_steps_and_twenty(client):
    counts = []
    for size in (2, 20):
        story = make_story(*(make_event() for _ in range(size)))
        kept.forget()
        client.get(story.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            kept.forget()
            client.get(story.get_absolute_url())
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_periods_of_the_story_stand_behind_it_else_those_of_every_chart(client):
    make_period(title="Of everything", date="2018/2019", note="Two years.")
    make_period(title="Of another time", date="2030")
    bare = make_story(make_event(date="2018-06-12"))
    body = page(client, bare.get_absolute_url())
    assert "Of everything" in body
    assert "Two years." in body
    assert "Of another time" not in body
    own = make_story(make_event(date="2018-06-12"))
    make_period(title="Its own", date="2018", story=own, family="diplomacy")
    body = page(client, own.get_absolute_url())
    assert "Its own" in body
    assert "Of everything" not in body


def test_dots_of_one_day_stand_above_each_other_and_bands_that_overlap_below():
    def period(title, first, last):
        return PeriodRecord(title, f"{first}/{last}", first, last)

    made = [make_event(date="2024-06-01") for _ in range(3)] + [make_event(date="2024-12-01")]
    drawn = overview(
        records(made),
        [
            period("Outside", date(2020, 1, 1), date(2020, 2, 1)),
            period("Long", date(2020, 1, 1), date(2030, 1, 1)),
            period("Inside", date(2024, 7, 1), date(2024, 8, 1)),
        ],
        Window(date(2024, 6, 1), date(2024, 12, 31)),
    )
    assert len({dot.y for dot in drawn.dots[:3]}) == 3
    assert drawn.dots[0].y == drawn.dots[3].y
    assert [(band.title, band.y > 0) for band in drawn.bands] == [("Long", False), ("Inside", True)]
    assert all(0 <= dot.x <= 100 and 0 <= dot.y <= drawn.base for dot in drawn.dots)
    assert drawn.bands[0].x + drawn.bands[0].width <= 100


# --- Its files --------------------------------------------------------------------------------


def test_the_json_of_a_story_holds_its_words_and_its_events(client):
    event = make_event(title="They meet")
    story = make_story((event, {"note": "It *begins*."}), title="Two summits")
    response = client.get(f"/stories/{story.slug}.json")
    told = json.loads(response.content)
    assert told["format"] == "dateline-story"
    assert told["story"]["title"] == "Two summits"
    assert told["story"]["steps"] == [
        {"event": event.public_id, "heading": "", "opening": "", "note": "It *begins*."}
    ]
    assert [each["title"] for each in told["events"]] == ["They meet"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    wrong = client.get(f"/stories/{story.slug}.json?actor=kim")
    assert wrong.status_code == 400


def test_slides_have_the_note_the_sources_and_the_periods(client):
    event = make_event(title="They meet & part", date="2018-06-12")
    story = make_story((event, {"note": "It *begins* <b>."}), introduction="Once.")
    make_period(title="Summits", date="2018-03/2019-02", story=story)
    make_period(title="Open", date="2018/..", story=story)
    told = json.loads(client.get(f"/stories/{story.slug}.timelinejs.json").content)
    assert told["title"]["text"]["text"].startswith("<p>Once.</p>")
    (slide,) = told["events"]
    assert slide["text"]["headline"] == "They meet &amp; part"
    assert slide["text"]["text"].startswith("<p>It <em>begins</em> &lt;b&gt;.</p>")
    assert "https://example.org/" in slide["text"]["text"]
    assert slide["start_date"] == {"year": 2018, "month": 6, "day": 12}
    assert told["eras"] == [
        {
            "start_date": {"year": 2018, "month": 3},
            "end_date": {"year": 2019, "month": 2},
            "text": {"headline": "Summits"},
        }
    ]


def test_a_story_can_be_shown_on_other_sites(client):
    story = make_story((make_event(title="They meet"), {"note": "It begins."}), title="Two summits")
    framed = client.get(f"/embed/stories/{story.slug}/?theme=dark")
    assert "X-Frame-Options" not in framed.headers
    body = framed.content.decode()
    for said in ("Two summits", "They meet", "It begins.", "The story on Dateline"):
        assert said in body
    assert client.get(f"/embed/stories/{story.slug}/?theme=blue").status_code == 400
    shared = page(client, f"/share/stories/{story.slug}/")
    assert f"/embed/stories/{story.slug}/" in shared
    told = client.get(f"/oembed?url=http://127.0.0.1:8000{story.get_absolute_url()}").json()
    assert told["title"] == "Two summits"


# --- The demo's three ---------------------------------------------------------------------------


def test_the_demos_stories_read_from_start_to_end(client):
    demo_record()
    public = dict(Event.objects.public().values_list("public_id", "sort_date"))
    for slug in DEMO:
        story = Story.objects.get(slug=slug)
        steps = list(story.steps.order_by("order"))
        assert 8 <= len(steps) <= 14
        days = [public[step.event.public_id] for step in steps]
        assert days == sorted(days)
        assert all(step.note for step in steps)
        response = client.get(f"/stories/{slug}/", headers={"accept-encoding": "gzip"})
        assert response.status_code == 200
        assert len(response.content) <= 40 * 1024
        body = gzip.decompress(response.content).decode()
        assert len(re.findall(r"<[a-z]", body)) <= 3500
        assert body.count('class="step"') == len(steps)
        for step in steps:
            assert step.event.get_absolute_url() in body
        structured = json.loads(
            re.search(r'<script type="application/ld\+json">(.*?)</script>', body)[1]
        )
        assert structured["@type"] == "Article"
        assert len(structured["about"]) == len(steps)
        assert 'property="og:title"' in body


def test_who_counted_the_dead_sets_the_counts_side_by_side(client):
    demo_record()
    body = page(client, "/stories/who-counted-the-dead/")
    for count in ("Killed", "Wounded", "Killed and wounded"):
        assert f"{count}: North Korean soldiers" in body
    assert body.count('class="trend"') == 3
    assert "National Intelligence Service" in body
    assert 'class="trend"' not in page(client, "/stories/the-road-to-kursk/")


def test_a_past_day_of_publication_is_said(client):
    story = make_story(make_event())
    Story.objects.filter(pk=story.pk).update(published_at=datetime(2025, 3, 4, tzinfo=UTC))
    kept.forget()
    assert "Published on 4 March 2025" in page(client, story.get_absolute_url())


def test_the_ledger_tells_of_stories_page_by_page(client):
    story = make_story(make_event(), title="Two summits", slug="summits")
    story.byline = "A desk"
    release = Release(VersionKind.CORRECTION, "It named the wrong city.")
    stories.settle(story, by=None, before=Status.PUBLISHED, release=release)
    gone = make_story(make_event(), title="Canary gone", slug="gone")
    make_story(make_event(), title="Canary draft", status=Status.DRAFT)
    stories.withdraw(gone, by=None, reason="Two days were mixed up.")
    for address in ("/corrections/", "/corrections.atom", "/changes/", "/changes.atom"):
        body = page(client, address)
        for said in ("Two summits", "It named the wrong city.", "Two days were mixed up."):
            assert said in body, address
        assert "Canary" not in body
    told = client.get("/changes.json").json()["changes"]
    assert [each["removed"] for each in told if each.get("story") == gone.public_id] == [True]
    assert ledger.Place.read("7.8") == ledger.Place(7, 8)
    whole, rest = ledger.changes(None, None)
    seen, before = [], None
    while before is not None or not seen:
        some, before = ledger.changes(None, before, 2)
        seen += some
    assert rest is None
    assert sorted(each.key for each in seen) == sorted(each.key for each in whole)
    assert len({each.key for each in seen}) == len(seen) == 6


def test_a_story_in_korean_says_its_dates_in_korean(client):
    story = make_story(make_event(date="2018-06-12"), make_event(date="2019-02"))
    body = page(client, f"/ko{story.get_absolute_url()}")
    assert "2018년 6월 12일" in body
    assert "Jun 2018" not in body
    assert f'href="/ko{story.get_absolute_url()}history/"' in body


def test_a_linked_story_shows_a_picture_of_its_own(client):
    story = make_story(make_event(), title="Two summits", slug="summits")
    body = page(client, "/stories/summits/")
    where = re.search(r'property="og:image" content="([^"]+)"', body)[1]
    path = re.sub(r"^https?://[^/]+", "", where)
    assert path.startswith("/picture/stories/summits/")
    assert client.get("/picture/stories/summits.png").headers["Location"] == path
    shown = client.get(path)
    assert shown.headers["Content-Type"] == "image/png"
    stories.withdraw(story, by=None, reason="Wrong.")
    assert client.get(path).status_code == 410
    assert client.get("/picture/stories/nothing.png").status_code == 404
