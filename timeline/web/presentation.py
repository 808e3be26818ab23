"""The room of public templates: their environment, and the one way to answer with a page.

Templates see frozen values and the few functions named here. ``request`` and ``csrf_input``,
which Django's backend could offer, stay outside: a page must come out the same for everybody.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any, cast

from django.conf import settings
from django.http import HttpResponse
from django.template import engines
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.formats import date_format
from jinja2 import Environment
from markupsafe import Markup

from timeline.models.tongue import base
from timeline.web import wording
from timeline.web.addresses import address
from timeline.web.compiling import Pages
from timeline.web.marked import Marked, marked, turned
from timeline.web.site import site
from timeline.web.tongues import tongues
from timeline.web.when import when

_here = threading.local()
_MOST_WORDS = 20_000


def _translating(translate: Callable[..., str]) -> Callable[..., str]:
    """A gettext function that remembers what it said in each language; a page asks it hundreds of
    times for the same few words."""
    said: dict[tuple[object, ...], str] = {}

    def translated(*message: object) -> str:
        key = (_here.language, *message)
        found = said.get(key)
        if found is None:
            if len(said) > _MOST_WORDS:
                said.clear()
            found = said[key] = translate(*message)
        return found

    return translated


def _marked(text: str, language: str = "", name: bool = False, within: str = "") -> Marked:
    """A text as it stands on this page, or in a passage ``within`` it that is in another language
    and says so."""
    return marked(text, language or within, base(within) if within else _here.tongue, name)


def _turned(language: str) -> Markup:
    """What an element of this page says whose language is written the other way."""
    return turned(language, _here.tongue)


def _language() -> str:
    """The language of the page that is being written."""
    return translation.get_language() or settings.LANGUAGE_CODE


def environment(**options: Any) -> Environment:
    """The Jinja2 environment that settings.TEMPLATES names; options come from there."""
    made = Pages(trim_blocks=True, lstrip_blocks=True, **options)
    made.add_extension("jinja2.ext.i18n")
    said, said_of = _translating(translation.gettext), _translating(translation.ngettext)
    made.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        gettext=said,
        ngettext=said_of,
        pgettext=_translating(translation.pgettext),
        npgettext=_translating(translation.npgettext),
        newstyle=True,
    )
    made.said, made.said_of = said, said_of
    made.spoken = _language
    made.globals.update(static=static, url=address, turned=_turned)
    made.filters.update(
        marked=_marked,
        when=when,
        family_class=wording.FAMILY_CLASSES.__getitem__,
        family_mark=wording.FAMILY_MARKS.__getitem__,
        family_word=wording.family_word,
        language_word=wording.language_word,
    )
    return made


def macro(template: str, name: str) -> Callable[..., Markup]:
    """A component of ``templates/pages``, to write it down outside of a page."""
    _here.language = language = _language()
    _here.tongue = language.partition("-")[0]
    engine = engines["jinja2"]
    module = engine.env.get_template(f"pages/{template}").module  # type: ignore[attr-defined]
    return cast("Callable[..., Markup]", getattr(module, name))


def rendered(template: str, context: Mapping[str, Any]) -> str:
    """A template of ``templates/pages`` with what every page needs added to its context."""
    language = _here.language = _language()
    _here.tongue = language.partition("-")[0]
    every = {
        "site": site(),
        "language": language,
        "language_rtl": translation.get_language_bidi(),
        "tongues": tongues(language),
        "printed_on": date_format(timezone.localdate()),
    }
    return render_to_string(f"pages/{template}", every | dict(context), using="jinja2")


def page(template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """Answer with a page. It may be kept by a cache but is asked for again each time."""
    response = HttpResponse(rendered(template, context), status=status)
    response.headers["Cache-Control"] = "no-cache"
    return response
