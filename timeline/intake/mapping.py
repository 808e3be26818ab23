"""How the columns of somebody's table become the fields of a draft: what a mapping is.

A mapping is plain JSON, so that it can be stored by name and used for the next file of its kind.
It is checked when it is read; what is wrong with it is said in sentences.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline import text
from timeline.intake.decoding import NAMED
from timeline.intake.tables import SEPARATORS
from timeline.intake.written import ORDERS
from timeline.models.choices import Role

VERSION = 1
_LONGEST = 200
SYSTEM = 60


@dataclass(frozen=True)
class Field:
    """A field that columns can be mapped to. A ``list`` may take several values of a row."""

    name: str
    label: "str | Promise"
    list: bool = False
    required: bool = False


FIELDS: tuple[Field, ...] = (
    Field("title", gettext_lazy("Title"), required=True),
    Field("date", gettext_lazy("Date"), required=True),
    Field("end", gettext_lazy("Last day of a span")),
    Field("time", gettext_lazy("Local time")),
    Field("time_zone", gettext_lazy("Time zone")),
    Field("date_note", gettext_lazy("Note on the date")),
    Field("date_basis", gettext_lazy("The date is")),
    Field("summary", gettext_lazy("Summary")),
    Field("category", gettext_lazy("Category")),
    Field("topics", gettext_lazy("Topics"), list=True),
    Field("place", gettext_lazy("Place")),
    Field("region", gettext_lazy("Place around it")),
    Field("country", gettext_lazy("Country")),
    Field("latitude", gettext_lazy("Latitude")),
    Field("longitude", gettext_lazy("Longitude")),
    Field("place_precision", gettext_lazy("Place is known")),
    Field("importance", gettext_lazy("Importance")),
    Field("actors", gettext_lazy("Actors"), list=True),
    *(Field(f"actors.{role.value}", role.label, list=True) for role in Role),
    Field("source_url", gettext_lazy("Sources: links"), list=True),
    Field("source_title", gettext_lazy("Sources: titles"), list=True),
    Field("source_publisher", gettext_lazy("Sources: publishers"), list=True),
    Field("source_published", gettext_lazy("Sources: dates"), list=True),
    Field("source_authors", gettext_lazy("Sources: authors"), list=True),
    Field("source_language", gettext_lazy("Sources: language")),
    Field("source_kind", gettext_lazy("Sources: kind")),
    Field("source_reference", gettext_lazy("Sources: references in print"), list=True),
    Field("stance", gettext_lazy("Sources: stance")),
    Field("figure_subject", gettext_lazy("Figures: of whom or what")),
    Field("figure_attributed_to", gettext_lazy("Figures: given by")),
    Field("figure_qualifier", gettext_lazy("Figures: as stated")),
    Field("id", gettext_lazy("Id in the file")),
    Field("internal_note", gettext_lazy("Internal note"), list=True),
)
BY_NAME = {each.name: each for each in FIELDS}

FIGURE = "figures."
"""``figures.killed`` is the best value of that metric; ``.low`` and ``.high`` may follow."""


class MappingError(ValueError):
    """A mapping that can't be used. Its message says what to change."""


@dataclass(frozen=True, slots=True)
class Take:
    """What a field is made of: the cells of ``columns`` put together, else the ``constant``.

    ``joiner`` stands between the cells of several columns. With a ``separator``, each cell of a
    list field holds several values. ``order`` is that of a date in numbers: ``dmy``, ``mdy`` or
    ``ymd``.
    """

    columns: tuple[str, ...] = ()
    joiner: str = " "
    constant: str = ""
    separator: str = ""
    order: str = ""


