"""What the readers of tables share: refusing one row, ids that don't repeat, tidy headers."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from timeline import text
from timeline.intake import html
from timeline.intake.drafts import EventDraft, PlaceDraft, Problem, Read
from timeline.intake.fitting import NAME, Fitted, cut
from timeline.intake.tables import Row, Table, shown
from timeline.intake.written import Unclear, pieces, read_date, read_degrees

UNKNOWN = frozenset({"", "unknown", "n/a", "na", "none", "-", "–", "undisclosed", "not known"})


class Wrong(Exception):
    """The row can't be read: the column, what stands there, and the sentence."""

    def __init__(self, column: str, value: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column, self.value, self.sentence = column, value, sentence


ID = 200
"""Characters of an external id."""


def stable(*texts: str) -> str:
    """A short name that the same texts always get, whatever their case and marks."""
    whole = "\n".join(text.fold(each) for each in texts)
    return hashlib.sha256(whole.encode()).hexdigest()[:20]


@dataclass
class Ids:
    """The ids that a file has given so far. One that comes again is named and told apart; one
    that is too long to be kept is replaced by a short name of its own."""

    met: dict[str, int] = field(default_factory=dict)

    def once(self, value: str, fitted: Fitted, column: str, sentence: Callable[[], str]) -> str:
        if len(value) > ID - 10:
            value = stable(value)
        times = self.met.get(value, 0) + 1
        self.met[value] = times
        if times == 1:
            return value
        fitted.warn(column, value, sentence())
        return f"{value}-{times}"


def twice() -> str:
    """What is said of an id that comes again."""
    return _("This id stands in another row too.")


def attempt(
    row: int, problems: list[Problem], make: Callable[[Fitted], EventDraft]
) -> EventDraft | None:
    """Make the draft of a row; None, with the problem, when it can't be read."""
    fitted = Fitted(row)
    made: EventDraft | None = None
    try:
        made = make(fitted)
    except Wrong as wrong:
        fitted.problems.append(Problem(row, wrong.column, shown(wrong.value), wrong.sentence))
    problems += fitted.problems
    return made


# --- Tables with a header of their own --------------------------------------------------------


def bare(header: str) -> str:
    """A header without case, spaces and signs: ``Launch Time (UTC)`` is ``launchtimeutc``."""
    return "".join(each for each in text.fold(header) if each.isalnum() or each == "_")


@dataclass(frozen=True)
class Cells:
    """The cells of a row by the bare names of their columns."""

    row: Row
    names: dict[str, str]
    fitted: Fitted

    def get(self, *names: str) -> str:
        """The first filled cell of these columns, as one line without markup."""
        for name in names:
            if cell := self.row.get(self.names.get(name, "")):
                return html.line(cell)
        return ""

    def whole(self, name: str) -> str:
        """A cell of several lines, without markup."""
        return html.plain(self.row.get(self.names.get(name, ""))).text

    def column(self, *names: str) -> str:
        """How the file spells the header of the first of these columns that it has."""
        return next((self.names[name] for name in names if name in self.names), names[0])

    def list(self, name: str, separator: str = ";") -> list[str]:
        """The items of a packed cell, those that are empty or unknown left out."""
        return [each for each in pieces(self.get(name), separator) if known(each)]

    def day(self, *names: str, order: str = "") -> str:
        """The date as EDTF. Raises ``Wrong``."""
        written = self.get(*names)
        try:
            return read_date(written, order).edtf
        except Unclear as error:
            raise Wrong(self.column(*names), written, str(error)) from error

    def degrees(self, *names: str, limit: int) -> Decimal | None:
        """A coordinate; what is none is named and left out."""
        written = self.get(*names)
        if not known(written):
            return None
        try:
            return read_degrees(written, limit)
        except Unclear as error:
            self.fitted.warn(self.column(*names), written, str(error))
            return None

    def warn(self, name: str, sentence: str) -> None:
        self.fitted.warn(self.column(name), self.get(name), sentence)


def known(written: str) -> bool:
    return written.casefold() not in UNKNOWN


def alike(one: str, other: str) -> bool:
    """Whether two names are the same but for case."""
    return one.casefold() == other.casefold()


def has(header: Iterable[str], names: Iterable[str]) -> bool:
    """Whether all these columns are there, by their bare names."""
    return {bare(each) for each in header} >= set(names)


def read_table_rows(
    found: Read, table: Table, needed: Iterable[str], make: Callable[[Cells], EventDraft]
) -> None:
    """Make a draft of every row of a table that has the needed columns."""
    if not table.header:
        return
    names = {bare(column): column for column in reversed(table.header)}
    missing = [name for name in needed if name not in names]
    if missing:
        found.problems.append(
            Problem(
                0,
                "",
                shown(", ".join(table.header)),
                _(
                    "These are not the columns of this format: %(columns)s missing. Choose "
                    "another format, or read the file through a mapping."
                )
                % {"columns": ", ".join(missing)},
            )
        )
        return
    for row in table.rows:
        draft = attempt(row.number, found.problems, partial(_made, make, row, names))
        if draft:
            found.drafts.append(draft)


def _made(
    make: Callable[[Cells], EventDraft], row: Row, names: dict[str, str], fitted: Fitted
) -> EventDraft:
    return make(Cells(row, names, fitted))


def nested(*levels: tuple[str, str]) -> PlaceDraft | None:
    """Places inside each other, the widest first, as pairs of name and kind; empty ones and
    repetitions are left out."""
    place: PlaceDraft | None = None
    for name, kind in levels:
        if known(name) and not (place and alike(place.name, name)):
            place = PlaceDraft(cut(name, NAME), kind=kind, parent=place)
    return place
