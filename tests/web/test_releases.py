"""The page of a release and its file, as readers and programs meet them."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
from django.db import transaction

from tests.make import make_draft, make_event
from timeline.editing import events, releases, versions
from timeline.editing.versions import Release
from timeline.formats.releases import whole
from timeline.models import DatasetRelease
from timeline.models.choices import VersionKind
from timeline.record.releases import releases as public_releases

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
PAGE, FILE = "/data/releases/1/", "/data/releases/1/dateline-1.zip"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "releases"


@pytest.fixture(autouse=True)
def event():
    return make_event(title="Kim meets Trump")


@pytest.fixture(autouse=True)
def release(event):  # noqa: ARG001  (which is in it)
    return releases.make(whole, AT, note="The <first>.")


def text(response):
    return response.content.decode()


def test_the_page_says_what_it_is_and_how_to_cite_it(client, release):
    response = client.get(PAGE)
    page = text(response)
    assert response.status_code == 200
    for part in (
        "Release 1 of the data",
        "1 event, made on 26 November 2026.",
        "The &lt;first&gt;.",
        release.sha256,
        FILE,
        "It is the first release.",
        "Data set, 1 event.",
        "BibTeX",
    ):
        assert part in page, part
    assert not response.cookies


def test_the_list_for_other_pages(release):
    (found,) = public_releases()
    assert (found.number, found.events, found.sha256) == (1, 1, release.sha256)


def test_the_folder_leads_to_the_list(client):
    response = client.get("/data/releases/")
    assert (response.status_code, response.headers["Location"]) == (301, "/data/#releases")
    assert PAGE in text(client.get("/data/"))


def test_the_next_page_says_what_changed(client, event):
    other = make_event(title="Kim goes home", date="2018-06")
    with transaction.atomic():
        held = events.hold(event.pk)
        held.title = "Kim meets Donald Trump"
        told = Release(VersionKind.CORRECTION, "His first name.")
        events.settle(held, by=None, before="published", release=told)
    releases.make(whole, AT)
    page = text(client.get("/data/releases/2/"))
    assert f'<a href="{other.get_absolute_url()}">Kim goes home</a>, June 2018' in page
    assert "Kim meets Donald Trump</a>, 20 October 2024 (version 1, then 2)" in page
    assert "Since release 1:" in page


def test_what_is_gone_has_no_title_and_the_old_page_says_so(client, event):
    make_event(title="Another")
    events.withdraw([event], by=None, reason="It was none.")
    releases.make(whole, AT)
    page = text(client.get("/data/releases/2/"))
    assert "Kim meets Trump" not in page
    assert event.public_id in page
    assert "One of its events was withdrawn or merged since." in text(client.get(PAGE))
    assert "withdrawn or merged since" not in page


def test_a_redacted_text_is_said(client, event):
    with transaction.atomic():
        held = events.hold(event.pk)
        held.title = "Kim meets somebody"
        told = Release(VersionKind.CORRECTION, "A name.")
        events.settle(held, by=None, before="published", release=told)
    with transaction.atomic():
        versions.redact([event.versions.get(number=1)], reason="A name.")
    assert "One of its texts was taken out of the history since." in text(client.get(PAGE))


def test_the_file_is_sent_as_it_is_and_not_twice(client, release, folder):
    response = client.get(FILE)
    raw = response.getvalue()
    assert raw == (folder / release.file).read_bytes()
    assert zipfile.ZipFile(io.BytesIO(raw)).testzip() is None
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"] == 'attachment; filename="dateline-1.zip"'
    assert response.headers["Content-Length"] == str(release.size)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    tag = response.headers["ETag"]
    assert tag == f'"{release.sha256}"'
    again = client.get(FILE, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(FILE)
    assert head.headers["Content-Length"] == str(release.size)
    assert head.getvalue() == b""
    assert client.post(FILE).status_code == 405


def test_a_closed_release_says_why_and_gives_nothing(client):
    assert FILE in text(client.get(PAGE))
    tag = client.get(FILE).headers["ETag"]
    releases.close(1, "An order of a court.", AT)
    gone = client.get(FILE, headers={"if-none-match": tag})
    assert gone.status_code == 410
    assert "An order of a court." in text(gone)
    page = text(client.get(PAGE))
    assert "An order of a court." in page
    assert FILE not in page


def test_a_lost_file_is_our_fault(client, release, folder):
    (folder / release.file).unlink()
    response = client.get(FILE)
    assert response.status_code == 503
    assert "ETag" not in response.headers


@pytest.mark.parametrize(
    "address",
    [
        "/data/releases/2/",
        "/data/releases/0/",
        "/data/releases/2/dateline-2.zip",
        "/data/releases/1/dateline-2.zip",
        "/data/releases/99999999999999999999/",
        "/data/releases/1/dateline-99999999999999999999.zip",
    ],
)
def test_what_is_not_there_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_nothing_hidden_leaks_into_a_release(client, folder):
    """Neither drafts nor the names of those who work here."""
    make_draft(title="Zzdraft isn't public")
    make_event(title="Public")
    releases.make(whole, AT)
    row = DatasetRelease.objects.first()
    with zipfile.ZipFile(folder / row.file) as opened:
        assert not [name for name in opened.namelist() if b"Zzdraft" in opened.read(name)]
    assert "Zzdraft" not in text(client.get("/data/releases/2/"))
