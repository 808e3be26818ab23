"""SVG as a file of its own: elements whose every text and value is escaped.

What stands in a page is written by templates; here are the pictures that leave it. An element
refers to nothing but what stands in the same file, so a picture loads nothing and runs nothing,
whatever a title says.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.conf import settings
from markupsafe import Markup, escape

from timeline.web.letters import Face, pieces, width

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SYMBOL = re.compile(r'<symbol id="(\w+)".*?</symbol>', re.DOTALL)
_TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}),", re.ASCII)


def element(name: str, *inside: str, **attributes: object) -> Markup:
    """An element; an attribute's underscores are hyphens, one that is None is left out. Text
    inside is escaped, elements are taken as they are."""
    said = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _clean(_short(value)))
        for key, value in attributes.items()
        if value is not None
    )
    within = Markup("").join(each if isinstance(each, Markup) else _clean(each) for each in inside)
    return Markup("<{0}{1}>{2}</{0}>").format(
        Markup(name),  # noqa: S704  # a name that stands in the code
        said,
        within,
    )


def _short(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _clean(text: str) -> Markup:
    """A text without what XML can't hold."""
    return escape(_UNWRITABLE.sub("\ufffd", text))


def held(said: str, face: Face, size: float, x: float, y: float, **attributes: object) -> Markup:
    """One line of text that is as wide as it was measured in whatever font a program has."""
    wide = width(said, face, size)
    fixed = {"textLength": wide, "lengthAdjust": "spacingAndGlyphs"} if wide else {}
    return text(said, face, size, x, y, **fixed, **attributes)


def text(said: str, face: Face, size: float, x: float, y: float, **attributes: object) -> Markup:
    """One line of text, each letter in a face that has it."""
    parts = [
        each
        if drawn == face
        else element("tspan", each, font_family=drawn.families, font_weight=drawn.weight)
        for drawn, each in pieces(said, face)
    ]
    return element(
        "text",
        *parts,
        x=x,
        y=y,
        font_family=face.families,
        font_weight=face.weight,
        font_size=size,
        **attributes,
    )


@cache
def colour(token: str) -> str:
    """A colour of the site's style sheet on white paper."""
    sheet = Path(settings.BASE_DIR) / "static" / "css" / "site.css"
    found: dict[str, str] = dict(_TOKEN.findall(sheet.read_text(encoding="utf-8")))
    return found[token]


@cache
def _symbols() -> dict[str, Markup]:
    """The site's marks by name, without the style sheet of its pages."""
    file = Path(settings.BASE_DIR) / "templates" / "pages" / "parts" / "symbols.svg"
    knocked_out = f'stroke="{colour("paper")}" fill="none"'
    return {
        found[1]: Markup(found[0].replace('class="ko"', knocked_out))  # noqa: S704  # our own file
        for found in _SYMBOL.finditer(file.read_text(encoding="utf-8"))
    }


def symbols(names: Iterable[str]) -> Markup:
    """The definitions of these marks."""
    known = _symbols()
    return element("defs", *(known[name] for name in sorted(set(names)) if name in known))


def mark(name: str, x: float, y: float, size: float, tint: str) -> Markup:
    """One of the site's marks in a colour."""
    return element("use", href=f"#{name}", x=x, y=y, width=size, height=size, color=tint, fill=tint)


def drawing(width: int, height: int, *inside: str) -> str:
    """A whole picture."""
    return str(
        element(
            "svg",
            *inside,
            xmlns="http://www.w3.org/2000/svg",
            width=width,
            height=height,
            viewBox=f"0 0 {width} {height}",
        )
    )
