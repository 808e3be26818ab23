"""Imports at the desk: the whole way of a file, and what stops it or changes it on the way."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from config.uploads import LARGEST
from tests.admin.conftest import signed_in
from tests.make import make_draft, make_event
from timeline.intake import beside, uploads
from timeline.models import Change, Event, ImportBatch
from timeline.models.uploads import Upload, UploadRow

pytestmark = pytest.mark.django_db

NEW = "/admin/imports/new/"


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """The work is done before the answer; test_beside.py holds the program beside the server."""

    def start(upload, step, importer=None):
        if not beside.moved(upload, step, importer):
            return False
        upload = Upload.objects.get(pk=upload.pk)
        (uploads.check if step is beside.Step.CHECK else uploads.apply)(upload)
        return True

    monkeypatch.setattr(beside, "start", start)


@pytest.fixture
def publisher(db):  # noqa: ARG001
    return signed_in("Publisher")


def sheet(*rows):
    """A TimelineJS sheet with these dates (year, month, day) and titles."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Year", "Month", "Day", "Headline", "Text"])
    writer.writerows([*date, *["", ""][: 3 - len(date)], title, "Words."] for date, title in rows)
    return out.getvalue()


TWO = sheet(((2024, 10, 20), "A first event of the file"), ((2024,), "Another one of that year"))


def send(client, content=TWO, name="events.csv", **fields):
    content = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, content)
    return client.post(NEW, {"file": file, "format": "", **fields}, follow=True)


def address():
    return f"/admin/imports/{Upload.objects.latest('pk').pk}/"


def apply(client, **fields):
    return client.post(f"{address()}apply/", fields, follow=True)


def words(answer):
    """The text of a page's content, without tags, its white space folded."""
    html = answer.content.decode().split('id="content"')[1]
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


# --- The way of a file ----------------------------------------------------------------------------


def test_a_file_is_checked_then_imported_as_drafts(publisher):
    shown = words(send(publisher))
    assert "Nothing is written to the record yet" in shown
    assert "All rows 2" in shown
    assert "A first event of the file" in shown
    assert "20 October 2024" in shown
    assert Event.objects.count() == 0
    done = words(apply(publisher))
    assert "New events 2" in done
    assert set(Event.objects.values_list("status", "date")) == {
        ("draft", "2024-10-20"),
        ("draft", "2024"),
    }
    assert set(Event.objects.values_list("created_by", flat=True)) == {publisher.user.pk}
    assert Change.objects.filter(model="event", by=publisher.user).count() >= 2


def test_its_events_are_listed_and_the_import_is_kept(publisher):
    make_draft(title="Not of the import")
    send(publisher)
    apply(publisher)
    batch = ImportBatch.objects.get()
    listed = words(publisher.get(f"/admin/timeline/event/?import={batch.pk}"))
    assert "A first event of the file" in listed
    assert "Not of the import" not in listed
    assert "Not of the import" in words(publisher.get("/admin/timeline/event/?import=x"))
    overview = words(publisher.get("/admin/imports/"))
    assert "events.csv" in overview
    assert "Not imported yet" not in overview
    assert Upload.objects.get().packed is None


def test_a_second_import_of_the_same_file_creates_nothing(publisher):
    send(publisher)
    apply(publisher)
    shown = words(send(publisher))
    assert "Nothing to change 2" in shown
    assert "There is nothing to import" in shown
    apply(publisher)
    assert Event.objects.count() == 2


def test_pressed_twice_it_is_applied_once(publisher):
    send(publisher)
    apply(publisher)
    again = apply(publisher)
    assert "New events 2" in words(again)
    assert (Event.objects.count(), ImportBatch.objects.count()) == (2, 1)


def test_back_and_reload_show_what_is_the_case(publisher):
    send(publisher)
    before = address()
    apply(publisher)
    assert publisher.get(before)["Location"].startswith("/admin/imports/past/")


def test_two_starts_at_a_time_are_one(publisher):
    send(publisher)
    upload = Upload.objects.get()
    uploads.begin_import(upload, by=publisher.user)
    stale = upload  # as a second press read it, before the first
    assert not uploads.begin_import(stale, by=publisher.user)
    assert ImportBatch.objects.count() == 1


# --- Problems -------------------------------------------------------------------------------------

WRONG = sheet(((2024, 10, 20), "One that is right"), ((2024, 13, 1), "One of a thirteenth month"))


