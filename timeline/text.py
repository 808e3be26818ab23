"""What text may enter the record, how it is compared, and what an address is. Pure Python.

Text is cleaned once, at the model, so that every output (page, feed, export) can rely on it.
The one tokeniser at the end serves both databases and the search in memory.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

MAX_URL = 2000
MAX_WORDS = 12

# --- Cleaning -------------------------------------------------------------------------------

_NEVER = frozenset({"Cc", "Cs", "Cn", "Co"})
"""Unicode categories that no text keeps: controls, surrogates, unassigned, private use."""
_JOINERS = frozenset("\u200c\u200d")
"""Invisible, but part of the spelling in Persian, Hindi and of emoji."""


def _permitted(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cf":
        return character in _JOINERS
    return category not in _NEVER


def clean_line(text: str) -> str:
    """One line: NFC, white space folded, control, bidi, invisible and non-characters out."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    spaced = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or _permitted(character)
    )
    return unicodedata.normalize("NFC", " ".join(spaced.split())).strip()


def clean_text(text: str) -> str:
    """Several lines: each cleaned, at most one empty line between two."""
    if not text:
        return text
    if text.isprintable():  # no line ends within it
        return clean_line(text)
    lines = re.split(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", text)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(clean_line(line) for line in lines)).strip("\n")


def mixed_scripts(text: str) -> list[str]:
    """Words that mix Latin letters with Cyrillic or Greek ones, as look-alikes do."""
    return [word for word in re.findall(r"\w+", text) if _is_mixed(word)]


def _is_mixed(word: str) -> bool:
    scripts = {unicodedata.name(each, "").split(" ")[0] for each in word if each.isalpha()}
    return "LATIN" in scripts and bool(scripts & {"CYRILLIC", "GREEK"})


# --- Comparing ------------------------------------------------------------------------------


_APOSTROPHES = {0x2018: "'", 0x2019: "'", 0x02BC: "'"}


def fold(text: str) -> str:
    """Case and marks off, apostrophes alike: ``Kyïv`` and ``kyiv`` are one name."""
    cleaned = clean_line(text)
    if cleaned.isascii():
        return cleaned.lower()
    return unicodedata.normalize("NFC", _bare(cleaned.translate(_APOSTROPHES)))


def _bare(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(each for each in decomposed if not _is_latin_mark(each))
    return unicodedata.normalize("NFKC", bare)


def _is_latin_mark(character: str) -> bool:
    return unicodedata.category(character) == "Mn"


_CJK = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+")
_WORD = re.compile(r"[^\W_]+")


def tokens(text: str) -> list[str]:
    """The words of a text: case and marks off, letters and digits.

    Chinese, Japanese and Korean runs give their pairs of characters and the last one alone, so
    that a two-syllable word is found inside a longer one.
    """
    if text.isascii():
        return _WORD.findall(text.lower())
    found: list[str] = []
    for run in _WORD.findall(_bare(text)):
        position = 0
        for match in _CJK.finditer(run):
            if match.start() > position:
                found.append(run[position : match.start()])
            found += _pairs(match[0])
            position = match.end()
        if position < len(run):
            found.append(run[position:])
    return found


def _pairs(run: str) -> Iterator[str]:
    for position in range(len(run) - 1):
        yield run[position : position + 2]
    yield run[-1]


def search_tokens(*texts: str) -> str:
    """The tokens of texts between spaces, for ``LIKE '% token %'``; texts don't run together."""
    parts = [" ".join(tokens(text)) for text in texts if text]
    joined = " | ".join(part for part in parts if part)
    return f" {joined} " if joined else ""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a search: tokens that stand in a row. ``prefix``: the last one may go on."""

    tokens: tuple[str, ...]
    prefix: bool = False
    exclude: bool = False

    @property
    def pattern(self) -> str:
        """What ``search_tokens`` must contain; tokens hold no wildcard of LIKE."""
        joined = " ".join(self.tokens)
        return f" {joined}" if self.prefix else f" {joined} "


_QUERY = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


def query_tokens(query: str) -> tuple[Term, ...]:
    """Read a search: words, "phrases", prefix*, -minus. At most twelve terms; empty ones go.

    A Korean, Chinese or Japanese word asks for its pairs in a row, without the last character
    alone, so that it is found inside a longer word too; a single character asks for words that
    hold it.
    """
    query = query.translate({0x201C: '"', 0x201D: '"'})
    terms: list[Term] = []
    for match in _QUERY.finditer(query):
        written = match["phrase"] if match["phrase"] is not None else match["word"]
        if found := _query_run(written):
            # One syllable alone begins the pairs of longer words: 핵 is found in 핵실험.
            syllable = len(found[-1]) == 1 and _CJK.fullmatch(found[-1]) is not None
            prefix = syllable or (match["word"] is not None and written.endswith("*"))
            terms.append(Term(found, prefix, bool(match["minus"])))
    return tuple(terms[:MAX_WORDS])


def _query_run(written: str) -> tuple[str, ...]:
    found = tokens(written)
    if len(found) > 1 and _CJK.fullmatch(found[-1]) and found[-2].endswith(found[-1]):
        found = found[:-1]
    return tuple(found)


# --- Slugs ----------------------------------------------------------------------------------

_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў",
        (
            "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya "
            "i yi ye g u"
        ).split(),
        strict=True,
    )
)
_INITIALS = "g kk n d tt r m b pp s ss _ j jj ch k t p h".split()
_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()
_FINALS = "_ k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split()
_SPECIAL = {
    "ø": "o",
    "đ": "d",
    "ł": "l",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ð": "d",
    "ı": "i",
}


def slug(text: str) -> str:
    """ASCII words joined by hyphens; Cyrillic and Hangul by their usual transliteration.

    Empty when nothing can be transliterated.
    """
    folded = unicodedata.normalize("NFC", clean_line(text)).casefold()
    latin = "".join(_latin(character) for character in folded)
    ascii_only = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.replace("'", "")).strip("-")


def _latin(character: str) -> str:
    if character in _CYRILLIC:
        return _CYRILLIC[character].replace("_", "")
    if "\uac00" <= character <= "\ud7a3":
        index = ord(character) - 0xAC00
        parts = (_INITIALS[index // 588], _VOWELS[index % 588 // 28], _FINALS[index % 28])
        return "".join(parts).replace("_", "")
    return _SPECIAL.get(character, "" if character in "\u2019\u2018" else character)


# --- Drawing --------------------------------------------------------------------------------


def breadth(line: str) -> int:
    """How broad a line is drawn, in Latin letters: Hangul, kana and Han are as broad as two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)


# --- Refusals -------------------------------------------------------------------------------


class Refusal(ValueError):
    """A text that may not enter the record: a sentence that says what to write instead, and what
    is put into it. Apart, so that the sentence is said in the language of who reads it: ``say`` is
    the English sentence itself until the application sets gettext in its place.
    """

    say: ClassVar[Callable[[str], str]] = str

    def __init__(self, sentence: str, **put: object) -> None:
        super().__init__(sentence)
        self.sentence, self.put = sentence, put

    def __str__(self) -> str:
        return type(self).say(self.sentence) % self.put


# --- Addresses ------------------------------------------------------------------------------


class LinkError(Refusal):
    """A text that isn't a link which may enter the record."""


_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|mc_cid|mc_eid|igshid|"
    r"_ga|_gl|ref_src|cmpid|ocid|s_cid|at_\w+",
    re.IGNORECASE,
)
_HOST = re.compile(r"[^\s\x00-\x20\x7f<>\"\\^`{|}/?#@]+")
_NOT_IN_LINK = re.compile(r'[ \\<>"]')
_PORTS = {"http": 80, "https": 443}
_USUAL = re.compile(
    r"(https?)://([A-Za-z0-9][A-Za-z0-9.-]*)((?:/[A-Za-z0-9._~%+,=&;:@!$'()*/-]*)?)", re.ASCII
)
"""A link of the plainest kind, which most are: nothing in it is refused or taken out."""


