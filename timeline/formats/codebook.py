"""The codebook: every field that goes out, what it means, and the values that it may have.

Made from the record itself and the tables of the CSV, so that no field can be missing; meanings
come from the models where staff read them too, and from here where they don't. The page on data
shows it and the package holds it.
"""

import datetime as dt
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from typing import Any, get_args, get_origin, get_type_hints

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline.formats.table import TABLES, Table
from timeline.models import (
    Actor,
    Category,
    Citation,
    Event,
    Figure,
    Metric,
    Participation,
    Place,
    Publisher,
    Relation,
    Source,
    Topic,
)
from timeline.models.choices import (
    ActorKind,
    Basis,
    FigureState,
    LinkState,
    PlacePrecision,
    Qualifier,
    Role,
    SourceKind,
    Support,
)
from timeline.record import (
    ActorRecord,
    CategoryRecord,
    CitationRecord,
    EventBrief,
    EventRecord,
    FigureRecord,
    MetricRecord,
    ParticipationRecord,
    PlaceRecord,
    PublisherRecord,
    RelationRecord,
    SourceRecord,
    TopicRecord,
)
from timeline.verification import Reason

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Value:
    """A value that a field may have, as it is written, and what it means."""

    code: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A field. ``type`` is a word of the table's own format."""

    name: str
    type: str
    meaning: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """The fields of one table or object. ``key`` is unique among all chapters."""

    key: str
    title: str
    entries: tuple[Entry, ...]


# --- What values mean -----------------------------------------------------------------------

_PRECISIONS: Mapping[str, Words] = {
    "day": _("the day is known"),
    "span": _("it lasted from one date to another; either end may be open"),
    "one_of": _("it was on one of several dates"),
    "month": _("the month is known, the day isn’t"),
    "season": _("the season of a year is known"),
    "quarter": _("the quarter of a year is known"),
    "third": _("the third of a year is known: its beginning, middle or end"),
    "half": _("the half of a year is known"),
    "year": _("the year is known"),
    "decade": _("the decade is known"),
    "century": _("the century is known"),
}
_STANCES: Mapping[str, Words] = {
    "reports": _("says that it happened, without more"),
    "confirms": _("says that it happened, of its own knowledge or in its own name"),
    "denies": _("says that it did not happen"),
    "disputes": _("says that it happened otherwise, or doubts it"),
    "analyses": _("explains or judges it"),
    "corrects": _("corrects what was said before"),
    "retracts": _("takes back what was said before"),
    "background": _("tells what led to it or surrounds it"),
}
_VERIFICATIONS: Mapping[str, Words] = {
    "confirmed": _("an official document, a party to it or independent speakers confirm it"),
    "reported": _("two or more independent origins report it, and nobody disputes it"),
    "single_source": _("one origin only reports it"),
    "claimed": _("it rests on the word of one party"),
    "disputed": _("a party denies or disputes it"),
    "disproved": _("an editor found that it did not happen so; the note says why"),
    "unverified": _("none of its sources says that it happened"),
}
_QUALIFIERS: Mapping[str, Words] = {
    "exact": _("the date is known as it is written"),
    "approximate": _("about then"),
    "uncertain": _("probably then"),
    "both": _("probably and about then"),
}


def _choices(found: Iterable[tuple[Any, Any]]) -> tuple[Value, ...]:
    return tuple(Value(str(code), str(label)) for code, label in found if code != "")


def _defined(meanings: Mapping[str, Words]) -> tuple[Value, ...]:
    return tuple(Value(code, str(meaning)) for code, meaning in meanings.items())


# Fields whose values are defined here, and columns of the tables with those of an enumeration.
_BY_NAME: Mapping[str, Mapping[str, Words]] = {
    "precision": _PRECISIONS,
    "date_precision": _PRECISIONS,
    "date_qualifier": _QUALIFIERS,
    "stance": _STANCES,
    "verification": _VERIFICATIONS,
}
_ENUMERATIONS: Mapping[str, Any] = {
    "actor_kind": ActorKind,
    "basis": Basis,
    "kind": SourceKind,
    "link_state": LinkState,
    "place_precision": PlacePrecision,
    "qualifier": Qualifier,
    "role": Role,
    "state": FigureState,
    "supports": Support,
}


# --- What the models don't say --------------------------------------------------------------