def test_refused_rows_keep_all_out_until_they_are_left_out(publisher):
    shown = words(send(publisher, WRONG))
    assert "Refused 1" in shown
    assert "13" in shown
    assert "Nothing was imported: some rows are refused" in apply(publisher).content.decode()
    assert Event.objects.count() == 0
    apply(publisher, leave_out="on")
    assert Event.objects.get().title == "One that is right"


def test_the_list_of_problems_names_row_column_value_and_stays(publisher):
    send(publisher, WRONG)
    page = f"{address()}problems.csv"
    answer = publisher.get(page)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode())))
    assert rows[0] == ["row", "column", "value", "problem", "outcome"]
    [refused] = [row for row in rows[1:] if row[4] == "refused"]
    assert refused[:3] == ["3", "Month", "13"]
    apply(publisher, leave_out="on")
    kept = list(csv.reader(io.StringIO(b"".join(publisher.get(page)).decode())))
    assert refused in kept


def test_rows_are_shown_by_verdict_and_page(publisher):
    good = [((2024, 1, 1 + number % 28), f"Event number {number} of many") for number in range(60)]
    send(publisher, sheet(*good, ((2024, 13), "A wrong one")))
    first = words(publisher.get(address()))
    assert "Event number 0 of many" in first
    assert "A wrong one" not in first
    assert "Event number 59 of many" in words(publisher.get(f"{address()}?p=2"))
    refused = words(publisher.get(f"{address()}?verdict=refused"))
    assert "Event number" not in refused
    assert "62" in refused
    for odd in ("?p=x", "?p=99999999999999999999", "?verdict=nonsense", "?p=-1", "?verdict=%00"):
        assert publisher.get(f"{address()}{odd}").status_code == 200


def test_a_page_asks_as_much_for_one_row_as_for_fifty(publisher, django_assert_max_num_queries):
    for number in range(50):
        make_draft(title=f"An event that was there {number}", date="2024-10-20")
    rows = [((2024, 10, 20), f"An event that was there {number}") for number in range(50)]
    send(publisher, sheet(*rows))
    assert UploadRow.objects.filter(verdict="duplicate").count() == 50
    with django_assert_max_num_queries(20):
        publisher.get(address())


# --- Possible duplicates --------------------------------------------------------------------------


@pytest.fixture
def twin(publisher):
    """A draft that a row of the file may be, and the file sent."""
    event = make_draft(title="A first event of the file", date="2024-10-20", summary="")
    send(publisher)
    return event


def row():
    return UploadRow.objects.get(verdict="duplicate")


def test_both_stand_side_by_side(publisher, twin):
    page = publisher.get(f"{address()}?verdict=duplicate").content.decode()
    assert f'href="/admin/timeline/event/{twin.pk}/change/"' in page
    assert "The file" in page
    assert "The record" in page
    assert row().twin == twin.pk


def test_undecided_it_is_left_out(publisher, twin):
    apply(publisher)
    assert Event.objects.count() == 2
    assert Event.objects.filter(title=twin.title).count() == 1


@pytest.mark.parametrize(("decision", "count"), [("skip", 1), ("import", 2), ("update", 1)])
def test_what_is_decided_is_done(publisher, twin, decision, count):
    publisher.post(f"{address()}decide/", {f"row-{row().pk}": decision})
    assert row().decision == decision
    apply(publisher)
    assert Event.objects.filter(title=twin.title).count() == count
    twin.refresh_from_db()
    assert (twin.summary != "") is (decision == "update")


def test_all_alike(publisher):
    for number in range(3):
        make_draft(title=f"An event that was there {number}", date="2024-10-20")
    send(publisher, sheet(*(((2024, 10, 20), f"An event that was there {n}") for n in range(3))))
    answer = publisher.post(f"{address()}decide/", {"_alike": "1", "alike": "import"}, follow=True)
    assert "Decided for 3 rows" in answer.content.decode()
    apply(publisher)
    assert Event.objects.count() == 6


@pytest.mark.usefixtures("twin")
def test_going_on_looking_keeps_what_was_chosen(publisher):
    decide = f"{address()}decide/?verdict=duplicate&p=1"
    data = {f"row-{row().pk}": "import", "_go": "verdict=created&p=3&next=//evil.example"}
    assert publisher.post(decide, data)["Location"] == f"{address()}?verdict=created&p=3"
    assert row().decision == "import"


