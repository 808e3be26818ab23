"""The room of public templates: their environment, and the one way to answer with a page.

Templates see frozen values and the few functions named here. ``request`` and ``csrf_input``,
which Django's backend could offer, stay outside: a page must come out the same for everybody.
"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment

from timeline.web import wording
from timeline.web.scripts import runs
from timeline.web.site import site
from timeline.web.when import when


def url(name: str, **parts: object) -> str:
    """The path of a named address: url("event", public_id=..., slug=...)."""
    return reverse(name, kwargs=parts or None)


def environment(**options: Any) -> Environment:
    """The Jinja2 environment that settings.TEMPLATES names; options come from there."""
    made = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701  (settings)
    made.add_extension("jinja2.ext.i18n")
    made.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        gettext=translation.gettext,
        ngettext=translation.ngettext,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
        newstyle=True,
    )
    made.globals.update(static=static, url=url)
    made.filters.update(
        runs=runs,
        when=when,
        family_class=wording.FAMILY_CLASSES.__getitem__,
        family_mark=wording.FAMILY_MARKS.__getitem__,
        family_word=wording.family_word,
        language_word=wording.language_word,
    )
    return made


def rendered(template: str, context: Mapping[str, Any]) -> str:
    """A template of ``templates/pages`` with what every page needs added to its context."""
    language = translation.get_language() or "en"
    every = {
        "site": site(),
        "language": language,
        "language_rtl": translation.get_language_bidi(),
    }
    return render_to_string(f"pages/{template}", every | dict(context), using="jinja2")


def page(template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """Answer with a page. It may be kept by a cache but is asked for again each time."""
    response = HttpResponse(rendered(template, context), status=status)
    response.headers["Cache-Control"] = "no-cache"
    return response
