"""An event's past as readers see it: versions, what changed, what was taken out."""

import json
import re

import pytest

from tests.loaded import kept
from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_event,
    make_metric,
    make_source,
    make_topic,
)
from timeline.editing import events, versions
from timeline.editing.versions import Release
from timeline.models import Event, Version
from timeline.models.choices import VersionKind
from timeline.models.versions import hashed

pytestmark = pytest.mark.django_db
SENTENCE = "An earlier version gave 270 killed; it now reads 300."


def publish_again(event, kind=VersionKind.CORRECTION, note=SENTENCE, **changes):
    for name, value in changes.items():
        setattr(event, name, value)
    event.save()
    return events.settle(event, by=None, before="published", release=Release(kind, note))


def words(response):
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.fixture
@kept
def corrected():
    """An event whose number of killed was 270 and is 300."""
    event = make_event(title="NIS counts the dead", summary="It counted 270 of them.")
    figure = count_figure(event, best=270, metric=make_metric(label="Killed"))
    publish_again(event, VersionKind.UPDATE, "")
    figure.best = 300
    figure.save()
    return publish_again(event, summary="It counted 300 of them.")


def test_the_page_tells_its_history(client, corrected):
    page = words(client.get(corrected.get_absolute_url()))
    assert "History and corrections" in page
    assert f"Version 3: corrected. {SENTENCE} What changed" in page
    assert "Version 1: published." in page


def test_what_changed_names_the_figure_and_the_words(client, corrected):
    address = f"{corrected.get_absolute_url()}history/"
    page = client.get(f"{address}?from=2&to=3").content.decode()
    assert '<del><span class="vh">Before: </span>270</del>' in page
    assert '<ins><span class="vh">After: </span>300</ins>' in page
    assert "Killed" in words(client.get(address))
    same = words(client.get(f"{address}?from=2&to=2"))
    assert "Nothing that readers see differs between version 2 and version 2." in same


@pytest.mark.parametrize("query", ["from=1", "from=1&to=9", "from=x&to=1", "to=%F0%9F%8C%8D"])
def test_a_version_that_is_none_is_refused_with_a_sentence(client, corrected, query):
    response = client.get(f"{corrected.get_absolute_url()}history/?{query}")
    assert response.status_code == 400
    assert "Choose two versions of the list" in words(response)


def test_every_version_reads_as_it_did(client, corrected):
    old = words(client.get(f"{corrected.get_absolute_url()}v/2/"))
    assert "It counted 270 of them." in old
    assert "Version 2 of 3" in old
    assert "What the event says now" in old
    now = words(client.get(f"{corrected.get_absolute_url()}v/3/"))
    assert "It counted 300 of them." in now
    assert "the current one" in now
    assert client.get(f"{corrected.get_absolute_url()}v/4/").status_code == 404
    assert client.get(f"{corrected.get_absolute_url()}v/0/").status_code == 404


def test_the_json_of_a_version_can_be_hashed_by_anybody(client, corrected):
    told = client.get(f"{corrected.get_absolute_url()}v/3.json").json()
    content = {"public_note": told["public_note"], "record": told["record"]}
    assert told["content_sha256"] == hashed(content)
    named = ("at", "author_seal", "content_sha256", "event", "kind", "number", "previous")
    assert told["sha256"] == hashed({name: told[name] for name in named})
    assert json.loads(told["record"])["summary"] == "It counted 300 of them."
    before = client.get(f"{corrected.get_absolute_url()}v/2.json").json()
    assert told["previous"] == before["sha256"]


def test_old_and_short_addresses_lead_to_the_right_one(client, corrected):
    right = f"{corrected.get_absolute_url()}v/1/"
    bare = f"/events/{corrected.public_id}"
    for address in (f"{bare}/v/1/", f"{bare}-another-slug/v/1/", f"/e/{corrected.public_id}/v/1"):
        assert client.get(address, follow=True).redirect_chain[-1][0] == right
    assert client.get(f"{bare}/history/").headers["Location"].endswith("/history/")


def test_the_citation_gives_the_address_of_the_version(client, corrected):
    page = words(client.get(corrected.get_absolute_url()))
    assert f"/e/{corrected.public_id}/v/3" in page


def test_parts_that_went_and_came(client):
    kim, trump = make_actor("Kim"), make_actor("Trump")
    event = make_event(actors=[(kim, "host")], topics=[make_topic("Summits")])
    source = make_source(title="They met")
    cite(event, source, stance="denies", speaker=trump)
    event.participations.all().delete()
    event.participations.create(actor=trump, role="participant", alleged=True)
    event.topics.clear()
    publish_again(event, VersionKind.UPDATE, "")
    page = words(client.get(f"{event.get_absolute_url()}history/"))
    assert "Before: Kim: host" in page
    assert "After: Trump: took part (alleged)" in page
    assert "Topics Before: Summits" in page
    assert "After:" in page
    assert "They met" in page
    assert "in the voice of Trump" in page


