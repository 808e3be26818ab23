"""Markdown as HTML, in two measures: a text of the site, and a passage inside a page.

HTML is switched off in both, so a text can hold no markup of its own; links go to http, https and
mail only (markdown-it's own rule). Nothing here knows where a text comes from.
"""

from markdown_it import MarkdownIt
from markupsafe import Markup

# Headings of a text stand below the page's own h1 and the text's h2.
_LOWER = {"h1": "h2", "h2": "h3", "h3": "h4", "h4": "h5", "h5": "h6", "h6": "h6"}
_WHOLE = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
# No headings, which would stand between those of the page, and no pictures of other hosts.
_PASSAGE = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(
    ["image", "heading", "lheading", "code", "fence", "hr", "html_block", "html_inline"]
)


def whole(markdown: str) -> Markup:
    """A text with headings and tables of its own."""
    tokens = _WHOLE.parse(markdown)
    for token in tokens:
        if token.tag in _LOWER:
            token.tag = _LOWER[token.tag]
    return Markup(_WHOLE.renderer.render(tokens, _WHOLE.options, {}))  # noqa: S704  HTML is off


def passage(markdown: str) -> Markup:
    """Paragraphs, lists and quotations with emphasis and links."""
    return Markup(_PASSAGE.render(markdown))  # noqa: S704  HTML is off


def without_marks(markdown: str) -> str:
    """The words of a passage alone, for descriptions and other places without markup."""
    words = []
    for block in _PASSAGE.parse(markdown):
        inside = "".join(
            " " if token.type in ("softbreak", "hardbreak") else token.content
            for token in block.children or ()
        )
        if inside:
            words.append(inside)
    return " ".join(words)
