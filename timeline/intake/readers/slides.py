"""One slide of TimelineJS, from a sheet or from JSON, as the draft of an event.

What both have in common: dates in boxes, HTML in every text, media that may be a source. A box
that is empty is a date less exactly known, never the first of January.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from timeline import dates, text
from timeline.intake import html
from timeline.intake.drafts import (
    CategoryDraft,
    CitationDraft,
    EventDraft,
    ExternalDraft,
    PlaceDraft,
    Problem,
    SourceDraft,
)
from timeline.intake.fitting import DATE_NOTE, SOURCE_TITLE, Fitted, cut
from timeline.intake.readers.rows import Ids, Wrong, attempt, stable
from timeline.intake.written import Unclear, read_time

SYSTEM = "timelinejs"


@dataclass(frozen=True, slots=True)
class Written:
    """A date as it stands in its boxes."""

    year: str = ""
    month: str = ""
    day: str = ""
    time: str = ""

    def __bool__(self) -> bool:
        return bool(self.year or self.month or self.day or self.time)


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide as written. ``columns`` names the fields as the file does, for the problems."""

    row: int
    start: Written
    end: Written
    display_date: str = ""
    headline: str = ""
    text: str = ""
    media: str = ""
    credit: str = ""
    caption: str = ""
    alt: str = ""
    group: str = ""
    background: str = ""
    place: str = ""
    unique_id: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """How the file calls the fields."""

    year: str = "Year"
    month: str = "Month"
    day: str = "Day"
    time: str = "Time"
    end_year: str = "End Year"
    end_month: str = "End Month"
    end_day: str = "End Day"
    end_time: str = "End Time"
    display_date: str = "Display Date"
    headline: str = "Headline"
    text: str = "Text"
    media: str = "Media"
    background: str = "Background"


SHEET = Names()