@pytest.mark.usefixtures("twin")
def test_decisions_about_other_rows_are_ignored(publisher):
    other = UploadRow.objects.get(verdict="created")
    bad = {f"row-{other.pk}": "skip", f"row-{row().pk}": "nonsense", "row-x": "skip", "row-": ""}
    publisher.post(f"{address()}decide/", bad)
    assert not UploadRow.objects.exclude(decision="").exists()


def test_when_the_record_changed_meanwhile_it_is_shown_anew(publisher):
    send(publisher)
    make_draft(title="A first event of the file", date="2024-10-20")
    shown = words(apply(publisher))
    assert "The record has changed since this was checked" in shown
    assert "Possible duplicate 1" in shown
    assert ImportBatch.objects.count() == 0
    assert "New events 1" in words(apply(publisher))


# --- What isn't taken -----------------------------------------------------------------------------


def test_no_file_and_an_empty_one(publisher):
    assert "Choose a file" in words(publisher.post(NEW, {"format": ""}))
    assert "is empty" in words(send(publisher, ""))
    assert not Upload.objects.exists()


def test_a_file_that_is_too_large(publisher):
    assert "larger than 25 MB" in words(send(publisher, b"a" * (LARGEST + 200_000)))
    assert not Upload.objects.exists()


def test_a_file_of_no_known_kind_is_kept_while_its_format_is_asked(publisher):
    answer = send(publisher, b"\x89PNG\r\n\x1a\n\x00\x00", name="picture.png", publish="on")
    assert "Choose its format" in words(answer)
    upload = Upload.objects.get()
    page = answer.content.decode()
    assert f'name="kept" value="{upload.pk}"' in page
    assert re.search(r'<input[^>]*name="publish"[^>]*checked', page)
    sent = {"kept": upload.pk, "format": "timelinejs-sheet"}
    publisher.post(NEW, sent, follow=True)
    assert Upload.objects.count() == 1
    other = signed_in("Publisher", "other")
    assert "Choose a file" in words(other.post(NEW, sent))


def test_a_hostile_name_is_a_name_and_nothing_else(publisher):
    name = '../../etc/<script>alert(1)</script>"\r\nX: y.csv'
    answer = send(publisher, TWO, name=name)
    assert "<script>alert" not in answer.content.decode()
    assert "/" not in Upload.objects.get().name


def test_so_many_files_may_wait(publisher):
    for _number in range(uploads.MOST_WAITING):
        send(publisher)
    assert "Import or remove some first" in words(send(publisher))
    assert Upload.objects.count() == uploads.MOST_WAITING


# --- Removing and expiring ------------------------------------------------------------------------


def test_a_file_that_is_not_imported_can_be_removed(publisher):
    send(publisher)
    publisher.post(f"{address()}remove/")
    assert not Upload.objects.exists()
    assert not UploadRow.objects.exists()


def test_what_is_imported_stays(publisher):
    send(publisher)
    apply(publisher)
    publisher.post(f"{address()}remove/")
    Upload.objects.update(at=timezone.now() - timedelta(days=400))
    publisher.get("/admin/imports/")
    assert Upload.objects.count() == 1


def test_after_a_week_what_nobody_imported_is_gone(publisher):
    send(publisher)
    Upload.objects.update(at=timezone.now() - uploads.KEPT + timedelta(hours=1))
    publisher.get("/admin/imports/")
    assert Upload.objects.count() == 1
    Upload.objects.update(at=timezone.now() - uploads.KEPT - timedelta(hours=1))
    publisher.get("/admin/imports/")
    assert not Upload.objects.exists()


# --- A program that was killed --------------------------------------------------------------------


def test_work_that_came_to_nothing_can_be_started_again(publisher):
    send(publisher)
    Upload.objects.update(state="applying", host=beside.here(), started_at=timezone.now())
    assert "stopped before its end" in words(publisher.get(address()))
    assert "New events 2" in words(apply(publisher))


def test_what_another_machine_does_is_waited_for(publisher):
    send(publisher)
    Upload.objects.update(state="applying", host="elsewhere", started_at=timezone.now())
    answer = publisher.get(address())
    assert "is being imported" in words(answer)
    assert '<noscript><meta http-equiv="refresh"' in answer.content.decode()
    publisher.post(f"{address()}remove/")
    assert Upload.objects.exists()
    Upload.objects.update(started_at=timezone.now() - beside.ELSEWHERE)
    assert "stopped before its end" in words(publisher.get(address()))


