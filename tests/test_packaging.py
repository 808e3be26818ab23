"""What is easily forgotten: packages, locks, migrations, and semicolons in modules."""

import re
import tomllib
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-test.lock")


def test_every_package_is_listed():
    found = {
        ".".join(folder.relative_to(ROOT).parts)
        for top in ("config", "timeline")
        for folder in (ROOT / top, *(ROOT / top).rglob("*"))
        if folder.is_dir() and any(folder.glob("*.py"))
    }
    assert set(PYPROJECT["tool"]["setuptools"]["packages"]) == found


def versions(lock):
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    pinned = (re.match(r"([a-z0-9-]+)==(\S+)", line) for line in lines)
    return dict(found.groups() for found in pinned if found)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_hashes_and_no_index(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--find-links" not in text
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in entry


def test_the_locks_agree_and_hold_every_dependency():
    run, test = (versions(lock) for lock in LOCKS)
    assert run.items() <= test.items()
    extras = PYPROJECT["project"]["optional-dependencies"]

    def wanted(requirements):
        return {re.match(r"[A-Za-z0-9-]+", each).group().lower() for each in requirements}

    assert wanted(PYPROJECT["project"]["dependencies"]) <= run.keys()
    assert wanted([*extras["postgres"], *extras["test"]]) <= test.keys()
    assert not wanted(extras["test"]) & run.keys()


@pytest.mark.django_db
def test_the_models_have_their_migrations():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def unfinished_imports(source):
    """Import lines that Django's storage would leave unhashed."""
    lines = (line.strip() for line in source.splitlines())
    return [line for line in lines if re.match(r"(import|export)\b.*[\"']$", line)]


def test_imports_between_modules_end_with_a_semicolon():
    scripts = [*ROOT.glob("static/**/*.js"), *ROOT.glob("static/**/*.mjs")]
    found = {file.name: unfinished_imports(file.read_text(encoding="utf-8")) for file in scripts}
    assert not any(found.values()), found


def test_an_import_without_semicolon_is_found():
    source = "import {a} from './a.mjs'\nexport * from \"./b.mjs\"\nimport './c.mjs';\n"
    assert len(unfinished_imports(source)) == 2
