"""The words that the database keeps find exactly what LIKE finds, whatever happened to the rows."""

import sqlite3
import subprocess
from contextlib import closing

import pytest
from django.core.management import call_command
from django.db import connection, models, transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.figures import figure
from tests.make import make_category, make_draft, make_publisher, make_source
from timeline import text
from timeline.index import words
from timeline.models import Event, EventTranslation, Source

pytestmark = pytest.mark.django_db
on_rows_for_good = pytest.mark.django_db(transaction=True)


def found(query):
    """The titles of the events that hold the one term, after asking LIKE for the same."""
    (term,) = text.query_tokens(query)
    keys = words.event_keys(term)
    assert keys.dtype == "int64"
    assert sorted(keys) == oracle(Event, term)
    return set(Event.objects.filter(pk__in=keys.tolist()).values_list("title", flat=True))


def oracle(model, term):
    rows = model.objects.filter(search_tokens__contains=term.pattern)
    return sorted(rows.values_list("pk", flat=True))


def agree(query):
    for term in text.query_tokens(query):
        assert sorted(words.event_keys(term)) == oracle(Event, term), term
        assert sorted(words.source_keys(term)) == oracle(Source, term), term
        told = EventTranslation.objects.filter(search_tokens__contains=term.pattern)
        assert sorted(words.translated_keys(term)) == sorted(told.values_list("event", flat=True))


TITLES = {
    "Summit in Singapore": "",
    "Missile tested": "A summit was near.",
    "북한 탄도미사일 발사": "",
    "핵실험": "",
    "平壌で会談": "",
    "Встреча в Москве": "",
    "مؤتمر في الدوحة": "",
    "Kyïv's C++ talks": "Anti-tank 100% _x_ or not",
}


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("SUMMIT", {"Summit in Singapore", "Missile tested"}),
        ("-summit", {"Summit in Singapore", "Missile tested"}),  # who asks negates
        ('"summit in"', {"Summit in Singapore"}),
        ('"in summit"', set()),
        ('"tested a"', set()),  # no phrase runs from the title into the summary
        ("tes*", {"Missile tested"}),
        ("a*", {"Missile tested", "Kyïv's C++ talks"}),
        ("tes", set()),
        ("ested*", set()),
        ("anti-ta*", {"Kyïv's C++ talks"}),
        ("미사일", {"북한 탄도미사일 발사"}),
        ('"북한 탄도미사일"', {"북한 탄도미사일 발사"}),
        ("미도", set()),
        ("핵", {"핵실험"}),
        ("会談", {"平壌で会談"}),
        ("平", {"平壌で会談"}),
        ("москв*", {"Встреча в Москве"}),
        ("دوح*", set()),
        ("الدوح*", {"مؤتمر في الدوحة"}),
        ("kyiv", {"Kyïv's C++ talks"}),
        ("kyïv’s", {"Kyïv's C++ talks"}),
        ("OR", {"Kyïv's C++ talks"}),
    ],
)
def test_what_a_term_finds(query, titles):
    for title, summary in TITLES.items():
        make_draft(title=title, summary=summary)
    assert found(query) == titles


@pytest.mark.parametrize(
    "query",
    [
        "'",
        '"',
        '"a" OR "b"',
        "a NEAR b",
        "search_tokens : a",
        "{search_tokens}: a",
        "-search_tokens:a",
        "^a",
        "a AND NOT b",
        "a & b | !c <-> d",
        "a:*",
        "a:A",
        "\\",
        "a\\'",
        "a'); DROP TABLE timeline_event; --",
        "%s %(x)s %%",
        "a%",
        "_",
        "*",
        "a**",
        "\x00a",
        "a\x00b",
        "\ud800a",
        "$$a$$",
        "a" * 3000,
        "é" * 20_000 + "*",
        '"' + "a b " * 3000 + '"',
    ],
)
def test_no_text_is_a_command(query):
    make_draft(title="a b or and not near s x search tokens")
    make_source(title="drop table a")
    agree(query)
    assert Event.objects.count() == 1


# --- By property --------------------------------------------------------------------------------