@dataclass
class Slides:
    """Turns slides into drafts, and remembers what it has met so that ids don't repeat."""

    names: Names = SHEET
    background_is_source: bool = False
    ids: Ids = field(default_factory=Ids)
    _met: dict[tuple[str, str, str], dates.FuzzyDate] = field(default_factory=dict)
    """Days come again and again; those that could be read without a word."""

    def draft(self, slide: Slide, problems: list[Problem]) -> EventDraft | None:
        """Return the draft, or None when the slide can't be read; problems are added."""
        return attempt(slide.row, problems, lambda fitted: self._draft(slide, fitted))

    def _draft(self, slide: Slide, fitted: Fitted) -> EventDraft:
        when, note = self._when(slide, fitted)
        headline = html.plain(slide.headline)
        written, listed = html.own_list(slide.text)
        said = html.plain(written)
        links = (*headline.links, *said.links, *html.plain(listed).links)
        title = text.clean_line(headline.text)
        summary = said.text
        if not title:
            title = _first_sentence(summary)
            if not title:
                raise Wrong(
                    self.names.headline, "", _("This event has no headline. Write what happened.")
                )
            fitted.warn(
                self.names.headline,
                "",
                _("There is no headline; the first sentence of the text stands for it."),
            )
        if slide.alt:
            fitted.keep(_("Alt text"), html.line(slide.alt))
        group = html.line(slide.group)
        place = html.line(slide.place)
        return EventDraft(
            row=slide.row,
            title=fitted.title(title, self.names.headline),
            summary=fitted.summary(summary, self.names.text),
            date=when.edtf,
            date_note=fitted.line(note, DATE_NOTE, self.names.display_date),
            time=self._time(slide, when, fitted),
            category=CategoryDraft(group) if group else None,
            place=PlaceDraft(place) if place else None,
            citations=self._citations(slide, links, fitted),
            external=(ExternalDraft(SYSTEM, self._id(slide, when, title, fitted)),),
            internal_note=fitted.internal_note,
        )

    # --- Dates ------------------------------------------------------------------------------

    def _when(self, slide: Slide, fitted: Fitted) -> tuple[dates.FuzzyDate, str]:
        """The date, and what the display date says beyond it."""
        names = self.names
        display = html.line(slide.display_date)
        start = self._boxes(slide.start, (names.year, names.month, names.day, names.time), fitted)
        end = start
        if slide.end:
            columns = (names.end_year, names.end_month, names.end_day, names.end_time)
            end = self._boxes(slide.end, columns, fitted)
        if slide.end.time:
            fitted.keep(names.end_time, slide.end.time)
            fitted.warn(
                names.end_time,
                slide.end.time,
                _("The time of the end has no field here; it is in the internal note."),
            )
        if (said := self._in_display(display, start, end, fitted)) is not None:
            return said, ""
        when = self._span(start, end)
        return when, self._note(display, when, fitted)

    def _in_display(
        self, display: str, start: dates.FuzzyDate, end: dates.FuzzyDate, fitted: Fitted
    ) -> dates.FuzzyDate | None:
        """The date that Display Date says more truly than the boxes, as a season leaves only its
        year in them: words are believed when what is filled in agrees with them."""
        said = _read(display)
        if said is None or not (dates.says_all(start) and dates.says_all(end)):
            return None
        left, right = dates.boxes(start)[0], dates.boxes(end)[0]
        first, last = dates.boxes(said)
        last = last or first
        nothing_new = dates.says_all(said) and (left, right) == (first, last)
        if nothing_new or not (left.holds(first) and right.holds(last)):
            return None
        fitted.warn(
            self.names.display_date,
            display,
            _("The date is taken from “%(words)s”, which says more than the other columns.")
            % {"words": display[:60]},
        )
        return said

    def _note(self, display: str, when: dates.FuzzyDate, fitted: Fitted) -> str:
        """What Display Date adds in words that are no date, or another one."""
        if not display or _same_words(display, when):
            return ""
        said = _read(display)
        if said is not None and said.edtf == when.edtf:
            return ""
        if said is not None:
            fitted.warn(
                self.names.display_date,
                display,
                _("“%(words)s” is not the same as %(date)s. It is kept as the note on the date.")
                % {"words": display[:60], "date": dates.words(when)},
            )
        return display

    def _span(self, start: dates.FuzzyDate, end: dates.FuzzyDate) -> dates.FuzzyDate:
        if start.edtf == end.edtf:
            return start
        if start.earliest <= end.earliest and end.latest <= start.latest:
            raise Wrong(
                self.names.year,
                dates.words(start),
                _(
                    "The start, %(start)s, is known less exactly than the end within it, %(end)s. "
                    "Fill in the month or day of the start, or leave the end empty."
                )
                % {"start": dates.words(start), "end": dates.words(end)},
            )
        try:
            return dates.parse(f"{start.edtf}/{end.edtf}")
        except dates.DateError as error:
            raise Wrong(self.names.end_year, end.edtf, str(error)) from error

    def _boxes(
        self,
        written: Written,
        columns: tuple[str, str, str, str],
        fitted: Fitted,
    ) -> dates.FuzzyDate:
        year, month, day = written.year.strip(), written.month.strip(), written.day.strip()
        met = self._met.get((year, month, day))
        if met is not None:
            return met
        told = len(fitted.problems)
        when = self._filled(written, (year, month, day), columns, fitted)
        if len(fitted.problems) == told:
            self._met[year, month, day] = when
        return when

    def _filled(
        self,
        written: Written,
        filled: tuple[str, str, str],
        columns: tuple[str, str, str, str],
        fitted: Fitted,
    ) -> dates.FuzzyDate:
        year, month, day = filled
        if not year:
            self._without_year(written, columns)
        if _BEFORE_ALL.fullmatch(year):
            raise Wrong(
                columns[0],
                year,
                _(
                    "“%(year)s” lies before the year 1. Years from 1 to 9999 can be recorded; "
                    "leave this event out."
                )
                % {"year": year[:20]},
            )
        number = _whole(year.replace(" ", "").replace(",", "").replace("\u00a0", ""))
        if number is None:
            return self._in_words(year, month, day, columns, fitted)
        if year != str(number) and "," in year:
            fitted.warn(
                columns[0],
                year,
                _("“%(year)s” was read as the year %(number)s.")
                % {"year": year[:20], "number": number},
            )
        return self._day(number, month, day, columns, fitted)

    def _without_year(self, written: Written, columns: tuple[str, str, str, str]) -> None:
        if written.time.strip() and not (written.month.strip() or written.day.strip()):
            raise Wrong(
                columns[3],
                written.time,
                _("“%(time)s” stands in %(column)s, but %(year)s is empty. Fill it in.")
                % {"time": written.time[:20], "column": columns[3], "year": columns[0]},
            )
        raise Wrong(
            columns[0],
            "",
            _("%(column)s is empty. Fill it in: without a year there is no place for this event.")
            % {"column": columns[0]},
        )

    def _day(
        self, year: int, month: str, day: str, columns: tuple[str, str, str, str], fitted: Fitted
    ) -> dates.FuzzyDate:
        if not month and day:
            raise Wrong(
                columns[2],
                day,
                _("%(day)s is filled in, but %(month)s is empty. Fill in both or neither.")
                % {"day": columns[2], "month": columns[1]},
            )
        month_number, day_number = _whole(month), _whole(day)
        if month and month_number is None:
            return self._in_words(str(year), month, day, columns, fitted)
        if month_number is not None and not 1 <= month_number <= 12:
            raise Wrong(
                columns[1],
                month,
                _("There is no month %(month)s. Write one from 1 to 12, or leave it empty.")
                % {"month": month[:20]},
            )
        if day and day_number is None:
            raise Wrong(
                columns[2],
                day,
                _("“%(day)s” is not a day. Write one from 1 to 31, or leave it empty.")
                % {"day": day[:20]},
            )
        if not 1 <= year <= 9999:
            raise Wrong(columns[0], str(year), _("Years from 1 to 9999 can be recorded."))
        try:
            return dates.parse(dates.Boxes(year, month_number, day_number or None).edtf)
        except dates.DateError as error:
            raise Wrong(columns[2] if day else columns[1], day or month, str(error)) from error

    def _in_words(
        self, year: str, month: str, day: str, columns: tuple[str, str, str, str], fitted: Fitted
    ) -> dates.FuzzyDate:
        """“c. 2020” for the year, “October” or “Autumn” for the month: no TimelineJS reads it."""
        written = " ".join(each for each in (day, month, year) if each)
        column, value = (columns[1], month) if _whole(year) is not None else (columns[0], year)
        try:
            when = dates.single(written)
        except dates.DateError as error:
            raise Wrong(
                column,
                value,
                _(
                    "“%(value)s” in %(column)s can't be read as a number. Write the year with four "
                    "digits, the month from 1 to 12; put other words into Display Date."
                )
                % {"value": value[:30], "column": column},
            ) from error
        fitted.warn(
            column,
            value,
            _("“%(value)s” is not a number; the date was read as %(date)s.")
            % {"value": value[:30], "date": dates.words(when)},
        )
        return when

    def _time(self, slide: Slide, when: dates.FuzzyDate, fitted: Fitted) -> dt.time | None:
        written = slide.start.time.strip()
        if not written:
            return None
        try:
            time = read_time(written)
        except Unclear as error:
            raise Wrong(self.names.time, written, str(error)) from error
        if when.start is None or when.start.precision is not dates.Precision.DAY:
            fitted.keep(self.names.time, written)
            fitted.warn(
                self.names.time,
                written,
                _("A time without a day has no place; it is in the internal note."),
            )
            return None
        return time

    # --- Sources ----------------------------------------------------------------------------

    def _citations(
        self, slide: Slide, links: tuple[html.Link, ...], fitted: Fitted
    ) -> tuple[CitationDraft, ...]:
        found: dict[str, CitationDraft] = {}

        def cite(link: html.Link, stance: str = "reports", kind: str = "", note: str = "") -> None:
            key = text.canonical_url(link.address)
            title = cut(link.words, SOURCE_TITLE)
            source = SourceDraft(
                url=link.address, title=title, title_is_description=bool(title), kind=kind
            )
            found.setdefault(key, CitationDraft(source, stance=stance, note=note))

        background = slide.background.strip()
        address = html.address(background) if background else ""
        if address and (self.background_is_source or not _is_picture(address)):
            cite(html.Link(address))
            if not self.background_is_source:
                fitted.warn(
                    self.names.background,
                    background,
                    _("This background is a link and no picture; it was taken as a source."),
                )
        for link in links:
            cite(link)
        caption = html.plain(slide.caption)
        credit = html.plain(slide.credit)
        media = slide.media.strip()
        if media:
            words = text.clean_line(caption.text) or text.clean_line(credit.text)
            pictured = html.plain(media)
            for link in pictured.links or (html.Link(html.address(media)),):
                if link.address:
                    cite(
                        html.Link(link.address, words or link.words),
                        "background",
                        _kind(link.address),
                        _("Media of the slide."),
                    )
            if not pictured.links and not html.address(media):
                fitted.keep(self.names.media, pictured.text)
        for link in (*caption.links, *credit.links):
            cite(link)
        if caption.text and not found:
            fitted.keep(_("Caption"), caption.text)
        return tuple(found.values())

    # --- Ids --------------------------------------------------------------------------------

    def _id(self, slide: Slide, when: dates.FuzzyDate, title: str, fitted: Fitted) -> str:
        """What the slide is found by again: its own id, else its date and headline."""
        given = text.clean_line(slide.unique_id)
        value = given or stable(when.edtf, title)
        twice = _same_id if given else _same_headline
        return self.ids.once(value, fitted, self.names.headline, twice)


