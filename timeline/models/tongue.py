"""The language of the moment, as ``timeline.dates`` takes it."""

from django.utils.translation import get_language, get_language_info


def tongue() -> str:
    """The language that is spoken just now, without its region: ``en``, ``ko``."""
    return base(get_language() or "en")


def base(language: str) -> str:
    """A language without its region and script, by which texts are told apart."""
    return language.partition("-")[0].lower()


def language_name(code: str) -> str:
    """What a language is called in the language of the moment; its code where that isn't known."""
    try:
        return str(get_language_info(code.lower())["name_translated"])
    except KeyError:
        return code