# --- Who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["Contributor", "Editor", "Auditor"])
def test_who_may_not_import_reaches_nothing(role, publisher):
    send(publisher)
    client = signed_in(role)
    pages = (NEW, address(), f"{address()}columns/", f"{address()}problems.csv")
    for page in pages:
        assert client.get(page).status_code == 403
    for step in ("apply", "decide", "remove", "check", "columns"):
        assert client.post(f"{address()}{step}/").status_code == 403
    assert send(client).status_code == 403
    assert Upload.objects.get().state == "checked"
    assert Event.objects.count() == 0
    for page in ("/admin/", "/admin/timeline/event/"):
        assert "/admin/imports/new/" not in client.get(page).content.decode()


def test_an_administrator_imports_and_finishes_what_another_began(publisher):
    send(publisher)
    boss = signed_in("Administrator")
    assert "New events 2" in words(apply(boss))
    assert ImportBatch.objects.get().by == boss.user
    assert set(Event.objects.values_list("created_by", flat=True)) == {boss.user.pk}


@pytest.mark.parametrize(("role", "sees"), [("Auditor", True), ("Editor", False)])
def test_auditors_look_at_past_imports(role, sees, publisher):
    send(publisher, WRONG)
    apply(publisher, leave_out="on")
    batch = ImportBatch.objects.get()
    client = signed_in(role)
    status = 200 if sees else 403
    for page in ("/admin/imports/", f"/admin/imports/past/{batch.pk}/", f"{address()}problems.csv"):
        assert client.get(page).status_code == status
    assert ("Imports: events from a file" in words(client.get("/admin/"))) is sees


def test_nobody_else_reaches_anything(publisher):
    send(publisher)
    for page in ("/admin/imports/", NEW, address(), f"{address()}problems.csv"):
        assert "/admin/login/" in Client().get(page)["Location"]


def test_the_entries(publisher):
    assert 'href="/admin/imports/"' in publisher.get("/admin/").content.decode()
    assert 'href="/admin/imports/new/"' in publisher.get("/admin/timeline/event/").content.decode()


def test_what_is_not_there(publisher):
    for page in ("/admin/imports/77/", "/admin/imports/past/77/", "/admin/imports/77/problems.csv"):
        assert publisher.get(page).status_code == 404
    assert publisher.get("/admin/imports/77/apply/").status_code == 405


# --- Publishing -----------------------------------------------------------------------------------


def test_publishing_at_once_is_said_on_the_button(publisher):
    send(publisher, publish="on")
    assert "Import and publish 2 events" in publisher.get(address()).content.decode()
    send(publisher)
    assert "Import 2 events as drafts" in publisher.get(address()).content.decode()


def test_where_two_people_publish_it_is_not_offered(publisher, settings):
    settings.TWO_PEOPLE = True
    assert 'name="publish"' not in publisher.get(NEW).content.decode()
    send(publisher, publish="on")
    assert "Import 2 events as drafts" in publisher.get(address()).content.decode()


def test_a_right_that_was_lost_meanwhile_stops_the_import(publisher):
    send(publisher)
    upload = Upload.objects.get()
    publisher.user.groups.clear()
    uploads.begin_import(upload, by=User.objects.get(pk=publisher.user.pk))
    upload.refresh_from_db()
    assert (upload.state, upload.said) == ("checked", "You may not import. Ask a publisher.")
    assert Event.objects.count() == 0


def test_an_upload_keeps_its_uploader(publisher):
    send(publisher)
    assert User.objects.get(pk=Upload.objects.get().by_id) == publisher.user


def test_a_published_twin_is_never_overwritten(publisher):
    public = make_event(title="A first event of the file", date="2024-10-20")
    send(publisher)
    publisher.post(f"{address()}decide/", {f"row-{row().pk}": "update"})
    apply(publisher)
    before = (public.title, public.summary, public.version)
    public.refresh_from_db()
    assert (public.title, public.summary, public.version) == before


# --- Columns --------------------------------------------------------------------------------------

