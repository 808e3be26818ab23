"""Calendars (iCalendar, RFC 5545): all-day events to subscribe to or to print.

A calendar knows days only, so a date that isn't one day stands over all the days that it allows,
and its words stand before the title: ``2024 (year only): ...``. A side that is open is left away:
``since October 2024`` stands over October 2024. A day of 31 December 9999 is where calendars end.
What isn't established is tentative, and a disproved event says so in its title. Nothing here
depends on when the calendar is written: the moments are those of the last revision.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from django.utils import translation
from django.utils.translation import gettext
from icalendar import Calendar, Event, vDuration, vText, vUri

from timeline import dates
from timeline.formats import plain
from timeline.formats.about import About
from timeline.record import EventRecord, PlaceRecord, shortest, spoken
from timeline.record.outside import page_of

TYPE = "text/calendar; charset=utf-8"
REFRESH = dt.timedelta(hours=12)
"""How often a subscriber should ask again."""

_ESTABLISHED = {"confirmed", "reported"}
_END = b"END:VCALENDAR\r\n"


def write(about: About, records: Iterable[EventRecord]) -> Iterator[str]:
    """The calendar, an event at a time."""
    head = _head(about).to_ical()
    yield head.removesuffix(_END).decode()
    host = urlsplit(about.site_address).hostname or "localhost"
    for record in spoken.told(records, about.language):
        with translation.override(about.language):
            entry = _entry(record, host, about)
        yield entry.to_ical().decode()
    yield _END.decode()


def _head(about: About) -> Calendar:
    name = plain.line(f"{about.site}: {about.words}")
    head = Calendar()
    head.add("prodid", f"-//{plain.line(about.site)}//Dateline//EN")
    head.add("version", "2.0")
    head.add("calscale", "GREGORIAN")
    head.add("name", name)
    head.add("x-wr-calname", name)
    head.add("description", plain.line(about.licence))
    head["url"] = vUri(about.address)
    head.add("source", vUri(about.own_address), parameters={"VALUE": "URI"})
    head.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    head.add("x-published-ttl", vDuration(REFRESH))
    return head


def _entry(record: EventRecord, host: str, about: About) -> Event:
    when = dates.parse(record.date)
    first, last = _shown(when)
    moment = plain.revised(record, about).astimezone(dt.UTC)
    entry = Event()
    entry.add("uid", f"{plain.line(record.public_id)}@{host}")
    entry.add("dtstamp", moment)
    entry.add("last-modified", moment)
    entry.add("sequence", max((record.version or 1) - 1, 0))
    entry.add("dtstart", first)
    if first < last:
        entry.add("dtend", last if last == dates.LAST_DAY else last + dt.timedelta(days=1))
    entry.add("summary", _title(record, when, about.language))
    entry.add("description", _description(record, when, about.language))
    entry["url"] = vUri(page_of(record.public_id, record.slug))
    categories = [record.category.name] if record.category else []
    words = [plain.line(each) for each in (*categories, *(t.name for t in record.topics))]
    if any(words):
        entry.add("categories", [word for word in words if word])
    if record.place is not None:
        _locate(entry, record.place)
    entry.add("status", "CONFIRMED" if record.verification in _ESTABLISHED else "TENTATIVE")
    entry.add("transp", "TRANSPARENT")
    return entry


def _shown(when: dates.FuzzyDate) -> tuple[dt.date, dt.date]:
    """The first and last day over which it stands."""
    if when.start is None and when.end is not None:
        return when.end.earliest, when.end.latest
    if when.end is None and when.start is not None:
        return when.start.earliest, when.start.latest
    return when.earliest, when.latest


def _title(record: EventRecord, when: dates.FuzzyDate, language: str) -> str:
    title = plain.line(record.title)
    if record.verification == "disproved":
        title = gettext("%(title)s (disproved)") % {"title": title}
    if _says_itself(when):
        return title
    words = dates.words(when, language)
    known = {
        dates.Precision.MONTH: gettext("month only"),
        dates.Precision.YEAR: gettext("year only"),
        dates.Precision.SEASON: gettext("season only"),
        dates.Precision.DECADE: gettext("decade only"),
        dates.Precision.CENTURY: gettext("century only"),
        dates.Precision.QUARTER: gettext("day not known"),
        dates.Precision.THIRD: gettext("day not known"),
        dates.Precision.HALF: gettext("day not known"),
    }.get(when.precision)
    return f"{words} ({known}): {title}" if known else f"{words}: {title}"


def _says_itself(when: dates.FuzzyDate) -> bool:
    """Whether the days in the calendar say all that is known: a day, or from one day to another,
    without a doubt."""
    ends = (when.start, when.end)
    return (
        when.precision in (dates.Precision.DAY, dates.Precision.SPAN)
        and not (when.uncertain or when.approximate)
        and all(end is not None and end.precision is dates.Precision.DAY for end in ends)
    )


def _description(record: EventRecord, when: dates.FuzzyDate, language: str) -> str:
    date = dates.full_words(when, language)
    if record.time is not None:
        zone = plain.line(record.time_zone)
        date = f"{date}, {record.time:%H:%M}" + (f" ({zone})" if zone else "")
    said = [date, plain.paragraphs(record.summary)]
    sources = [
        " ".join(
            part
            for part in (
                plain.line(source.publisher.name),
                dates.words(dates.parse(source.published), language) if source.published else "",
                plain.link(source.url) or plain.line(source.reference),
            )
            if part
        )
        for source in {each.source.public_id: each.source for each in record.citations}.values()
    ]
    return "\n\n".join(part for part in (*said, "\n".join(sources)) if part)


def _locate(entry: Event, place: PlaceRecord) -> None:
    around = (place.name, *place.within)
    entry.add("location", ", ".join(plain.line(each) for each in around if plain.line(each)))
    if place.latitude is not None and place.longitude is not None:
        # The library would write floats, of which small ones have an exponent.
        entry["geo"] = _Geo(f"{shortest(place.latitude)};{shortest(place.longitude)}")


class _Geo(vText):
    """A position as the record has it; its semicolon separates and is not escaped."""

    def to_ical(self) -> bytes:
        return self.encode()
