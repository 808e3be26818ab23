"""`manage.py import_events`: what it says, what it writes, and when it writes nothing."""

import csv
import io
import json

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command

from tests.figures import figure
from tests.make import make_draft
from timeline.editing.permissions import write_groups
from timeline.models import Event, ImportBatch, SavedMapping

pytestmark = pytest.mark.django_db

HEADER = "public_id,date_edtf,headline,category,source_1_url\n"


def line(number, date="2024-10-20"):
    title = f"Brigade number {number} reaches its {number * 7} trucks"
    return f",{date},{title},Troop movement,https://news.example/{number}\n"


def written(path, *lines, header=HEADER):
    path.write_text(header + "".join(lines), encoding="utf-8")
    return str(path)


def run(*arguments, **options):
    out = io.StringIO()
    call_command("import_events", *arguments, stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "events.csv"


def test_it_recognises_checks_and_imports(file):
    said = run(written(file, line(1), line(2, "2023-05")))
    assert "2 rows: 2 new, 0 to be changed" in said
    assert "Imported: 2 new" in said
    assert set(Event.objects.values_list("date", "status")) == {
        ("2024-10-20", "draft"),
        ("2023-05", "draft"),
    }
    assert ImportBatch.objects.get().name == "events.csv"


def test_a_dry_run_writes_nothing(file):
    assert "dry run" in run(written(file, line(1)), "--dry-run")
    assert not Event.objects.exists()
    assert not ImportBatch.objects.exists()


def test_an_error_in_the_last_of_ten_thousand_rows(file, tmp_path):
    many = figure(2_000, 10_000)
    problems = tmp_path / "problems.csv"
    lines = [*(line(number) for number in range(1, many)), line(many, "2024-13-01")]
    with pytest.raises(CommandError, match="Nothing was written"):
        run(written(file, *lines), f"--problems={problems}")
    assert not Event.objects.exists()
    (row,) = csv.DictReader(io.StringIO(problems.read_text(encoding="utf-8")))
    assert (row["row"], row["column"], row["value"]) == (str(many + 1), "date", "2024-13-01")
    assert "month" in row["problem"]
    assert row["outcome"] == "refused"


def test_publishing(file):
    run(written(file, line(1)), "--publish")
    assert Event.objects.public().get().versions.get().number == 1


@pytest.mark.parametrize(("choice", "events"), [("skip", 1), ("import", 2), ("stop", 1)])
def test_possible_duplicates(file, choice, events):
    make_draft(title="Brigade number 1 reaches its 7 trucks", date="2024-10-20")
    arguments = (written(file, line(1)), f"--duplicates={choice}")
    if choice == "stop":
        with pytest.raises(CommandError, match="possible duplicates"):
            run(*arguments)
    else:
        assert "may be event" in run(*arguments)
    assert Event.objects.count() == events


def test_whose_import_it_is(file):
    write_groups(apps, "default")
    editor, publisher = (User.objects.create_user(name) for name in ("editor", "publisher"))
    editor.groups.add(Group.objects.get(name="Editor"))
    publisher.groups.add(Group.objects.get(name="Publisher"))
    path = written(file, line(1))
    with pytest.raises(CommandError, match="may not import"):
        run(path, "--by=editor")
    with pytest.raises(CommandError, match="no active user"):
        run(path, "--by=nobody")
    run(path, "--by=publisher")
    assert Event.objects.get().created_by == publisher


def test_through_a_saved_mapping(file):
    path = written(file, "2024,A thing that happened\n", header="When,What\n")
    with pytest.raises(CommandError, match="no mapping"):
        run(path, "--mapping=ours")
    mapping = {"fields": {"date": {"columns": ["When"]}, "title": {"columns": ["What"]}}}
    SavedMapping.objects.create(name="ours", mapping={**mapping, "system": "ours"})
    run(path, "--mapping=ours")
    assert Event.objects.get().external_ids.get().system == "ours"
    assert "1 there already" in run(path, "--mapping=ours")


def test_files_that_are_none(tmp_path):
    empty = tmp_path / "empty.csv"
    empty.touch()
    with pytest.raises(CommandError, match="empty"):
        run(str(empty))
    with pytest.raises(CommandError, match="can't be read"):
        run(str(tmp_path / "missing.csv"))
    odd = tmp_path / "odd.json"
    odd.write_text("[1, 2]", encoding="utf-8")
    with pytest.raises(CommandError, match="--format"):
        run(str(odd))
    large = tmp_path / "large.csv"
    large.write_bytes(b"a" * 25_000_001)
    with pytest.raises(CommandError, match="25 MB"):
        run(str(large))


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"format_version": 9}, "format_version"),
        ({"events": {}}, "events"),
        ({"events": [{"public_id": "x"}]}, "slug"),
        ({"actors": [{"slug": 1}]}, "actors[0].slug"),
        ({"places": "x"}, "places"),
    ],
)
def test_a_document_that_is_not_ours_says_where(tmp_path, change, column):
    path = tmp_path / "events.json"
    document = {"format": "dateline", "format_version": 1, "events": [], **change}
    path.write_text(json.dumps(document), encoding="utf-8")
    out = io.StringIO()
    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("import_events", str(path), stdout=out)
    assert column in out.getvalue()
