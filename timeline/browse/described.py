"""The public parameters in words, for whoever writes queries by hand or by program.

What a parameter takes is said by its field in :class:`timeline.browse.filters.EventFilter`; here
stands what it means, with an example. Every parameter has its lines here; a test holds that.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Described:
    """What a parameter means, and a value that it may have."""

    meaning: Promise
    example: str


MEANINGS: Mapping[str, Described] = {
    "q": Described(
        _(
            "Words to search for in titles, summaries, names and titles of sources; all must be "
            "there. A word with * at its end stands for its beginnings, one with - before it must "
            "not be there, words in quotation marks stand together."
        ),
        "troops",
    ),
    "actor": Described(
        _("Who takes part: the actor or, unless exact is 1, anybody who is part of it."),
        "north-korea",
    ),
    "actors": Described(
        _("Whether any of several actors is enough, or all must take part."), "all"
    ),
    "exact": Described(_("1 leaves out the bodies and people of the chosen actors."), "1"),
    "role": Described(
        _("In which role; with actor, that actor's role in the event."),
        "supplier",
    ),
    "year": Described(_("A year that the event's date touches, as four digits."), "2024"),
    "from": Described(_("From this date on, as EDTF or in words."), "2024-06"),
    "to": Described(_("Up to this date and with it, as EDTF or in words."), "2024-10-31"),
    "certainly": Described(
        _("1 asks for dates that surely lie in the range, instead of those that may."), "1"
    ),
    "category": Described(_("The kind of event."), "deployment"),
    "topic": Described(_("What the event is about."), "nuclear"),
    "country": Described(_("The country of its place, as two letters."), "RU"),
    "place": Described(_("Its place, or one inside it."), "russia"),
    "publisher": Described(
        _("Who published a source of it, or whose text a source carries."), "nk-news"
    ),
    "language": Described(_("The language of a source."), "ko"),
    "stance": Described(
        _("What a source does; with speaker, publisher or language, one and the same source."),
        "denies",
    ),
    "speaker": Described(
        _("Who speaks in a source, itself or through its bodies and people."), "russia"
    ),
    "verification": Described(_("The label that its sources add up to."), "disputed"),
    "has": Described(_("What it must have."), "figures"),
    "metric": Described(_("What is counted in one of its figures."), "killed"),
    "importance": Described(_("How much weight the editors give it."), "key"),
    "known_by": Described(
        _("A past day: what could be known by its end, as it could be known."), "2024-11-01"
    ),
    "sort": Described(
        _("The order: oldest first, newest first, or last published or revised first."), "-updated"
    ),
    "cursor": Described(
        _("A place in the list, as a link of an answer gives it; never made by hand."), ""
    ),
    "page_size": Described(_("How many events an answer holds at most."), "100"),
    "view": Described(_("How a page draws the events."), "compact"),
}