THINGS = """Day,Month,Year,What,Who,URL,Other
20,10,2024,A thing that happened,North Korea; Russia,https://example.org/1,x
3,4,2025,Another thing,Russia,https://example.org/2,y
1,13,2025,A thing of a thirteenth month,,,
"""


def field_of(answer):
    """The field that the page has chosen for each column, in their order."""
    page = answer.content.decode()
    selects = re.findall(r'<select name="column-\d+".*?</select>', page, flags=re.DOTALL)
    return [(re.findall(r'value="([^"]*)" selected', each) or [""])[0] for each in selects]


def columns(client, *fields, **more):
    data = {f"column-{number}": field for number, field in enumerate(fields)}
    return client.post(
        f"{address()}columns/", {**data, "system": "things", "lists": ";", **more}, follow=True
    )


GUESSED = ["date", "date", "date", "title", "actors", "source_url", ""]


def test_a_table_of_no_known_kind_asks_for_its_columns(publisher):
    answer = send(publisher, THINGS, name="things.csv")
    shown = words(answer)
    assert "What the columns are" in shown
    assert "North Korea; Russia" in shown
    assert field_of(answer) == GUESSED
    assert publisher.get(address())["Location"] == f"{address()}columns/"


def test_a_preview_shows_the_first_rows_and_writes_nothing(publisher):
    send(publisher, THINGS, name="things.csv")
    answer = columns(publisher, *GUESSED[:4], "", "source_url", "summary", _preview="1")
    shown = words(answer)
    assert "20 October 2024" in shown
    assert "13" in shown
    assert "Check before importing" not in shown
    assert field_of(answer) == [*GUESSED[:4], "", "source_url", "summary"]
    assert Upload.objects.get().mapping is None


def test_the_columns_lead_to_the_check_and_can_be_changed_there(publisher):
    send(publisher, THINGS, name="things.csv")
    shown = words(columns(publisher, *GUESSED, _check="1"))
    assert "New 2" in shown
    assert "Refused 1" in shown
    assert "Change the columns" in shown
    page = publisher.get(f"{address()}columns/")
    assert field_of(page) == GUESSED
    columns(publisher, *GUESSED[:3], "summary", "", "", "title", _check="1")
    assert set(UploadRow.objects.values_list("title", flat=True)) >= {"x", "y"}
    apply(publisher, leave_out="on")
    assert Event.objects.count() == 2


def test_several_columns_become_one_and_what_is_the_same_is_said_once(publisher):
    send(publisher, THINGS, name="things.csv")
    columns(
        publisher,
        *(*GUESSED[:4], "", "", "title"),
        joiner=" / ",
        country="Russia",
        importance="key",
        _check="1",
    )
    apply(publisher, leave_out="on")
    event = Event.objects.get(date="2024-10-20")
    assert (event.title, event.importance) == ("A thing that happened / x", "key")
    assert event.place.name == "Russia"


def test_choices_are_kept_by_name_for_a_file_with_the_same_columns(publisher):
    send(publisher, THINGS, name="things.csv")
    columns(publisher, *GUESSED[:4], "", "", "summary", name="Things of ours", _check="1")
    again = send(publisher, THINGS, name="more things.csv")
    assert "Filled in as kept under “Things of ours”" in again.content.decode()
    assert field_of(again) == [*GUESSED[:4], "", "", "summary"]
    other = send(publisher, "When,Title\n2024,Something else\n", name="other.csv")
    assert "Things of ours" not in other.content.decode()
    assert field_of(other) == ["date", "title"]


def test_what_is_missing_or_wrong_is_said_and_the_choices_stay(publisher):
    send(publisher, THINGS, name="things.csv")
    answer = columns(publisher, "", "", "", "title", "actors", "", "summary", _check="1")
    assert "Say which column holds the field “Date”" in words(answer)
    assert field_of(answer) == ["", "", "", "title", "actors", "", "summary"]
    answer = columns(publisher, *GUESSED, system="", _check="1")
    assert "The file’s origin: This field is required." in words(answer)
    answer = columns(publisher, *GUESSED[:6], "nonsense", encoding="x", _check="1")
    assert field_of(answer) == GUESSED
    assert Upload.objects.get().state == "new"


def test_a_table_that_cannot_be_read_says_why(publisher):
    send(publisher, 'a,b\n"never closed,1\n2,3\n', name="torn.csv", format="table")
    shown = words(publisher.get(f"{address()}columns/"))
    assert "quot" in shown.lower()
