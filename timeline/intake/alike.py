"""When two events may be the same: a like title about then, or the same link on that day.

Only a measure; who asks decides what to do with it: the form suggests, an import wants a decision.
"""

from datetime import date, timedelta
from difflib import SequenceMatcher

NEAR = timedelta(days=3)
ZONE = timedelta(days=1)
"""One day may be two dates, each side of a time zone."""
ALIKE = 0.55
LIKELY = 0.7
SHORTEST_TITLE = 9
MOST_COMPARED = 400


def later(day: date, by: timedelta) -> date:
    """The day so much later, or the last one there is."""
    return day + by if day <= date.max - by else date.max


def earlier(day: date, by: timedelta) -> date:
    """The day so much earlier, or the first one there is."""
    return day - by if day >= date.min + by else date.min


def likeness(one: str, other: str, least: float) -> float:
    """How much two folded titles are alike, from 0 to 1, whichever is named first; 0 when that is
    not above ``least``."""
    # The matcher looks for the first in the second, and may find less the other way round.
    first, second = sorted((one, other), key=lambda title: (len(title), title))
    matcher = SequenceMatcher(None, first, second)
    if matcher.real_quick_ratio() > least and matcher.quick_ratio() > least:
        ratio = matcher.ratio()
        return ratio if ratio > least else 0.0
    return 0.0
