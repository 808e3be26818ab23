"""The forms in which any selection of events goes out, each said once.

A text is written while its events are read; the package, which holds most of them, is not.

Addresses, the export menu, the page on data and the description of the API are made from this
table. A form that is not in it doesn't exist.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import KW_ONLY, dataclass

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

    ``at_most`` is how many events a selection may have to go out in this form, 0 for any number.
    What is ``inline`` is shown or subscribed to, not saved. ``options`` are parameters of its own,
    beside those of the selection.
    """

    suffix: str
    media_type: str
    label: "str | Promise"
    note: "str | Promise"
    losses: "str | Promise"
    _: KW_ONLY
    at_most: int = 0
    inline: bool = False
    options: tuple[str, ...] = ()

    @property
    def is_json(self) -> bool:
        """Whether programs read its refusals too as JSON."""
        return "json" in self.media_type


@dataclass(frozen=True)
class TextForm(Form):
    """``newest`` is how many events it holds at most, those that were updated last; 0 for all of
    them in the selection's order."""

    _: KW_ONLY
    write: Writer
    newest: int = 0


FORMS: tuple[TextForm, ...] = (
    TextForm(
        "csv",
        table.TYPE,
        "CSV",
        _("spreadsheet"),
        _(
            "One line an event, with its first ten sources. Figures, quotes, relations and the "
            "rest of the sources are in the other tables of the data package, and in JSON."
        ),
        options=("bom",),
        write=table.EVENTS.write,
    ),
    TextForm(
        "json",
        document.TYPE,
        "JSON",
        _("everything"),
        _(
            "Nothing that readers may know of the present record is lost; another site can be "
            "filled from it. Earlier versions are not in it."
        ),
        write=document.write,
    ),
    TextForm(
        "jsonld",
        jsonld.TYPE,
        "JSON-LD",
        _("linked data"),
        _(
            "Only what schema.org has words for: titles, dates, places, actors and sources. "
            "Stances, figures, relations and how well an event is established are left out; so is "
            "the reading of a date that isn’t a day, month or year, except as EDTF."
        ),
        write=jsonld.write,
    ),
    TextForm(
        "geojson",
        geojson.TYPE,
        "GeoJSON",
        _("map"),
        _(
            "Where, when and by whom, with the sources. Events without coordinates are in it, "
            "without a geometry. Figures, relations, quotes and notes are left out."
        ),
        write=geojson.write,
    ),
    TextForm(
        "ics",
        calendars.TYPE,
        "iCalendar",
        _("calendar"),
        _(
            "All-day events. A date that isn’t one day stands over all the days that it allows, "
            "with its words before the title; a side that is open is left away. Figures, "
            "relations, stances and quotes are left out."
        ),
        inline=True,
        write=calendars.write,
    ),
    TextForm(
        "atom",
        feeds.TYPE,
        "Atom",
        _("feed"),
        _(
            "The events that were published or revised last, at most 500: date in words, summary "
            "and sources, to be read and not to be computed with."
        ),
        newest=500,
        inline=True,
        write=feeds.write,
    ),
    TextForm(
        "timelinejs.json",
        timelinejs.JSON_TYPE,
        "TimelineJS",
        _("slides"),
        _(
            "Slides of TimelineJS 3: the parts of a date that are known, title, summary, and the "
            "sources as links in the text. Actors, stances, figures and relations are left out."
        ),
        write=timelinejs.write_json,
    ),
    TextForm(
        "timelinejs.csv",
        timelinejs.CSV_TYPE,
        _("TimelineJS sheet"),
        _("19 columns"),
        _(
            "The 19 columns of TimelineJS’s sheet and nothing more; it leaves out what the slides "
            "do, and the events’ identifiers."
        ),
        write=timelinejs.write_csv,
    ),
)
"""The texts, in the order of the menu."""

PACKAGE = Form(
    "zip",
    "application/zip",
    _("Data package"),
    _("all tables, explained"),
    _(
        "Nothing that JSON holds is lost: JSON and every table as CSV, with the codebook, the "
        "licence and how to cite it, described for Frictionless Data. At most 10,000 events; "
        "the whole of a larger record is in its releases."
    ),
    at_most=10_000,
)

OFFERED: tuple[Form, ...] = (*FORMS, PACKAGE)
"""All that is offered, in the order of the menu."""

STORY_FORMS = {form.suffix: form for form in FORMS if form.suffix in ("json", "timelinejs.json")}
"""The forms of a story, which hold its own words beside its events."""

BY_SUFFIX = {form.suffix: form for form in OFFERED}
