"""manage.py before anything is installed."""

from tests.commands import ROOT, python


def test_without_django_it_says_how_to_install():
    # -S leaves out every installed package.
    done = python("-S", "manage.py", "demo")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "    make demo\n" in done.stderr
    assert "pip install --require-hashes -r requirements.lock\n" in done.stderr
    assert "    .venv/bin/python manage.py demo\n" in done.stderr
    assert (ROOT / "requirements.lock").exists()
