"""A text as it stands on a page: its runs in other languages marked, words kept whole, escaped.

What ``scripts`` cuts is written down here, once a text; a list asks for hundreds, most of them
plain. The macros ``run``, ``lang_of`` and ``inner`` of ``templates/pages/parts/marks.html`` put it
where it belongs.
"""

from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from markupsafe import Markup, _escape_inner  # type: ignore[attr-defined]  # as ``compiling``

from timeline.web.scripts import Run, plain, runs


class Marked(NamedTuple):
    """A text as it is written down anywhere, ``run``; or inside an element that it fills,
    ``inner``, whose ``attribute`` says the language where all of it is in one. ``cut`` is whether
    it has several runs."""

    run: Markup
    inner: Markup
    attribute: Markup
    cut: bool


@lru_cache(maxsize=8192)
def marked(text: str, language: str = "", page: str = "en", name: bool = False) -> Marked:
    """What ``runs`` cuts, as HTML."""
    if plain(text, language, page, name=name):
        run = Markup(_escape_inner(text))  # noqa: S704
        return Marked(run, run, Markup(), False)
    cut = runs(text, language, page, name=name)
    run = Markup("".join([_written(each, page) for each in cut]))  # noqa: S704  (escaped there)
    if len(cut) != 1 or not cut[0].language:
        return Marked(run, run, Markup(), len(cut) > 1)
    alone = cut[0]
    inner = _written(Run(alone.text, whole=alone.whole), page)
    attribute = _attribute(alone.language, page)
    return Marked(run, Markup(inner), Markup(attribute), False)  # noqa: S704


def _written(run: Run, page: str) -> str:
    text, language, whole = run
    escaped = _escape_inner(text)
    if not language and not whole:
        return escaped
    attribute = _attribute(language, page) if language else ""
    kept = ' class="nb"' if whole else ""
    return f"<span{attribute}{kept}>{escaped}</span>"


@lru_cache(maxsize=1000)
def _attribute(language: str, page: str) -> str:
    return f' lang="{_escape_inner(language)}"{turned(language, page)}'


def turned(language: str, page: str) -> Markup:
    """What an element says whose language is written the other way than the page's."""
    base = language.partition("-")[0]
    backwards = base in settings.LANGUAGES_BIDI
    if backwards is (page in settings.LANGUAGES_BIDI):
        return Markup()
    return Markup(' dir="rtl"') if backwards else Markup(' dir="ltr"')
