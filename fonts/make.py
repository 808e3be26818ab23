"""Make the three fonts of this folder from the packages that README.md names.

    python fonts/make.py FOLDER

FOLDER holds the unpacked packages, each in a folder named as in ``PACKAGES``. Needs fonttools and
brotli, which the site doesn't: run it in an environment of its own. Letters are chosen here; the
sizes that come out are printed.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

HERE = Path(__file__).resolve().parent
UNITS = 1000
PACKAGES = {
    "latin": "source-serif-4/files",
    "hangul": "noto-serif-kr/files",
    "sans": "pretendard/dist/web/static/woff2",
}
RIGHTS = {
    "serif": "Latin and Cyrillic © 2014-2021 Adobe, with Reserved Font Name 'Source'. "
    "Hangul © 2017-2024 Adobe.",
    "sans": "© 2023 Kil Hyung-jin, with Reserved Font Name Pretendard.",
}
LICENCE = "SIL Open Font License, Version 1.1. See OFL.txt."

LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),  # Latin-1 and Latin Extended-A
    *(0x18F, 0x259, 0x1A0, 0x1A1, 0x1AF, 0x1B0),
    *range(0x1CD, 0x1DD),  # pinyin
    *range(0x218, 0x21C),
    *(*range(0x300, 0x305), *range(0x306, 0x30D), 0x323, 0x327, 0x328),
    *range(0x1E00, 0x1F00),  # transliterations and Vietnamese
    *range(0x400, 0x460),  # Cyrillic
    *range(0x48A, 0x530),
    *(*range(0x2010, 0x2016), *range(0x2018, 0x2023), 0x2026, 0x2030, 0x2032, 0x2033),
    *(0x2039, 0x203A, 0x20A9, 0x20AC, 0x2116, 0x2122, *range(0x2190, 0x2194)),
    *(0x2212, 0x2260, 0x2264, 0x2265, 0x3001, 0x3002, *range(0x3008, 0x3012), 0xFFFD),
]
ALL_HANGUL = [*range(0xAC00, 0xD7A4), *range(0x3131, 0x318F)]


def common_hangul() -> list[int]:
    """The 2,350 syllables of KS X 1001, which is what Korean text is written with."""
    rows, cells = range(0xB0, 0xC9), range(0xA1, 0xFF)
    return [ord(bytes((row, cell)).decode("euc_kr")) for row in rows for cell in cells]


def cut(source: Path, letters: list[int], target: Path) -> set[int]:
    """Write the letters that a font has of these; give those that it had."""
    font = TTFont(source)
    options = subset.Options()
    options.layout_features = ["kern"]
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [1, 2]
    options.drop_tables += ["BASE", "GDEF", "GSUB", "STAT", "VORG", "meta", "vhea", "vmtx"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    font.flavor = None
    if font["head"].unitsPerEm != UNITS:
        scale_upem(font, UNITS)
    font.save(target)
    return set(font.getBestCmap())


def name(file: Path, family: str, weight: int, rights: str) -> None:
    """Give a font a name of its own, since two of its makers keep theirs."""
    font = TTFont(file)
    font["OS/2"].usWeightClass = weight
    table = font["name"]
    table.names = []
    # Without the sixth, its PostScript name, resvg leaves a font out.
    names = {0: rights, 1: family, 2: "Regular", 4: family, 6: file.stem, 13: LICENCE}
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    font.save(file)
    print(f"{file.name}: {file.stat().st_size:,} bytes, {len(font.getBestCmap()):,} characters")


def serif(packages: Path, target: Path) -> None:
    """Source Serif for Latin and Cyrillic with Noto Serif's Hangul, bold."""
    with TemporaryDirectory() as folder:
        parts = []
        missing = set(LETTERS)
        for script in ("latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext"):
            file = packages / PACKAGES["latin"] / f"source-serif-4-{script}-700-normal.woff2"
            parts.append(Path(folder) / f"{script}.ttf")
            missing -= cut(file, sorted(missing), parts[-1])
        file = packages / PACKAGES["hangul"] / "noto-serif-kr-korean-700-normal.woff2"
        parts.append(Path(folder) / "hangul.ttf")
        cut(file, common_hangul(), parts[-1])
        Merger().merge([str(part) for part in parts]).save(target)
    name(target, "Dateline Serif", 700, RIGHTS["serif"])


def sans(packages: Path, style: str, letters: list[int], weight: int, target: Path) -> None:
    """Pretendard in one of its weights."""
    cut(packages / PACKAGES["sans"] / f"Pretendard-{style}.woff2", letters, target)
    name(target, "Dateline Sans", weight, RIGHTS["sans"])


if __name__ == "__main__":
    given = Path(sys.argv[1])
    serif(given, HERE / "serif-bold.ttf")
    sans(given, "Regular", LETTERS + ALL_HANGUL, 400, HERE / "sans-regular.ttf")
    sans(given, "SemiBold", LETTERS + common_hangul(), 600, HERE / "sans-semibold.ttf")
