"""The forms in which any selection of events goes out, each said once.

Addresses, the export menu, the page on data and the description of the API are made from this
table. A form that is not in it doesn't exist.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline.formats import (
    calendars,
    document,
    feeds,
    geojson,
    jsonld,
    table,
    timelinejs,
)
from timeline.formats.about import About
from timeline.record import EventRecord

Writer = Callable[[About, Iterable[EventRecord]], Iterator[str]]


@dataclass(frozen=True)
class Form:
    """``suffix`` ends the address, without its dot; ``note`` is a word or two for the menu and
    ``losses`` says what of the record the form has no place for.

    ``newest`` is how many events it holds at most, those that were updated last; 0 for all of
    them in the selection's order. What is ``inline`` is shown or subscribed to, not saved.
    ``options`` are parameters of its own, beside those of the selection.
    """

    suffix: str
    media_type: str
    write: Writer
    label: "str | Promise"
    note: "str | Promise"
    losses: "str | Promise"
    newest: int = 0
    inline: bool = False
    options: tuple[str, ...] = ()

    @property
    def is_json(self) -> bool:
        """Whether programs read its refusals too as JSON."""
        return "json" in self.media_type


FORMS: tuple[Form, ...] = (
    Form(
        "csv",
        table.TYPE,
        table.EVENTS.write,
        "CSV",
        _("spreadsheet"),
        _(
            "One line an event, with its first ten sources. Figures, quotes, relations and the "
            "rest of the sources are in the other tables of the data package, and in JSON."
        ),
        options=("bom",),
    ),
    Form(
        "json",
        document.TYPE,
        document.write,
        "JSON",
        _("everything"),
        _(
            "Nothing that readers may know of the present record is lost; another site can be "
            "filled from it. Earlier versions are not in it."
        ),
    ),
    Form(
        "jsonld",
        jsonld.TYPE,
        jsonld.write,
        "JSON-LD",
        _("linked data"),
        _(
            "Only what schema.org has words for: titles, dates, places, actors and sources. "
            "Stances, figures, relations and how well an event is established are left out; so is "
            "the reading of a date that isn’t a day, month or year, except as EDTF."
        ),
    ),
    Form(
        "geojson",
        geojson.TYPE,
        geojson.write,
        "GeoJSON",
        _("map"),
        _(
            "Where, when and by whom, with the sources. Events without coordinates are in it, "
            "without a geometry. Figures, relations, quotes and notes are left out."
        ),
    ),
    Form(
        "ics",
        calendars.TYPE,
        calendars.write,
        "iCalendar",
        _("calendar"),
        _(
            "All-day events. A date that isn’t one day stands over all the days that it allows, "
            "with its words before the title; a side that is open is left away. Figures, "
            "relations, stances and quotes are left out."
        ),
        inline=True,
    ),
    Form(
        "atom",
        feeds.TYPE,
        feeds.write,
        "Atom",
        _("feed"),
        _(
            "The events that were published or revised last, at most 500: date in words, summary "
            "and sources, to be read and not to be computed with."
        ),
        newest=500,
        inline=True,
    ),
    Form(
        "timelinejs.json",
        timelinejs.JSON_TYPE,
        timelinejs.write_json,
        "TimelineJS",
        _("slides"),
        _(
            "Slides of TimelineJS 3: the parts of a date that are known, title, summary, and the "
            "sources as links in the text. Actors, stances, figures and relations are left out."
        ),
    ),
    Form(
        "timelinejs.csv",
        timelinejs.CSV_TYPE,
        timelinejs.write_csv,
        _("TimelineJS sheet"),
        _("19 columns"),
        _(
            "The 19 columns of TimelineJS’s sheet and nothing more; it leaves out what the slides "
            "do, and the events’ identifiers."
        ),
    ),
)
"""In the order of the menu."""

BY_SUFFIX = {form.suffix: form for form in FORMS}