@dataclass(frozen=True)
class Mapping:
    """``system`` names the source of the files, so that a second import finds its events again.
    ``sheet``, ``encoding`` and ``separator`` are for the file; empty ones are recognised."""

    fields: dict[str, Take] = field(default_factory=dict)
    system: str = ""
    sheet: str = ""
    encoding: str = ""
    separator: str = ""

    def to_json(self) -> dict[str, Any]:
        """The mapping as an object of JSON; what is empty is left out."""
        written: dict[str, Any] = {"version": VERSION, "fields": {}}
        for name in ("system", "sheet", "encoding", "separator"):
            if getattr(self, name):
                written[name] = getattr(self, name)
        for name, take in self.fields.items():
            entry: dict[str, Any] = {}
            if take.columns:
                entry["columns"] = list(take.columns)
            if take.joiner != " ":
                entry["joiner"] = take.joiner
            for part in ("constant", "separator", "order"):
                if getattr(take, part):
                    entry[part] = getattr(take, part)
            written["fields"][name] = entry
        return written

    @classmethod
    def from_json(cls, written: Any) -> "Mapping":
        """Read an object of JSON. Raises ``MappingError``."""
        if not isinstance(written, dict) or not isinstance(written.get("fields"), dict):
            raise MappingError(_("A mapping is an object with “fields”. Make it anew."))
        if written.get("version", VERSION) != VERSION:
            raise MappingError(_("This mapping was saved by another version. Make it anew."))
        _only(written, ("version", "fields", "system", "sheet", "encoding", "separator"))
        made = cls(
            fields={
                _known(name): _take(str(name), value) for name, value in written["fields"].items()
            },
            system=_line(written, "system"),
            sheet=_line(written, "sheet"),
            encoding=_line(written, "encoding"),
            separator=_line(written, "separator"),
        )
        if problem := next(made.problems(), ""):
            raise MappingError(problem)
        return made

    def problems(self) -> Iterator[str]:
        """What is wrong with the mapping, whatever the file."""
        for each in FIELDS:
            take = self.fields.get(each.name)
            if each.required and not (take and (take.columns or take.constant)):
                yield _("Say which column holds the field “%(field)s”.") % {"field": each.label}
        if len(self.system) > SYSTEM:
            yield _("The name of the files' source has at most %(limit)s characters.") % {
                "limit": SYSTEM
            }
        if self.encoding and self.encoding not in NAMED:
            yield _("“%(encoding)s” is not an encoding that can be read. Choose among %(all)s.") % {
                "encoding": self.encoding,
                "all": ", ".join(NAMED),
            }
        if self.separator and self.separator not in SEPARATORS:
            yield _("Cells are separated by a comma, a semicolon, a tab or a vertical bar.")
        for name, take in self.fields.items():
            if take.order and take.order not in ORDERS:
                yield _("The order of a date is one of %(orders)s.") % {"orders": ", ".join(ORDERS)}
            if take.separator and not (name in BY_NAME and BY_NAME[name].list):
                yield _("The field “%(field)s” takes one value; take out its separator.") % {
                    "field": label(name)
                }

    def missing(self, header: Iterable[str]) -> list[str]:
        """The columns that the mapping names and the file doesn't have."""
        there = set(header)
        named = (column for take in self.fields.values() for column in take.columns)
        return [column for column in dict.fromkeys(named) if column not in there]


def label(name: str) -> str:
    """What people call a field."""
    return str(BY_NAME[name].label) if name in BY_NAME else name


def figure(name: str) -> tuple[str, str] | None:
    """The metric's code and the value it is (``low``, ``best``, ``high``) of a figure's field."""
    if not name.startswith(FIGURE):
        return None
    code, _dot, value = name.removeprefix(FIGURE).partition(".")
    if not code or text.slug(code).replace("-", "_") != code or value not in ("", "low", "high"):
        return None
    return code, value or "best"


def _known(name: Any) -> str:
    if name in BY_NAME or (isinstance(name, str) and figure(name)):
        return str(name)
    raise MappingError(
        _("“%(name)s” is no field. Choose among %(fields)s, or figures.killed for a metric.")
        % {"name": str(name)[:60], "fields": ", ".join(BY_NAME)}
    )


