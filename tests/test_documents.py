"""What the documents say about settings is what the code reads."""

import ast
import re
from pathlib import Path

from timeline.formats.registry import OFFERED

ROOT = Path(__file__).resolve().parent.parent
# Read by the commands: serve's own address.
IN_COMMANDS = {"HOST", "PORT"}


def settings_read():
    """The first argument of each call of config.environment in the settings."""
    tree = ast.parse((ROOT / "config" / "settings.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    readers = [
        call
        for call in calls
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "env"
    ]
    names = {call.args[0].value for call in readers if isinstance(call.args[0], ast.Constant)}
    return names | {"SECRET_KEY"} | IN_COMMANDS


def test_every_setting_is_documented_and_nothing_else():
    text = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[A-Z_`, ]+`) \|", text, flags=re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"[A-Z_]+", row)} == settings_read()


def test_the_make_targets_of_the_help_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    told = set(re.findall(r'"make (\w+)', makefile))
    assert {"demo", "test", "lint"} <= told
    assert told <= set(re.findall(r"^(\w+):", makefile, flags=re.MULTILINE))


def test_every_form_of_export_is_documented_and_nothing_else():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition("\n## Export\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `\.([a-z.]+)` \|", section, flags=re.MULTILINE)
    assert rows == [form.suffix for form in OFFERED]
    for form in OFFERED:
        for option in form.options:
            assert f"?{option}=1" in section