def _same_id() -> str:
    return _("Another event of this file has the same id. Is it there twice?")


def _same_headline() -> str:
    return _("Another event of this file has the same date and headline. Is it there twice?")


_WHOLE = re.compile(r"(\d{1,6})(?:\.0+)?", re.ASCII)
_BEFORE_ALL = re.compile(r"[-−–]\s*\d[\d ,]*|0+")


def _whole(written: str) -> int | None:
    """``7``, ``07``, ``7.0``; None for anything else."""
    match = _WHOLE.fullmatch(written)
    return int(match[1]) if match else None


def _read(display: str) -> dates.FuzzyDate | None:
    """The date that these words are, if any."""
    try:
        return dates.read(display) if display else None
    except dates.DateError:
        return None


def _first_sentence(said: str) -> str:
    head = said.split("\n", 1)[0]
    return re.split(r"(?<=[.!?。])\s", head, maxsplit=1)[0]


def _same_words(display: str, when: dates.FuzzyDate) -> bool:
    said = text.fold(display).replace("–", "-").replace(",", "")
    return any(
        said == text.fold(words).replace("–", "-").replace(",", "")
        for words in (dates.words(when), dates.short(when), dates.words(when, "ko"), when.edtf)
    )


_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".avif")
_VIDEOS = ("youtube.com", "youtu.be", "vimeo.com", "dailymotion.com")
_POSTS = ("twitter.com", "x.com", "t.me", "facebook.com", "instagram.com", "vk.com")


def _is_picture(address: str) -> bool:
    return urlsplit(address).path.lower().endswith(_PICTURES)


def _kind(address: str) -> str:
    """What kind of source a medium is; empty when its address doesn't tell."""
    host = text.host(address).removeprefix("www.").removeprefix("m.")
    if _is_picture(address):
        return "imagery"
    if host in _VIDEOS or urlsplit(address).path.lower().endswith((".mp4", ".webm", ".mov")):
        return "video"
    return "social_post" if host in _POSTS else ""
