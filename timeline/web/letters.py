"""How wide a text is in the fonts of ``fonts/``, and how it is broken into lines.

Pictures are drawn on the server, where no browser sets their lines. The widths are those of the
font files themselves, without kerning, which only ever sets letters a little closer. A letter
that one face lacks is taken from another; one that none has is drawn as an empty box.
"""

import struct
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path

from django.conf import settings

UNITS = 1000
"""Units of a font's square; all three fonts are made so."""
_ELLIPSIS = "…"


@dataclass(frozen=True)
class Face:
    """One font file; ``instead`` are families that stand in for it where a reader's program draws
    the text and hasn't got it."""

    family: str
    weight: int
    name: str
    instead: str = ""

    @property
    def families(self) -> str:
        """The families as a drawing names them."""
        return f"'{self.family}', {self.instead}"

    @property
    def path(self) -> Path:
        """Where the file is; no browser gets it."""
        return Path(settings.BASE_DIR) / "fonts" / self.name

    @cached_property
    def _widths(self) -> dict[str, int]:
        """The width of each letter that the font has; that of the empty box under ``""``."""
        with self.path.open("rb") as file:
            number = struct.unpack(">4xH6x", file.read(12))[0]
            found = (struct.unpack(">4s4xII", file.read(16)) for _table in range(number))
            places = {name: (start, size) for name, start, size in found}

            def table(name: bytes) -> bytes:
                start, size = places[name]
                file.seek(start)
                return file.read(size)

            measured = struct.unpack(">H", table(b"hhea")[34:36])[0]
            wide = [
                width for width, _left in struct.iter_unpack(">Hh", table(b"hmtx")[: 4 * measured])
            ]
            glyphs = dict(_glyphs(table(b"cmap")))
        last = len(wide) - 1
        return {"": wide[0]} | {
            chr(code): wide[min(glyph, last)] for code, glyph in glyphs.items() if glyph
        }

    def has(self, letter: str) -> bool:
        """Whether the font has a letter."""
        return letter in self._widths

    def advance(self, letter: str) -> int:
        """How wide a letter is, in units."""
        widths = self._widths
        return widths.get(letter, widths[""])


def _glyphs(cmap: bytes) -> Iterator[tuple[int, int]]:
    """The glyph of each letter of the basic plane: format 4 of the OpenType table ``cmap``."""
    tables = struct.iter_unpack(">HHI", cmap[4 : 4 + 8 * struct.unpack(">H", cmap[2:4])[0]])
    start = next(at for _platform, _encoding, at in tables if cmap[at : at + 2] == b"\0\4")
    size, double = struct.unpack(">2xH2xH", cmap[start : start + 8])
    body = cmap[start + 14 : start + size]
    count = double // 2

    def numbers(at: int, kind: str = "H") -> tuple[int, ...]:
        return struct.unpack(f">{count}{kind}", body[at : at + double])

    ends, starts = numbers(0), numbers(double + 2)
    shifts, offsets = numbers(2 * double + 2, "h"), numbers(3 * double + 2)
    for at, (first, last, shift, offset) in enumerate(
        zip(starts, ends, shifts, offsets, strict=True)
    ):
        for code in range(first, min(last, 0xFFFE) + 1):
            if not offset:
                yield code, (code + shift) & 0xFFFF
                continue
            place = 3 * double + 2 + 2 * at + offset + 2 * (code - first)
            glyph = struct.unpack(">H", body[place : place + 2])[0]
            yield code, (glyph + shift) & 0xFFFF if glyph else 0


_SERIFS = "'Source Serif 4', 'Noto Serif KR', Palatino, Georgia, serif"
_SANSES = "Pretendard, 'Noto Sans KR', 'Malgun Gothic', Arial, sans-serif"
SERIF = Face("Dateline Serif", 700, "serif-bold.ttf", _SERIFS)
SANS = Face("Dateline Sans", 400, "sans-regular.ttf", _SANSES)
STRONG = Face("Dateline Sans", 600, "sans-semibold.ttf", _SANSES)
FACES = (SANS, STRONG, SERIF)


def written(text: str) -> str:
    """A text as it is measured and drawn: letters with their marks in one, runs of space as one."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def face_of(letter: str, face: Face) -> Face:
    """The face that draws a letter of a text in ``face``."""
    return next((each for each in (face, *FACES) if each.has(letter)), face)


def pieces(text: str, face: Face) -> list[tuple[Face, str]]:
    """A text in parts that each stand in one face."""
    return [
        (drawn, "".join(letters))
        for drawn, letters in groupby(text, key=lambda letter: face_of(letter, face))
    ]


def width(text: str, face: Face, size: float) -> float:
    """How wide a text is, in the units of its size."""
    units = sum(face_of(letter, face).advance(letter) for letter in text)
    return units * size / UNITS


def _words(text: str) -> list[str]:
    """What may stand on different lines. Words are kept whole, as Korean asks too."""
    return text.split(" ")


def _broken(word: str, face: Face, size: float, room: float) -> Iterator[str]:
    """A word in parts that fit."""
    part, taken = "", 0.0
    for letter in word:
        wide = width(letter, face, size)
        if part and taken + wide > room:
            yield part
            part, taken = "", 0.0
        part, taken = part + letter, taken + wide
    yield part


def lines(text: str, face: Face, size: float, room: float) -> list[str]:
    """A text in lines no wider than ``room``; a word that is wider is broken."""
    made: list[str] = []
    space, taken = width(" ", face, size), 0.0
    for word in _words(text):
        wide = width(word, face, size)
        if made and taken + space + wide <= room:
            made[-1] = f"{made[-1]} {word}"
            taken += space + wide
        else:
            made += _broken(word, face, size, room) if wide > room else [word]
            taken = width(made[-1], face, size)
    return made


def balanced(text: str, face: Face, size: float, room: float) -> list[str]:
    """The same number of lines, about as long as each other."""
    best = lines(text, face, size, room)
    low, high = room / 2, room
    while len(best) > 1 and high - low > size / 4:
        middle = (low + high) / 2
        tried = lines(text, face, size, middle)
        if len(tried) == len(best) and all(part in text for part in tried):
            best, high = tried, middle
        else:
            low = middle
    return best


def cut(made: Sequence[str], most: int, face: Face, size: float, room: float) -> list[str]:
    """At most so many lines; an ellipsis says that something was left out."""
    if len(made) <= most:
        return list(made)
    kept = list(made[:most])
    last = kept[-1]
    while last and width(last + _ELLIPSIS, face, size) > room:
        last = last[:-1]
    # At a word, where that leaves something.
    whole = last if made[most - 1] == last else last.rpartition(" ")[0] or last
    kept[-1] = whole.rstrip(" ,;:.–-") + _ELLIPSIS
    return kept


@dataclass(frozen=True)
class Set:
    """A text as it is set: its size and its lines."""

    size: int
    lines: tuple[str, ...]


def fit(
    text: str, face: Face, sizes: Sequence[int], room: float, height: float, leading: float
) -> Set:
    """A text in the largest of these sizes in which it fits, else cut in the smallest."""
    text = written(text)
    for size in sizes:
        made = balanced(text, face, size, room)
        if len(made) * size * leading <= height and all(
            len(word) < 24 or width(word, face, size) <= room for word in _words(text)
        ):
            return Set(size, tuple(made))
    size = sizes[-1]
    most = max(1, int(height / (size * leading)))
    return Set(size, tuple(cut(lines(text, face, size, room), most, face, size, room)))
