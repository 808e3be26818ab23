"""Wrong variables are answered with a sentence that names the variable and the remedy."""

import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment as env
from tests.commands import PRODUCTION, manage


@pytest.mark.parametrize(
    "written",
    [
        "timeline.example.org",
        "ftp://x.org",
        "https://",
        "https://a/b",
        "https://u:p@a.org",
        "https://a.org:port",
        "https://[",
        "https://a.org/?q",
    ],
)
def test_a_wrong_site_url_is_refused(monkeypatch, written):
    monkeypatch.setenv("SITE_URL", written)
    with pytest.raises(ImproperlyConfigured, match=r"^SITE_URL is .* https://timeline.example.org"):
        env.site_url("SITE_URL", "http://127.0.0.1:8000")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", ["*"]),
        ("*", ["*"]),
        ("none", ["'none'"]),
        ("https://news.example.org", ["'self'", "https://news.example.org"]),
        (
            "https://*.example.com:8443, news.example.org",
            ["'self'", "https://*.example.com:8443", "news.example.org"],
        ),
    ],
)
def test_the_sites_that_may_show_frames(monkeypatch, written, meant):
    monkeypatch.setenv("EMBED_ANCESTORS", written)
    assert env.frame_ancestors("EMBED_ANCESTORS") == meant


@pytest.mark.parametrize(
    "written", ["https://a.org; script-src *", "'unsafe-inline'", "https://a.org b.org", "a.org,*"]
)
def test_what_is_no_site_that_may_show_frames(monkeypatch, written):
    monkeypatch.setenv("EMBED_ANCESTORS", written)
    with pytest.raises(ImproperlyConfigured, match=r"^EMBED_ANCESTORS has .* or \* for all"):
        env.frame_ancestors("EMBED_ANCESTORS")


def test_a_site_url_loses_its_last_slash(monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://a.example:8443/")
    assert env.site_url("SITE_URL", "") == "https://a.example:8443"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1", True), ("Yes", True), ("on", True), ("0", False), ("false", False), ("", False)],
)
def test_switches(monkeypatch, written, meant):
    monkeypatch.setenv("DEBUG", written)
    assert env.switch("DEBUG", default=not meant) is meant


def test_a_switch_is_not_guessed(monkeypatch):
    monkeypatch.setenv("DEBUG", "nope")
    with pytest.raises(ImproperlyConfigured, match=r"^DEBUG is 'nope'; write 1"):
        env.switch("DEBUG", default=False)


def test_the_timeline_order_is_one_of_two(monkeypatch):
    monkeypatch.setenv("TIMELINE_ORDER", "title")
    with pytest.raises(ImproperlyConfigured, match="'title'; it can be date or -date"):
        env.one_of("TIMELINE_ORDER", ("date", "-date"), "-date")


@pytest.mark.parametrize("written", ["mysql://a:b@c/d", "dateline", "postgres"])
def test_another_database_is_refused(monkeypatch, tmp_path, written):
    monkeypatch.setenv("DATABASE_URL", written)
    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_URL must begin with"):
        env.database("DATABASE_URL", tmp_path / "x")


def test_a_database_behind_a_socket(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://ada@//var/run/postgresql/news")
    found = env.database("DATABASE_URL", tmp_path / "x")
    assert (found["HOST"], found["USER"], found["NAME"]) == ("/var/run/postgresql", "ada", "news")


def test_a_secret_can_be_read_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text(PRODUCTION["SECRET_KEY"] + "\n")
    monkeypatch.delenv("SECRET_KEY")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    assert env.secret_key(tmp_path, generate=False) == PRODUCTION["SECRET_KEY"]


def test_the_demo_makes_a_key_for_its_owner_only_and_keeps_it(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY")
    first = env.secret_key(tmp_path / "new", generate=True)
    assert len(first) >= env.SECRET_KEY_LENGTH
    assert env.secret_key(tmp_path / "new", generate=True) == first
    assert env.secret_key(tmp_path / "other", generate=True) != first
    files = list((tmp_path / "new").iterdir())
    assert [file.name for file in files] == ["secret-key"]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_damaged_kept_key_is_named(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY")
    (tmp_path / "secret-key").write_text("")
    with pytest.raises(ImproperlyConfigured, match="secret-key holds no usable key; delete it"):
        env.secret_key(tmp_path, generate=True)


@pytest.mark.parametrize("written", ["short", "a" * 60])
def test_a_weak_key_is_refused(monkeypatch, tmp_path, written):
    monkeypatch.setenv("SECRET_KEY", written)
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY must be random"):
        env.secret_key(tmp_path, generate=True)


def test_without_a_key_a_sentence_and_no_traceback(tmp_path):
    done = manage("check", DATA_DIR=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("SECRET_KEY is not set. Set it to a long random text")
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_production_settings_pass_djangos_own_checklist(tmp_path):
    done = manage("check", "--deploy", "--fail-level", "WARNING", DATA_DIR=tmp_path, **PRODUCTION)
    assert (done.returncode, done.stdout.strip()) == (
        0,
        # Two look for middleware by its name, where ours has another: see SILENCED_SYSTEM_CHECKS.
        "System check identified no issues (2 silenced).",
    )


def test_the_checklist_sees_a_site_without_https(tmp_path):
    """So that the test above is known to be able to fail."""
    plain = PRODUCTION | {"SITE_URL": "http://timeline.example.org"}
    done = manage("check", "--deploy", "--fail-level", "WARNING", DATA_DIR=tmp_path, **plain)
    assert done.returncode == 1
    assert "security.W008" in done.stderr
