"""What stands in a PDF as the browser writes it: the words and links of each page.

Enough of the format for what Chromium's own writer makes, and no more: objects that lie open,
streams packed with zlib, and a table of letters for each font.
"""

import re
import zlib
from dataclasses import dataclass

_REFERENCE = re.compile(rb"(\d+) 0 R")
_URI = re.compile(rb"/URI \((.*?)\)(?=\s*/|\s*>>)", re.DOTALL)
_SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9A-F]+)>|\b(ET)\b")
_MAPPED = re.compile(rb"<([0-9A-F]{2,4})> (?:<([0-9A-F]{2,4})> )?<([0-9A-F]{4,})>")


@dataclass(frozen=True)
class Paper:
    """A printed page: its size in points, its words and the addresses that it leads to."""

    width: float
    height: float
    text: str
    links: frozenset[str]


def _objects(pdf):
    """The objects by number, each from where the table at the end says that it begins."""
    table = pdf[int(pdf[pdf.rindex(b"startxref") + 9 :].split()[0]) :]
    places = [int(place) for place in re.findall(rb"(\d{10}) \d{5} [nf]", table)]
    starts = {place: number for number, place in enumerate(places) if number}
    ends = [*sorted(starts)[1:], len(pdf)]
    return {
        starts[start]: pdf[start:end].partition(b" obj")[2]
        for start, end in zip(sorted(starts), ends, strict=True)
    }


def _unpacked(body):
    head, _, rest = body.partition(b"stream\n")
    packed = rest[: int(re.search(rb"/Length (\d+)", head)[1])]
    return zlib.decompress(packed) if b"/FlateDecode" in head else packed


def _letters(cmap):
    """The text of each glyph of a font, by its number as it is written."""
    made = {}
    for first, last, letters in _MAPPED.findall(cmap):
        start, size = int(first, 16), len(first)
        text = bytes.fromhex(letters.decode()).decode("utf-16-be")
        for glyph in range(start, int(last or first, 16) + 1):
            made[b"%0*X" % (size, glyph)] = text[:-1] + chr(ord(text[-1]) + glyph - start)
    return made


def _entry(body, name):
    """What stands under a name of a dictionary: the object that it refers to, or its own bytes."""
    found = re.search(rb"/" + name + rb"\s*(\d+) 0 R", body)
    return int(found[1]) if found else None


def _fonts(objects, body):
    named = re.search(rb"/Font\s*<<(.*?)>>", body, re.DOTALL)
    pairs = re.findall(rb"/(\w+) (\d+) 0 R", named[1]) if named else ()
    return {
        name: _letters(_unpacked(objects[_entry(objects[int(number)], b"ToUnicode")]))
        for name, number in pairs
        if _entry(objects[int(number)], b"ToUnicode") in objects
    }


def _text(objects, body):
    fonts = _fonts(objects, body)
    said, letters = [], {}
    content = b"".join(
        _unpacked(objects[int(number)])
        for number in _REFERENCE.findall(
            re.search(rb"/Contents\s*(\[.*?\]|\d+ 0 R)", body, re.DOTALL)[1]
        )
    )
    for font, shown, end in _SHOWN.findall(content):
        if font:
            letters = fonts.get(font, {})
        elif end:
            said.append(" ")
        else:
            size = len(next(iter(letters), b"0000"))
            glyphs = (shown[at : at + size] for at in range(0, len(shown), size))
            said += [letters.get(glyph, "") for glyph in glyphs]
    return " ".join("".join(said).split())


def read(pdf):
    """The pages of a PDF."""
    objects = _objects(pdf)
    pages = []
    for body in objects.values():
        if not re.search(rb"/Type\s*/Page\b", body):
            continue
        box = re.search(rb"/MediaBox\s*\[([\d. ]+)\]", body)[1].split()
        links = set()
        for number in _REFERENCE.findall(
            (re.search(rb"/Annots\s*\[(.*?)\]", body, re.DOTALL) or [b"", b""])[1]
        ):
            links |= {uri.decode() for uri in _URI.findall(objects[int(number)])}
        pages.append(Paper(float(box[2]), float(box[3]), _text(objects, body), frozenset(links)))
    return pages