PIECES = (
    *("a", "b", "ab", "abc", "Abc", "or", "not", "10", "1", "é", "ß", "x_y", "it's", "|", "a|b"),
    *("북한", "북한군", "한", "핵", "平壌", "平", "カタカナ", "ミサイル", "москва", "моск", "Й"),
    *("الدوحة", "في", "हिन्दी", "ไทย", "𐐀𐐁", "ﷺ", "㎯", "½", "²", "ﬁn", "İ", "Σς"),
)
pieces = st.sampled_from(PIECES) | st.text(max_size=6)
texts = st.lists(pieces, max_size=9).map(" ".join)


@st.composite
def queries(draw):
    run = draw(st.lists(pieces, min_size=1, max_size=4))
    shape = draw(st.sampled_from(('"{}"', "{}", "{}*", "-{}", '-"{}"')))
    return shape.format(" ".join(run) if '"' in shape else run[0])


@settings(max_examples=figure(40, 400))
@given(
    st.lists(st.tuples(texts, texts), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 5), texts), max_size=3),
    st.lists(queries(), min_size=1, max_size=12),
)
@example([("ab |", "c")], [(0, "or"), (0, "ab")], ['"ab c"', "c", "or", '"ab"'])
def test_random_texts_and_edits_agree_with_like(rows, edits, asked):
    with transaction.atomic():
        category, publisher = make_category("Any"), make_publisher("Any")
        made = [
            (
                make_draft(title=title[:60], summary=summary[:90], category=category),
                make_source(title=f"{summary} {title}"[:200], publisher=publisher),
            )
            for title, summary in rows
        ]
        for number, written in edits:
            event, source = made[number % len(made)]
            event.title, source.title = written[:60], written[:100]
            event.save()
            source.save()
        made[0][1].delete()
        for query in asked:
            agree(query)
        transaction.set_rollback(True)


# --- Whatever happens to the rows ---------------------------------------------------------------


def test_edits_deletes_and_bulk_changes_are_found():
    first, second = make_draft(title="alpha"), make_draft(title="beta")
    first.title = "gamma"
    first.save()
    assert found("alpha") == set()
    assert found("gamma") == {"gamma"}
    Event.objects.filter(pk=second.pk).update(title="delta")  # no new tokens, so no new words
    assert found("beta") == {"delta"}
    assert Event.objects.update(search_tokens=text.search_tokens("omega")) == 2
    assert found("omega") == {"gamma", "delta"}
    assert found("gamma") == set()
    Event.objects.filter(pk=first.pk).update(id=first.pk + 1000)
    assert found("omega") == {"gamma", "delta"}
    second.title, second.search_tokens = "zeta", text.search_tokens("zeta")
    Event.objects.bulk_update([second], ["title", "search_tokens"])
    assert found("zeta") == {"zeta"}
    Event.objects.filter(title="zeta").delete()
    assert found("omega") == {"gamma"}
    assert found("zeta") == set()
    assert words.trouble() is None


def test_translations_are_found_by_their_events():
    event, other = make_draft(title="alpha"), make_draft(title="beta")
    for language, title in (("ko", "알파"), ("ja", "アルファ gamma")):
        event.translations.create(language=language, title=title, summary="gamma delta")
    told = other.translations.create(language="ko", title="gamma")

    def keys(query):
        (term,) = text.query_tokens(query)
        return sorted(set(words.translated_keys(term).tolist()))

    assert keys("gamma") == [event.pk, other.pk]
    assert keys('"gamma delta"') == keys("알파") == keys("del*") == [event.pk]
    assert keys("alpha") == keys("x" * 3000) == []
    told.title = "x" * 3000
    EventTranslation.objects.filter(pk=told.pk).update(search_tokens=text.search_tokens(told.title))
    assert keys("gamma") == [event.pk]
    assert keys("x" * 3000) == [other.pk]
    event.delete()
    assert keys("gamma") == []
    assert words.trouble() is None


def test_upserts_are_found():
    event = make_draft(title="alpha")
    event.title = "beta"
    Event.objects.bulk_create(
        [event],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["title", "search_tokens"],
    )
    assert found("alpha") == set()
    assert found("beta") == {"beta"}
    assert words.trouble() is None