_MEANINGS: Mapping[str, Words] = {
    "event.url": _("address of the event’s page"),
    "event.public_id": _("permanent identifier; never given to another event"),
    "event.slug": _("readable end of the address; it may change"),
    "event.summary": _("what happened, in a few sentences"),
    "event.date": _("the date as exactly as it is known, EDTF (ISO 8601-2)"),
    "event.earliest": _("first day that the date may mean; 0001-01-01 where its start is open"),
    "event.latest": _("last day that the date may mean; 9999-12-31 where its end is open"),
    "event.sort_date": _("the day by which events are put in order"),
    "event.precision": _("how exactly the date is known"),
    "event.date_basis": _("what the date is the date of"),
    "event.time": _("local time where it happened, where it is known"),
    "event.day_order": _("place among the events of a day; lower numbers come first"),
    "event.category": _("what kind of event it is; each has one"),
    "event.topics": _("what it is about; it may have several"),
    "event.place": _("where it happened"),
    "event.place_precision": _("how exactly the place is known"),
    "event.importance": _("whether the desk counts it as a key event"),
    "event.status": _("always published: nothing else goes out"),
    "event.verification": _("what the stances of its sources add up to"),
    "event.verification_reasons": _("the grounds of the verification"),
    "event.verification_override": _("the verification that an editor set instead; else empty"),
    "event.participations": _("who took part, and how"),
    "event.citations": _("the sources, in order, with their stances"),
    "event.figures": _("the numbers that sources give, each with who says it"),
    "event.relations": _("other events that it has to do with"),
    "event.published_at": _("when it was first published here"),
    "event.revised_at": _("when it was last changed for readers; null if never"),
    "event.version": _("number of its current version"),
    "category.slug": _("short name in addresses and filters"),
    "category.name": _("its name"),
    "category.shape": _("the mark beside it"),
    "category.family": _("the group of categories that it belongs to"),
    "topic.slug": _("short name in addresses and filters"),
    "topic.name": _("its name"),
    "actor.slug": _("short name in addresses and filters"),
    "actor.name": _("the name by which it is called here"),
    "actor.kind": _("what kind of actor it is"),
    "actor.native": _("its name in its own language, on pages of one thing only"),
    "actor.native_language": _("the language of that name, BCP 47"),
    "publisher.slug": _("short name in addresses and filters"),
    "publisher.name": _("its name"),
    "publisher.kind": _("what kind of publisher it is"),
    "publisher.language": _("the language that it mostly publishes in, BCP 47"),
    "place.slug": _("short name in addresses and filters"),
    "place.name": _("its name"),
    "place.kind": _("what kind of place it is"),
    "place.country": _("the country that it lies in, ISO 3166-1, two letters"),
    "place.latitude": _("degrees north, WGS 84"),
    "place.longitude": _("degrees east, WGS 84"),
    "place.within": _("the places around it, from the nearest outwards"),
    "participation.actor": _("who took part"),
    "participation.role": _("the part that it had"),
    "participation.alleged": _("whether the part is only said of it"),
    "source.public_id": _("permanent identifier; several events may cite one source"),
    "source.url": _("its address; empty for print and broadcast"),
    "source.title": _("its title, in its own language"),
    "source.publisher": _("who published it"),
    "source.agency": _("the news agency whose text it carries"),
    "source.authors": _("who wrote it"),
    "source.published": _("when it was published, EDTF; empty where that is not recorded"),
    "source.accessed_on": _("the day on which the desk read it"),
    "source.language": _("the language that it is in, BCP 47"),
    "source.kind": _("what kind of document it is"),
    "source.archive_url": _("address of an archived copy"),
    "source.archived_at": _("when that copy was made"),
    "source.link_state": _("what the last check of the address found"),
    "citation.source": _("what is cited"),
    "citation.stance": _("how the passage stands to the event as it is recorded"),
    "citation.speaker": _("whose words the passage gives, where they aren’t the publisher’s"),
    "citation.quote": _("the passage itself"),
    "citation.supports": _("the parts of the event that it supports"),
    "citation.note": _("a remark on the citation"),
    "metric.code": _("short name in addresses and filters"),
    "metric.label": _("what is counted"),
    "metric.unit": _("the unit, where it isn’t pieces"),
    "figure.metric": _("what is counted"),
    "figure.low": _("the lowest number that the source gives"),
    "figure.best": _("the number that the source gives as the most likely, or its only one"),
    "figure.high": _("the highest number that the source gives"),
    "figure.qualifier": _("how the source states the number"),
    "figure.basis": _("whether it counts this event, a running total or a period"),
    "figure.period_start": _("the beginning of the period that it counts, EDTF"),
    "figure.as_of": _("the date as of which it is given, EDTF"),
    "figure.attributed_to": _("who gives the number"),
    "figure.source": _("the cited source in which it stands"),
    "figure.state": _("whether it still stands"),
    "figure.superseded_by": _("place, from 0, of the figure of this event that replaced it"),
    "figure.note": _("a remark on the number"),
    "relation.kind": _("what the two events have to do with one another"),
    "relation.outgoing": _("true where the relation starts at this event"),
    "relation.event": _("the other event, in short"),
    "eventbrief.public_id": _("its permanent identifier"),
    "eventbrief.slug": _("readable end of its address"),
    "eventbrief.title": _("its title"),
    "eventbrief.date": _("its date, EDTF"),
    "eventbrief.category": _("what kind of event it is"),
    "eventbrief.verification": _("its verification"),
    "reason.kind": _(
        "document, confirmed, conceded, denied, disputed, claimed or carried: what kind of ground"
    ),
    "reason.names": _("whose words they are"),
    "reason.sources": _("number of citations; for carried, of publishers"),
    "reason.origins": _("for carried, the number of independent origins"),
}

