"""Which language a run of text is in, judged by its script.

A publisher's name may hold two scripts ("국민일보 (Kukmin Ilbo)"), and a screen reader needs to
know where one ends. This module cuts a text into runs; it knows nothing of HTML. ``marked`` writes
them down.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

# Letters of one script, with spaces and marks between them. What stands in none of these ranges
# (Latin, digits, punctuation) takes the language of the page or of the passage.
_SCRIPTS: tuple[tuple[str, str, str], ...] = (
    ("kore", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af", "ko"),
    ("kana", "\u3040-\u30ff\uff66-\uff9f", "ja"),
    ("han", "\u2e80-\u2fdf\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff", "zh"),
    ("cyrl", "\u0400-\u052f", "ru"),
    ("arab", "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff", "ar"),
    ("hebr", "\u0590-\u05ff", "he"),
    ("grek", "\u0370-\u03ff\u1f00-\u1fff", "el"),
    ("thai", "\u0e00-\u0e7f", "th"),
    ("deva", "\u0900-\u097f", "hi"),
)
_WRITTEN_IN: dict[str, frozenset[str]] = {
    "kore": frozenset({"ko"}),
    "kana": frozenset({"ja"}),
    "han": frozenset({"zh", "ja", "ko"}),
    "cyrl": frozenset({"ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg"}),
    "arab": frozenset({"ar", "fa", "ur", "ps", "ckb"}),
    "hebr": frozenset({"he", "yi"}),
    "grek": frozenset({"el"}),
    "thai": frozenset({"th"}),
    "deva": frozenset({"hi", "mr", "ne"}),
}
_OTHER_LETTERS = frozenset().union(*_WRITTEN_IN.values())
_ANY = "".join(ranges for _, ranges, _ in _SCRIPTS)
_RUN = re.compile(f"[{_ANY}](?:[{_ANY}0-9\\s·・.,:;!?'\"’”“…%\\-–—()]*[{_ANY}])?")
# A browser breaks a line after the hyphen of a type's name.
_NUMBERED = re.compile(r"\b[A-Za-z]+-\d+\w*")
_OF: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (name, re.compile(f"[{ranges}]"), language) for name, ranges, language in _SCRIPTS
)


def _language(run: str, hint: str) -> str:
    """The language of a run: the hint where it is written in that script, else its usual one."""
    base = hint.partition("-")[0].lower()
    found = [(name, usual) for name, pattern, usual in _OF if pattern.search(run)]
    for name, _usual in found:
        if base in _WRITTEN_IN[name]:
            return hint
    return found[0][1]


_LATIN = re.compile("[A-Za-z]")


class Run(NamedTuple):
    """A part of a text; ``language`` is empty where the page's own applies.

    ``whole`` is a word that no line may break, such as "Hwasong-20".
    """

    text: str
    language: str = ""
    whole: bool = False


def _plain(text: str, language: str) -> Iterator[Run]:
    if "-" not in text:
        if text:
            yield _lettered(text, language)
        return
    at = 0
    for found in _NUMBERED.finditer(text):
        if found.start() > at:
            yield _lettered(text[at : found.start()], language)
        yield Run(found.group(), language, whole=True)
        at = found.end()
    if at < len(text):
        yield _lettered(text[at:], language)


def _lettered(text: str, language: str) -> Run:
    """A run in no script of the table; without a letter it needs no language."""
    return Run(text, language if language and _LATIN.search(text) else "")


def _latin(hint: str, page: str) -> str:
    """The language of Latin letters: the hint's where it is written in them, else that of the
    record; empty for the page's own."""
    base = hint.partition("-")[0].lower()
    if not base or any(base in written for written in _WRITTEN_IN.values()):
        hint = base = "en"
    return "" if base == page or page not in _OTHER_LETTERS else hint


def plain(text: str, language: str = "", page: str = "en", *, name: bool = False) -> bool:
    """Whether it is seen at once that ``runs`` leaves a text as it is, as it does most."""
    return text.isascii() and "-" not in text and (name or not _latin(language, page))


def runs(text: str, language: str = "", page: str = "en", *, name: bool = False) -> tuple[Run, ...]:
    """Cut ``text`` where its language changes, and around words that must not be broken.

    ``language`` is a hint (BCP 47) that settles scripts shared by several languages, ``page`` the
    language of the page, which needn't be said. On a page in Latin letters, these have its own;
    on another, those of a ``name`` have none, since a name is the same everywhere.
    """
    latin = "" if name else _latin(language, page)
    if text.isascii():
        return tuple(_plain(text, latin))
    cut: list[Run] = []
    at = 0
    for found in _RUN.finditer(text):
        cut += _plain(text[at : found.start()], latin)
        written = _language(found.group(), language)
        cut.append(Run(found.group(), "" if written.partition("-")[0] == page else written))
        at = found.end()
    cut += _plain(text[at:], latin)
    return tuple(cut)