def clean_url(text: str) -> str:
    """Return the link as given, without surrounding white space.

    Raises ``LinkError`` unless it is http or https with a host, without user information,
    control characters or white space, and at most 2,000 characters long.
    """
    url = text.strip()
    if len(url) > MAX_URL:
        raise LinkError(
            "This link is longer than %(most)s characters. Shorten it.", most=f"{MAX_URL:,}"
        )
    if _USUAL.fullmatch(url):
        return url
    if not url.isprintable() or _NOT_IN_LINK.search(url):
        raise LinkError("This link holds a space or a character that no link has. Copy it again.")
    if not url.isascii() and any(unicodedata.category(each) == "Cf" for each in url):
        raise LinkError("This link holds an invisible character. Copy it again.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise LinkError("This is not a link. Write it like https://example.org/article.") from error
    if parts.scheme.lower() not in _PORTS:
        raise LinkError("A link begins with http:// or https://. Copy the whole address.")
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise LinkError("A link to a source holds no user name or password. Take it out.")
    if not parts.hostname or not _HOST.fullmatch(parts.netloc) or port == 0:
        raise LinkError("This is not a link. Write it like https://example.org/article.")
    return url


def host(url: str) -> str:
    """The host of a link: lower case, without port and final dot, in its ASCII form."""
    if usual := _USUAL.fullmatch(url):
        return usual[2].lower().rstrip(".")
    try:
        name = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return name.lower()


def canonical_url(url: str) -> str:
    """What two links to one article have in common.

    Drops fragment, default port, final dot of the host and tracking parameters; the rest stays.
    """
    url = url.strip()
    if usual := _USUAL.fullmatch(url):
        scheme, name, path = usual.groups()
        return f"{scheme}://{name.lower().rstrip('.')}{path or '/'}"
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    port = parts.port
    name = host(url)
    netloc = name if port in (None, _PORTS.get(scheme)) else f"{name}:{port}"
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(key, value) for key, value in pairs if not _TRACKING.fullmatch(key)]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept, quote_via=quote)
    return urlunsplit((scheme, netloc, parts.path or "/", query, ""))
