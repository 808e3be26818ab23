"""What every public template can call: static(), url(), and gettext.

Knows no page. `request` and `csrf_input`, which Django's backend offers, are not for public
templates: those must come out the same for everybody.
"""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment


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
    return made


def url(name: str, **parts: object) -> str:
    """The path of a named address: url("event", public_id=..., slug=...)."""
    return reverse(name, kwargs=parts or None)
