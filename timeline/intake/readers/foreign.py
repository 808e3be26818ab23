"""The formats of other programs and projects, as entries of the list of readers.

Each says how people call it, which files end like it, whether a file looks like it, and reads it.
``mapping`` is what an editor chose for the file; for the formats with fixed columns it holds the
few choices that they leave open.
"""

import codecs
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline.intake import workbooks
from timeline.intake.decoding import decoded
from timeline.intake.drafts import Problem, Read
from timeline.intake.mapping import Mapping as ColumnMapping
from timeline.intake.mapping import MappingError
from timeline.intake.readers import (
    acled,
    cns_missiles,
    mapped,
    timelinejs_json,
    timelinejs_sheet,
    ucdp_ged,
)
from timeline.intake.tables import read_table
from timeline.intake.written import ORDERS

HEAD = 8_000
"""Bytes of a file that are enough to recognise it; of a workbook all are needed."""

_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".ods")
Choices = Mapping[str, Any]


class NotAChoice(ValueError):
    """A choice that the format doesn't know; the message says which there are."""


@dataclass(frozen=True)
class Foreign:
    """``choices`` are the keys that ``mapping`` may hold."""

    name: str
    label: "str | Promise"
    suffixes: tuple[str, ...]
    looks: Callable[[bytes], bool]
    reading: Callable[[bytes, Choices], Read]
    choices: tuple[str, ...] = ()

    def recognise(self, head: bytes, name: str) -> bool:
        """Whether the beginning of a file (a workbook in whole) looks like this format."""
        return name.casefold().endswith(self.suffixes) and self.looks(head)

    def read(self, content: bytes, *, mapping: Choices | None = None) -> Read:
        """Read a file. What is wrong, with the choices too, is among the problems."""
        try:
            self._check(mapping or {})
            return self.reading(content, mapping or {})
        except (NotAChoice, MappingError) as error:
            return Read(self.name, problems=[Problem(0, "", "", str(error))])

    def _check(self, choices: Choices) -> None:
        for key in choices:
            if key not in self.choices and "*" not in self.choices:
                raise NotAChoice(
                    _("“%(key)s” is no choice of this format.") % {"key": str(key)[:40]}
                )


def _header(head: bytes) -> tuple[str, ...]:
    if not workbooks.is_workbook(head):
        head = head.rpartition(b"\n")[0] or head
        if head.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
            head = head[: len(head) // 2 * 2]
    return read_table(head).header


def _by_header(recognises: Callable[[tuple[str, ...]], bool]) -> Callable[[bytes], bool]:
    return lambda head: recognises(_header(head))


def _looks_like_json(head: bytes) -> bool:
    return timelinejs_json.recognises(decoded(head).text)


def _background(choices: Choices) -> bool:
    return bool(choices.get("background_is_source", False))


def _categories(choices: Choices) -> Mapping[str, str]:
    categories = choices.get("categories", {})
    if not isinstance(categories, Mapping) or not all(
        isinstance(each, str) for pair in categories.items() for each in pair
    ):
        raise NotAChoice(_("“categories” is an object that names our category for each of theirs."))
    return categories


def _order(choices: Choices) -> str:
    order = choices.get("order", "")
    if order not in ("", *ORDERS):
        raise NotAChoice(
            _("The order of a date is one of %(orders)s.") % {"orders": ", ".join(ORDERS)}
        )
    return str(order)


FOREIGN: tuple[Foreign, ...] = (
    Foreign(
        timelinejs_sheet.NAME,
        gettext_lazy("TimelineJS sheet"),
        _TABLES,
        _by_header(timelinejs_sheet.recognises),
        lambda content, choices: timelinejs_sheet.read(
            content, background_is_source=_background(choices)
        ),
        ("background_is_source",),
    ),
    Foreign(
        timelinejs_json.NAME,
        gettext_lazy("TimelineJS JSON"),
        (".json", ".jsonp", ".js"),
        _looks_like_json,
        lambda content, choices: timelinejs_json.read(
            content, background_is_source=_background(choices)
        ),
        ("background_is_source",),
    ),
    Foreign(
        acled.NAME,
        gettext_lazy("ACLED export"),
        _TABLES,
        _by_header(acled.recognises),
        lambda content, choices: acled.read(content, categories=_categories(choices)),
        ("categories",),
    ),
    Foreign(
        ucdp_ged.NAME,
        gettext_lazy("UCDP GED"),
        _TABLES,
        _by_header(ucdp_ged.recognises),
        lambda content, choices: ucdp_ged.read(content, categories=_categories(choices)),
        ("categories",),
    ),
    Foreign(
        cns_missiles.NAME,
        gettext_lazy("CNS missile tests"),
        _TABLES,
        _by_header(cns_missiles.recognises),
        lambda content, choices: cns_missiles.read(content, order=_order(choices)),
        ("order",),
    ),
    Foreign(
        mapped.NAME,
        gettext_lazy("Another table, by its columns"),
        _TABLES,
        lambda head: bool(_header(head)),
        lambda content, choices: mapped.read(
            content, mapping=ColumnMapping.from_json(dict(choices)) if choices else None
        ),
        ("*",),
    ),
)
"""In the order in which a file is tried: a table that no other knows is read by its columns."""
