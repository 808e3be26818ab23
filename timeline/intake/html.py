"""HTML in a cell → plain text and the links in it. Nothing is executed, nothing fetched.

A tokeniser of one expression instead of the standard library's parser, which took 71 seconds for
a cell of 100 kB full of ``<a ``; this one looks at each character once.
"""

import html
import re
from dataclasses import dataclass

from timeline import text

_LONGEST_TAG = 4_000
_TAG = re.compile(
    rf"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{{0,19}})(?P<rest>(?:[\s/][^<>]{{0,{_LONGEST_TAG}}})?)>|"
    rf"<[!?][^<>]{{0,{_LONGEST_TAG}}}>",
    re.DOTALL,
)
_ADDRESS = re.compile(
    r"""\b(?:href|src|cite)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
_BOOKMARK = re.compile(r"""\brel\s*=\s*["']?bookmark\b""", re.IGNORECASE)
"""The permanent link of what is read, which is no source of it."""
_BARE = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)

_LINES = frozenset(
    (
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    )
)
_SILENT = frozenset({"script", "style", "template", "noscript", "svg", "math", "title", "textarea"})
_FRAMES = frozenset({"iframe", "embed", "video", "audio", "source", "blockquote", "q"})


@dataclass(frozen=True, slots=True)
class Link:
    """An http or https address and the words that it stood on, if any."""

    address: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Plain:
    """What a reader of the page would have read, and where its links led."""

    text: str
    links: tuple[Link, ...] = ()


_NOTHING = Plain("")


def plain(markup: str) -> Plain:
    """Reduce HTML, or text without any, to clean text and links in their order, each once."""
    if not markup:
        return _NOTHING
    if "<" not in markup and "&" not in markup:
        return Plain(text.clean_text(markup), _once(_bare(markup)) if "://" in markup else ())
    markup = _without_comments(markup)
    pieces: list[str] = []
    links: list[Link] = []
    silent = ""
    anchor: tuple[str, int] | None = None
    position = 0

    def close_anchor() -> None:
        if anchor is not None:
            links.append(Link(anchor[0], text.clean_line("".join(pieces[anchor[1] :]))))

    for match in _TAG.finditer(markup):
        if not silent:
            _add(markup[position : match.start()], pieces, links, in_anchor=anchor is not None)
        position = match.end()
        close, name, rest = match.groups()
        name = (name or "").lower()
        if silent:
            silent = "" if close and name == silent else silent
            continue
        if close or name == "a":
            if name == "a":
                close_anchor()
                anchor = None
        elif name in _SILENT:
            silent = name
        if name == "a" and not close and (address := _address(rest)):
            if not _BOOKMARK.search(rest):
                anchor = (address, len(pieces))
        elif name in _FRAMES and not close and (address := _address(rest)):
            links.append(Link(address))
        if name in _LINES:
            pieces.append("\n")
    if not silent:
        _add(markup[position:], pieces, links, in_anchor=anchor is not None)
    close_anchor()
    return Plain(text.clean_text("".join(pieces)), _once(links))


def own_list(markup: str) -> tuple[str, str]:
    """The markup without, and with nothing but, the last paragraph that our own export of
    TimelineJS ends with: it lists the sources beside the permanent link."""
    head, tag, last = markup.rpartition("<p>")
    return (head, last) if tag and _BOOKMARK.search(last) else (markup, "")


def _without_comments(markup: str) -> str:
    pieces: list[str] = []
    position = 0
    while (start := markup.find("<!--", position)) >= 0:
        end = markup.find("-->", start + 4)
        if end < 0:
            break
        pieces.append(markup[position:start])
        position = end + 3
    return "".join([*pieces, markup[position:]])


def line(markup: str) -> str:
    """HTML as one line of text."""
    if not markup:
        return ""
    if "<" not in markup and "&" not in markup:
        return text.clean_line(markup)
    return text.clean_line(plain(markup).text)


def address(written: str) -> str:
    """The http or https link that is written here, or nothing."""
    written = html.unescape(written).strip()
    if written.startswith("//"):
        written = f"https:{written}"
    try:
        return text.clean_url(written)
    except text.LinkError:
        return ""


def _address(attributes: str) -> str:
    match = _ADDRESS.search(attributes)
    return address(match[1] or match[2] or match[3] or "") if match else ""


def _add(markup: str, pieces: list[str], links: list[Link], *, in_anchor: bool) -> None:
    said = html.unescape(markup)
    pieces.append(said)
    if not in_anchor and "://" in said:
        links.extend(_bare(said))


def _bare(said: str) -> list[Link]:
    """Addresses that stand in the text itself, without the full stop after them."""
    found = []
    for match in _BARE.finditer(said):
        written = match[0].rstrip(".,;:!?'’*_")
        if written.endswith(")") and written.count("(") < written.count(")"):
            written = written.rstrip(")").rstrip(".,;:!?'’")
        if known := address(written):
            found.append(Link(known))
    return found


def _once(links: list[Link]) -> tuple[Link, ...]:
    """Each address once, with the first words that are more than the address itself."""
    found: dict[str, Link] = {}
    for link in links:
        words = "" if link.words.casefold().startswith(("http://", "https://")) else link.words
        key = text.canonical_url(link.address)
        if key not in found or (words and not found[key].words):
            found[key] = Link(found[key].address if key in found else link.address, words)
    return tuple(found.values())
