"""The page on data says what goes out, from the same tables that send it."""

import gzip
import html
import re
from io import StringIO

import bibtexparser
import pytest
from django.conf import settings
from django.core.management import call_command

from tests.loaded import demo_record
from tests.make import make_event
from timeline.formats.codebook import codebook
from timeline.formats.registry import OFFERED
from timeline.models import DatasetRelease
from timeline.web.cached import kept

pytestmark = pytest.mark.django_db


def asked(client):
    answer = client.get("/data/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_form_with_its_file_and_its_losses(client):
    make_event()
    body = html.unescape(asked(client))
    for form in OFFERED:
        assert f'<a href="/events.{form.suffix}" rel="nofollow">{form.label}</a>' in body
        assert str(form.losses) in body
        answer = client.get(f"/events.{form.suffix}")
        answer.getvalue()
        assert answer.status_code == 200


def test_every_field_of_the_codebook(client):
    body = html.unescape(asked(client))
    left_out = 0
    for book in codebook():
        part = body[body.index(f'id="book-{book.name}"') :]
        part = part[: part.index("</table>")]
        for field in book.fields:
            if re.match(r"source_([2-9]|10)_", field.name):
                left_out += 1
                continue
            assert f"<code>{field.name}</code>" in part, (book.name, field.name)
            assert field.meaning in part, (book.name, field.name)
            row = part[part.index(f"<code>{field.name}</code>") :]
            row = row[: row.index("</tr>")]
            anchor = re.search(r'href="#(values-\d+)"', row)
            assert bool(anchor) == bool(field.values), (book.name, field.name)
            if anchor:
                listed = body[body.index(f'id="{anchor[1]}"') :]
                listed = listed[: listed.index("</dl>")]
                said = re.findall(r"<dt><code>(.*?)</code></dt><dd>(.*?)</dd>", listed)
                assert said == [(each.value, each.meaning) for each in field.values]
    assert left_out == 9 * 6


def test_its_anchors_are_there_once_and_lead_somewhere(client):
    body = asked(client)
    ids = re.findall(r' id="([^"]+)"', body)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', body)) <= {*ids, "main"}
    assert not re.search(r"<h[1-6][^>]*></h", body)


def test_it_is_light_and_found(client):
    demo_record()
    body = asked(client)
    assert len(gzip.compress(body.encode())) < 40_000
    assert len(re.findall(r"<[a-z]", body)) < 3_500
    # At the top, at the foot, and where the page is in another language.
    assert body.count('<a href="/data/"') == 3
    front = client.get("/").content.decode()
    assert front.count('href="/data/"') == 2


def test_what_is_copied_works(client):
    make_event()
    body = html.unescape(asked(client))
    source = re.search(r'<iframe src="([^"]+)"', body)[1]
    assert client.get(source.removeprefix(settings.SITE_URL)).status_code == 200
    entry = re.search(r"@misc\{.*?\n\}", body, re.DOTALL)[0]
    (found,) = bibtexparser.loads(entry).entries
    assert found["url"] == f"{settings.SITE_URL}/"
    assert found["note"] == "Timeline, 1 event"


def test_a_site_without_frames_says_nothing_of_them(client, settings):
    settings.EMBED_ANCESTORS = ["'none'"]
    body = asked(client)
    assert "iframe" not in body
    assert "oEmbed" not in body
    assert "#frames" not in body


def test_the_licence(client, settings):
    assert "No licence is named" in asked(client)
    settings.LICENCE = "CC BY 4.0"
    kept.forget()
    assert "Text and data: CC BY 4.0." in asked(client)
    kept.forget()


def test_releases_stand_there_the_last_first(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    make_event()
    assert 'id="releases"' not in asked(client)
    call_command("make_release", stdout=StringIO())
    make_event()
    call_command("make_release", stdout=StringIO())
    body = asked(client)
    assert re.findall(r'href="(/data/releases/\d/)"', body) == [
        "/data/releases/2/",
        "/data/releases/1/",
    ]
    assert "2 events, " in body
    assert DatasetRelease.objects.get(number=2).sha256 in body
    assert "/data/releases/2/" in client.get("/sitemap-pages.xml").content.decode()
    call_command("make_release", close=1, reason="By order of a court.", stdout=StringIO())
    body = asked(client)
    assert "Closed; its page says why." in body
    assert DatasetRelease.objects.get(number=1).sha256 not in body
