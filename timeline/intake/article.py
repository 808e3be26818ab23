"""What a page says of itself: title, site, date, language, authors. For an editor to confirm.

Only what the page declares is read, not guessed from its text; every value is cleaned and cut to
what its field holds, and what can't be true (a date to come, an address of another site) is left
out. The page itself is thrown away.
"""

import datetime as dt
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass
from urllib.parse import urljoin

from timeline import text
from timeline.intake.fetching import Answer

LONGEST_READ = 400_000
"""Characters: a page says what it is at its top, and reading takes longer than its length."""
TITLE, AUTHORS, SITE = 400, 300, 200
_EASTERNMOST = dt.timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Article:
    """What was found; empty where the page doesn't say. ``published`` is a day in EDTF."""

    url: str
    title: str = ""
    site: str = ""
    published: str = ""
    language: str = ""
    authors: str = ""
    canonical: str = ""

    @property
    def says_nothing(self) -> bool:
        return not (self.title or self.published or self.authors)


def read(answer: Answer, *, now: dt.datetime) -> Article:
    """What the page says of itself. Never fails: a page that can't be read says nothing."""
    # Half a second to load, and only whoever pastes a link needs it.
    from trafilatura.metadata import extract_metadata

    page = decoded(answer)[:LONGEST_READ]
    found = extract_metadata(page, default_url=answer.url, extensive=False) if page else None
    if found is None:
        return Article(answer.url, language=_language(page))
    return Article(
        url=answer.url,
        title=_line(found.title, TITLE),
        site=_site(found.sitename, answer.url),
        published=_day(found.date, page, now),
        language=_language(page),
        authors=_authors(found.author),
        canonical=_canonical(page, answer.url),
    )


# --- Bytes ------------------------------------------------------------------------------------

_MARKS = ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_AS_BROWSERS = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "windows-31j": "cp932",
}
_ENCODING = re.compile(
    r"utf-?8|utf-?16(-?[bl]e)?|iso-?8859-\d{1,2}|windows-\d{3,4}|cp\d{3,4}|koi8-[ru]|big5|"
    r"euc-(jp|kr)|iso-2022-jp|gb18030|mac-?roman|tis-620"
)
"""What pages are written in. Python has codecs that are no encodings, and slow ones."""


def decoded(answer: Answer) -> str:
    """The page as text: by its mark, its header, its own word, else UTF-8; nothing is refused."""
    for mark, encoding in _MARKS:
        if answer.body.startswith(mark):
            return answer.body[len(mark) :].decode(encoding, "replace")
    declared = _DECLARED.search(answer.body[:4096])
    for name in (answer.charset, declared[1].decode("ascii") if declared else ""):
        wanted = _AS_BROWSERS.get(name.lower(), name.lower())
        if _ENCODING.fullmatch(wanted):
            try:
                return answer.body.decode(wanted, "replace")
            except LookupError:
                continue
    try:
        return answer.body.decode()
    except UnicodeDecodeError:
        return answer.body.decode("cp1252", "replace")


# --- Values -----------------------------------------------------------------------------------


def _line(value: str | None, longest: int) -> str:
    """Cleaned, and cut at a word where it is too long."""
    line = text.clean_line(value or "")
    if len(line) <= longest:
        return line
    return line[: longest - 1].rsplit(" ", 1)[0][: longest - 1].rstrip() + "…"


def _site(name: str | None, url: str) -> str:
    """The site's name; a mere host says no more than the address does."""
    site = _line(name, SITE)
    return "" if site.lower().removeprefix("www.") in text.host(url) else site


def _authors(names: str | None) -> str:
    """People's names with commas between, as many as the field holds; no address is a name."""
    kept = ""
    for name in (names or "").split(";"):
        author = _line(name, 100)
        if not author or "://" in author or "@" in author:
            continue
        longer = f"{kept}, {author}" if kept else author
        if len(longer) > AUTHORS:
            break
        kept = longer
    return kept


def _day(found: str | None, page: str, now: dt.datetime) -> str:
    """The day in EDTF. What lies ahead of every clock on earth is no day of publication."""
    try:
        day = dt.date.fromisoformat((found or "")[:10])
    except ValueError:
        return ""
    ahead = day > (now.astimezone(dt.UTC) + _EASTERNMOST).date()
    return day.isoformat() if not ahead and _is_written(day, page) else ""


_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _is_written(day: dt.date, page: str) -> bool:
    """Whether the page itself says this day; what reads it makes a day of a month, too."""
    year, number = f"{day:%Y}", f"0?{day.day}(?:st|nd|rd|th)?"
    month = rf"{_MONTHS[day.month - 1]}[a-z]{{0,6}}\.?"
    between = r"[\s,-]{1,3}"
    forms = (
        rf"{year}[-/.\s]{{0,2}}{day:%m}[-/.\s]{{0,2}}{day:%d}",
        rf"{year}[-/.년\s]{{1,2}}0?{day.month}[-/.월\s]{{1,2}}0?{day.day}(?!\d)",
        rf"\b{number}{between}{month}{between}{year}",
        rf"\b{month}{between}{number}{between}{year}",
    )
    return any(re.search(form, page, re.IGNORECASE) for form in forms)


_LANG = re.compile(
    r"""<html\b[^>]{0,2000}?\blang\s*=\s*["']?\s*([A-Za-z]{2,3})(?![A-Za-z])(?:[-_]([A-Za-z0-9]{2,8}))?""",
    re.IGNORECASE,
)
_CHINESE = {"cn": "Hans", "sg": "Hans", "tw": "Hant", "hk": "Hant", "mo": "Hant"}


def _language(page: str) -> str:
    """The declared language: with its script, without the country, so that all English is one."""
    declared = _LANG.search(page[:20_000])
    if declared is None:
        return ""
    language, more = declared[1].lower(), (declared[2] or "").lower()
    if language == "zh":
        more = _CHINESE.get(more, more)
    return f"{language}-{more.title()}" if len(more) == 4 and more.isalpha() else language


_LINK = re.compile(r"<link\b[^>]{0,3000}>", re.IGNORECASE)
_CANONICAL = re.compile(r"""\brel\s*=\s*["']?canonical\b""", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


def _canonical(page: str, url: str) -> str:
    """The address that the page names as its own, if it lies on the same site."""
    for tag in _LINK.findall(page):
        href = _HREF.search(tag) if _CANONICAL.search(tag) else None
        if href is None:
            continue
        try:
            named = text.clean_url(urljoin(url, (href[1] or href[2] or href[3] or "").strip()))
        except ValueError:  # LinkError is one
            return ""
        same = text.host(named).removeprefix("www.") == text.host(url).removeprefix("www.")
        return named if same else ""
    return ""
