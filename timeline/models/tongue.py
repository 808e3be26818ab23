"""The language of the moment, as ``timeline.dates`` takes it."""

from django.utils.translation import get_language


def tongue() -> str:
    """The language that is spoken just now, without its region: ``en``, ``ko``."""
    return (get_language() or "en").partition("-")[0]
