"""The JSON of TimelineJS 3, the older one of version 2, and either inside a JSONP call.

Events are counted from 1 as they stand in the file. The title slide and the eras are not events
and are skipped with a note.
"""

import json
import re
from typing import Any

from django.utils.translation import gettext as _

from timeline.intake.decoding import decoded
from timeline.intake.drafts import Problem, Read
from timeline.intake.readers.slides import Names, Slide, Slides, Written
from timeline.intake.tables import MAX_BYTES, MAX_CELL, MAX_ROWS, Refused

NAME = "timelinejs-json"

_NAMES = Names(
    year="start_date.year",
    month="start_date.month",
    day="start_date.day",
    time="start_date.hour",
    end_year="end_date.year",
    end_month="end_date.month",
    end_day="end_date.day",
    end_time="end_date.hour",
    display_date="display_date",
    headline="text.headline",
    text="text.text",
    media="media.url",
    background="background.url",
)
_CALL = re.compile(r"\s*(?:/\*\*/)?\s*[A-Za-z_$][\w$.]{0,60}\s*\(\s*(?=\{)")


def read(content: bytes, *, background_is_source: bool = False) -> Read:
    """Read a document of TimelineJS. Never raises for what it holds."""
    found = Read(NAME)
    try:
        document = _document(content, found)
    except Refused as refused:
        found.problems.append(refused.problem)
        return found
    old = isinstance(document.get("timeline"), dict)
    events = _events(document["timeline"] if old else document, "date" if old else "events", found)
    slides = Slides(_NAMES, background_is_source)
    for row, event in enumerate(events, start=1):
        slide = _slide(row, event, old=old, found=found)
        draft = slides.draft(slide, found.problems) if slide else None
        if draft:
            found.drafts.append(draft)
    return found


def recognises(head: str) -> bool:
    """Whether a text begins like one of these documents."""
    return bool(re.match(r"(?:[\w$.]+\s*\(\s*)?\{", head.strip())) and any(
        f'"{word}"' in head for word in ("start_date", "startDate", "headline")
    )


def _document(content: bytes, found: Read) -> dict[str, Any]:
    if len(content) > MAX_BYTES:
        raise Refused(
            _("The file is larger than %(limit)s MB. Split it into several files.")
            % {"limit": MAX_BYTES // 1_000_000},
        )
    text = decoded(content)
    if text.refusal:
        raise Refused(text.refusal)
    if text.note:
        found.problems.append(Problem(0, "", text.encoding, text.note, fatal=False))
    written = text.text
    if call := _CALL.match(written):
        written = re.sub(r"\)\s*;?\s*\Z", "", written[call.end() :])
    try:
        document = json.loads(written, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", str(error))[:80]
        if isinstance(error, json.JSONDecodeError):
            reason = _("%(reason)s, line %(line)s") % {"reason": reason, "line": error.lineno}
        raise Refused(
            _("The file is not JSON (%(reason)s). Save it anew from the program it is of.")
            % {"reason": reason}
        ) from error
    if isinstance(document, dict):
        return document
    raise Refused(_no_events())


def _no_number(written: str) -> None:
    raise ValueError(f"{written} is not a number")


def _no_events() -> str:
    return _("This is no TimelineJS document: it has no list “events”. Choose another format.")


def _refuse(found: Read, sentence: str) -> None:
    found.problems.append(Problem(0, "", "", sentence))


def _events(document: dict[str, Any], key: str, found: Read) -> list[Any]:
    events = document.get(key)
    if not isinstance(events, list):
        _refuse(found, _no_events())
        return []
    if len(events) > MAX_ROWS:
        _refuse(
            found,
            _("The file has more than %(limit)s events. Split it into several files.")
            % {"limit": f"{MAX_ROWS:,}"},
        )
        return []
    found.rows = len(events)
    for name, sentence in (
        ("title", _("The title slide is no event; left out.")),
        ("eras", _("Eras are backgrounds of the chart; %(count)s left out.")),
        ("era", _("Eras are backgrounds of the chart; %(count)s left out.")),
    ):
        value = document.get(name)
        if value:
            count = len(value) if isinstance(value, list) else 1
            found.rows += count
            found.skipped += count
            found.problems.append(Problem(0, name, "", sentence % {"count": count}, fatal=False))
    return events


def _slide(row: int, event: Any, *, old: bool, found: Read) -> Slide | None:
    if not isinstance(event, dict):
        found.problems.append(
            Problem(
                row,
                "",
                str(event)[:60],
                _("This is no event: it is not an object. Take it out of the list."),
            )
        )
        return None
    slide = _old_slide(row, event) if old else _new_slide(row, event)
    for name in ("headline", "text", "media", "caption", "credit"):
        if len(getattr(slide, name).encode(errors="replace")) > MAX_CELL:
            found.problems.append(
                Problem(
                    row,
                    name,
                    getattr(slide, name)[:60],
                    _("This text is larger than %(limit)s kB. Shorten it.")
                    % {"limit": MAX_CELL // 1000},
                )
            )
            return None
    return slide


def _new_slide(row: int, event: dict[str, Any]) -> Slide:
    words, media = _inner(event, "text"), _inner(event, "media")
    start, end = _inner(event, "start_date"), _inner(event, "end_date")
    return Slide(
        row=row,
        start=_written(start),
        end=_written(end),
        display_date=_text(event, "display_date") or _text(start, "display_date"),
        headline=_text(words, "headline"),
        text=_text(words, "text"),
        media=_text(media, "url"),
        credit=_text(media, "credit"),
        caption=_text(media, "caption"),
        alt=_text(media, "alt"),
        group=_text(event, "group"),
        background=_text(_inner(event, "background"), "url"),
        place=_text(_inner(event, "location"), "name"),
        unique_id=_text(event, "unique_id"),
    )


def _old_slide(row: int, event: dict[str, Any]) -> Slide:
    asset = _inner(event, "asset")
    return Slide(
        row=row,
        start=_comma(_text(event, "startDate")),
        end=_comma(_text(event, "endDate")),
        headline=_text(event, "headline"),
        text=_text(event, "text"),
        media=_text(asset, "media"),
        credit=_text(asset, "credit"),
        caption=_text(asset, "caption"),
        group=_text(event, "tag"),
    )


def _inner(value: dict[str, Any], key: str) -> dict[str, Any]:
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}


def _text(value: dict[str, Any], key: str) -> str:
    """A text or number of the document as text; lists, objects and nothing are empty."""
    found = value.get(key)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    if isinstance(found, float) and found.is_integer() and abs(found) < 1e15:
        return str(int(found))
    written = str(found)
    if written.isprintable():
        return written
    # JSON can hold what no text has: half a character, and NUL, which PostgreSQL refuses.
    return written.replace("\x00", "␀").encode("utf-8", "replace").decode()


def _written(date: dict[str, Any]) -> Written:
    hour, minute, second = (_text(date, key) for key in ("hour", "minute", "second"))
    time = ""
    if hour:
        time = ":".join(each.zfill(2) for each in (hour, minute or "0", second or "0"))
    return Written(_text(date, "year"), _text(date, "month"), _text(date, "day"), time)


def _comma(date: str) -> Written:
    """``2012,1,26,10,15``: the date of version 2."""
    parts = [part.strip() for part in date.split(",")]
    parts += [""] * (6 - len(parts))
    time = ":".join(part.zfill(2) for part in parts[3:6] if part) if parts[3] else ""
    if time and ":" not in time:
        time += ":00"
    return Written(parts[0], parts[1], parts[2], time)
