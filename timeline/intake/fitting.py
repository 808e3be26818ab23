"""Texts of foreign files, brought to the lengths that the record allows.

What doesn't fit is shortened where a sentence or word ends, and kept in whole among the internal
notes, with a warning; nothing is lost in silence.
"""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from timeline import text
from timeline.intake.drafts import Problem
from timeline.intake.tables import shown

TITLE = 140
SUMMARY = 600
DATE_NOTE = 200
NAME = 200
SOURCE_TITLE = 400
AUTHORS = 300
REFERENCE = 300
NOTE = 300
QUOTE = 300
LOCATOR = 100
SUBJECT = 100
WORDS = 60
INTERNAL = 2000
"""Characters; the lengths of the models' fields, which a test compares."""


@dataclass
class Fitted:
    """Texts of one row as they fit, and what had to be moved to the internal note."""

    row: int
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def title(self, written: str, column: str) -> str:
        return self._fit(text.clean_line(written), TITLE, column)

    def summary(self, written: str, column: str) -> str:
        return self._fit(text.clean_text(written), SUMMARY, column, sentence=True)

    def line(self, written: str, limit: int, column: str) -> str:
        return self._fit(text.clean_line(written), limit, column)

    def keep(self, label: str, written: str) -> None:
        """Put a text that has no field of its own among the internal notes."""
        if written.strip():
            self.notes.append(f"{label}: {text.clean_text(written)}")

    def warn(self, column: str, value: str, sentence: str) -> None:
        self.problems.append(Problem(self.row, column, shown(value), sentence, fatal=False))

    @property
    def internal_note(self) -> str:
        if not self.notes:
            return ""
        whole = "\n\n".join(dict.fromkeys(self.notes))
        if len(whole) > INTERNAL:
            self.warn(
                "",
                "",
                _("The rest of this row is longer than an internal note may be; it was cut."),
            )
        return cut(whole, INTERNAL)

    def _fit(self, written: str, limit: int, column: str, *, sentence: bool = False) -> str:
        if len(written) <= limit:
            return written
        self.keep(column, written)
        self.warn(
            column,
            written,
            _(
                "This text has %(length)s characters, of which %(limit)s fit. It was shortened; "
                "the whole is in the internal note."
            )
            % {"length": f"{len(written):,}", "limit": limit},
        )
        return cut(written, limit, sentence=sentence)


_SENTENCE_END = re.compile(r"[.!?。](?:[\"”’')\]]*)(?=\s)")


def cut(written: str, limit: int, *, sentence: bool = False) -> str:
    """At most ``limit`` characters, cut after a word, or after a sentence that ends late enough."""
    if len(written) <= limit:
        return written
    if sentence:
        ends = [match.end() for match in _SENTENCE_END.finditer(written[: limit + 1])]
        if ends and ends[-1] > limit // 2:
            return written[: ends[-1]]
    head = written[: limit - 1]
    space = head.rfind(" ", limit // 2)
    return (head[:space] if space > 0 else head).rstrip(" ,;:–-") + "…"
