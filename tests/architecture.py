"""Reads imports and names from source text and says which break the layering. Imports nothing.

The table is the one of the design: arrows point from a higher level to a lower one, plus the few
arrows between neighbours that are listed. test_architecture.py applies it to the project.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LEVELS = (
    {"archives", "dates", "text", "verification"},
    {"models"},
    {"record", "index"},
    {"formats", "intake", "browse", "editing"},
    {"web", "api", "admin", "management", "demo", "migrations", "apps"},
)
LEVEL = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}

# Inside a level.
NEIGHBOURS = {
    ("archives", "text"),
    ("dates", "text"),
    ("verification", "dates"),
    ("intake", "editing"),
    ("intake", "formats"),
    ("formats", "browse"),
    ("api", "formats"),
    ("management", "demo"),
}
FOR_ONE_MODULE = {
    # Preview shows a draft as the public page would.
    ("timeline.admin.preview", "web"),
    # The API's answers are found, kept and compressed as pages are, and it has a page for people.
    ("timeline.api.answers", "web"),
    ("timeline.api.reference", "web"),
}

PURE = LEVELS[0]
PUBLIC = {"web", "api", "formats", "browse", "index"}
WITH_PAGES = {
    *("Event", "Actor", "Source", "Publisher", "Category", "Topic", "Place"),
    *("Story", "Step", "Period"),
}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404"}


@dataclass(frozen=True)
class Module:
    name: str  # dotted
    package: str  # what a relative import starts from
    source: str

    @property
    def tree(self) -> ast.Module:
        """Read when it is asked for: kept for every module, these would be millions of objects."""
        return ast.parse(self.source)

    @property
    def room(self) -> str:
        return room(self.name)


def module(name: str, source: str, *, package: bool = False) -> Module:
    return Module(name, name if package else name.rpartition(".")[0], source)


def modules(root: Path, top: str) -> list[Module]:
    """Every module below the package `top` in `root`."""
    found = []
    for file in sorted((root / top).rglob("*.py")):
        parts = file.relative_to(root).with_suffix("").parts
        package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if package else parts)
        found.append(module(name, file.read_text(encoding="utf-8"), package=package))
    return found


def room(name: str) -> str:
    """`timeline.web.urls` is in `web`; `timeline` itself is in no room: ""."""
    parts = name.split(".")
    return parts[1] if parts[0] == "timeline" and len(parts) > 1 else ""


def imports(reading: Module) -> Iterator[str]:
    """The dotted names imported anywhere in the module, relative ones resolved."""
    for node in ast.walk(reading.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = reading.package.split(".")
                above = above[: len(above) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            # `from timeline import dates` imports a room; `from timeline.dates import x` doesn't
            # gain from the longer name, but is not harmed by it either.
            yield from (f"{base}.{alias.name}" for alias in node.names)


def wrong_imports(reading: Module) -> list[str]:
    """A sentence for each import that points the wrong way."""
    wrong = []
    for name in dict.fromkeys(imports(reading)):
        top = name.split(".")[0]
        if reading.room in PURE and top == "django":
            wrong.append(f"{reading.name} imports {name}: it is pure Python")
        elif top == "tests":
            wrong.append(f"{reading.name} imports {name}: the product doesn't know its tests")
        elif top == "config" and LEVEL.get(reading.room, -1) < len(LEVELS) - 1:
            wrong.append(f"{reading.name} imports {name}: settings come from django.conf")
        elif top == "timeline" and not _allowed(reading, room(name)):
            wrong.append(f"{reading.name} imports {name}")
    return wrong


def _allowed(reading: Module, target: str) -> bool:
    source = reading.room
    if source == target:
        return True
    if source not in LEVEL or target not in LEVEL:
        return False
    return (
        LEVEL[source] > LEVEL[target]
        or (source, target) in NEIGHBOURS
        or (reading.name, target) in FOR_ONE_MODULE
    )


def side_doors(reading: Module) -> list[str]:
    """In public rooms: each way to a model with pages that doesn't lead through `.public()`."""
    if reading.room not in PUBLIC:
        return []
    nodes = list(ast.walk(reading.tree))
    through_the_door = {
        id(node.value)
        for node in nodes
        if isinstance(node, ast.Attribute) and node.attr in ("public", "gone")
    }
    managers = [
        node
        for node in nodes
        if isinstance(node, ast.Attribute)
        and node.attr in MANAGERS
        and _last_name(node.value) in WITH_PAGES
        and id(node) not in through_the_door
    ]
    # Given a model, the shortcuts take its default manager.
    shortcuts = [
        node
        for node in nodes
        if isinstance(node, ast.Call)
        and _last_name(node.func) in SHORTCUTS
        and node.args
        and _last_name(node.args[0]) in WITH_PAGES
    ]
    return [
        f"{reading.name} line {node.lineno}: {ast.unparse(node)} without .public()"
        for node in [*managers, *shortcuts]
    ]


def _last_name(node: ast.expr) -> str:
    """`Event` for both `Event` and `models.Event`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
