"""A language in which every translated letter is another: what is still written in plain Latin
letters, and isn't data, was never given to a translator.

The language is a kind of Korean, so that dates are said by the Korean tables. Nothing kept for
Korean is touched by it, since it has a code of its own.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from html.parser import HTMLParser

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils.translation import trans_real

CODE = "ko-x-pseudo"
PREFIX = f"/{CODE}"

_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MARKED = "áƀćđéƒǵĥíĵķłḿńóṕɋŕśťúṽŵẋýźÁɃĆĐÉƑǴĤÍĴĶŁḾŃÓṔɊŔŚŤÚṼŴẊÝŹ"
_LETTERS = str.maketrans(_PLAIN, _MARKED)
# Placeholders, tags and entities stay as they are.
_KEPT = re.compile(r"(%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[a-z]|%[sdif]|\{\w*\}|<[^<>]+>|&\w+;)")


def marked(message: str) -> str:
    """A message in the language."""
    message = message.rpartition(trans_real.CONTEXT_SEPARATOR)[2]
    return "".join(
        part if at % 2 else part.translate(_LETTERS) for at, part in enumerate(_KEPT.split(message))
    )


class Pseudo:
    """What Django takes for the catalogue of a language."""

    def gettext(self, message: str) -> str:
        return marked(message)

    def ngettext(self, one: str, many: str, number: float) -> str:
        return marked(one if number == 1 else many)

    def language(self) -> str:
        return CODE

    to_language = language


@contextmanager
def offered(*, rtl: bool = False) -> Iterator[None]:
    """The site in this language too, below its prefix; written from right to left if wanted."""
    from django.test.utils import override_settings

    bidi = [*settings.LANGUAGES_BIDI, *(["ko"] if rtl else [])]
    known = override_settings(LANGUAGES=[*settings.LANGUAGES, (CODE, CODE)], LANGUAGES_BIDI=bidi)
    with known:
        # To override the languages forgets all catalogues, before and after.
        trans_real._translations[CODE] = Pseudo()
        yield


_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*[A-Za-z]")


# --- What may stay as it is ------------------------------------------------------------------

# Formats, standards, programs, people's names in citation styles, keyboard keys.
NAMES = (
    *("CSV", "JSON", "JSON-LD", "GeoJSON", "iCalendar", "Atom", "TimelineJS", "XLSX", "ZIP"),
    *("EDTF", "ISO", "BCP", "OpenAPI", "oEmbed", "API", "RFC", "ETag", "URL", "HTML", "SHA-256"),
    *(
        "BibTeX",
        "Chicago",
        "APA",
        "MLA",
        "RIS",
        "CSL",
        "Dateline",
        "Django",
        "Excel",
        "LibreOffice",
    ),
    *("English", "If-None-Match", "PDF", "CORS", "UTC", "GET", "SVG", "PNG", "KB", "MB", "bytes"),
)


_SITE = ("SITE_NAME", "SITE_HEADING", "SITE_DESCRIPTION", "CONTACT", "LICENCE")
_OURS = ("slug", "code", "model", "kind", "search_tokens", "name_folded", "label_reason")


def data(*more: str) -> "Known":
    """Every text of the record and of the settings, the longest first."""
    found = {
        *NAMES,
        *more,
        CODE,
        *(str(getattr(settings, name)) for name in ("SITE_NAME", "CONTACT", "LICENCE")),
    }
    found |= {str(settings.SITE_HEADING), str(settings.SITE_DESCRIPTION)}
    for model in (*apps.get_app_config("timeline").get_models(), get_user_model(), Group):
        fields = [
            field.attname
            for field in model._meta.concrete_fields
            # Words of ours, not of the record.
            if not field.choices and field.name not in _OURS
        ]
        for row in model._base_manager.values_list(*fields):
            found |= {each for each in row if isinstance(each, str)}
            found |= {str(each) for each in row if isinstance(each, Decimal)}
    return Known(found)


class Known:
    """Texts that may stand on a page, found by their words."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._of: dict[str, list[str]] = {}
        self._from: dict[str, list[str]] = {}
        for each in sorted({*texts, *(text.lower() for text in texts)}, key=len, reverse=True):
            self._from.setdefault(each[:8], []).append(each)
            for word in set(_WORD.findall(each)):
                self._of.setdefault(word, []).append(each)

    def without(self, text: str) -> str:
        """What is left of a text when the longest of these that it holds are taken out."""
        held = {each for word in _WORD.findall(text) for each in self._of.get(word, ())}
        longest = sorted(held, key=len, reverse=True)
        if "…" in text:
            # What was shortened stands at the beginning of a longer one.
            head, _cut, rest = text.partition("…")
            head = head.rstrip()
            begun = (
                at
                for at in range(len(head))
                if any(each.startswith(head[at:]) for each in self._from.get(head[at : at + 8], ()))
            )
            text = f"{head[: next(begun, len(head))]} {rest}"
        for each in longest:
            if each in text:
                text = re.sub(rf"(?<![A-Za-z]){re.escape(each)}(?![A-Za-z])", " ", text)
        return text


# --- What a page says ------------------------------------------------------------------------

_SAYING = ("alt", "aria-label", "title", "placeholder", "data-done", "label")
_SILENT = ("script", "style", "code", "pre", "textarea", "kbd")
_INSIDE = ("span", "b", "i", "em", "strong", "wbr", "small", "bdi", "a", "abbr", "mark")
_APART = ("dl", "vh")
_SPOKEN_META = ("description", "og:title", "og:description", "og:image:alt")


class _Reader(HTMLParser):
    """Gathers what a page says: its text, block by block, and the attributes that are read."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._text: list[str] = []
        self._silent = 0
        self._apart: list[bool] = []

    def _end(self) -> None:
        text = " ".join("".join(self._text).split())
        if text:
            self.said.append(text)
        self._text = []

    def handle_starttag(self, tag, attrs) -> None:
        given = dict(attrs)
        apart = given.get("class") in _APART
        if tag == "span":
            self._apart.append(apart)
        if tag not in _INSIDE or apart:
            self._end()
        if tag in _SILENT:
            self._silent += 1
        for name in _SAYING:
            if given.get(name):
                self.said.append(given[name])
        if tag == "meta" and (given.get("name") or given.get("property")) in _SPOKEN_META:
            self.said.append(given["content"])
        if tag == "input" and given.get("type") in ("submit", "button", "reset"):
            self.said.append(given.get("value") or "")

    def handle_endtag(self, tag) -> None:
        if tag not in _INSIDE or (tag == "span" and self._apart and self._apart.pop()):
            self._end()
        if tag in _SILENT:
            self._silent -= 1

    def handle_data(self, data) -> None:
        if not self._silent:
            self._text.append(data)


def said(page: str) -> list[str]:
    """What an HTML page, or a feed, says."""
    reader = _Reader()
    reader.feed(page)
    reader._end()
    return list(dict.fromkeys(reader.said))


_NAMED = re.compile(r"https?://\S+|\b\w+=\S+|\b[a-z]+_[a-z_]+\b")
_CODE = re.compile(
    r"[\w.+-]+@[\w.-]+|[?/][\w/?=&%.!:…-]+|\b[0-9A-HJKMNP-TV-Z]{8}\b|\b[0-9a-f]{16,}\b"
    r"|\.[a-z]{2,6}\b|\b[A-Z]{2}\b"
)


def plain_words(text: str, known: Known) -> list[str]:
    """The words of a text that are neither translated nor data."""
    if not _WORD.search(text):
        return []
    return _WORD.findall(_CODE.sub(" ", known.without(_NAMED.sub(" ", text))))
