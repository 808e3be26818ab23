"""What a file says of itself: which events of which site, under which address and licence."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class About:
    """``words`` say the selection; ``address`` is the page that shows the same events and
    ``own_address`` that of the file, both absolute. ``updated`` is the last change of any of its
    events, None when there are none."""

    words: str
    address: str
    own_address: str
    site: str
    site_address: str
    licence: str
    language: str
    total: int
    updated: datetime | None
