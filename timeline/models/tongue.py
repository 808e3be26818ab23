"""The language of the moment, as ``timeline.dates`` takes it."""

from django.utils.translation import get_language


def tongue() -> str:
    """The language that is spoken just now, without its region: ``en``, ``ko``."""
    return base(get_language() or "en")


def base(language: str) -> str:
    """A language without its region and script, by which texts are told apart."""
    return language.partition("-")[0].lower()