_OBJECTS: tuple[tuple[str, Words, type[Any], type[Model] | None], ...] = (
    ("event", _("Event"), EventRecord, Event),
    ("category", _("Category"), CategoryRecord, Category),
    ("topic", _("Topic"), TopicRecord, Topic),
    ("actor", _("Actor"), ActorRecord, Actor),
    ("participation", _("Participation"), ParticipationRecord, Participation),
    ("place", _("Place"), PlaceRecord, Place),
    ("citation", _("Citation"), CitationRecord, Citation),
    ("source", _("Source"), SourceRecord, Source),
    ("publisher", _("Publisher"), PublisherRecord, Publisher),
    ("figure", _("Figure"), FigureRecord, Figure),
    ("metric", _("Metric"), MetricRecord, Metric),
    ("relation", _("Relation"), RelationRecord, Relation),
    ("eventbrief", _("Other event"), EventBrief, Event),
    ("reason", _("Ground of the verification"), Reason, None),
)


def tables() -> tuple[Chapter, ...]:
    """The tables of the CSV, as the package holds them."""
    return tuple(_table(each) for each in TABLES)


def objects() -> tuple[Chapter, ...]:
    """The objects of the JSON, the event first."""
    return tuple(
        Chapter(key, str(title), tuple(_fields(key, kind, model)))
        for key, title, kind, model in _OBJECTS
    )


def _table(table: Table) -> Chapter:
    entries = (
        Entry(column.name, column.type, str(column.meaning), _values_of(column.name))
        for column in table.columns
    )
    return Chapter(f"{table.name}.csv", f"{table.name}.csv", tuple(entries))


def _values_of(name: str) -> tuple[Value, ...]:
    if name in _BY_NAME:
        return _defined(_BY_NAME[name])
    return _choices(_ENUMERATIONS[name].choices) if name in _ENUMERATIONS else ()


def _fields(key: str, kind: type[Any], model: type[Model] | None) -> Iterator[Entry]:
    hints = get_type_hints(kind)
    if kind is EventRecord:
        yield Entry("url", gettext("text"), str(_MEANINGS["event.url"]))
    for field in fields(kind):
        yield Entry(
            field.name,
            _type(hints[field.name]),
            _meaning(key, field.name, model),
            _values(field.name, model),
        )


def _model_field(name: str, model: type[Model] | None) -> Any:
    if model is None:
        return None
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _meaning(key: str, name: str, model: type[Model] | None) -> str:
    """What a field means; KeyError for one of which nobody said it."""
    if f"{key}.{name}" in _MEANINGS:
        return str(_MEANINGS[f"{key}.{name}"])
    said = str(getattr(_model_field(name, model), "help_text", ""))
    if not said:
        raise KeyError(f"{key}.{name}")
    return said


def _values(name: str, model: type[Model] | None) -> tuple[Value, ...]:
    if model is not None and name in _BY_NAME:
        return _defined(_BY_NAME[name])
    if name == "status":
        return ()
    if name == "supports":
        return _choices(Support.choices)
    return _choices(getattr(_model_field(name, model), "choices", None) or ())


def _type(hint: Any) -> str:
    """A type of the record in the words of JSON."""
    origin = get_origin(hint)
    if origin is types.UnionType:
        (inner,) = (each for each in get_args(hint) if each is not type(None))
        return gettext("%(type)s or null") % {"type": _type(inner)}
    if origin is tuple:
        return gettext("list of %(type)s") % {"type": _type(get_args(hint)[0])}
    if is_dataclass(hint):
        title = next(str(title) for _key, title, kind, _model in _OBJECTS if kind is hint)
        return gettext("object: %(name)s") % {"name": title}
    plain: dict[type, str] = {
        str: gettext("text"),
        bool: gettext("true or false"),
        int: gettext("whole number"),
        Decimal: gettext("decimal number, as text"),
        dt.date: gettext("day, YYYY-MM-DD"),
        dt.time: gettext("time, HH:MM:SS"),
        dt.datetime: gettext("moment in UTC"),
    }
    return plain[hint]
