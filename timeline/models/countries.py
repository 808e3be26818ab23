"""What countries are called, for those that the record itself doesn't name.

The names are those of CLDR, Unicode's collection of locale data, which babel brings.
"""

from functools import cache

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.utils.translation import get_language


def country_name(code: str, language: str = "") -> str:
    """The name of a country by its ISO 3166 code, in the language of the moment where none is
    given; the code where nothing is known by it."""
    return _territories(language or get_language() or settings.LANGUAGE_CODE).get(code, code)


def recorded(code: str) -> str:
    """The same in the record's own language."""
    return country_name(code, settings.LANGUAGE_CODE)


@cache
def _territories(language: str) -> dict[str, str]:
    try:
        return dict(Locale.parse(language, sep="-").territories)
    except (UnknownLocaleError, ValueError):
        return {}
