"""Cards as they stand in a list: drawn once, kept until something changes.

Lists overlap: the newest events stand on the front page, under their year, under each of their
actors. A card follows from the record, the language and the day as on which it is known, so the
one that was drawn for one list serves the next. Whatever changes the record drops them all.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.conf import settings
from django.utils.translation import get_language
from markupsafe import Markup

from timeline.index import live
from timeline.record import spoken
from timeline.record.outlines import outlines
from timeline.web.cards import Card, card
from timeline.web.presentation import macro
from timeline.web.then import keeping

MOST = 4000
"""Cards that are kept at most, of about 2 KB each."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """An event of a list as it is written down, and where in the list it belongs."""

    public_id: str
    year: int
    month: int
    html: Markup


Form = Literal["card", "line", "brief"]
"""How much of an event stands there: all that a list says, what its compact view says, or what
stands below a chart."""
_MACROS = {"card": "event_card", "line": "event_line", "brief": "event_brief"}
Key = tuple[int, str, Form, int, date | None]


class _Kept:
    """The cards that were asked for last, all of one state of the record."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: str | None = None
        self._cards: OrderedDict[Key, Drawn] = OrderedDict()

    def get(self, state: str, keys: Sequence[Key]) -> dict[Key, Drawn]:
        with self._lock:
            if state != self._state:
                return {}
            found = {key: self._cards[key] for key in keys if key in self._cards}
            for key in found:
                self._cards.move_to_end(key)
            return found

    def put(self, state: str, cards: dict[Key, Drawn]) -> None:
        with self._lock:
            if state != self._state:
                self._cards.clear()
                self._state = state
            self._cards |= cards
            while len(self._cards) > MOST:
                self._cards.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._state = None
            self._cards.clear()


kept = _Kept()


def cards(events: Sequence[int], known_by: date | None = None) -> dict[int, Card]:
    """The public events among these keys as cards, in their order; with ``known_by`` as they were
    known by then."""
    language = get_language() or "en"
    listed = spoken.outlines(outlines(events, known_by))
    return {event: keeping(card(each, language), known_by) for event, each in listed.items()}


def drawn(
    events: Sequence[int],
    *,
    compact: bool = False,
    brief: bool = False,
    level: int = 3,
    known_by: date | None = None,
) -> dict[int, Drawn]:
    """The cards of the public events among these keys, in their order.

    ``compact`` gives the dense form, ``brief`` that of a chart; ``level`` is that of the titles
    as headings; with ``known_by`` they say what was known by then. Any number of cards costs the
    same few queries.
    """
    language = get_language() or "en"
    state = None if settings.DEBUG else live.state()
    form: Form = "brief" if brief else "line" if compact else "card"
    keys = {event: (event, language, form, level, known_by) for event in events}
    found = kept.get(state, list(keys.values())) if state is not None else {}
    missing = [event for event, key in keys.items() if key not in found]
    write = macro("parts/card.html", _MACROS[form])
    made = {}
    for event, each in cards(missing, known_by).items():
        made[keys[event]] = Drawn(each.public_id, each.year, each.month, write(each, level))
    if state is not None and made:
        kept.put(state, made)
    found |= made
    return {event: found[key] for event, key in keys.items() if key in found}