def test_what_is_rolled_back_is_not_found():
    event = make_draft(title="alpha")
    with transaction.atomic():
        event.title = "beta"
        event.save()
        assert found("beta") == {"beta"}
        transaction.set_rollback(True)
    assert found("beta") == set()
    assert found("alpha") == {"alpha"}


def test_keys_of_any_size_are_found():
    event = make_draft(title="alpha")
    Event.objects.filter(pk=event.pk).update(id=2**62 + 1)
    (term,) = text.query_tokens("alpha")
    assert words.event_keys(term).tolist() == [2**62 + 1]


@pytest.mark.parametrize(
    "written",
    [
        "a " * 300 + "b c",  # a vector of PostgreSQL keeps 256 places of a word
        " ".join(f"w{number}" for number in range(17_000)) + " a b c",  # and 16,383 in all
        "x" * 3000 + " a b c",  # a lexeme of 2 kB
        " ".join(f"{number:03}" * 650 for number in range(600)) + " a b c",  # and 1 MB
    ],
)
def test_texts_beyond_the_limits_of_the_index_are_found(written):
    event, other = make_draft(title="long"), make_draft(title="a b c")
    Event.objects.filter(pk=event.pk).update(search_tokens=text.search_tokens(written, "d"))
    both = {event.title, other.title}
    for query in ("a", '"a b"', '"b c"', "b*"):
        assert found(query) == both, query
    first = text.tokens(written)[0]
    for query in (first, first[:2000] + "*", f'"{first} {text.tokens(written)[1]}"'):
        assert "long" in found(query), query
    assert found('"c d"') == found('"b a"') == set()
    event.title = "short"
    event.save()
    assert found("a") == {"a b c"}
    assert words.trouble() is None


def test_long_words_that_begin_alike_are_told_apart():
    event, other = make_draft(title="x"), make_draft(title="y")
    for row in (event, other):
        written = "x" * 40_000 + row.title
        Event.objects.filter(pk=row.pk).update(search_tokens=text.search_tokens(written))
    assert found("x" * 40_001) == {"x"}
    assert found("x" * 40_000 + "y") == {"y"}
    assert found("x" * 33_000 + "*") == found("x" * 1000 + "*") == {"x", "y"}


def test_the_longest_title_of_the_longest_letters_can_be_saved():
    make_draft(title="𐐀" * 140, summary="𐐀" * 600)
    agree("𐐀" * 140)
    agree("𐐀" * 139 + "*")
    agree("𐐀" * 600)


# --- Whatever happens to the tables -------------------------------------------------------------


def altered(model, name, field):
    """Change the column, and give back what changes it again."""
    field.set_attributes_from_name(name)
    field.model = model
    before = model._meta.get_field(name)
    with connection.schema_editor() as editor:
        editor.alter_field(model, before, field)

    def back():
        with connection.schema_editor() as editor:
            editor.alter_field(model, field, before)
        call_command("migrate", verbosity=0)

    return back


@on_rows_for_good
@pytest.mark.parametrize(
    ("model", "name", "field"),
    [
        (Event, "label", models.CharField(max_length=30, default="")),
        (Event, "search_tokens", models.CharField(max_length=5000, default="")),
        (Source, "authors", models.CharField(max_length=500, default="")),
        (EventTranslation, "label", models.CharField(max_length=30, default="")),
    ],
)
def test_a_rebuilt_table_is_searched(model, name, field):
    event, source = make_draft(title="alpha"), make_source(title="alpha")
    told = event.translations.create(language="ko", title="alpha")
    back = altered(model, name, field)
    try:
        for row in (event, source, told):
            row.title = "beta"
            row.save()  # by a later step of the same migrate
        call_command("migrate", verbosity=0)
        agree("alpha")
        agree("beta")
        for row in (event, source, told):
            row.title = "gamma"
            row.save()
        agree("beta")
        agree("gamma")
        assert words.trouble() is None
    finally:
        back()
    assert words.trouble() is None
    assert found("gamma") == {"gamma"}


@on_rows_for_good
@pytest.mark.sqlite
def test_a_rebuild_of_a_table_is_noticed():
    back = altered(Event, "label", models.CharField(max_length=30, default=""))
    try:
        assert words.trouble() == (
            "The words of timeline_event are no longer kept; run: manage.py migrate"
        )
    finally:
        back()


