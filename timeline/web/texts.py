"""The site's own texts: what staff wrote in Markdown.

Markdown is rendered with HTML switched off, so a text can hold no markup of its own; links go to
http, https and mail only (markdown-it's own rule).
"""

from dataclasses import dataclass

from django.utils.translation import get_language
from markdown_it import MarkdownIt

from timeline.models import SiteText

_ORDER = {"about": 0, "verification": 1, "licence": 2}
# Headings of a text stand below the page's own h1 and the text's h2.
_LOWER = {"h1": "h2", "h2": "h3", "h3": "h4", "h4": "h5", "h5": "h6", "h6": "h6"}


@dataclass(frozen=True)
class Text:
    """A text of the site as HTML; ``heading`` is empty where the text brings its own."""

    key: str
    language: str
    heading: str
    html: str


def _html(markdown: str) -> str:
    made = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
    tokens = made.parse(markdown)
    for token in tokens:
        if token.tag in _LOWER:
            token.tag = _LOWER[token.tag]
    return str(made.renderer.render(tokens, made.options, {}))


def site_texts() -> tuple[Text, ...]:
    """Each text in the language of the page where there is one, else in English."""
    language = (get_language() or "en").partition("-")[0]
    best: dict[str, SiteText] = {}
    for text in SiteText.objects.filter(language__in=(language, "en")):
        if text.key not in best or text.language == language:
            best[text.key] = text
    return tuple(
        Text(
            key=text.key,
            language=text.language,
            heading="" if text.markdown.lstrip().startswith("#") else text.get_key_display(),
            html=_html(text.markdown),
        )
        for text in sorted(best.values(), key=lambda text: _ORDER.get(text.key, 9))
    )