def test_no_version_of_a_withdrawn_event_answers(client, corrected):
    address = corrected.get_absolute_url()
    events.withdraw([corrected], by=None, reason="It was retracted.")
    for below in ("", "v/1/", "v/3/", "v/3.json", "history/"):
        response = client.get(address + below)
        assert response.status_code == 410, below
        assert "NIS counts" not in response.content.decode()
        assert "It was retracted." in words(response)


def test_versions_of_a_merged_event_lead_to_the_other(client, corrected):
    other = make_event(title="Another of the same")
    events.merge(other, corrected, by=None)
    for below in ("v/1/", "history/"):
        response = client.get(f"/events/{corrected.public_id}/{below}")
        assert response.status_code == 301
        assert response.headers["Location"].startswith(other.get_absolute_url())


def test_a_redacted_version_says_why_and_nothing_else(client, corrected):
    versions.redact(Version.objects.filter(event=corrected, number=2), reason="A name stood there.")
    gone = client.get(f"{corrected.get_absolute_url()}v/2/")
    assert gone.status_code == 410
    assert "A name stood there." in words(gone)
    assert client.get(f"{corrected.get_absolute_url()}v/2.json").status_code == 410
    page = words(client.get(f"{corrected.get_absolute_url()}history/"))
    assert "What it said was taken out: A name stood there." in page
    assert "Version 2, " not in page, "it can't be compared"


# --- The record about itself -----------------------------------------------------------------


def test_corrections_tell_the_sentence_and_the_title(client, corrected):  # noqa: ARG001
    page = words(client.get("/corrections/"))
    assert f"Corrected NIS counts the dead {SENTENCE}" in page
    assert "Published" not in page
    feed = client.get("/corrections.atom")
    assert feed.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert SENTENCE in feed.content.decode()


def test_a_withdrawal_is_told_without_the_title(client, corrected):
    events.withdraw([corrected], by=None, reason="It was retracted.")
    for address in ("/corrections/", "/changes/", "/corrections.atom", "/changes.atom"):
        page = client.get(address).content.decode()
        assert "It was retracted." in page
        assert "NIS counts" not in page
        assert "nis-counts" not in page
        assert SENTENCE not in page
    (told,) = client.get("/changes.json").json()["changes"]
    assert (told["event"], told["kind"], told["removed"]) == (
        corrected.public_id,
        "withdrawn",
        True,
    )


def test_edits_of_shared_things_are_told(client):
    from timeline.editing import things

    actor = make_actor("Kim", description="A leader.")
    make_event(actors=[(actor, "host")])
    actor.description = "Chairman of the party."
    things.store(actor)
    page = words(client.get("/changes/"))
    assert "Actor edited Kim" in page
    assert "Before: A leader." in page
    assert "After: Chairman of the party." in page
    hidden = make_actor("Nobody yet", description="x")
    hidden.description = "canary"
    things.store(hidden)
    assert "canary" not in client.get("/changes/").content.decode()


def test_since_a_day(client, corrected):  # noqa: ARG001
    assert "NIS counts the dead" in words(client.get("/changes/?since=2020"))
    assert "Nothing has changed since then." in words(client.get("/changes/?since=2200-01-01"))
    assert client.get("/changes.json?since=2200-01-01T00:00:00Z").json()["changes"] == []


@pytest.mark.parametrize("query", ["since=yesterday-ish", "since=0001", "since=9999-12-31"])
def test_what_is_no_day_is_refused_and_kept(client, query):
    response = client.get(f"/changes/?{query}")
    assert response.status_code == 400
    assert query.removeprefix("since=") in response.content.decode()
    assert client.get(f"/changes.json?{query}").status_code == 400


@pytest.mark.parametrize("before", ["x", "1", "1.x", "-1.2", "1.2.3.4", "١.٢", "9" * 50 + ".1"])
def test_what_is_no_place_is_refused(client, before):
    assert client.get("/changes/", {"before": before}).status_code == 400
    assert client.get("/corrections/", {"before": before}).status_code == 400


def test_a_long_ledger_is_cut_without_losing_anything(client, monkeypatch):
    from timeline.web import ledger

    for number in range(7):
        make_event(title=f"Event number {number}")
    monkeypatch.setattr(ledger.changes, "__defaults__", (3,))
    address, seen = "/changes/", []
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r"Event number (\d)</a>", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert seen == list("6543210")


def test_hostile_text_stays_text_in_a_feed(client):
    from xml.etree import ElementTree as ET

    event = make_event(title="A <b>bold</b> & “quoted” title ]]>")
    publish_again(event, note="It said <script>alert(1)</script> & more.")
    root = ET.fromstring(client.get("/corrections.atom").content)  # noqa: S314  (our own)
    space = "{http://www.w3.org/2005/Atom}"
    entry = root.find(f"{space}entry")
    assert entry.find(f"{space}title").text == "Corrected: A <b>bold</b> & “quoted” title ]]>"
    assert "&lt;script&gt;" in entry.find(f"{space}summary").text


def test_a_draft_is_told_nowhere(client):
    from tests.make import make_draft

    make_draft(title="Canary in a draft")
    for address in ("/changes/", "/changes.atom", "/changes.json", "/corrections/"):
        assert "Canary" not in client.get(address).content.decode()
    assert Event.objects.count() == 1
