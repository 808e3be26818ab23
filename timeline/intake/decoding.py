"""Bytes → text: which encoding a file is in, decided in a fixed order and by evidence.

A mark at the start decides; then strict UTF-8; then Korean, when most of what is not ASCII reads
as everyday Hangul; then Western European. What is neither is refused, because a wrong guess would
put unreadable names into the record.
"""

import codecs
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

NAMED = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp949": "CP949",
    "cp1252": "Windows-1252",
    "cp1251": "Windows-1251",
    "latin-1": "ISO 8859-1",
}
"""The encodings that can be named by hand."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """``note`` says what was assumed, ``refusal`` why there is no text."""

    text: str = ""
    encoding: str = ""
    note: str = ""
    refusal: str = ""


_HANGUL = re.compile(rb"[\xb0-\xc8][\xa1-\xfe]")
"""The everyday syllables of KS X 1001; two such bytes in a row are rare in Western text."""
_HIGH = re.compile(rb"[\x80-\xff]+")


def decoded(content: bytes, encoding: str = "") -> Decoded:
    """Return the text of a file. ``encoding`` is one of ``NAMED``; it is recognised when empty."""
    if encoding:
        return _named(content, encoding)
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark):
            return _marked(content[len(mark) :], codec)
    if _is_wide(content):
        return Decoded(
            refusal=_(
                "Every other byte of the file is zero, as in UTF-16 without its mark. Save it "
                "anew as UTF-8."
            )
        )
    try:
        return Decoded(content.decode(), "utf-8")
    except UnicodeDecodeError as error:
        return _unmarked(content, _line(content, error.start))


def _named(content: bytes, encoding: str) -> Decoded:
    if encoding not in NAMED:
        return Decoded(
            refusal=_("“%(encoding)s” is not an encoding that can be read. Choose among %(names)s.")
            % {"encoding": encoding[:40], "names": ", ".join(NAMED.values())}
        )
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        return _broken(content, NAMED[encoding], error)
    return Decoded(text, NAMED[encoding])


def _marked(content: bytes, codec: str) -> Decoded:
    name = codec.upper()[:6].rstrip("-")
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        return _broken(content, name, error)
    note = "" if codec == "utf-8" else _("Read as %(encoding)s, by its mark.") % {"encoding": name}
    return Decoded(text, name, note)


def _broken(content: bytes, name: str, error: UnicodeDecodeError) -> Decoded:
    return Decoded(
        refusal=_("Line %(line)s can't be read as %(encoding)s. Save the file anew as UTF-8.")
        % {"line": _line(content, error.start), "encoding": name}
    )


def _line(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, position) + 1


def _is_wide(content: bytes) -> bool:
    sample = content[:4000]
    return len(sample) > 3 and max(sample[0::2].count(0), sample[1::2].count(0)) > 0.4 * (
        len(sample) / 2
    )


def _unmarked(content: bytes, line: int) -> Decoded:
    high = _HIGH.findall(content)
    total = sum(map(len, high))
    hangul = 2 * sum(len(_HANGUL.findall(run)) for run in high)
    if hangul > total / 2 and (text := _tried(content, "cp949")) is not None:
        return Decoded(text, "CP949", _assumed("CP949"))
    western = sum(len(run) for run in high if len(run) <= 2)
    if western > total / 2 and (text := _tried(content, "cp1252")) is not None:
        return Decoded(text, "Windows-1252", _assumed("Windows-1252"))
    return Decoded(
        refusal=_(
            "The encoding of the file is not recognised: line %(line)s is not UTF-8, and the rest "
            "reads neither as CP949 nor as Windows-1252. Save it anew as UTF-8, or name its "
            "encoding."
        )
        % {"line": line}
    )


def _tried(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        return None


def _assumed(name: str) -> str:
    return _(
        "The file is not UTF-8; it was read as %(encoding)s. Look at names with accents or Hangul, "
        "and save it anew as UTF-8 when they are wrong."
    ) % {"encoding": name}