@on_rows_for_good
@pytest.mark.postgres
def test_a_trigger_that_is_off_is_noticed_and_made_anew():
    event = make_draft(title="alpha")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE timeline_event DISABLE TRIGGER timeline_event_words_update")
    event.title = "beta"
    event.save()
    assert "no longer kept; run: manage.py migrate" in words.trouble()
    call_command("migrate", verbosity=0)
    assert found("beta") == {"beta"}
    assert words.trouble() is None


@on_rows_for_good
def test_words_of_an_older_release_are_made_anew():
    make_draft(title="alpha")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TABLE timeline_event_words")
            cursor.execute("CREATE VIRTUAL TABLE timeline_event_words USING fts5(search_tokens)")
        else:
            cursor.execute("COMMENT ON TABLE timeline_event_words IS 'older'")
            cursor.execute("DELETE FROM timeline_event_words")
    call_command("migrate", verbosity=0)
    assert found("alpha") == {"alpha"}
    assert words.trouble() is None


@on_rows_for_good
def test_nothing_is_made_that_is_not_there_and_install_brings_it_back():
    make_draft(title="alpha")
    words.remove(connection)
    try:
        words.ensure()
        assert words.trouble() == (
            "The words of timeline_event are not there; run: manage.py migrate"
        )
    finally:
        words.install(connection)
    assert found("alpha") == {"alpha"}
    assert words.trouble() is None


@on_rows_for_good
def test_words_that_differ_from_the_rows_are_noticed():
    make_draft(title="alpha")
    assert words.trouble() is None
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "INSERT INTO timeline_event_words (rowid, search_tokens) VALUES (77, ' alpha ')"
            )
        else:
            cursor.execute("INSERT INTO timeline_event_words VALUES (77, '''alpha'':1')")
    assert words.trouble() == (
        "The words of timeline_event are not those of its rows; run: manage.py index --rebuild"
    )
    words.install(connection)
    assert words.trouble() is None


@on_rows_for_good
def test_flush_and_loaddata(tmp_path):
    make_draft(title="alpha")
    make_source(title="alpha")
    call_command("dumpdata", "timeline", output=str(tmp_path / "all.json"), verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    (term,) = text.query_tokens("alpha")
    assert words.event_keys(term).size == words.source_keys(term).size == 0
    assert words.trouble() is None
    call_command("loaddata", str(tmp_path / "all.json"), verbosity=0)
    assert words.event_keys(term).size == words.source_keys(term).size == 1
    assert words.trouble() is None


@on_rows_for_good
@pytest.mark.sqlite
def test_a_backup_holds_the_words_and_keeps_them(tmp_path, capsys):
    make_draft(title="alpha")
    call_command("backup", str(tmp_path / "copy"))
    assert "Wrote" in capsys.readouterr().out
    asked = "SELECT count(*) FROM timeline_event_words WHERE timeline_event_words MATCH ?"
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        assert copy.execute(asked, ["alpha"]).fetchone() == (1,)
        copy.execute("UPDATE timeline_event SET search_tokens = ' beta '")
        assert copy.execute(asked, ["alpha"]).fetchone() == (0,)
        assert copy.execute(asked, ["beta"]).fetchone() == (1,)


@on_rows_for_good
@pytest.mark.postgres
def test_a_restored_dump_holds_the_words_and_keeps_them(tmp_path, capsys):
    make_draft(title="alpha")
    call_command("backup", str(tmp_path / "dump"))
    assert "Wrote" in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE restored")
    at = connection.settings_dict
    where = ["--username", at["USER"], "--host", at["HOST"], "--dbname", "restored"]
    changed = (
        "UPDATE timeline_event SET search_tokens = search_tokens || 'beta ';"
        "SELECT words FROM timeline_event_words"
    )
    try:
        subprocess.run(["pg_restore", *where, tmp_path / "dump"], check=True)
        found = subprocess.run(
            ["psql", "--quiet", *where, "-Atc", changed], check=True, capture_output=True, text=True
        )
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE restored")
    assert found.stdout == "'alpha':1 'beta':2\n"