def _only(written: Table[str, Any], names: tuple[str, ...], within: str = "") -> None:
    for name in written:
        if name not in names:
            raise MappingError(
                _("“%(name)s” has no meaning in a mapping. Take it out.")
                % {"name": f"{within}{name}"[:60]}
            )


def _take(name: str, written: Any) -> Take:
    if not isinstance(written, dict):
        raise MappingError(
            _("The field “%(field)s” needs “columns” or a “constant”.") % {"field": label(name)}
        )
    _only(written, ("columns", "joiner", "constant", "separator", "order"), f"{name}.")
    columns = written.get("columns", [])
    if not isinstance(columns, list) or not all(isinstance(each, str) for each in columns):
        raise MappingError(
            _("The columns of “%(field)s” are a list of headers.") % {"field": label(name)}
        )
    return Take(
        columns=tuple(" ".join(each.split()) for each in columns),
        joiner=_line(written, "joiner", " "),
        constant=_line(written, "constant"),
        separator=_line(written, "separator"),
        order=_line(written, "order"),
    )


def _line(written: Table[str, Any], name: str, usual: str = "") -> str:
    value = written.get(name, usual)
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise MappingError(
            _("“%(name)s” of a mapping is a text of at most %(limit)s characters.")
            % {"name": name, "limit": _LONGEST}
        )
    return value


# --- Guessing -------------------------------------------------------------------------------

_USUAL: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline", "event", "event title", "name", "what", "what happened"),
    "date": (
        "date",
        "event date",
        "start",
        "start date",
        "startdate",
        "date start",
        "when",
        "day",
        "date edtf",
        "dateoccurred",
        "date occurred",
        "datetime",
    ),
    "end": ("end", "end date", "enddate", "date end", "until"),
    "time": ("time", "local time"),
    "date_note": ("display date", "date note"),
    "summary": ("summary", "description", "text", "notes", "details", "body"),
    "category": ("category", "type", "event type", "group", "series", "kind"),
    "topics": ("topics", "tags", "tag", "keywords", "issues"),
    "place": ("place", "location", "city", "locality", "where", "town"),
    "region": ("region", "province", "state", "admin1"),
    "country": ("country",),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng", "long"),
    "actors": ("actors", "actor", "organizations", "organisations", "who", "parties"),
    "source_url": ("source url", "sourceurl", "url", "link", "links", "sources", "source link"),
    "source_title": ("source title", "article", "article title"),
    "source_publisher": ("publisher", "source", "outlet", "source name", "source publisher"),
    "source_published": ("source date", "published", "publication date"),
    "source_authors": ("author", "authors", "byline"),
    "id": ("id", "eventid", "event id", "uid", "unique id", "record id"),
    "figures.killed": ("killed", "deaths", "fatalities", "dead"),
    "figures.wounded": ("wounded", "injured", "injuries"),
}
_PARTS = ("year", "month", "day")


def guess(header: Iterable[str]) -> Mapping:
    """A mapping by the usual names of columns, to be looked over by a person."""
    folded = {text.fold(name).replace("_", " ").strip(): name for name in header}
    fields: dict[str, Take] = {}
    parts = [folded[part] for part in _PARTS if part in folded]
    if "year" in folded and "date" not in folded:
        fields["date"] = Take(columns=tuple(parts), joiner="-")
        folded = {key: name for key, name in folded.items() if key not in _PARTS}
    numbered = [
        name
        for key, name in folded.items()
        if key.rstrip("0123456789").rstrip() in ("source", "source url") and key[-1].isdigit()
    ]
    for name, usual in _USUAL.items():
        found = next((folded[key] for key in usual if key in folded), "")
        if found and name not in fields:
            fields[name] = Take(columns=(found,), separator=";" if _is_list(name) else "")
            folded = {key: column for key, column in folded.items() if column != found}
    if numbered and "source_url" not in fields:
        fields["source_url"] = Take(columns=tuple(numbered))
    return Mapping(fields)


def _is_list(name: str) -> bool:
    return name in BY_NAME and BY_NAME[name].list
