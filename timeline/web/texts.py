"""The site's own texts: what staff wrote in Markdown, in the language of the page."""

from dataclasses import dataclass

from django.utils.translation import get_language

from timeline.formats.marked import whole
from timeline.models import SiteText

_ORDER = {"about": 0, "verification": 1, "licence": 2}


@dataclass(frozen=True)
class Text:
    """A text of the site as HTML; ``heading`` is empty where the text brings its own."""

    key: str
    language: str
    heading: str
    html: str


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
            html=whole(text.markdown),
        )
        for text in sorted(best.values(), key=lambda text: _ORDER.get(text.key, 9))
    )
