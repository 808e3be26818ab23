"""The spreadsheet of TimelineJS: 19 columns, the older 18, and the one with ``Start Date``.

Columns are found by their trimmed header, in any order; others are left out. Title slides and
eras are not events and are skipped with a note. What TimelineJS drops or breaks on in silence is
named here, row by row.
"""

import re

from django.utils.translation import gettext as _

from timeline.formats.timelinejs import COLUMNS
from timeline.intake.drafts import Problem, Read
from timeline.intake.html import line
from timeline.intake.readers.slides import SHEET, Names, Slide, Slides, Written
from timeline.intake.tables import Row, Table, read_table, shown

NAME = "timelinejs-sheet"

_OLD = ("Start Date", "End Date")
_OLD_NAMES = Names(
    **dict.fromkeys(("year", "month", "day", "time"), "Start Date"),
    **dict.fromkeys(("end_year", "end_month", "end_day", "end_time"), "End Date"),
)
_LEFT_OUT = {"Media Thumbnail"}


def recognises(header: tuple[str, ...]) -> bool:
    """Whether these are the headers of a TimelineJS sheet."""
    return "Headline" in header and ("Year" in header or "Start Date" in header)


def read(content: bytes, *, background_is_source: bool = False) -> Read:
    """Read a sheet as CSV, TSV, XLSX or ODS."""
    return read_rows(read_table(content), background_is_source=background_is_source)


def read_rows(table: Table, *, background_is_source: bool = False) -> Read:
    found = Read(NAME, problems=list(table.problems), rows=table.count)
    if not table.header:
        return found
    if not recognises(table.header):
        found.problems.append(
            Problem(
                0,
                "",
                shown(", ".join(table.header)),
                _(
                    "This is no TimelineJS sheet: it needs the columns Headline and Year (or Start "
                    "Date). Keep the header of the template, or read the file through a mapping."
                ),
            )
        )
        return found
    _name_extra(table, found)
    parts = "Year" in table.header
    slides = Slides(SHEET if parts else _OLD_NAMES, background_is_source)
    titled = False
    for row in table.rows:
        kind = row.get("Type")
        if kind == "era":
            found.skipped += 1
            _note(found, row, "Type", kind, _("An era is a background of the chart; left out."))
            continue
        if kind == "title" and not titled:
            titled = True
            found.skipped += 1
            _note(found, row, "Type", kind, _("The title slide is no event; left out."))
            continue
        if kind:
            _name_kind(found, row, kind)
        slide = _slide(row, parts=parts, problems=found.problems)
        draft = slides.draft(slide, found.problems) if slide else None
        if draft:
            found.drafts.append(draft)
    return found


def _name_extra(table: Table, found: Read) -> None:
    known = {*COLUMNS, *_OLD, "Tag"}
    extra = [name for name in table.header if name not in known]
    if extra:
        found.problems.append(
            Problem(
                1,
                shown(", ".join(extra)),
                "",
                _("These columns are not TimelineJS's and were left out: %(columns)s.")
                % {"columns": ", ".join(extra)[:200]},
                fatal=False,
            )
        )
    left = [name for name in table.header if name in _LEFT_OUT]
    if left and any(row.get(name) for row in table.rows for name in left):
        found.problems.append(
            Problem(1, left[0], "", _("Thumbnails are not imported."), fatal=False)
        )


def _name_kind(found: Read, row: Row, kind: str) -> None:
    if kind == "title":
        sentence = _(
            "There is a title slide before this one; TimelineJS shows a second as an event, and so "
            "it was read. Leave Type empty when that is meant."
        )
    elif kind.casefold() in ("title", "era"):
        sentence = _(
            "“%(kind)s” is written with a capital, so TimelineJS shows this row as an event, and "
            "so it was read. Write %(small)s when it is no event."
        ) % {"kind": kind[:20], "small": kind.casefold()}
    else:
        sentence = _(
            "“%(kind)s” is no type that TimelineJS knows; the row was read as an event."
        ) % {"kind": kind[:20]}
    _note(found, row, "Type", kind, sentence)


def _note(found: Read, row: Row, column: str, value: str, sentence: str) -> None:
    found.problems.append(Problem(row.number, column, shown(value), sentence, fatal=False))


def _slide(row: Row, *, parts: bool, problems: list[Problem]) -> Slide | None:
    if parts:
        start = Written(row.get("Year"), row.get("Month"), row.get("Day"), row.get("Time"))
        end = Written(
            row.get("End Year"), row.get("End Month"), row.get("End Day"), row.get("End Time")
        )
    else:
        split = [_split(row, name, problems) for name in _OLD]
        if None in split:
            return None
        start, end = (each or Written() for each in split)
    return Slide(
        row=row.number,
        start=start,
        end=end,
        display_date=row.get("Display Date"),
        headline=row.get("Headline"),
        text=row.get("Text"),
        media=row.get("Media"),
        credit=row.get("Media Credit"),
        caption=row.get("Media Caption"),
        alt=row.get("Alt Text"),
        group=line(row.get("Group") or row.get("Tag")),
        background=row.get("Background"),
    )


_ISO = re.compile(
    r"(-?\d{1,6})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ]+(\d{1,2}:\d{2}\S*))?", re.ASCII
)
_SLASHED = re.compile(r"(\d{1,2})/(?:(\d{1,2})/)?(\d{4})(?:\s+(\d{1,2}:\d{2}.*))?", re.ASCII)


def _split(row: Row, column: str, problems: list[Problem]) -> Written | None:
    """A whole date of the older sheet: ISO, or month/day/year, which is what TimelineJS reads.

    None, with a problem, when it is neither. A slashed date that is a day either way is refused:
    the sheet's author may have meant the other.
    """
    written = row.get(column)
    if not written:
        return Written()
    if match := _ISO.fullmatch(written):
        return Written(match[1], match[2] or "", match[3] or "", match[4] or "")
    if match := _SLASHED.fullmatch(written):
        first, second = match[1], match[2] or ""
        if second and int(first) <= 12 and int(second) <= 12 and first != second:
            problems.append(
                Problem(
                    row.number,
                    column,
                    shown(written),
                    _(
                        "“%(date)s” can be read in two ways. Write it as %(iso)s, or read the file "
                        "through a mapping that names the order."
                    )
                    % {
                        "date": shown(written),
                        "iso": f"{match[3]}-{int(first):02}-{int(second):02}",
                    },
                )
            )
            return None
        return Written(match[3], first, second, match[4] or "")
    return Written(written)
