"""TimelineJS: its JSON, and the 19 columns of its sheet with nothing more.

Only the parts of a date that are known are written; what they can't say (a season, about, before)
stands in the display date in words. Sources are links in the text. Everything is text to us and
HTML to TimelineJS, so all of it is escaped. Relations, figures and stances have no place there.
"""

import html
import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from timeline import dates, text
from timeline.dates import Boxes
from timeline.formats import sheets
from timeline.formats.about import About
from timeline.models.tongue import tongue
from timeline.record import EventRecord, SourceRecord, spoken
from timeline.record.outside import page_of

_AT_ONCE = 20
"""Rows; each holds a text with all its links."""

JSON_TYPE = "application/json; charset=utf-8"
CSV_TYPE = sheets.TYPE

COLUMNS = (
    "Year",
    "Month",
    "Day",
    "Time",
    "End Year",
    "End Month",
    "End Day",
    "End Time",
    "Display Date",
    "Headline",
    "Text",
    "Media",
    "Media Credit",
    "Media Caption",
    "Media Thumbnail",
    "Alt Text",
    "Type",
    "Group",
    "Background",
)


def write_json(about: About, records: Iterable[EventRecord]) -> Iterator[str]:
    """The document, one event at a time."""
    yield f'{{"title":{_json(title(about))},"events":['
    between = "\n"
    for record in spoken.told(records, about.language):
        yield f"{between}{_json(slide(record, about))}"
        between = ",\n"
    yield "\n]}\n"


def write_csv(about: About, records: Iterable[EventRecord]) -> Iterator[str]:
    """The sheet: a title row, then a row for each event."""
    first = dict.fromkeys(COLUMNS, "")
    first |= {"Headline": _escaped(about.words), "Text": _origin(about), "Type": "title"}
    rows = chain([first], (_row(each, about) for each in spoken.told(records, about.language)))
    return sheets.lines(COLUMNS, ([row[name] for name in COLUMNS] for row in rows), _AT_ONCE)


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# --- One slide ------------------------------------------------------------------------------


def title(about: About, introduction: str = "") -> dict[str, Any]:
    """The first slide; ``introduction`` is HTML."""
    return {"text": {"headline": _escaped(about.words), "text": introduction + _origin(about)}}


def era(name: str, start: Boxes, end: Boxes) -> dict[str, Any]:
    """A named span behind the slides."""
    return {
        "start_date": _date(start),
        "end_date": _date(end),
        "text": {"headline": _escaped(name)},
    }


def slide(record: EventRecord, about: About, note: str = "") -> dict[str, Any]:
    """The slide of an event, under a ``note`` in HTML where a story says something of it."""
    when = dates.parse(record.date)
    start, end = dates.boxes(when)
    made: dict[str, Any] = {
        "unique_id": record.public_id,
        "start_date": _date(start),
        "text": {"headline": _escaped(record.title), "text": note + _text(record, about)},
    }
    if record.time is not None and start.day:
        made["start_date"] |= {"hour": record.time.hour, "minute": record.time.minute}
    if end:
        made["end_date"] = _date(end)
    if display := _display(when):
        made["display_date"] = _escaped(display)
    if record.category:
        made["group"] = _escaped(record.category.name)
    return made


def _date(boxes: Boxes) -> dict[str, int]:
    parts = {"year": boxes.year, "month": boxes.month, "day": boxes.day}
    return {name: number for name, number in parts.items() if number is not None}


def _row(record: EventRecord, about: About) -> dict[str, str]:
    when = dates.parse(record.date)
    start, end = dates.boxes(when)
    row = dict.fromkeys(COLUMNS, "")
    row |= _cells("", start)
    if end:
        row |= _cells("End ", end)
    if record.time is not None and start.day:
        row["Time"] = record.time.strftime("%H:%M")
    row["Display Date"] = _escaped(_display(when))
    row["Headline"] = _escaped(record.title)
    row["Text"] = _text(record, about)
    row["Group"] = _escaped(record.category.name) if record.category else ""
    return row


def _cells(prefix: str, boxes: Boxes) -> dict[str, str]:
    parts = {"Year": boxes.year, "Month": boxes.month, "Day": boxes.day}
    return {f"{prefix}{name}": str(number or "") for name, number in parts.items()}


def _display(when: dates.FuzzyDate) -> str:
    return "" if dates.says_all(when) else dates.words(when, tongue())


# --- Texts ----------------------------------------------------------------------------------


def _escaped(said: str) -> str:
    return html.escape(said, quote=True)


def _text(record: EventRecord, about: About) -> str:
    """Summary, note on the date, and a last paragraph of sources and the event's own page.

    The link to that page is marked as its permanent one, by which our reader of TimelineJS knows
    the paragraph.
    """
    paragraphs = [part for part in record.summary.split("\n\n") if part]
    if record.date_note:
        paragraphs.append(record.date_note)
    written = [f"<p>{_escaped(part).replace(chr(10), '<br>')}</p>" for part in paragraphs]
    address = _escaped(page_of(record.public_id, record.slug))
    last = [f'<a rel="bookmark" href="{address}">{_escaped(about.site)}</a>']
    if record.citations:
        sources = "; ".join(_source(each.source) for each in record.citations)
        last.insert(0, " ".join((_escaped(_("Sources:")), sources)))
    written.append(f"<p>{' · '.join(last)}</p>")
    return "".join(written)


def _source(source: SourceRecord) -> str:
    words = _escaped(source.title or source.reference or text.host(source.url))
    by = _escaped(f" ({source.publisher.name})") if source.publisher.name else ""
    if not source.url:
        return f"{words}{by}"
    return f'<a href="{_escaped(source.url)}">{words}</a>{by}'


def _origin(about: About) -> str:
    site = f'<a href="{_escaped(about.address)}">{_escaped(about.site)}</a>'
    return f"<p>{site} · {_escaped(about.licence)}</p>"
